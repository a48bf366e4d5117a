"""How often each row is among the nearest of another: counted, pictured, listed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QHBoxLayout,
    QSpinBox,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from explorer import pipeline
from explorer.gui.fields.buttons import RunButton, push_button
from explorer.gui.fields.choice_box import metric_box
from explorer.gui.fields.spin_box import SpinBox
from explorer.gui.panels.hubs.histogram import CountsHistogram
from explorer.gui.panels.hubs.hub_list import HubList
from explorer.gui.state.session import Session
from explorer.gui.tasks.graphing import Graphing
from explorer.gui.tasks.jobs import Jobs
from explorer.gui.theme import Theme
from explorer.gui.widgets.middle import in_the_middle
from explorer.gui.widgets.named import named
from explorer.gui.widgets.plain import counted, plain_label
from explorer.gui.widgets.when_seen import WhenSeen
from explorer.metrics import METRICS
from explorer.neighborhoods import Hubs
from explorer.progress import Progress, Report, part
from explorer.table import Table
from explorer.vectors import Vectors

# So many products of numbers take about half a second: that is done without being asked for.
_AUTOMATIC = 2e10
_HINT = (
    "How often is each row among the nearest of another? Counting it compares all {rows} rows with "
    "one another, once; the answer is kept for the next time."
)
_FACTS = (
    "Skewness: 0 where all rows are neighbours equally often, above 3 where a few are near to "
    "almost everything. Left out: rows without a direction, or with numbers that are not finite"
)
_NO_TABLE = "Open a table to count how often each of its rows is a neighbour."


@dataclass(frozen=True, eq=False)
class _Counted:
    """found: None where nothing was counted before."""

    vectors: Vectors
    found: Hubs | None


class CountsView(WhenSeen):
    """Choose k and a metric, count, look at the greatest hubs and at those who are nobody's
    neighbour. found_changed: other counts are shown, or none. told: what was done elsewhere."""

    found_changed = Signal()
    told = Signal(str)

    def __init__(
        self,
        session: Session,
        jobs: Jobs,
        graphing: Graphing,
        theme: Theme,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("hubs_counts")
        self._session, self._jobs, self._lane = session, jobs, jobs.hubs
        self._found: Hubs | None = None
        self._k = self._k_box()
        self._metric = metric_box(
            "hubs_metric", "How nearness is measured, in the raw vectors", METRICS, self
        )
        self._run = RunButton("hubs_run", "Count", "In the background; again to stop", self)
        self._colour = push_button(
            "hubs_colour", "Colour the maps", "By how often each row is a neighbour", self
        )
        self._graph = self._graph_box(graphing)
        self._hint = plain_label("hubs_hint", "muted", wrap=True)
        self._verdict = plain_label("hubs_verdict", "heading", wrap=True)
        self._facts = plain_label("hubs_facts", "muted", wrap=True)
        self._histogram = CountsHistogram(theme, self)
        self._often = self._switch("hubs_often", "Greatest hubs", "The most frequent neighbours")
        self._never = self._switch("hubs_never", "", "The rows that are nobody's neighbour")
        self._list = HubList(session, theme, self)
        self._body = QStackedWidget(self)
        self.setFocusProxy(self._k)
        self._arrange()
        self._wire(graphing)
        self._look()

    @property
    def first(self) -> QWidget:
        """What one sets first."""
        return self._k

    @property
    def found(self) -> Hubs | None:
        """What is shown now; None where nothing was counted."""
        return self._found

    # --- its parts --------------------------------------------------------------------------------

    def _k_box(self) -> QSpinBox:
        tip = "How many nearest rows of each row count"
        box = named(SpinBox(self), "hubs_k", "Neighbours of each row", tip)
        box.setRange(1, 500)
        box.setValue(15)
        box.setPrefix("k = ")
        box.setKeyboardTracking(False)
        return box

    def _graph_box(self, graphing: Graphing) -> QCheckBox:
        tip = "Lines from the selected rows to their nearest, and from these to theirs"
        box = named(
            QCheckBox("Lines on the map", self), "hubs_graph", "Neighbour graph on the map", tip
        )
        box.setChecked(graphing.on)
        return box

    def _switch(self, name: str, text: str, tip: str) -> QToolButton:
        button = named(QToolButton(self), name, text or tip, tip)
        button.setText(text)
        button.setCheckable(True)
        return button

    def _arrange(self) -> None:
        asking = QHBoxLayout()
        asking.setSpacing(8)
        for widget in (self._k, self._metric, self._run):
            asking.addWidget(widget)
        asking.addStretch(1)
        asking.addWidget(self._graph)
        asking.addWidget(self._colour)
        which = QHBoxLayout()
        which.setSpacing(4)
        for button in (self._often, self._never):
            which.addWidget(button)
        which.addStretch(1)
        told = QWidget()
        layout = QVBoxLayout(told)
        layout.setContentsMargins(0, 4, 0, 0)
        layout.setSpacing(8)
        for label in (self._verdict, self._facts):
            layout.addWidget(label)
        layout.addWidget(self._histogram)
        layout.addLayout(which)
        layout.addWidget(self._list, 1)
        self._body.addWidget(in_the_middle(self._hint, 420))
        self._body.addWidget(told)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(8)
        whole.addLayout(asking)
        whole.addWidget(self._body, 1)

    def _wire(self, graphing: Graphing) -> None:
        session, lane = self._session, self._lane
        group = QButtonGroup(self)
        for button in (self._often, self._never):
            group.addButton(button)
        self._often.setChecked(True)
        group.buttonToggled.connect(lambda _, on: self._show_list() if on else None)
        self._run.clicked.connect(self.run_or_stop)
        self._k.valueChanged.connect(lambda _: self._look())
        self._metric.currentIndexChanged.connect(lambda _: self._look())
        self._colour.clicked.connect(self._colour_maps)
        self._graph.toggled.connect(graphing.set_on)
        graphing.changed.connect(lambda: self._graph.setChecked(graphing.on))
        self._histogram.chosen.connect(self._select_between)
        lane.busy_changed.connect(self._show_busy)
        lane.progressed.connect(self._show_progress)
        lane.succeeded.connect(self._take)
        lane.failed.connect(lambda error: self._tell(str(error)))
        lane.cancelled.connect(lambda _: self._show())
        for signal in (session.table_changed, session.vectors_changed):
            signal.connect(self._start_over)
        session.names_changed.connect(self._show_list)

    # --- counting ---------------------------------------------------------------------------------

    def run_or_stop(self) -> None:
        """Counts, or stops counting."""
        if self._lane.busy:
            self._lane.cancel()
        else:
            self._count(known_only=False)

    def _start_over(self) -> None:
        self._found = None
        self._look()

    def _look(self) -> None:
        """Shows what is known already; counts what takes no time."""
        self._found = None
        self._lane.cancel()
        self._show()
        self.when_seen(self._count_if_quick)

    def _count_if_quick(self) -> None:
        table = self._session.table
        if table is not None:
            quick = len(table) ** 2 * table.dim <= _AUTOMATIC and not self._jobs.training.busy
            self._count(known_only=not quick)

    def _count(self, *, known_only: bool) -> None:
        table = self._session.table
        if table is None:
            return
        k, metric = self._k.value(), str(self._metric.currentData())

        def work(report: Report) -> _Counted:
            return _Counted(table.vectors, _counted(table, k, metric, known_only, report))

        title = "Looking for hubs counted before" if known_only else "Counting hubs"
        self._lane.start(title, work)

    def _take(self, result: _Counted) -> None:
        table = self._session.table
        if table is not None and result.vectors is table.vectors:
            self._found = result.found
            self._show()

    # --- showing ----------------------------------------------------------------------------------

    def _show(self) -> None:
        table, found = self._session.table, self._found
        rows = "its" if table is None else f"{len(table):,}"
        self._hint.setText(_NO_TABLE if table is None else _HINT.format(rows=rows))
        self._run.setEnabled(table is not None)
        self._colour.setEnabled(found is not None)
        self._body.setCurrentIndex(0 if found is None else 1)
        if found is not None:
            self._verdict.setText(found.verdict())
            self._facts.setText(_facts(found))
            self._facts.setToolTip(_FACTS)
            self._never.setText(f"Nobody's neighbour  {found.never:,}")
            self._never.setAccessibleName(self._never.text())
        self._histogram.show_hubs(found)
        self._show_list()
        self.found_changed.emit()

    def _show_list(self) -> None:
        found = self._found
        if found is None:
            self._list.show_rows(np.empty(0, np.int64), None)
        else:
            rows = found.antihubs if self._never.isChecked() else found.order
            self._list.show_rows(rows, found)

    def _show_busy(self, busy: bool) -> None:
        self._run.show_busy(busy)

    def _show_progress(self, progress: Progress) -> None:
        if progress.message and self._found is None:
            share = f" {100 * progress.done / progress.total:.0f} %" if progress.total else ""
            self._tell(f"{progress.message}…{share}")

    def _tell(self, text: str) -> None:
        self._hint.setText(text)

    # --- calls go up ------------------------------------------------------------------------------

    def _colour_maps(self) -> None:
        if self._found is not None:
            column = pipeline.hub_column(self._found)
            self._session.colours.add(column)
            self.told.emit(f"The maps are coloured by {column.name}.")

    def _select_between(self, low: int, high: int) -> None:
        """The rows that are a neighbour so many times; the greatest hub is the current one."""
        if self._found is not None:
            order = self._found.order
            times = self._found.counts[order]
            self._session.select(order[(times >= low) & (times <= high)][::-1])


def _counted(table: Table, k: int, metric: str, known_only: bool, report: Report) -> Hubs | None:
    if known_only:
        return pipeline.known_hubs(table, k, metric, report=report)
    return pipeline.hubs(table, k, metric, report=part(report, 0.0, 1.0))


def _facts(found: Hubs) -> str:
    compared = int(found.compared.sum())
    left = len(found.compared) - compared
    share = 100 * found.never / compared
    told = [
        f"Skewness {found.skewness:.2f}".replace("-", "−"),
        f"{counted(compared, 'row')}, {counted(found.k, 'neighbour')} each",
        f"{found.never:,} ({share:.1f} %) nobody's neighbour",
    ]
    if left:
        told.append(f"{counted(left, 'row')} without neighbours")
    return " · ".join(told)
