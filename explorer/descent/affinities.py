"""How much each row wants each of its neighbours (van der Maaten and Hinton 2008, section 2)."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from explorer.progress import Progress, Report, part, silent
from explorer.vectors import F32

F64 = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]

# Distances weighed between two checkpoints: about a tenth of a second.
_AT_ONCE = 500_000
_WISHES_AT_ONCE = 2_000_000
_MOST_STEPS = 100
_CLOSE_ENOUGH = 1e-5  # nats


def joint_affinities(
    neighbors: Rows, distances: F32, perplexity: float, report: Report = silent
) -> Any:
    """The joint probabilities p_ij: scipy CSR (n, n), float32, symmetric, of sum one.

    neighbors, distances: (n, k) as `graph.knn_graph` gives them. perplexity: at most k.
    """
    import scipy.sparse

    n, k = neighbors.shape
    wanted = conditional_affinities(distances, perplexity, part(report, 0.0, 0.7))
    wanted /= np.float32(2 * n)
    starts = np.arange(0, n * k + 1, k, dtype=np.int32 if n * k < 2**30 else np.int64)
    columns = neighbors.astype(np.int32).reshape(-1)
    directed = scipy.sparse.csr_matrix((wanted.reshape(-1), columns, starts), shape=(n, n))
    return _both_ways(directed, max(1, _WISHES_AT_ONCE // k), part(report, 0.7, 1.0))


def _both_ways(directed: Any, size: int, report: Report) -> Any:
    """The matrix and its transpose together, made of so many rows at once."""
    import scipy.sparse

    blocks = [slice(start, start + size) for start in range(0, directed.shape[0], size)]
    turned = []
    for done, rows in enumerate(blocks):
        report(Progress(done, 2 * len(blocks), "Joining neighbours"))
        turned.append(directed[rows].T.tocsr())
    joined = []
    for done, rows in enumerate(blocks, len(blocks)):
        report(Progress(done, 2 * len(blocks), "Joining neighbours"))
        wishes = directed[rows]
        wishes.sort_indices()
        joined.append(wishes + scipy.sparse.hstack([t[rows] for t in turned], "csr"))
    return _stacked(joined, report)


def _stacked(blocks: list[Any], report: Report) -> Any:
    """Blocks of rows as one matrix, array by array, as each takes a moment."""
    import scipy.sparse

    arrays = []
    for name in ("data", "indices"):
        report(Progress(1, 1, "Joining neighbours"))
        arrays.append(np.concatenate([getattr(block, name) for block in blocks]))
    lengths = np.concatenate([np.diff(block.indptr) for block in blocks])
    starts = np.concatenate([[0], np.cumsum(lengths)]).astype(arrays[1].dtype)
    report(Progress(1, 1, "Joining neighbours"))
    shape = len(lengths), blocks[0].shape[1]
    return scipy.sparse.csr_matrix((*arrays, starts), shape=shape)


def conditional_affinities(distances: F32, perplexity: float, report: Report = silent) -> F32:
    """p_j|i: a Gaussian over the neighbours of each row, as wide as the perplexity asks.

    distances: (n, k), not negative. Returns float32 (n, k), rows of sum one. Where all distances
    of a row are equal no width gives the perplexity, and its neighbours count the same.
    """
    weights = np.empty(distances.shape, dtype=np.float32)
    size = max(1, _AT_ONCE // max(1, distances.shape[1]))
    for start in range(0, len(distances), size):
        report(Progress(start, len(distances), "Weighing neighbours"))
        block = distances[start : start + size].astype(np.float64)
        weights[start : start + size] = _gaussian(block, np.log(perplexity))
    return weights


def _gaussian(distances: F64, entropy: float) -> F64:
    """Rows exp(-beta d^2) of sum one and of this entropy (nats): Newton's steps in log beta,
    halved intervals where they would leave what is known."""
    squares = distances**2
    squares -= squares.min(axis=1, keepdims=True)
    means = squares.mean(axis=1)
    squares /= np.where(means > 0, means, 1)[:, None]
    low, high = np.full(len(squares), -30.0), np.full(len(squares), 60.0)
    place = np.zeros(len(squares))
    for _ in range(_MOST_STEPS):
        weights, excess, slope = _entropy(squares, np.exp(place), entropy)
        if (np.abs(excess) < _CLOSE_ENOUGH).all():
            break
        low, high = np.where(excess > 0, place, low), np.where(excess > 0, high, place)
        with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
            newton = place - excess / slope
        inside = (newton > low) & (newton < high)
        place = np.where(inside, newton, (low + high) / 2)
        if (high - low).max() < _CLOSE_ENOUGH:
            break
    return weights


def _entropy(squares: F64, beta: F64, wanted: float) -> tuple[F64, F64, F64]:
    """Weights (n, k), their entropy less the wanted one (n,), and its slope in log beta (n,)."""
    weights = np.exp(-beta[:, None] * squares)
    total = weights.sum(axis=1)
    weights /= total[:, None]
    mean = np.einsum("ij,ij->i", weights, squares)
    spread = np.einsum("ij,ij,ij->i", weights, squares, squares) - mean**2
    return weights, np.log(total) + beta * mean - wanted, -(beta**2) * spread
