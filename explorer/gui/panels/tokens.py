"""The tokens of the table, searched as one types."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import (
    QAbstractTableModel,
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QHeaderView, QLineEdit, QTableView, QVBoxLayout, QWidget
from typing_extensions import override

from explorer.gui.names import Names
from explorer.gui.plain import counted, plain_label, plain_tooltip
from explorer.gui.session import Session
from explorer.table import Column, Table
from explorer.tokens import matches

_Index = QModelIndex | QPersistentModelIndex
_CTRL, _SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


class TokenModel(QAbstractTableModel):
    """Rows of a table in a chosen order: token, and the count where there is one."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._table: Table | None = None
        self._names = Names(None)
        self._count: Column | None = None
        self._rows: npt.NDArray[np.int64] = np.empty(0, np.int64)

    def show_rows(self, table: Table | None, names: Names, rows: npt.NDArray[np.int64]) -> None:
        """Shows these rows, in this order."""
        self.beginResetModel()
        self._table, self._names = table, names
        self._count = table.columns.get("count") if table else None
        self._rows = rows
        self.endResetModel()

    def row_at(self, place: int) -> int:
        """The table's row at a place of the list."""
        return int(self._rows[place])

    def places_of(self, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """The places of table rows in the list, -1 where a row is not listed."""
        if not len(self._rows):
            return np.full(len(rows), -1)
        order = np.argsort(self._rows, kind="stable")
        found = np.searchsorted(self._rows, rows, sorter=order)
        places = order[np.minimum(found, len(order) - 1)]
        return np.where(self._rows[places] == rows, places, -1)

    def rows_in(self, selection: QItemSelection) -> npt.NDArray[np.int64]:
        """The table rows of a selection, in the order of the list."""
        ranges = [selection.at(place) for place in range(selection.count())]
        places = [np.arange(r.top(), r.bottom() + 1) for r in ranges if r.isValid()]
        joined = np.unique(np.concatenate(places)) if places else np.empty(0, np.int64)
        return self._rows[joined]

    def item_selection(self, places: npt.NDArray[np.int64]) -> QItemSelection:
        """Places, -1 left out, as few ranges of whole lines."""
        listed = np.unique(places[places >= 0])
        selection = QItemSelection()
        for run in np.split(listed, np.flatnonzero(np.diff(listed) > 1) + 1):
            if len(run):
                selection.select(self.index(int(run[0]), 0), self.index(int(run[-1]), 1))
        return selection

    @override
    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008  (Qt's signature)
        return 0 if parent.isValid() else len(self._rows)

    @override
    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else 2

    @override
    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if role == Qt.ItemDataRole.TextAlignmentRole and section == 1:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return ("token", "count" if self._count else "row")[section]
        return None

    @override
    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if self._table is None or not index.isValid():
            return None
        row = self.row_at(index.row())
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() == 1:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tooltip(f"{self._names.of(row)} · row {row:,}")
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        if index.column() == 0:
            return self._names.of(row)
        return f"{self._count.values[row]:,}" if self._count else f"{row:,}"


class TokensPanel(QWidget):
    """Search field and token list; selecting in the list selects everywhere."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("tokens_panel")
        self._session = session
        self._folded: tuple[str, ...] = ()
        self.search = self._search_field()
        self._model = TokenModel(self)
        self._view = self._list()
        self._count = plain_label("tokens_count", "muted")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 8, 10, 8)
        layout.addWidget(self.search)
        layout.addWidget(self._view, 1)
        layout.addWidget(self._count)
        session.table_changed.connect(self._take_table)
        session.selection_changed.connect(self._follow_selection)
        session.names_changed.connect(self._filter)

    def _search_field(self) -> QLineEdit:
        field = QLineEdit(self)
        field.setObjectName("tokens_search")
        field.setAccessibleName("Search tokens")
        field.setToolTip("Search tokens (Ctrl+F); Enter selects the first, ↓ goes to the list")
        field.setPlaceholderText("Search tokens")
        field.setClearButtonEnabled(True)
        field.textChanged.connect(self._filter)
        field.returnPressed.connect(self._select_first)
        field.installEventFilter(self)
        return field

    def _list(self) -> QTableView:
        view = QTableView(self)
        view.setObjectName("tokens_list")
        view.setAccessibleName("Tokens")
        view.setToolTip("The rows of the table; select one or several")
        view.setModel(self._model)
        view.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        view.setShowGrid(False)
        view.setWordWrap(False)
        view.setTabKeyNavigation(False)
        view.verticalHeader().hide()
        view.verticalHeader().setDefaultSectionSize(24)
        header = view.horizontalHeader()
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        # Widths from the rows in sight: measuring 250,000 would freeze the window.
        header.setResizeContentsPrecision(0)
        view.selectionModel().selectionChanged.connect(self._select)
        return view

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() == Qt.Key.Key_Down:
                self._view.setFocus()
                self._view.selectRow(0)
                return True
            if event.key() == Qt.Key.Key_Escape and self.search.text():
                self.search.clear()
                return True
        return super().eventFilter(watched, event)

    def _take_table(self) -> None:
        table = self._session.table
        self._folded = tuple(token.casefold() for token in table.tokens) if table else ()
        self._filter()

    def _filter(self) -> None:
        table = self._session.table
        rows = self._found(self.search.text().casefold())
        self._model.show_rows(table, self._session.names, rows)
        total = len(self._folded)
        found = f"{len(rows):,} of " if len(rows) < total else ""
        self._count.setText(found + counted(total, "token") if total else "")
        self._follow_selection()

    def _found(self, query: str) -> npt.NDArray[np.int64]:
        """Rows that match the raw token or, where marks are resolved, the text it stands for."""
        rows = matches(self._folded, query)
        if not query or not self._session.names.scheme:
            return rows
        read = [name.replace("␣", " ").casefold() for name in self._session.names]
        return np.array(list(dict.fromkeys([*matches(read, query).tolist(), *rows.tolist()])))

    def _select_first(self) -> None:
        if self._model.rowCount():
            self._session.select([self._model.row_at(0)])

    def _select(self, chosen: QItemSelection, dropped: QItemSelection) -> None:
        """What the list selects, the session selects; rows that the filter hides stay selected
        where the user adds or takes out."""
        adding = QGuiApplication.keyboardModifiers() & (_CTRL | _SHIFT)
        kept = self._session.selection if adding else self._model.rows_in(QItemSelection())
        kept = kept[~np.isin(kept, self._model.rows_in(dropped))]
        if not adding:
            chosen = self._view.selectionModel().selection()
        new = self._model.rows_in(chosen)
        new = new[~np.isin(new, kept)]
        current = self._view.currentIndex()
        if current.isValid():  # the row selected last speaks for the selection, as on the map
            row = self._model.row_at(current.row())
            new = np.concatenate([new[new != row], new[new == row]])
        self._session.select(np.concatenate([kept, new]))

    def _follow_selection(self) -> None:
        places = self._model.places_of(self._session.selection)
        model = self._view.selectionModel()
        model.blockSignals(True)
        flags = QItemSelectionModel.SelectionFlag
        model.select(self._model.item_selection(places), flags.ClearAndSelect)
        model.blockSignals(False)
        if len(places) and places[-1] >= 0:
            last = self._model.index(int(places[-1]), 0)
            model.setCurrentIndex(last, flags.NoUpdate)
            self._view.scrollTo(last)
        self._view.viewport().update()
