"""How far the active map may be believed: as a whole, for one dot, and beside another map."""

from __future__ import annotations

from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from explorer.gui.fields.buttons import push_button
from explorer.gui.fields.choice_box import metric_box
from explorer.gui.panels.quality.comparing import CompareView, called
from explorer.gui.panels.quality.dot import DotView
from explorer.gui.panels.quality.numbers import NumbersView
from explorer.gui.state.session import Session
from explorer.gui.tasks.jobs import Jobs
from explorer.gui.tasks.measuring import Measuring
from explorer.gui.widgets.fold import Fold
from explorer.gui.widgets.named import named
from explorer.gui.widgets.upright import Upright
from explorer.metrics import DISTANCES

_NO_MAP = "There is no map yet: make one, and a dot clicked on it tells what it keeps."
_NO_ROW = "Click a dot to see which of its true neighbours the map keeps near it."
_NOT_HERE = "This row is not on the map, or has no direction: nothing can be said of it."


class QualityPanel(QWidget):
    """Asks `Measuring`, and shows what `session.belief` holds of the active map."""

    def __init__(
        self, session: Session, jobs: Jobs, measuring: Measuring, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("quality_panel")
        self._session, self._jobs, self._measuring = session, jobs, measuring
        self._open = False
        self._run = self._run_button()
        self._metric = self._metric_box()
        self._numbers = NumbersView(self)
        self._colour = self._colour_button()
        self._dot = DotView(self)
        self._lines = self._lines_box()
        self._compare = CompareView(self)
        self._fold = Fold("Compare with another map", "quality_compare_fold", self._compare, self)
        self._fold.button.setToolTip("Which neighbours are in one picture only")
        self._arrange()
        self._wire()
        self._show_all()

    def set_open(self, seen: bool) -> None:
        """Whether the panel is in front: lines and rings are on the maps while it is."""
        self._open = seen
        self._show_lines()

    # --- its parts --------------------------------------------------------------------------------

    def _run_button(self) -> QPushButton:
        button = push_button(
            "quality_run",
            "Measure",
            "Compare every row's neighbours on the map with those in the table",
            self,
            title="Measure the map",
        )
        button.clicked.connect(self._run_or_stop)
        return button

    def _metric_box(self) -> QComboBox:
        tip = "How near rows are in the table, in the raw vectors"
        box = metric_box("quality_metric", tip, DISTANCES, self, title="Metric of the table")
        box.currentIndexChanged.connect(lambda _: self._measuring.set_metric(box.currentData()))
        return box

    def _colour_button(self) -> QPushButton:
        button = push_button(
            "quality_colour",
            "Colour by neighbours kept",
            "Every dot by the share of its true neighbours that are near it",
            self,
        )
        button.clicked.connect(self._measuring.colour_by_kept)
        return button

    def _lines_box(self) -> QCheckBox:
        tip = "Dashed lines to the missing ones, broken rings around the false ones"
        box = QCheckBox("Show them on the map", self)
        named(box, "quality_lines", "Show missing and false neighbours on the map", tip)
        box.setChecked(True)
        box.toggled.connect(self._show_lines)
        return box

    def _arrange(self) -> None:
        line = QHBoxLayout()
        line.addWidget(self._metric, 1)
        line.addWidget(self._run)
        content = QWidget()
        inner = QVBoxLayout(content)
        inner.setContentsMargins(0, 0, 4, 0)
        inner.setSpacing(7)
        inner.addLayout(line)
        for part in (self._numbers, self._colour):
            inner.addWidget(part)
        inner.addWidget(self._dot)
        inner.addWidget(self._lines)
        inner.addWidget(self._fold)
        inner.addStretch(1)
        scroll = Upright(self)
        scroll.setObjectName("quality_scroll")
        scroll.setWidget(content)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 8, 8, 8)
        layout.addWidget(scroll)

    def _wire(self) -> None:
        session, belief, lane = self._session, self._session.belief, self._jobs.quality
        session.projection_changed.connect(self._show_all)
        for signal in (session.maps.opened, session.maps.closed, session.maps.projection_changed):
            signal.connect(self._show_maps)
        belief.quality_changed.connect(self._show_numbers)
        for signal in (
            belief.believed_changed,
            session.selection_changed,
            session.names_changed,
        ):
            signal.connect(self._show_dot)
        belief.compared_changed.connect(self._show_maps)
        lane.busy_changed.connect(self._show_busy)
        self._dot.row_chosen.connect(lambda row: session.select([row]))
        self._compare.asked.connect(
            lambda other: self._measuring.compare(session.maps.active, other)
        )
        self._compare.another_seed_asked.connect(self._measuring.compare_with_another_seed)

    # --- what is shown ----------------------------------------------------------------------------

    def _show_all(self) -> None:
        self._show_numbers()
        self._show_dot()
        self._show_maps()
        there = self._session.projection is not None
        for part in (self._run, self._colour):
            part.setEnabled(there)

    def _show_numbers(self) -> None:
        belief, maps = self._session.belief, self._session.maps
        self._numbers.show_measured(belief.measured(maps.active))

    def _show_dot(self) -> None:
        session = self._session
        row, believed = session.current_row, session.belief.believed(session.maps.active)
        if believed is not None and believed.row != row:
            believed = None  # that of the row clicked now is on its way
        hint = _NO_ROW if row is None else ""
        if session.projection is None:
            hint = _NO_MAP
        elif row is not None and row == session.belief.answered and not self._jobs.projection.busy:
            hint = _NOT_HERE
        self._dot.show_believed(believed, session.names, hint)

    def _show_maps(self) -> None:
        maps = self._session.maps
        others = {
            number: f"map {place}: {called(shown)}"
            for place, number in enumerate(maps.all, 1)
            if number != maps.active and (shown := maps.projection(number)) is not None
        }
        active = self._session.projection
        chance = active is not None and Measuring.by_chance(active)
        self._compare.show_choices(others, active.seed + 1 if active and chance else None)
        self._compare.show_compared(self._session.belief.compared)

    def _show_busy(self, busy: bool) -> None:
        self._run.setText("Stop" if busy else "Measure")

    def _show_lines(self) -> None:
        drawn = self._open and self._lines.isChecked()
        self._session.belief.want(watched=self._open, drawn=drawn)

    def _run_or_stop(self) -> None:
        if self._jobs.quality.busy:
            self._jobs.quality.cancel()
        else:
            self._measuring.measure()
