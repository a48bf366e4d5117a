"""HDBSCAN: groups of rows that lie closer together than what is around them; the rest is in none.

Campello, Moulavi and Sander 2013 (doi:10.1007/978-3-642-37456-2_14). scikit-learn's search for the
spanning tree cannot be stopped and takes minutes on vectors, so the tree is grown here (Prim 1957)
and the hierarchy is scikit-learn's, from that tree alone.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from explorer.components import Components, principal_components
from explorer.parallel import one_blas_thread
from explorer.preparation import Prepared
from explorer.progress import Progress, Report, part
from explorer.vectors import F32

Labels = npt.NDArray[np.int32]
Rows = npt.NDArray[np.int64]
Floats = npt.NDArray[np.floating[Any]]

NONE = -1
# Rows of which every pair is compared; the others follow the nearest of them.
MOST_COMPARED = 40_000
_COMPONENTS = 50
# Rows x rows x dimensions above which the vectors are reduced: half a minute on two cores.
_MOST_WORK = 3e10
_REPORTED = 200
_BLOCK = 2048
# A sparse matrix has no zero distances: equal rows are this far apart.
_NO_LENGTH = 1e-30


def hdbscan(
    points: Prepared, smallest: int, core: int, selection: str, seed: int, report: Report
) -> tuple[Labels, str]:
    """Clusters int32 (len(points),) of finite rows, -1 for none, and in words what was done.

    smallest: rows of the smallest group that counts as a cluster. core: rows, itself included,
    within whose distance a row counts as lying in a dense place. selection: "eom" or "leaf".
    """
    drawn = _drawn(len(points), seed)
    some = points if drawn is None else _only(points, drawn)
    found = _reduction(some, part(report, 0, 0.1))
    vectors = _reduced(some.to_numpy(), found)
    words = [] if found is None else [_in_words(found)]
    report(Progress(0.1, 1, "Finding dense places"))
    reach = _core_distances(vectors, core, part(report, 0.1, 0.25))
    tree = spanning_tree(vectors, reach, part(report, 0.25, 0.9))
    report(Progress(0.9, 1, "Cutting the tree"))
    labels = _cut(*tree, smallest, selection)
    if drawn is not None:
        labels = _spread(points, vectors, labels, found, part(report, 0.9, 1))
        words.append(
            f"{len(drawn):,} of {len(points):,} rows drawn at random, "
            "each of the others taken to the cluster of the nearest of them"
        )
    return labels, "; ".join(words)


def _drawn(rows: int, seed: int) -> Rows | None:
    if rows <= MOST_COMPARED:
        return None
    return np.sort(np.random.default_rng(seed).choice(rows, MOST_COMPARED, replace=False))


def _only(points: Prepared, places: Rows) -> Prepared:
    return replace(points, rows=points.table_rows(places))


def _reduction(points: Prepared, report: Report) -> Components | None:
    """The components to be taken for the vectors; None where these are few enough numbers."""
    if points.dim <= _COMPONENTS or float(len(points)) ** 2 * points.dim <= _MOST_WORK:
        return None
    return principal_components(points, _COMPONENTS, report, placed=False)


def _reduced(vectors: F32, found: Components | None) -> Floats:
    """(n, 50 or fewer) about their mean; in float64 where coordinates of a map are meant."""
    if found is not None:
        reduced: F32 = (vectors - found.mean.astype(np.float32)) @ found.directions.T
        return reduced
    wide: Floats = vectors.astype(np.float64) if vectors.shape[1] <= 3 else vectors
    return wide


def _in_words(found: Components) -> str:
    share = 100 * float(found.explained.sum())
    return (
        f"reduced to {len(found.directions)} principal components ({share:.0f} % of the variance)"
    )


def _core_distances(points: Floats, count: int, report: Report) -> Floats:
    """How far each row's `count`-th nearest row is, itself counted: (n,)."""
    from sklearn.neighbors import NearestNeighbors

    count = min(count, len(points))
    index = NearestNeighbors(n_neighbors=count).fit(points)
    far = np.empty(len(points), dtype=points.dtype)
    for start in range(0, len(points), _BLOCK):
        report(Progress(start, len(points), "Finding dense places"))
        with one_blas_thread():
            lengths, _ = index.kneighbors(points[start : start + _BLOCK])
        far[start : start + _BLOCK] = lengths[:, -1]
    return far


def spanning_tree(points: Floats, core: Floats, report: Report) -> tuple[Rows, Floats]:
    """The shortest tree through all points, float (n, dim), by mutual reachability.

    That is the distance of two points, or the core distance (n,) of one of them where it is
    longer. Returns the ends int64 (n - 1, 2) and the lengths (n - 1,) of the edges.
    """
    steps = len(points) - 1
    ends, lengths = np.empty((steps, 2), dtype=np.int64), np.empty(steps, dtype=points.dtype)
    # A product of a tenth of a millisecond is not worth two threads meeting: beside other work it
    # took ten times as long.
    with one_blas_thread():
        frontier = _Frontier(points, core)
        for step in range(steps):
            if step % _REPORTED == 0:  # what is left shrinks, so time goes with the square
                report(Progress(1 - (1 - step / steps) ** 2, 1, "Connecting rows"))
            ends[step], lengths[step] = frontier.take()
    return ends, np.sqrt(np.maximum(lengths, 0))


class _Frontier:
    """The points that are not in the tree yet, each with its shortest way there.

    They fill the first `left` places of every array; the one that is taken gives its place to the
    last. Lengths are squared.
    """

    def __init__(self, points: Floats, core: Floats) -> None:
        self._points = points - points.mean(axis=0)  # near zero, squares lose no digits
        self._squares = np.einsum("ij,ij->i", self._points, self._points)
        self._core = np.square(core)
        self._rows = np.arange(len(points))
        self._nearest = np.zeros(len(points), dtype=np.int64)
        self._lengths = np.full(len(points), np.inf, dtype=points.dtype)
        self._buffer = np.empty(len(points), dtype=points.dtype)
        self._left = len(points)
        self._join(0)

    def take(self) -> tuple[tuple[int, int], float]:
        """The nearest point joins the tree: ((the row it joins, its row), squared length)."""
        place = int(self._lengths[: self._left].argmin())
        edge = int(self._nearest[place]), int(self._rows[place])
        length = float(self._lengths[place])
        self._join(place)
        return edge, length

    def _join(self, place: int) -> None:
        point, square = self._points[place].copy(), self._squares[place]
        core, row = self._core[place], self._rows[place]
        self._fill(place)
        part = slice(self._left)
        lengths = np.dot(self._points[part], point, out=self._buffer[part])
        lengths *= -2
        lengths += self._squares[part]
        lengths += square
        np.maximum(lengths, self._core[part], out=lengths)
        np.maximum(lengths, core, out=lengths)
        np.copyto(self._nearest[part], row, where=lengths < self._lengths[part])
        np.minimum(lengths, self._lengths[part], out=self._lengths[part])

    def _fill(self, place: int) -> None:
        """The last point takes the place of one that has gone."""
        self._left = last = self._left - 1
        for array in (self._points, self._squares, self._core, self._rows):
            array[place] = array[last]
        self._nearest[place], self._lengths[place] = self._nearest[last], self._lengths[last]


def _cut(ends: Rows, lengths: Floats, smallest: int, selection: str) -> Labels:
    """Clusters int32 (n,) from a spanning tree of mutual reachability."""
    from scipy.sparse import coo_array, csr_matrix
    from sklearn.cluster import HDBSCAN

    size = len(ends) + 1
    long = np.maximum(lengths.astype(np.float64), _NO_LENGTH)
    first, second = ends.T
    both = (np.concatenate([first, second]), np.concatenate([second, first]))
    graph = csr_matrix(coo_array((np.concatenate([long, long]), both), shape=(size, size)))
    # With one sample the core distance is the shortest edge, which lengthens none: the tree found
    # in this graph is the graph.
    model = HDBSCAN(
        min_cluster_size=smallest,
        min_samples=1,
        metric="precomputed",
        cluster_selection_method=selection,
        copy=True,
    )
    labels: Labels = model.fit(graph).labels_.astype(np.int32)
    return labels


def _spread(
    points: Prepared, known: Floats, labels: Labels, found: Components | None, report: Report
) -> Labels:
    """Clusters of all rows, each that of the nearest row known."""
    from sklearn.neighbors import NearestNeighbors

    index = NearestNeighbors(n_neighbors=1).fit(known)
    whole = np.empty(len(points), dtype=np.int32)
    for start, block in points.blocks(_BLOCK):
        report(Progress(start, len(points), "Placing the other rows"))
        with one_blas_thread():
            nearest = index.kneighbors(_reduced(block, found), return_distance=False)[:, 0]
        whole[start : start + len(block)] = labels[nearest]
    return whole
