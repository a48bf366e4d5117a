"""Neighbours of the query at hand, over the whole table."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QModelIndex, Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QMenu, QPushButton, QVBoxLayout, QWidget

from explorer import pipeline
from explorer.gui.fields.buttons import push_button
from explorer.gui.panels.neighbors.choices import MUTUAL, NEAREST, REVERSE, NearnessChoices
from explorer.gui.panels.neighbors.model import NeighborModel, neighbor_list
from explorer.gui.panels.neighbors.query_line import QueryLine
from explorer.gui.state.session import Session
from explorer.gui.tasks.jobs import Jobs, Lane
from explorer.gui.tasks.querying import ROW, Query, Querying
from explorer.gui.theme import Theme
from explorer.gui.widgets.elided import ElidedLabel
from explorer.gui.widgets.plain import plain_label, plain_tooltip
from explorer.nearest import Neighbors
from explorer.progress import Progress, Report
from explorer.table import Table

_PATIENCE = 150  # milliseconds that the neighbours of another query may stand there
_EMPTY = "The nearest rows stand here: select a row, or type a token or an expression."
_ONE_ROW = "{} neighbours are of a single row: select one, or type a token."
_WAYS = {REVERSE: pipeline.reverse_neighbors, MUTUAL: pipeline.mutual_neighbors}
_LOOKS = {NEAREST: "Nearest to", REVERSE: "Have among their {k} nearest:", MUTUAL: "Mutual with"}


class NeighborsPanel(QWidget):
    """Asks for neighbours whenever the query becomes another; clicking one goes there.

    axis_asked: the query is to be an axis of a map: "x", "y" or "z", and the expression.
    compare_asked: it is to be looked at in several spaces.
    """

    axis_asked = Signal(str, str)
    compare_asked = Signal()

    def __init__(
        self,
        session: Session,
        jobs: Jobs,
        querying: Querying,
        theme: Theme,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("neighbors_panel")
        self._session, self._querying = session, querying
        self._direct, self._thorough = jobs.query, jobs.reverse
        self._model = NeighborModel(self)
        self._line = QueryLine(querying, session, jobs, theme, self)
        self.choices = NearnessChoices(self)
        self._title = ElidedLabel("neighbors_title", self)
        self._follow = self._follow_button()
        self._view = neighbor_list(self._model, theme, self)
        self._note = plain_label("neighbors_note", "muted", wrap=True)
        self._axis, self._compare = self._axis_button(), self._compare_button()
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(_PATIENCE)
        self._arrange()
        self._wire()
        self._show_query()
        self._show()

    @property
    def query_line(self) -> QLineEdit:
        """Where a query is typed."""
        return self._line.line

    # --- its parts ------------------------------------------------------------------------------

    def _follow_button(self) -> QPushButton:
        button = QPushButton(self)
        button.setObjectName("neighbors_follow")
        button.setProperty("role", "link")
        button.setCursor(Qt.CursorShape.PointingHandCursor)
        return button

    def _axis_button(self) -> QPushButton:
        button = push_button(
            "neighbors_axis",
            "Use as axis",
            "Draw the rows along this query, with the Semantic axes method",
            self,
        )
        menu = QMenu(button)
        for name in "xyz":
            action = menu.addAction(f"{name} axis")
            action.setObjectName(f"neighbors_axis_{name}")
            action.triggered.connect(
                lambda _=False, name=name: self.axis_asked.emit(name, self._querying.expression)
            )
        button.setMenu(menu)
        return button

    def _compare_button(self) -> QPushButton:
        button = push_button(
            "neighbors_compare",
            "Compare spaces",
            "The neighbours in several spaces, side by side (Ctrl+Alt+S)",
            self,
        )
        button.clicked.connect(self.compare_asked)
        return button

    def _arrange(self) -> None:
        title, foot = QHBoxLayout(), QHBoxLayout()
        for line in (title, foot):
            line.setSpacing(8)
        title.addWidget(self._title, 1)
        title.addWidget(self._follow)
        foot.addWidget(self._axis)
        foot.addWidget(self._compare, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 8, 12, 10)
        layout.setSpacing(8)
        layout.addWidget(self._line)
        layout.addWidget(self.choices)
        layout.addLayout(title)
        layout.addWidget(self._view, 1)
        layout.addWidget(self._note)
        layout.addStretch(0)
        layout.addLayout(foot)

    def _wire(self) -> None:
        session, querying = self._session, self._querying
        self._patience.timeout.connect(self._fill)
        self._follow.clicked.connect(self._follow_otherwise)
        self.choices.changed.connect(self._query_changed)
        self._view.clicked.connect(self._go)
        self._view.activated.connect(self._go)
        querying.changed.connect(self._query_changed)
        session.neighbors_changed.connect(self._show)
        session.names_changed.connect(self._show_query)
        session.names_changed.connect(self._show)
        for lane in (self._direct, self._thorough):
            lane.succeeded.connect(session.set_neighbors)
            lane.failed.connect(self._tell)
        self._thorough.progressed.connect(self._show_progress)
        self._thorough.cancelled.connect(lambda _: self._note_stop())

    def _follow_otherwise(self) -> None:
        """From what was typed to the selection; from the mean to the last row, and back."""
        if self._querying.text:
            self._querying.clear()
        else:
            self._querying.take_mean(not self._querying.of_mean)

    # --- asking ---------------------------------------------------------------------------------

    def _query_changed(self) -> None:
        self._show_query()
        self._ask()

    def _ask(self) -> None:
        table, query = self._session.table, self._querying.query
        for lane in (self._direct, self._thorough):
            lane.cancel()
        if table is not None and query is not None and self._answerable(query):
            self._start(table, query)
        self._session.set_neighbors(None)  # those known are of something else
        self._show()

    def _answerable(self, query: Query) -> bool:
        return self.choices.way == NEAREST or query.token

    def _start(self, table: Table, query: Query) -> None:
        choices, names = self.choices, query.selections
        way, k, metric, space = choices.way, choices.k, choices.measure, choices.space

        def work(report: Report) -> Neighbors:
            if way != NEAREST:
                found = _WAYS[way](table, int(query.rows[0]), k, metric, report=report)
            else:
                found = pipeline.neighbors(
                    table, query.asked, k, metric, space=space, selections=names, report=report
                )
            return found if query.kind == ROW else replace(found, query_row=None)

        lane: Lane = self._direct if way == NEAREST else self._thorough
        lane.start("Finding neighbours" if way == NEAREST else "Comparing all rows", work)

    # --- what is shown --------------------------------------------------------------------------

    def _show_query(self) -> None:
        """What is asked of, and what else could be."""
        querying, choices = self._querying, self.choices
        typed = bool(querying.text)
        there = bool(querying.title) and not (typed and querying.error)
        look = _LOOKS[choices.way].format(k=choices.k) + " "
        if querying.query is not None and not self._answerable(querying.query):
            look = ""
        self._title.setText(f"{look}{querying.title}" if there else "")
        self._title.setToolTip(plain_tooltip(self._title.text()))
        several = len(self._session.selection) > 1
        self._follow.setVisible(there and (typed or several))
        self._name_follow(typed)
        for button in (self._axis, self._compare):
            button.setEnabled(querying.query is not None)

    def _name_follow(self, typed: bool) -> None:
        if typed:
            text, tip = "clear", "Back to what is selected (Esc in the line)"
        elif self._querying.of_mean:
            text, tip = "last row", "Ask of the row selected last, not of the mean"
        else:
            text, tip = "mean", "Ask of the mean of the selected rows"
        self._follow.setText(text)
        self._follow.setAccessibleName(tip)
        self._follow.setToolTip(tip)

    def _show(self) -> None:
        """The old list stays for the moment that the new one takes: an empty one would flicker."""
        query = self._querying.query
        if self._session.neighbors is None and query is not None and self._answerable(query):
            self._patience.start()
        else:
            self._fill()

    def _fill(self) -> None:
        self._patience.stop()
        found = self._session.neighbors
        self._model.show_neighbors(self._session.names, found)
        if found is not None:
            self._say(" ".join(note.message for note in found.left_out) or _none(found))
        else:
            self._say(self._why_nothing())
        self._view.setVisible(bool(self._model.rowCount()))  # else what is said stands in its place

    def _why_nothing(self) -> str:
        query, error = self._querying.query, self._querying.error
        if not self._querying.title:
            return _EMPTY
        if error is not None:
            return "" if self._querying.text else str(error)
        if query is not None and not self._answerable(query):
            return _ONE_ROW.format(self.choices.way.capitalize())
        return ""

    def _say(self, text: str) -> None:
        self._note.setText(text)
        self._note.setVisible(bool(text))

    def _show_progress(self, progress: Progress) -> None:
        self._say(f"{progress.message or 'Comparing all rows'} … (once for this table)")

    def _note_stop(self) -> None:
        if self._session.neighbors is None and self.choices.way != NEAREST:
            self._say("Stopped.")

    def _tell(self, error: Exception) -> None:
        self._fill()
        self._say(str(error))

    def _go(self, index: QModelIndex) -> None:
        self._session.select([self._model.row_at(index.row())])


def _none(found: Neighbors) -> str:
    return "" if len(found.rows) else "There is none."
