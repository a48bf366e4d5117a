"""A few choices beside each other, one of them made."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QToolButton, QWidget

from explorer.gui.widgets.named import named


class Segments(QWidget):
    """chosen: the text of the choice, by the user or by `choose`."""

    chosen = Signal(str)

    def __init__(
        self, choices: Sequence[tuple[str, str]], name: str, parent: QWidget | None = None
    ) -> None:
        """choices: (text, tooltip) of each."""
        super().__init__(parent)
        self.setObjectName(name)
        self._group = QButtonGroup(self)
        self._buttons: dict[str, QToolButton] = {}
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        for text, tip in choices:
            button = named(QToolButton(self), f"{name}_{text.lower()}", text, tip)
            button.setText(text)
            button.setCheckable(True)
            self._group.addButton(button)
            self._buttons[text] = button
            layout.addWidget(button)
        self._buttons[choices[0][0]].setChecked(True)
        self._group.buttonToggled.connect(self._tell)

    @property
    def choice(self) -> str:
        """The text of the choice made."""
        return next(text for text, one in self._buttons.items() if one.isChecked())

    def choose(self, text: str) -> None:
        """Makes this choice."""
        self._buttons[text].setChecked(True)

    def _tell(self, button: QToolButton, checked: bool) -> None:
        if checked:
            self.chosen.emit(button.text())
