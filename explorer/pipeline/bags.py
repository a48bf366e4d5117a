"""Bags of ids looked up in a table and combined, with the gradient of the rows they touch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from explorer.embedding import bag_code
from explorer.embedding.bags import Bags, bag_gradient, check_bags, embedding_lookup_sparse
from explorer.embedding.code import Coded, Line
from explorer.embedding.gradients import SparseGradient
from explorer.errors import ParameterError
from explorer.progress import Progress, Report, silent
from explorer.table import Table

_MOST_NUMBERS = 2**27  # looked up at once: 512 MiB of float32


@dataclass(frozen=True, eq=False)
class BagRun(Coded):
    """Examples of several ids each, and the vector of each.

    bags: ids, where each example begins, and what each row counts in its example's vector.
    result: (examples, dim), zeros for an example without ids.
    gradient: of the sum of all numbers of `result`, for the rows that were looked up.
    wanted: what was asked for.
    """

    bags: Bags
    combiner: str
    result: npt.NDArray[np.floating[Any]]
    gradient: SparseGradient
    rows: int
    dim: int
    wanted: bag_code.WantedBags

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """Every step in PyTorch and TensorFlow."""
        return bag_code.bag_lines(self.wanted)


def look_into_bags(
    table: Table,
    ids: Sequence[Sequence[int]],
    weights: Sequence[Sequence[float]] | None = None,
    *,
    combiner: str = "mean",
    max_norm: float | None = None,
    norm_type: float = 2.0,
    padding_idx: int | None = None,
    report: Report = silent,
) -> BagRun:
    """What an embedding layer makes of bags of ids, one list an example: see
    embedding.embedding_lookup_sparse. Ids as text: embedding.parse_bags.

    Raises IdsError, ParameterError, Cancelled."""
    report(Progress(0, 1, "Looking up"))
    bags = Bags.of(ids, weights, combiner, padding_idx)
    check_bags(ids, len(table))  # with padding, which may be no row at all
    if len(bags.ids) * table.dim > _MOST_NUMBERS:
        raise ParameterError(f"{len(bags.ids):,} ids are too many to look up at once.")
    chosen: dict[str, Any] = {"combiner": combiner, "padding_idx": padding_idx}
    norm: dict[str, Any] = {"max_norm": max_norm, "norm_type": norm_type}
    result = embedding_lookup_sparse(table, ids, weights, **chosen, **norm)
    gradient = bag_gradient(np.ones_like(result), ids, weights, **chosen, rows=len(table))
    wanted = bag_code.WantedBags(
        ids, weights, combiner, len(table), table.dim, padding_idx, max_norm, norm_type
    )
    return BagRun(bags, combiner, result, gradient, len(table), table.dim, wanted)
