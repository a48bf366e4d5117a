"""What stands in a list where nothing was found: why, and a way out."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QSizePolicy, QVBoxLayout, QWidget

from explorer.gui.widgets.named import named
from explorer.gui.widgets.plain import plain_label, plain_tooltip, token_text


class NothingFound(QWidget):
    """A sentence in the middle, and spellings to choose from. chosen: one of them."""

    chosen = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._why = plain_label(f"{name}_why", "muted", wrap=True)
        self._why.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._lead = plain_label(f"{name}_lead", "muted")
        self._lead.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._offers = QVBoxLayout()
        self._offers.setSpacing(4)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 12)
        layout.setSpacing(8)
        layout.addStretch(2)
        layout.addWidget(self._why)
        layout.addWidget(self._lead)
        layout.addLayout(self._offers)
        layout.addStretch(3)

    def show_why(self, sentence: str, near: Sequence[str] = ()) -> None:
        """near: tokens spelt nearly so."""
        self._why.setText(sentence)
        self._lead.setText("Spelt nearly so:")
        self._lead.setVisible(bool(near))
        while (entry := self._offers.takeAt(0)) is not None:
            if (old := entry.widget()) is not None:
                old.hide()
                old.deleteLater()
        for place, token in enumerate(near):
            self._offers.addWidget(self._offer(place, token), 0, Qt.AlignmentFlag.AlignHCenter)

    def _offer(self, place: int, token: str) -> QPushButton:
        tip = plain_tooltip(f"Search {token_text(token)} instead")
        button = QPushButton(token_text(token, 30).replace("&", "&&"), self)
        named(button, f"{self.objectName()}_offer{place + 1}", f"Search {token_text(token)}", tip)
        button.setProperty("role", "chip")
        button.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        button.clicked.connect(lambda: self.chosen.emit(token))
        return button
