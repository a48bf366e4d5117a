"""One quiet line above the map that says what happened; opens into a list; never in the way."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from explorer.errors import ExplorerError
from explorer.gui.theme import Theme
from explorer.table import Note

_ICONS = {
    "info": "mdi6.information-outline",
    "warning": "mdi6.alert-outline",
    "error": "mdi6.alert-circle-outline",
}


class MessageBar(QFrame):
    """Shows one message of a level, with details that fold out. Hidden while there is none."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setObjectName("message_bar")
        self.setProperty("role", "message")
        self._icon = _IconLabel(self)
        self._text = _plain_label("message_text")
        self._details = _plain_label("message_details")
        self._details.setProperty("role", "muted")
        self._more = self._button("message_more", "Details", "Show or hide the details")
        self._more.setCheckable(True)
        self._more.toggled.connect(self._details.setVisible)
        self._close = self._button("message_close", "✕", "Dismiss this message")
        self._close.setAccessibleName("Dismiss")
        self._close.clicked.connect(self.hide)
        self._arrange()
        self.hide()

    @property
    def text(self) -> str:
        return self._text.text()

    def show_error(self, error: Exception) -> None:
        """An error, its hint as the second sentence."""
        if isinstance(error, ExplorerError):
            self._show("error", str(error), "")
        else:
            self._show("error", "Something unforeseen happened; nothing was lost.", repr(error))

    def show_notes(self, title: str, notes: Sequence[Note]) -> None:
        """A load report; nothing is shown where there is nothing to tell."""
        if not notes:
            self.hide()
            return
        level = "warning" if any(note.level == "warning" for note in notes) else "info"
        lines = [note.message for note in sorted(notes, key=lambda note: note.level != "warning")]
        if len(lines) == 1:
            self._show(level, f"{title} {lines[0]}", "")
        else:
            self._show(level, f"{title} {len(lines)} things to know: {lines[0]}", "\n".join(lines))

    def clear_error(self, begun: bool) -> None:
        """An error is of the work before: when other work has begun, it goes."""
        if begun and self.property("level") == "error":
            self.hide()

    def show_info(self, text: str) -> None:
        self._show("info", text, "")

    def _show(self, level: str, text: str, details: str) -> None:
        self.setProperty("level", level)
        self.style().unpolish(self)
        self.style().polish(self)
        self._theme.set_icon(self._icon, _ICONS[level])
        self._text.setText(text)
        self._text.setAccessibleName(text)
        self._details.setText(details)
        self._more.setChecked(False)
        self._details.hide()
        self._more.setVisible(bool(details))
        self.show()

    def _button(self, name: str, text: str, tip: str) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(name)
        button.setText(text)
        button.setAccessibleName(text)
        button.setToolTip(tip)
        return button

    def _arrange(self) -> None:
        line = QHBoxLayout()
        line.addWidget(self._icon)
        line.addWidget(self._text, 1)
        line.addWidget(self._more)
        line.addWidget(self._close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 4, 8, 4)
        layout.setSpacing(2)
        layout.addLayout(line)
        layout.addWidget(self._details)


class _IconLabel(QLabel):
    """A picture that follows the theme as a button's icon does."""

    def setIcon(self, icon: QIcon) -> None:
        self.setPixmap(icon.pixmap(18, 18))


def _plain_label(name: str) -> QLabel:
    label = QLabel()
    label.setObjectName(name)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
