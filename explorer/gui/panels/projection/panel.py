"""How the map is made: what it is made with; run, stop, go on."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from explorer.gui.fields.buttons import RunButton, push_button
from explorer.gui.fields.expressions import Expressions
from explorer.gui.fields.steps_editor import in_words
from explorer.gui.panels.projection.choices import Choices
from explorer.gui.panels.projection.components import ComponentsView
from explorer.gui.panels.projection.expectation import Expectation, Wish
from explorer.gui.state.session import Session
from explorer.gui.tasks.commands import Commands
from explorer.gui.tasks.jobs import Jobs
from explorer.gui.tasks.making import departures
from explorer.gui.theme import Theme
from explorer.gui.widgets.fold import Fold
from explorer.gui.widgets.plain import plain_label
from explorer.preparation import Sample, parse_steps
from explorer.progress import Progress
from explorer.projection import Projection
from explorer.projections import Method, methods


class ProjectionPanel(QWidget):
    """Choose a method, turn its knobs, run it; the map shows the frames of those that are live.

    It speaks of the active map: when another one becomes active, what that was made with is shown.
    """

    def __init__(
        self,
        session: Session,
        jobs: Jobs,
        commands: Commands,
        theme: Theme,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("projection_panel")
        self._session, self._lane, self._commands = session, jobs.projection, commands
        self._components = Fold(
            "Components", "projection_components_fold", ComponentsView(session, theme, self), self
        )
        self._components.button.setToolTip("How much each component shows, and what stretches it")
        expressions = Expressions(session, jobs, self)
        self.choices = Choices(theme, expressions, self._components, self)
        self._make_buttons()
        self._state = plain_label("projection_state", "muted", wrap=True)
        self._cost = plain_label("projection_cost", "muted", wrap=True)
        self._expectation = Expectation(jobs, self._wish, self)
        self._arrange()
        self._wire()
        self._show_table()
        self._show_map()

    @property
    def method(self) -> Method:
        """The method chosen."""
        return self.choices.method

    def _make_buttons(self) -> None:
        self._run = RunButton(
            "projection_run",
            "Make the map",
            "Make the map (Ctrl+R)",
            self,
            stop="Stop and keep the picture",
        )
        self._go_on = push_button(
            "projection_go_on",
            "Go on",
            "Go on with the run that was stopped, as it was begun",
            self,
        )
        self._place = push_button(
            "projection_place",
            "Place the other rows",
            "Place the rows outside the sample into this map",
            self,
        )

    def _arrange(self) -> None:
        runs = QHBoxLayout()
        runs.addWidget(self._run, 1)
        runs.addWidget(self._go_on)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 8, 12, 10)
        layout.setSpacing(7)
        layout.addWidget(self.choices, 1)
        for widget in (self._cost, self._place):
            layout.addWidget(widget)
        layout.addLayout(runs)
        # Room for two lines, so that the buttons stay where they are whatever is told of the run.
        self._state.setMinimumHeight(2 * self._state.fontMetrics().lineSpacing())
        self._state.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(self._state)

    def _wire(self) -> None:
        session = self._session
        self._run.clicked.connect(self.run_or_stop)
        self._go_on.clicked.connect(self.go_on)
        self._place.clicked.connect(lambda: self._commands.place_others(seed=self.choices.seed))
        self.choices.changed.connect(self._show_choices)
        self._expectation.told.connect(self._show_cost)
        self._lane.busy_changed.connect(self._show_busy)
        self._lane.progressed.connect(self._show_progress)
        session.table_changed.connect(self._show_table)
        session.projection_changed.connect(self._show_map)
        session.maps.active_changed.connect(self._show_making)
        session.selection_changed.connect(
            lambda: self.choices.show_selection(self._session.selection)
        )
        self.choices.show_selection(session.selection)

    # --- what the user asks for -----------------------------------------------------------------

    def run_or_stop(self) -> None:
        """Makes the map, or stops the one being made."""
        if self._lane.busy:
            self._lane.cancel()
        else:
            self._make(self.choices.sample)

    def run_with_selected(self) -> None:
        """Makes the map of the rows that are selected, and of no others, this time."""
        if len(self._session.selection) and not self._lane.busy:
            self._make(Sample.of(self._session.selection))

    def _make(self, sample: Sample | None) -> None:
        choices = self.choices
        if self._session.table is not None and not self.method.lacks:
            self._commands.project(
                self.method.name,
                dims=choices.dims,
                seed=choices.seed,
                steps=choices.steps,
                sample=sample,
                start=self._session.projection if choices.begins_from_map else None,
                **choices.params,
            )

    def go_on(self) -> None:
        """Goes on with the run of the active map, as it was begun; one that was finished, up to
        the iterations that are chosen now."""
        shown, params = self._session.projection, self._rest_of_run()
        if shown is not None and params is not None and not self._lane.busy:
            self._commands.project(
                shown.method,
                dims=shown.dims,
                seed=shown.seed,
                steps=in_words(parse_steps(shown.steps)),
                sample=shown.sample,
                start=shown,
                resume=True,
                **params,
            )

    def _rest_of_run(self) -> dict[str, Any] | None:
        """Parameters of the run that the active map's can go on as; None where it has ended."""
        shown = self._session.projection
        method = methods().get(shown.method) if shown else None
        if shown is None or method is None or not method.startable or shown.iterations is None:
            return None
        params = dict(shown.params)
        if shown.complete and method is self.method:
            params["iterations"] = self.choices.params.get("iterations", 0)
        return params if params.get("iterations", 0) > shown.iterations else None

    def _wish(self) -> Wish | None:
        table = self._session.table
        if table is None or not self.isVisible() or self.method.lacks:
            return None
        choices = self.choices
        return Wish(table, self.method.name, choices.dims, choices.sample, choices.params)

    # --- what is shown --------------------------------------------------------------------------

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._expectation.refresh()

    def _show_table(self) -> None:
        self.choices.show_table(self._session.table)

    def _show_choices(self) -> None:
        self._show_map()
        self._expectation.refresh()

    def _show_runs(self) -> None:
        """Which buttons there are, and what they would do."""
        busy, shown, lacks = self._lane.busy, self._session.projection, self.method.lacks
        self._run.setEnabled(busy or (self._session.table is not None and not lacks))
        self._run.setToolTip(lacks or "Make the map (Ctrl+R); while it runs: stop")
        self.choices.offer_start(shown)
        self._go_on.setVisible(not busy and self._rest_of_run() is not None)
        method = methods().get(shown.method) if shown else None
        placeable = method is not None and method.place is not None
        sampled = shown is not None and shown.sample is not None
        self._place.setVisible(not busy and placeable and sampled)

    def _show_cost(self, text: str) -> None:
        self._cost.setText(text)
        self._cost.setVisible(bool(text))

    def _show_busy(self, busy: bool) -> None:
        self._run.show_busy(busy)
        if busy:
            self._show_cost("")
        self._show_map()

    def _show_progress(self, progress: Progress) -> None:
        if progress.message:
            self._state.setText(progress.message)

    def _show_map(self) -> None:
        """What the active map is, where the chosen method made it, and what can be done with it."""
        shown = self._session.projection
        told = shown if shown is not None and shown.method == self.method.name else None
        if not self._lane.busy:
            self._state.setText("" if told is None else _verdict(told))
        self._components.setVisible(told is not None and told.explained is not None)
        self._show_runs()

    def _show_making(self) -> None:
        """An empty map that becomes active leaves what is chosen as it is."""
        if shown := self._session.projection:
            self.choices.show_making(shown)


def _verdict(shown: Projection) -> str:
    """How far the map may be believed, and what is not as its method has it."""
    return " · ".join(part for part in (shown.verdict, *departures(shown)) if part)
