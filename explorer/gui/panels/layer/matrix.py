"""The matrix, the rows that are looked up lit in it, and those rows close up."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QImage, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from explorer.gui.panels.layer.lines import Line, LinesPicture
from explorer.gui.panels.layer.overview import Overview
from explorer.gui.panels.layer.painting import LEFT, RIGHT, SMALL, sized
from explorer.gui.theme import Theme
from explorer.gui.widgets.heat import heat_image, paint_heat, reach
from explorer.gui.widgets.plain import counted, decimal

_WIDE, _GAP = 0.26, 44  # the overview's share of the width; pixels of the lines to the close-up
_LEAST = 176  # pixels of height
_MOST_LIT = 10_000  # rows that are lit
_RULER = 18  # pixels above and below the overview for its row numbers


class MatrixPicture(LinesPicture):
    """Left the whole table, right its rows that were looked up, one line from each to each."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, "layer_matrix", "The matrix and the rows looked up", parent)
        self._overview: Overview | None = None
        self._whole: QImage | None = None
        self._strips: list[QImage] = []
        self._numbers = np.empty((0, 0), np.float32)
        self._lit = np.empty(0, np.int64)
        theme.changed.connect(self._colour)

    def show_rows(
        self,
        overview: Overview,
        rows: np.ndarray,
        numbers: np.ndarray,
        names: list[str],
        lit: np.ndarray,
    ) -> None:
        """rows: int64 (n,), each once. numbers: float32 (n, dim). names: what they are called.
        lit: all rows that were looked up; `rows` are some of them."""
        self._overview, self._numbers, self._lit = overview, numbers, lit
        lines = [
            Line(int(row), name, f"Row {row:,}, {name}: {_range(vector)}")
            for row, name, vector in zip(rows, names, numbers, strict=True)
        ]
        self.show_lines(lines, len(lit))
        self._colour()

    def _colour(self) -> None:
        if self._overview is None:
            return
        dark = self.dark
        # The table and its rows in one scale: a row looks the same at the left and at the right.
        largest = reach(self._overview.numbers)
        self._whole = heat_image(self._overview.numbers, largest, dark=dark)
        shown = self._numbers[: len(self._lines)]
        self._strips = [heat_image(row[None, :], largest, dark=dark) for row in shown]
        self.update()

    @property
    @override
    def left(self) -> int:
        return int(self.width() * _WIDE) + _GAP

    @override
    def height_at(self, width: int) -> int:
        return max(super().height_at(width), _LEAST)

    @property
    def _matrix(self) -> QRectF:
        wide = self.left - _GAP
        return QRectF(0, _RULER, wide, self.height() - 2 * _RULER)

    def lit(self, row: int) -> float:
        """How far down the picture a row of the table lies."""
        count = self._overview.count if self._overview else 1
        return self._matrix.top() + (row + 0.5) / max(1, count) * self._matrix.height()

    @override
    def draw(self, painter: QPainter) -> None:
        if self._overview is None or self._whole is None:
            return
        matrix = self._matrix
        paint_heat(painter, matrix, self._whole, self.colour("warning"))
        self._draw_ruler(painter, matrix, self._overview)
        self._draw_lit(painter, matrix)
        for place in reversed(range(len(self._lines))):
            self._draw_leader(painter, matrix, place)
        super().draw(painter)

    def _draw_ruler(self, painter: QPainter, matrix: QRectF, overview: Overview) -> None:
        font = painter.font()
        painter.setFont(sized(font, SMALL))
        above = QRectF(0, 0, matrix.width(), _RULER)
        below = QRectF(0, matrix.bottom(), matrix.width(), _RULER)
        self.write(painter, above, "row 0", LEFT, "muted")
        self.write(painter, above, counted(overview.dim, "number"), RIGHT, "muted")
        self.write(painter, below, f"row {overview.count - 1:,}", LEFT, "muted")
        painter.setFont(font)

    def _draw_lit(self, painter: QPainter, matrix: QRectF) -> None:
        """Every row looked up, those without a line of their own too; once a pixel."""
        if len(self._lit) <= len(self._lines):
            return
        faint = self.colour("accent")
        faint.setAlphaF(0.55)
        painter.setPen(QPen(faint, 1))
        for y in {round(self.lit(int(row))) for row in self._lit[:_MOST_LIT]}:
            painter.drawLine(QPointF(matrix.left(), y), QPointF(matrix.right(), y))

    def _draw_leader(self, painter: QPainter, matrix: QRectF, place: int) -> None:
        line = self._lines[place]
        y, end = self.lit(line.row), self.area_of(place).center().y()
        strong = line.row == self._pointed
        painter.setPen(QPen(self.colour("text" if strong else "accent"), 2 if strong else 1.4))
        painter.drawLine(QPointF(matrix.left(), y), QPointF(matrix.right(), y))
        path = QPainterPath(QPointF(matrix.right(), y))
        middle = matrix.right() + _GAP / 2
        path.cubicTo(middle, y, middle, end, self.left - 2, end)
        painter.setBrush(self.colour("panel"))
        painter.strokePath(path, painter.pen())

    @override
    def draw_line(self, painter: QPainter, area: QRectF, place: int) -> None:
        paint_heat(painter, area.adjusted(0, 4, 0, -4), self._strips[place], self.colour("warning"))


def _range(vector: np.ndarray) -> str:
    finite = vector[np.isfinite(vector)]
    if not len(finite):
        return "no finite number"
    least, greatest = (decimal(end, 3) for end in (finite.min(), finite.max()))
    return f"{len(vector):,} numbers from {least} to {greatest}"
