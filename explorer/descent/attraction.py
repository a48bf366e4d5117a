"""The pull of neighbours: sum over j of p_ij q_ij (y_i - y_j), with q_ij = 1 / (1 + |y_i - y_j|^2).

With w_ij = p_ij q_ij it is the product of a sparse matrix with the places, y_i sum_j w_ij -
sum_j w_ij y_j. The product costs a fourth of what finding the weights does, and the weights change
slowly: they may be kept for a few steps while the places move.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from torch import Tensor

# Pairs at once: five buffers of them stay in a core's own cache.
_PAIRS = 1 << 16
# The least normal number of single precision: an affinity of 0 adds nothing.
_TINY = 1.2e-38


class Attraction:
    """The pull of the joint probabilities `affinities`, scipy CSR (n, n) of sum one."""

    def __init__(self, affinities: Any) -> None:
        import torch

        lengths = np.diff(affinities.indptr)
        self._p = torch.from_numpy(affinities.data.astype(np.float32, copy=False))
        self._mass = float(self._p.numpy().sum(dtype=np.float64))
        self._columns = torch.from_numpy(affinities.indices)
        self._rows = torch.from_numpy(np.repeat(np.arange(len(lengths), dtype=np.int32), lengths))
        self._weights = torch.empty_like(self._p)
        self._matrix = _sparse(affinities.indptr, self._columns, self._weights)
        self._ones = torch.ones(len(lengths))
        self._sums = torch.zeros(len(lengths), 1)
        self._buffers = [torch.empty(_PAIRS) for _ in range(3)]

    @property
    def pairs(self) -> int:
        """Pairs of neighbours, each counted twice."""
        return len(self._p)

    def refresh(self, x: Tensor, y: Tensor) -> None:
        """Finds the weights for these places, float32 (n,) each."""
        import torch

        for pairs, squares in self._squares(x, y):
            torch.div(self._p[pairs], squares, out=self._weights[pairs])
        torch.mv(self._matrix, self._ones, out=self._sums[:, 0])

    def force(self, places: Tensor) -> Tensor:
        """The gradient's attractive half, float32 (n, 2), with the weights as last found."""
        return self._sums * places - self._matrix @ places

    def divergence(self, x: Tensor, y: Tensor, normalisation: float) -> float:
        """The Kullback-Leibler divergence (nats) at these places. normalisation: sum of all q."""
        total = 0.0
        for pairs, squares in self._squares(x, y):
            p = self._p[pairs]
            ratio = squares.mul_(p).clamp_(min=_TINY).log_()
            total += float((ratio.mul_(p)).double().numpy().sum())
        return total + self._mass * float(np.log(normalisation))

    def _squares(self, x: Tensor, y: Tensor) -> Iterator[tuple[slice, Tensor]]:
        """1 + squared distances of pairs, block by block, in a buffer that is used again."""
        import torch

        for start in range(0, self.pairs, _PAIRS):
            pairs = slice(start, min(self.pairs, start + _PAIRS))
            rows, columns = self._rows[pairs], self._columns[pairs]
            one, other, squares = (buffer[: len(rows)] for buffer in self._buffers)
            squares.fill_(1)
            for axis in (x, y):
                torch.index_select(axis, 0, rows, out=one)
                torch.index_select(axis, 0, columns, out=other)
                one.sub_(other)
                squares.addcmul_(one, one)
            yield pairs, squares


def _sparse(starts: Any, columns: Tensor, weights: Tensor) -> Tensor:
    """A torch CSR matrix that shares its weights with the caller."""
    import torch

    with warnings.catch_warnings():  # torch calls the format a beta
        warnings.filterwarnings("ignore", "Sparse CSR", UserWarning)
        n = len(starts) - 1
        pointers = torch.from_numpy(starts.astype(np.int32, copy=False))
        return torch.sparse_csr_tensor(
            pointers, columns, weights, size=(n, n), check_invariants=False
        )
