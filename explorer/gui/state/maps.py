"""Maps side by side: up to four projections of the one table, one of them active."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from explorer.gui.state.history import View
from explorer.projection import Projection
from explorer.table import Table

MOST = 4


class Maps(QObject):
    """What each map shows. A map is known by a number that is never given to another one.

    opened, closed: a map came or went (its number). active_changed: panels speak of another map.
    projection_changed: what a map shows (its number). view_changed: a map is to be looked at
    elsewhere, as after undo (its number); what the user does with the mouse is not told again.
    """

    opened = Signal(int)
    closed = Signal(int)
    active_changed = Signal()
    projection_changed = Signal(int)
    view_changed = Signal(int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._shown: dict[int, Projection | None] = {0: None}
        self._views: dict[int, View] = {}
        self._active = 0
        self._next = 1

    @property
    def all(self) -> tuple[int, ...]:
        """The maps, in the order they were opened."""
        return tuple(self._shown)

    @property
    def active(self) -> int:
        """The map that panels speak of and that new projections go to."""
        return self._active

    @property
    def views(self) -> dict[int, View]:
        """Where each map was looked at last; a copy."""
        return dict(self._views)

    def projection(self, number: int) -> Projection | None:
        """What a map shows; None where it is empty or gone."""
        return self._shown.get(number)

    def open(self) -> int | None:
        """An empty map more, which becomes the active one; None where there are four."""
        if len(self._shown) >= MOST:
            return None
        number, self._next = self._next, self._next + 1
        self._shown[number] = None
        self.opened.emit(number)
        self.activate(number)
        return number

    def close(self, number: int) -> None:
        """A map goes; the last one stays."""
        if number not in self._shown or len(self._shown) == 1:
            return
        del self._shown[number]
        self._views.pop(number, None)
        self.closed.emit(number)
        if self._active == number:
            self._active = next(reversed(self._shown))
            self.active_changed.emit()

    def activate(self, number: int) -> None:
        if number in self._shown and number != self._active:
            self._active = number
            self.active_changed.emit()

    def show(self, number: int, projection: Projection | None) -> None:
        """Puts a projection, or nothing, on a map that is there."""
        if number in self._shown:
            self._shown[number] = projection
            self.projection_changed.emit(number)

    def rebind(self, table: Table) -> None:
        """The same rows and numbers in a table of another name: maps keep what they show."""
        for number, projection in self._shown.items():
            if projection is not None:
                self._shown[number] = replace(projection, table=table)

    def clear(self, keep: Callable[[Projection], bool] = lambda _: False) -> None:
        """Empties every map whose projection is not to be kept."""
        for number, projection in list(self._shown.items()):
            if projection is not None and not keep(projection):
                self._views.pop(number, None)
                self.show(number, None)

    def note_view(self, number: int, view: View) -> None:
        """The user looks at a map from here now."""
        if number in self._shown:
            self._views[number] = view

    def look(self, views: dict[int, View]) -> None:
        """Looks at the maps as they were looked at then, where they still show the same."""
        for number, view in views.items():
            shown = self._shown.get(number)
            if shown is None or not view.of(shown.scores):
                continue
            if not view.same(self._views.get(number)):
                self._views[number] = view
                self.view_changed.emit(number)
