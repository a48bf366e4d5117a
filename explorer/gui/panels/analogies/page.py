"""What is to c as b is to a? By adding and by multiplying cosines, side by side."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from explorer.gui.expression_field import Expressions
from explorer.gui.jobs import Jobs
from explorer.gui.panels.analogies.answers import AnswerList
from explorer.gui.panels.analogies.asking import (
    OFFERED,
    Example,
    Solved,
    Three,
    examples,
    expression,
    solve,
)
from explorer.gui.plain import plain_label
from explorer.gui.session import Session
from explorer.gui.theme import Theme
from explorer.gui.token_field import TokenField
from explorer.gui.typed_tokens import row_of
from explorer.gui.unknown_tokens import UnknownTokens
from explorer.nearest import Neighbors
from explorer.progress import Report
from explorer.table import Table

_PAUSE = 250  # milliseconds without a key before the tokens are read
_NAME = 24  # characters of a token in a sentence
_HINT = (
    "Name three tokens: the rows that are to the third as the second is to the first stand here, "
    "the best first."
)
_WAYS = (
    ("add", "3CosAdd", "cosine with b − a + c, all at unit length"),
    ("mul", "3CosMul", "cos b · cos c ÷ cos a, each shifted to 0…1"),
)


class AnalogiesPage(QWidget):
    """Asks while one types. asked: an expression to be asked for its neighbours."""

    asked = Signal(str)

    def __init__(
        self, session: Session, jobs: Jobs, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("analogies_page")
        self.setProperty("role", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._session, self._lane, self._choosing = session, jobs.analogies, jobs.examples
        self._found: Solved | None = None
        self._of: Table | None = None  # the table that examples were chosen for
        self._stale = True
        expressions = Expressions(session, jobs, self)
        self._fields = [self._field(letter, expressions, theme) for letter in "abc"]
        self._chips = [self._chip(place) for place in range(OFFERED)]
        self._chosen: list[Example] = []
        self._unknown = UnknownTokens("analogies_unknown", session, jobs, self)
        self._problem = plain_label("analogies_problem", "warning", wrap=True)
        self._answer = plain_label("analogies_answer", "title")
        self._agreement = plain_label("analogies_agreement", "muted")
        self._lists = {
            way: AnswerList(f"analogies_{way}", title, theme, self) for way, title, _ in _WAYS
        }
        self._note = plain_label("analogies_note", "muted", wrap=True)
        self._query = self._query_button()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PAUSE)
        self._arrange()
        self._wire()
        self._show()

    # --- its parts --------------------------------------------------------------------------------

    def _field(self, letter: str, expressions: Expressions, theme: Theme) -> TokenField:
        field = TokenField(f"analogies_{letter}", expressions, theme, parent=self)
        field.setAccessibleName(f"Token {letter}")
        field.setPlaceholderText(letter)
        field.setToolTip("A token, or #12 for row 12")
        if letter == "a":
            self.setFocusProxy(field)
        return field

    def _chip(self, place: int) -> QPushButton:
        chip = QPushButton(self)
        chip.setObjectName(f"analogies_example_{place + 1}")
        chip.setAccessibleName("Example")
        chip.setToolTip("Ask this")
        chip.setProperty("role", "chip")
        chip.clicked.connect(lambda: self._take_example(place))
        chip.hide()
        return chip

    def _query_button(self) -> QPushButton:
        button = QPushButton("Ask for its neighbours", self)
        button.setObjectName("analogies_query")
        button.setAccessibleName(button.text())
        button.setToolTip("Make b − a + c the query: its neighbours, and a ghost point on the maps")
        return button

    def _arrange(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 12)
        layout.setSpacing(8)
        layout.addLayout(self._asking_line())
        chips = QHBoxLayout()
        chips.setSpacing(8)
        for chip in self._chips:
            chips.addWidget(chip)
        chips.addStretch(1)
        layout.addLayout(chips)
        layout.addWidget(self._unknown)
        layout.addWidget(self._problem)
        layout.addSpacing(8)
        answer = QHBoxLayout()
        answer.setSpacing(12)
        answer.addWidget(self._answer)
        answer.addWidget(self._agreement, 1)
        answer.addWidget(self._query)
        layout.addLayout(answer)
        layout.addLayout(self._columns(), 1)
        layout.addWidget(self._note)

    def _asking_line(self) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(8)
        a, b, c = self._fields
        for part in (a, "is to", b, "as", c, "is to ?"):
            if isinstance(part, str):
                word = plain_label(f"analogies_{part.replace(' ', '_')}", "muted")
                word.setText(part)
                line.addWidget(word)
            else:
                line.addWidget(part, 1)
        return line

    def _columns(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(4)
        grid.setRowStretch(2, 1)
        for column, (way, title, words) in enumerate(_WAYS):
            heading, meaning = (
                plain_label(f"analogies_{way}_title", "strong"),
                plain_label(f"analogies_{way}_meaning", "muted", wrap=True),
            )
            heading.setText(title)
            meaning.setText(words)
            grid.addWidget(heading, 0, column)
            grid.addWidget(meaning, 1, column)
            grid.addWidget(self._lists[way], 2, column)
            grid.setColumnStretch(column, 1)
        return grid

    def _wire(self) -> None:
        session = self._session
        for field in self._fields:
            field.textChanged.connect(lambda _: self._timer.start())
            field.returnPressed.connect(self._read)
            field.taken.connect(self._go_on)
        self._timer.timeout.connect(self._read)
        self._unknown.chosen.connect(self._replace)
        for view in self._lists.values():
            view.clicked.connect(partial(self._select, view))
            view.activated.connect(partial(self._select, view))
        self._query.clicked.connect(self._ask_neighbours)
        session.table_changed.connect(self._start_over)
        session.vectors_changed.connect(self._read)
        session.names_changed.connect(self._show)
        self._lane.succeeded.connect(self._take)
        self._lane.failed.connect(self._fail)
        self._choosing.succeeded.connect(self._offer)

    # --- what is asked ----------------------------------------------------------------------------

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._choose_examples()
        if self._stale:
            self._read()

    def _start_over(self) -> None:
        self._found, self._chosen, self._of = None, [], None
        for field in self._fields:
            field.clear()
        for chip in self._chips:
            chip.hide()
        self._choose_examples()
        self._read()

    def _choose_examples(self) -> None:
        table = self._session.table
        if table is None or table is self._of or not self.isVisible() or self._chosen:
            return
        self._of = table
        self._choosing.start("Looking for examples", lambda report: examples(table, report))

    def _offer(self, found: tuple[Example, ...]) -> None:
        self._chosen = list(found)
        for chip, example in zip(self._chips, found, strict=False):
            a, b, c = (self._session.names.text(word, 14) for word in example.words)
            chip.setText(f"{a} : {b} = {c} : ?")
            chip.setAccessibleName(f"Example: {a} is to {b} as {c} is to what")
            chip.setToolTip(
                "Ask this" if example.solved else "Ask this; the usual answer is not found"
            )
            chip.show()
        if found and not any(field.text() for field in self._fields):
            self._take_example(0)

    def _take_example(self, place: int) -> None:
        for field, word in zip(self._fields, self._chosen[place].words, strict=True):
            field.setText(word)
        self._read()

    def _go_on(self) -> None:
        """A token was taken from the list: on to the next empty field."""
        self._read()
        for field in self._fields:
            if not field.text():
                field.setFocus(Qt.FocusReason.TabFocusReason)
                return

    def _read(self) -> None:
        """Nothing is asked by a page behind another tab."""
        self._timer.stop()
        self._stale = not self.isVisible()
        table = self._session.table
        if self._stale or table is None:
            return
        typed = [field.text() for field in self._fields]
        rows = [_row(text, table) for text in typed]
        unknown = [
            text for text, row in zip(typed, rows, strict=True) if text.strip() and row is None
        ]
        self._unknown.show_words(tuple(dict.fromkeys(unknown)))
        self._tell("")
        a, b, c = rows
        if a is None or b is None or c is None:
            self._lane.cancel()
            self._found = None
            self._show()
            return
        self._ask(table, (a, b, c))

    def _replace(self, word: str, token: str) -> None:
        """A token in place of a typed word."""
        for field in self._fields:
            if field.text() == word:
                field.setText(token)
        self._read()

    def _ask(self, table: Table, rows: Three) -> None:
        def work(report: Report) -> Solved:
            return solve(table, rows, report)

        self._lane.start("Solving an analogy", work)

    # --- what is answered -------------------------------------------------------------------------

    def _take(self, found: Solved) -> None:
        table = self._session.table
        if table is not None and found.table.vectors is table.vectors:
            self._found = found
            self._show()

    def _fail(self, error: Exception) -> None:
        self._found = None
        self._show()
        self._tell(str(error))

    def _tell(self, problem: str) -> None:
        self._problem.setText(problem)
        self._problem.setVisible(bool(problem))

    def _show(self) -> None:
        found, names = self._found, self._session.names
        self._lists["add"].answers.show_answers(names, found.added if found else None)
        self._lists["mul"].answers.show_answers(names, found.multiplied if found else None)
        self._query.setVisible(found is not None)
        self._answer.setText("?")
        self._agreement.setText("")
        self._note.setText(_HINT)
        if found is not None:
            self._note.setText(self._words(found))
            self._show_answer(found)

    def _show_answer(self, found: Solved) -> None:
        add, mul = (self._best(one) for one in (found.added, found.multiplied))
        self._answer.setText(add or "?")
        agreed = add == mul
        self._agreement.setText("by both methods" if agreed else f"by 3CosAdd; {mul} by 3CosMul")

    def _best(self, answers: Neighbors) -> str:
        return self._session.names.of(int(answers.rows[0]), _NAME) if len(answers.rows) else ""

    def _words(self, found: Solved) -> str:
        """What was left out of the answers, and whether it made a difference (Linzen 2016, Issues
        in evaluating semantic spaces using word analogies)."""
        names = [self._quoted(row) for row in dict.fromkeys(found.rows)]
        said = (
            f"{', '.join(names[:-1])} and {names[-1]} are" if len(names) > 1 else f"{names[0]} is"
        )
        text = f"{said} left out of the answers."
        if found.nearest in found.rows:
            text += f" Otherwise the answer of 3CosAdd would be {self._quoted(found.nearest)}."
        return text

    def _quoted(self, row: int) -> str:
        return f"‘{self._session.names.of(row, _NAME)}’"

    # --- calls go up ------------------------------------------------------------------------------

    def _select(self, view: AnswerList, index: QModelIndex) -> None:
        self._session.select([view.answers.row_at(index.row())])

    def _ask_neighbours(self) -> None:
        if self._found is not None:
            self.asked.emit(expression(self._found.table, self._found.rows))


def _row(text: str, table: Table) -> int | None:
    """As typed; else without the blanks round it."""
    row = row_of(text, table)
    return row_of(text.strip(), table) if row is None else row
