"""What is shown over the map while a file hangs above the window, and what hears of the drop."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QLabel, QWidget
from typing_extensions import override


class DropTarget(QLabel):
    """A card as large as the widget it lies over, shown while files hang above the widget that
    catches them, `over` itself unless another is named. dropped: the files' paths, one or more."""

    dropped = Signal(list)

    def __init__(
        self, over: QWidget, text: str = "Drop to open", *, catching: QWidget | None = None
    ) -> None:
        super().__init__(text, over)
        self.setObjectName("drop_target")
        self.setProperty("role", "drop")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._over, self._catching = over, catching or over
        self._catching.setAcceptDrops(True)
        for watched in {self._over, self._catching}:
            watched.installEventFilter(self)
        self.hide()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._over and event.type() == QEvent.Type.Resize:
            self.setGeometry(self._over.rect().adjusted(12, 12, -12, -12))
        return watched is self._catching and self._catches(event)

    def _catches(self, event: QEvent) -> bool:
        """Whether an event was of a drag."""
        if event.type() == QEvent.Type.DragEnter and isinstance(event, QDragEnterEvent):
            if _paths_of(event.mimeData()):
                event.acceptProposedAction()
                self.show()
                self.raise_()
        elif event.type() == QEvent.Type.DragLeave:
            self.hide()
        elif event.type() == QEvent.Type.Drop and isinstance(event, QDropEvent):
            self.hide()
            if paths := _paths_of(event.mimeData()):
                event.acceptProposedAction()
                self.dropped.emit(paths)
        else:
            return False
        return True


def _paths_of(data: QMimeData) -> list[Path]:
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
