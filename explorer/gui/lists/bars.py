"""A quiet bar behind a number of a list."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem
from typing_extensions import override

from explorer.gui.theme import Theme

_Index = QModelIndex | QPersistentModelIndex

SHARE = Qt.ItemDataRole.UserRole  # length of the bar, 0..1; None for no bar


class BarDelegate(QStyledItemDelegate):
    """As long as the model's SHARE says; from the right, or from the left."""

    def __init__(self, theme: Theme, parent: QObject, *, from_left: bool = False) -> None:
        super().__init__(parent)
        self._theme, self._from_left = theme, from_left

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        share = index.data(SHARE)
        plain = QStyleOptionViewItem(option)
        if plain.state & QStyle.StateFlag.State_Selected:  # painted first, or it hid the bar
            painter.fillRect(plain.rect, self._theme.colour("accent_soft"))
            plain.state &= ~QStyle.StateFlag.State_Selected
        if share is not None:
            area: QRect = option.rect.adjusted(4, 4, -2, -4)
            long = int(area.width() * min(1.0, max(0.0, share)))
            if self._from_left:
                area.setWidth(long)
            else:
                area.setLeft(area.right() - long)
            painter.fillRect(area, self._theme.colour("bar"))
        super().paint(painter, plain, index)
