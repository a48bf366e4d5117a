"""A heat map on a painter: cells, names on two sides, a colour bar, a mark."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPen

from explorer.gui.panels.compare.plan import GAP, PRINTED, Plan
from explorer.gui.theme import Theme
from explorer.palettes import ramp_colours

F64 = npt.NDArray[np.float64]
Pair = tuple[int, int]

_TEXT = 12  # pixels
_FOUND = 9  # pixels, the least mark round a cell
_GAPPED = 12  # pixels, the least cell that is set apart from the next


@dataclass(frozen=True, eq=False)
class Matrix:
    """values: float64 (n, n), cosines, NaN where a row has no direction. names: of the n rows.
    odd: the place that is marked; None for none."""

    values: F64
    names: tuple[str, ...]
    odd: int | None = None

    @cached_property
    def reach(self) -> float:
        """The cosine at the ends of the colours: no cell off the diagonal is beyond it."""
        off = np.abs(self.values[~np.eye(len(self.values), dtype=bool)])
        known = off[np.isfinite(off)]
        largest = float(known.max()) if len(known) else 1.0
        return min(1.0, max(0.1, math.ceil(10 * largest - 1e-9) / 10))

    def words(self, at: Pair) -> str:
        """What a cell says: "good · bad   0.431"."""
        first, second = (self.names[place] for place in at)
        value = float(self.values[at])
        told = f"{value:.3f}".replace("-", "−") if math.isfinite(value) else "no direction"
        return f"{first} · {second}   {told}"


EMPTY = Matrix(np.empty((0, 0)), ())


def font_of(base: QFont, *, strong: bool = False, size: int = _TEXT) -> QFont:
    """The font of names, in pixels."""
    font = QFont(base)
    font.setPixelSize(size)
    font.setBold(strong)
    return font


@dataclass(frozen=True)
class Drawing:
    """What is drawn where, in which colours. base: the widget's font."""

    matrix: Matrix
    plan: Plan
    theme: Theme
    base: QFont

    def paint(self, painter: QPainter, at: Pair | None) -> None:
        """at: the cell that is pointed at, (row, column)."""
        if not self.matrix.names:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
        self._paint_cells(painter)
        self._paint_names(painter, at)
        self._paint_bar(painter)
        if at is not None:
            self._paint_mark(painter, at)

    def font(self, *, strong: bool = False, size: int = _TEXT) -> QFont:
        return font_of(self.base, strong=strong, size=size)

    def _paint_mark(self, painter: QPainter, at: Pair) -> None:
        """Round the cell that is pointed at, never smaller than an eye finds."""
        cell = self.plan.rect(*at).adjusted(0, 0, -1, -1)
        more = max(0.0, (_FOUND - cell.width()) / 2)
        painter.setPen(QPen(self.theme.colour("text"), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(cell.adjusted(-more, -more, more, more))

    def colours(self) -> npt.NDArray[np.uint8]:
        """uint8 (n, n, 3). The diagonal is 1 whatever the table: it is left grey."""
        ramp = ramp_colours("diverging", dark=self.theme.dark)
        shares = np.clip(self.matrix.values / self.matrix.reach / 2 + 0.5, 0, 1)
        codes = np.nan_to_num(shares * 255, nan=0.0).round().astype(np.uint8)
        colours = ramp[codes]
        grey = self.theme.colour("hover")
        blank = np.eye(len(codes), dtype=bool) | ~np.isfinite(self.matrix.values)
        colours[blank] = grey.red(), grey.green(), grey.blue()
        return colours

    def _paint_cells(self, painter: QPainter) -> None:
        plan, colours = self.plan, np.ascontiguousarray(self.colours())
        if plan.cell < _GAPPED:
            image = QImage(
                colours.data, plan.count, plan.count, 3 * plan.count, QImage.Format.Format_RGB888
            )
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
            painter.drawImage(plan.area, image)
            return
        painter.setFont(self.font(size=11))
        for row in range(plan.count):
            for column in range(plan.count):
                colour = QColor(*colours[row, column].tolist())
                cell = plan.rect(row, column).adjusted(0, 0, -1, -1)
                painter.fillRect(cell, colour)
                if plan.cell >= PRINTED and row != column:
                    self._paint_number(painter, cell, self.matrix.values[row, column], colour)

    def _paint_number(self, painter: QPainter, cell: QRectF, value: float, on: QColor) -> None:
        light = 0.299 * on.red() + 0.587 * on.green() + 0.114 * on.blue() > 140
        painter.setPen(QColor("#1b2028" if light else "#f4f5f7"))
        painter.drawText(cell, Qt.AlignmentFlag.AlignCenter, short(value))

    def _paint_names(self, painter: QPainter, at: Pair | None) -> None:
        row, column = at if at is not None else (None, None)
        self._paint_side(painter, row, self._paint_beside)
        self._paint_side(painter, column, self._paint_above)

    def _paint_side(
        self, painter: QPainter, here: int | None, paint: Callable[[QPainter, int, str], None]
    ) -> None:
        """The names of one side: the one pointed at, the odd one out, and others that have room."""
        plan = self.plan
        stress = [place for place in (here, self.matrix.odd) if place is not None]
        for place in range(plan.count):
            if place not in stress:
                near = any(abs(place - other) < plan.every for other in stress)
                if place % plan.every or near:
                    continue
            colour = "muted" if place not in stress else "text" if place == here else "warning"
            font = self.font(strong=place in stress)
            painter.setFont(font)
            painter.setPen(self.theme.colour(colour))
            measure, right = QFontMetricsF(font), Qt.TextElideMode.ElideRight
            paint(painter, place, measure.elidedText(self.matrix.names[place], right, plan.longest))

    def _paint_beside(self, painter: QPainter, place: int, text: str) -> None:
        plan = self.plan
        middle = plan.top + (place + 0.5) * plan.cell
        area = QRectF(plan.left - GAP - plan.longest - 8, middle - 10, plan.longest + 8, 20)
        painter.drawText(area, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)

    def _paint_above(self, painter: QPainter, place: int, text: str) -> None:
        plan = self.plan
        painter.save()
        painter.translate(QPointF(plan.left + (place + 0.5) * plan.cell, plan.top - 6))
        painter.rotate(-45)
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(QRectF(0, -10, plan.longest + 4, 20), flags, text)
        painter.restore()

    def _paint_bar(self, painter: QPainter) -> None:
        bar = self.plan.bar
        ramp = np.ascontiguousarray(ramp_colours("diverging", dark=self.theme.dark)[::-1])
        image = QImage(ramp.data, 1, 256, 3, QImage.Format.Format_RGB888)
        painter.drawImage(bar, image)
        painter.setFont(self.font(size=11))
        painter.setPen(self.theme.colour("muted"))
        for share, value in ((0.0, self.matrix.reach), (0.5, 0.0), (1.0, -self.matrix.reach)):
            middle = bar.top() + share * bar.height()
            middle = min(max(middle, bar.top() + 6), bar.bottom() - 6)
            area = QRectF(bar.right() + 6, middle - 10, 40, 20)
            flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(area, flags, signed(value))


def signed(value: float) -> str:
    """A cosine with a minus that is as wide as a digit: "−0.4"."""
    return f"{value:.1f}".replace("-", "−")


def short(value: float) -> str:
    """A cosine for a cell: ".43", "−.12", "–" for none."""
    if not math.isfinite(value):
        return "–"
    text = f"{value:.2f}".replace("-", "−")
    return text if text in ("1.00", "−1.00") else text.replace("0.", ".", 1).replace("−.00", ".00")
