"""Training a table here: corpus, settings, layers, the curve, and the map that follows."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from explorer import pipeline
from explorer.corpora import corpora
from explorer.gui.fields.buttons import RunButton
from explorer.gui.fields.clear_button import add_clear_button
from explorer.gui.fields.form import Form, seed_row
from explorer.gui.fields.spin_box import seed_box
from explorer.gui.lists.layer_list import LayerList
from explorer.gui.tasks.commands import Commands
from explorer.gui.tasks.jobs import Jobs
from explorer.gui.theme import Theme
from explorer.gui.widgets.curve import Curve
from explorer.gui.widgets.middle import at_the_top
from explorer.gui.widgets.named import named
from explorer.gui.widgets.pages import Pages
from explorer.gui.widgets.plain import plain_label
from explorer.gui.widgets.upright import Upright
from explorer.objectives import Objective, objectives
from explorer.params import fields_of
from explorer.progress import Progress, Report

if TYPE_CHECKING:
    from explorer.training import EpochFigures, Snapshot, Trained


class TrainingPanel(QWidget):
    """Starts a training in its lane and shows how it goes; stopping keeps what was learnt."""

    def __init__(
        self, jobs: Jobs, commands: Commands, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("training_panel")
        self._lane = jobs.training
        self._commands = commands
        self._objectives = list(objectives().values())
        self._learning = False  # the epochs have begun; before that the words are read
        self._corpus = self._corpus_field(theme)
        self._browse = self._browse_button(theme)
        self._objective = self._objective_box()
        self._summary = plain_label("training_summary", "muted", wrap=True)
        self._forms = Pages(self)
        self._form_of: dict[str, Form] = {}
        self._corpus_forms = [
            Form(kind.params, f"corpus_{kind.name}", self)
            for kind in corpora().values()
            if fields_of(kind.params)
        ]
        self._seed = seed_box("training_seed", "The same seed trains the same table again", self)
        self._start = self._start_button()
        self._state = plain_label("training_state", "muted", wrap=True)
        self._layers = LayerList(self)
        self._curve = Curve(theme, self)
        self._arrange()
        self._show_objective(0)
        self._lane.busy_changed.connect(self._show_busy)
        self._lane.progressed.connect(self._follow)
        self._lane.succeeded.connect(self._finish)
        self._lane.failed.connect(commands.failed)
        self._lane.cancelled.connect(self._keep)

    @property
    def objective(self) -> Objective:
        """The objective chosen."""
        return self._objectives[self._objective.currentIndex()]

    def _objective_box(self) -> QComboBox:
        box = named(
            QComboBox(self), "training_objective", "Objective", "What the table is trained for"
        )
        box.addItems([objective.title for objective in self._objectives])
        box.currentIndexChanged.connect(self._show_objective)
        return box

    def _corpus_field(self, theme: Theme) -> QLineEdit:
        tip = (
            "A CSV or TSV file (.gz too) with a text and a label column, or an aclImdb folder; "
            "empty for the sample reviews"
        )
        field = named(QLineEdit(self), "training_corpus", "Corpus", tip)
        field.setPlaceholderText("The sample reviews")
        add_clear_button(field, theme)
        return field

    def _browse_button(self, theme: Theme) -> QToolButton:
        button = named(
            QToolButton(self), "training_browse", "Choose a corpus", "Choose a corpus file"
        )
        theme.set_icon(button, "mdi6.folder-open-outline")
        button.clicked.connect(self._choose_corpus)
        return button

    def _start_button(self) -> RunButton:
        tip = "Train a table; while it runs: stop and keep what was learnt"
        stop = "Stop and keep what was learnt"
        button = RunButton("training_start", "Train", tip, self, stop=stop)
        button.clicked.connect(self.start_or_stop)
        return button

    def _arrange(self) -> None:
        line = QHBoxLayout()
        line.addWidget(self._corpus, 1)
        line.addWidget(self._browse)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 8, 12, 10)
        layout.setSpacing(7)
        layout.addWidget(self._objective)
        layout.addWidget(self._summary)
        layout.addLayout(line)
        layout.addWidget(self._settings(), 1)
        layout.addWidget(self._start)
        layout.addWidget(self._state)
        layout.addWidget(self._layers)
        layout.addWidget(self._curve)
        self._curve.setFixedHeight(170)
        self._curve.hide()
        self._layers.hide()

    def _settings(self) -> Upright:
        content = QWidget()
        inner = QVBoxLayout(content)
        inner.setContentsMargins(0, 0, 4, 0)
        for form in self._corpus_forms:
            inner.addWidget(form)
        for objective in self._objectives:
            self._forms.addWidget(self._page(objective))
        inner.addWidget(self._forms)
        inner.addLayout(seed_row(self._seed))
        inner.addStretch(1)
        scroll = Upright(self)
        scroll.setObjectName("training_scroll")
        scroll.setWidget(content)
        return scroll

    def _page(self, objective: Objective) -> QWidget:
        form = Form(objective.params, f"training_{objective.name}", self)
        self._form_of[objective.name] = form
        return at_the_top(form)

    def _show_objective(self, place: int) -> None:
        self._forms.setCurrentIndex(place)
        self._summary.setText(self._objectives[place].summary)

    def start_or_stop(self) -> None:
        """Starts a training with the settings shown, or stops the one under way."""
        if self._lane.busy:
            self._lane.cancel()
            return
        corpus = Path(self._corpus.text()) if self._corpus.text().strip() else None
        objective, seed = self.objective.name, self._seed.value()
        params = self._form_of[objective].values()
        corpus_params: dict[str, Any] = {}
        for form in self._corpus_forms:
            corpus_params |= form.values()

        def work(report: Report) -> Trained:
            return pipeline.train(
                corpus,
                objective,
                seed=seed,
                corpus_params=corpus_params,
                report=pipeline.with_map(report),
                **params,
            )

        self._learning = False
        self._state.setText("")
        self._curve.hide()
        self._layers.hide()
        self._lane.start("Training", work)

    def _choose_corpus(self) -> None:
        name, _ = QFileDialog.getOpenFileName(
            self, "Choose a corpus", "", "Reviews (*.csv *.tsv *.csv.gz *.tsv.gz);;All files (*)"
        )
        if name:
            self._corpus.setText(name)

    def _show_busy(self, busy: bool) -> None:
        self._start.show_busy(busy)

    def _follow(self, progress: Progress) -> None:
        from explorer.training import Started

        if progress.message and not self._learning:
            self._state.setText(progress.message)
        if isinstance(progress.partial, Started):
            self._layers.show_summary(progress.partial.summary)
            self._layers.show()
            self._curve.show()
            self._learning = True
        elif isinstance(progress.partial, pipeline.TrainingFrame):
            self._show_snapshot(progress.partial.snapshot)
            self._commands.follow_training(
                progress.partial.snapshot.table, progress.partial.projection
            )

    def _show_snapshot(self, snapshot: Snapshot) -> None:
        held = [f for f in snapshot.history if f.validation_loss is not None]
        self._curve.show_losses(
            snapshot.losses,
            [figures.epoch * snapshot.steps_per_epoch for figures in held],
            [figures.validation_loss or 0.0 for figures in held],
        )
        self._state.setText(_state_line(snapshot))

    def _finish(self, trained: Trained) -> None:
        self._commands.adopt_trained(trained.table)
        self._state.setText(_result_line(trained))

    def _keep(self, partial: object) -> None:
        from explorer.training import keep

        if isinstance(partial, pipeline.TrainingFrame):
            self._finish(keep(partial.snapshot))
        else:
            self._state.setText("Stopped before anything was learnt.")


def _state_line(snapshot: Snapshot) -> str:
    line = f"Epoch {snapshot.epoch} of {snapshot.steps // max(1, snapshot.steps_per_epoch)}"
    if snapshot.history:
        line += f" · {_figures_line(snapshot.history[-1])}"
    return line


def _result_line(trained: Trained) -> str:
    if trained.best_epoch is None:
        now = f"Stopped within epoch {len(trained.history) + 1}; the table is as it was then"
        if not trained.history:
            return f"{now}."
        return f"{now}. After epoch {len(trained.history)}: {_figures_line(trained.history[-1])}"
    word = "Stopped" if trained.stopped else "Done"
    best = trained.history[trained.best_epoch - 1]
    return f"{word}: epoch {best.epoch} · {_figures_line(best)}"


def _figures_line(figures: EpochFigures) -> str:
    if figures.validation_accuracy is not None and figures.accuracy is not None:
        accuracy = f"{figures.validation_accuracy:.3f} (training {figures.accuracy:.3f})"
        return f"validation accuracy {accuracy}"
    if figures.accuracy is not None:
        return f"loss {figures.loss:.3f}, accuracy {figures.accuracy:.3f}"
    if figures.validation_loss is not None:
        return f"validation loss {figures.validation_loss:.3f} (training {figures.loss:.3f})"
    return f"loss {figures.loss:.3f}"
