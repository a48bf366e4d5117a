"""Under the heat map: the odd one out, and the pair that is pointed at."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from explorer.gui.widgets.named import named
from explorer.gui.widgets.plain import decimal, plain_label


class Foot(QWidget):
    """odd_chosen: the odd one out was clicked."""

    odd_chosen = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("compare_foot")
        self._label = plain_label("compare_odd_label", "muted")
        self._label.setText("Odd one out:")
        tip = "The least similar to the mean of all; click to select it"
        self._odd = named(QToolButton(self), "compare_odd", "Odd one out", tip)
        self._odd.clicked.connect(self.odd_chosen)
        self._pair = plain_label("compare_words")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self._label)
        layout.addWidget(self._odd)
        layout.addStretch(1)
        layout.addWidget(self._pair)
        self.show_odd("", 0.0)

    def show_odd(self, name: str, cosine: float) -> None:
        """The name of the odd one out, and its cosine with the mean; "" for none."""
        for widget in (self._label, self._odd):
            widget.setVisible(bool(name))
        self._odd.setText(f"{name} · cosine {decimal(cosine, 2)} with the mean of all")
        self._odd.setAccessibleDescription(self._odd.text())

    def show_pair(self, words: str) -> None:
        """What the cell that is pointed at says; "" for none."""
        self._pair.setText(words)
