"""The backward of a lookup: a gradient for the rows that were looked up, and for no other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from explorer import arguments
from explorer.embedding.gather import Matrix
from explorer.embedding.ids import Ids, as_ids, check_range
from explorer.errors import ParameterError
from explorer.signatures import checked


@dataclass(frozen=True, eq=False)
class SparseGradient:
    """The gradient of a (rows, dim) matrix that is zero but in a few rows.

    rows: int64 (touched,), rising; no row twice. values: (touched, dim). repeats: int64 (touched,),
    how often each row was looked up. shape: of the matrix.
    It is what torch calls a coalesced sparse COO tensor, TensorFlow IndexedSlices.
    """

    rows: Ids
    values: Matrix
    repeats: Ids
    shape: tuple[int, int]

    @property
    def norms(self) -> npt.NDArray[np.float64]:
        """Euclidean norm of every touched row's gradient, float64 (touched,)."""
        return np.asarray(np.linalg.norm(self.values.astype(np.float64), axis=1))

    def dense(self) -> Matrix:
        """The whole (rows, dim) matrix, nearly all of it zeros."""
        whole = np.zeros(self.shape, self.values.dtype)
        whole[self.rows] = self.values
        return whole


@checked
def lookup_gradient(
    upstream: npt.ArrayLike,
    ids: Any,
    *,
    rows: int,
    padding_idx: int | None = None,
    scale_grad_by_freq: bool = False,
) -> SparseGradient:
    """The gradient of a matrix of `rows` rows, given that of what was looked up in it.

    upstream: (ids' shape + (dim,)), float32 or float64, which the values keep; sums are float64.
    ids: of any shape. A row looked up several times gets the sum; padding_idx gets none.
    scale_grad_by_freq: the mean over the repeats in place of their sum, as torch has it.
    Raises IdsError, ParameterError where the shapes do not belong together.
    """
    wanted, gradient = as_ids(ids), arguments.numbers("gradient", upstream)
    check_range(wanted, rows)
    if gradient.shape[:-1] != wanted.shape or gradient.ndim != wanted.ndim + 1:
        raise ParameterError(
            f"A gradient of shape {gradient.shape} is not that of ids of shape {wanted.shape}.",
            "It has one vector for every id.",
        )
    flat, vectors = wanted.ravel(), gradient.reshape(-1, gradient.shape[-1])
    if padding_idx is not None:
        padding_idx = arguments.whole("padding index", padding_idx)
        flat, vectors = flat[flat != padding_idx], vectors[flat != padding_idx]
    return _summed(flat, vectors, rows, mean=scale_grad_by_freq)


def _summed(ids: Ids, vectors: npt.NDArray[Any], rows: int, *, mean: bool) -> SparseGradient:
    order = np.argsort(ids, kind="stable")
    touched, starts, repeats = np.unique(ids[order], return_index=True, return_counts=True)
    shape = (rows, vectors.shape[1])
    if not len(touched):
        return SparseGradient(touched, np.empty((0, shape[1]), vectors.dtype), repeats, shape)
    sums = np.add.reduceat(vectors[order].astype(np.float64), starts, axis=0)
    if mean:
        sums /= repeats[:, None]
    return SparseGradient(touched, sums.astype(vectors.dtype), repeats.astype(np.int64), shape)
