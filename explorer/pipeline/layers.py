"""A lookup taken apart: what an embedding layer does with a table of the user's, step by step."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from explorer import expressions, lookups
from explorer.embedding import code, one_hot, shards, step
from explorer.embedding.code import Line
from explorer.embedding.gather import gathered
from explorer.embedding.ids import Ids, as_ids, check_range
from explorer.embedding.norms import check_norm, p_norms, shortened
from explorer.embedding.one_hot import OneHotCost
from explorer.embedding.step import Step
from explorer.embedding.train_code import Training, train_lines
from explorer.errors import ParameterError
from explorer.expressions import Context
from explorer.lookups import Lookup
from explorer.pipeline.written_out import written_out
from explorer.progress import Progress, Report, silent
from explorer.table import Table

Floats = npt.NDArray[np.floating[Any]]

_MOST_NUMBERS = 2**27  # looked up at once: 512 MiB of float32
_MOST_MULTIPLICATIONS = 2 * 10**9  # for the one-hot product: about a second


@dataclass(frozen=True, eq=False)
class LayerRun(code.Coded):
    """One lookup and all its steps.

    text, pieces: what was typed and how it was cut; "" and None where ids were given.
    ids: int64, any shape. shard, place: int64 of that shape, where each row lies.
    before: ids' shape + (dim,), the rows as the table has them. result: the same after padding
        (zeros) and max_norm.
    one_hot: what the same costs as a matrix product; None where it was not asked for.
    rows, dim: of the table. shards, strategy, padding_idx, max_norm, norm_type: as asked for.
    """

    text: str
    pieces: Lookup | None
    ids: Ids
    shard: Ids
    place: Ids
    before: Floats
    result: Floats
    one_hot: OneHotCost | None
    rows: int
    dim: int
    shards: int
    strategy: str
    padding_idx: int | None
    max_norm: float | None
    norm_type: float

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """Every step in PyTorch and TensorFlow."""
        return code.lookup_lines(self.wanted)

    @property
    def wanted(self) -> code.Wanted:
        """What the lines of code are about."""
        return code.Wanted(
            self.ids,
            self.rows,
            self.dim,
            self.shards,
            self.strategy,
            self.padding_idx,
            self.max_norm,
            self.norm_type,
        )

    def line(self, of_step: str) -> Line | None:
        """The line of a step ("ids", "shards", "one-hot", ...), or None where there is none."""
        return next((line for line in self.lines if line.step == of_step), None)

    @cached_property
    def norms_before(self) -> npt.NDArray[np.float64]:
        """norm_type-norm of every row as the table has it, float64 of the ids' shape."""
        return p_norms(self.before, self.norm_type)

    @cached_property
    def norms(self) -> npt.NDArray[np.float64]:
        """norm_type-norm of every row of the result, float64 of the ids' shape."""
        return p_norms(self.result, self.norm_type)

    @property
    def padded(self) -> npt.NDArray[np.bool_]:
        """Which ids are padding; the mask that a layer hands on is the opposite."""
        if self.padding_idx is None:
            return np.zeros(self.ids.shape, np.bool_)
        return np.equal(self.ids, self.padding_idx)


def look_into(
    table: Table,
    ids_or_text: Any,
    *,
    shards: int = 1,
    strategy: str = "mod",
    max_norm: float | None = None,
    norm_type: float = 2.0,
    padding_idx: int | None = None,
    one_hot: bool = True,
    report: Report = silent,
) -> LayerRun:
    """What an embedding layer with this table does with ids of any shape, or with a typed text.

    A text is cut into pieces as by `lookup`, and their rows are the ids, int64 (pieces,); pieces
    without a row are left out of them. Ids as text: `embedding.parse_ids`.
    max_norm, norm_type, padding_idx: as of torch.nn.Embedding; the table is not written to.
    one_hot: whether to measure the same lookup as a matrix product.
    Raises IdsError, ParameterError, InputError for a broken tokenizer, Cancelled.
    """
    text = ids_or_text if isinstance(ids_or_text, str) else ""
    pieces = lookups.lookup(table, ids_or_text) if isinstance(ids_or_text, str) else None
    ids = as_ids(np.array(pieces.rows, np.int64) if pieces else ids_or_text)
    _check(table, ids, shards, strategy, padding_idx)
    check_norm(max_norm, norm_type)
    report(Progress(0, 1, "Looking up"))
    wanted = code.Wanted(
        ids, len(table), table.dim, shards, strategy, padding_idx, max_norm, norm_type
    )
    before = gathered(table, ids)
    return LayerRun(
        text=text,
        pieces=pieces,
        ids=ids,
        **_places(wanted),
        before=before,
        result=_result(before, wanted),
        one_hot=_cost(table, ids, report) if one_hot else None,
        rows=len(table),
        dim=table.dim,
        shards=shards,
        strategy=strategy,
        padding_idx=padding_idx,
        max_norm=max_norm,
        norm_type=norm_type,
    )


def training_step(
    table: Table,
    run: LayerRun,
    *,
    learning_rate: float = 0.1,
    objective: str = "logistic",
    target: str | npt.ArrayLike | None = None,
    scale_grad_by_freq: bool = False,
    report: Report = silent,
) -> Step:
    """One step of training by what was looked up; the table is not changed.

    objective: "logistic", "squared" or "sum"; see embedding.step. target: what they ask for, a
    vector (dim,) or an expression such as `"good" - "bad"`; None for their own.
    Raises ParameterError where no id was looked up, ExpressionError."""
    name = formula = ""
    if isinstance(target, str):
        found = expressions.evaluate(target, Context.of(table))
        name, formula, target = target, written_out(table, target, found), found.values
    report(Progress(0, 1, "One training step"))
    taken = step.take_step(
        table,
        run.ids,
        rows=len(table),
        learning_rate=learning_rate,
        objective=objective,
        target=target,
        padding_idx=run.padding_idx,
        max_norm=run.max_norm,
        norm_type=run.norm_type,
        scale_grad_by_freq=scale_grad_by_freq,
    )
    training = Training(
        learning_rate,
        objective,
        own_target=target is not None,
        target_name=name,
        target_formula=formula,
        scale_grad_by_freq=scale_grad_by_freq,
    )
    return replace(taken, lines=train_lines(run.wanted, training))


def _check(table: Table, ids: Ids, count: int, strategy: str, padding_idx: int | None) -> None:
    shards.check_sharing(count, strategy)
    check_range(ids, len(table))
    if padding_idx is not None and not 0 <= padding_idx < len(table):
        raise ParameterError(
            f"The padding index {padding_idx:,} is no row.",
            f"The rows are 0 to {len(table) - 1:,}.",
        )
    if ids.size * table.dim > _MOST_NUMBERS:
        raise ParameterError(
            f"{ids.size:,} ids are {ids.size * table.dim:,} numbers, too many to show.",
            f"Look up no more than {_MOST_NUMBERS // table.dim:,} ids.",
        )


def _places(wanted: code.Wanted) -> dict[str, Ids]:
    sharing = (wanted.ids, wanted.rows, wanted.shards, wanted.strategy)
    return {"shard": shards.shard_of(*sharing), "place": shards.place_of(*sharing)}


def _result(before: Floats, wanted: code.Wanted) -> Floats:
    result = shortened(before, wanted.max_norm, wanted.norm_type)
    if wanted.padding_idx is None or not (padded := wanted.ids == wanted.padding_idx).any():
        return result
    result = result.copy()
    result[padded] = 0
    return result


def _cost(table: Table, ids: Ids, report: Report) -> OneHotCost:
    return one_hot.one_hot_lookup(table, ids, most=_MOST_MULTIPLICATIONS, report=report).cost
