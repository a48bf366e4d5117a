"""What a table is trained for: one module per objective, each ending with one OBJECTIVE.

An objective turns a corpus into a `Task`: a model, its examples as tensors, and a loss. The loop
that drives it (explorer.training) knows nothing of words or labels.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import numpy.typing as npt

from explorer.params import Params, param
from explorer.progress import Report
from explorer.registry import discover
from explorer.table import Table

if TYPE_CHECKING:
    import torch


class LabelledTexts(Protocol):
    """What an objective may ask of a corpus; see explorer.corpora.Texts."""

    @property
    def texts(self) -> Sequence[str]: ...
    @property
    def labels(self) -> npt.NDArray[np.int64]: ...
    @property
    def label_names(self) -> tuple[str, ...]: ...
    @property
    def path(self) -> Path: ...


@dataclass(frozen=True)
class TrainingParams(Params):
    """What the loop itself needs to know, whatever the objective."""

    epochs: int = param(
        20,
        minimum=1,
        maximum=1000,
        unit="epochs",
        help="Passes over the training reviews at most. The table kept is the one of the epoch "
        "with the lowest validation loss, so more epochs do not overfit it.",
    )
    patience: int = param(
        2,
        minimum=0,
        maximum=1000,
        unit="epochs",
        special=0,
        special_text="never stop early",
        help="Stop after so many epochs without a lower validation loss; 0: never stop early.",
    )
    validation: float = param(
        0.2,
        minimum=0,
        maximum=0.9,
        special=0,
        special_text="none",
        help="Share of the reviews held out to validate on, each label in its proportion. Without "
        "any, the last epoch's table is kept.",
    )
    batch_size: int = param(
        0,
        minimum=0,
        maximum=65536,
        unit="reviews",
        special=0,
        special_text="automatic",
        help="Reviews in one step of the optimiser; 0: 128, or fewer in a small corpus, so that an "
        "epoch has a hundred steps.",
    )
    learning_rate: float = param(
        0.002,
        minimum=1e-6,
        maximum=10,
        help="Step size of Adam (Kingma and Ba 2014). A larger one learns faster and overfits "
        "sooner.",
    )
    threads: int = param(
        0,
        minimum=0,
        maximum=1024,
        special=0,
        special_text="all cores but one",
        advanced=True,
        help="Threads of the arithmetic; 0: all cores but one. Another number may change the last "
        "digits of the table.",
    )


@dataclass(frozen=True, slots=True)
class Layer:
    """One line of a layer summary. shape: of its output, None for the size of the batch."""

    name: str
    shape: tuple[int | None, ...]
    parameters: int


@dataclass(frozen=True, slots=True)
class Summary:
    """The layers of a model in order."""

    layers: tuple[Layer, ...]

    @property
    def total(self) -> int:
        """Parameters of all layers."""
        return sum(layer.parameters for layer in self.layers)

    def as_text(self) -> str:
        """The layers as aligned lines, in the manner of Keras: name, output shape, parameters."""
        rows = [("layer", "output shape", "parameters")]
        rows += [(layer.name, shape_text(layer), f"{layer.parameters:,}") for layer in self.layers]
        rows.append(("total", "", f"{self.total:,}"))
        first, second, third = (max(map(len, column)) for column in zip(*rows, strict=True))
        return "\n".join(
            f"{name:<{first}}  {shape:<{second}}  {count:>{third}}" for name, shape, count in rows
        )


def shape_text(layer: Layer) -> str:
    """The output shape as one would write it: "(batch, 500, 32)"."""
    sizes = ", ".join("batch" if size is None else f"{size:,}" for size in layer.shape)
    return f"({sizes})"


Loss = Callable[..., "tuple[torch.Tensor, torch.Tensor | None]"]
Step = Callable[["list[torch.Tensor]", float], tuple[float, int | None]]


@dataclass(frozen=True, eq=False)
class Task:
    """One training made ready for the loop.

    model: its parameters are what is trained; `train()` and `eval()` switch its dropout.
    training, held_out: tensors of equal first dimension, one entry an example. Slices of them
        are what `loss` is called with.
    loss: the tensors of a batch -> (mean loss, a scalar; number of right answers, or None where
        there is no right and wrong). The loop validates with it, and learns from its gradient.
    table: a Table of copies of the weights as they are now; called several times a second.
    step: for a task that knows its gradient: (the tensors of a batch, the share of the training
        done, in [0, 1)) -> what `loss` returns, as numbers, and the weights moved. None: autograd
        and Adam.
    """

    model: torch.nn.Module
    training: tuple[torch.Tensor, ...]
    held_out: tuple[torch.Tensor, ...]
    loss: Loss
    table: Callable[[], Table]
    summary: Summary
    rows: int
    step: Step | None = None


class Prepare(Protocol):
    """See Objective.prepare."""

    def __call__(self, texts: LabelledTexts, params: Any, *, seed: int, report: Report) -> Task: ...


@dataclass(frozen=True, eq=False)
class Objective:
    """One thing to train a table for.

    name: the word in flags and manifests ("sentiment"). title: the word in menus.
    summary: one sentence on what the table learns.
    params: the frozen Params class, derived from TrainingParams.
    prepare: (texts, params, seed, report) -> Task. Draws all chance from `seed`, never from
        torch's global generator. Raises InputError, ParameterError.
    """

    name: str
    title: str
    summary: str
    params: type[TrainingParams]
    prepare: Prepare
    order: int = 50


@cache
def objectives() -> dict[str, Objective]:
    """Every objective by name."""
    return discover(__name__, "OBJECTIVE")
