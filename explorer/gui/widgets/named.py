"""What every widget that can be used has: a name in code, a name for screen readers, a tooltip."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtWidgets import QWidget

AnyWidget = TypeVar("AnyWidget", bound=QWidget)


def named(widget: AnyWidget, name: str, title: str, tip: str) -> AnyWidget:
    """The widget itself. name: of the object, as the style sheet and tests find it. title: what a
    screen reader says."""
    widget.setObjectName(name)
    widget.setAccessibleName(title)
    widget.setToolTip(tip)
    return widget
