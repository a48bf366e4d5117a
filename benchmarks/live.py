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

import numpy as np

_SECONDS = 20.0


def main() -> int:
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication

    from explorer import pipeline
    from explorer.gui.app import make_window
    from explorer.settings import Settings
    from explorer.table import Table, numbered_tokens
    from explorer.vectors import Vectors

    app = QApplication([])
    window = make_window(app, Settings())
    window.show()
    if len(sys.argv) > 1:
        table = pipeline.open_table(Path(sys.argv[1]))
    else:
        table = Table(numbered_tokens(10_000), Vectors(_clusters(10_000, 200, 20)))
    window.session.set_table(table)

    def spin(done: Callable[[], bool], seconds: float) -> None:
        end = time.monotonic() + seconds
        while not done() and time.monotonic() < end:
            app.processEvents()
            time.sleep(0.001)

    pictures: list[float] = []
    ticks: list[float] = []
    window.session.projection_changed.connect(lambda: pictures.append(time.monotonic()))
    clock = QTimer()
    clock.setInterval(10)
    clock.timeout.connect(lambda: ticks.append(time.monotonic()))
    window.commands.project("tsne")
    spin(lambda: window.session.projection is not None, 120)
    clock.start()
    pictures.clear()
    started = time.monotonic()
    spin(lambda: not window.jobs.projection.busy, _SECONDS)
    rate = len(pictures) / (time.monotonic() - started)
    before = window.session.projection
    asked = time.monotonic()
    window.jobs.projection.cancel()
    spin(lambda: not window.jobs.projection.busy, 5)
    app.processEvents()
    answered = time.monotonic() - asked
    window.jobs.projection.close()
    ended = time.monotonic() - asked
    kept = window.session.projection is before and before is not None
    gaps = np.diff(ticks)
    print(
        "| rows | pictures a second | longest stall (ms) | cancel answered (ms) | thread ended (ms)"
    )
    print("|---:|---:|---:|---:|---:|")
    print(
        f"| {len(table):,} | {rate:.1f} | {1000 * gaps.max():.0f} | {1000 * answered:.0f} | "
        f"{1000 * ended:.0f} |"
    )
    print("The picture was kept." if kept else "THE PICTURE WAS LOST.")
    window.close()
    return 0 if kept else 1


def _clusters(rows: int, dim: int, count: int) -> np.ndarray:
    random = np.random.default_rng(0)
    centres = random.normal(size=(count, dim)) * 2
    return (centres[random.integers(count, size=rows)] + random.normal(size=(rows, dim))).astype(
        np.float32
    )


if __name__ == "__main__":
    sys.exit(main())
