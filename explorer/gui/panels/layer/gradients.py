"""Which rows received a gradient, and by how much."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from explorer.gui.panels.layer.lines import Line, LinesPicture
from explorer.gui.panels.layer.painting import LEFT, RIGHT, SMALL, sized
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
        self._rows, self._norms = np.empty(0, np.int64), np.empty(0)
        self._count = 0

    def show_gradients(
        self, gradients: list[Gradient], rows: np.ndarray, norms: np.ndarray, count: int
    ) -> None:
        """gradients: the greatest. rows: int64 (touched,), all that have one; norms: float64
        (touched,), of theirs. count: rows of the table."""
        self._gradients, self._rows, self._count = gradients, rows, count
        self._norms = np.where(np.isfinite(norms), norms, 0.0)
        self.show_lines(
            [
                Line(one.row, one.name, f"{one.name}: gradient {one.norm:.4g}, {_times(one)}")
                for one in gradients
            ],
            len(rows),
        )

    @property
    @override
    def top(self) -> int:
        return _HEAD + 8

    @property
    def _greatest(self) -> float:
        return float(self._norms.max(initial=0.0)) or 1.0

    @override
    def draw(self, painter: QPainter) -> None:
        font = painter.font()
        painter.setFont(sized(font, SMALL))
        foot = QRectF(0, _AXIS + 2, self.width(), _HEAD - _AXIS)
        last = max(0, self._count - 1)
        self.write(painter, foot, "row 0", LEFT, "muted")
        self.write(painter, foot, f"row {last:,}", RIGHT, "muted")
        others = self._count - len(self._rows)
        self.write(
            painter, foot, f"all other rows ({others:,}): no gradient",
            Qt.AlignmentFlag.AlignCenter, "muted",
        )  # fmt: skip
        painter.setPen(QPen(self.colour("border"), 2))
        painter.drawLine(QPointF(0, _AXIS), QPointF(self.width(), _AXIS))
        self._draw_spikes(painter)
        painter.setFont(font)
        super().draw(painter)

    def _draw_spikes(self, painter: QPainter) -> None:
        """Of the rows that share a pixel the greatest."""
        places = (self._rows + 0.5) / max(1, self._count) * (self.width() - 2)
        tallest = np.zeros(self.width())
        np.maximum.at(tallest, places.astype(np.int64), self._norms / self._greatest)
        painter.setPen(QPen(self.colour("accent"), 2))
        for x in np.flatnonzero(tallest):
            self._draw_spike(painter, int(x), float(tallest[x]))
        pointed = np.flatnonzero(self._rows == self._pointed)
        if len(pointed):
            painter.setPen(QPen(self.colour("text"), 3))
            share = float(self._norms[pointed[0]]) / self._greatest
            self._draw_spike(painter, int(places[pointed[0]]), share)

    def _draw_spike(self, painter: QPainter, x: int, share: float) -> None:
        top = QPointF(x + 1, _AXIS - (_AXIS - 4) * share)
        painter.drawLine(QPointF(x + 1, _AXIS), top)

    @override
    def draw_line(self, painter: QPainter, area: QRectF, place: int) -> None:
        one = self._gradients[place]
        room = max(1.0, area.width() - _NUMBERS)
        share = one.norm / self._greatest if math.isfinite(one.norm) else 0.0
        bar = QRectF(area.left(), area.center().y() - 5, room * share, 10)
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
