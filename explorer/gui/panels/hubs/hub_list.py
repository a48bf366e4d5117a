"""Rows with how often each is a neighbour, as a list that selects."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import (
    QItemSelectionRange,
    QObject,
)
from PySide6.QtWidgets import QTableView, QWidget
from typing_extensions import override

from explorer.gui.lists.bars import SHARE, BarDelegate
from explorer.gui.lists.copying import copies_lines
from explorer.gui.lists.list_model import ListModel, style_list
from explorer.gui.state.names import Names
from explorer.gui.state.session import Session
from explorer.gui.theme import Theme
from explorer.gui.widgets.plain import counted
from explorer.neighborhoods import Hubs

Rows = npt.NDArray[np.int64]


class HubModel(ListModel):
    """Token, times it is a neighbour, share of the rows that have it."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(("token", "times", "of rows"), (1, 2), parent)
        self._names = Names(None)
        self._rows: Rows = np.empty(0, np.int64)
        self._found: Hubs | None = None
        self._shares: npt.NDArray[np.float64] = np.empty(0)

    def show_rows(self, names: Names, rows: Rows, found: Hubs | None) -> None:
        self.beginResetModel()
        self._names, self._rows, self._found = names, rows, found
        self._shares = np.empty(0) if found is None else found.shares()
        self.endResetModel()

    def rows_at(self, places: Rows) -> Rows:
        """The table's rows at places of the list."""
        return self._rows[places]

    @override
    def length(self) -> int:
        return 0 if self._found is None else len(self._rows)

    @override
    def text(self, place: int, column: int) -> str:
        row = int(self._rows[place])
        if column == 0:
            return self._names.of(row)
        return f"{self._times(row):,}" if column == 1 else f"{100 * self._shares[row]:.2f} %"

    @override
    def tip(self, place: int) -> str:
        row = int(self._rows[place])
        times = self._times(row)
        who = f"{counted(times, 'row')} {'has' if times == 1 else 'have'} it"
        return f"{self._names.of(row)} · row {row:,} · {who} among the nearest"

    @override
    def other(self, place: int, column: int, role: int) -> Any:
        """A bar for what is a neighbour at all."""
        times = self._times(int(self._rows[place]))
        if role != SHARE or column != 2 or self._found is None or not times:
            return None
        return times / max(1, int(self._found.counts.max()))

    def _times(self, row: int) -> int:
        return 0 if self._found is None else int(self._found.counts[row])


class HubList(QTableView):
    """Selecting here selects the rows everywhere; the one chosen last is the current one."""

    def __init__(self, session: Session, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._model = session, HubModel(self)
        self._mine = False
        self.setObjectName("hubs_list")
        self.setAccessibleName("Rows by how often they are a neighbour")
        self.setToolTip("Select rows here to select them everywhere; several with Shift or Ctrl")
        self.setModel(self._model)
        self.setItemDelegateForColumn(2, BarDelegate(theme, self))
        self.setSelectionMode(QTableView.SelectionMode.ExtendedSelection)
        self.setMinimumHeight(120)
        style_list(self, fixed={1: 80, 2: 120})
        copies_lines(self)
        self.selectionModel().selectionChanged.connect(lambda *_: self._select())
        session.selection_changed.connect(self._follow)

    def show_rows(self, rows: Rows, found: Hubs | None) -> None:
        """rows: in the order of the list."""
        self._model.show_rows(self._session.names, rows, found)

    def _select(self) -> None:
        # By ranges: a list of all rows of a large table would take its time.
        ranges = [np.arange(one.top(), one.bottom() + 1) for one in self._ranges()]
        if not ranges or not self.isVisible():
            return
        places, current = np.concatenate(ranges), self.currentIndex().row()
        places = np.concatenate([places[places != current], places[places == current]])
        self._mine = True
        try:
            self._session.select(self._model.rows_at(places))
        finally:
            self._mine = False

    def _ranges(self) -> list[QItemSelectionRange]:
        found = self.selectionModel().selection()
        return [found.at(place) for place in range(found.size())]

    def _follow(self) -> None:
        """What was selected elsewhere is no longer what is marked here."""
        if not self._mine and self.selectionModel().hasSelection():
            self.selectionModel().clearSelection()
