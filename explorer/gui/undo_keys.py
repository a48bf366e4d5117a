"""Undo and redo keys that a field has no use for go to the window."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractSpinBox, QLineEdit, QWidget
from typing_extensions import override

_UNDO, _REDO = QKeySequence.StandardKey.Undo, QKeySequence.StandardKey.Redo


class UndoKeys(QObject):
    """Qt's line edits claim Ctrl+Z even where there is no typing to undo; then nothing at all
    happens. This lets the key through to the window's own undo."""

    def watch(self, window: QWidget) -> None:
        """Watches every line edit and spin box of a window; those that come later are not."""
        for kind in (QLineEdit, QAbstractSpinBox):
            for field in window.findChildren(kind):
                field.installEventFilter(self)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
            return False
        field = watched.findChild(QLineEdit) if isinstance(watched, QAbstractSpinBox) else watched
        if not isinstance(field, QLineEdit):
            return False
        idle = (event.matches(_UNDO) and not field.isUndoAvailable()) or (
            event.matches(_REDO) and not field.isRedoAvailable()
        )
        if idle:
            event.ignore()
        return idle
