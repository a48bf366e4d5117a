"""Words or ids to look up, what is wrong with them, and the framework that lines of code are of."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from explorer.embedding.ids import IdsError
from explorer.errors import ExplorerError
from explorer.gui.fields.clear_button import add_clear_button
from explorer.gui.fields.marked_line import MarkedLine
from explorer.gui.panels.layer.code_line import FRAMEWORKS
from explorer.gui.panels.layer.segments import Segments
from explorer.gui.panels.layer.stops import stops_in
from explorer.gui.theme import Theme
from explorer.gui.widgets.named import named
from explorer.gui.widgets.plain import plain_label

WORDS, IDS = "Words", "Ids"
_LONGEST = 250_000  # characters; Qt would cut a text at 32,767 without a word
_OF_LISTS = frozenset("[], 0123456789\t\n")
_HINTS = {
    WORDS: "Words to look up, such as: not a bad film",
    IDS: "Ids to look up, such as: [[2, 3], [1, 0], [8, 6]]",
}


def _is_list(text: str) -> bool:
    """Whether a text is numbers in brackets, as many of them closed as opened."""
    whole = text.strip()
    closed = whole[:1] == "[" and whole[-1:] == "]" and text.count("[") == text.count("]")
    return closed and _OF_LISTS.issuperset(whole) and any(map(str.isdigit, whole))


class InputBar(QWidget):
    """asked: (whether it is words, text). framework_chosen: one of FRAMEWORKS. copy_asked:
    for all lines of code."""

    asked = Signal(bool, str)
    framework_chosen = Signal(str)
    copy_asked = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("layer_input")
        self._texts = {WORDS: "", IDS: ""}
        self._own_ids = False  # whether the ids were typed, not filled in
        self.kind = Segments(
            ((WORDS, "Look up typed words"), (IDS, "Look up row numbers, nested in any shape")),
            "layer_kind",
            self,
        )
        self.line = MarkedLine(theme, self)
        self.line.setObjectName("layer_text")
        add_clear_button(self.line, theme)
        self.line.setMaxLength(_LONGEST)
        self.framework = Segments(
            tuple((name, f"Show each step as a line of {name}") for name in FRAMEWORKS),
            "layer_framework",
            self,
        )
        self._copy = self._copy_button(theme)
        self._selected: list[int] = []
        self._selection = self._selection_button()
        self._note = plain_label("layer_note", "muted", wrap=True)
        self._error = plain_label("layer_error", "warning", wrap=True)
        self._error.hide()
        self.setFocusProxy(self.line)
        self._arrange()
        self._hint()
        self.kind.chosen.connect(self._switch)
        self.line.textEdited.connect(self._edited)
        self.line.textChanged.connect(self._typed)
        self.framework.chosen.connect(self.framework_chosen)

    def _copy_button(self, theme: Theme) -> QToolButton:
        tip = "Copy the code of all steps, in the order to run it"
        button = named(QToolButton(self), "layer_copy_code", "Copy all lines of code", tip)
        button.clicked.connect(self.copy_asked)
        theme.set_icon(button, "mdi6.content-copy")
        return button

    def _selection_button(self) -> QToolButton:
        tip = "Look up the selected rows, the first hundred of them, as ids"
        button = named(QToolButton(self), "layer_use_selection", "Look up the selected rows", tip)
        button.setText("Selection")
        button.clicked.connect(self._take_selection)
        return button

    def _arrange(self) -> None:
        upper = QHBoxLayout()
        upper.setSpacing(8)
        upper.addWidget(self.kind)
        upper.addWidget(self.line, 1)
        upper.addWidget(self._selection)
        lower = QHBoxLayout()
        lower.setSpacing(8)
        lower.addWidget(self._note, 1)
        lower.addWidget(self._error, 1)
        lower.addWidget(self.framework)
        lower.addWidget(self._copy)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addLayout(upper)
        layout.addLayout(lower)

    def stops(self) -> list[QWidget]:
        """What takes the keyboard, from left to right and from top to bottom."""
        upper = [*stops_in(self.kind), self.line, self._selection]
        return [*upper, *stops_in(self.framework), self._copy]

    @property
    def words(self) -> bool:
        """Whether words are typed, else ids."""
        return self.kind.choice == WORDS

    def offer(self, words: bool, text: str) -> None:
        """Puts a text there, in place of what was."""
        kind = WORDS if words else IDS
        self._texts = {WORDS: "", IDS: ""} | {kind: text}
        self._own_ids = not words
        self.kind.choose(kind)
        self.line.setText(text)

    def offer_selection(self, rows: list[int]) -> None:
        """Rows that a click makes the ids."""
        self._selected = rows
        self._selection.setEnabled(bool(rows))

    def _take_selection(self) -> None:
        self.kind.choose(IDS)
        self.line.setText(str(self._selected))

    def fill_ids(self, text: str) -> None:
        """What stands there when the user turns to ids and has typed none yet: the same lookup."""
        if not self._own_ids:
            self._texts[IDS] = text

    def say(self, note: str) -> None:
        """What was looked up, in a line; what was wrong is forgotten."""
        self._show(note, "", -1)

    def show_error(self, error: ExplorerError) -> None:
        """What is wrong, and under which character."""
        position = error.position if isinstance(error, IdsError) else None
        text = f"{error.message} {error.hint}".strip()
        if len(self.line.text()) >= _LONGEST:
            text = f"Only the first {_LONGEST:,} characters fit in this line. {text}"
        self._show("", text, -1 if position is None else position)

    def _show(self, note: str, error: str, position: int) -> None:
        self._note.setText(note)
        self._note.setVisible(not error)
        self._error.setText(error)
        self._error.setVisible(bool(error))
        self.line.mark(position)
        self.line.setAccessibleDescription(error or note)

    def _switch(self) -> None:
        self._hint()
        own = self._own_ids
        self.line.setText(self._texts[self.kind.choice])
        self._own_ids = own
        self._tell()

    def _hint(self) -> None:
        kind = self.kind.choice
        self.line.setPlaceholderText(_HINTS[kind])
        self.line.setAccessibleName(f"{kind} to look up")
        self.line.setToolTip(_HINTS[kind])

    def _edited(self, text: str) -> None:
        """A list of numbers in brackets, as tutorials print it, is meant as ids."""
        if self.words and _is_list(text):
            self._texts = {WORDS: "", IDS: text}
            self._own_ids = True
            self.kind.choose(IDS)

    def _typed(self, text: str) -> None:
        self._texts[self.kind.choice] = text
        self._own_ids = self._own_ids or not self.words
        self.line.mark(-1)
        self._tell()

    def _tell(self) -> None:
        self.asked.emit(self.words, self.line.text())
