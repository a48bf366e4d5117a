"""What is shown over the map while a file hangs above the window."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QLabel, QWidget
from typing_extensions import override


class DropTarget(QLabel):
    """A card as large as the widget it lies over; hidden until `show`."""

    def __init__(self, over: QWidget, text: str = "Drop to open") -> None:
        super().__init__(text, over)
        self.setObjectName("drop_target")
        self.setProperty("role", "drop")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        over.installEventFilter(self)
        self.hide()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and isinstance(watched, QWidget):
            self.setGeometry(watched.rect().adjusted(12, 12, -12, -12))
        return super().eventFilter(watched, event)
