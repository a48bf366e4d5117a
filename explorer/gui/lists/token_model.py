"""Rows of a table as a list of tokens, however many there are."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import (
    QItemSelection,
    QObject,
    Qt,
)
from typing_extensions import override

from explorer.gui.lists.list_model import ListModel
from explorer.gui.lists.marked import marked_name
from explorer.gui.state.names import Names
from explorer.searching import Search, index_of
from explorer.table import Column, Table

MARKED = Qt.ItemDataRole.UserRole  # Marked: the name of a row, and what of it was found


class TokenModel(ListModel):
    """Rows of a table in a chosen order: token, and the count where there is one."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(("token", "row"), (1,), parent)
        self._table: Table | None = None
        self._names = Names(None)
        self._count: Column | None = None
        self._rows: npt.NDArray[np.int64] = np.empty(0, np.int64)
        self._search: Search | None = None

    def show_rows(
        self,
        table: Table | None,
        names: Names,
        rows: npt.NDArray[np.int64],
        search: Search | None = None,
    ) -> None:
        """Shows these rows, in this order. search: what found them."""
        self.beginResetModel()
        self._table, self._names, self._search = table, names, search
        self._count = table.columns.get("count") if table else None
        self.titles = ("token", "count" if self._count else "row")
        self._rows = rows
        self.endResetModel()

    @property
    def names(self) -> Names:
        """What the rows are called in the list."""
        return self._names

    @property
    def rows(self) -> npt.NDArray[np.int64]:
        """The table's rows in the order of the list."""
        return self._rows

    @property
    def widest(self) -> int:
        """The place of a number as wide as any in the list, in sight or not; -1 for no lines."""
        if not len(self._rows):
            return -1
        values = self._count.values[self._rows] if self._count else self._rows
        places = [int(values.argmax()), int(values.argmin()), *range(min(50, len(values)))]
        return max(places, key=lambda place: len(self.text(place, 1)))

    def row_at(self, place: int) -> int:
        """The table's row at a place of the list."""
        return int(self._rows[place])

    def places_of(self, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """The places of table rows in the list, -1 where a row is not listed."""
        if not len(self._rows) or not len(rows):
            return np.full(len(rows), -1)
        place_of = np.full(max(int(self._rows.max()), int(rows.max())) + 1, -1)
        place_of[self._rows] = np.arange(len(self._rows))
        found: npt.NDArray[np.int64] = place_of[rows]
        return found

    def rows_in(self, selection: QItemSelection) -> npt.NDArray[np.int64]:
        """The table rows of a selection, in the order of the list."""
        ranges = [selection.at(place) for place in range(selection.count())]
        places = [np.arange(r.top(), r.bottom() + 1) for r in ranges if r.isValid()]
        joined = np.unique(np.concatenate(places)) if places else np.empty(0, np.int64)
        return self._rows[joined]

    def ranges_of(self, places: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Places, -1 left out, as few ranges: int64 (ranges, 2), first and last, ascending."""
        marked = np.zeros(len(self._rows) + 2, np.int8)
        marked[places[places >= 0] + 1] = 1
        ranges: npt.NDArray[np.int64] = np.flatnonzero(np.diff(marked)).reshape(-1, 2) - (0, 1)
        return ranges

    def item_selection(self, ranges: npt.NDArray[np.int64]) -> QItemSelection:
        """Ranges of whole lines, as Qt takes them."""
        selection = QItemSelection()
        for first, last in ranges.tolist():
            selection.select(self.index(first, 0), self.index(last, 1))
        return selection

    @override
    def length(self) -> int:
        return len(self._rows)

    @override
    def text(self, place: int, column: int) -> str:
        row = self.row_at(place)
        if column == 0:
            return self._names.of(row)
        return f"{self._count.values[row]:,}" if self._count else f"{row:,}"

    @override
    def tip(self, place: int) -> str:
        row = self.row_at(place)
        return f"{self._names.of(row)} · row {row:,}"

    @override
    def other(self, place: int, column: int, role: int) -> Any:
        if role != MARKED or self._table is None:
            return None
        row = self.row_at(place)
        token = self._table.tokens[row]
        read = index_of(self._table).read(token)
        return marked_name(token, read, self._names.of(row), self._search)
