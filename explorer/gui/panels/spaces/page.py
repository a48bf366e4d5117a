"""The neighbours of the query at hand in three spaces, side by side, with what shifts."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QHideEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from explorer.gui.center_page import CenterPage
from explorer.gui.fields.buttons import push_button
from explorer.gui.fields.choice_box import metric_box
from explorer.gui.fields.spin_box import SpinBox
from explorer.gui.panels.spaces.asking import Asked, SideBySide
from explorer.gui.panels.spaces.drawing import GAP
from explorer.gui.panels.spaces.header import SpaceHeader
from explorer.gui.panels.spaces.shifts import as_text, columns_of, evenness, summary, title_of
from explorer.gui.panels.spaces.slopes import SlopeChart
from explorer.gui.state.session import Session
from explorer.gui.tasks.jobs import Jobs
from explorer.gui.tasks.querying import Query, Querying
from explorer.gui.theme import Theme
from explorer.gui.widgets.elided import ElidedLabel
from explorer.gui.widgets.middle import in_the_middle
from explorer.gui.widgets.named import named
from explorer.gui.widgets.plain import plain_label
from explorer.nearest import METRICS
from explorer.progress import Progress
from explorer.table import Table

_SPACES = ("raw", "centre", "remove 3")
_EMPTY = (
    "Near in what sense? Select a row, or type a token or an expression in the Neighbours panel: "
    "its neighbours stand here as stored, centred, and with the widest directions taken out, so "
    "that one sees what these change."
)
_KEY = (
    "▲ ▼ ranks gained or lost beside the space to the left · bold: not listed there · "
    "▼ in the gap: by how many ranks a token falls out of the list"
)


class SpacesPage(CenterPage):
    """Follows the query at hand."""

    def __init__(
        self,
        session: Session,
        jobs: Jobs,
        querying: Querying,
        theme: Theme,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("spaces_page", parent)
        self._session, self._lane, self._querying = session, jobs.spaces, querying
        self._compared: SideBySide | None = None
        self._title = ElidedLabel("spaces_title", self)
        self._title.setProperty("role", "heading")
        self._metric = metric_box(
            "spaces_metric", "How nearness is measured, in every space", METRICS, self
        )
        self._k = self._k_box()
        self._copy = self._copy_button()
        self._summary = plain_label("spaces_summary", "muted", wrap=True)
        self._headers = [SpaceHeader(number, theme, self) for number in range(len(_SPACES))]
        self._chart = SlopeChart(theme, self)
        self._hint = plain_label("spaces_hint", "muted", wrap=True)
        self._hint.setText(_EMPTY)
        self._key = plain_label("spaces_key", "muted", wrap=True)
        self._key.setText(_KEY)
        self._body = QStackedWidget(self)
        self.setFocusProxy(self._chart)
        self._begin()
        self._arrange()
        self._wire()

    # --- its parts --------------------------------------------------------------------------------

    def _k_box(self) -> SpinBox:
        tip = "How many neighbours of each space are listed"
        box = named(SpinBox(self), "spaces_k", "Number of neighbours", tip)
        box.setRange(1, 100)
        box.setValue(12)
        box.setPrefix("k = ")
        return box

    def _copy_button(self) -> QPushButton:
        tip = "Copy every token listed with its exact rank in each space"
        button = push_button("spaces_copy", "Copy text", tip, self)
        button.clicked.connect(self.copy)
        return button

    def _begin(self) -> None:
        self._chosen = list(_SPACES)
        for header, space in zip(self._headers, _SPACES, strict=True):
            header.choose(space)

    def _arrange(self) -> None:
        head, self._tops = QHBoxLayout(), QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._title, 1)
        for widget in (self._metric, self._k, self._copy):
            head.addWidget(widget)
        self._tops.setSpacing(GAP)
        for header in self._headers:
            self._tops.addWidget(header, 1)
        self._scroll = self._scrolled()
        full = QWidget(self)
        layout = QVBoxLayout(full)
        layout.setContentsMargins(16, 12, 16, 12)
        layout.setSpacing(8)
        layout.addLayout(head)
        layout.addWidget(self._summary)
        layout.addSpacing(4)
        layout.addLayout(self._tops)
        layout.addWidget(self._scroll, 1)
        layout.addWidget(self._key)
        self._body.addWidget(in_the_middle(self._hint, 420))
        self._body.addWidget(full)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(1, 1, 1, 1)
        whole.addWidget(self._body)

    def _scrolled(self) -> QScrollArea:
        scroll = QScrollArea(self)
        scroll.setObjectName("spaces_scroll")
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(self._chart)
        scroll.verticalScrollBar().rangeChanged.connect(self._line_up)
        return scroll

    def _wire(self) -> None:
        session = self._session
        self._querying.changed.connect(self._ask)
        session.names_changed.connect(self._show)
        session.selection_changed.connect(self._show_selection)
        self._metric.currentIndexChanged.connect(self._ask)
        self._k.valueChanged.connect(self._ask)
        for place, header in enumerate(self._headers):
            header.changed.connect(lambda place=place: self._choose(place))
        self._chart.chosen.connect(lambda row: session.select([row]))
        self._chart.pointed.connect(self._point)
        self._lane.succeeded.connect(self._take)
        self._lane.progressed.connect(self._take_first)
        self._lane.failed.connect(self._tell)
        self._ask()

    # --- asking -----------------------------------------------------------------------------------

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if self._lane.busy and not self.in_sight:
            self._ask()

    def _choose(self, place: int) -> None:
        """Another space in a column; one that stands in another column changes places with it."""
        space, before = self._headers[place].space, self._chosen[place]
        for other, header in enumerate(self._headers):
            if other != place and header.space == space:
                header.choose(before)
                self._chosen[other] = before
        self._chosen[place] = space
        self._ask()

    def _ask(self) -> None:
        self._lane.cancel()
        if not self.in_sight:
            self._drop_old()
        self.when_seen(self._compare)

    def _compare(self) -> None:
        table, query = self._session.table, self._querying.query
        if table is None or query is None:
            self._compared = None
            self._show()
            return
        self._start(table, query)

    def _drop_old(self) -> None:
        """What is of other numbers is of no use any more, and would keep them in memory."""
        old, table = self._compared, self._session.table
        if old is not None and (table is None or old.vectors is not table.vectors):
            self._compared = None
            self._show()

    def _start(self, table: Table, query: Query) -> None:
        k, metric, old = self._k.value(), str(self._metric.currentData()), self._compared
        known = old.cosines if old is not None and old.vectors is table.vectors else {}
        asked = Asked(table, query, k, metric, tuple(self._chosen), known)
        self._lane.start("Comparing spaces", asked.answer)

    def _take(self, compared: SideBySide) -> None:
        self._compared = compared
        self._show()

    def _take_first(self, progress: Progress) -> None:
        """The columns that are known so far."""
        if isinstance(progress.partial, SideBySide):
            self._take(progress.partial)

    def _tell(self, error: Exception) -> None:
        self._compared = None
        self._show()
        self._body.setCurrentIndex(1)
        self._summary.setText(str(error))

    # --- what is shown ----------------------------------------------------------------------------

    def _show(self) -> None:
        compared, error = self._compared, self._querying.error
        there = bool(self._querying.title)
        self._title.setText(f"Nearest to {self._querying.title}" if there else "")
        self._copy.setEnabled(compared is not None and not self._lane.busy)
        if compared is None:
            self._body.setCurrentIndex(1 if there else 0)
            self._summary.setText("" if error is None else str(error))
            self._chart.show_columns([], str, str)
            for header in self._headers:
                header.show_facts("", None)
            return
        self._body.setCurrentIndex(1)
        found = compared.found
        told = evenness(found, compared.cosines)
        self._summary.setText(f"{summary(found)} {told}".strip())
        self._show_headers(compared)
        columns = dict(zip(found.spaces, columns_of(found), strict=True))
        self._chart.show_columns(
            [columns.get(space, []) for space in self._chosen],
            self._session.names.of,
            self._ranks_of,
        )
        self._show_selection()

    def _show_headers(self, compared: SideBySide) -> None:
        found = compared.found
        words = dict(zip(found.spaces, found.words, strict=bool(found.words)))
        for header, space in zip(self._headers, self._chosen, strict=True):
            if space in found.missing:
                header.show_missing(found.missing[space])
            else:
                header.show_facts(words.get(space, ""), compared.cosines.get(space))

    def _show_selection(self) -> None:
        self._chart.set_selected(self._session.selection[-1000:].tolist())

    def _ranks_of(self, row: int) -> str:
        """A row and its exact rank in every space."""
        assert self._compared is not None
        found = self._compared.found
        ranks = found.ranks[int(found.rows.searchsorted(row))].tolist()
        told = [
            f"{title_of(space)} {f'{rank:,}' if rank else 'not comparable'}"
            for space, rank in zip(found.spaces, ranks, strict=True)
        ]
        return f"{self._session.names.of(row)} · rank: {', '.join(told)}"

    def _point(self, row: int) -> None:
        """The row is ringed on the maps; one that the keys are on is brought in sight."""
        self._session.hover(row)
        at = self._chart.at
        if at is not None and self._chart.hasFocus() and not self._chart.underMouse():
            cell = self._chart.cell(at).center().toPoint()
            self._scroll.ensureVisible(cell.x(), cell.y(), 0, int(self._chart.cell(at).height()))

    def _line_up(self, least: int, most: int) -> None:
        """Headers stand above their columns, beside a scroll bar too."""
        bar = self._scroll.verticalScrollBar()
        self._tops.setContentsMargins(0, 0, bar.sizeHint().width() if most > least else 0, 0)

    def copy(self) -> None:
        """Puts the ranks on the clipboard, tab-separated."""
        if self._compared is None:
            return
        found = self._compared.found
        names = {int(row): self._session.names.of(int(row)) for row in found.rows}
        QGuiApplication.clipboard().setText(as_text(found, names))
        self.told.emit(f"Copied the ranks of {len(names):,} tokens.")
