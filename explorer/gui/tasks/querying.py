"""The query at hand: what neighbours are asked of, and what stands on the maps as a ghost point."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, Signal

from explorer import pipeline
from explorer.errors import ParameterError
from explorer.expressions import (
    ExpressionError,
    quoted,
    selection_text,
    selections_in,
)
from explorer.gui.state.session import Session
from explorer.gui.tasks.jobs import Jobs
from explorer.gui.widgets.plain import counted
from explorer.progress import Report
from explorer.selections import CURRENT
from explorer.table import Table
from explorer.tokens import shown

F64 = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]

_LONGEST = 120  # characters of a title
ROW, MEAN, TYPED = "row", "mean", "typed"


@dataclass(frozen=True, eq=False)
class Query:
    """kind: ROW (the selected one), MEAN (of the selected ones) or TYPED.

    text: as it was typed; else "". spoken: what says the same to `pipeline`; "" for a row.
    values: float64 (dim,). rows: int64, ascending: those that it speaks of, which are not among its
    neighbours. token: whether it is that row, and nothing else. selections: what it may
    speak of, by name.
    """

    kind: str
    text: str
    spoken: str
    values: F64
    rows: Rows
    token: bool = False
    selections: Mapping[str, Rows] = field(default_factory=dict, repr=False)

    @property
    def asked(self) -> int | str:
        """What `pipeline.neighbors` is asked: a row, or a text that speaks of `selections`. (In
        another space an expression comes to another vector.)"""
        return self.spoken or int(self.rows[0])


class Querying(QObject):
    """The selected row, the mean of several, or what was typed, which stays until it is cleared.

    changed: something else is asked, or what is asked was worked out, or could not be. failed: the
    exception, in that last case.
    """

    changed = Signal()
    failed = Signal(object)

    def __init__(self, session: Session, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._lane = session, jobs.asking
        self._text = ""
        self._query: Query | None = None
        self._error: Exception | None = None
        self._of_mean = True
        session.table_changed.connect(self.clear)
        session.vectors_changed.connect(self._again)
        session.selection_changed.connect(self._selection_changed)
        session.kept.changed.connect(self._kept_changed)
        self._lane.succeeded.connect(lambda found: self._set(found))
        self._lane.failed.connect(self._fail)

    # --- what it is -------------------------------------------------------------------------------

    @property
    def query(self) -> Query | None:
        """None where nothing is asked, and while it is being worked out."""
        return self._query

    @property
    def text(self) -> str:
        """What was typed; "" where the query follows the selection."""
        return self._text

    @property
    def error(self) -> Exception | None:
        """Why there is no query, where one was asked for that cannot be worked out."""
        return self._error

    @property
    def of_mean(self) -> bool:
        """Whether several selected rows are asked of by their mean, not by the last one."""
        return self._of_mean

    @property
    def title(self) -> str:
        """What is asked of, in a few words; "" for nothing."""
        session = self._session
        if self._text:
            return shown(self._text, _LONGEST)
        if session.current_row is None:
            return ""
        several = len(session.selection)
        if several > 1 and self._of_mean:
            return f"the mean of {counted(several, 'row')}"
        return session.names.of(session.current_row, 40)

    @property
    def ghost(self) -> Query | None:
        """The query where it is more than a selected row, which has a dot of its own."""
        return self._query if self._query is not None and self._query.kind != ROW else None

    @property
    def expression(self) -> str:
        """How an expression names the query; "" for none."""
        query, table = self._query, self._session.table
        if query is None or table is None:
            return ""
        if query.kind == MEAN:
            return selection_text(CURRENT)
        if not query.token:
            return query.text
        row = int(query.rows[0])
        token = table.tokens[row]
        return quoted(token) if table.find(token) == row else f"#{row}"

    # --- asking -----------------------------------------------------------------------------------

    def ask(self, text: str) -> None:
        """Asks of a token or an expression, until it is cleared; an empty text clears it."""
        self._text = text.strip()
        self._again()

    def clear(self) -> None:
        """Back to what is selected."""
        self.ask("")

    def take_mean(self, wish: bool) -> None:
        """Whether several selected rows are asked of by their mean, or by the last one."""
        if wish != self._of_mean:
            self._of_mean = wish
            self._again()

    # --- working it out ---------------------------------------------------------------------------

    def _again(self) -> None:
        table, row = self._session.table, self._session.current_row
        if table is None or (row is None and not self._text):
            self._drop()
        elif self._text:
            self._work_out(table, TYPED, self._text)
        elif row is not None and (len(self._session.selection) == 1 or not self._of_mean):
            # At once: neighbours are to be on the screen as soon as a dot is clicked.
            self._lane.cancel()
            values = table.vectors.exact([row])[0].astype(np.float64)
            self._set(Query(ROW, "", "", values, np.array([row]), token=True))
        else:
            self._work_out(table, MEAN, _no_token(table, selection_text(CURRENT)))

    def _work_out(self, table: Table, kind: str, text: str) -> None:
        selections = self._session.kept.named(self._session.selection)
        typed = text if kind == TYPED else ""

        def work(report: Report) -> Query:
            found = pipeline.query(table, text, selections, report=report)
            token = pipeline.row_of(table, found) is not None
            return Query(kind, typed, text, found.values, found.rows, token, selections)

        self._drop()
        self._lane.start("Working out the query", work)

    def _drop(self) -> None:
        self._lane.cancel()
        self._set(None)

    def _set(self, query: Query | None, error: Exception | None = None) -> None:
        self._query, self._error = query, error
        self.changed.emit()

    def _fail(self, error: Exception) -> None:
        if isinstance(error, ExpressionError) and not self._text:
            error = ParameterError(error.reason, error.hint)  # nobody typed a character of it
        self._set(None, error)
        self.failed.emit(error)

    def _selection_changed(self) -> None:
        if not self._text or self._speaks_of_selections(CURRENT):
            self._again()

    def _kept_changed(self) -> None:
        if self._text and self._speaks_of_selections():
            self._again()

    def _speaks_of_selections(self, *names: str) -> bool:
        """Whether what was typed names one of these selections; any at all, for none."""
        try:
            named = selections_in(self._text)
        except ExpressionError:
            return False
        return bool(set(named) & set(names) if names else named)


def _no_token(table: Table, expression: str) -> str:
    """The same in as many brackets as it takes that no token is spelt so: that would come first."""
    while table.find(expression) is not None:
        expression = f"({expression})"
    return expression
