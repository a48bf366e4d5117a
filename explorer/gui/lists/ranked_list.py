"""Rows in the order of their scores, as a list: rank, token, score with a bar."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QTableView, QWidget
from typing_extensions import override

from explorer.gui.lists.bars import SHARE, BarDelegate
from explorer.gui.lists.copying import copies_lines
from explorer.gui.lists.list_model import ListModel
from explorer.gui.state.names import Names
from explorer.gui.theme import Theme
from explorer.gui.widgets.plain import decimal
from explorer.nearest import Neighbors

SCORE = 2  # the column of the score


class RankedModel(ListModel):
    """Rank, token and score of each row found."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(("", "token", "score"), (0, SCORE), parent)
        self._names = Names(None)
        self._found: Neighbors | None = None

    def show_neighbors(self, names: Names, found: Neighbors | None) -> None:
        """names: what rows are called."""
        self.beginResetModel()
        self._names, self._found = names, found
        self.endResetModel()

    @property
    def found(self) -> Neighbors:
        """What stands in the list; only where there is something."""
        assert self._found is not None
        return self._found

    def row_at(self, place: int) -> int:
        """The table's row at a place of the list."""
        return int(self.found.rows[place])

    def share(self, score: float) -> float:
        """Length of a score's bar, 0 to 1. Bars compare within the list: the best one is full."""
        best = float(self.found.scores[0])
        return max(0.0, score / best) if best > 0 else 0.0

    @override
    def length(self) -> int:
        return 0 if self._found is None else len(self._found.rows)

    @override
    def text(self, place: int, column: int) -> str:
        if column == 0:
            return str(place + 1)
        return self._names.of(self.row_at(place)) if column == 1 else self._told(place, 4)

    @override
    def tip(self, place: int) -> str:
        row = self.row_at(place)
        return f"{self._names.of(row)} · row {row:,} · {self.found.metric} {self._told(place, 6)}"

    @override
    def other(self, place: int, column: int, role: int) -> Any:
        return self.share(self._score(place)) if role == SHARE and column == SCORE else None

    def _told(self, place: int, places: int) -> str:
        """The score; a cosine that is nothing but rounding is a zero."""
        score = self._score(place)
        if self.found.metric == "cosine":
            score = round(score, places) + 0.0  # no minus before nothing
        return decimal(score, places)

    def _score(self, place: int) -> float:
        return float(self.found.scores[place])


class RankedList(QTableView):
    """The lines of a model, to be clicked one at a time. name: of the object. title: for screen
    readers. Its columns are set by who makes it."""

    def __init__(
        self,
        name: str,
        title: str,
        model: RankedModel,
        theme: Theme,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(title)
        self.setModel(model)
        self.setItemDelegateForColumn(SCORE, BarDelegate(theme, self))
        self.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        copies_lines(self)
