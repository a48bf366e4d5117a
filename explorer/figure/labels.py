"""Tokens beside their dots: the most important first, none over another or over the edge.

Placement is greedy (Christensen, Marks & Shieber 1995, "An empirical study of algorithms for
point-feature label placement", section 3.1): a label takes the first of its places that is free.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from explorer.figure.frame import F64, Frame
from explorer.figure.paper import Box, Paper
from explorer.table import Table
from explorer.tokens import readable, scheme_of

Rows = npt.NDArray[np.int64]

_LENGTH = 22
# Labels are chosen from the best of each of these cells in turn, so that they cover the map.
_CELLS = 6
_MOST_IN_SIGHT = 200
_TRIED = 8  # candidates for each label that is wanted
_ASCENT, _DESCENT = 0.95, 0.25  # in text sizes
_ACROSS, _UP = 0.35, 0.12  # air around a label, in text sizes


@dataclass(frozen=True, eq=False)
class Wanted:
    """Which tokens are to be written.

    count: how many at most. rows: these and no others, in this order, whatever the count; None for
        the most important of all rows, or of `among`. ends: rows at the ends of the axes, which
        come first and take half of the labels at most. marks: write byte-level and other marks as
        they are.
    """

    count: int
    rows: Sequence[int] | None = None
    among: Rows | None = None
    ends: Rows = field(default_factory=lambda: np.empty(0, np.int64))
    marks: bool = False


@dataclass(slots=True)
class _Ground:
    """What is taken of the frame. taken: (left, bottom, right, top, row it belongs to, or -1)."""

    box: Box
    taken: list[tuple[float, float, float, float, int]] = field(default_factory=list)

    def free(self, left: float, bottom: float, right: float, top: float, row: int) -> bool:
        """Whether a label of this row may be there; it may touch its own dot."""
        box = self.box
        if left < box.left or right > box.right or bottom < box.bottom or top > box.top:
            return False
        return not any(
            left < x1 and right > x0 and bottom < y1 and top > y0 and owner != row
            for x0, y0, x1, y1, owner in self.taken
        )

    def take_dot(self, point: F64, radius: float, row: int) -> None:
        x, y = float(point[0]), float(point[1])
        self.taken.append((x - radius, y - radius, x + radius, y + radius, row))


def draw_labels(
    paper: Paper,
    table: Table,
    frame: Frame,
    wanted: Wanted,
    diameter: float,
    kept: Sequence[Box] = (),
) -> list[int]:
    """Writes the labels; returns the rows that have one.

    diameter: of the dots, points. kept: places where no label may be.
    """
    scheme = "" if wanted.marks or not table.named else scheme_of(table.tokens)
    ground, written = _Ground(frame.box), list[int]()
    ground.taken.extend((box.left, box.bottom, box.right, box.top, -1) for box in kept)
    for row in _standing_out(frame, wanted):
        ground.take_dot(frame.points[row], diameter / 2, row)
    most = wanted.count if wanted.rows is None else len(wanted.rows)
    for row in _candidates(table, frame, wanted):
        if len(written) >= most:
            break
        text = readable(table.tokens[row], scheme, _LENGTH)
        if _write(paper, text, row, frame.points[row], ground, diameter / 2):
            ground.take_dot(frame.points[row], diameter / 2, row)
            written.append(row)
    return written


def _standing_out(frame: Frame, wanted: Wanted) -> list[int]:
    """Rows whose dots no label may cover: those that were asked for, if they are few."""
    rows = wanted.rows if wanted.rows is not None else wanted.among
    few = () if rows is None or len(rows) > _MOST_IN_SIGHT else rows
    return [int(row) for row in few if frame.inside[row]]


def _write(paper: Paper, text: str, row: int, point: F64, ground: _Ground, radius: float) -> bool:
    """Writes one label in the first free place, if there is one."""
    size = paper.page.text
    x, y = float(point[0]), float(point[1])
    width = paper.width_of(text)
    for side, left, base in _places(x, y, width, size, radius):
        box = (
            left - _ACROSS * size,
            base - (_DESCENT + _UP) * size,
            left + width + _ACROSS * size,
            base + (_ASCENT + _UP) * size,
        )
        if ground.free(*box, row):
            anchor = {"left": left, "center": x, "right": left + width}[side]
            paper.write(anchor, base, text, "strong", halo=True, ha=side)
            ground.taken.append((*box, -1))
            return True
    return False


def _places(
    x: float, y: float, width: float, size: float, radius: float
) -> Iterable[tuple[str, float, float]]:
    """(alignment, left, baseline) of a label above, right of, left of and below its dot, then at
    its corners."""
    gap = radius + 0.3 * size
    middle = y - 0.35 * size
    yield "center", x - width / 2, y + gap + 0.1 * size
    yield "left", x + gap, middle
    yield "right", x - gap - width, middle
    yield "center", x - width / 2, y - gap - 0.8 * size
    for base in (y + 0.7 * gap, y - 0.7 * gap - 0.75 * size):
        yield "left", x + 0.7 * gap, base
        yield "right", x - 0.7 * gap - width, base


def _candidates(table: Table, frame: Frame, wanted: Wanted) -> Iterator[int]:
    if wanted.rows is not None:
        yield from (row for row in wanted.rows if frame.inside[row])
        return
    ends = wanted.ends[: wanted.count // 2]
    yield from ends.tolist()
    rows = np.flatnonzero(frame.inside)
    if wanted.among is not None:
        rows = np.intersect1d(rows, wanted.among)
    order = label_order(
        frame.points[rows], None if table.importance is None else table.importance[rows]
    )
    rows = rows[order][: _TRIED * wanted.count]
    yield from rows[~np.isin(rows, ends)].tolist()


def label_order(points: F64, importance: F64 | None) -> Rows:
    """Places of the rows in the order in which they deserve a label: the best of every cell, then
    the second best, and so on.

    points: (rows, 2), finite. importance: (rows,), the higher the better, the earlier row where
    two are alike or nothing is known.
    """
    count = len(points)
    if not count:
        return np.empty(0, np.int64)
    ranked = np.arange(count) if importance is None else np.argsort(-importance, kind="stable")
    low, high = points.min(axis=0), points.max(axis=0)
    share = (points[ranked] - low) / np.maximum(high - low, np.finfo(np.float64).tiny)
    column, line = np.minimum((share * _CELLS).astype(np.int64), _CELLS - 1).T
    cell = line * _CELLS + column
    by_cell = np.argsort(cell, kind="stable")
    starts = np.flatnonzero(np.diff(cell[by_cell], prepend=-1))
    turn = np.empty(count, dtype=np.int64)
    turn[by_cell] = np.arange(count) - np.repeat(starts, np.diff([*starts, count]))
    return ranked[np.argsort(turn, kind="stable")]
