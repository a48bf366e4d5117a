"""The selections of the table at hand that are kept by name."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, Signal

from explorer.selections import CURRENT, ordered

Rows = npt.NDArray[np.int64]


class Kept(QObject):
    """Rows by name, in alphabetical order. changed: selections came, went or are others."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._all: Mapping[str, Rows] = {}

    @property
    def all(self) -> Mapping[str, Rows]:
        """Ascending int64 rows by name; a copy."""
        return dict(self._all)

    def named(self, current: Rows) -> dict[str, Rows]:
        """What expressions may speak of: all of these, and the rows selected now."""
        return {CURRENT: current, **self._all}

    def fill(self, selections: Mapping[str, Rows]) -> None:
        """These in place of all that were there."""
        if selections or self._all:
            self._all = ordered(selections)
            self.changed.emit()

    def put(self, name: str, rows: Rows) -> None:
        """One more, in place of one of that name."""
        self.fill({**self._all, name: rows})

    def take_out(self, name: str) -> None:
        """One less."""
        self.fill({other: rows for other, rows in self._all.items() if other != name})
