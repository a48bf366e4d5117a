"""Pieces or ids as chips, in the order and the nesting in which they were asked for."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from explorer.gui.panels.layer.painting import LEFT, SMALL, sized
from explorer.gui.panels.layer.picture import Picture, Spot
from explorer.gui.theme import Theme

_TALL, _GAP, _PAD, _WIDEST = 42, 6, 9, 200
_MOST = 96  # chips drawn
_FOOT = 20


@dataclass(frozen=True)
class Chip:
    """word: what was typed, or the row's name. note: its id and what was done. row: -1 for none."""

    word: str
    note: str
    row: int
    words: str


@dataclass(frozen=True)
class ChipLine:
    """Chips that belong together. label: where they lie in the ids, such as "[0]"; "" for none."""

    label: str
    chips: tuple[Chip, ...]


class ChipsPicture(Picture):
    """Chips from left to right, in as many lines as they need; each group begins a new one."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, "layer_chips", "Pieces and ids", parent)
        self._lines: list[ChipLine] = []
        self._left_out = 0
        self._laid: tuple[int, list[tuple[QRectF, Chip]], list[tuple[QRectF, str]]] = (-1, [], [])

    def show_chips(self, lines: list[ChipLine]) -> None:
        """These groups; of more than _MOST chips the rest is counted at the foot."""
        room, kept, total = _MOST, [], sum(len(line.chips) for line in lines)
        for line in lines:
            if room <= 0:
                break
            kept.append(ChipLine(line.label, line.chips[:room]))
            room -= len(line.chips)
        self._lines, self._left_out = kept, max(0, total - _MOST)
        self._laid = (-1, [], [])
        self.renew()

    @override
    def spots(self) -> list[Spot]:
        return [
            Spot(area, chip.row, chip.words)
            for area, chip in self._lay(self.width())[0]
            if chip.row >= 0
        ]

    @override
    def height_at(self, width: int) -> int:
        laid = self._lay(width)[0]
        foot = _FOOT if self._left_out else 0
        return int(max((area.bottom() for area, _ in laid), default=0)) + foot

    def _lay(self, width: int) -> tuple[list[tuple[QRectF, Chip]], list[tuple[QRectF, str]]]:
        if self._laid[0] != width:
            self._laid = (width, *self._arranged(width))
        return self._laid[1], self._laid[2]

    def _arranged(self, width: int) -> tuple[list[tuple[QRectF, Chip]], list[tuple[QRectF, str]]]:
        small = QFontMetricsF(sized(self.font(), SMALL))
        normal = QFontMetricsF(sized(self.font(), 13))
        margin = max((small.horizontalAdvance(line.label) + 10 for line in self._lines), default=0)
        margin = margin if any(line.label for line in self._lines) else 0.0
        chips: list[tuple[QRectF, Chip]] = []
        labels: list[tuple[QRectF, str]] = []
        y = 0.0
        for line in self._lines:
            labels.append((QRectF(0, y, margin, _TALL), line.label))
            x = margin
            for chip in line.chips:
                needed = max(
                    normal.horizontalAdvance(chip.word), small.horizontalAdvance(chip.note)
                )
                wide = min(needed + 2 * _PAD + 2, _WIDEST)
                if x > margin and x + wide > width:
                    x, y = margin, y + _TALL + _GAP
                chips.append((QRectF(x, y, wide, _TALL), chip))
                x += wide + _GAP
            y += _TALL + _GAP
        return chips, labels

    @override
    def draw(self, painter: QPainter) -> None:
        chips, labels = self._lay(self.width())
        font = painter.font()
        for area, label in labels:
            painter.setFont(sized(font, SMALL))
            self.write(painter, area, label, LEFT, "muted")
        for area, chip in chips:
            self._draw_chip(painter, area, chip)
        painter.setFont(sized(font, SMALL))
        if self._left_out:
            foot = QRectF(0, self.height() - _FOOT, self.width(), _FOOT)
            self.write(painter, foot, f"and {self._left_out:,} more", LEFT, "muted")
        painter.setFont(font)

    def _draw_chip(self, painter: QPainter, area: QRectF, chip: Chip) -> None:
        there, pointed = chip.row >= 0, chip.row == self._pointed
        lit = there and (pointed or chip.row in self._selected)
        style = Qt.PenStyle.SolidLine if there else Qt.PenStyle.DashLine
        painter.setPen(QPen(self.colour("accent" if lit else "border"), 1, style))
        painter.setBrush(self.colour("accent_soft" if there else "panel"))
        painter.drawRoundedRect(area.adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)
        inner = area.adjusted(_PAD, 4, -_PAD + 2, -4)
        font = painter.font()
        painter.setFont(sized(font, 13))
        upper = QRectF(inner.left(), inner.top(), inner.width(), inner.height() * 0.54)
        self.write(painter, upper, chip.word, LEFT, "text" if there else "muted")
        painter.setFont(sized(font, SMALL))
        lower = QRectF(inner.left(), upper.bottom(), inner.width(), inner.bottom() - upper.bottom())
        self.write(painter, lower, chip.note, LEFT, "muted")
        painter.setFont(font)
