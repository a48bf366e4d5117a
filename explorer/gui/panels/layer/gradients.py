"""Which rows received a gradient, and by how much."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from explorer.gui.panels.layer.lines import Line, LinesPicture
from explorer.gui.panels.layer.picture import LEFT, RIGHT, SMALL, sized
from explorer.gui.theme import Theme

_HEAD, _AXIS, _NUMBERS = 60, 40, 132


@dataclass(frozen=True)
class Gradient:
    """norm: of the row's gradient, its repeats summed. repeats: how often the row was looked up."""

    row: int
    name: str
    norm: float
    repeats: int


class GradientsPicture(LinesPicture):
    """Above, all rows of the table on one line and a spike where there is a gradient; below, the
    rows that have one."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, "layer_gradients", "Gradients of one training step", parent)
        self._gradients: list[Gradient] = []
        self._count = self._touched = 0

    def show_gradients(self, gradients: list[Gradient], touched: int, count: int) -> None:
        """gradients: the greatest. touched: rows that have one. count: rows of the table."""
        self._gradients, self._touched, self._count = gradients, touched, count
        self.show_lines(
            [
                Line(one.row, one.name, f"{one.name}: gradient {one.norm:.4g}, {_times(one)}")
                for one in gradients
            ],
            touched,
        )

    @property
    @override
    def top(self) -> int:
        return _HEAD + 8

    @property
    def _greatest(self) -> float:
        return max((one.norm for one in self._gradients), default=0.0) or 1.0

    @override
    def draw(self, painter: QPainter) -> None:
        font = painter.font()
        painter.setFont(sized(font, SMALL))
        foot = QRectF(0, _AXIS + 2, self.width(), _HEAD - _AXIS)
        last = max(0, self._count - 1)
        self.write(painter, foot, "row 0", LEFT, "muted")
        self.write(painter, foot, f"row {last:,}", RIGHT, "muted")
        others = self._count - self._touched
        self.write(
            painter, foot, f"all other rows ({others:,}): no gradient",
            Qt.AlignmentFlag.AlignCenter, "muted",
        )  # fmt: skip
        painter.setPen(QPen(self.colour("border"), 2))
        painter.drawLine(QPointF(0, _AXIS), QPointF(self.width(), _AXIS))
        for one in self._gradients:
            self._draw_spike(painter, one)
        painter.setFont(font)
        super().draw(painter)

    def _draw_spike(self, painter: QPainter, one: Gradient) -> None:
        x = 1 + (self.width() - 2) * (one.row + 0.5) / max(1, self._count)
        tall = (_AXIS - 4) * one.norm / self._greatest
        strong = one.row == self._pointed
        painter.setPen(QPen(self.colour("text" if strong else "accent"), 3 if strong else 2))
        painter.drawLine(QPointF(x, _AXIS), QPointF(x, _AXIS - tall))

    @override
    def draw_line(self, painter: QPainter, area: QRectF, place: int) -> None:
        one = self._gradients[place]
        room = max(1.0, area.width() - _NUMBERS)
        bar = QRectF(area.left(), area.center().y() - 5, room * one.norm / self._greatest, 10)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.colour("accent"))
        painter.drawRoundedRect(bar, 2, 2)
        number = QRectF(area.right() - _NUMBERS + 12, area.top(), 56, area.height())
        self.write(painter, number, f"{one.norm:#.3g}", RIGHT)
        if one.repeats != 1:
            repeats = QRectF(number.right() + 8, area.top(), 56, area.height())
            self.write(painter, repeats, f"×{one.repeats:,}", LEFT, "muted")


def _times(one: Gradient) -> str:
    return "looked up once" if one.repeats == 1 else f"looked up {one.repeats:,} times, summed"
