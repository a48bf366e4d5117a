"""Selections kept by name: a list to select from, and a field to keep the rows at hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QObject,
    QPoint,
    Qt,
)
from PySide6.QtGui import QGuiApplication, QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QLineEdit,
    QMenu,
    QPushButton,
    QTableView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from explorer.expressions import selection_text
from explorer.gui.lists.list_model import Index, ListModel, style_list
from explorer.gui.selecting_keys import how_of
from explorer.gui.state.session import Session
from explorer.gui.tasks.keeping import Keeper
from explorer.gui.widgets.named import named
from explorer.gui.widgets.plain import counted, plain_label, plain_tooltip

Rows = npt.NDArray[np.int64]

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_HOWS = (
    ("replace", "&Select", "Select these rows (click)"),
    ("add", "&Add to the selection", "Select these rows too (Shift+click)"),
    ("remove", "Take &out of the selection", "Unselect these rows (Alt+click)"),
    ("intersect", "Select what is in &both", "Unselect all other rows (Ctrl+click)"),
)


class KeptModel(ListModel):
    """Name and number of rows of each; the name can be edited. rename: (old, new) -> whether."""

    def __init__(self, rename: Callable[[str, str], bool], parent: QObject | None = None) -> None:
        super().__init__(("kept selection", "rows"), (1,), parent)
        self._rename = rename
        self._kept: list[tuple[str, Rows]] = []

    def show_all(self, kept: list[tuple[str, Rows]]) -> None:
        self.beginResetModel()
        self._kept = kept
        self.endResetModel()

    def name_at(self, place: int) -> str:
        return self._kept[place][0]

    def rows_at(self, place: int) -> Rows:
        return self._kept[place][1]

    def place_of(self, name: str) -> int:
        """Where a selection stands; -1 for nowhere."""
        names = [kept for kept, _ in self._kept]
        return names.index(name) if name in names else -1

    @override
    def length(self) -> int:
        return len(self._kept)

    @override
    def text(self, place: int, column: int) -> str:
        name, rows = self._kept[place]
        return name if column == 0 else f"{len(rows):,}"

    @override
    def tip(self, place: int) -> str:
        name, rows = self._kept[place]
        return f"{name} · {counted(len(rows), 'row')} · in expressions: {selection_text(name)}"

    @override
    def other(self, place: int, column: int, role: int) -> Any:
        return self.text(place, column) if role == Qt.ItemDataRole.EditRole else None

    @override
    def flags(self, index: Index) -> Qt.ItemFlag:
        editable = Qt.ItemFlag.ItemIsEditable if index.column() == 0 else Qt.ItemFlag.NoItemFlags
        return super().flags(index) | editable

    @override
    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        return role == Qt.ItemDataRole.EditRole and self._rename(
            self.name_at(index.row()), str(value)
        )


class KeptList(QWidget):
    """Click selects, Shift+click adds, Alt+click takes out, Ctrl+click leaves what is in both."""

    def __init__(self, session: Session, keeper: Keeper, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("kept_list")
        self._session, self._keeper = session, keeper
        self.name = self._name_field()
        self._keep = self._button("kept_keep", "Keep", "Keep the selected rows under this name")
        self._keep.clicked.connect(self._keep_it)
        self._back = self._button("kept_restore", "", "Bring the deleted selection back")
        self._back.clicked.connect(keeper.restore)
        self._more = self._more_button()
        self._model = KeptModel(keeper.rename, self)
        self._view = self._list()
        self._note = plain_label("kept_note", "muted", wrap=True)
        self._arrange()
        session.kept.changed.connect(self._show)
        session.selection_changed.connect(self._follow_selection)
        keeper.ready_changed.connect(self._show_able)
        self._show()

    def _name_field(self) -> QLineEdit:
        tip = "A name for the selected rows, by which they are kept (Enter)"
        field = named(QLineEdit(self), "kept_name", "Name to keep the selection under", tip)
        field.setPlaceholderText("Name of the selected rows")
        field.setMaxLength(60)
        field.textChanged.connect(self._show_able)
        field.returnPressed.connect(self._keep_it)
        return field

    def _button(self, name: str, text: str, tip: str) -> QPushButton:
        return named(QPushButton(text, self), name, text or tip, tip)

    def _more_button(self) -> QToolButton:
        tip = "Select, add, take out, rename, replace or delete (also: right click)"
        button = named(QToolButton(self), "kept_more", "What to do with the kept selection", tip)
        button.setText("⋯")
        button.clicked.connect(lambda: self._pop_up(button.mapToGlobal(button.rect().bottomLeft())))
        return button

    def _list(self) -> QTableView:
        view = QTableView(self)
        view.setObjectName("kept_view")
        view.setAccessibleName("Kept selections")
        view.setToolTip(
            "Click or Enter selects; with Shift adds, with Alt takes out, with Ctrl leaves what is "
            "in both; F2 renames, Del deletes"
        )
        view.setModel(self._model)
        style_list(view, fitted=(1,))
        view.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        view.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        view.customContextMenuRequested.connect(
            lambda place: self._pop_up(view.viewport().mapToGlobal(place))
        )
        view.clicked.connect(lambda index: self._take(index.row()))
        view.selectionModel().currentChanged.connect(lambda *_: self._show_able())
        view.installEventFilter(self)
        return view

    def _arrange(self) -> None:
        line = QHBoxLayout()
        line.addWidget(self.name, 1)
        line.addWidget(self._keep)
        foot = QHBoxLayout()
        foot.addWidget(self._note, 1)
        foot.addWidget(self._back)
        foot.addWidget(self._more)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 8, 0, 0)
        layout.setSpacing(7)
        layout.addLayout(line)
        layout.addWidget(self._view, 1)
        layout.addLayout(foot)

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._keeper.refresh()  # another window may have kept some

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            place = self._view.currentIndex().row()
            if place >= 0 and event.key() in _ENTER:
                self._take(place)
                return True
            if place >= 0 and event.key() == Qt.Key.Key_Delete:
                self._keeper.delete(self._model.name_at(place))
                return True
        return super().eventFilter(watched, event)

    # What the user wants

    def _keep_it(self) -> None:
        name = self.name.text().strip()
        if self._keep.isEnabled() and self._keeper.keep(name):
            self.name.clear()
            self._point_at(name)

    def _take(self, place: int) -> None:
        how = how_of(QGuiApplication.keyboardModifiers(), with_control="intersect")
        self._session.select(self._model.rows_at(place), how)

    def _pop_up(self, where: QPoint) -> None:
        if self._view.currentIndex().isValid():
            menu = self._menu(self._view.currentIndex().row())
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.popup(where)

    def _menu(self, place: int) -> QMenu:
        name, rows = self._model.name_at(place), self._model.rows_at(place)
        menu = QMenu(self)
        menu.setObjectName("kept_menu")
        for how, text, tip in _HOWS:
            action = menu.addAction(text)
            action.setToolTip(tip)
            action.triggered.connect(lambda _=False, how=how: self._session.select(rows, how))
        menu.addSeparator()
        current = self._view.currentIndex().siblingAtColumn(0)
        menu.addAction("Re&name").triggered.connect(lambda: self._view.edit(current))
        replace = menu.addAction("Re&place by the selected rows")
        replace.setEnabled(len(self._session.selection) > 0)
        replace.triggered.connect(lambda: self._keeper.keep(name))
        menu.addAction("&Delete").triggered.connect(lambda: self._keeper.delete(name))
        return menu

    # What is shown

    def _show(self) -> None:
        place = self._view.currentIndex().row()
        before = self._model.name_at(place) if place >= 0 else ""
        self._model.show_all(list(self._session.kept.all.items()))
        self._point_at(before)
        self._show_able()

    def _follow_selection(self) -> None:
        """A list that points at one looks as if its rows were selected."""
        if not len(self._session.selection):
            self._view.setCurrentIndex(QModelIndex())
        self._show_able()

    def _point_at(self, name: str) -> None:
        place = self._model.place_of(name)
        if place >= 0:
            self._view.setCurrentIndex(self._model.index(place, 0))

    def _show_able(self) -> None:
        name, some = self.name.text().strip(), len(self._session.selection) > 0
        self._keep.setText("Replace" if name in self._session.kept.all else "Keep")
        self._keep.setEnabled(bool(name) and some and self._keeper.ready)
        self._more.setEnabled(self._view.currentIndex().isValid())
        deleted = self._keeper.deleted
        self._back.setVisible(bool(deleted))
        self._back.setText("Undo delete")
        self._back.setToolTip(plain_tooltip(f"Bring “{deleted}” back"))
        self._note.setText(self._said())

    def _said(self) -> str:
        place = self._view.currentIndex().row()
        if place >= 0:
            return f"In expressions: {selection_text(self._model.name_at(place))}"
        if self._model.rowCount():
            return "Click one to select its rows."
        return "Selections that you keep stand here, whenever a table of these tokens is open."
