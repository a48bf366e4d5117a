"""Keeps the wheel for scrolling: a box under the mouse turns only once it has been chosen."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QAbstractSpinBox, QComboBox, QWidget
from typing_extensions import override


class WheelGuard(QObject):
    """Watches the boxes inside a widget; their parent gets the wheel while they have no focus."""

    def watch(self, content: QWidget) -> None:
        """All boxes that are in it now."""
        for kind in (QAbstractSpinBox, QComboBox):
            for box in content.findChildren(kind):
                box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
                box.installEventFilter(self)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        wheel = event.type() == QEvent.Type.Wheel
        if wheel and isinstance(watched, QWidget) and not watched.hasFocus():
            event.ignore()
            return True
        return super().eventFilter(watched, event)
