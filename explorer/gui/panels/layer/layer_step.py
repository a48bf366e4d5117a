"""The layer as Keras and PyTorch would have it: settings, summary, the lines that make it."""

from __future__ import annotations

from typing import NamedTuple

from explorer.embedding.code import Line
from explorer.embedding.layer import EmbeddingLayer
from explorer.embedding.layer_params import LayerParams
from explorer.errors import ExplorerError
from explorer.gui.fields.form import Form
from explorer.gui.panels.layer.code_line import CodeLine
from explorer.gui.panels.layer.looking import Asked, Looked
from explorer.gui.panels.layer.steps import Step
from explorer.gui.state.names import Names
from explorer.gui.theme import Theme
from explorer.gui.widgets.fold import Fold
from explorer.gui.widgets.plain import plain_label

_ELSEWHERE = ("padding_idx", "max_norm", "norm_type")  # the step on norms has them
_STARTS = {
    "table": "starts from the table",
    "zeros": "starts from zeros",
}
_WIDEST = 420  # pixels of a form


class _Of(NamedTuple):
    """What a layer is told of, without the table itself. ids: the shape of what is looked up."""

    rows: int
    dim: int
    asked: Asked
    ids: tuple[int, ...]


class LayerStep(Step):
    """What its settings come to, in Keras' words and in code."""

    def __init__(self, theme: Theme, number: int) -> None:
        super().__init__(theme, number, "layer", "The layer as a whole")
        self._of: _Of | None = None
        self._form = Form(LayerParams, "layer_setting", self, omit=_ELSEWHERE)
        self._form.setMaximumWidth(_WIDEST)
        self._fold = Fold("Settings", "layer_settings", self._form, self)
        self._fold.button.setToolTip("Initializer, regularizer, constraint, gradient")
        self._problem = plain_label("layer_problem", "warning", wrap=True)
        self._problem.hide()
        self.summary = CodeLine(theme, "layer_summary", self, what="summary")
        for widget in (self._fold, self._problem, self.summary):
            self.content.addWidget(widget)
        self._form.changed.connect(self._write)

    @property
    def scaled(self) -> bool:
        """Whether gradients are divided by how often a row was looked up."""
        return bool(self._form.values()["scale_grad_by_freq"])

    def show_lookup(self, looked: Looked, names: Names) -> None:
        table = looked.table
        self._of = _Of(len(table), table.dim, looked.asked, looked.run.ids.shape)
        self._write()

    def _write(self) -> None:
        if self._of is None:
            return
        try:
            layer = self._layer(self._of)
        except ExplorerError as error:
            self._problem.setText(f"{error.message} {error.hint}".strip())
            self._problem.show()
            return
        self._problem.hide()
        start = _STARTS.get(layer.initializer, "draws its rows at random before training")
        self.say(f"This layer {start}. Padding and max norm are those of step 5.")
        self._fold.set_note(_note(layer))
        self.note(f"{layer.parameters:,} parameters")
        summary = layer.summary(self._of.ids)
        self.summary.show_lines([Line("summary", summary, summary)])
        self.show_code([Line("layer", layer.pytorch(), layer.keras())])

    def _layer(self, of: _Of) -> EmbeddingLayer:
        asked = of.asked
        layer = LayerParams(**self._form.values()).layer(of.rows, of.dim)
        return layer.changed(
            padding_idx=asked.padding_idx, max_norm=asked.max_norm, norm_type=asked.norm_type
        )


def _note(layer: EmbeddingLayer) -> str:
    said = [layer.initializer, layer.regularizer, layer.constraint]
    return ", ".join(word for word in said if word != "none")
