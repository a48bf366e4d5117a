"""A line of text that can point at the character which is wrong."""

from __future__ import annotations

from PySide6.QtCore import QRect, Signal
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit, QWidget
from typing_extensions import override

from explorer.gui.theme import Theme

_MARK = 2  # pixels, the line under the character that is wrong


class MarkedLine(QLineEdit):
    """entered: the keyboard came here."""

    entered = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._marked = -1

    @property
    def marked(self) -> int:
        """The position of the character underlined, or -1."""
        return self._marked

    def mark(self, position: int) -> None:
        """Underlines the character at this position; -1 for none."""
        self._marked = position
        self.update()

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.entered.emit()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._marked < 0:
            return
        painter = QPainter(self)
        area = self.rect().adjusted(4, 0, -4, 0)
        painter.fillRect(self._under(self._marked) & area, self._theme.colour("error"))

    def _under(self, position: int) -> QRect:
        """Below a character; Qt tells no place in a scrolled line but the cursor's."""
        measure, text = self.fontMetrics(), self.text()
        cursor = self.cursorRect()
        left = cursor.center().x() - measure.horizontalAdvance(text[: self.cursorPosition()])
        left += measure.horizontalAdvance(text[:position])
        width = max(6, measure.horizontalAdvance(text[position : position + 1]))
        return QRect(left, cursor.bottom() - 1, width, _MARK)
