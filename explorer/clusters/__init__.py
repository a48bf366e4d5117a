"""Clusters of rows: found on the vectors or on a map, ordered by size, named by their tokens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from explorer.clusters.density import NONE, hdbscan
from explorer.clusters.kmeans import kmeans_centres
from explorer.clusters.naming import name_clusters, sums_of
from explorer.errors import ParameterError
from explorer.params import Params, param
from explorer.preparation import Prepared, parse_steps, prepare
from explorer.progress import Progress, Report, part, silent
from explorer.table import Column, Table, numbered_tokens
from explorer.vectors import F32, Vectors

__all__ = ["METHODS", "ClusterParams", "Clusters", "HdbscanParams", "KMeansParams", "cluster"]

Labels = npt.NDArray[np.int32]
Rows = npt.NDArray[np.int64]

SPACES = ("unit", "raw", "map")
_LARGEST = 1e15  # of a norm: sums of squares of many such rows are still float32
_PLACES = {
    "unit": "unit-length vectors",
    "raw": "vectors as stored",
    "map": "coordinates of the map",
}


@dataclass(frozen=True)
class ClusterParams(Params):
    """What rows are compared by."""

    space: str = param(
        "unit",
        choices=SPACES,
        help=(
            "unit: vectors scaled to length one, whose distances rank as cosine does. raw: vectors "
            "as stored. map: the dots, so that what is seen as a group is one."
        ),
    )


@dataclass(frozen=True)
class KMeansParams(ClusterParams):
    """k-means: every row belongs to the nearest of so many centres."""

    clusters: int = param(
        12, minimum=2, maximum=200, help="How many clusters; every row is in one of them."
    )


@dataclass(frozen=True)
class HdbscanParams(ClusterParams):
    """HDBSCAN: dense groups of any shape; rows between them are in none."""

    min_cluster_size: int = param(
        15, minimum=2, maximum=100_000, unit="rows", help="A smaller group is no cluster."
    )
    min_samples: int = param(
        5,
        minimum=1,
        maximum=1000,
        unit="rows",
        help="Rows around a row, itself included, that make its place dense: more of them, "
        "fewer and safer clusters.",
    )
    selection: str = param(
        "eom",
        choices=("eom", "leaf"),
        advanced=True,
        help="eom: the groups that last longest as density grows. leaf: the smallest ones.",
    )


METHODS: dict[str, type[ClusterParams]] = {"k-means": KMeansParams, "hdbscan": HdbscanParams}


@dataclass(frozen=True, eq=False)
class Clusters:
    """Which rows lie together. Clusters are numbered from the largest on; equals by first row.

    labels: int32 (rows,), -1 for rows in none. names: one a cluster, all different.
    sizes: rows of each. centres: float32 (clusters, dim), means of what was compared.
    typical: int64 rows of each that speak for it, best first, the first named it.
    method: "k-means", "mini-batch k-means" or "HDBSCAN". params, seed: as given.
    preprocessing: what was compared, in words.
    """

    labels: Labels
    names: tuple[str, ...]
    sizes: tuple[int, ...]
    centres: F32
    typical: tuple[Rows, ...]
    method: str
    params: ClusterParams
    seed: int
    preprocessing: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        self.labels.flags.writeable = False
        self.centres.flags.writeable = False

    def __len__(self) -> int:
        return len(self.names)

    @property
    def verdict(self) -> str:
        """What came of it, in one line."""
        number = len(self)
        parts = [
            f"{number:,} {'cluster' if number == 1 else 'clusters'}" if number else "no cluster"
        ]
        if without := len(self.labels) - sum(self.sizes):
            parts.append(f"{without:,} {'row' if without == 1 else 'rows'} in none")
        return " · ".join(parts)

    @property
    def description(self) -> str:
        """Method and what it compared, in one line."""
        return f"{self.method} on the {'; '.join(self.preprocessing)}"

    def column(self, name: str = "cluster") -> Column:
        """The name of each row's cluster, "" for rows in none; to colour by and to export."""
        names = np.array([*self.names, ""], dtype=object)
        return Column(name, names[self.labels], self.description)

    def as_dict(self) -> dict[str, Any]:
        """What makes the clusters again, ready for JSON."""
        return {
            "method": self.method,
            "params": self.params.as_dict(),
            "seed": self.seed,
            "preprocessing": list(self.preprocessing),
        }


def cluster(
    table: Table,
    params: ClusterParams,
    *,
    coordinates: npt.NDArray[np.floating[Any]] | None = None,
    seed: int = 0,
    report: Report = silent,
) -> Clusters:
    """Clusters of the rows of a table.

    params: KMeansParams or HdbscanParams. coordinates: float (rows, 2 or 3) of a map, NaN for rows
    without a place; needed for the space "map".
    Rows with NaN or infinite numbers are in none, nor are zero rows in the space "unit", which have
    no direction. Names are made from the table's unit-length vectors, wherever the clusters are.
    The same seed gives the same clusters.
    Raises ParameterError where "map" is asked for without one, where fewer than two rows are left,
    or where numbers as stored are too large for distances (norms above 1e15).
    """
    points = _points(table, params.space, coordinates)
    found, method, words = _WAYS[type(params)](points, params, seed, part(report, 0, 0.9))
    labels = np.full(len(table), NONE, dtype=np.int32)
    labels[points.rows] = _by_size(found)
    names, typical = name_clusters(table, labels, part(report, 0.9, 1))
    report(Progress(1, 1, "Clusters found"))
    return Clusters(
        labels=labels,
        names=names,
        sizes=tuple(np.bincount(labels[labels >= 0], minlength=len(names)).tolist()),
        centres=_means(points, labels, len(names)),
        typical=typical,
        method=method,
        params=params,
        seed=seed,
        preprocessing=tuple(word for word in (_PLACES[params.space], words) if word),
    )


def _points(
    table: Table, space: str, coordinates: npt.NDArray[np.floating[Any]] | None
) -> Prepared:
    """What is compared, only the rows that can be."""
    whole = table
    if space == "map":
        whole = _as_table(table, coordinates)
    sound = whole.vectors.finite_float32
    if space == "unit":
        sound = sound & (whole.vectors.norms > 0)
    rows = np.flatnonzero(sound)
    if len(rows) < 2:
        raise ParameterError(
            "Fewer than two rows can be compared, so there is nothing to cluster.",
            "Choose another space, or another table.",
        )
    if space != "unit" and whole.vectors.norms[rows].max() > _LARGEST:
        raise ParameterError(
            "The table holds numbers too large for distances between its rows.",
            "Compare the rows at unit length.",
        )
    return replace(prepare(whole, parse_steps("unit" if space == "unit" else "none")), rows=rows)


def _as_table(table: Table, coordinates: npt.NDArray[np.floating[Any]] | None) -> Table:
    if coordinates is None:
        raise ParameterError(
            "There is no map to find clusters on.", "Make one, or use the vectors."
        )
    if len(coordinates) != len(table):
        raise ParameterError(
            f"The map has {len(coordinates):,} rows and the table {len(table):,}.",
            "Use a map of this table.",
        )
    places = Vectors(np.asarray(coordinates, dtype=np.float32))
    return Table(numbered_tokens(len(table)), places)


# Clusters of the points in no order, the method's name, and further words.
_Found = tuple[Labels, str, str]


def _by_centres(points: Prepared, params: KMeansParams, seed: int, report: Report) -> _Found:
    centres, method = kmeans_centres(points, params.clusters, seed, part(report, 0, 0.9))
    return _nearest(points, centres, part(report, 0.9, 1)), method, ""


def _by_density(points: Prepared, params: HdbscanParams, seed: int, report: Report) -> _Found:
    size, core = params.min_cluster_size, params.min_samples
    labels, words = hdbscan(points, size, core, params.selection, seed, report)
    return labels, "HDBSCAN", words


_WAYS: dict[type[ClusterParams], Callable[..., _Found]] = {
    KMeansParams: _by_centres,
    HdbscanParams: _by_density,
}


def _nearest(points: Prepared, centres: F32, report: Report) -> Labels:
    """The nearest centre of every point, int32 (len(points),)."""
    labels = np.empty(len(points), dtype=np.int32)
    squares = np.einsum("ij,ij->i", centres, centres)
    for start, block in points.blocks():
        report(Progress(start, len(points), "Giving each row its centre"))
        labels[start : start + len(block)] = (squares - 2 * block @ centres.T).argmin(axis=1)
    return labels


def _by_size(labels: Labels) -> Labels:
    """The same clusters, numbered from the largest on, without empty ones."""
    kept, first, sizes = np.unique(labels, return_index=True, return_counts=True)
    real = kept != NONE
    kept, first, sizes = kept[real], first[real], sizes[real]
    order = np.lexsort((first, -sizes))
    number = np.full(labels.max(initial=-1) + 2, NONE, dtype=np.int32)  # the last is for "none"
    number[kept[order]] = np.arange(len(kept))
    renumbered: Labels = number[labels]
    return renumbered


def _means(points: Prepared, labels: Labels, count: int) -> F32:
    """float32 (count, dim)."""
    sizes = np.bincount(labels[labels >= 0], minlength=count)
    means: F32 = (sums_of(points, labels, count) / sizes[:, None]).astype(np.float32)
    return means
