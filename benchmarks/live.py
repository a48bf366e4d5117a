"""t-SNE in the window: pictures a second, the window's longest stall, and how fast cancel answers.

    python benchmarks/live.py [TABLE]

TABLE: by default a seeded 10,000 x 200 table of 20 clusters. Runs on the display there is (Xvfb
will do) or offscreen. Prints a Markdown table.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from explorer.gui.main_window import MainWindow
    from explorer.table import Table

_SECONDS = 20.0


def main() -> int:
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    from PySide6.QtWidgets import QApplication

    from explorer.gui.app import make_window
    from explorer.settings import Settings

    app = QApplication([])
    window = make_window(app, Settings())
    window.show()
    table = _table()
    window.session.set_table(table)
    rate, ticks = _watch(app, window)
    answered, ended, kept = _cancel(app, window)
    stall = np.diff(ticks).max()
    print(
        "| rows | pictures a second | longest stall (ms) | cancel answered (ms) | thread ended (ms)"
    )
    print("|---:|---:|---:|---:|---:|")
    print(
        f"| {len(table):,} | {rate:.1f} | {1000 * stall:.0f} | {1000 * answered:.0f} | "
        f"{1000 * ended:.0f} |"
    )
    print("The picture was kept." if kept else "THE PICTURE WAS LOST.")
    window.close()
    return 0 if kept else 1


def _table() -> Table:
    from explorer import pipeline
    from explorer.table import Table, numbered_tokens
    from explorer.vectors import Vectors

    if len(sys.argv) > 1:
        return pipeline.open_table(Path(sys.argv[1]))
    return Table(numbered_tokens(10_000), Vectors(_clusters(10_000, 200, 20)))


def _watch(app: QApplication, window: MainWindow) -> tuple[float, list[float]]:
    """Pictures a second of a t-SNE, and the moments of a timer of 10 ms, which goes on."""
    from PySide6.QtCore import QTimer

    pictures: list[float] = []
    ticks: list[float] = []
    window.session.projection_changed.connect(lambda: pictures.append(time.monotonic()))
    clock = QTimer(window)
    clock.setInterval(10)
    clock.timeout.connect(lambda: ticks.append(time.monotonic()))
    window.commands.project("tsne")
    _spin(app, lambda: window.session.projection is not None, 120)
    clock.start()
    pictures.clear()
    started = time.monotonic()
    _spin(app, lambda: not window.jobs.projection.busy, _SECONDS)
    return len(pictures) / (time.monotonic() - started), ticks


def _cancel(app: QApplication, window: MainWindow) -> tuple[float, float, bool]:
    """Seconds until a cancel is answered, until its thread has ended; whether the map was kept."""
    before = window.session.projection
    asked = time.monotonic()
    window.jobs.projection.cancel()
    _spin(app, lambda: not window.jobs.projection.busy, 5)
    app.processEvents()
    answered = time.monotonic() - asked
    window.jobs.projection.close()
    ended = time.monotonic() - asked
    return answered, ended, window.session.projection is before and before is not None


def _spin(app: QApplication, done: Callable[[], bool], seconds: float) -> None:
    end = time.monotonic() + seconds
    while not done() and time.monotonic() < end:
        app.processEvents()
        time.sleep(0.001)


def _clusters(rows: int, dim: int, count: int) -> np.ndarray:
    random = np.random.default_rng(0)
    centres = random.normal(size=(count, dim)) * 2
    return (centres[random.integers(count, size=rows)] + random.normal(size=(rows, dim))).astype(
        np.float32
    )


if __name__ == "__main__":
    sys.exit(main())
