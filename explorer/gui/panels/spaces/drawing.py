"""How a neighbour in a space is drawn, and the line from it to itself in the next."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen

from explorer.gui.panels.spaces.shifts import DOWN, NEW, SAME, UP, Entry
from explorer.gui.theme import Theme

GAP = 56  # pixels between two columns, where the lines run
_RANK = 26
_PADDING = 4
_USUAL, _SMALL = 13, 11  # pixels, of the letters
_COLOURS = {SAME: "muted", UP: "rise", DOWN: "warning", NEW: "accent"}
_LEFT, _RIGHT = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight


class Drawing:
    """Draws with a painter. lit: the row that is pointed at, -1 for none."""

    def __init__(self, painter: QPainter, theme: Theme, font: QFont, lit: int) -> None:
        self._painter, self._theme, self._font, self._lit = painter, theme, font, lit

    def slope(self, row: int, shift: str, start: QRectF, stop: QRectF) -> None:
        """From a cell to one in the next column."""
        begin = QPointF(start.right(), start.center().y())
        end = QPointF(stop.left(), stop.center().y())
        path, bend = QPainterPath(begin), QPointF(GAP * 0.45, 0)
        path.cubicTo(begin + bend, end - bend, end)
        colour = QColor(self._theme.colour(_COLOURS[shift]))
        faint = self._lit >= 0 or shift == SAME
        colour.setAlphaF(1.0 if row == self._lit else 0.35 if faint else 0.75)
        self._painter.setPen(QPen(colour, 2.4 if row == self._lit else 1.5))
        self._painter.setBrush(Qt.BrushStyle.NoBrush)
        self._painter.drawPath(path)

    def entry(self, cell: QRectF, entry: Entry, name: str, chosen: bool) -> None:
        """A rank, a token, how far it has come, and how far it will fall."""
        ground = "accent_soft" if chosen else "hover" if entry.row == self._lit else ""
        if ground:
            self._painter.setPen(Qt.PenStyle.NoPen)
            self._painter.setBrush(self._theme.colour(ground))
            self._painter.drawRoundedRect(cell.adjusted(0, 1, 0, -1), 4, 4)
        new = entry.shift == NEW
        rank = QRectF(cell.left(), cell.top(), _RANK, cell.height())
        wide = self._advance(entry.mark) + 2
        mark = QRectF(cell.right() - wide - _PADDING, cell.top(), wide, cell.height())
        token = cell.adjusted(_RANK + 8, 0, -_PADDING - wide - 4, 0)
        self._write(rank, str(entry.rank), _RIGHT, "muted")
        self._write(token, name, _LEFT, "accent" if new else "text", strong=new)
        self._write(mark, entry.mark, _RIGHT, _COLOURS[entry.shift], small=True)
        if entry.leaves:
            self._leaving(cell, entry.leaves)

    def focus(self, cell: QRectF) -> None:
        """Where the keys are."""
        self._painter.setPen(QPen(self._theme.colour("accent"), 1))
        self._painter.setBrush(Qt.BrushStyle.NoBrush)
        self._painter.drawRoundedRect(cell.adjusted(0.5, 1.5, -0.5, -1.5), 4, 4)

    def _leaving(self, cell: QRectF, text: str) -> None:
        """By how far a token falls out of the next list, above the lines that cross there."""
        beyond = QRectF(cell.right() + 3, cell.top(), GAP - 6, cell.height())
        wide = min(beyond.width(), self._advance(text) + 6)
        ground = QRectF(beyond.left(), cell.center().y() - 8, wide, 16)
        self._painter.fillRect(ground, self._theme.colour("panel"))
        self._write(beyond.adjusted(3, 0, 0, 0), text, _LEFT, "error", small=True)

    def _advance(self, text: str) -> float:
        """Of a small text, pixels."""
        return QFontMetricsF(self._sized(small=True, strong=False)).horizontalAdvance(text)

    def _sized(self, *, small: bool, strong: bool) -> QFont:
        font = QFont(self._font)
        font.setPixelSize(_SMALL if small else _USUAL)
        if strong:
            font.setWeight(QFont.Weight.DemiBold)
        return font

    def _write(
        self,
        area: QRectF,
        text: str,
        side: Qt.AlignmentFlag,
        colour: str,
        *,
        small: bool = False,
        strong: bool = False,
    ) -> None:
        font = self._sized(small=small, strong=strong)
        self._painter.setFont(font)
        self._painter.setPen(self._theme.colour(colour))
        fitting = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, area.width())
        flags = side | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
        self._painter.drawText(area, int(flags), fitting)
