"""What an embedding layer does: it takes the rows that ids name. Nothing is multiplied."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from explorer.embedding import shards
from explorer.embedding.ids import Ids, array_of, as_ids, check_range
from explorer.embedding.norms import check_norm, shortened
from explorer.errors import ParameterError
from explorer.table import Table
from explorer.vectors import Vectors

Matrix: TypeAlias = npt.NDArray[np.floating[Any]]


class _Arrayed(Protocol):
    def __array__(self) -> npt.NDArray[Any]: ...


# What rows are looked up in: one matrix, or the shards of one.
Matrices: TypeAlias = "Table | Vectors | _Arrayed | Sequence[_Arrayed]"


def embedding_lookup(
    params: Matrices,
    ids: Any,
    partition_strategy: str = "mod",
    max_norm: float | None = None,
    norm_type: float = 2.0,
) -> Matrix:
    """The rows that ids name, in the shape of ids + (dim,).

    params: a table; a float matrix (rows, dim), NumPy's or torch's; or a list of such matrices,
        the shards of one.
    ids: whole numbers in any shape: one, nested lists, an array, a tensor.
    partition_strategy: "mod" or "div", where the rows of several shards lie (embedding.shards).
    max_norm, norm_type: rows whose norm_type-norm is above max_norm are scaled down to it, as by
        torch.nn.functional.embedding, but that torch writes them back; params stays as it is.
    The dtype is that of params (float32 for a table in a narrower one, float64 for such a table).
    Raises IdsError for ragged ids and for ids out of range, naming the place; ParameterError.
    """
    wanted = as_ids(ids)
    check_norm(max_norm, norm_type)
    return shortened(gathered(params, wanted, partition_strategy), max_norm, norm_type)


def gathered(params: Matrices, ids: Ids, partition_strategy: str = "mod") -> Matrix:
    """The rows as they lie in params; see embedding_lookup."""
    shards.check_sharing(1, partition_strategy)
    if (vectors := vectors_of(params)) is not None:
        check_range(ids, len(vectors))
        return vectors.exact(ids)
    parts = matrices(params)
    rows = sum(len(part) for part in parts)
    check_range(ids, rows)
    if len(parts) == 1:
        return np.asarray(parts[0][ids])
    return _from_shards(parts, ids, rows, partition_strategy)


def row_count(params: Matrices) -> int:
    """How many rows params have, in all shards together. Raises ParameterError."""
    vectors = vectors_of(params)
    return sum(map(len, matrices(params))) if vectors is None else len(vectors)


def vectors_of(params: Matrices) -> Vectors | None:
    """The vectors of a table, or themselves; None for matrices of another kind."""
    if isinstance(params, Table):
        return params.vectors
    return params if isinstance(params, Vectors) else None


def matrices(params: Any) -> list[Matrix]:
    """params as one matrix or its shards. Raises ParameterError for anything else."""
    if not hasattr(params, "__array__") and not isinstance(params, Iterable):
        raise ParameterError(
            f"Rows are not looked up in {type(params).__name__}.",
            "Give a table, a float matrix, or a list of such matrices.",
        )
    parts = [_matrix(part) for part in ([params] if hasattr(params, "__array__") else params)]
    if not parts:
        raise ParameterError("There is no shard to look rows up in.")
    shards.check_sizes(parts)
    return parts


def _matrix(part: Any) -> Matrix:
    matrix = array_of(part)
    if matrix.ndim != 2 or matrix.dtype.kind != "f":
        raise ParameterError(
            f"An embedding is a float matrix, not {matrix.dtype} of shape {matrix.shape}."
        )
    return matrix


def _from_shards(parts: list[Matrix], ids: Ids, rows: int, strategy: str) -> Matrix:
    """Every shard is asked once, for all of its rows that are wanted."""
    shard = shards.shard_of(ids, rows, len(parts), strategy)
    place = shards.place_of(ids, rows, len(parts), strategy)
    found = np.empty((*ids.shape, parts[0].shape[1]), np.result_type(*parts))
    for number, part in enumerate(parts):
        asked = shard == number
        found[asked] = part[place[asked]]
    return found
