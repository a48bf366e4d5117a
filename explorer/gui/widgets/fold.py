"""A part of a panel that folds away under a line that says what is in it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import (
    QSizePolicy,
    QStyle,
    QStyleOptionToolButton,
    QStylePainter,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override


class Fold(QWidget):
    """`content` under a button; folded at first."""

    def __init__(
        self, title: str, name: str, content: QWidget, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._title, self._note = title, ""
        self._content = content
        self.button = FoldButton(self)
        self.button.setObjectName(name)
        self.button.setAccessibleName(title)
        self.button.setCheckable(True)
        self.button.toggled.connect(self._fold)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.button)
        layout.addWidget(content)
        self._fold(False)

    def set_note(self, note: str) -> None:
        """What stands behind the title, such as the choice that was made inside."""
        self._note = note
        self._write()

    def _fold(self, shown: bool) -> None:
        self._content.setVisible(shown)
        self._write()

    def _write(self) -> None:
        mark = "▾" if self.button.isChecked() else "▸"
        note = f": {self._note}" if self._note else ""
        self.button.setText(f"{mark} {self._title}{note}")
        self.button.setAccessibleDescription(self._note)


class FoldButton(QToolButton):
    """One line of text, at the left, that ends in an ellipsis where it does not fit."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        text = self.text()
        frame = QStyleOptionToolButton()
        self.initStyleOption(frame)
        frame.text = ""
        frame.state &= ~QStyle.StateFlag.State_On  # the mark says it; a filled bar would shout
        painter = QStylePainter(self)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ToolButton, frame)
        area = self.rect().adjusted(2, 0, -2, 0)
        fitting = self.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, area.width())
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, fitting)
