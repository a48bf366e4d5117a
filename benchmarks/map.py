"""Frames of the map beside pyqtgraph's ScatterPlotItem, in one run, without a display.

    python benchmarks/map.py [--rows 10000 100000 1000000 5000000] [--seconds 2] [--cpu]

A frame is everything a pan by a few pixels costs until the window's 1000 x 800 pixels are painted:
axes, dots, labels. A recolouring is the call and the frame after it. Medians. With --cpu the time
that this process was given, which a busy machine disturbs less.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
from collections.abc import Callable

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
import pyqtgraph as pg
from PySide6.QtGui import QBrush
from PySide6.QtWidgets import QApplication

from explorer.gui.map.candidates import Names
from explorer.gui.map.view import MapView, configure
from explorer.palettes import Colouring, colour_values

SIZE = (1000, 800)
ROWS = [10_000, 100_000, 1_000_000, 5_000_000]


def main() -> None:
    options = _options()
    app = QApplication([])
    configure()
    print("| rows | what | ours (ms) | ScatterPlotItem (ms) | ratio |")
    print("|---:|---|---:|---:|---:|")
    for rows in options.rows:
        points = _clusters(rows)
        ours = _ours(app, points, options.seconds)
        peer = _peer(app, points, options.seconds) if rows <= options.peer_limit else {}
        for what, milliseconds in ours.items():
            theirs = peer.get(what)
            ratio = f"{theirs / milliseconds:.1f}" if theirs else ""
            shown = f"{theirs:.1f}" if theirs else ""
            print(f"| {rows:,} | {what} | {milliseconds:.2f} | {shown} | {ratio} |", flush=True)


def _ours(app: QApplication, points: np.ndarray, seconds: float) -> dict[str, float]:
    view = MapView()
    view.set_names(Names.of([f"word{row}" for row in range(len(points))], None))
    colourings = [_colouring(points[:, axis]) for axis in (0, 1)]
    view.resize(*SIZE)
    view.show()
    app.processEvents()

    def first() -> None:
        view.set_colouring(colourings[0])
        view.set_coordinates(points, locked=False)
        view.viewport().repaint()

    def pan(step: int) -> None:
        view.pan(0.004 * (-1) ** step, 0.0)
        view.viewport().repaint()

    def layer(step: int) -> None:
        view.pan(0.004 * (-1) ** step, 0.0)
        view.stage.dots.render_picture()

    def recolour(step: int) -> None:
        view.set_colouring(colourings[step % 2])
        view.viewport().repaint()

    def grey(step: int) -> None:
        view.set_selection(chosen if step % 2 else chosen[:0], chosen[:0])
        view.viewport().repaint()

    def pick(step: int) -> None:
        view.stage.dots.pick(100.0 + step % 800, 400.0)

    def hover(step: int) -> None:
        view.set_hovered(view.stage.dots.pick(100.0 + step % 800, 400.0))
        app.processEvents()

    chosen = np.arange(500)
    result = {"first picture": _once(first)}
    result["pan frame"] = _median(pan, seconds)
    result["pan frame, dots alone"] = _median(layer, seconds)
    result["recolour"] = _median(recolour, seconds)
    result["grey context"] = _median(grey, seconds)
    view.set_selection(chosen[:0], chosen[:0])
    result["hover pick"] = _median(pick, seconds)
    result["hover pick and tip"] = _median(hover, seconds)
    view.set_opacity(0.3)
    result["pan frame, opacity 0.3"] = _median(pan, seconds)
    view.set_opacity(1.0)
    view.set_mode("density")
    result["pan frame, density"] = _median(pan, seconds)
    view.set_mode("dots")
    view.zoom(0.1)
    result["pan frame, zoomed 10 x"] = _median(pan, seconds)
    view.close()
    return result


def _peer(app: QApplication, points: np.ndarray, seconds: float) -> dict[str, float]:
    plot = pg.PlotWidget()
    scatter = pg.ScatterPlotItem(size=6, pen=None)
    plot.addItem(scatter)
    plot.resize(*SIZE)
    plot.show()
    app.processEvents()
    brushes = [_brushes(_colouring(points[:, axis])) for axis in (0, 1)]
    box = plot.getViewBox()

    def first() -> None:
        scatter.setData(pos=points, brush=brushes[0])
        plot.viewport().repaint()

    def pan(step: int) -> None:
        box.translateBy(x=0.004 * box.viewRect().width() * (-1) ** step)
        plot.viewport().repaint()

    def recolour(step: int) -> None:
        scatter.setBrush(brushes[step % 2])
        plot.viewport().repaint()

    def hover(step: int) -> None:
        scatter.pointsAt(box.mapToView(pg.Point(100.0 + step % 800, 400.0)))

    result = {"first picture": _once(first)}
    box.disableAutoRange()
    result["pan frame"] = _median(pan, seconds)
    result["recolour"] = _median(recolour, seconds)
    result["hover pick"] = _median(hover, seconds)
    box.scaleBy((0.1, 0.1))
    result["pan frame, zoomed 10 x"] = _median(pan, seconds)
    plot.close()
    return result


def _brushes(colouring: Colouring) -> list[QBrush]:
    """One brush a row, rows of one colour sharing theirs: the peer is fastest so."""
    of_colour = [pg.mkBrush(*colour) for colour in colouring.palette.tolist()]
    return [of_colour[code] for code in colouring.codes.tolist()]


def _clusters(rows: int) -> np.ndarray:
    rng = np.random.default_rng(0)
    centres = rng.normal(scale=3, size=(20, 2))
    points = centres[rng.integers(20, size=rows)] + rng.normal(size=(rows, 2))
    return points.astype(np.float32)


def _colouring(values: np.ndarray) -> Colouring:
    return colour_values(values, numeric=True, dark=False)


def _once(action: Callable[[], None]) -> float:
    clock = time.process_time if "--cpu" in sys.argv else time.perf_counter
    start = clock()
    action()
    return 1000 * (clock() - start)


def _median(action: Callable[[int], None], seconds: float) -> float:
    """Milliseconds; the first two are warm-up."""
    taken: list[float] = []
    stop = time.perf_counter() + seconds
    while len(taken) < 5 or (time.perf_counter() < stop and len(taken) < 500):
        taken.append(_once(lambda: action(len(taken))))
    return statistics.median(taken[2:])


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--rows", type=int, nargs="+", default=[10_000, 100_000, 1_000_000, 5_000_000]
    )
    parser.add_argument("--seconds", type=float, default=2.0, help="for each figure")
    parser.add_argument("--cpu", action="store_true", help="processor time, not the clock's")
    parser.add_argument("--peer-limit", type=int, default=1_000_000)
    return parser.parse_args()


if __name__ == "__main__":
    main()
