"""What the user is looking at: the only mutable state of the window.

Calls go up, signals go down: a view calls `select(...)` and hears of it, like every other view,
through `selection_changed`. No view keeps tokens or points of its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, Signal

from explorer.gui.names import Names
from explorer.nearest import Neighbors
from explorer.projection import Projection
from explorer.table import Column, Table

Rows = npt.NDArray[np.int64]


def _as_rows(rows: Iterable[int] | Rows) -> Rows:
    array = np.asarray(rows if isinstance(rows, np.ndarray) else list(rows), dtype=np.int64)
    array = array.copy()
    array.flags.writeable = False
    return array


class Session(QObject):
    """The table, its projection, the selected and hovered rows, the colouring column.

    A signal tells that something changed; the value is read from the session.
    table_changed: another table, other rows. vectors_changed: the same rows, other numbers.
    source_changed: the same table, in another file. names_changed: the same rows, called otherwise.
    """

    table_changed = Signal()
    names_changed = Signal()
    vectors_changed = Signal()
    source_changed = Signal()
    projection_changed = Signal()
    selection_changed = Signal()
    hover_changed = Signal()
    neighbors_changed = Signal()
    colour_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._table: Table | None = None
        self._projection: Projection | None = None
        self._selection: Rows = _as_rows([])
        self._hovered = -1
        self._neighbors: Neighbors | None = None
        self._colour_column = ""
        self._readable = True
        self._names = Names(None)

    @property
    def table(self) -> Table | None:
        return self._table

    @property
    def names(self) -> Names:
        """What the rows are called in every view."""
        return self._names

    @property
    def readable(self) -> bool:
        """Whether the marks of the vocabulary are resolved in names."""
        return self._readable

    def set_readable(self, wish: bool) -> None:
        """Readable names (`␣the`), or raw ones (`Ġthe`)."""
        if wish != self._readable:
            self._readable = wish
            self._names = Names(self._table, plain=wish)
            self.names_changed.emit()

    @property
    def projection(self) -> Projection | None:
        return self._projection

    @property
    def selection(self) -> Rows:
        """Selected rows, in the order they were selected; read-only int64."""
        return self._selection

    @property
    def current_row(self) -> int | None:
        """The row that panels speak of: the last one selected."""
        return int(self._selection[-1]) if len(self._selection) else None

    @property
    def hovered(self) -> int:
        """The row under the mouse, or -1."""
        return self._hovered

    @property
    def neighbors(self) -> Neighbors | None:
        """Nearest rows of the current row, once they have been found."""
        return self._neighbors

    @property
    def colour_column(self) -> Column | None:
        """The column that colours the map; None for one colour."""
        return self._table.columns.get(self._colour_column) if self._table else None

    def set_table(self, table: Table) -> None:
        """A new table: everything that spoke of the old one's rows is dropped first."""
        self.set_projection(None)
        self.select([])
        self.hover(-1)
        before = self._table.columns.keys() if self._table else ()
        self._table = table
        self._names = Names(table, plain=self._readable)
        if table.columns.keys() != before:
            self._colour_column = next(iter(table.colour_columns), "")
        self.table_changed.emit()
        self.colour_changed.emit()

    def update_table(self, table: Table) -> None:
        """New vectors for the same tokens, as while training: rows keep their meaning, so the
        selection stays. A table of other tokens is a new table."""
        if self._table is None or self._table.tokens is not table.tokens:
            self.set_table(table)
            return
        self._table = table
        self.set_neighbors(None)
        self.vectors_changed.emit()

    def rename_table(self, table: Table) -> None:
        """The same table with another source: it was saved."""
        projection = self._projection
        self._table = table
        if projection is not None:
            self._projection = replace(projection, table=table)
        self.source_changed.emit()

    def set_projection(self, projection: Projection | None) -> None:
        """A new map; one made from other numbers than those at hand is dropped. One that was begun
        before the table was saved is of the same numbers, and becomes the saved table's."""
        if projection is not None and projection.table is not self._table:
            if self._table is None or projection.table.vectors is not self._table.vectors:
                return
            projection = replace(projection, table=self._table)
        self._projection = projection
        self.projection_changed.emit()

    def select(self, rows: Iterable[int] | Rows) -> None:
        """Selects these rows, in this order, in place of what was selected."""
        chosen = _as_rows(rows)
        if np.array_equal(chosen, self._selection):
            return
        self._selection = chosen
        self.set_neighbors(None)
        self.selection_changed.emit()

    def toggle(self, row: int) -> None:
        """Adds a row to the selection, or takes it out."""
        kept = self._selection[self._selection != row]
        self.select(kept if len(kept) < len(self._selection) else [*kept.tolist(), row])

    def hover(self, row: int) -> None:
        """The row under the mouse; -1 for none."""
        if row != self._hovered:
            self._hovered = row
            self.hover_changed.emit()

    def set_neighbors(self, neighbors: Neighbors | None) -> None:
        """Neighbours of the current row; others come too late and are dropped."""
        if neighbors is not None and neighbors.query_row != self.current_row:
            return
        if neighbors is self._neighbors:
            return
        self._neighbors = neighbors
        self.neighbors_changed.emit()

    def colour_by(self, column: str) -> None:
        """Colours the map by a column of the table; "" for one colour."""
        if column != self._colour_column:
            self._colour_column = column
            self.colour_changed.emit()
