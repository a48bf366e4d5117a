"""From a key press in the search field to the filtered list on the screen, without a display.

    python benchmarks/search.py [--rows 250000] [--repeats 3]

Two vocabularies: words, and byte-level tokens (`Ġthe`), of which the token and what it is read as
are both searched. A word is typed key by key; of each key the best of some repeats, then the median
and the worst of the keys. By the clock and, in parentheses, the time that this process was given,
which a busy machine disturbs less. The peer is Qt's own: QSortFilterProxyModel over the same texts
in a list (and only the texts: it searches no second form, orders nothing and has no fuzzy search).
Exits with 1 where a key takes more than 30 ms by the lesser of the two: two cores at work take less
by the clock than of the processors, and a busy machine more.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import sys
from collections.abc import Callable

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
import numpy.typing as npt
from measuring.clocks import seconds
from PySide6.QtCore import QEvent, QEventLoop, QObject, QSortFilterProxyModel, QStringListModel, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QListView

from explorer.gui.fields.search_field import SearchField
from explorer.gui.panels.tokens import TokensPanel
from explorer.gui.state.session import Session
from explorer.gui.tasks.jobs import Jobs
from explorer.gui.theme import Theme
from explorer.searching import MODES
from explorer.table import Table
from explorer.vectors import Vectors

BOUND = 30.0  # milliseconds
_WAITING = QEventLoop.ProcessEventsFlag.WaitForMoreEvents
_TYPED = dict.fromkeys(MODES, ("there", "ment", "xq")) | {"regex": ("^th.*e$", "[aeiou]+ng")}
_SYLLABLES = re.findall(
    r"\w+", "ka the in er an re on st al co de men ti o e is qu x ing ed tion ou gr"
)

Times = npt.NDArray[np.float64]  # (keys, 2) milliseconds, by the clock and of the processor


class Painted(QObject):
    """Whether a view was painted since it was last asked."""

    def __init__(self, view: QObject) -> None:
        super().__init__(view)
        self.done = False
        view.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.done |= event.type() == QEvent.Type.Paint
        return False


def main() -> int:
    options = _options()
    app = QApplication([])
    worst = 0.0
    print("| vocabulary | mode | key, median (ms) | worst (ms) | Qt's filter (ms) | ratio |")
    print("|---|---|---:|---:|---:|---:|")
    for name, tokens in _vocabularies(options.rows):
        panel = _Panel(app, tokens)
        for mode in MODES:
            ours = panel.keys(mode, options.repeats)
            theirs = _peer(app, tokens, mode)
            worst = max(worst, ours.min(axis=1).max())
            mine, slowest = np.median(ours, axis=0), ours.max(axis=0)
            peer = np.median(theirs, axis=0) if len(theirs) else np.zeros(2)
            ratio = f"{_both(peer)} | {peer[1] / mine[1]:.1f}" if len(theirs) else "– | –"
            print(f"| {name} | {mode} | {_both(mine)} | {_both(slowest)} | {ratio} |", flush=True)
        panel.close()
    print(f"\nThe slowest key took {worst:.1f} ms; the bound is {BOUND:.0f} ms.")
    return int(worst > BOUND)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--rows", type=int, default=250_000)
    parser.add_argument("--repeats", type=int, default=3)
    return parser.parse_args()


def _vocabularies(rows: int) -> list[tuple[str, tuple[str, ...]]]:
    draw = random.Random(0)
    words: dict[str, None] = {}
    while len(words) < rows:
        words["".join(draw.choices(_SYLLABLES, k=draw.randint(1, 6)))] = None
    marked = ["Ġ" * (place % 2) + word for place, word in enumerate(words)]
    return [("words", tuple(words)), ("byte-level", tuple(marked))]


class _Panel:
    """The Tokens panel as the window has it."""

    def __init__(self, app: QApplication, tokens: tuple[str, ...]) -> None:
        self._app, self._jobs, session = app, Jobs(), Session()
        self._panel = TokensPanel(session, self._jobs, Theme(app, "light"))
        self._panel.resize(300, 640)
        self._panel.show()
        session.set_table(Table(tokens, Vectors(np.zeros((len(tokens), 1), np.float32))))
        self._field = self._panel.findChild(SearchField)
        self._painted = Painted(self._panel.findChild(QObject, "tokens_list").viewport())

    def keys(self, mode: str, repeats: int) -> Times:
        """Times of each key."""
        line = self._field.line
        self._field.set_mode(mode)
        line.setText("the")  # what is made once for each mode is made now
        self._wait()
        best = [
            np.min([self._typed(word) for _ in range(repeats)], axis=0) for word in _TYPED[mode]
        ]
        line.clear()
        self._wait()
        return np.concatenate(best)

    def _typed(self, word: str) -> Times:
        self._field.line.clear()
        self._wait()
        return np.array([_timed(lambda key=key: self._press(key)) for key in word])

    def _press(self, key: str) -> None:
        self._painted.done = False
        QTest.keyClicks(self._field.line, key)
        self._wait_for_answer()
        # A list without lines is replaced by a sentence, and not painted itself.
        while not self._painted.done and self._panel.shown_rows:
            self._app.processEvents(_WAITING)

    def _wait_for_answer(self) -> None:
        while not self._panel.answered:
            self._app.processEvents(_WAITING)

    def _wait(self) -> None:
        self._wait_for_answer()
        while any(lane.busy for lane in self._jobs.lanes):
            self._app.processEvents(_WAITING)

    def close(self) -> None:
        self._panel.close()
        self._jobs.close()


def _peer(app: QApplication, tokens: tuple[str, ...], mode: str) -> Times:
    """Times of each key with Qt's own filter; none for a fuzzy search."""
    if mode == "fuzzy":
        return np.empty((0, 2))
    proxy = QSortFilterProxyModel()
    proxy.setSourceModel(QStringListModel(list(tokens)))
    proxy.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
    view = QListView()
    view.setUniformItemSizes(True)
    view.setModel(proxy)
    view.resize(300, 600)
    view.show()
    app.processEvents()
    painted = Painted(view.viewport())
    pattern = {"prefix": "^{}", "exact": "^{}$"}.get(mode, "{}")

    def press(typed: str) -> None:
        painted.done = False
        if mode == "substring":
            proxy.setFilterFixedString(typed)
        else:
            proxy.setFilterRegularExpression(pattern.format(typed))
        view.viewport().update()
        while not painted.done:
            app.processEvents(_WAITING)

    proxy.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
    word = _TYPED[mode][0]
    return np.array([_timed(lambda end=end: press(word[:end])) for end in range(1, len(word) + 1)])


def _timed(work: Callable[[], object]) -> tuple[float, float]:
    """Milliseconds by the clock and of the processor."""
    clock, processors = seconds(work)
    return 1000 * clock, 1000 * processors


def _both(times: Times) -> str:
    return f"{times[0]:.1f} ({times[1]:.1f})"


if __name__ == "__main__":
    sys.exit(main())
