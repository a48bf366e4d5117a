"""Rows with how often each is a neighbour, as a list that selects."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import (
    QAbstractTableModel,
    QItemSelectionRange,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)
from PySide6.QtWidgets import QHeaderView, QTableView, QWidget
from typing_extensions import override

from explorer.gui.bars import SHARE, BarDelegate
from explorer.gui.names import Names
from explorer.gui.plain import counted, plain_tooltip
from explorer.gui.session import Session
from explorer.gui.theme import Theme
from explorer.neighborhoods import Hubs

Rows = npt.NDArray[np.int64]
_Index = QModelIndex | QPersistentModelIndex
_Right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class HubModel(QAbstractTableModel):
    """Token, times it is a neighbour, share of the rows that have it."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
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
    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008  (Qt's signature)
        return 0 if parent.isValid() or self._found is None else len(self._rows)

    @override
    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else 3

    @override
    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if role == Qt.ItemDataRole.TextAlignmentRole and section:
            return _Right
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return ("token", "times", "of rows")[section]
        return None

    @override
    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if self._found is None or not index.isValid():
            return None
        row, column = int(self._rows[index.row()]), index.column()
        times, share = int(self._found.counts[row]), float(self._shares[row])
        if role == Qt.ItemDataRole.DisplayRole:
            return (self._names.of(row), f"{times:,}", f"{100 * share:.2f} %")[column]
        if role == Qt.ItemDataRole.TextAlignmentRole and column:
            return _Right
        if role == Qt.ItemDataRole.ToolTipRole:
            who = f"{counted(times, 'row')} {'has' if times == 1 else 'have'} it"
            return plain_tooltip(f"{self._names.of(row)} · row {row:,} · {who} among the nearest")
        if role == SHARE and column == 2 and times:
            return times / max(1, int(self._found.counts.max()))
        return None


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
        self.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QTableView.SelectionMode.ExtendedSelection)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setMinimumHeight(120)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(24)
        self._set_columns(self.horizontalHeader())
        self.selectionModel().selectionChanged.connect(lambda *_: self._select())
        session.selection_changed.connect(self._follow)

    def _set_columns(self, header: QHeaderView) -> None:
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column, width in ((1, 80), (2, 120)):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
            header.resizeSection(column, width)

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
