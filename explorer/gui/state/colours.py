"""What colours the maps: a column of the table, a computed one, or true distances."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, Signal

from explorer.table import Column, Table

# The colouring that is no column: how near every row truly is to the one pointed at.
FIELD = "\x00field"
_NO_ROWS = np.empty(0, np.int64)


class Colours(QObject):
    """The columns that rows can be coloured by, and the one that does.

    columns_changed: computed columns came or went, or the table is another. changed: the maps are
    coloured by something else, or the values did change.
    """

    columns_changed = Signal()
    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._table: Table | None = None
        self._computed: dict[str, Column] = {}
        self._landmarks: dict[str, npt.NDArray[np.int64]] = {}
        self._field: Column | None = None
        self._key = ""

    @property
    def columns(self) -> Mapping[str, Column]:
        """Every column by name: the table's own, then the computed ones."""
        own = self._table.columns if self._table else {}
        return {**own, **self._computed}

    @property
    def computed(self) -> Mapping[str, Column]:
        """Columns that were computed here (clusters, neighbours kept), by name; a copy."""
        return dict(self._computed)

    @property
    def key(self) -> str:
        """Name of the colouring column, FIELD, or "" for one colour."""
        return self._key

    @property
    def column(self) -> Column | None:
        """The column that colours the maps; None for one colour."""
        return self._field if self._key == FIELD else self.columns.get(self._key)

    @property
    def landmarks(self) -> npt.NDArray[np.int64]:
        """Rows that speak for what the colouring column tells apart, such as the most typical of
        each cluster; int64."""
        return self._landmarks.get(self._key, _NO_ROWS)

    def set_table(self, table: Table) -> None:
        """Another table; nothing is told yet: see `tell`."""
        before = self._table.columns.keys() if self._table else ()
        self._table, self._computed, self._field = table, {}, None
        self._landmarks = {}
        known = self._key in ("", *table.columns)
        if table.columns.keys() != before or not known:
            self._key = next(iter(table.colour_columns), "")

    def tell(self) -> None:
        """Says that everything may be different."""
        self.columns_changed.emit()
        self.changed.emit()

    def by(self, key: str) -> None:
        """Colours the maps by a column's name, by FIELD, or "" for one colour."""
        if key != self._key:
            self._key = key
            self.changed.emit()

    def add(
        self,
        column: Column,
        *,
        show: bool = True,
        landmarks: npt.NDArray[np.int64] = _NO_ROWS,
    ) -> None:
        """A computed column, in place of one of that name; `show` colours the maps by it.
        landmarks: as the property of that name.

        Nothing happens where it has not one value a row: it comes too late, of another table.
        """
        if self._table is None or len(column.values) != len(self._table):
            return
        self._computed[column.name] = column
        self._landmarks[column.name] = landmarks
        if show:
            self._key = column.name
        self.columns_changed.emit()
        if self._key == column.name:
            self.changed.emit()

    def forget_computed(self) -> None:
        """Computed columns go: they spoke of other numbers."""
        if self._computed:
            gone = self._key in self._computed
            self._computed, self._landmarks = {}, {}
            if gone:
                self._key = ""
            self.tell()

    def set_field(self, column: Column | None) -> None:
        """How near every row truly is to the one pointed at; seen while colouring by FIELD."""
        self._field = column
        if self._key == FIELD:
            self.changed.emit()
