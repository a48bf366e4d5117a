"""What keys and mouse do, on a card beside the window."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QHBoxLayout,
    QVBoxLayout,
    QWidget,
)

from explorer.gui.widgets.plain import plain_label

Lines = tuple[tuple[str, str], ...]

_MAP: Lines = (
    ("Wheel, + and –", "zoom"),
    ("Drag, arrow keys", "move; turn, in 3-D"),
    ("Click, box, lasso", "select"),
    ("… with Shift", "add to the selection"),
    ("… with Alt or Ctrl+Shift", "take out of the selection"),
    ("Ctrl+click", "add or take out"),
    ("Right click, Menu", "what can be done"),
    ("Double click, Home", "show everything"),
    ("Esc", "select nothing"),
    ("Ctrl+1 … Ctrl+4, F6", "go to a map, to the next one"),
)
_SELECTION: Lines = (
    ("Ctrl+A, Ctrl+Shift+A", "all rows shown, none"),
    ("Ctrl+Shift+I", "the other rows shown"),
    ("Ctrl+G", "grow by neighbours"),
    ("Ctrl+Shift+G", "grow round the mean"),
    ("Ctrl+I", "isolate; again: show all"),
    ("Ctrl+Shift+R", "a map of these rows"),
    ("Ctrl+K", "keep by name"),
    ("Ctrl+Shift+C", "copy the tokens"),
    ("Ctrl+C in a list", "copy its lines, with numbers"),
    ("Ctrl+Shift+E", "export the rows"),
    ("Ctrl+Z, Ctrl+Shift+Z", "undo, redo"),
)
_WINDOW: Lines = (
    ("Ctrl+O", "open a table"),
    ("Ctrl+F", "find a token"),
    ("… then Enter, Ctrl+Enter", "select the best match, all found"),
    ("… with Alt+R, Alt+Y, Alt+C", "a pattern, near spellings, capitals count"),
    ("Ctrl+L", "look a text up"),
    ("Ctrl+J", "ask for neighbours of an expression"),
    ("Ctrl+R", "make the map; again to stop"),
    ("Ctrl+B", "how far to believe the map"),
    ("Ctrl+T", "train a table"),
    ("Ctrl+E", "export the coordinates"),
    ("Ctrl+P, Ctrl+Shift+P", "save a picture, a figure"),
    ("Ctrl+S", "save the table"),
    ("Ctrl+,", "preferences"),
)


class KeysCard(QDialog):
    """Three lists; closes by Esc. Not modal: the keys can be tried while it is there."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("keys_card")
        self.setWindowTitle("Keys and mouse")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        columns = QHBoxLayout()
        columns.setSpacing(36)
        for groups in ((("Map", _MAP), ("Selection", _SELECTION)), (("Window", _WINDOW),)):
            column = QVBoxLayout()
            column.setSpacing(18)
            for title, lines in groups:
                column.addLayout(_group(title, lines))
            column.addStretch(1)
            columns.addLayout(column)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(22, 18, 22, 16)
        layout.setSpacing(16)
        layout.addLayout(columns)
        layout.addWidget(self._buttons())

    def _buttons(self) -> QDialogButtonBox:
        box = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        close = box.button(QDialogButtonBox.StandardButton.Close)
        close.setObjectName("keys_close")
        close.setAccessibleName("Close")
        close.setToolTip("Close this card (Esc)")
        box.rejected.connect(self.close)
        return box


def _group(title: str, lines: Lines) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(18)
    grid.setVerticalSpacing(5)
    grid.setColumnStretch(1, 1)
    heading = plain_label(f"keys_{title.lower()}", "title")
    heading.setText(title)
    grid.addWidget(heading, 0, 0, 1, 2)
    for place, (keys, meaning) in enumerate(lines, start=1):
        for column, text in enumerate((keys, meaning)):
            label = plain_label(f"keys_{title.lower()}_{place}_{column}", "" if column else "muted")
            label.setText(text)
            grid.addWidget(label, place, column)
    return grid
