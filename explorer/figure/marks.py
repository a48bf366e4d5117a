"""What stands for the rows: dots, or how many there are in each place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from explorer import palettes
from explorer.figure.frame import F64, Frame
from explorer.figure.paper import Paper, unit
from explorer.figure.shapes import marker_of
from explorer.palettes import U8, Colouring
from explorer.progress import Progress, Report

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Rows = npt.NDArray[np.int64]

# Above this many dots a vector file takes longer to open than anybody waits, so that they become
# one image inside it.
MOST_DRAWN_DOTS = 20_000
_COVERED = 0.16  # share of the map that all dots would cover if none lay over another
_FEW = 2000
_NEAR, _FAR = 1.3, 0.7  # diameter of a dot at the front and at the back of a 3-D map
_DOTS = 2  # what is drawn above what
_SLICES = 24
_AT_ONCE = 50_000  # half a second of drawing
_FADED = 0.55  # how far the dots at the back go over into the background
_CELL = 0.32  # side of a place whose rows are counted, in text sizes


@dataclass(frozen=True, eq=False)
class Dots:
    """How the rows are drawn.

    colouring: of all rows. selection: rows that stand out from a grey rest; None for no selection.
    size: diameter as a multiple of the usual one.
    """

    colouring: Colouring
    selection: Rows | None = None
    size: float = 1.0


def draw_dots(paper: Paper, axes: Axes, frame: Frame, dots: Dots, report: Report) -> float:
    """One dot a row; returns the usual diameter in points. report: called while they are drawn,
    which is when the figure is saved."""
    diameter = dots.size * _usual_diameter(frame, int(frame.inside.sum()))
    rest = np.flatnonzero(frame.inside)
    if dots.selection is None:
        _scatter(paper, axes, frame, rest, dots.colouring, diameter, report)
        return diameter
    chosen = np.zeros(len(frame.inside), dtype=np.bool_)
    chosen[dots.selection] = True
    colours = palettes.dimmed(dots.colouring, chosen, dark=paper.dark)
    _scatter(paper, axes, frame, rest[~chosen[rest]], colours, 0.85 * diameter, report)
    # As large as so few dots would be by themselves, within reason.
    alone = dots.size * _usual_diameter(frame, int(chosen[rest].sum()))
    larger = float(np.clip(alone, 1.35 * diameter, 2.2 * diameter))
    _scatter(paper, axes, frame, rest[chosen[rest]], colours, larger, report)
    return larger


def _usual_diameter(frame: Frame, count: int) -> float:
    """Points that a dot measures across where so many are drawn."""
    area = frame.box.width * frame.box.height
    return float(np.clip(np.sqrt(_COVERED * area / max(1, count)), 0.9, 0.0075 * area**0.5 + 1))


def _scatter(
    paper: Paper,
    axes: Axes,
    frame: Frame,
    rows: Rows,
    colouring: Colouring,
    diameter: float,
    report: Report,
) -> None:
    rows, depth = _in_order(frame, rows)
    colours, shapes = colouring.rgba[rows, :3] / 255.0, colouring.shapes
    if depth is not None:
        background = np.array(unit(paper.colours["background"]))
        colours += (_FADED * (1 - depth))[:, None] * (background - colours)
    rasterised = int(frame.inside.sum()) > MOST_DRAWN_DOTS
    how: dict[str, Any] = {"alpha": 0.9 if len(rows) < _FEW else 0.75, "linewidths": 0}
    how |= {"zorder": _DOTS, "rasterized": rasterised}
    for part in _parts(len(rows), depth is not None or shapes is not None):
        size = diameter if depth is None else diameter * _nearer(float(depth[part].mean()))
        for alike, marker, factor in _by_shape(part, shapes, rows):
            x, y = frame.points[rows[alike]].T
            of_shape = {"s": (factor * size) ** 2, "marker": marker, "c": colours[alike]}
            axes.scatter(x, y, **of_shape, **how)
        done = Progress(int(part[-1]), len(rows), "Drawing the dots")
        _report_when_drawn(axes, report, done, rasterised)


def _by_shape(part: Rows, shapes: U8 | None, rows: Rows) -> Iterator[tuple[Rows, Any, float]]:
    """The places of a part that are drawn as one shape, with its marker and its size."""
    if shapes is None:
        yield part, *marker_of(0)
        return
    of_part = shapes[rows[part]]
    for shape in np.unique(of_part).tolist():
        yield part[of_part == shape], *marker_of(shape)


def _parts(count: int, sliced: bool) -> list[Rows]:
    """Places of the dots that are drawn together. In a file, dots of one size and shape share one
    outline: a 3-D map is drawn in slices, one size each, and one with shapes too, lest the last
    shape cover the others."""
    parts = max(_SLICES if sliced else 1, -(-count // _AT_ONCE))
    return [part for part in np.array_split(np.arange(count), parts) if len(part)]


def _nearer(depth: float) -> float:
    """Diameter of dots at a depth in [0, 1], as a multiple of the usual one."""
    return _FAR + (_NEAR - _FAR) * depth


def _report_when_drawn(axes: Axes, report: Report, progress: Progress, rasterised: bool) -> None:
    """Calls `report` when what was added before is on the paper: it may stop the drawing."""
    from matplotlib.artist import Artist, allow_rasterization

    class Checkpoint(Artist):
        # Undecorated, or no part of an image where the dots are, it would end theirs.
        @allow_rasterization  # type: ignore[untyped-decorator]
        def draw(self, renderer: object) -> None:
            report(progress)

    checkpoint = axes.add_artist(Checkpoint())
    checkpoint.set_zorder(_DOTS)
    checkpoint.set_rasterized(rasterised)


def _in_order(frame: Frame, rows: Rows) -> tuple[Rows, F64 | None]:
    """The rows as they are to be drawn, and their depth in [0, 1], near is 1: from back to front,
    or, in a flat map, shuffled, so that no category lies over all the others."""
    if frame.view.depth is None:
        return np.random.default_rng(0).permutation(rows), None
    depth = frame.view.depth[rows]
    order = np.argsort(depth, kind="stable")
    if not len(rows):
        return rows, depth
    low, high = np.percentile(depth, (0.5, 99.5))
    share = (depth[order] - low) / max(float(high - low), np.finfo(np.float64).tiny)
    return rows[order], np.clip(share, 0, 1)


def draw_density(paper: Paper, axes: Axes, frame: Frame) -> tuple[U8, int]:
    """How many rows lie in each place, on a log scale; returns the ramp, uint8 (256, 3), and the
    most rows of a place."""
    box, cell = frame.box, _CELL * paper.page.text
    across, up = max(1, round(box.width / cell)), max(1, round(box.height / cell))
    limits = [(box.bottom, box.top), (box.left, box.right)]
    x, y = frame.points[frame.inside].T
    counts, _, _ = np.histogram2d(y, x, bins=(up, across), range=limits)
    most = max(1, int(counts.max()))
    ramp = palettes.ramp_colours("density", dark=paper.dark)
    share = np.log(np.maximum(counts, 1)) / max(np.log(most), 1e-9)
    image = np.zeros((up, across, 4), np.uint8)
    image[..., :3] = ramp[(share * 255).round().astype(np.int64)]
    image[..., 3] = np.where(counts > 0, 255, 0)
    corners = (box.left, box.right, box.bottom, box.top)
    axes.imshow(image, aspect="auto", extent=corners, origin="lower", interpolation="nearest")
    return ramp, most


def draw_links(paper: Paper, axes: Axes, frame: Frame, links: Sequence[tuple[int, int]]) -> None:
    """Thin lines between rows."""
    from matplotlib.collections import LineCollection

    ends = frame.points[np.asarray(links, dtype=np.int64).reshape(-1, 2)]
    colour = unit(paper.colours["line"])
    axes.add_collection(
        LineCollection(list(ends), colors=[colour], linewidths=0.7, alpha=0.8, zorder=1.5),
        autolim=False,
    )
