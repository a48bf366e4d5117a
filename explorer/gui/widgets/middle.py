"""Where something stands on a page that it does not fill."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget


def in_the_middle(hint: QLabel, width: int) -> QWidget:
    """A page with a few lines of text, `width` pixels wide, a little above its middle."""
    page = QWidget()
    layout = QVBoxLayout(page)
    layout.addStretch(2)
    layout.addLayout(across(hint, width))
    layout.addStretch(3)
    return page


def at_the_top(widget: QWidget) -> QWidget:
    """A page with a widget, and room under it."""
    page = QWidget()
    layout = QVBoxLayout(page)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.addWidget(widget)
    layout.addStretch(1)
    return page


def across(label: QLabel, width: int) -> QHBoxLayout:
    """A label in the middle of a line. (Aligned by its layout, Qt would give a wrapped text the
    height of an unwrapped one.)"""
    label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
    label.setFixedWidth(width)
    line = QHBoxLayout()
    line.addStretch(1)
    line.addWidget(label)
    line.addStretch(1)
    return line
