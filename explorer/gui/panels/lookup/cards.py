"""A piece as it is painted: what is known of it in two columns, and its vector below."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFont, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem
from typing_extensions import override

from explorer.gui.panels.lookup.model import CARD, Card
from explorer.gui.theme import Theme
from explorer.gui.widgets.strip import paint_strip

_Index = QModelIndex | QPersistentModelIndex
_LINE, _STRIP, _GAP, _SIDE, _ABOVE = 18, 10, 4, 8, 8  # pixels
_APART = 8
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class CardDelegate(QStyledItemDelegate):
    """Paints a Card."""

    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        card: Card | None = index.data(CARD)
        if card is None:
            return QSize(100, _LINE)
        strip = 0 if card.vector is None else _STRIP + _GAP
        return QSize(100, 2 * _ABOVE + len(card.lines) * _LINE + strip)

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
        strong = QFont(option.font)
        strong.setWeight(QFont.Weight.DemiBold)
        top = "muted" if card.level == "muted" else "text"
        styles = ((strong, top), (option.font, card.level or "muted"), (option.font, "muted"))
        for (left, right), (font, colour) in zip(card.lines, styles, strict=False):
            painter.setFont(option.font)
            used = self._write(painter, line, right, "muted", _RIGHT)
            painter.setFont(font)
            self._write(painter, line.adjusted(0, 0, -used - _APART, 0), left, colour, _LEFT)
            line.translate(0, _LINE)
        if card.vector is not None:
            strip = QRect(area.left(), line.top() + _GAP, area.width(), _STRIP)
            paint_strip(painter, strip, card.vector, self._theme)

    def _write(
        self, painter: QPainter, area: QRect, text: str, colour: str, where: Qt.AlignmentFlag
    ) -> int:
        """Writes one line, cut off where it is too long; its width in pixels."""
        metrics = painter.fontMetrics()
        fitting = metrics.elidedText(text, Qt.TextElideMode.ElideRight, area.width())
        painter.setPen(self._theme.colour(colour))
        painter.drawText(area, where, fitting)
        return metrics.horizontalAdvance(fitting)
