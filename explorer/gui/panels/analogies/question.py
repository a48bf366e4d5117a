"""Three tokens that are typed, and examples to begin with."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from explorer.gui.fields.expressions import Expressions
from explorer.gui.fields.token_field import TokenField
from explorer.gui.fields.typed_tokens import row_of
from explorer.gui.fields.unknown_tokens import UnknownTokens
from explorer.gui.panels.analogies.asking import OFFERED, Example, Three
from explorer.gui.state.session import Session
from explorer.gui.tasks.jobs import Jobs
from explorer.gui.theme import Theme
from explorer.gui.widgets.named import named
from explorer.gui.widgets.plain import plain_label
from explorer.table import Table

_PAUSE = 250  # milliseconds without a key before the tokens are read


class QuestionLine(QWidget):
    """ "a is to b as c is to ?". changed: something else may be asked."""

    changed = Signal()

    def __init__(
        self, session: Session, jobs: Jobs, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("analogies_question")
        self._session = session
        self._examples: tuple[Example, ...] = ()
        self._unsettled = False  # a token is being chosen, and not named as unknown yet
        expressions = Expressions(session, jobs, self)
        self.fields = [self._field(letter, expressions, theme) for letter in "abc"]
        self.setFocusProxy(self.fields[0])
        self._chips = [self._chip(place) for place in range(OFFERED)]
        self._unknown = UnknownTokens("analogies_unknown", session, jobs, self)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PAUSE)
        self._arrange()
        self._wire()

    def _field(self, letter: str, expressions: Expressions, theme: Theme) -> TokenField:
        field = TokenField(f"analogies_{letter}", expressions, theme, parent=self)
        field.setAccessibleName(f"Token {letter}")
        field.setPlaceholderText(letter)
        field.setToolTip("A token, or #12 for row 12")
        return field

    def _chip(self, place: int) -> QPushButton:
        chip = named(QPushButton(self), f"analogies_example_{place + 1}", "Example", "Ask this")
        chip.setProperty("role", "chip")
        chip.clicked.connect(lambda: self.take_example(place))
        chip.hide()
        return chip

    def _arrange(self) -> None:
        asking = QHBoxLayout()
        asking.setSpacing(8)
        a, b, c = self.fields
        for part in (a, "is to", b, "as", c, "is to ?"):
            if isinstance(part, str):
                word = plain_label(f"analogies_{part.replace(' ', '_')}", "muted")
                word.setText(part)
                asking.addWidget(word)
            else:
                asking.addWidget(part, 1)
        chips = QHBoxLayout()
        chips.setSpacing(8)
        for chip in self._chips:
            chips.addWidget(chip)
        chips.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(asking)
        layout.addLayout(chips)
        layout.addWidget(self._unknown)

    def _wire(self) -> None:
        for field in self.fields:
            field.textChanged.connect(lambda _: self._timer.start())
            field.editingFinished.connect(self._finish)
            field.taken.connect(self._go_on)
        self._timer.timeout.connect(self._settle)
        self._unknown.chosen.connect(self._replace)

    def rows(self, table: Table) -> Three | None:
        """The rows of the three tokens; None where one is missing, and those unknown are named."""
        a, b, c = rows = [_row(field.text(), table) for field in self.fields]
        unknown = [
            field.text()
            for field, row in zip(self.fields, rows, strict=True)
            if row is None and field.text().strip() and not field.choosing
        ]
        self._unsettled = any(field.choosing for field in self.fields)
        self._unknown.show_words(tuple(dict.fromkeys(unknown)))
        return None if a is None or b is None or c is None else (a, b, c)

    def clear(self) -> None:
        """Nothing is asked, and no example offered."""
        for field in self.fields:
            field.clear()
        self.offer(())

    def offer(self, examples: Sequence[Example]) -> None:
        """Offers examples, and takes the first where nothing is typed."""
        self._examples = tuple(examples)
        for place, chip in enumerate(self._chips):
            chip.setVisible(place < len(examples))
            if place < len(examples):
                a, b, c = (self._session.names.text(word, 14) for word in examples[place].words)
                chip.setText(f"{a} : {b} = {c} : ?")
                chip.setAccessibleName(f"Example: {a} is to {b} as {c} is to what")
                miss = "" if examples[place].solved else "; the usual answer is not found"
                chip.setToolTip(f"Ask this{miss}")
        if examples and not any(field.text() for field in self.fields):
            self.take_example(0)

    def take_example(self, place: int) -> None:
        """Asks an example."""
        for field, word in zip(self.fields, self._examples[place].words, strict=True):
            field.setText(word)
        self._settle()

    def _go_on(self) -> None:
        """A token was taken from the list: on to the next empty field."""
        self._settle()
        for field in self.fields:
            if not field.text():
                field.setFocus(Qt.FocusReason.TabFocusReason)
                return

    def _replace(self, word: str, token: str) -> None:
        """A token in place of a typed word."""
        for field in self.fields:
            if field.text() == word:
                field.setText(token)
        self._settle()

    def _finish(self) -> None:
        """Enter was pressed, or the keyboard went elsewhere."""
        if self._timer.isActive() or self._unsettled:
            self._settle()

    def _settle(self) -> None:
        self._timer.stop()
        self.changed.emit()


def _row(text: str, table: Table) -> int | None:
    """As typed; else without the blanks round it."""
    row = row_of(text, table)
    return row_of(text.strip(), table) if row is None else row
