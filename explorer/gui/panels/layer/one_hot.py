"""One-hot rows times the matrix, drawn to scale as far as it goes, and what that costs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QPen
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from explorer.gui.panels.layer.overview import Overview
from explorer.gui.panels.layer.painting import LEFT, MIDDLE, SMALL, sized
from explorer.gui.panels.layer.picture import Picture, Spot
from explorer.gui.theme import Theme
from explorer.gui.widgets.heat import heat_image, paint_heat, reach

_HEAD, _TALL, _FOOT, _BARS = 18, 128, 20, 86
_LABEL = 108  # pixels of the name of a way
_LEAST = 8  # pixels of a one-hot line: a lit cell must be seen
_MOST = 12  # lines drawn


@dataclass(frozen=True)
class Cost:
    """What one way costs. words: as read, such as "2.3 MB". share: of the greater, in [0, 1]."""

    label: str
    bytes_words: str
    bytes_share: float
    time_words: str
    time_share: float


class OneHotPicture(Picture):
    """ids x rows of zeros with a single one in each line, times the matrix, is the result."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, "layer_one_hot", "One-hot rows times the matrix", parent)
        self._rows: list[int] = []
        self._names: list[str] = []
        self._count = 0
        self._overview: Overview | None = None
        self._numbers: np.ndarray | None = None
        self._images: tuple[QImage, QImage] | None = None
        self._costs: tuple[Cost, ...] = ()
        theme.changed.connect(self._colour)

    def show_product(
        self,
        overview: Overview,
        count: int,
        rows: list[int],
        names: list[str],
        numbers: np.ndarray,
        costs: tuple[Cost, ...],
    ) -> None:
        """count: ids. rows: of the first of them, repeats too. numbers: float32 (n, dim), what they
        look up."""
        self._count, self._rows, self._names = count, rows[:_MOST], names[:_MOST]
        self._overview, self._numbers, self._costs = overview, numbers[:_MOST], costs
        self._colour()
        self.renew()

    def _colour(self) -> None:
        if self._overview is None or self._numbers is None or not len(self._numbers):
            self._images = None
            return
        largest = reach(self._overview.numbers)
        self._images = (
            heat_image(self._overview.numbers, largest, dark=self.dark),
            heat_image(self._numbers, largest, dark=self.dark),
        )
        self.update()

    @override
    def height_at(self, width: int) -> int:
        return _HEAD + _TALL + _FOOT + _BARS

    @property
    def _areas(self) -> tuple[QRectF, QRectF, QRectF]:
        """One-hot, matrix, result; of one line's height where both have the same lines."""
        wide = self.width()
        tall = min(_TALL, max(_LEAST, _TALL / _MOST) * max(1, len(self._rows)))
        top = _HEAD + (_TALL - tall) / 2
        one_hot = QRectF(0, top, wide * 0.42, tall)
        matrix = QRectF(wide * 0.42 + 32, _HEAD, wide * 0.22, _TALL)
        left = matrix.right() + 32
        return one_hot, matrix, QRectF(left, top, wide - left, tall)

    def _cell(self, place: int) -> QRectF:
        """The one in line `place`."""
        area = self._areas[0]
        tall = area.height() / max(1, len(self._rows))
        wide = max(3.0, area.width() / max(1, self._whole))
        left = area.left() + (area.width() - wide) * self._rows[place] / max(1, self._whole - 1)
        return QRectF(left, area.top() + place * tall, wide, tall)

    @property
    def _whole(self) -> int:
        return self._overview.count if self._overview else 1

    @override
    def spots(self) -> list[Spot]:
        area = self._areas[0]
        tall = area.height() / max(1, len(self._rows))
        return [
            Spot(
                QRectF(area.left(), area.top() + place * tall, area.width(), tall),
                row,
                f"Line {place}: {self._whole:,} numbers, all zero but number {row:,} ({name})",
            )
            for place, (row, name) in enumerate(zip(self._rows, self._names, strict=True))
        ]

    @override
    def draw(self, painter: QPainter) -> None:
        if self._images is None or self._overview is None:
            return
        one_hot, matrix, result = self._areas
        font = painter.font()
        painter.setFont(sized(font, SMALL))
        self._draw_one_hot(painter, one_hot)
        paint_heat(painter, matrix, self._images[0], self.colour("warning"))
        paint_heat(painter, result, self._images[1], self.colour("warning"))
        self._draw_words(painter, self._overview.dim)
        painter.setFont(font)
        self._draw_costs(painter)

    def _draw_one_hot(self, painter: QPainter, area: QRectF) -> None:
        painter.setPen(QPen(self.colour("border"), 1))
        painter.setBrush(self.colour("field"))
        painter.drawRect(area.adjusted(0.5, 0.5, -0.5, -0.5))
        painter.setPen(Qt.PenStyle.NoPen)
        for place, row in enumerate(self._rows):
            pointed = row == self._pointed
            if pointed:
                line = QRectF(
                    area.left(), self._cell(place).top(), area.width(), self._cell(place).height()
                )
                painter.fillRect(line, self.colour("hover"))
            painter.fillRect(self._cell(place), self.colour("text" if pointed else "accent"))

    def _draw_words(self, painter: QPainter, dim: int) -> None:
        areas = self._areas
        count = f"{self._count:,}"
        labels = (
            ("one-hot", f"{count} × {self._whole:,}"),
            ("matrix", f"{self._whole:,} × {dim:,}"),
            ("result", f"{count} × {dim:,}"),
        )
        for area, (name, shape) in zip(areas, labels, strict=True):
            self.write(painter, QRectF(area.left(), 0, area.width(), _HEAD), name)
            foot = QRectF(area.left(), _HEAD + _TALL, area.width(), _FOOT)
            self.write(painter, foot, shape, LEFT, "muted")
        for left, mark in ((areas[0].right(), "×"), (areas[1].right(), "=")):
            middle = QRectF(left, _HEAD, 32, _TALL)
            painter.setFont(sized(painter.font(), 16))
            self.write(painter, middle, mark, MIDDLE, "muted")

    def _draw_costs(self, painter: QPainter) -> None:
        half = (self.width() - _LABEL) / 2
        font = painter.font()
        painter.setFont(sized(font, SMALL))
        for part, head in enumerate(("memory read", "time") if self._costs else ()):
            area = QRectF(_LABEL + part * half, _HEAD + _TALL + _FOOT + 10, half, _FOOT)
            self.write(painter, area, head, LEFT, "muted")
        painter.setFont(font)
        for place, cost in enumerate(self._costs):
            self._draw_cost(painter, place, cost)

    def _draw_cost(self, painter: QPainter, place: int, cost: Cost) -> None:
        top = _HEAD + _TALL + 2 * _FOOT + 10 + place * 26
        name = QRectF(0, top, _LABEL, 24)
        self.write(painter, name, cost.label)
        half = (self.width() - _LABEL) / 2
        parts = ((cost.bytes_words, cost.bytes_share), (cost.time_words, cost.time_share))
        for part, (words, share) in enumerate(parts):
            left = _LABEL + part * half
            room = half - 100
            bar = QRectF(left, top + 7, max(2.0, room * share), 10)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self.colour("accent" if place else "bar"))
            painter.drawRoundedRect(bar, 2, 2)
            self.write(painter, QRectF(bar.right() + 8, top, 92, 24), words)
