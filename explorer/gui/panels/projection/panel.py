"""How the map is made: method, its parameters, preprocessing, sample; run, stop, go on."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from explorer.gui.commands import Commands
from explorer.gui.expression_field import ExpressionField, Expressions
from explorer.gui.fold import Fold
from explorer.gui.form import LABEL_WIDTH, Form
from explorer.gui.jobs import Jobs
from explorer.gui.making import departures
from explorer.gui.pages import Pages
from explorer.gui.panels.projection.components import ComponentsView
from explorer.gui.panels.projection.expectation import Expectation, Wish
from explorer.gui.plain import plain_label
from explorer.gui.sample_editor import SampleEditor
from explorer.gui.session import Session
from explorer.gui.steps_editor import StepsEditor, in_words
from explorer.gui.theme import Theme
from explorer.preparation import parse_steps
from explorer.progress import Progress
from explorer.projection import Projection
from explorer.projections import Method, methods


class ProjectionPanel(QWidget):
    """Choose a method, turn its knobs, run it; the map shows the frames of those that are live.

    It speaks of the active map: when another one becomes active, its settings are shown.
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
        self._methods = list(methods().values())
        self._steps_of: dict[str, str | None] = {}
        self._make_choices(theme, Expressions(session, jobs, self))
        self._make_buttons()
        self._state = plain_label("projection_state", "muted", wrap=True)
        self._cost = plain_label("projection_cost", "muted", wrap=True)
        self._components = Fold(
            "Components", "projection_components_fold", ComponentsView(session, theme, self), self
        )
        self._components.button.setToolTip("How much each component shows, and what stretches it")
        self._expectation = Expectation(jobs, self._wish, self)
        self._arrange()
        self._wire()
        self._show_method()
        self._show_table()
        self._show_map()

    @property
    def method(self) -> Method:
        """The method chosen."""
        return self._methods[self._method.currentIndex()]

    # --- its parts ------------------------------------------------------------------------------

    def _make_choices(self, theme: Theme, expressions: Expressions) -> None:
        self._method = self._method_box()
        self._dims = self._dims_box()
        self._summary = plain_label("projection_summary", "muted", wrap=True)
        self._lacks = plain_label("projection_lacks", "warning", wrap=True)
        self._lacks.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._forms = Pages(self)
        self._form_of = {
            method.name: Form(
                method.params,
                f"projection_{method.name}",
                self,
                expression=lambda: ExpressionField(expressions, theme),
            )
            for method in self._methods
        }
        self._begin = self._begin_box()
        self._steps = StepsEditor("projection_steps", self)
        self._steps_fold = Fold("Preprocessing", "projection_steps_fold", self._steps, self)
        self._steps_fold.button.setToolTip("What is done to the vectors first, in order")
        self._sample = SampleEditor("projection_sample", self)
        self._sample_fold = Fold("Rows", "projection_sample_fold", self._sample, self)
        self._sample_fold.button.setToolTip("Which rows take part: all, or a sample")
        self._seed = self._seed_box()

    def _method_box(self) -> QComboBox:
        box = QComboBox(self)
        box.setObjectName("projection_method")
        box.setAccessibleName("Projection method")
        box.setToolTip("How the rows are laid out on the map")
        for method in self._methods:
            box.addItem(f"{method.title} (not installed)" if method.lacks else method.title)
        return box

    def _dims_box(self) -> QComboBox:
        box = QComboBox(self)
        box.setObjectName("projection_dims")
        box.setAccessibleName("Dimensions")
        box.setToolTip("A flat map, or one that can be turned")
        box.addItem("2-D", 2)
        box.addItem("3-D", 3)
        return box

    def _begin_box(self) -> QCheckBox:
        box = QCheckBox("Begin from the map at hand", self)
        box.setObjectName("projection_begin")
        box.setAccessibleName("Begin from the map at hand")
        box.setToolTip("The dots begin where the active map has them")
        return box

    def _seed_box(self) -> QSpinBox:
        box = QSpinBox(self)
        box.setObjectName("projection_seed")
        box.setAccessibleName("Seed")
        box.setToolTip("The same seed makes the same map again")
        box.setRange(0, 2**31 - 1)
        return box

    def _make_buttons(self) -> None:
        self._run = self._button("run", "Make the map", "Make the map (Ctrl+R)")
        self._run.setProperty("role", "primary")
        self._go_on = self._button(
            "go_on", "Go on", "Go on with the run that was stopped, as it was begun"
        )
        self._place = self._button(
            "place", "Place the other rows", "Place the rows outside the sample into this map"
        )

    def _button(self, name: str, text: str, tip: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setObjectName(f"projection_{name}")
        button.setAccessibleName(text)
        button.setToolTip(tip)
        return button

    def _arrange(self) -> None:
        line, runs = QHBoxLayout(), QHBoxLayout()
        line.addWidget(self._method, 1)
        line.addWidget(self._dims)
        runs.addWidget(self._run, 1)
        runs.addWidget(self._go_on)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 8, 12, 10)
        layout.setSpacing(7)
        layout.addLayout(line)
        layout.addWidget(self._scrolled(), 1)
        layout.addLayout(runs)
        for widget in (self._place, self._cost, self._state):
            layout.addWidget(widget)

    def _scrolled(self) -> QScrollArea:
        for form in self._form_of.values():
            page = QWidget()
            layout = QVBoxLayout(page)
            layout.setContentsMargins(0, 0, 0, 0)
            layout.addWidget(form)
            layout.addStretch(1)
            self._forms.addWidget(page)
        content = QWidget()
        inner = QVBoxLayout(content)
        inner.setContentsMargins(0, 0, 4, 0)
        for widget in (self._summary, self._lacks, self._forms, self._begin):
            inner.addWidget(widget)
        inner.addLayout(self._seed_row())
        for fold in (self._steps_fold, self._sample_fold, self._components):
            inner.addWidget(fold)
        inner.addStretch(1)
        scroll = QScrollArea(self)
        scroll.setObjectName("projection_scroll")
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(content)
        return scroll

    def _seed_row(self) -> QFormLayout:
        row = QFormLayout()
        row.setHorizontalSpacing(10)
        row.addRow("Seed", self._seed)
        label = row.labelForField(self._seed)
        label.setMinimumSize(LABEL_WIDTH, self._seed.sizeHint().height())
        return row

    def _wire(self) -> None:
        session = self._session
        self._run.clicked.connect(self.run_or_stop)
        self._go_on.clicked.connect(self.go_on)
        self._place.clicked.connect(lambda: self._commands.place_others(seed=self._seed.value()))
        self._method.currentIndexChanged.connect(self._show_method)
        self._steps.changed.connect(self._keep_steps)
        self._sample.changed.connect(self._show_choices)
        self._dims.currentIndexChanged.connect(self._show_choices)
        for form in self._form_of.values():
            form.changed.connect(self._show_choices)
        self._expectation.told.connect(self._show_cost)
        self._lane.busy_changed.connect(self._show_busy)
        self._lane.progressed.connect(self._show_progress)
        session.table_changed.connect(self._show_table)
        session.projection_changed.connect(self._show_map)
        session.maps.active_changed.connect(self._show_settings)

    # --- what the user asks for -----------------------------------------------------------------

    def run_or_stop(self) -> None:
        """Makes the map, or stops the one being made."""
        if self._lane.busy:
            self._lane.cancel()
        elif self._session.table is not None and not self.method.lacks:
            self._commands.project(
                self.method.name,
                dims=self._dims.currentData(),
                seed=self._seed.value(),
                steps=self._steps.choice,
                sample=self._sample.sample(self._seed.value()),
                start=self._session.projection if self._begins_from_map() else None,
                **self._form.values(),
            )

    def go_on(self) -> None:
        """Goes on with the run of the active map, as it was begun; one that was finished, up to
        the iterations that the form asks for now."""
        map_, params = self._session.projection, self._rest_of_run()
        if map_ is not None and params is not None:
            self._commands.project(
                map_.method,
                dims=map_.dims,
                seed=map_.seed,
                steps=in_words(parse_steps(map_.steps)),
                sample=map_.sample,
                start=map_,
                resume=True,
                **params,
            )

    @property
    def _form(self) -> Form:
        return self._form_of[self.method.name]

    def _begins_from_map(self) -> bool:
        return self._begin.isChecked() and self._begin.isEnabled() and self.method.startable

    def _rest_of_run(self) -> dict[str, Any] | None:
        """Parameters of the run that the active map's can go on as; None where it has ended."""
        shown = self._session.projection
        method = methods().get(shown.method) if shown else None
        if shown is None or method is None or not method.startable or shown.iterations is None:
            return None
        params = dict(shown.params)
        if shown.complete and method is self.method:
            params["iterations"] = self._form.values()["iterations"]
        return params if params["iterations"] > shown.iterations else None

    def _wish(self) -> Wish | None:
        table = self._session.table
        if table is None or not self.isVisible() or self.method.lacks:
            return None
        sample = self._sample.sample(self._seed.value())
        dims = self._dims.currentData()
        return Wish(table, self.method.name, dims, sample, self._form.values())

    def _keep_steps(self) -> None:
        self._steps_of[self.method.name] = self._steps.choice
        self._show_choices()

    # --- what is shown --------------------------------------------------------------------------

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._expectation.refresh()

    def _show_method(self) -> None:
        method = self.method
        self._forms.setCurrentIndex(self._method.currentIndex())
        self._summary.setText(method.summary)
        self._lacks.setText(f"{method.title} is not installed. {method.lacks}")
        self._lacks.setVisible(bool(method.lacks))
        self._begin.setVisible(method.startable)
        self._steps.show_method(method.steps, method.reason, self._steps_of.get(method.name))
        self._show_choices()

    def _show_choices(self) -> None:
        """What follows from the choices made."""
        own = " (its own)" if self._steps.choice is None else ""
        self._steps_fold.set_note(f"{in_words(self._steps.steps)}{own}")
        self._sample_fold.set_note(self._sample.words)
        self._show_runs()
        self._expectation.refresh()

    def _show_table(self) -> None:
        self._sample.show_table(self._session.table)
        self._show_choices()

    def _show_runs(self) -> None:
        """Which buttons there are, and what they would do."""
        busy, shown = self._lane.busy, self._session.projection
        lacks = self.method.lacks
        self._run.setEnabled(busy or (self._session.table is not None and not lacks))
        self._run.setToolTip(lacks or "Make the map (Ctrl+R); while it runs: stop")
        self._begin.setEnabled(shown is not None and shown.dims == self._dims.currentData())
        self._go_on.setVisible(not busy and self._rest_of_run() is not None)
        method = methods().get(shown.method) if shown else None
        placeable = method is not None and method.place is not None
        sampled = shown is not None and shown.sample is not None
        self._place.setVisible(not busy and placeable and sampled)

    def _show_cost(self, text: str) -> None:
        self._cost.setText(text)
        self._cost.setVisible(bool(text))

    def _show_busy(self, busy: bool) -> None:
        text = "Stop and keep the picture" if busy else "Make the map"
        self._run.setText(text)
        self._run.setAccessibleName(text)
        self._run.setProperty("role", "" if busy else "primary")
        self._run.style().unpolish(self._run)
        self._run.style().polish(self._run)
        if busy:
            self._show_cost("")
        self._show_map()

    def _show_progress(self, progress: Progress) -> None:
        if progress.message:
            self._state.setText(progress.message)

    def _show_map(self) -> None:
        """What the active map is, and what can be done with it."""
        shown = self._session.projection
        if not self._lane.busy:
            self._state.setText("" if shown is None else _verdict(shown))
            self._state.setVisible(bool(self._state.text()))
        else:
            self._state.show()
        self._components.setVisible(shown is not None and shown.explained is not None)
        self._show_runs()

    def _show_settings(self) -> None:
        """The settings that the active map was made with; an empty one changes nothing."""
        shown = self._session.projection
        names = [method.name for method in self._methods]
        if shown is None or shown.method not in names:
            return
        method = self._methods[names.index(shown.method)]
        steps = in_words(parse_steps(shown.steps))
        own = steps == in_words(parse_steps(method.steps))
        self._steps_of[method.name] = None if own else steps
        self._method.setCurrentIndex(names.index(shown.method))
        self._dims.setCurrentIndex(self._dims.findData(shown.dims))
        self._seed.setValue(shown.seed)
        self._form_of[shown.method].set_values(shown.params)
        self._sample.show_sample(shown.sample)
        self._show_method()


def _verdict(shown: Projection) -> str:
    """How far the map may be believed, and what is not as its method has it."""
    told = [shown.verdict, *departures(shown)]
    return " · ".join(part for part in told if part)
