"""How the rows of the table are called in every view: as a person reads them, or raw."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from explorer.gui.state.names import Names
from explorer.table import Table


class Naming(QObject):
    """changed: the same rows are called otherwise."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._readable = True
        self._ways = {wish: Names(None) for wish in (True, False)}

    @property
    def names(self) -> Names:
        """What the rows are called."""
        return self._ways[self._readable]

    @property
    def readable(self) -> bool:
        """Whether the marks of the vocabulary are resolved in names."""
        return self._readable

    def set_readable(self, wish: bool) -> None:
        """Readable names (`␣the`), or raw ones (`Ġthe`)."""
        if wish != self._readable:
            self._readable = wish
            self.changed.emit()

    def set_table(self, table: Table) -> None:
        """The names of another table; who hears of the table hears of them."""
        # Both now: the table is not kept, for its numbers may be others soon.
        self._ways = {wish: Names(table, plain=wish) for wish in (True, False)}
