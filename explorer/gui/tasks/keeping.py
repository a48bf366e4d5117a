"""Keeping selections: from the user's wish to the file, and from the file into the session."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, Signal

from explorer.errors import ExplorerError, InputError
from explorer.gui.state.session import Session
from explorer.gui.tasks.jobs import Jobs
from explorer.progress import Report
from explorer.selections import Shelf, checked_name, key_of
from explorer.table import Table

Rows = npt.NDArray[np.int64]
T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class _Loaded:
    """What was found for a table."""

    table: Table
    shelf: Shelf
    selections: dict[str, Rows]
    wrong: Sequence[InputError]


def _deleted(shelf: Shelf, name: str) -> bool:
    shelf.delete(name)
    return True


class Keeper(QObject):
    """Reads the kept selections of each table that is opened, and writes what is kept.

    Finding out which are a table's takes a pass over its tokens, in the background: `ready` until
    then is False. Each selection is a small file and is written at once.
    failed: an exception to be shown. told: a sentence on what was done. ready_changed.
    """

    failed = Signal(object)
    told = Signal(str)
    ready_changed = Signal(bool)

    def __init__(self, session: Session, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._lane = jobs.keeping
        self._shelf: Shelf | None = None
        self._deleted: tuple[str, Rows] | None = None
        self._lane.succeeded.connect(self._take)
        self._lane.failed.connect(self.failed)
        session.table_changed.connect(self._look)
        session.source_changed.connect(self._look)

    @property
    def ready(self) -> bool:
        """Whether selections can be kept now."""
        return self._shelf is not None

    @property
    def deleted(self) -> str:
        """Name of the selection deleted last, which `restore` brings back; "" for none."""
        return self._deleted[0] if self._deleted else ""

    def keep(self, name: str) -> bool:
        """Keeps the rows selected now, in place of a selection of that name; whether it could."""
        rows = self._session.selection
        there = name.strip() in self._session.kept.all
        kept = self._done(lambda shelf: (checked_name(name), shelf.keep(name, rows)))
        if kept is not None:
            self._session.kept.put(*kept)
            verb = "Replaced" if there else "Kept"
            self.told.emit(f"{verb} “{kept[0]}”: {len(kept[1]):,} rows.")
        return kept is not None

    def rename(self, old: str, new: str) -> bool:
        """Gives a selection another name; whether it could."""
        rows = self._session.kept.all.get(old)
        if rows is None:
            return False
        kept = self._done(lambda shelf: (checked_name(new), shelf.rename(old, new, rows)))
        if kept is not None:
            others = {name: r for name, r in self._session.kept.all.items() if name != old}
            self._session.kept.fill({**others, kept[0]: kept[1]})
        return kept is not None

    def delete(self, name: str) -> None:
        """Deletes a selection; `restore` brings it back."""
        rows = self._session.kept.all.get(name)
        if rows is not None and self._done(lambda shelf: _deleted(shelf, name)):
            self._deleted = (name, rows)
            self._session.kept.take_out(name)

    def restore(self) -> None:
        """Brings the selection back that was deleted last."""
        if self._deleted is None:
            return
        name, rows = self._deleted
        if self._done(lambda shelf: shelf.keep(name, rows)) is not None:
            self._deleted = None
            self._session.kept.put(name, rows)

    def refresh(self) -> None:
        """Reads the files again: another window may have kept some."""
        shelf, table = self._shelf, self._session.table
        if shelf is not None and table is not None and not self._lane.busy:
            self._lane.start(
                "Reading kept selections",
                lambda report: _Loaded(table, shelf, *shelf.read()),
            )

    def _done(self, wish: Callable[[Shelf], T]) -> T | None:
        """What came of it; None where it failed, which is told."""
        if self._shelf is None:
            return None
        self._lane.cancel()  # what it read is older
        try:
            return wish(self._shelf)
        except ExplorerError as error:
            self.failed.emit(error)
            return None

    def _look(self) -> None:
        table = self._session.table
        self._shelf, self._deleted = None, None
        self.ready_changed.emit(False)
        if table is None:
            self._lane.cancel()
            return

        def work(report: Report) -> _Loaded:
            shelf = Shelf(key_of(table, report), len(table))
            return _Loaded(table, shelf, *shelf.read())

        self._lane.start("Reading kept selections", work)

    def _take(self, found: _Loaded) -> None:
        table = self._session.table
        if table is None or table.tokens is not found.table.tokens:
            return
        first, self._shelf = self._shelf is None, found.shelf
        self._session.kept.fill(found.selections)
        if first:
            self.ready_changed.emit(True)
            for error in found.wrong[:1]:
                self.failed.emit(error)
