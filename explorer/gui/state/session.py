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

from explorer.gui.state.belief import Belief
from explorer.gui.state.colours import Colours
from explorer.gui.state.combining import combined
from explorer.gui.state.history import Look, View
from explorer.gui.state.kept import Kept
from explorer.gui.state.maps import Maps
from explorer.gui.state.names import Names
from explorer.gui.state.naming import Naming
from explorer.gui.state.undoing import Undoing
from explorer.nearest import Neighbors
from explorer.projection import Projection
from explorer.table import Table

Rows = npt.NDArray[np.int64]


def _as_rows(rows: Iterable[int] | Rows) -> Rows:
    array = np.asarray(rows if isinstance(rows, np.ndarray) else list(rows), dtype=np.int64)
    array = array.copy()
    array.flags.writeable = False
    return array


class Session(QObject):
    """The table, its maps, colours and kept selections, the selected, isolated and hovered rows.

    A signal tells that something changed; the value is read from the session.
    table_changed: another table, other rows. vectors_changed: the same rows, other numbers.
    source_changed: the same table, in another file. names_changed: the same rows, called otherwise.
    projection_changed: the active map shows something else, or another map is active; for one map
    in particular see `maps`. isolated_changed: which rows are shown at all.
    What can be undone, tells `undoing`.
    """

    table_changed = Signal()
    names_changed = Signal()
    vectors_changed = Signal()
    source_changed = Signal()
    projection_changed = Signal()
    selection_changed = Signal()
    isolated_changed = Signal()
    hover_changed = Signal()
    neighbors_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._table: Table | None = None
        self.maps = Maps(self)
        self.undoing = Undoing(self._look, self._restore, self)
        self.naming = Naming(self)
        self._selection: Rows = _as_rows([])
        self._isolated: Rows | None = None
        self._hovered = -1
        self._neighbors: Neighbors | None = None
        self.colours = Colours(self)
        self.kept = Kept(self)
        self.belief = Belief(self.maps, self)
        self.naming.changed.connect(self.names_changed)
        self.maps.active_changed.connect(self.projection_changed)
        self.maps.projection_changed.connect(self._map_changed)

    # --- the table ------------------------------------------------------------------------------

    @property
    def table(self) -> Table | None:
        return self._table

    @property
    def names(self) -> Names:
        """What the rows are called in every view; see `naming`."""
        return self.naming.names

    def set_table(self, table: Table) -> None:
        """A new table: everything that spoke of the old one's rows is dropped first."""
        self.maps.clear()
        self.undoing.clear()
        self._restore(Look(_as_rows([])))
        self.hover(-1)
        self._table = table
        self.naming.set_table(table)
        self.belief.clear()
        self.colours.set_table(table)
        self.kept.fill({})
        self.table_changed.emit()
        self.colours.tell()
        self.undoing.changed.emit()

    def name_rows(self, table: Table) -> None:
        """The same vectors, with other tokens and columns: maps that do not hang on these stay, and
        so does the selection."""
        maps = {number: self.maps.projection(number) for number in self.maps.all}
        same = self._table is not None and table.vectors is self._table.vectors
        selection = self._selection
        self.set_table(table)
        for number, shown in maps.items() if same else ():
            if shown is not None and not shown.hangs_on_names:
                self.set_projection(shown, number)
        if same:
            self.select(selection)

    def update_table(self, table: Table) -> None:
        """New vectors for the same tokens, as while training: rows keep their meaning, so the
        selection stays. A table of other tokens is a new table."""
        if self._table is None or self._table.tokens is not table.tokens:
            self.set_table(table)
            return
        self._table = table
        active = self.projection
        self.maps.clear(keep=lambda shown: shown is active)
        self.set_neighbors(None)
        self.belief.clear()
        self.colours.forget_computed()
        self.vectors_changed.emit()

    def rename_table(self, table: Table) -> None:
        """The same table with another source: it was saved."""
        self._table = table
        self.maps.rebind(table)
        self.source_changed.emit()

    # --- the maps -------------------------------------------------------------------------------

    @property
    def projection(self) -> Projection | None:
        """What the active map shows."""
        return self.maps.projection(self.maps.active)

    def set_projection(self, projection: Projection | None, number: int | None = None) -> None:
        """A new map, on the active one or on that with this number; one made from other numbers
        than those at hand is dropped. One that was begun before the table was saved is of the same
        numbers, and becomes the saved table's."""
        if projection is not None and projection.table is not self._table:
            if self._table is None or projection.table.vectors is not self._table.vectors:
                return
            projection = replace(projection, table=self._table)
        self.maps.show(self.maps.active if number is None else number, projection)

    def _map_changed(self, number: int) -> None:
        if number == self.maps.active:
            self.projection_changed.emit()

    # --- the rows at hand -----------------------------------------------------------------------

    @property
    def selection(self) -> Rows:
        """Selected rows, in the order they were selected; read-only int64."""
        return self._selection

    @property
    def current_row(self) -> int | None:
        """The row that panels speak of: the last one selected."""
        return int(self._selection[-1]) if len(self._selection) else None

    @property
    def isolated(self) -> Rows | None:
        """The rows that are shown, ascending; None for all."""
        return self._isolated

    @property
    def hovered(self) -> int:
        """The row under the mouse, or -1."""
        return self._hovered

    @property
    def neighbors(self) -> Neighbors | None:
        """Nearest rows of the query at hand, once they have been found."""
        return self._neighbors

    def select(self, rows: Iterable[int] | Rows, how: str = "replace") -> None:
        """Selects these rows, in this order, in place of what was selected, or otherwise: see
        `combined`."""
        selection = combined(self._selection, _as_rows(rows), how)
        self._change(replace(self._look(), selection=_as_rows(selection)))

    def isolate(self, rows: Iterable[int] | Rows | None) -> None:
        """Shows these rows only; None shows all again."""
        wanted = None if rows is None else _as_rows(np.unique(_as_rows(rows)))
        if wanted is not None and not len(wanted):
            return
        self._change(replace(self._look(), isolated=wanted))

    def note_view(self, number: int, view: View, *, undoable: bool = True) -> None:
        """A map is looked at from here now; `undoable` where that was the user's doing."""
        before = self._look()
        known = before.views.get(number)
        self.maps.note_view(number, view)
        if (
            undoable
            and known is not None
            and known.scores() is view.scores()
            and not view.same(known)
        ):
            self.undoing.note(before)
            self.undoing.changed.emit()

    def _look(self) -> Look:
        return Look(self._selection, self._isolated, self.maps.views)

    def _change(self, look: Look) -> None:
        before = self._look()
        if not look.same(before):
            self.undoing.note(before)
            self._restore(look)
            self.undoing.changed.emit()

    def _restore(self, look: Look) -> None:
        selected = not np.array_equal(look.selection, self._selection)
        isolated = look.isolated is not self._isolated
        self._selection, self._isolated = look.selection, look.isolated
        if isolated:
            self.isolated_changed.emit()
        if selected:
            if self._neighbors is not None and self._neighbors.query_row is not None:
                self.set_neighbors(None)
            self.selection_changed.emit()
        self.maps.look(dict(look.views))

    def hover(self, row: int) -> None:
        """The row under the mouse; -1 for none."""
        if row != self._hovered:
            self._hovered = row
            self.hover_changed.emit()

    def set_neighbors(self, neighbors: Neighbors | None) -> None:
        """Neighbours of the current row, or of a vector; those of another row come too late and are
        dropped."""
        if neighbors is not None and neighbors.query_row not in (None, self.current_row):
            return
        if neighbors is self._neighbors:
            return
        self._neighbors = neighbors
        self.neighbors_changed.emit()
