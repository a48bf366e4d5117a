"""The tokens of the table, searched as one types."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QItemSelection, QItemSelectionModel, QObject, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from explorer.gui.folded import Folded
from explorer.gui.plain import counted, plain_label
from explorer.gui.session import Session
from explorer.gui.token_model import TokenModel, style_token_list
from explorer.tokens import matches

_SELECT_ALL = QKeySequence.StandardKey.SelectAll
_LINE = 24  # pixels
# More selected ranges than these are marked as they come into sight, and some lines beyond.
_MOST_MARKED, _MARGIN = 2000, 100
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_CTRL, _SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


class TokensPanel(QWidget):
    """Search field and token list; selecting in the list selects everywhere."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("tokens_panel")
        self._session = session
        self._folded = Folded(self)
        # Where marks are resolved, the texts that tokens stand for are searched too.
        self._read = Folded(self, lambda name: name.replace("␣", " ").casefold())
        self._selected = np.empty((0, 2), np.int64)
        self.search = self._search_field()
        self._model = TokenModel(self)
        self._view = self._list()
        self._count = plain_label("tokens_count", "muted")
        self._all = self._all_button()
        foot = QHBoxLayout()
        foot.addWidget(self._count, 1)
        foot.addWidget(self._all)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 8, 10, 8)
        layout.addWidget(self.search)
        layout.addWidget(self._view, 1)
        layout.addLayout(foot)
        session.table_changed.connect(self._take_table)
        session.selection_changed.connect(self._follow_selection)
        session.names_changed.connect(self._take_names)

    def _search_field(self) -> QLineEdit:
        field = QLineEdit(self)
        field.setObjectName("tokens_search")
        field.setAccessibleName("Search tokens")
        field.setToolTip(
            "Search tokens (Ctrl+F); Enter selects the first, Ctrl+Enter all found, ↓ goes to "
            "the list"
        )
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
        style_token_list(view)
        view.selectionModel().selectionChanged.connect(self._select)
        view.installEventFilter(self)
        view.verticalScrollBar().valueChanged.connect(self._mark_in_sight)
        return view

    def _all_button(self) -> QPushButton:
        button = QPushButton("Select all", self)
        button.setObjectName("tokens_select_all")
        button.setAccessibleName("Select all found")
        button.setToolTip("Select every token that is listed (Ctrl+Enter in the search field)")
        button.clicked.connect(self.select_found)
        return button

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and self._answers(watched, event):
            return True
        return super().eventFilter(watched, event)

    def _answers(self, watched: QObject, event: QKeyEvent) -> bool:
        """Whether a key was for us."""
        pressed = event.type() == QEvent.Type.KeyPress
        if watched is self.search:
            return pressed and self._answers_search(event)
        if not event.matches(_SELECT_ALL):
            return False
        event.accept()  # in the list, all means what is listed; elsewhere, what is shown
        if pressed:
            self.select_found()
        return True

    def _answers_search(self, event: QKeyEvent) -> bool:
        if event.key() == Qt.Key.Key_Down:
            self._view.setFocus()
            self._view.selectRow(0)
        elif event.key() == Qt.Key.Key_Escape and self.search.text():
            self.search.clear()
        elif event.key() in _ENTER and event.modifiers() & _CTRL:
            self.select_found()
        else:
            return False
        return True

    def select_found(self) -> None:
        """Selects every row that the search lists; the best match is the current one."""
        if self._model.rowCount():
            self._session.select(self._model.rows[::-1])

    def _take_table(self) -> None:
        table = self._session.table
        self._folded.take(table.tokens if table else ())
        self._take_names()

    def _take_names(self) -> None:
        names = self._session.names
        self._read.take(names if names.scheme else ())
        self._filter()

    def _filter(self) -> None:
        table = self._session.table
        rows = self._found(self.search.text().casefold())
        self._model.show_rows(table, self._session.names, rows)
        total = len(table) if table else 0
        found = f"{len(rows):,} of " if len(rows) < total else ""
        self._count.setText(found + counted(total, "token") if total else "")
        self._all.setEnabled(len(rows) > 0)
        self._follow_selection()

    def _found(self, query: str) -> npt.NDArray[np.int64]:
        """Rows that match the raw token or, where marks are resolved, the text it stands for."""
        if not query:
            return np.arange(len(self._session.names), dtype=np.int64)
        rows = matches(self._folded.all, query)
        if not self._session.names.scheme:
            return rows
        read = matches(self._read.all, query)
        return np.array(list(dict.fromkeys([*read.tolist(), *rows.tolist()])), dtype=np.int64)

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
        self._selected = self._model.ranges_of(places)
        if len(places) and places[-1] >= 0:
            last = self._model.index(int(places[-1]), 0)
            no_update = QItemSelectionModel.SelectionFlag.NoUpdate
            self._view.selectionModel().setCurrentIndex(last, no_update)
            self._view.scrollTo(last)
        self._mark(self._selected if len(self._selected) <= _MOST_MARKED else self._in_sight())

    def _in_sight(self) -> npt.NDArray[np.int64]:
        """Selected ranges in sight: Qt takes half a second to mark 20,000 of them."""
        top = max(0, self._view.rowAt(0) - _MARGIN)
        bottom = top + self._view.viewport().height() // _LINE + 2 * _MARGIN
        first, last = self._selected.T
        return self._selected[(last >= top) & (first <= bottom)]

    def _mark_in_sight(self) -> None:
        if len(self._selected) > _MOST_MARKED:
            self._mark(self._in_sight())

    def _mark(self, ranges: npt.NDArray[np.int64]) -> None:
        model = self._view.selectionModel()
        model.blockSignals(True)
        selection = self._model.item_selection(ranges)
        model.select(selection, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        model.blockSignals(False)
        self._view.viewport().update()
