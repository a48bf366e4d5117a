"""Bags: several ids an example, looked up and combined into one vector, forward and backward.

`embedding_lookup_sparse` of TensorFlow, `torch.nn.functional.embedding_bag` of PyTorch. With
weights w (1 where none are given) an example is

    "sum"    Σ w e            "mean"   Σ w e / Σ w            "sqrtn"  Σ w e / sqrt(Σ w²)

An example without ids is a vector of zeros and gives no row a gradient; so is one whose divisor is
zero.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from explorer import arguments
from explorer.embedding.gather import Matrices, Matrix, embedding_lookup, row_count
from explorer.embedding.gradients import SparseGradient, lookup_gradient
from explorer.embedding.ids import Ids, IdsError, array_of, as_ids, out_of_range
from explorer.errors import ParameterError
from explorer.signatures import checked

COMBINERS = ("sum", "mean", "sqrtn")


@dataclass(frozen=True, eq=False)
class Bags:
    """Ids of several examples in one list.

    ids: int64 (total,). starts: int64 (examples + 1,), where each example begins and the last ends.
    shares: float64 (total,), what each row counts in its example's vector.
    """

    ids: Ids
    starts: Ids
    shares: npt.NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.starts) - 1

    @property
    def example(self) -> Ids:
        """The example of each id, int64 (total,)."""
        return np.repeat(np.arange(len(self)), np.diff(self.starts))

    @staticmethod
    def of(
        ids: Any, weights: Any = None, combiner: str = "mean", padding_idx: int | None = None
    ) -> Bags:
        """Bags from one list of ids an example (an array of two dimensions too), and weights in the
        same lists. Ids equal to padding_idx are left out. Raises IdsError, ParameterError."""
        if arguments.text("combiner", combiner) not in COMBINERS:
            raise ParameterError(
                f"There is no combiner {combiner!r}.", f"There are: {', '.join(COMBINERS)}."
            )
        if padding_idx is not None:
            padding_idx = arguments.whole("padding index", padding_idx)
        lists = _lists(ids)
        weighed = _weights(weights, lists)
        if padding_idx is not None:
            weighed = [w[one != padding_idx] for one, w in zip(lists, weighed, strict=True)]
            lists = [one[one != padding_idx] for one in lists]
        starts = np.cumsum([0, *(len(one) for one in lists)], dtype=np.int64)
        flat = np.concatenate([np.empty(0, np.int64), *lists])
        shares = [np.empty(0), *(_shares(weight, combiner) for weight in weighed)]
        return Bags(flat, starts, np.concatenate(shares))


def embedding_lookup_sparse(
    params: Matrices,
    ids: Any,
    weights: Any = None,
    combiner: str = "mean",
    *,
    partition_strategy: str = "mod",
    max_norm: float | None = None,
    norm_type: float = 2.0,
    padding_idx: int | None = None,
) -> Matrix:
    """One vector an example, (examples, dim): the rows of its ids, weighed and combined.

    ids: one list of ids an example; the lists may have any lengths. weights: finite numbers in the
    same lists, or None for 1 each. combiner: "sum", "mean" or "sqrtn". The others are those of
    embedding_lookup; ids equal to padding_idx are left out.
    The dtype is that of the rows; sums are float64. Raises IdsError, ParameterError.
    """
    bags = Bags.of(ids, weights, combiner, padding_idx)
    try:
        rows = embedding_lookup(params, bags.ids, partition_strategy, max_norm, norm_type)
    except IdsError:
        check_bags(ids, row_count(params))  # tells the place in the lists
        raise
    combined = np.zeros((len(bags), rows.shape[1]))
    filled = np.diff(bags.starts) > 0
    with np.errstate(over="ignore", invalid="ignore"):  # a weight may be beyond the rows' dtype
        if filled.any():
            weighed = rows.astype(np.float64) * bags.shares[:, None]
            combined[filled] = np.add.reduceat(weighed, bags.starts[:-1][filled], axis=0)
        return combined.astype(rows.dtype)


@checked
def bag_gradient(
    upstream: npt.ArrayLike,
    ids: Any,
    weights: Any = None,
    combiner: str = "mean",
    *,
    rows: int,
    padding_idx: int | None = None,
    scale_grad_by_freq: bool = False,
) -> SparseGradient:
    """The backward of embedding_lookup_sparse: the gradient of a matrix of `rows` rows.

    upstream: (examples, dim), the gradient of the combined vectors. Only rows in a bag are touched,
    those in several bags or several times in one get the sum. As in torch, nothing flows through
    the scaling of max_norm.
    """
    bags = Bags.of(ids, weights, combiner, padding_idx)
    gradient = arguments.numbers("gradient", upstream)
    if gradient.ndim != 2 or len(gradient) != len(bags):
        raise ParameterError(
            f"A gradient of shape {gradient.shape} is not that of {len(bags):,} examples."
        )
    with np.errstate(over="ignore", invalid="ignore"):
        each = gradient[bags.example] * bags.shares[:, None].astype(gradient.dtype)
    try:
        return lookup_gradient(each, bags.ids, rows=rows, scale_grad_by_freq=scale_grad_by_freq)
    except IdsError:
        check_bags(ids, rows)
        raise


def check_bags(ids: Any, rows: int) -> None:
    """Raises IdsError for the first id outside 0..rows-1: the id, its place, such as [1][0] for the
    first of the second example, and the range."""
    bags = Bags.of(ids)
    outside = np.flatnonzero((bags.ids < 0) | (bags.ids >= rows))
    if len(outside):
        at = int(outside[0])
        example = int(np.searchsorted(bags.starts, at, side="right")) - 1
        place = (example, at - int(bags.starts[example]))
        raise out_of_range(int(bags.ids[at]), place, rows)


@checked
def parse_weights(text: str) -> list[Any]:
    """Weights in the lists of their bags, such as `[[0.5, 2], [], [1]]`; numbers without lists are
    those of one example. That they fit the ids is seen when they are used.

    Raises ParameterError where they cannot be read."""
    inside = text.strip()
    try:
        read = json.loads(inside if inside.startswith("[") else f"[{inside}]")
    except (ValueError, RecursionError):
        hint = "Write them as in [[0.5, 2], [], [1]]."
        raise ParameterError("The weights are no lists of numbers.", hint) from None
    return read if any(isinstance(one, list) for one in read) or not read else [read]


def _lists(ids: Any) -> list[Ids]:
    """One int64 array an example."""
    if isinstance(ids, np.ma.MaskedArray):
        ids = as_ids(ids)  # refuses masked ones, which asarray would take for what lies under them
    elif hasattr(ids, "__array__"):
        ids = array_of(ids)
    if isinstance(ids, str) or not _is_listed(ids):
        raise IdsError("Bags are lists of ids, one an example, as in [[2, 3], [], [1]].")
    lists = []
    for number, example in enumerate(ids):
        one = as_ids(example)
        if one.ndim != 1:
            what = "is an id" if one.ndim == 0 else "holds lists"
            raise IdsError(
                f"[{number}] {what}, and an example is one list of ids.",
                "Write bags as in [[2, 3], [], [1]].",
                place=(number,),
            )
        lists.append(one)
    return lists


def _is_listed(values: Any) -> bool:
    """Whether there are values one by one: a sequence, or an array that is no single number."""
    return isinstance(values, Sequence) or (isinstance(values, np.ndarray) and values.ndim > 0)


def _weights(weights: Any, lists: Sequence[Ids]) -> list[npt.NDArray[np.float64]]:
    if weights is None:
        return [np.ones(len(one)) for one in lists]
    if not _is_listed(weights) or len(weights) != len(lists):
        raise ParameterError(
            f"There are {len(lists)} examples, and not as many lists of weights.",
            "Give one list of weights an example.",
        )
    return [
        _weights_of(number, *pair) for number, pair in enumerate(zip(weights, lists, strict=True))
    ]


def _weights_of(number: int, given: Any, ids: Ids) -> npt.NDArray[np.float64]:
    try:
        weights = np.asarray(given, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        raise ParameterError(f"The weights of example [{number}] are not numbers.") from None
    if weights.shape != ids.shape:
        have = f"{weights.size} weight" + "s" * (weights.size != 1)
        have = have if weights.ndim == 1 else f"weights {weights.shape}"
        wanted = f"{len(ids)} id" + "s" * (len(ids) != 1)
        raise ParameterError(f"[{number}] has {have} for {wanted}.", "Give one for each id.")
    if not np.isfinite(weights).all():
        raise ParameterError(f"The weights of example [{number}] are not all finite.")
    return weights


def _shares(weights: npt.NDArray[np.float64], combiner: str) -> npt.NDArray[np.float64]:
    if combiner == "sum":
        return weights
    largest = np.abs(weights).max(initial=0.0)
    scaled = weights / (largest or 1.0)  # neither the sum nor a square overflows or vanishes
    divisor = scaled.sum() if combiner == "mean" else np.sqrt(np.square(scaled).sum())
    return np.asarray(scaled / divisor if divisor else np.zeros_like(weights))
