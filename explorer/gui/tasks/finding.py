"""Searching the tokens of the open table while the window goes on."""

from __future__ import annotations

import time
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, Signal

from explorer import pipeline
from explorer.errors import ExplorerError
from explorer.gui.state.session import Session
from explorer.gui.tasks.jobs import Jobs
from explorer.progress import Cancelled, Progress, Report
from explorer.searching import Index, Search, index_of
from explorer.table import Table

# Tables of so few rows are read when they are searched; others, as soon as they are open.
_SMALL = 10_000
# Up to so many rows a search is over within a few milliseconds, where a thread would add some, and
# many on a busy machine; what takes longer than the patience, as some patterns do, begins again in
# the lane.
_LARGE = 500_000
_PATIENCE = 0.1  # seconds


class Answer(NamedTuple):
    """rows: int64, what was found. near: rows spelt most nearly so, where nothing was; None while
    they are not known. error: why there is no answer."""

    search: Search
    rows: npt.NDArray[np.int64]
    near: tuple[int, ...] | None = None
    error: Exception | None = None


class Finding(QObject):
    """answered: Answer, at once where that takes no time, and once more when near spellings are
    known; never to a search before the last."""

    answered = Signal(object)

    def __init__(self, session: Session, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._lane = session, jobs.search
        self._asked = Search("")
        self._reading: Table | None = None
        self._lane.succeeded.connect(self._go_on)
        self._lane.failed.connect(self._fail)

    def ask(self, search: Search) -> None:
        """Searches the open table; the newest search wins."""
        table = self._session.table
        self._asked = search
        if table is not self._reading or table is None:
            self._stop()
        if table is None or not search.text:
            self._tell(Answer(search, np.arange(len(table) if table else 0, dtype=np.int64)))
            return
        index = index_of(table)
        if self._find_at_once(index, search, len(table)):
            return
        if index.prepared(search):
            self._stop()
            self._lane.start("Searching the tokens", lambda report: _found(index, search, report))
        elif self._reading is None:
            self._read(table, search)

    def _find_at_once(self, index: Index, search: Search, rows: int) -> bool:
        """Whether that was possible."""
        prepared = index.prepared(search)
        if (
            rows > _LARGE
            or not search.quick
            or not (prepared or (rows <= _SMALL and search.mode != "regex"))
        ):
            return False
        try:
            answer = _found(index, search, _impatient())
        except Cancelled:
            return False
        except ExplorerError as error:
            answer = Answer(search, np.empty(0, np.int64), (), error)
        self._stop()
        self._tell(answer)
        return True

    def prepare(self, search: Search) -> None:
        """Reads the tokens of a large table for searches of this kind, before one is asked for."""
        table = self._session.table
        if table is None or len(table) <= _SMALL or self._reading is table:
            return
        if not index_of(table).prepared(search):
            self._read(table, search)

    def _read(self, table: Table, search: Search) -> None:
        self._reading = table
        index = index_of(table)
        self._lane.start("Reading the tokens", lambda report: index.prepare(search, report))

    def _stop(self) -> None:
        self._reading = None
        self._lane.cancel()

    def _tell(self, answer: Answer) -> None:
        self.answered.emit(answer)
        table = self._session.table
        if table is None or len(answer.rows) or answer.search.mode == "regex":
            return
        if answer.search != self._asked or answer.near is not None or self._reading is not None:
            return
        self._lane.start("Comparing spellings", lambda report: _near(table, answer, report))

    def _go_on(self, result: object) -> None:
        self._reading = None
        if result is None:  # the tokens were read
            self.ask(self._asked)
        elif isinstance(result, Answer) and result.search == self._asked:
            self._tell(result)

    def _fail(self, error: Exception) -> None:
        self._reading = None
        self.answered.emit(Answer(self._asked, np.empty(0, np.int64), (), error))


def _found(index: Index, search: Search, report: Report) -> Answer:
    return Answer(search, index.find(search, report))


def _near(table: Table, answer: Answer, report: Report) -> Answer:
    near = pipeline.nearest_spelling(table, answer.search.text, report=report)
    return answer._replace(near=near)


def _impatient() -> Report:
    """A report that gives up when the patience is at its end."""
    end = time.monotonic() + _PATIENCE

    def report(_: Progress) -> None:
        if time.monotonic() > end:
            raise Cancelled

    return report
