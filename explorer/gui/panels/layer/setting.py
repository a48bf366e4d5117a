"""Settings in a line: a word and a box each."""

from __future__ import annotations

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QWidget

from explorer.gui.fields.spin_box import DoubleSpinBox, SpinBox
from explorer.gui.widgets.named import named

NONE = "none"


class SettingsRow(QWidget):
    """Settings beside each other, at the left."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(8)
        self._row.addStretch(1)

    def add(self, text: str, widget: QWidget) -> None:
        """A word and the widget it names; "" for a widget that says itself what it is."""
        place = self._row.count() - 1
        if text:
            label = QLabel(text)
            label.setBuddy(widget)
            self._row.insertWidget(place, label)
            place += 1
        self._row.insertWidget(place, widget)

    def add_gap(self) -> None:
        """Room before the next setting."""
        self._row.insertSpacing(self._row.count() - 1, 8)


def whole(name: str, label: str, tip: str, low: int, high: int) -> SpinBox:
    """A box for a whole number."""
    box = named(SpinBox(), name, label, tip)
    box.setRange(low, high)
    box.setKeyboardTracking(False)
    return box


def number(name: str, label: str, tip: str, high: float, step: float) -> DoubleSpinBox:
    """A box for a number from 0."""
    box = named(DoubleSpinBox(), name, label, tip)
    box.setRange(0.0, high)
    box.setDecimals(3)
    box.setSingleStep(step)
    box.setKeyboardTracking(False)
    return box


def choice(name: str, label: str, tip: str, texts: tuple[str, ...]) -> QComboBox:
    """A box with a few choices."""
    box = named(QComboBox(), name, label, tip)
    box.addItems(list(texts))
    return box
