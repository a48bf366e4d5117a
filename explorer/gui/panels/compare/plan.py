"""Where the parts of a heat map go: cells, the names on two sides, the colour bar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF

LARGEST = 84  # pixels, a cell of few
NAMED = 13  # pixels a name takes across its direction
PRINTED = 28  # pixels, the least cell that has room for a number
SLANT = 0.7071  # names above stand at 45 degrees
GAP = 8  # between names and cells
_BAR = 68  # right of the cells, for the colour bar and its numbers
_LONGEST = 132  # pixels of a name


@dataclass(frozen=True)
class Plan:
    """count: rows of the matrix. cell: pixels. left, top: of the first cell. longest: pixels a name
    may take. every: one name in so many is written, as many as have room."""

    count: int
    cell: float
    left: float
    top: float
    longest: float
    every: int

    @staticmethod
    def of(width: int, height: int, name_widths: Sequence[float]) -> Plan:
        """The largest cells that leave room for names and colour bar, all in the middle of the
        width. name_widths: in pixels."""
        count = len(name_widths)
        longest = min(_LONGEST, max(name_widths, default=0.0))
        left, top = longest + GAP, longest * SLANT + GAP + 4
        right = max(_BAR, longest * SLANT)
        room = max(1.0, min(width - left - right, height - top - 2))
        cell = min(float(LARGEST), room / max(1, count))
        if cell >= 6:
            cell = float(int(cell))
        every = 1
        while every * cell < NAMED:
            every += 1
        spare = width - left - count * cell - right
        return Plan(count, cell, left + max(0, int(spare / 2)), top, longest, every)

    @property
    def side(self) -> float:
        """Of the whole matrix, in pixels."""
        return self.count * self.cell

    @property
    def area(self) -> QRectF:
        """Of all cells."""
        return QRectF(self.left, self.top, self.side, self.side)

    def rect(self, row: int, column: int) -> QRectF:
        """A cell, the gap to the next one included."""
        return QRectF(
            self.left + column * self.cell, self.top + row * self.cell, self.cell, self.cell
        )

    def at(self, point: QPointF) -> tuple[int, int] | None:
        """Row and column of the cell under a point."""
        if not self.area.contains(point):
            return None
        row, column = (point.y() - self.top) / self.cell, (point.x() - self.left) / self.cell
        return min(int(row), self.count - 1), min(int(column), self.count - 1)

    @property
    def bar(self) -> QRectF:
        """The colour bar, beside the cells."""
        tall = min(180.0, max(60.0, self.side))
        return QRectF(self.left + self.side + 20, self.top, 10, tall)
