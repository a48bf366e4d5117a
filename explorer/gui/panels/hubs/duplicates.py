"""Groups of rows that are nearly the same, found and listed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QObject,
    QTimer,
)
from PySide6.QtWidgets import (
    QCheckBox,
    QDoubleSpinBox,
    QHBoxLayout,
    QStackedWidget,
    QTableView,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from explorer import pipeline
from explorer.gui.fields.buttons import RunButton
from explorer.gui.fields.spin_box import DoubleSpinBox
from explorer.gui.lists.bars import SHARE, BarDelegate
from explorer.gui.lists.copying import copies_lines
from explorer.gui.lists.list_model import ListModel, choose_lines, style_list
from explorer.gui.state.names import Names
from explorer.gui.state.session import Session
from explorer.gui.tasks.jobs import Jobs
from explorer.gui.theme import Theme
from explorer.gui.widgets.middle import in_the_middle
from explorer.gui.widgets.named import named
from explorer.gui.widgets.plain import counted, plain_label, plain_tooltip
from explorer.gui.widgets.when_seen import WhenSeen
from explorer.progress import Progress, Report
from explorer.spelling import KINDS, LEAST, Group
from explorer.vectors import Vectors

_KINDS = {
    "case": ("Case", "film, Film"),
    "space": ("Spaces", "film, ␣film, and the marks of words Ġ and ▁"),
    "punctuation": ("Punctuation", "don't, dont"),
    "edit": ("One edit", "One letter dropped, added, changed or two swapped: colour, color"),
    "equal": ("Equal numbers", "The same vector under different tokens"),
}
_WORDS = {
    "case": "case",
    "space": "spaces",
    "punctuation": "punctuation",
    "edit": "one edit",
    "equal": "the token; equal numbers",
}
_AUTOMATIC = 60_000  # rows of which the groups are there in a few seconds
_SHOWN = 12  # tokens of a group that are named in the list
_PAUSE = 250  # milliseconds after the last change of a choice
_HINT = "Rows that are spelt nearly alike and lie near in the table stand here in groups."
_NONE = "There are no such rows. A lower cosine, or more kinds, would bring some."


@dataclass(frozen=True, eq=False)
class _Found:
    vectors: Vectors
    groups: tuple[Group, ...]


class GroupModel(ListModel):
    """Tokens of a group, in what they differ, the least cosine of two that were joined."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(("tokens", "differ in", "cosine"), (2,), parent)
        self._names = Names(None)
        self.groups: tuple[Group, ...] = ()

    def show_groups(self, names: Names, groups: tuple[Group, ...]) -> None:
        self.beginResetModel()
        self._names, self.groups = names, groups
        self.endResetModel()

    @override
    def length(self) -> int:
        return len(self.groups)

    @override
    def text(self, place: int, column: int) -> str:
        group = self.groups[place]
        if column == 0:
            return self._tokens(group, _SHOWN)
        return _differences(group) if column == 1 else f"{group.score:.3f}".replace("-", "−")

    @override
    def copied(self, place: int, column: int) -> str:
        """All tokens of the group."""
        if column != 0:
            return super().copied(place, column)
        group = self.groups[place]
        return self._tokens(group, len(group.rows))

    @override
    def tip(self, place: int) -> str:
        group = self.groups[place]
        return f"{counted(len(group.rows), 'row')}: {self._tokens(group, 60)}"

    @override
    def other(self, place: int, column: int, role: int) -> Any:
        return self.groups[place].score if role == SHARE and column == 2 else None

    def _tokens(self, group: Group, most: int) -> str:
        names = [self._names.of(row, 30) for row in group.rows[:most].tolist()]
        more = f"  and {len(group.rows) - most:,} more" if len(group.rows) > most else ""
        return "   ".join(names) + more


def _differences(group: Group) -> str:
    return ", ".join(_WORDS[kind] for kind in group.kinds) or "nothing"


class DuplicatesView(WhenSeen):
    """Choose what counts as nearly the same; a click on a group selects its rows."""

    def __init__(
        self, session: Session, jobs: Jobs, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("hubs_duplicates")
        self._session, self._jobs, self._lane = session, jobs, jobs.duplicates
        self._found = False
        self._least = self._least_box()
        self._kinds = {kind: self._kind_box(kind) for kind in KINDS}
        self._run = RunButton(
            "duplicates_run",
            "Find",
            "In the background; again to stop",
            self,
            title="Find near duplicates",
        )
        self._facts = plain_label("duplicates_facts", "muted")
        self._hint = plain_label("duplicates_hint", "muted", wrap=True)
        self._model = GroupModel(self)
        self._view = self._list(theme)
        self._body = QStackedWidget(self)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PAUSE)
        self.setFocusProxy(self._least)
        self._arrange()
        self._wire()
        self._look()

    # --- its parts --------------------------------------------------------------------------------

    def _least_box(self) -> QDoubleSpinBox:
        tip = "From which cosine similarity on two rows lie near"
        box = named(DoubleSpinBox(self), "duplicates_least", "Least cosine", tip)
        box.setRange(-1, 1)
        box.setSingleStep(0.05)
        box.setValue(LEAST)
        box.setPrefix("cosine ≥ ")
        return box

    def _kind_box(self, kind: str) -> QCheckBox:
        title, tip = _KINDS[kind]
        tip = plain_tooltip(tip)
        box = named(QCheckBox(title, self), f"duplicates_{kind}", f"May differ in: {title}", tip)
        box.setChecked(True)
        return box

    def _list(self, theme: Theme) -> QTableView:
        tip = "Click a group to select its rows"
        view = named(QTableView(self), "duplicates_list", "Near duplicates", tip)
        view.setModel(self._model)
        view.setItemDelegateForColumn(2, BarDelegate(theme, view))
        view.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        style_list(view, fixed={1: 170, 2: 100})
        copies_lines(view)
        return view

    def _arrange(self) -> None:
        asking, kinds = QHBoxLayout(), QHBoxLayout()
        asking.setSpacing(8)
        asking.addWidget(self._least)
        asking.addWidget(self._run)
        asking.addStretch(1)
        asking.addWidget(self._facts)
        kinds.setSpacing(16)
        for box in self._kinds.values():
            kinds.addWidget(box)
        kinds.addStretch(1)
        self._body.addWidget(in_the_middle(self._hint, 420))
        self._body.addWidget(self._view)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(asking)
        layout.addLayout(kinds)
        layout.addWidget(self._body, 1)

    def _wire(self) -> None:
        session, lane = self._session, self._lane
        self._run.clicked.connect(self.run_or_stop)
        self._timer.timeout.connect(self._look)
        self._least.valueChanged.connect(lambda _: self._timer.start())
        for box in self._kinds.values():
            box.toggled.connect(lambda _: self._timer.start())
        lane.busy_changed.connect(self._show_busy)
        lane.progressed.connect(self._show_progress)
        lane.succeeded.connect(self._take)
        lane.failed.connect(lambda error: self._hint.setText(str(error)))
        lane.cancelled.connect(lambda _: self._hint.setText(_HINT))
        for signal in (session.table_changed, session.vectors_changed):
            signal.connect(self._start_over)
        session.names_changed.connect(lambda: self._show(self._model.groups))
        choose_lines(self._view, self._select)

    # --- finding ----------------------------------------------------------------------------------

    @property
    def first(self) -> QWidget:
        """What one sets first."""
        return self._least

    @property
    def kinds(self) -> list[str]:
        """In what tokens may differ, some of spelling.KINDS."""
        return [kind for kind, box in self._kinds.items() if box.isChecked()]

    def run_or_stop(self) -> None:
        """Finds groups, or stops finding them."""
        if self._lane.busy:
            self._lane.cancel()
        else:
            self._find()

    def _find(self) -> None:
        table = self._session.table
        if table is None or not self.kinds:
            return
        least, kinds = self._least.value(), self.kinds

        def work(report: Report) -> _Found:
            groups = pipeline.near_duplicates(table, least, kinds, report=report)
            return _Found(table.vectors, groups)

        self._lane.start("Finding near duplicates", work)

    def _start_over(self) -> None:
        self._found = False
        self._look()

    def _look(self) -> None:
        """Finds groups again, where they were found before; else where that is quick."""
        found, self._found = self._found, False
        self._lane.cancel()
        self._show(())
        self.when_seen(self._find if found else self._find_if_quick)

    def _find_if_quick(self) -> None:
        table = self._session.table
        if table is not None and len(table) <= _AUTOMATIC and not self._jobs.training.busy:
            self._find()

    def _take(self, found: _Found) -> None:
        table = self._session.table
        if table is not None and found.vectors is table.vectors:
            self._found = True
            self._show(found.groups)

    # --- showing ----------------------------------------------------------------------------------

    def _show(self, groups: tuple[Group, ...]) -> None:
        self._model.show_groups(self._session.names, groups)
        rows = sum(len(group.rows) for group in groups)
        told = f"{counted(len(groups), 'group')} of {counted(rows, 'row')}" if groups else ""
        self._facts.setText(told)
        self._hint.setText(_NONE if self._found else _HINT)
        self._body.setCurrentIndex(1 if groups else 0)
        self._run.setEnabled(self._session.table is not None and bool(self.kinds))

    def _show_busy(self, busy: bool) -> None:
        self._run.show_busy(busy)

    def _show_progress(self, progress: Progress) -> None:
        if progress.message:
            self._hint.setText(f"{progress.message}…")

    # --- calls go up ------------------------------------------------------------------------------

    def _select(self, place: int) -> None:
        self._session.select(self._model.groups[place].rows[::-1])
