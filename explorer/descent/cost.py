"""What a descent is expected to take, from a short timing of its parts on this machine."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np

from explorer.descent.attraction import Attraction
from explorer.descent.repulsion import Repulsion, grid_bytes, nodes_for
from explorer.descent.steps import WEIGHTS_KEPT
from explorer.graph import knn_graph
from explorer.parallel import torch_threads

# Rows and neighbours of the timing.
_ROWS, _NEAR = 4000, 30
# Neighbours of a row once the wish of either side counts, measured on word vectors.
_BOTH_WAYS = 1.6
# Share of a map's final extent that is usual in a run, measured.
_AVERAGE = 0.6
# Seconds per row and step of Barnes-Hut in three dimensions, beside one of attraction, measured.
_TREE = 2.0e-5


@dataclass(frozen=True)
class Run:
    """width: numbers per row of which neighbours are found. neighbors: of each row."""

    rows: int
    width: int
    neighbors: float
    iterations: int
    dims: int

    @property
    def pairs(self) -> float:
        return _BOTH_WAYS * self.neighbors * self.rows

    @property
    def nodes(self) -> int:
        """Nodes per axis of a grid of average size."""
        return nodes_for(_AVERAGE * _extent(self.rows))


def _extent(rows: int) -> float:
    """How wide a map of so many rows ends, about: 160 at 10,000 rows, 260 at 50,000."""
    return float(10 * rows**0.3)


@dataclass(frozen=True)
class _Speed:
    """Seconds: per pair of a refresh and of a step, per point of the grid and node of it, and per
    pair of rows and number compared in the search."""

    refresh: float
    step: float
    node: float
    point: float
    compare: float


def expected_seconds(run: Run, threads: int) -> float:
    """Seconds of the search for neighbours and of all steps, on this machine."""
    speed = _speed(threads)
    search = speed.compare * run.rows**2 * (run.width + _ROWS / 100)
    if run.dims > 2:
        step = run.pairs * speed.refresh + run.rows * math.log2(run.rows + 1) / 13 * _TREE
        return search + run.iterations * step
    grid = run.nodes**2 * math.log2(run.nodes) * speed.node + run.rows * speed.point
    pull = run.pairs * (speed.refresh / WEIGHTS_KEPT + speed.step)
    return search + run.iterations * (pull + grid)


def expected_bytes(run: Run) -> int:
    """Bytes at the most: while the affinities are made, or in the descent with its grid."""
    made = run.pairs * 30
    descended = run.pairs * 16 + grid_bytes(nodes_for(_extent(run.rows)))
    return int(max(made, descended) + run.rows * (8 * run.width + 120))


@cache
def _speed(threads: int) -> _Speed:
    """Measured once in a process, in about half a second."""
    import scipy.sparse
    import torch

    rng = np.random.default_rng(0)
    points = rng.normal(size=(_ROWS, 50)).astype(np.float32)
    near = rng.integers(_ROWS, size=_ROWS * _NEAR, dtype=np.int32)
    starts = np.arange(0, len(near) + 1, _NEAR, dtype=np.int32)
    data = np.full(len(near), 1 / len(near), dtype=np.float32)
    attraction = Attraction(scipy.sparse.csr_matrix((data, near, starts), shape=(_ROWS, _ROWS)))
    repulsion, wide = Repulsion(), Repulsion()
    places = torch.from_numpy(points[:, :2] * 10)
    x, y = places.T.contiguous()
    with torch_threads(threads):
        grid = _seconds(lambda: repulsion.refresh(x / 50, y / 50))
        large = _seconds(lambda: wide.refresh(x * 2, y * 2))
        read = _seconds(lambda: repulsion.force(x / 50, y / 50))
        refresh = _seconds(lambda: attraction.refresh(x, y))
        step = _seconds(lambda: attraction.force(places))
    search = _seconds(lambda: knn_graph(points, _NEAR), times=1)
    nodes = wide.nodes
    return _Speed(
        refresh=refresh / len(near),
        step=step / len(near),
        node=max(0.0, large - grid) / (nodes**2 * math.log2(nodes)),
        point=(grid + read) / _ROWS,
        compare=search / (_ROWS**2 * (50 + _ROWS / 100)),
    )


def _seconds(work: Callable[[], object], times: int = 3) -> float:
    """The shortest of some runs, after one that warms up."""
    if times > 1:
        work()
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        work()
        taken.append(time.perf_counter() - begun)
    return min(taken)
