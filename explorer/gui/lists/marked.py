"""Names of rows with what a search found in them marked; tokens beside what they are read as."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPointF, QRect, Qt
from PySide6.QtGui import QFont, QPainter, QTextCharFormat, QTextLayout, QTextOption
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem
from typing_extensions import override

from explorer.errors import ExplorerError
from explorer.gui.theme import Theme
from explorer.searching import Search, Spans
from explorer.tokens import shown

_LONGEST = 60  # characters of a token beside its name
_SIDE, _APART = 6, 10  # pixels


class Marked(NamedTuple):
    """name: as the row is called; token: itself, where that is another text, else "". The spans are
    stretches of each, [start, stop)."""

    name: str
    spans: Spans
    token: str = ""
    token_spans: Spans = []  # noqa: RUF012  (never changed)


def marked_name(token: str, read: str, name: str, search: Search | None) -> Marked:
    """What is painted of a row, and what of it a search found.

    read: what the token is read as. name: one of the two, as the row is called; the other stands
    beside it where that is the one found. The token always stands there.
    """
    plain = shown(token, _LONGEST)
    beside = "" if plain == name else plain
    if search is None or not search.text or not search.quick:
        return Marked(name, [], beside)
    spans = _spans(search, name)
    if spans:
        return Marked(name, spans, beside)
    other = beside or ("" if read == name else read)
    found = _spans(search, other) if other else []
    return Marked(name, [], other, found) if found else Marked(name, [], beside)


def _spans(search: Search, text: str) -> Spans:
    try:
        return search.spans(text.replace("␣", " "))
    except ExplorerError:  # told where the search was asked for
        return []


class MarkedDelegate(QStyledItemDelegate):
    """Paints Marked: what was found in the colour that leads, the token quietly beside."""

    def __init__(self, theme: Theme, role: Qt.ItemDataRole, parent: QObject) -> None:
        super().__init__(parent)
        self._theme, self._role = theme, role

    @override
    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        marked = index.data(self._role)
        blank = QStyleOptionViewItem(option)
        self.initStyleOption(blank, index)
        blank.text = ""  # the style draws what lies under the text
        widget = blank.widget
        widget.style().drawControl(QStyle.ControlElement.CE_ItemViewItem, blank, painter, widget)
        if marked is None:
            return
        area = option.rect.adjusted(_SIDE, 0, -_SIDE, 0)
        used = self._draw(painter, area, option.font, marked.name, marked.spans, "text")
        if marked.token:
            beside = area.adjusted(used + _APART, 0, 0, 0)
            self._draw(painter, beside, option.font, marked.token, marked.token_spans, "muted")

    def _draw(
        self, painter: QPainter, area: QRect, font: QFont, text: str, spans: Spans, colour: str
    ) -> int:
        """Draws one line, cut off where it is too long; its width in pixels."""
        if area.width() <= _APART:
            return 0
        metrics = painter.fontMetrics()
        fitting = metrics.elidedText(text, Qt.TextElideMode.ElideRight, area.width())
        layout = QTextLayout(fitting, font)
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.NoWrap)
        layout.setTextOption(option)
        kept = len(fitting) - (fitting != text)
        layout.setFormats([self._format(fitting, start, min(stop, kept)) for start, stop in spans])
        layout.beginLayout()
        line = layout.createLine()
        line.setLineWidth(float(area.width()))
        layout.endLayout()
        painter.setPen(self._theme.colour(colour))
        top = area.top() + (area.height() - line.height()) / 2
        layout.draw(painter, QPointF(area.left(), top))
        return round(line.naturalTextWidth())

    def _format(self, text: str, start: int, stop: int) -> QTextLayout.FormatRange:
        look = QTextCharFormat()
        look.setForeground(self._theme.colour("accent"))
        look.setFontWeight(QFont.Weight.DemiBold)
        found = QTextLayout.FormatRange()
        first, last = _units(text[:start]), _units(text[: max(start, stop)])
        found.start, found.length, found.format = first, last - first, look
        return found


def _units(text: str) -> int:
    """Length as Qt counts it: two for what lies beyond U+FFFF."""
    return len(text) + sum(char > "\uffff" for char in text)
