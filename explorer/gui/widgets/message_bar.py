"""One quiet line above the map that says what happened; opens into a list; never in the way."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QIcon, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from explorer.errors import ExplorerError
from explorer.gui.theme import Theme
from explorer.gui.widgets.named import named
from explorer.table import Note

_ICONS = {
    "info": "mdi6.information-outline",
    "warning": "mdi6.alert-outline",
    "error": "mdi6.alert-circle-outline",
}
_ICON, _SMALL_ICON = 18, 15
_GAP = 8
_MOST = 190  # the map stays the larger part of the window


class MessageBar(QFrame):
    """Shows one message of a level, with details that fold out. Hidden while there is none."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setObjectName("message_bar")
        self.setProperty("role", "message")
        self._icon = _IconLabel(self)
        self._text = _plain_label("message_text")
        self._folded = self._unfolded = ""
        self._details = NoteList(theme, self)
        self._more = self._button("message_more", "Details ▸", "Show or hide the details")
        self._more.setAccessibleName("Details")
        self._more.setCheckable(True)
        self._more.toggled.connect(self._fold)
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
            self._show("error", str(error))
        else:
            text = "Something unforeseen happened; nothing was lost."
            self._show("error", text, text, [Note(repr(error))])

    def show_notes(self, title: str, notes: Sequence[Note]) -> None:
        """A load report; nothing is shown where there is nothing to tell."""
        if not notes:
            self.hide()
            return
        first, *others = sorted(notes, key=lambda note: note.level != "warning")
        if others:
            heading = f"{title} {len(notes)} things to know:"
            self._show(first.level, f"{heading} {first.message}", heading, [first, *others])
        else:
            self._show(first.level, f"{title} {first.message}")

    def clear_error(self, begun: bool) -> None:
        """An error is of the work before: when other work has begun, it goes."""
        if begun and self.property("level") == "error":
            self.hide()

    def show_info(self, text: str) -> None:
        self._show("info", text)

    def _show(
        self, level: str, folded: str, unfolded: str = "", details: Sequence[Note] = ()
    ) -> None:
        """folded, unfolded: the line, while the details are hidden and while they are shown."""
        self.setProperty("level", level)
        self.style().unpolish(self)
        self.style().polish(self)
        self._theme.set_icon(self._icon, _ICONS[level])
        self._folded, self._unfolded = folded, unfolded
        self._details.show_notes(details)
        self._more.setVisible(bool(details))
        self._more.setChecked(False)
        self._fold(False)
        self.show()

    def _fold(self, shown: bool) -> None:
        text = self._unfolded if shown else self._folded
        self._text.setText(text)
        self._text.setAccessibleName(text)
        self._more.setText("Details ▾" if shown else "Details ▸")
        self._details.setVisible(shown)

    def _button(self, name: str, text: str, tip: str) -> QToolButton:
        button = named(QToolButton(self), name, text, tip)
        button.setText(text)
        return button

    def _arrange(self) -> None:
        line = QHBoxLayout()
        line.setSpacing(_GAP)
        line.addWidget(self._icon)
        line.addWidget(self._text, 1)
        line.addWidget(self._more)
        line.addWidget(self._close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 4, 8, 4)
        layout.setSpacing(2)
        layout.addLayout(line)
        layout.addWidget(self._details)


class NoteList(QScrollArea):
    """Notes one below the other, each with the sign of its level; a long list scrolls."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setObjectName("message_details")
        self.setAccessibleName("What there is to know, one below the other")
        self.setToolTip("The load report; scroll where it is long")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.hide()

    def show_notes(self, notes: Sequence[Note]) -> None:
        """Shows these instead of those before."""
        inner = QWidget()
        rows = QGridLayout(inner)
        rows.setContentsMargins(_GAP + _ICON, 0, _GAP, 6)  # below the text, not below its sign
        rows.setHorizontalSpacing(_GAP)
        rows.setVerticalSpacing(5)
        rows.setColumnStretch(1, 1)
        for place, note in enumerate(notes):
            icon, text = _IconLabel(inner, _SMALL_ICON), _plain_label(f"message_note_{place}")
            self._theme.set_icon(icon, _ICONS[note.level])
            text.setText(note.message)
            rows.addWidget(icon, place, 0, Qt.AlignmentFlag.AlignTop)
            rows.addWidget(text, place, 1, Qt.AlignmentFlag.AlignVCenter)
        self.setWidget(inner)
        self._fit()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """As high as the notes are, wrapped at this width; up to a limit. (A resizable widget of
        wrapped labels would get the height they have where they are narrowest.)"""
        inner, width = self.widget(), self.viewport().width()
        if inner is not None:
            height = max(0, inner.heightForWidth(width))  # -1 where there is no note
            inner.resize(width, height)
            self.setFixedHeight(min(_MOST, height))


class _IconLabel(QLabel):
    """A picture that follows the theme as a button's icon does. size: pixels."""

    def __init__(self, parent: QWidget, size: int = _ICON) -> None:
        super().__init__(parent)
        self._size = size

    def setIcon(self, icon: QIcon) -> None:
        self.setPixmap(icon.pixmap(self._size, self._size))


def _plain_label(name: str) -> QLabel:
    label = QLabel()
    label.setObjectName(name)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
