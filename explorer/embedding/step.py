"""One step of training by the rows that were looked up: the smallest honest example of it.

The ids along the last axis are an example, whose vector is the mean of its rows, padding left out,
as in the text classifiers of the tutorials. Three objectives make a loss of it:

    "logistic"  mean over examples of log(1 + exp(-mean · target)): every example is to be a yes to
                the question `target`, by default the direction in which all coordinates are equal
    "squared"   mean over examples of half the squared distance to `target`, by default zero
    "sum"       the sum of all numbers looked up: a row's gradient is ones, times how often it was

Then each touched row moves against its gradient: plain stochastic gradient descent. The table
itself is not changed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from explorer import arguments
from explorer.embedding.code import Coded, Line
from explorer.embedding.gather import Matrices, gathered
from explorer.embedding.gradients import lookup_gradient
from explorer.embedding.ids import Ids, as_ids
from explorer.embedding.norms import shortened
from explorer.errors import ParameterError
from explorer.signatures import checked
from explorer.vectors import F32

F64 = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Step(Coded):
    """One step of training, for the rows that it touches; all other rows have no gradient.

    rows: int64 (touched,), rising. repeats: int64 (touched,), how often each was looked up.
    gradient: float32 (touched, dim); norms: float64 (touched,), Euclidean, of the gradient.
    before: float32 (touched, dim), as the table has them; after: as the step leaves them. Where
    max_norm shortens a row, as torch does before the step, the difference is not the step's alone.
    loss, loss_after: of the same ids, before and after. untouched: how many rows got no gradient.
    lines: the step in PyTorch and TensorFlow, to be run after those of the lookup.
    """

    rows: Ids
    gradient: F32
    repeats: Ids
    norms: F64
    before: F32
    after: F32
    loss: float
    loss_after: float
    untouched: int
    learning_rate: float
    objective: str
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, eq=False)
class _Examples:
    """Looked up ids as examples. ids: (examples, slots); real: the same, False for padding;
    place: of each real slot's row among the touched ones."""

    ids: Ids
    real: npt.NDArray[np.bool_]
    touched: Ids
    place: Ids

    @staticmethod
    def of(ids: Ids, padding_idx: int | None) -> _Examples:
        table = ids.reshape(-1, ids.shape[-1] if ids.ndim else 1)
        real = np.ones(table.shape, np.bool_) if padding_idx is None else table != padding_idx
        touched, place = np.unique(table[real], return_inverse=True)
        return _Examples(table, real, touched, place)

    @property
    def counts(self) -> Ids:
        return np.asarray(self.real.sum(axis=1, dtype=np.int64))

    def means(self, rows: F64) -> F64:
        """(examples, dim) from the touched rows (touched, dim); zero where all is padding."""
        vectors = np.zeros((*self.ids.shape, rows.shape[1]))
        vectors[self.real] = rows[self.place]
        return np.asarray(vectors.sum(axis=1) / np.maximum(1, self.counts)[:, None])

    def upstream(self, of_means: F64) -> F64:
        """(examples, slots, dim): the gradient of each slot, from that of the means."""
        each = of_means / np.maximum(1, self.counts)[:, None]
        return np.where(self.real[..., None], each[:, None, :], 0.0)


# (means (examples, dim), ids in each, target) -> (loss, its gradient by the means)
Objective = Callable[[F64, Ids, F64], tuple[float, F64]]


def _logistic(means: F64, counts: Ids, target: F64) -> tuple[float, F64]:
    scores = means @ target
    loss = np.logaddexp(0.0, -scores).mean()
    with np.errstate(over="ignore"):
        slope = -1.0 / (1.0 + np.exp(scores)) / len(scores)
    return float(loss), slope[:, None] * target


def _squared(means: F64, counts: Ids, target: F64) -> tuple[float, F64]:
    away = means - target
    return float(np.square(away).sum(axis=1).mean() / 2), away / len(away)


def _sum(means: F64, counts: Ids, target: F64) -> tuple[float, F64]:
    weight = counts[:, None].astype(np.float64)
    return float((means * weight).sum()), np.broadcast_to(weight, means.shape)


OBJECTIVES: dict[str, Objective] = {"logistic": _logistic, "squared": _squared, "sum": _sum}


@checked
def take_step(
    params: Matrices,
    ids: Any,
    *,
    rows: int,
    learning_rate: float = 0.1,
    objective: str = "logistic",
    target: npt.ArrayLike | None = None,
    padding_idx: int | None = None,
    max_norm: float | None = None,
    norm_type: float = 2.0,
    scale_grad_by_freq: bool = False,
) -> Step:
    """One step of training by `ids` (any shape) in a table of `rows` rows.

    Nothing flows through the scaling of max_norm, which torch does before the step; padding_idx
    gets no gradient. The gradient equals that of torch's autograd, sums are float64.
    Raises IdsError; ParameterError for no ids at all, a target of another length, and a learning
    rate that is not above zero.
    """
    wanted = as_ids(ids)
    _check(wanted, objective, learning_rate)
    examples = _Examples.of(wanted, padding_idx)
    before = gathered(params, examples.touched)
    wide = shortened(before, max_norm, norm_type).astype(np.float64)
    goal = _target(target, objective, before.shape[1])
    with np.errstate(all="ignore"):  # tables hold NaN, infinity and numbers near the end of float64
        loss, of_means = OBJECTIVES[objective](examples.means(wide), examples.counts, goal)
        gradient = lookup_gradient(
            examples.upstream(of_means),
            examples.ids,
            rows=rows,
            padding_idx=padding_idx,
            scale_grad_by_freq=scale_grad_by_freq,
        )
        after = wide - learning_rate * gradient.values
        again = shortened(after, max_norm, norm_type)
        loss_after, _ = OBJECTIVES[objective](examples.means(again), examples.counts, goal)
        return Step(
            rows=gradient.rows,
            gradient=gradient.values.astype(np.float32),
            repeats=gradient.repeats,
            norms=gradient.norms,
            before=before.astype(np.float32),
            after=after.astype(np.float32),
            loss=loss,
            loss_after=loss_after,
            untouched=rows - len(gradient.rows),
            learning_rate=learning_rate,
            objective=objective,
        )


def _check(ids: Ids, objective: str, learning_rate: float) -> None:
    if not ids.size:
        raise ParameterError("There is nothing to learn from: no id was looked up.")
    if objective not in OBJECTIVES:
        raise ParameterError(
            f"There is no objective {objective!r}.", f"There are: {', '.join(OBJECTIVES)}."
        )
    if not 0 < learning_rate < np.inf:
        raise ParameterError(
            f"The learning rate cannot be {learning_rate:g}.", "It is a number above 0."
        )


def _target(target: npt.ArrayLike | None, objective: str, dim: int) -> F64:
    if target is not None and objective == "sum":
        raise ParameterError("The sum has no target.", "Choose another objective, or no target.")
    if target is None:
        return np.full(dim, dim**-0.5 if objective == "logistic" and dim else 0.0)
    goal = arguments.numbers("target", target).astype(np.float64)
    if goal.shape != (dim,):
        raise ParameterError(f"The target has shape {goal.shape}, and rows have {dim} numbers.")
    return goal
