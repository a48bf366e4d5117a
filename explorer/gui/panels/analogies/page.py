"""What is to c as b is to a? By adding and by multiplying cosines, side by side."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QModelIndex, QTimer, Signal
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from explorer.gui.center_page import CenterPage
from explorer.gui.fields.buttons import push_button
from explorer.gui.panels.analogies.answers import AnswerList
from explorer.gui.panels.analogies.asking import (
    Solved,
    Three,
    examples,
    expression,
    solve,
)
from explorer.gui.panels.analogies.question import QuestionLine
from explorer.gui.state.session import Session
from explorer.gui.tasks.jobs import Jobs
from explorer.gui.theme import Theme
from explorer.gui.widgets.middle import in_the_middle
from explorer.gui.widgets.plain import plain_label
from explorer.nearest import Neighbors
from explorer.progress import Report
from explorer.table import Table

_LATE = 200  # milliseconds of asking before the last answers are taken away
_NAME = 24  # characters of a token in a sentence
_HINT = (
    "Name three tokens: the rows that are to the third as the second is to the first stand here, "
    "the best first."
)
_WAYS = (
    ("add", "3CosAdd", "cosine with b − a + c, all at unit length"),
    ("mul", "3CosMul", "cos b · cos c ÷ cos a, each shifted to 0…1"),
)


class AnalogiesPage(CenterPage):
    """Asks while one types. asked: an expression to be asked for its neighbours."""

    asked = Signal(str)

    def __init__(
        self, session: Session, jobs: Jobs, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__("analogies_page", parent)
        self._session, self._lane, self._choosing = session, jobs.analogies, jobs.examples
        self._found: Solved | None = None
        self._of: Table | None = None  # the table that examples were chosen for
        self._question = QuestionLine(session, jobs, theme, self)
        self.setFocusProxy(self._question)
        self._problem = plain_label("analogies_problem", "warning", wrap=True)
        self._answer = plain_label("analogies_answer", "title")
        self._agreement = plain_label("analogies_agreement", "muted")
        self._lists = {
            way: AnswerList(f"analogies_{way}", title, theme, self) for way, title, _ in _WAYS
        }
        self._note = plain_label("analogies_note", "muted", wrap=True)
        self._hint = plain_label("analogies_hint", "muted", wrap=True)
        self._hint.setText(_HINT)
        self._body = QStackedWidget(self)
        self._query = push_button(
            "analogies_query",
            "Ask for its neighbours",
            "Make b − a + c the query: its neighbours, and a ghost point on the maps",
            self,
        )
        self._late = QTimer(self)
        self._late.setSingleShot(True)
        self._late.setInterval(_LATE)
        self._arrange()
        self._wire()
        self._show()
        self._begin()

    # --- its parts --------------------------------------------------------------------------------

    def _arrange(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 12)
        layout.setSpacing(8)
        layout.addWidget(self._question)
        layout.addWidget(self._problem)
        layout.addWidget(self._body, 1)
        self._body.addWidget(in_the_middle(self._hint, 420))
        self._body.addWidget(self._answers())

    def _answers(self) -> QWidget:
        answers = QWidget(self)
        layout = QVBoxLayout(answers)
        layout.setContentsMargins(0, 8, 0, 0)
        layout.setSpacing(8)
        answer = QHBoxLayout()
        answer.setSpacing(12)
        answer.addWidget(self._answer)
        answer.addWidget(self._agreement, 1)
        answer.addWidget(self._query)
        layout.addLayout(answer)
        layout.addLayout(self._columns(), 1)
        layout.addWidget(self._note)
        return answers

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
        self._question.changed.connect(self._read)
        for view in self._lists.values():
            view.clicked.connect(partial(self._select, view))
            view.activated.connect(partial(self._select, view))
        self._query.clicked.connect(self._ask_neighbours)
        session.table_changed.connect(self._start_over)
        session.vectors_changed.connect(self._read)
        session.names_changed.connect(self._show)
        self._lane.succeeded.connect(self._take)
        self._lane.failed.connect(self._fail)
        self._choosing.succeeded.connect(self._question.offer)
        self._late.timeout.connect(self._wait)

    # --- what is asked ----------------------------------------------------------------------------

    def _start_over(self) -> None:
        self._found, self._of = None, None
        self._choosing.cancel()
        self._question.clear()
        self._show()
        self._begin()

    def _begin(self) -> None:
        self.when_seen(self._choose_examples)
        self._read()

    def _choose_examples(self) -> None:
        """For each table once: other numbers for the same tokens keep them."""
        table = self._session.table
        if table is not None and self._of is None:
            self._of = table
            self._choosing.start("Looking for examples", lambda report: examples(table, report))

    def _read(self) -> None:
        self.when_seen(self._read_question)

    def _read_question(self) -> None:
        table = self._session.table
        if table is None:
            return
        rows = self._question.rows(table)
        self._tell("")
        if rows is not None:
            self._ask(table, rows)
        else:
            self._lane.cancel()
            self._found = None
            self._show()

    def _ask(self, table: Table, rows: Three) -> None:
        def work(report: Report) -> Solved:
            return solve(table, rows, report)

        self._lane.start("Solving an analogy", work)
        self._late.start()

    def _wait(self) -> None:
        """The answers of another question stand no longer than it takes to see them."""
        if self._lane.busy:
            self._found = None
            self._show()
            self._answer.setText("…")
            self._body.setCurrentIndex(1)

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
        self._lists["add"].answers.show_neighbors(names, found.added if found else None)
        self._lists["mul"].answers.show_neighbors(names, found.multiplied if found else None)
        self._query.setVisible(found is not None)
        self._agreement.setText("")
        self._note.setText("")
        self._body.setCurrentIndex(int(found is not None))
        if found is not None:
            self._note.setText(self._words(found))
            self._show_answer(found)

    def _show_answer(self, found: Solved) -> None:
        add, mul = (self._best(one) for one in (found.added, found.multiplied))
        self._answer.setText(add or "?")
        if not add:
            self._agreement.setText("no other row can be compared")
        else:
            agreed = add == mul
            said = "by both methods" if agreed else f"by 3CosAdd; {mul} by 3CosMul"
            self._agreement.setText(said)

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
