"""Buttons that are made alike all over the window."""

from __future__ import annotations

from PySide6.QtWidgets import QPushButton, QWidget

from explorer.gui.widgets.named import named


def push_button(name: str, text: str, tip: str, parent: QWidget, *, title: str = "") -> QPushButton:
    """A button. name: of the object. title: for screen readers, where the text says too little."""
    return named(QPushButton(text, parent), name, title or text or tip, tip)


class RunButton(QPushButton):
    """Starts what takes its time, and stops it while it runs: the other text is shown then.

    title: for screen readers, where the texts say too little.
    """

    def __init__(
        self,
        name: str,
        text: str,
        tip: str,
        parent: QWidget,
        *,
        stop: str = "Stop",
        title: str = "",
    ) -> None:
        super().__init__(text, parent)
        self._texts, self._title = (text, stop), title
        named(self, name, title or text, tip)
        self.setProperty("role", "primary")

    def show_busy(self, busy: bool) -> None:
        """Says what a click does now."""
        self.setText(self._texts[busy])
        self.setAccessibleName(self._title or self.text())
        self.setProperty("role", "" if busy else "primary")
        self.style().unpolish(self)
        self.style().polish(self)
