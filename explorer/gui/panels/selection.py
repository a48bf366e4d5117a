"""The selected rows: how many, which, what they have in common, and keeping them by name."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QHBoxLayout,
    QMenu,
    QPushButton,
    QSpinBox,
    QTableView,
    QTabWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from explorer.composition import Composition
from explorer.gui.fields.spin_box import SpinBox
from explorer.gui.lists.composition_list import CompositionList
from explorer.gui.lists.kept_list import KeptList
from explorer.gui.lists.list_model import style_list
from explorer.gui.lists.token_model import TokenModel
from explorer.gui.state.session import Session
from explorer.gui.tasks.keeping import Keeper
from explorer.gui.tasks.selecting import Selecting
from explorer.gui.widgets.named import named
from explorer.gui.widgets.plain import counted, plain_label
from explorer.gui.widgets.when_seen import WhenSeen
from explorer.table import Column, Table

_HINT = (
    "Draw a box or a lasso on the map, select what a search finds, or press Ctrl+A: the rows "
    "stand here, with what they have in common."
)
_K_WIDTH, _COUNT_WIDTH = 84, 90  # pixels
_MENU = ("invert", "on_map", "grow_mean", "", "project_selected", "copy", "export_selection")


class SelectionPanel(WhenSeen):
    """Follows the selection while it is in sight. actions: those of the window, by name."""

    def __init__(
        self,
        session: Session,
        selecting: Selecting,
        keeper: Keeper,
        actions: Mapping[str, QAction],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("selection_panel")
        self._session, self._selecting = session, selecting
        self._composition: Composition | None = None
        self._count = plain_label("selection_count", "title")
        self._facts = plain_label("selection_facts", "muted", wrap=True)
        self._shown = plain_label("selection_shown", "muted", wrap=True)
        self._isolate = self._button("selection_isolate", "Isolate", actions["isolate"])
        self._grow = self._button("selection_grow", "Grow", actions["grow"])
        self._k = self._k_box()
        self._more = self._more_button(actions)
        self._model = TokenModel(self)
        self._tokens = self._list()
        self._columns = CompositionList(self)
        self.kept = KeptList(session, keeper, self)
        self._hint = plain_label("selection_hint", "muted", wrap=True)
        self._hint.setText(_HINT)
        self.pages = self._pages()
        self._arrange()
        self._wire()

    def _button(self, name: str, text: str, action: QAction) -> QPushButton:
        """A button that does what an action of the menus does, and is greyed with it."""
        button = QPushButton(text, self)
        button.setObjectName(name)
        button.setAccessibleName(text)
        button.clicked.connect(action.trigger)

        def follow() -> None:
            button.setEnabled(action.isEnabled())
            button.setToolTip(action.toolTip())

        action.changed.connect(follow)
        follow()
        return button

    def _k_box(self) -> QSpinBox:
        tip = "How many of its nearest rows each selected row brings when growing"
        box = named(SpinBox(self), "selection_k", "Neighbours to grow by", tip)
        box.setRange(1, 1000)
        box.setValue(self._selecting.k)
        box.setPrefix("k = ")
        box.setMaximumWidth(_K_WIDTH)
        box.valueChanged.connect(lambda k: setattr(self._selecting, "k", k))
        return box

    def _more_button(self, actions: Mapping[str, QAction]) -> QToolButton:
        tip = "Invert, shrink, copy, export"
        button = named(QToolButton(self), "selection_more", "More to do with the selection", tip)
        button.setText("⋯")
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(button)
        menu.setObjectName("selection_menu")
        for name in _MENU:
            if name:
                menu.addAction(actions[name])
            else:
                menu.addSeparator()
        button.setMenu(menu)
        return button

    def _list(self) -> QTableView:
        tip = "Click a token, or press Enter on it, to make its row the current one"
        view = named(QTableView(self), "selection_tokens", "Selected tokens", tip)
        view.setModel(self._model)
        # Qt would measure every row of a list that is not on the screen yet.
        style_list(view, movable={1: _COUNT_WIDTH})
        view.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        view.clicked.connect(lambda index: self._make_current(index.row()))
        view.activated.connect(lambda index: self._make_current(index.row()))
        return view

    def _pages(self) -> QTabWidget:
        pages = QTabWidget(self)
        pages.setObjectName("selection_pages")
        pages.setAccessibleName("Of the selection")
        pages.setDocumentMode(True)
        pages.tabBar().setObjectName("selection_tabs")
        for title, page in (
            ("Tokens", self._tokens),
            ("Columns", self._columns),
            ("Kept", self.kept),
        ):
            pages.addTab(page, title)
        pages.currentChanged.connect(self._show)
        return pages

    def _arrange(self) -> None:
        title = QHBoxLayout()
        title.addWidget(self._count, 1)
        title.addWidget(self._more)
        line = QHBoxLayout()
        line.setSpacing(6)
        line.addWidget(self._isolate)
        line.addWidget(self._grow)
        line.addWidget(self._k)
        line.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 10, 12, 10)
        layout.setSpacing(7)
        layout.addLayout(title)
        layout.addWidget(self._facts)
        layout.addLayout(line)
        layout.addWidget(self._shown)
        layout.addWidget(self._hint)
        layout.addWidget(self.pages, 1)

    def _wire(self) -> None:
        session = self._session
        for signal in (
            session.selection_changed,
            session.isolated_changed,
            session.names_changed,
        ):
            signal.connect(self._show)
        session.table_changed.connect(self._drop_tokens)
        for signal in (
            session.table_changed,
            session.vectors_changed,
            session.colours.columns_changed,
        ):
            signal.connect(self._forget)
        session.kept.changed.connect(self._show_kept)
        self._show_kept()
        self._show()

    def show_kept(self) -> None:
        """Brings the kept selections to the front, ready for a name."""
        self.pages.setCurrentWidget(self.kept)
        self.kept.name.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _drop_tokens(self) -> None:
        """Another table: behind another tab, the list would keep the old one in memory."""
        self._model.show_rows(None, self._session.names, np.empty(0, np.int64))

    def _forget(self) -> None:
        self._composition = None
        self._show()

    def _show_kept(self) -> None:
        count = len(self._session.kept.all)
        self.pages.setTabText(self.pages.indexOf(self.kept), f"Kept ({count})" if count else "Kept")

    def _show(self) -> None:
        self.when_seen(self._describe)

    def _describe(self) -> None:
        table = self._session.table
        if table is None:
            return
        self._show_facts(table)
        self._show_isolated(table)
        rows = self._session.selection
        self._hint.setVisible(not len(rows) and self.pages.currentWidget() is not self.kept)
        if self.pages.currentWidget() is self._tokens:
            self._show_tokens(table)
        elif self.pages.currentWidget() is self._columns:
            self._show_columns(table)

    def _show_facts(self, table: Table) -> None:
        rows = self._session.selection
        self._count.setText(counted(len(rows), "row") if len(rows) else "No rows")
        norms = table.vectors.norms[rows]
        finite = norms[np.isfinite(norms)]
        norm = f" · mean norm {finite.mean():.4g}" if len(finite) else ""
        self._facts.setText(_share(len(rows), len(table)) + norm)
        self._facts.setVisible(len(rows) > 0)
        self._facts.setToolTip("Mean Euclidean norm of the selected rows, in the table's numbers")

    def _show_isolated(self, table: Table) -> None:
        isolated = self._session.isolated
        self._isolate.setText("Isolate" if isolated is None else "Show all")
        self._isolate.setAccessibleName(self._isolate.text())
        self._shown.setVisible(isolated is not None)
        if isolated is not None:
            self._shown.setText(f"Showing {len(isolated):,} of {counted(len(table), 'row')}")

    def _show_tokens(self, table: Table) -> None:
        """In the order of the table, which stays when another row becomes the current one."""
        rows, names = np.sort(self._session.selection), self._session.names
        if self._model.names is not names or not np.array_equal(rows, self._model.rows):
            self._model.show_rows(table, names, rows)
        current = self._session.current_row
        if current is not None:
            place = int(np.searchsorted(rows, current))
            flags = QItemSelectionModel.SelectionFlag
            index = self._model.index(place, 0)
            self._tokens.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)
            self._tokens.scrollTo(index)

    def _show_columns(self, table: Table) -> None:
        if self._composition is None:
            norm = () if "norm" in table.columns else (Column("norm", table.vectors.norms),)
            self._composition = Composition([*self._session.colours.columns.values(), *norm])
        rows = self._session.selection
        self._columns.show_columns(self._composition.of(rows) if len(rows) else ())

    def _make_current(self, place: int) -> None:
        row = self._model.row_at(place)
        if row != self._session.current_row:
            self._selecting.make_current(row)


def _share(part: int, whole: int) -> str:
    """ "1.2 % of all"; never 0 % or 100 % where that is not so."""
    if part == whole:
        return "all there are"
    share = 100 * part / max(1, whole)
    return "< 0.1 % of all" if share < 0.1 else f"{min(share, 99.9):.1f} % of all"
