"""The tokens of the table, searched as one types."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QItemSelection, QItemSelectionModel, QObject, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPushButton,
    QStackedLayout,
    QTableView,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from explorer.gui.fields.buttons import push_button
from explorer.gui.fields.search_field import SearchField
from explorer.gui.lists.list_model import style_list
from explorer.gui.lists.marked import MarkedDelegate
from explorer.gui.lists.nothing_found import NothingFound
from explorer.gui.lists.token_model import MARKED, TokenModel
from explorer.gui.state.session import Session
from explorer.gui.tasks.finding import Answer, Finding
from explorer.gui.tasks.jobs import Jobs
from explorer.gui.theme import Theme
from explorer.gui.widgets.named import named
from explorer.gui.widgets.plain import counted, plain_label
from explorer.searching import PatternError

_SELECT_ALL, _COPY = QKeySequence.StandardKey.SelectAll, QKeySequence.StandardKey.Copy
_LINE = 24  # pixels
# More selected ranges than these are marked as they come into sight, and some lines beyond.
_MOST_MARKED, _MARGIN = 300, 100
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_CTRL, _SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


class TokensPanel(QWidget):
    """Search field and token list; selecting in the list selects everywhere."""

    def __init__(
        self, session: Session, jobs: Jobs, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("tokens_panel")
        self._session = session
        self._finding = Finding(session, jobs, self)
        self._waiting: Callable[[], None] | None = None
        self._shown: Answer | None = None
        self._selected = np.empty((0, 2), np.int64)
        self._field = SearchField(theme, self)
        self.search = self._field.line
        self._model = TokenModel(self)
        self._view = self._list(theme)
        self._nothing = NothingFound("tokens_nothing", self)
        self._count = plain_label("tokens_count", "muted")
        self._all = self._all_button()
        self._arrange()
        self._wire(theme)

    def _arrange(self) -> None:
        foot = QHBoxLayout()
        foot.addWidget(self._count, 1)
        foot.addWidget(self._all)
        self._middle = QStackedLayout()
        self._middle.addWidget(self._view)
        self._middle.addWidget(self._nothing)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 8, 10, 8)
        layout.addWidget(self._field)
        layout.addLayout(self._middle, 1)
        layout.addLayout(foot)

    def _wire(self, theme: Theme) -> None:
        self._field.changed.connect(self._ask)
        self.search.returnPressed.connect(lambda: self._once_found(self._select_first))
        self.search.installEventFilter(self)
        for action in self._field.actions_of_keys():
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            self.addAction(action)
        self._finding.answered.connect(self._take)
        self._nothing.chosen.connect(self._search_instead)
        self._session.table_changed.connect(self._take_table)
        self._session.selection_changed.connect(self._follow_selection)
        self._session.names_changed.connect(self._show)
        theme.changed.connect(lambda: self._view.viewport().update())

    def _list(self, theme: Theme) -> QTableView:
        tip = "The rows of the table; select one or several"
        view = named(QTableView(self), "tokens_list", "Tokens", tip)
        view.setModel(self._model)
        style_list(view, fixed={1: 0})
        view.setItemDelegateForColumn(0, MarkedDelegate(theme, MARKED, view))
        view.selectionModel().selectionChanged.connect(self._select)
        view.installEventFilter(self)
        view.verticalScrollBar().valueChanged.connect(self._mark_in_sight)
        view.horizontalHeader().hide()  # until there are lines under it
        return view

    def _all_button(self) -> QPushButton:
        button = push_button(
            "tokens_select_all",
            "Select all",
            "Select every token that is listed (Ctrl+Enter in the search field)",
            self,
            title="Select all found",
        )
        button.clicked.connect(self.select_found)
        button.setEnabled(False)  # nothing is listed yet
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
        for keys, act in ((_SELECT_ALL, self.select_found), (_COPY, self.copy)):
            if event.matches(keys):
                event.accept()  # in the list, all means what is listed; elsewhere, what is shown
                if pressed:
                    act()
                return True
        return False

    def _answers_search(self, event: QKeyEvent) -> bool:
        if event.key() == Qt.Key.Key_Down:
            self._once_found(self._go_to_list)
        elif event.key() == Qt.Key.Key_Escape and self.search.text():
            self.search.clear()
        elif event.key() in _ENTER and event.modifiers() & _CTRL:
            self._once_found(self.select_found)
        else:
            return False
        return True

    def _go_to_list(self) -> None:
        if self._model.rowCount():
            self._view.setFocus()
            self._view.selectRow(0)

    @property
    def answered(self) -> bool:
        """Whether the list shows what is searched for now."""
        return self._shown is not None and self._shown.search == self._field.search

    @property
    def shown_rows(self) -> int:
        """How many rows are listed."""
        return self._model.rowCount()

    def _once_found(self, act: Callable[[], None]) -> None:
        """Does something with what is found: now, or when it is."""
        if self.answered:
            act()
        else:
            self._waiting = act

    def select_found(self) -> None:
        """Selects every row that the search lists; the best match is the current one."""
        if self._model.rowCount():
            self._session.select(self._model.rows[::-1])

    def copy(self) -> None:
        """Puts the selected tokens on the clipboard, one a line; Qt would copy a single one."""
        table, rows = self._session.table, self._session.selection.tolist()
        if table is not None and rows:
            QGuiApplication.clipboard().setText("\n".join(table.tokens[row] for row in rows))

    def _take_table(self) -> None:
        self._shown = None
        self._ask()
        self._finding.prepare(self._field.search)

    def _ask(self) -> None:
        self._waiting = None
        self._finding.ask(self._field.search)

    def _search_instead(self, token: str) -> None:
        self.search.setText(token)
        self.search.setFocus()

    def _take(self, answer: Answer) -> None:
        self._shown = answer
        self._field.show_error(answer.error)
        self._show()
        if self._waiting is not None:
            act, self._waiting = self._waiting, None
            act()

    def _fit_numbers(self) -> None:
        """All of them have room, not only those in sight."""
        header, widest = self._view.horizontalHeader(), self._model.index(self._model.widest, 1)
        wide = self._view.sizeHintForIndex(widest).width() + 1
        header.resizeSection(1, max(wide, header.sectionSizeHint(1)))

    def _show(self) -> None:
        """What was found, or why nothing was."""
        table, answer = self._session.table, self._shown
        if answer is None:
            return
        rows = answer.rows
        self._model.show_rows(table, self._session.names, rows, answer.search)
        self._fit_numbers()
        total = len(table) if table else 0
        self._view.horizontalHeader().setVisible(total > 0)
        found = f"{len(rows):,} of " if len(rows) < total else ""
        told = total and answer.error is None  # where nothing was searched, nothing is counted
        self._count.setText(found + counted(total, "token") if told else "")
        self._all.setEnabled(len(rows) > 0)
        if table is not None and not len(rows) and total:
            near = [table.tokens[row] for row in answer.near or ()]
            self._nothing.show_why(_why(answer), near)
        self._middle.setCurrentIndex(int(not len(rows) and total > 0))
        self._follow_selection()

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


def _why(answer: Answer) -> str:
    if isinstance(answer.error, PatternError):
        return f"{answer.error.reason} (character {answer.error.position + 1})"
    return answer.search.nothing if answer.error is None else str(answer.error)
