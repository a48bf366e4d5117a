"""What the user does to the selection as a whole."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, Signal

from explorer import pipeline
from explorer.gui.state.session import Session
from explorer.gui.tasks.jobs import Jobs
from explorer.progress import Report

Rows = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class _Grown:
    """Rows that were grown from others."""

    before: Rows
    after: Rows


class Selecting(QObject):
    """All, none, invert, grow, shrink. k: how many neighbours each row brings when growing.

    failed: an exception to be shown. told: a sentence on what was done.
    """

    failed = Signal(object)
    told = Signal(str)

    def __init__(self, session: Session, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._lane = session, jobs.growing
        self.k = 10
        self._lane.succeeded.connect(self._take)
        self._lane.failed.connect(self.failed)
        session.selection_changed.connect(self._lane.cancel)  # it grew from another one

    @property
    def shown(self) -> Rows:
        """The rows that are shown at all: the isolated ones, or all of the table."""
        table, isolated = self._session.table, self._session.isolated
        return np.arange(len(table) if table else 0) if isolated is None else isolated

    def all(self) -> None:
        """Selects every row that is shown; the current row stays so."""
        current, rows = self._session.current_row, self.shown
        if current is not None and current in rows:
            rows = np.concatenate([rows[rows != current], [current]])
        self._session.select(rows)

    def none(self) -> None:
        self._session.select([])

    def isolate(self) -> None:
        """Shows the selected rows only; all rows again where some are isolated."""
        isolated = self._session.isolated
        self._session.isolate(self._session.selection if isolated is None else None)

    def tokens(self) -> list[str]:
        """The tokens selected, as they are, in the order they were selected."""
        table = self._session.table
        return [table.tokens[row] for row in self._session.selection.tolist()] if table else []

    def invert(self) -> None:
        """Selects the rows that are shown and not selected."""
        table = self._session.table
        wanted = np.zeros(len(table) if table else 0, np.bool_)
        wanted[self.shown] = True
        wanted[self._session.selection] = False
        self._session.select(np.flatnonzero(wanted))

    def shrink_to_map(self) -> None:
        """Keeps of the selection what is shown and has a place on the active map."""
        projection, rows = self._session.projection, self._session.selection
        if projection is None:
            self.told.emit("The active map is empty: make a map first.")
            return
        there = np.zeros(len(projection.table), np.bool_)
        there[self.shown] = True
        there[rows] &= np.isfinite(projection.coordinates_of(rows)).all(axis=1)
        self._session.select(rows[there[rows]])

    def make_current(self, row: int) -> None:
        """The row that panels speak of, all others staying selected."""
        rows = self._session.selection
        self._session.select(np.concatenate([rows[rows != row], [row]]))

    def grow(self, anchor: str = "each") -> None:
        """Adds the nearest rows of each selected one, or of their mean, in the background."""
        table, rows, k = self._session.table, self._session.selection, self.k
        if table is None or not len(rows):
            self.told.emit("There are no rows to grow from: select some first.")
            return

        def work(report: Report) -> _Grown:
            return _Grown(rows, pipeline.grow(table, rows, k, anchor, report=report))

        self._lane.start("Growing the selection", work)

    def _take(self, grown: _Grown) -> None:
        new = len(grown.after) - len(grown.before)
        if not new:
            self.told.emit("Nothing to grow: all of the nearest rows are selected already.")
            return
        # The current row stays the last one: panels go on speaking of it.
        self._session.select(np.concatenate([grown.after[-new:], grown.before]))
