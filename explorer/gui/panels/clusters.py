"""Groups of rows: found here, listed with their names, and coloured on the maps."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtCore import QModelIndex
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QSizePolicy,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from explorer.clusters import METHODS, Clusters, cluster
from explorer.gui.fields.buttons import RunButton, push_button
from explorer.gui.fields.choice_box import choice_box
from explorer.gui.fields.form import Form, seed_row
from explorer.gui.fields.spin_box import seed_box
from explorer.gui.lists.cluster_list import ClusterModel
from explorer.gui.lists.copying import copies_lines
from explorer.gui.lists.list_model import choose_lines, style_list
from explorer.gui.state.session import Session
from explorer.gui.tasks.jobs import Jobs
from explorer.gui.tints import Tints
from explorer.gui.widgets.named import named
from explorer.gui.widgets.pages import Pages
from explorer.gui.widgets.plain import plain_label
from explorer.params import build
from explorer.progress import Progress, Report
from explorer.table import Table

_TITLES = {"k-means": "k-means", "hdbscan": "HDBSCAN"}
_COLOURED = 24  # clusters with a colour of their own, as many as one column of the legend has
_NAMED = 2  # rows of each cluster that are named on the map before others
_SPACES = {"unit": "", "raw": ", raw", "map": ", on the map"}


class ClustersPanel(QWidget):
    """Choose a method, find clusters; a click on one selects its rows, a double click isolates."""

    def __init__(
        self, session: Session, jobs: Jobs, tints: Tints, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("clusters_panel")
        self._session, self._lane, self._tints = session, jobs.clusters, tints
        self._found: Clusters | None = None
        self._name = ""
        self._method = self._method_box()
        self._forms, self._form_of = Pages(self), dict[str, Form]()
        self._seed = seed_box("clusters_seed", "The same seed finds the same clusters again", self)
        self._run = RunButton("clusters_run", "Find clusters", "In the background", self)
        self._recolour = push_button(
            "clusters_colour", "Colour the maps", "Colour the maps by these clusters again", self
        )
        self._state = plain_label("clusters_state", "muted", wrap=True)
        self._model = ClusterModel(self)
        self._view = self._list()
        self._arrange()
        self._wire()
        self._show_ready()
        self._show_found()

    def run_or_stop(self) -> None:
        """Finds clusters, or stops finding them."""
        if self._lane.busy:
            self._lane.cancel()
            return
        table, projection = self._session.table, self._session.projection
        if table is None:
            return
        name = str(self._method.currentData())
        params = build(METHODS[name], self._form_of[name].values())
        coordinates = projection.coordinates if projection is not None else None
        seed = self._seed.value()

        def work(report: Report) -> tuple[Table, Clusters]:
            found = cluster(table, params, coordinates=coordinates, seed=seed, report=report)
            return table, found

        self._lane.start(f"Finding clusters with {_TITLES[name]}", work)

    # What is there

    def _method_box(self) -> QComboBox:
        methods = ((_TITLES[name], name) for name in METHODS)
        tip = "How rows are put into groups"
        return choice_box("clusters_method", "Method of clustering", tip, methods, self)

    def _list(self) -> QTableView:
        tip = "Click: select the rows. Double click or Enter: show only these, and back"
        view = named(QTableView(self), "clusters_list", "Clusters", tip)
        view.setModel(self._model)
        view.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        view.setMinimumHeight(90)
        header = view.horizontalHeader()
        header.setMinimumSectionSize(24)
        style_list(view, stretch=1, fitted=(2,), fixed={0: 28})
        copies_lines(view)
        header.setResizeContentsPrecision(1000)  # a large one may stand far below
        return view

    def _arrange(self) -> None:
        for name, params in METHODS.items():
            self._form_of[name] = form = Form(params, f"clusters_{name.replace('-', '')}", self)
            self._forms.addWidget(form)
        self._forms.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        foot = QHBoxLayout()
        foot.addWidget(self._state, 1)
        foot.addWidget(self._recolour)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 8, 12, 10)
        layout.setSpacing(7)
        layout.addWidget(self._method)
        layout.addWidget(self._forms)
        layout.addLayout(seed_row(self._seed))
        layout.addWidget(self._run)
        layout.addLayout(foot)
        layout.addWidget(self._view, 1)
        layout.addStretch(0)

    def _wire(self) -> None:
        session = self._session
        self._method.currentIndexChanged.connect(self._forms.setCurrentIndex)
        self._run.clicked.connect(self.run_or_stop)
        self._recolour.clicked.connect(lambda: session.colours.by(self._name))
        self._lane.busy_changed.connect(self._show_busy)
        self._lane.progressed.connect(self._show_progress)
        self._lane.succeeded.connect(self._adopt)
        self._lane.failed.connect(lambda error: self._state.setText(str(error)))
        self._lane.cancelled.connect(lambda _: self._state.setText("Stopped."))
        session.table_changed.connect(self._show_ready)
        session.colours.columns_changed.connect(self._check)
        self._tints.changed.connect(self._show_colours)
        self._view.activated.connect(self._isolate)
        choose_lines(self._view, self._select)

    # What becomes of it

    def _adopt(self, result: tuple[Table, Clusters]) -> None:
        table, found = result
        now = self._session.table
        if now is None or now.vectors is not table.vectors:
            return  # they are of other numbers
        self._found = found
        where = _SPACES[found.params.space]
        self._name = f"clusters ({found.method}, {len(found)}{where})"
        if len(found):
            best = [rows[:_NAMED] for rows in found.typical]
            # The best of every cluster come before the second best of any.
            turns = [[rows[turn] for rows in best if turn < len(rows)] for turn in range(_NAMED)]
            landmarks = np.array([row for turn in turns for row in turn], dtype=np.int64)
            self._tints.name_categories(min(len(found), _COLOURED), self._name)
            self._session.colours.add(found.column(self._name), landmarks=landmarks)
        self._show_found()

    def _check(self) -> None:
        """Clusters go with the column they made: they were of another table, or other numbers."""
        if self._found is not None and self._name not in self._session.colours.computed:
            self._found = None
            self._show_found()

    def _show_ready(self) -> None:
        self._run.setEnabled(self._session.table is not None)
        if self._lane.busy:
            self._lane.cancel()
            self._state.setText("")

    def _show_busy(self, busy: bool) -> None:
        self._run.show_busy(busy)

    def _show_progress(self, progress: Progress) -> None:
        if progress.message:
            self._state.setText(progress.message)

    def _show_found(self) -> None:
        found = self._found
        self._model.show_clusters(found)
        self._view.setVisible(found is not None and len(found) > 0)
        self._state.setText(f"{found.verdict} · {found.description}" if found is not None else "")
        self._show_colours()

    def _show_colours(self) -> None:
        shown = self._found is not None and self._session.colours.key == self._name
        entries = self._tints.colouring.legend if shown else ()
        self._model.show_colours({entry.label: entry for entry in entries})
        self._recolour.setVisible(self._found is not None and len(self._found) > 0 and not shown)

    # Calls go up

    def _select(self, place: int) -> None:
        if self._found is not None:
            self._session.select(rows_of(self._found, place))

    def _isolate(self, index: QModelIndex) -> None:
        if self._found is None:
            return
        rows = np.flatnonzero(self._found.labels == index.row())
        isolated = self._session.isolated
        there = isolated is not None and np.array_equal(isolated, rows)
        self._session.isolate(None if there else rows)


def rows_of(found: Clusters, number: int) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Rows of a cluster, int64; the most typical comes last, where the current row stands."""
    rows = np.flatnonzero(found.labels == number)
    best = found.typical[number][:1]
    return np.concatenate([rows[~np.isin(rows, best)], best])
