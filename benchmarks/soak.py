"""A soak of the real window: random actions, and what must not happen meanwhile.

    python benchmarks/soak.py [--actions 2000] [--seed 0] [--warm-up 300] [--only NAME ...]

No exception, no warning of Qt or Python, no error in the log; the window no wider than its screen;
memory within a tenth of what it was after the warm-up, at the same table and map; the window's
longest stall under 100 ms, by the worst gap of a timer of 10 ms. Prints tables; the exit status is
1 where a bound is not kept.

Runs on the display there is (Xvfb with a window manager will do) or offscreen. Where other programs
take more than a quarter of a core on average, a stall counts without the time that the window's
thread waited for a core; else it counts in full. The time until the first table is asked for is
startup.py's matter and stands in the table only.
"""

from __future__ import annotations

import argparse
import collections
import os
import random
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication
    from soaking.actions import Actions
    from soaking.hands import Steps
    from soaking.watching import Complaints, Stall, StallWatch

    from explorer.gui.main_window import MainWindow

_STALL = 0.100  # seconds
_GROWTH = 0.10
_QUIET = 0.25  # cores that other programs may take
_SHOWN = 20
_BIG = 100_000  # rows of a table with a large vocabulary
_DATA = Path(__file__).parents[2] / "shared" / "data" / "word2vec_imdb_10k"


def main() -> int:
    options = _options()
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    with tempfile.TemporaryDirectory() as folder:
        for name in ("CONFIG", "CACHE", "DATA", "STATE"):  # nothing of the user's is touched
            os.environ[f"XDG_{name}_HOME"] = folder
        return _soak(options, Path(folder))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--actions", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--warm-up", type=int, default=300)
    parser.add_argument("--only", nargs="*", default=[], help="names of actions")
    return parser.parse_args()


def _soak(options: argparse.Namespace, folder: Path) -> int:
    from PySide6.QtWidgets import QApplication
    from soaking.actions import Actions
    from soaking.watching import Complaints, Others, StallWatch

    from explorer.gui.app import keep_aside, make_window
    from explorer.settings import Settings

    tables = [_DATA if _DATA.exists() else None, None, _large_vocabulary(folder)]
    app = QApplication([])
    window = make_window(app, Settings(theme="light"))
    keep_aside(window)
    watch = StallWatch(lambda: ", ".join(lane.objectName() for lane in _busy(window)), window)
    complaints = Complaints(lambda: watch.action)
    told: collections.Counter[str] = collections.Counter()
    window.commands.failed.connect(lambda error: told.update([str(error)]))
    actions = Actions(window, random.Random(options.seed), tables, folder)
    window.show()
    run = Run(app, actions, watch, complaints, options)
    others = Others()
    run.go()
    watch.stop()
    window.commands.forget_unsaved()
    window.close()
    return _verdict(run, watch, complaints, told, others.cores)


def _large_vocabulary(folder: Path) -> Path:
    """A table of many rows, as safetensors."""
    import numpy as np

    from explorer import pipeline
    from explorer.table import Table, numbered_tokens
    from explorer.vectors import Vectors

    values = np.random.default_rng(0).normal(size=(_BIG, 32)).astype(np.float32)
    path = folder / "large.safetensors"
    pipeline.save_table(Table(numbered_tokens(_BIG), Vectors(values)), path)
    return path


def _busy(window: MainWindow) -> list[object]:
    return [lane for lane in window.jobs.lanes if lane.busy]


class Run:
    """The actions one after the other, each in steps of the event loop. memory: (megabytes after
    the warm-up, at the end)."""

    def __init__(
        self,
        app: QApplication,
        actions: Actions,
        watch: StallWatch,
        complaints: Complaints,
        options: argparse.Namespace,
    ) -> None:
        self._app, self._actions, self._watch = app, actions, watch
        self._complaints = complaints
        self._options = options
        self._steps = self._script()
        self.memory: list[float] = []
        self.counts: collections.Counter[str] = collections.Counter()
        self.seconds = 0.0

    def go(self) -> None:
        start = time.monotonic()
        self._step()
        self._app.exec()
        self.seconds = time.monotonic() - start

    def _step(self) -> None:
        from PySide6.QtCore import QTimer

        try:
            pause = next(self._steps)
        except StopIteration:
            self._app.quit()
        except BaseException:
            self._app.quit()  # nothing would wake the script up again
            raise
        else:
            QTimer.singleShot(max(1, pause), self._step)

    def _script(self) -> Steps:
        yield 500
        yield from self._settle()
        for done, name in enumerate(self._names(), 1):
            self._watch.action = name
            self.counts[name] += 1
            yield from self._actions.all[name][1]()
            yield self._actions.chance.choice((0, 0, 5, 20, 60))
            self._complaints.look_at(self._actions.window)
            if done == self._options.warm_up:
                yield from self._weigh()
        yield from self._weigh()

    def _names(self) -> list[str]:
        """Every action at least once while warming up; then as often as people do them."""
        every = self._actions.all
        names = [name for name in every if not self._options.only or name in self._options.only]
        weights = [every[name][0] for name in names]
        once = self._actions.chance.sample(names, len(names))
        more = max(0, self._options.actions - len(once))
        return once + self._actions.chance.choices(names, weights, k=more)

    def _weigh(self) -> Steps:
        """Memory, at the table and the map of the start."""
        from soaking.watching import resident

        yield from self._settle()
        self._watch.action = "(weighing)"
        self.memory.append(resident())
        print(
            f"{sum(self.counts.values())} actions, {self.memory[-1]:.0f} MB",
            file=sys.stderr,
            flush=True,
        )
        yield 50

    def _settle(self) -> Steps:
        self._watch.action = "(opening the first table)"
        window = self._actions.window
        for lane in window.jobs.lanes:
            lane.cancel()
        window.commands.forget_unsaved()
        while len(window.session.maps.all) > 1:
            window.session.maps.close(window.session.maps.active)
        window.files.open(self._actions.tables[0])
        yield 1500
        while _busy(window):
            yield 50
        ends = [lane._pool.submit(int) for lane in window.jobs.lanes]  # behind what was stopped
        while not all(end.done() for end in ends):
            yield 50


def _verdict(
    run: Run,
    watch: StallWatch,
    complaints: Complaints,
    told: collections.Counter[str],
    others: float,
) -> int:
    """Prints everything; the exit status."""
    stalls = [stall for stall in watch.stalls if stall.action != "(weighing)"]
    _list(stalls)
    for sentence, times in told.most_common(8):
        print(f"\ntold the user {times} x: {sentence[:200]}", end="")
    print(f"\n\n{sum(run.counts.values()):,} actions in {run.seconds:.0f} s", end="; ")
    print(f"other programs took {others:.2f} cores")
    seconds = [
        stall.seconds - (stall.queued if others > _QUIET else 0.0)
        for stall in stalls
        if stall.action != "start"
    ]
    longest, long = max(seconds, default=0.0), sum(stall > _STALL for stall in seconds)
    before, after = run.memory[0], run.memory[-1]
    growth = after / before - 1
    rows = (
        ("complaints", f"{len(complaints.found)}", "0", not complaints.found),
        ("longest stall (ms)", f"{1000 * longest:.0f}", f"{1000 * _STALL:.0f}", longest < _STALL),
        ("stalls over it", f"{long}", "0", not long),
        ("memory (MB)", f"{before:.0f} to {after:.0f}", f"+{_GROWTH:.0%}", growth <= _GROWTH),
    )
    print("\n| what | measured | bound | |\n|---|---:|---:|---|")
    for what, measured, bound, kept in rows:
        print(f"| {what} | {measured} | {bound} | {'kept' if kept else 'NOT KEPT'} |")
    return 0 if all(kept for *_, kept in rows) else 1


def _list(stalls: list[Stall]) -> None:
    """The longest, and where they came about."""
    stalls = sorted(stalls, key=lambda stall: stall.queued - stall.seconds)
    print("| stall (ms) | running | waiting for a core | action | lanes at work | where |")
    print("|---:|---:|---:|---|---|---|")
    for stall in stalls[:_SHOWN]:
        times = (stall.seconds, stall.running, stall.queued)
        shown = " | ".join(f"{1000 * seconds:.0f}" for seconds in times)
        print(f"| {shown} | {stall.action} | {stall.lanes} | {stall.where} |")


if __name__ == "__main__":
    sys.exit(main())
