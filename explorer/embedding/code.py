"""Each step of a lookup as a line of PyTorch and one of TensorFlow that does the same, to copy.

The lines of one language, run in order after `table = ...` (the matrix as a NumPy array), give what
the layer gives here.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from explorer.embedding.ids import Ids


@dataclass(frozen=True)
class Line:
    """step: "setup", "table", "ids", "shards", "place", "one-hot", "padding", "result", "layer" or
    "train". pytorch, tensorflow: a line each, or some that stand one under the other; "" where
    that language needs none. A block may go on over several of them, indented."""

    step: str
    pytorch: str
    tensorflow: str


@dataclass(frozen=True)
class Wanted:
    """What the lines are about. ids: int64 of any shape; rows, dim: of the table."""

    ids: Ids
    rows: int
    dim: int
    shards: int = 1
    strategy: str = "mod"
    padding_idx: int | None = None
    max_norm: float | None = None
    norm_type: float = 2.0


def pytorch(lines: Iterable[Line]) -> str:
    """The lines of PyTorch, one under the other."""
    return "\n".join(line.pytorch for line in lines if line.pytorch)


def tensorflow(lines: Iterable[Line]) -> str:
    """The lines of TensorFlow, one under the other."""
    return "\n".join(line.tensorflow for line in lines if line.tensorflow)


class Coded:
    """What can be done again by lines of code, from `table`, the matrix in NumPy."""

    @property
    def lines(self) -> tuple[Line, ...]:
        """Every step in both languages."""
        raise NotImplementedError

    @property
    def pytorch(self) -> str:
        """The whole in PyTorch, a line a step."""
        return pytorch(self.lines)

    @property
    def tensorflow(self) -> str:
        """The whole in TensorFlow, a line a step."""
        return tensorflow(self.lines)


def lookup_lines(wanted: Wanted) -> tuple[Line, ...]:
    """From the table to what is looked up, step by step."""
    told = f"  # a NumPy array, ({wanted.rows}, {wanted.dim})"
    lines = [
        Line("setup", "import torch, torch.nn.functional as F", "import tensorflow as tf"),
        Line("table", f"weight = torch.tensor(table){told}", f"weight = tf.Variable(table){told}"),
        _ids_line(wanted.ids),
        _shards_line(wanted),
        _place_line(wanted),
        Line(
            "one-hot",
            "product = F.one_hot(ids, len(weight)).to(weight.dtype) @ weight",
            f"one_hot = tf.one_hot(ids, {wanted.rows}, dtype=weight.dtype); "
            "product = tf.tensordot(one_hot, weight, 1)",
        ),
    ]
    if wanted.padding_idx is not None:
        pad = wanted.padding_idx
        zero = f"weight[{pad}].assign(tf.zeros_like(weight[{pad}]))"
        lines.append(Line("padding", f"weight[{pad}] = 0", zero))
    lines += [_result_line(wanted), _layer_line(wanted)]
    return tuple(lines)


def _ids_line(ids: Ids) -> Line:
    written = str(ids.tolist())
    shape = f".reshape({', '.join(map(str, ids.shape))})" if not ids.size else ""
    dtype = ", dtype=torch.long" if not ids.size else ""
    flat = f"tf.constant({written}, dtype=tf.int64)"
    if not ids.size:
        flat = f"tf.reshape({flat}, {list(ids.shape)})"
    return Line("ids", f"ids = torch.tensor({written}{dtype}){shape}", f"ids = {flat}")


def _shards_line(wanted: Wanted) -> Line:
    count = wanted.shards
    if wanted.strategy == "mod":
        line = f"shards = [weight[shard::{count}] for shard in range({count})]"
        return Line("shards", line, line)
    size, longer = divmod(wanted.rows, count)
    sizes = f"[{size + 1}] * {longer} + [{size}] * {count - longer}" if longer else str(count)
    return Line(
        "shards",
        f"shards = torch.tensor_split(weight, {count})",
        f"shards = tf.split(weight, {sizes})",
    )


def _place_line(wanted: Wanted) -> Line:
    if wanted.strategy == "mod":
        line = f"shard, place = ids % {wanted.shards}, ids // {wanted.shards}"
        return Line("place", line, line)
    size, longer = divmod(wanted.rows, wanted.shards)
    if not longer:
        line = f"shard, place = ids // {max(1, size)}, ids % {max(1, size)}"
        return Line("place", line, line)
    second = f"(ids - {longer}) // {max(1, size)}"
    return Line(
        "place",
        f"shard = torch.maximum(ids // {size + 1}, {second}); "
        f"place = ids - shard * {size} - shard.clamp(max={longer})",
        f"shard = tf.maximum(ids // {size + 1}, {second}); "
        f"place = ids - shard * {size} - tf.minimum(shard, {longer})",
    )


def _result_line(wanted: Wanted) -> Line:
    return Line(
        "result",
        f"result = F.embedding(ids, weight{_settings(wanted)})",
        f"result = {_tensorflow_lookup(wanted, 'ids')}"
        if wanted.max_norm is None or wanted.norm_type == 2
        else f"rows = tf.gather(weight, ids); result = {_tensorflow_shortened(wanted)}",
    )


def _layer_line(wanted: Wanted) -> Line:
    return Line(
        "layer",
        f"layer = torch.nn.Embedding.from_pretrained(weight.clone(), freeze=False, sparse=True"
        f"{_settings(wanted)})",
        f"layer = tf.keras.layers.Embedding({wanted.rows}, {wanted.dim}, "
        f"embeddings_initializer=tf.keras.initializers.Constant(weight.numpy())"
        f"{', mask_zero=True' if wanted.padding_idx == 0 else ''})",
    )


def _settings(wanted: Wanted) -> str:
    """The keywords that torch's functional and its layer share, with a comma before each."""
    padding = "" if wanted.padding_idx is None else f", padding_idx={wanted.padding_idx}"
    if wanted.max_norm is None:
        return padding
    norm = "" if wanted.norm_type == 2 else f", norm_type={written_number(wanted.norm_type)}"
    return f"{padding}, max_norm={written_number(wanted.max_norm)}{norm}"


def _tensorflow_lookup(wanted: Wanted, ids: str) -> str:
    norm = "" if wanted.max_norm is None else f", max_norm={written_number(wanted.max_norm)}"
    return f"tf.nn.embedding_lookup(weight, {ids}{norm})"


def _tensorflow_shortened(wanted: Wanted) -> str:
    """TensorFlow's max_norm is by the Euclidean norm only."""
    limit, p = written_number(wanted.max_norm or 0.0), written_number(wanted.norm_type)
    norms = f"tf.norm(rows, ord={p}, axis=-1, keepdims=True)"
    return f"rows * tf.minimum(tf.math.divide_no_nan(tf.constant({limit}, rows.dtype), {norms}), 1)"


def written_number(value: float) -> str:
    return 'float("inf")' if math.isinf(value) else repr(float(value))
