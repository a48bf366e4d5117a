"""A piece as it is painted: three lines, of which the last is its vector."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFont, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem
from typing_extensions import override

from explorer.gui.panels.lookup.model import CARD, Card
from explorer.gui.strip import paint_strip, strip_image
from explorer.gui.theme import Theme

_Index = QModelIndex | QPersistentModelIndex
_LINE, _STRIP, _SIDE, _ABOVE = 18, 10, 8, 6  # pixels
_APART = 8
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class CardDelegate(QStyledItemDelegate):
    """Paints a Card: piece and row; what was done, norm, count, rank; vector."""

    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        card: Card | None = index.data(CARD)
        strip = _STRIP + 4 if card is not None and card.vector is not None else 0
        return QSize(100, 2 * _ABOVE + 2 * _LINE + strip)

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        blank = QStyleOptionViewItem(option)
        self.initStyleOption(blank, index)
        blank.text = ""  # the style draws what lies under the lines
        widget = blank.widget
        widget.style().drawControl(QStyle.ControlElement.CE_ItemViewItem, blank, painter, widget)
        card: Card | None = index.data(CARD)
        if card is None:
            return
        area = option.rect.adjusted(_SIDE, _ABOVE, -_SIDE, -_ABOVE)
        line = QRect(area.left(), area.top(), area.width(), _LINE)
        used = self._write(painter, line, card.row, "muted", _RIGHT)
        strong = QFont(option.font)
        strong.setWeight(QFont.Weight.DemiBold)
        painter.setFont(strong)
        left = line.adjusted(0, 0, -used - _APART if used else 0, 0)
        self._write(painter, left, card.way, "muted" if card.level == "muted" else "text", _LEFT)
        painter.setFont(option.font)
        self._write_second(painter, line.translated(0, _LINE), card)
        if card.vector is not None:
            strip = QRect(area.left(), line.bottom() + _LINE + 5, area.width(), _STRIP)
            paint_strip(painter, strip, strip_image(card.vector, dark=self._theme.dark))

    def _write_second(self, painter: QPainter, line: QRect, card: Card) -> None:
        """What was done on the left, the facts on the right: they are cut off first."""
        used = self._write(painter, line, card.how, card.level or "muted", _LEFT)
        rest = line.adjusted(used + 2 * _APART, 0, 0, 0)
        self._write(painter, rest, card.facts, "muted", _RIGHT)

    def _write(
        self, painter: QPainter, area: QRect, text: str, colour: str, where: Qt.AlignmentFlag
    ) -> int:
        """Writes one line, cut off where it is too long; its width in pixels."""
        metrics = painter.fontMetrics()
        fitting = metrics.elidedText(text, Qt.TextElideMode.ElideRight, area.width())
        painter.setPen(self._theme.colour(colour))
        painter.drawText(area, where, fitting)
        return metrics.horizontalAdvance(fitting)
