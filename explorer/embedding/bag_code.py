"""The lines of PyTorch and TensorFlow that look bags up and combine them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from explorer.embedding.code import Line, written_number


@dataclass(frozen=True)
class WantedBags:
    """What the lines are about: the arguments of embedding.bags.embedding_lookup_sparse."""

    ids: Sequence[Sequence[int]]
    weights: Sequence[Sequence[float]] | None
    combiner: str
    rows: int
    dim: int
    padding_idx: int | None = None
    max_norm: float | None = None
    norm_type: float = 2.0


def bag_lines(wanted: WantedBags) -> tuple[Line, ...]:
    """From the table to one vector an example, and to the gradient of their sum.

    TensorFlow's leaves weights of zero and below out, knows the Euclidean norm only, and its
    gradient flows through the scaling of max_norm.
    """
    told = f"  # a NumPy array, ({wanted.rows}, {wanted.dim})"
    return (
        Line("setup", "import torch, torch.nn.functional as F", "import tensorflow as tf"),
        Line(
            "table",
            f"weight = torch.tensor(table).requires_grad_(){told}",
            f"weight = tf.Variable(table){told}",
        ),
        *_bags(wanted),
        Line(
            "result",
            f"result = F.embedding_bag(ids, weight, starts{_settings(wanted)})",
            f"with tf.GradientTape() as tape: result = {_tensorflow_result(wanted)}",
        ),
        Line(
            "gradient",
            "result.sum().backward(); gradient = weight.grad",
            "gradient = tape.gradient(result, weight)",
        ),
    )


def _bags(wanted: WantedBags) -> Iterator[Line]:
    lists = [list(one) for one in wanted.ids]
    flat = [row for one in lists for row in one]
    starts = [sum(map(len, lists[:place])) for place in range(len(lists))]
    yield Line(
        "ids",
        f"ids, starts = torch.tensor({flat}, dtype=torch.long), "
        f"torch.tensor({starts}, dtype=torch.long)",
        f"ids = tf.ragged.constant({lists}, dtype=tf.int64, ragged_rank=1).to_sparse()",
    )
    if wanted.padding_idx is not None:
        yield Line("padding", "", f"kept = ids.values != {wanted.padding_idx}")
    if _weighed(wanted):
        yield from _weights(wanted, lists)
    if wanted.padding_idx is not None:
        yield Line("padding", "", "ids = tf.sparse.retain(ids, kept)")


def _weights(wanted: WantedBags, lists: list[list[int]]) -> Iterator[Line]:
    weights = wanted.weights or [[1.0] * len(one) for one in lists]
    given = [[float(weight) for weight in one] for one in weights]
    yield Line(
        "weights",
        f"weights = torch.tensor({[w for one in given for w in one]}, dtype=weight.dtype)",
        f"weights = tf.ragged.constant({given}, weight.dtype, ragged_rank=1).to_sparse()"
        if wanted.weights is not None
        else "",
    )
    if wanted.weights is not None and wanted.padding_idx is not None:
        yield Line("padding", "", "weights = tf.sparse.retain(weights, kept)")
    if wanted.combiner != "sum":
        yield from _shares(wanted, [len(one) for one in lists])


def _shares(wanted: WantedBags, lengths: list[int]) -> Iterator[Line]:
    """torch has weights for sums only: they are divided beforehand."""
    if wanted.padding_idx is not None:
        yield Line("weights", f"weights = weights * (ids != {wanted.padding_idx})", "")
    example = f"torch.repeat_interleave(torch.tensor({lengths}, dtype=torch.long))"
    squared, root = (".square()", ".sqrt()") if wanted.combiner == "sqrtn" else ("", "")
    zeros = f"torch.zeros({len(lengths)}, dtype=weight.dtype)"
    yield Line(
        "weights",
        f"example = {example}; "
        f"divisor = {zeros}.index_add(0, example, weights{squared}){root}; "
        "weights = torch.nan_to_num(weights / divisor[example], 0.0, 0.0, 0.0)",
        "",
    )


def _weighed(wanted: WantedBags) -> bool:
    """Whether torch needs a weight for each id."""
    return wanted.weights is not None or wanted.combiner == "sqrtn"


def _settings(wanted: WantedBags) -> str:
    weighed = ", per_sample_weights=weights" if _weighed(wanted) else ""
    told = f', mode="{"sum" if weighed else wanted.combiner}"{weighed}'
    if wanted.padding_idx is not None:
        told += f", padding_idx={wanted.padding_idx}"
    if wanted.max_norm is not None:
        told += f", max_norm={written_number(wanted.max_norm)}"
        if wanted.norm_type != 2:
            told += f", norm_type={written_number(wanted.norm_type)}"
    return told


def _tensorflow_result(wanted: WantedBags) -> str:
    weights = "weights" if wanted.weights is not None else "None"
    norm = "" if wanted.max_norm is None else f", max_norm={written_number(wanted.max_norm)}"
    return (
        "tf.nn.safe_embedding_lookup_sparse("
        f'weight, ids, {weights}, combiner="{wanted.combiner}"{norm})'
    )
