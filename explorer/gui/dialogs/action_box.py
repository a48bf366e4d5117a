"""The lower edge of a dialog that stays open: do it, or close."""

from __future__ import annotations

from PySide6.QtWidgets import QDialogButtonBox, QPushButton, QWidget


class ActionBox(QDialogButtonBox):
    """One button that does what the dialog is for, and one that closes it.

    accepted: it is to be done. rejected: the dialog is to be closed.
    """

    def __init__(
        self, name: str, verb: str, tip: str, close_tip: str, parent: QWidget | None = None
    ) -> None:
        """name: of the dialog, for the names of its buttons: `<name>_do` and `<name>_close`. verb:
        on the button, with its mnemonic."""
        super().__init__(parent)
        self.action = self._add(f"&{verb}…", f"{name}_do", tip, self.ButtonRole.AcceptRole)
        self.action.setAccessibleName(verb)
        self.action.setProperty("role", "primary")
        self.action.style().polish(self.action)  # adding it has polished it already
        self.action.setDefault(True)
        close = self._add("Close", f"{name}_close", close_tip, self.ButtonRole.RejectRole)
        close.setAccessibleName("Close")

    def _add(
        self, text: str, name: str, tip: str, role: QDialogButtonBox.ButtonRole
    ) -> QPushButton:
        button = self.addButton(text, role)
        button.setObjectName(name)
        button.setToolTip(tip)
        return button
