"""The page itself: what is typed at the top, the steps below it, one session for all of them."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication, QHideEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget
from typing_extensions import override

from explorer.embedding.code import Line
from explorer.embedding.step import Step as TrainingResult
from explorer.errors import ExplorerError
from explorer.gui.center_page import CenterPage
from explorer.gui.panels.layer.code_line import PYTORCH
from explorer.gui.panels.layer.input_bar import InputBar
from explorer.gui.panels.layer.jumps import Jumps
from explorer.gui.panels.layer.layer_step import LayerStep
from explorer.gui.panels.layer.looking import Looked, Looking
from explorer.gui.panels.layer.settings_steps import NormsStep, ShardsStep, TrainingStep
from explorer.gui.panels.layer.steps import (
    IdsStep,
    MatrixStep,
    OneHotStep,
    ResultStep,
    Step,
    shape_text,
)
from explorer.gui.panels.layer.stops import stops_in, walk
from explorer.gui.panels.layer.wheel import WheelGuard
from explorer.gui.state.session import Session
from explorer.gui.tasks.jobs import Jobs
from explorer.gui.theme import Theme
from explorer.gui.widgets.plain import counted, plain_label
from explorer.gui.widgets.upright import Upright

_MOST_SELECTED = 100  # selected rows that are offered as ids
_WIDEST = 1120  # pixels of a line that an eye follows

# The lines of code that do what a step does.
_CODE = {
    "ids": ("ids",),
    "matrix": (),
    "shards": ("shards", "place"),
    "one_hot": ("one-hot",),
    "norms": ("padding",),
    "shortened": ("padding", "result"),
    "result": ("result",),
}
_SHORT = {
    "ids": "Ids",
    "matrix": "Matrix",
    "shards": "Shards",
    "one_hot": "One-hot",
    "norms": "Norms",
    "result": "Result",
    "train": "Training",
    "layer": "Layer",
}
_GATHER = Line("rows", "rows = weight[ids]", "rows = tf.gather(weight, ids)")


class LayerPage(CenterPage):
    """What an embedding layer does when it looks something up, step by step."""

    def __init__(
        self, session: Session, jobs: Jobs, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__("layer_page", parent)
        self._session = session
        self.looking = Looking(session, jobs.layer, self)
        self.input = InputBar(theme, self)
        self._shards = ShardsStep(theme, 3, self.looking.asked)
        self._norms = NormsStep(theme, 5)
        self._taken: TrainingResult | None = None
        self._layer = LayerStep(theme, 8)
        self._training = TrainingStep(theme, 7)
        self._steps: dict[str, Step] = {
            "ids": IdsStep(theme, 1),
            "matrix": MatrixStep(theme, 2),
            "shards": self._shards,
            "one_hot": OneHotStep(theme, 4),
            "norms": self._norms,
            "result": ResultStep(theme, 6),
            "train": self._training,
            "layer": self._layer,
        }
        self._hint = plain_label("layer_hint", "muted", wrap=True)
        self._arrange()
        self._wire()
        self.setFocusProxy(self.input)
        self._mark()
        self._show_table()

    def _arrange(self) -> None:
        content = QWidget()
        content.setMaximumWidth(_WIDEST)
        inner = QVBoxLayout(content)
        inner.setContentsMargins(0, 4, 8, 16)
        inner.setSpacing(28)
        inner.addWidget(self._hint)
        for step in self._steps.values():
            inner.addWidget(step)
        inner.addStretch(1)
        WheelGuard(self).watch(content)
        self.steps = Upright(self)
        self.steps.setObjectName("layer_scroll")
        self.steps.setAccessibleName("Steps of the lookup")
        self.steps.setFrameShape(QFrame.Shape.NoFrame)
        self.steps.setWidget(content)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 8, 0)
        layout.setSpacing(8)
        self._jumps = Jumps(self.steps, self)
        self._jumps.set_steps([(_SHORT[name], step) for name, step in self._steps.items()])
        layout.addWidget(self.input)
        layout.addWidget(self._jumps)
        layout.addWidget(self.steps, 1)
        stops = [stop for step in self._steps.values() for stop in step.stops()]
        walk([*self.input.stops(), *stops_in(self._jumps), self.steps, *stops])

    def _wire(self) -> None:
        session, looking = self._session, self.looking
        self.input.asked.connect(lambda words, text: looking.ask(words=words, text=text))
        self.input.copy_asked.connect(self._copy_code)
        self.input.framework_chosen.connect(self._choose_framework)
        for settings in (self._shards, self._norms):
            settings.asked.connect(lambda changes: looking.ask(**changes))
        self._training.step_asked.connect(
            lambda settings: looking.take_step(**settings, scale_grad_by_freq=self._layer.scaled)
        )
        looking.looked.connect(self._show)
        looking.suggested.connect(lambda found: self.input.offer(found.words, found.text))
        looking.failed.connect(self._show_error)
        looking.stepped.connect(self._show_step)
        session.table_changed.connect(self._show_table)
        session.names_changed.connect(self._show_again)
        session.selection_changed.connect(self._mark)
        session.hover_changed.connect(lambda: self._point(session.hovered))
        self._layer.summary.copied.connect(
            lambda: self.told.emit("The summary is on the clipboard.")
        )
        for step in self._steps.values():
            step.row_pointed.connect(session.hover)
            step.row_chosen.connect(lambda row: session.select([row]))
            step.code.copied.connect(lambda: self.told.emit("The code is on the clipboard."))
            for picture in step.pictures:
                picture.copied.connect(lambda: self.told.emit("The picture is on the clipboard."))

    def _show_table(self) -> None:
        """Another table: something to look up in it, so that the page is never empty."""
        table = self._session.table
        self.input.offer(True, "")
        self._show(None)
        if table is not None and len(table):
            self._norms.fit(len(table))
            self.looking.suggest()

    def _show(self, looked: Looked | None) -> None:
        there = looked is not None and bool(looked.run.ids.size)
        self._steps["ids"].setVisible(looked is not None)
        for name, step in self._steps.items():
            if name != "ids":
                step.setVisible(there)
        self._jumps.setVisible(there)
        self._hint.setVisible(not there)
        self._hint.setText(self._what_to_do(looked))
        if looked is None:
            self.input.say("")
            return
        self.input.say(_trail(looked))
        self._taken = None
        if looked.run.pieces is not None:
            self.input.fill_ids(str(looked.run.ids.tolist()))
        for name, step in self._steps.items():
            if there or name == "ids":
                step.show_lookup(looked, self._session.names)
                if name in _CODE:
                    step.show_code(_code_of(name, looked))

    def _what_to_do(self, looked: Looked | None) -> str:
        if self._session.table is None:
            return "Open a table to look something up in it."
        if not len(self._session.table):
            return "This table has no rows to look up."
        if looked is None:
            return "Type words, or ids such as [[2, 3], [1, 0], [8, 6]], to see what is looked up."
        if looked.run.pieces is None:
            return "These are no ids, so nothing is looked up."
        return "Nothing of this has a row, so nothing is looked up."

    def _show_again(self) -> None:
        if self.looking.found is not None:
            self._show(self.looking.found)

    def _show_error(self, error: BaseException) -> None:
        if not isinstance(error, ExplorerError):
            error = ExplorerError(str(error))
        self.input.show_error(error)
        self._hint.setText("The steps show what was looked up before.")
        self._hint.setVisible(self._steps["ids"].isVisibleTo(self))

    def _show_step(self, taken: TrainingResult) -> None:
        found = self.looking.found
        if found is not None:
            self._taken = taken
            self._training.show_step(taken, found, self._session.names)
            self._training.show_code(taken.lines)

    def _choose_framework(self, framework: str) -> None:
        for step in self._steps.values():
            step.code.choose(framework)

    def _copy_code(self) -> None:
        """All lines of the framework chosen, ready to be run in order."""
        found = self.looking.found
        if found is not None:
            run, chosen = found.run, self.input.framework.choice
            lines = (run, self._taken) if self._taken is not None else (run,)
            wish = chosen == PYTORCH
            text = "\n".join(part.pytorch if wish else part.tensorflow for part in lines)
            QGuiApplication.clipboard().setText(text)
            self.told.emit(f"The {chosen} code of all steps is on the clipboard.")

    def _mark(self) -> None:
        """Shows the selection in every picture, and offers it as ids."""
        selection = self._session.selection
        self.input.offer_selection(selection.tolist()[:_MOST_SELECTED])
        rows = frozenset(selection.tolist()[:_MOST_SELECTED])
        for step in self._steps.values():
            for picture in step.pictures:
                picture.mark(rows)

    def _point(self, row: int) -> None:
        for step in self._steps.values():
            for picture in step.pictures:
                picture.point(row)

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.looking.set_open(True)

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.looking.set_open(False)


def _code_of(name: str, looked: Looked) -> list[Line]:
    """What does the same as a step."""
    if name == "norms" and looked.asked.max_norm is not None:
        name = "shortened"
    if name == "matrix":
        return [_GATHER]
    return [line for wanted in _CODE[name] if (line := looked.run.line(wanted))]


def _trail(looked: Looked) -> str:
    """The lookup in a line: from what was typed to the result."""
    run = looked.run
    begin = counted(len(run.pieces.pieces), "piece") if run.pieces else "ids"
    ids = f"{counted(run.ids.size, 'id')} {shape_text(run.ids.shape)}"
    steps = [begin, ids] if run.pieces else [ids]
    return "  →  ".join([*steps, f"result {shape_text(run.result.shape)}"])
