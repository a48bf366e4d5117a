"""The graph of nearest neighbours of all rows at once: exact, Euclidean, block by block."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from explorer.errors import ParameterError
from explorer.progress import Progress, Report, silent
from explorer.vectors import F32

Rows = npt.NDArray[np.int64]

# Pairs compared between two checkpoints: about a tenth of a second on two cores.
_PAIRS = 20_000_000


def knn_graph(points: F32, k: int, report: Report = silent) -> tuple[Rows, F32]:
    """The `k` nearest other rows of every row, nearest first.

    points: float32 (n, dim), finite. Returns row numbers int64 (n, k) and Euclidean distances
    float32 (n, k). Equal rows are neighbours at distance 0; a row is never its own neighbour.
    Raises ParameterError unless 1 <= k < n.
    """
    n = len(points)
    if not 1 <= k < n:
        raise ParameterError(
            f"{n:,} rows cannot have {k:,} neighbours each.", f"Choose between 1 and {n - 1:,}."
        )
    from sklearn.neighbors import NearestNeighbors

    index = NearestNeighbors(n_neighbors=k + 1, algorithm="brute").fit(points)
    rows, distances = np.empty((n, k), dtype=np.int64), np.empty((n, k), dtype=np.float32)
    size = max(256, _PAIRS // n)
    for start in range(0, n, size):
        report(Progress(start, n, "Finding neighbours"))
        part = slice(start, start + size)
        lengths, found = index.kneighbors(points[part])
        others = _others(found, start)
        rows[part] = found[others].reshape(-1, k)
        distances[part] = lengths[others].reshape(-1, k)
    return rows, distances


def _others(found: Rows, start: int) -> npt.NDArray[np.bool_]:
    """All places but the row's own; the last one where equal rows have crowded it out."""
    others: npt.NDArray[np.bool_] = found != np.arange(start, start + len(found))[:, None]
    others[others.all(axis=1), -1] = False
    return others
