"""A cross at the end of a line of text that empties it, in the colours of the theme."""

from __future__ import annotations

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLineEdit

from explorer.gui.theme import Theme


def add_clear_button(line: QLineEdit, theme: Theme) -> QAction:
    """Qt's own is black, also where the line is."""
    action = QAction("Clear", line)
    action.setToolTip("Empty this line")
    theme.set_icon(action, "mdi6.close")
    action.triggered.connect(lambda _=False: line.clear())
    line.addAction(action, QLineEdit.ActionPosition.TrailingPosition)
    line.textChanged.connect(lambda text: action.setVisible(bool(text)))
    action.setVisible(bool(line.text()))
    return action
