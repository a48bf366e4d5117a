"""The hover field: every row by its true cosine with the one that the mouse points at."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer

from explorer.cosines import cosines
from explorer.gui.state.colours import FIELD
from explorer.gui.state.session import Session
from explorer.gui.tasks.jobs import Lane
from explorer.progress import Report
from explorer.table import Column, Table

_PATIENCE = 250  # milliseconds beside all dots before the selected row is spoken of again
_NAME_LENGTH = 22
_WHAT = "cosine of the vectors as stored; nothing is centred or scaled"


class Field(QObject):
    """While maps are coloured by FIELD, keeps the column in `session.colours` up to date.

    Of the rows pointed at while one is compared, only the last is compared next: the map follows
    the mouse as fast as the table is read, and no comparison begun is lost.
    """

    def __init__(self, session: Session, lane: Lane, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._lane = session, lane
        self._row = -1
        self._wanted = -1
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(_PATIENCE)
        self._patience.timeout.connect(self._follow)
        session.hover_changed.connect(self._hovered)
        session.selection_changed.connect(self._follow)
        session.vectors_changed.connect(self._start_over)
        session.table_changed.connect(self._start_over)
        session.names_changed.connect(self._start_over)
        session.colours.changed.connect(self._begin)
        lane.succeeded.connect(self._show)

    def _hovered(self) -> None:
        # Between two dots the mouse is on none: that is no reason to flicker.
        if self._session.hovered < 0:
            self._patience.start()
        else:
            self._patience.stop()
            self._follow()

    def _begin(self) -> None:
        if self._session.colours.key == FIELD and self._row < 0:
            self._follow()

    def _start_over(self) -> None:
        self._lane.cancel()
        self._row = self._wanted = -1
        self._session.colours.set_field(None)
        self._follow()

    def _follow(self) -> None:
        """Compares the row under the mouse, else the current one; without either all stays."""
        session, table = self._session, self._session.table
        row = session.hovered if session.hovered >= 0 else session.current_row
        if session.colours.key != FIELD or table is None or row is None or row == self._wanted:
            return
        self._wanted = row
        if not self._lane.busy:
            self._compare(table, row)

    def _compare(self, table: Table, row: int) -> None:
        self._row = row
        name = f"cosine to ‘{self._session.names.of(row, _NAME_LENGTH)}’"

        def work(report: Report) -> Column:
            return Column(name, cosines(table.vectors, row, report), _WHAT)

        self._lane.start("Comparing with all rows", work)

    def _show(self, column: Column) -> None:
        self._session.colours.set_field(column)
        table = self._session.table
        if self._wanted != self._row and table is not None:
            self._compare(table, self._wanted)
