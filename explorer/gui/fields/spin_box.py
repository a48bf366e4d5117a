"""Number boxes whose text keeps away from their border.

Qt's style sheets give the edit field of a spin box no padding (6.8 to 6.11), whatever they say.
"""

from __future__ import annotations

from PySide6.QtWidgets import QDoubleSpinBox, QSpinBox, QWidget

from explorer.gui.widgets.named import named

_INDENT = 6  # pixels
_LARGEST = 2**31 - 1  # that Qt's box holds


class SpinBox(QSpinBox):
    """A box for whole numbers."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lineEdit().setTextMargins(_INDENT, 0, 0, 0)


class DoubleSpinBox(QDoubleSpinBox):
    """A box for numbers with decimals."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lineEdit().setTextMargins(_INDENT, 0, 0, 0)


def seed_box(name: str, tip: str, parent: QWidget) -> SpinBox:
    """A box for the seed of a run. name: of the object."""
    box = named(SpinBox(parent), name, "Seed", tip)
    box.setRange(0, _LARGEST)
    return box
