"""The order in which Tab walks: as things are seen, not as they were made."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractSpinBox, QComboBox, QWidget


def stops_in(parent: QWidget) -> list[QWidget]:
    """What takes the keyboard in a widget, in the order in which it was made."""
    return [
        widget
        for widget in parent.findChildren(QWidget)
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and not isinstance(widget.parent(), QAbstractSpinBox | QComboBox)
        and widget.window() is parent.window()  # no list that pops up
    ]


def walk(stops: Iterable[QWidget]) -> None:
    """Makes this the order."""
    for one, next_one in pairwise(stops):
        QWidget.setTabOrder(one, next_one)
