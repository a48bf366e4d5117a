"""The steps with settings of their own: shards; padding and norms; one step of training."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton

from explorer.embedding.shards import sizes
from explorer.embedding.step import OBJECTIVES
from explorer.embedding.step import Step as TrainingResult
from explorer.gui.panels.layer.gradients import Gradient, GradientsPicture
from explorer.gui.panels.layer.lines import MOST
from explorer.gui.panels.layer.looking import Asked, Looked
from explorer.gui.panels.layer.norms import Norm, NormsPicture
from explorer.gui.panels.layer.segments import Segments
from explorer.gui.panels.layer.setting import NONE, SettingsRow, choice, number, whole
from explorer.gui.panels.layer.shards import Home, ShardsPicture
from explorer.gui.panels.layer.steps import LONGEST, Step, distinct
from explorer.gui.state.names import Names
from explorer.gui.theme import Theme
from explorer.gui.widgets.named import named
from explorer.gui.widgets.plain import counted

_MOST_SHARDS = 64
_NORM_TYPES = {"1": 1.0, "2": 2.0, "3": 3.0, "∞": math.inf}


class ShardsStep(Step):
    """asked: changes of the settings, by their names in Asked."""

    asked = Signal(dict)

    def __init__(self, theme: Theme, number: int, asked: Asked) -> None:
        super().__init__(theme, number, "shards", "Shards: where each row lives")
        tip = "Parts that the table is cut into, one a machine"
        self._count = whole("layer_shard_count", "Shards", tip, 1, _MOST_SHARDS)
        self._count.setValue(asked.shards)
        self._strategy = Segments(
            (("mod", "Rows are dealt out in turn"), ("div", "Rows stay together in runs")),
            "layer_strategy",
        )
        row = SettingsRow(self)
        row.add("Shards", self._count)
        row.add("", self._strategy)
        self.content.addWidget(row)
        self._shards = ShardsPicture(theme)
        self.put(self._shards)
        self._count.valueChanged.connect(lambda count: self.asked.emit({"shards": count}))
        self._strategy.chosen.connect(lambda wish: self.asked.emit({"strategy": wish}))

    def show_lookup(self, looked: Looked, names: Names) -> None:
        run, asked, rows = looked.run, looked.asked, len(looked.table)
        self.say(_sharing(rows, asked.shards, asked.strategy))
        found, first = distinct(run.ids)
        shard, place = run.shard.ravel()[first], run.place.ravel()[first]
        homes = [
            Home(
                int(row),
                names.of(int(row), LONGEST),
                int(shard[at]),
                int(place[at]),
                _formula(int(row), int(shard[at]), int(place[at]), rows, asked),
            )
            for at, row in enumerate(found[:MOST])
        ]
        self._shards.show_homes(homes, list(sizes(rows, asked.shards)), asked.strategy, len(found))


def _sharing(rows: int, shards: int, strategy: str) -> str:
    begin = "A table too large for one machine is cut into shards; here it is only pretended. "
    if strategy == "mod":
        return (
            f"{begin}mod deals the rows out in turn: row i is in shard i mod {shards}, there at "
            f"place i div {shards}."
        )
    size, longer = divmod(rows, shards)
    more = f"; the first {longer:,} have one row more" if longer else ""
    return f"{begin}div leaves rows together, {size:,} to a shard{more}."


def _formula(row: int, shard: int, place: int, rows: int, asked: Asked) -> str:
    end = f"shard {shard}, place {place:,}"
    if asked.strategy == "mod":
        return f"{row:,} = {asked.shards} × {place:,} + {shard}  →  {end}"
    start = row - place
    last = start + sizes(rows, asked.shards)[shard] - 1
    return f"{row:,} is in {start:,} to {last:,}  →  {end}"


class NormsStep(Step):
    """asked: changes of the settings, by their names in Asked."""

    asked = Signal(dict)

    def __init__(self, theme: Theme, number_: int) -> None:
        super().__init__(theme, number_, "norms", "Padding and max norm")
        tip = "The row that stands for no word at all: it gives zeros, and is not trained"
        self._padding = whole("layer_padding", "Padding index", tip, -1, 2**31 - 1)
        self._padding.setSpecialValueText(NONE)
        self._padding.setValue(-1)
        tip = "Rows that are longer are shortened to this norm when they are looked up"
        self._bound = number("layer_max_norm", "Max norm", tip, 99_999.0, 0.5)
        self._bound.setSpecialValueText(NONE)
        tip = "The p of the norm: 1 sums, 2 is the Euclidean norm, ∞ takes the largest number"
        self._type = choice("layer_norm_type", "Norm type", tip, tuple(_NORM_TYPES))
        self._type.setCurrentText("2")
        row = SettingsRow(self)
        for text, widget in (
            ("Padding index", self._padding),
            ("Max norm", self._bound),
            ("p", self._type),
        ):
            row.add(text, widget)
            row.add_gap()
        self.content.addWidget(row)
        self._norms = NormsPicture(theme)
        self.put(self._norms)
        self._padding.valueChanged.connect(self._ask)
        self._bound.valueChanged.connect(self._ask)
        self._type.currentTextChanged.connect(self._ask)

    def _ask(self) -> None:
        padding, bound = self._padding.value(), self._bound.value()
        self.asked.emit(
            {
                "padding_idx": None if padding < 0 else padding,
                "max_norm": None if bound == 0 else bound,
                "norm_type": _NORM_TYPES[self._type.currentText()],
            }
        )

    def fit(self, rows: int) -> None:
        """A table of so many rows: no other row can be the padding."""
        self._padding.setMaximum(max(-1, rows - 1))

    def show_lookup(self, looked: Looked, names: Names) -> None:
        run, asked = looked.run, looked.asked
        found, first = distinct(run.ids)
        before, after = looked.before[first], looked.after[first]
        norms = [
            Norm(
                int(row),
                names.of(int(row), LONGEST),
                float(before[at]),
                float(after[at]),
                int(row) == asked.padding_idx,
            )
            for at, row in enumerate(found[:MOST])
        ]
        long = before > (math.inf if asked.max_norm is None else asked.max_norm)
        if asked.padding_idx is not None:
            long &= found != asked.padding_idx
        self.say(_norm_words(looked, int(long.sum())))
        self._norms.show_norms(norms, asked.max_norm, len(found))


def _norm_words(looked: Looked, shortened: int) -> str:
    """shortened: how many rows were too long."""
    asked, padded = looked.asked, int(looked.run.padded.sum())
    if asked.padding_idx is None and asked.max_norm is None:
        return (
            "Texts of one length are filled up with a padding row, which gives zeros and is never "
            "trained; a max norm shortens rows that are longer. Neither is set: rows stay the same."
        )
    parts = []
    if asked.padding_idx is not None:
        many = f"{padded:,} of {counted(looked.run.ids.size, 'id')}"
        parts.append(f"Row {asked.padding_idx:,} is padding, {many}: zeros, never trained.")
    if asked.max_norm is not None:
        p = "∞" if math.isinf(asked.norm_type) else f"{asked.norm_type:g}"
        parts.append(
            f"{counted(shortened, 'row')} shortened to the {p}-norm {asked.max_norm:g}, the "
            "direction kept. PyTorch writes shortened rows back into its matrix; this table stays "
            "as it is."
        )
    return " ".join(parts)


class TrainingStep(Step):
    """step_asked: settings, by their names in pipeline.training_step."""

    step_asked = Signal(dict)

    def __init__(self, theme: Theme, number_: int) -> None:
        super().__init__(theme, number_, "train", "One training step")
        tip = "See which rows receive a gradient; the table is not changed"
        self.button = QPushButton("Take one training step", self)
        named(self.button, "layer_take_step", "Take one training step", tip)
        self.button.clicked.connect(self._ask)
        tip = "How far a row moves against its gradient"
        self._rate = number("layer_learning_rate", "Learning rate", tip, 9_999.0, 0.1)
        self._rate.setMinimum(0.001)
        self._rate.setValue(0.1)
        tip = "What the rows are taught"
        self._loss = choice("layer_objective", "Loss", tip, tuple(OBJECTIVES))
        row = SettingsRow(self)
        row.add("", self.button)
        row.add_gap()
        row.add("Learning rate", self._rate)
        row.add_gap()
        row.add("Loss", self._loss)
        self.content.addWidget(row)
        self._gradients = GradientsPicture(theme)
        self.put(self._gradients)
        self._clear()

    def _ask(self) -> None:
        self.step_asked.emit(
            {"learning_rate": self._rate.value(), "objective": self._loss.currentText()}
        )

    def _clear(self) -> None:
        self.note("")
        self.show_picture(self._gradients, False)
        self.show_code(())
        self.say(
            "Training changes only the rows that were looked up: the gradient of every other row "
            "is zero. Take a step to see it; the table itself is not changed."
        )

    def show_lookup(self, looked: Looked, names: Names) -> None:
        self._clear()

    def show_step(self, step: TrainingResult, looked: Looked, names: Names) -> None:
        """What the step did."""
        order = np.argsort(-step.norms, kind="stable")
        gradients = [
            Gradient(
                int(step.rows[at]),
                names.of(int(step.rows[at]), LONGEST),
                float(step.norms[at]),
                int(step.repeats[at]),
            )
            for at in order[:MOST]
        ]
        self.note(f"loss {step.loss:.4g} → {step.loss_after:.4g}")
        self.say(_step_words(step))
        self._gradients.show_gradients(gradients, step.rows, step.norms, len(looked.table))
        self.show_picture(self._gradients, True)


def _step_words(step: TrainingResult) -> str:
    count, repeats = len(step.rows), int((step.repeats > 1).sum())
    summed = f" ({repeats:,} of them looked up more than once, and summed)" if repeats else ""
    return (
        f"{_OBJECTIVES.get(step.objective, '')}{counted(count, 'row')} received a gradient"
        f"{summed}; {step.untouched:,} did not. Each moves by {step.learning_rate:g} × its "
        "gradient. The table itself is not changed."
    )


_OBJECTIVES = {
    "logistic": "Every example, the mean of its rows, is taught to be a yes. ",
    "squared": "Every example, the mean of its rows, is pulled to the target. ",
    "sum": "The loss is the sum of all that was looked up. ",
}
