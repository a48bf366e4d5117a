"""Where a label may lie beside its dot, and where it would cover other dots."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QRectF

F32 = npt.NDArray[np.float32]

_CELL = 3  # pixels

# Right, left, above, below, then the corners. In gaps and whole widths and heights of the label,
# from the dot to its upper left corner.
SIDES = (
    ((1.0, 0.0), (0.0, -0.5)),
    ((-1.0, -1.0), (0.0, -0.5)),
    ((0.0, -0.5), (-1.0, -1.0)),
    ((0.0, -0.5), (1.0, 0.0)),
    ((0.6, 0.0), (-0.6, -1.0)),
    ((0.6, 0.0), (0.6, 0.0)),
    ((-0.6, -1.0), (-0.6, -1.0)),
    ((-0.6, -1.0), (0.6, 0.0)),
)
_ACROSS, _DOWN = np.swapaxes(np.array(SIDES, np.float32), 0, 1)


def beside(side: int, x: float, y: float, width: float, height: float, gap: float) -> QRectF:
    """One of the eight places of a label around its dot."""
    (gaps_x, widths), (gaps_y, heights) = SIDES[side]
    left, top = x + gaps_x * gap + widths * width, y + gaps_y * gap + heights * height
    return QRectF(left, top, width, height)


class Dots:
    """Dots that no label is to cover.

    x, y: float32 (dots,), their centres, pixels. reach: how near to a centre a label may not come.
    size: of the map, pixels.
    """

    def __init__(self, x: F32, y: F32, reach: float, size: tuple[float, float]) -> None:
        self._reach = reach
        self._columns, self._rows = (int(extent // _CELL) + 1 for extent in size)
        cells = _cells(y, self._rows - 1) * self._columns + _cells(x, self._columns - 1)
        counts = np.bincount(cells, minlength=self._rows * self._columns)
        # A summed-area table (Crow 1984): how many dots lie in a box is told by its four corners.
        self._sums = np.zeros((self._rows + 1, self._columns + 1), np.int32)
        counts.reshape(self._rows, self._columns).cumsum(0).cumsum(1, out=self._sums[1:, 1:])

    def clear_of(self, x: F32, y: F32, boxes: F32, gaps: F32) -> npt.NDArray[np.bool_]:
        """bool (labels, 8): the places of labels around their dots that cover no other dot.

        x, y: float32 (labels,), their dots, which are among these. boxes: float32 (labels, 2),
        widths and heights. gaps: float32 (labels,), as for `beside`.
        """
        left, right, own_x = self._ends(x, boxes[:, 0], gaps, _ACROSS, self._columns)
        top, bottom, own_y = self._ends(y, boxes[:, 1], gaps, _DOWN, self._rows)
        sums = self._sums
        inside = sums[bottom, right] - sums[top, right] - sums[bottom, left] + sums[top, left]
        clear: npt.NDArray[np.bool_] = inside <= (own_x & own_y)
        return clear

    def _ends(
        self, place: F32, extent: F32, gaps: F32, sides: F32, cells: int
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
        """(labels, 8) each: first cell and the one after the last, and whether the own dot's is
        between them."""
        first = place[:, None] + np.outer(gaps, sides[:, 0]) + np.outer(extent, sides[:, 1])
        start = _cells(first - self._reach, cells)
        stop = _cells(first + extent[:, None] + self._reach + _CELL, cells)
        own = _cells(place, cells - 1)[:, None]
        return start, stop, (own >= start) & (own < stop)


def _cells(places: F32, most: int) -> npt.NDArray[np.int64]:
    return np.clip(places / _CELL, 0, most).astype(np.int64)
