"""How far a map may be believed: whose neighbours it kept, overall and for every row.

Trustworthiness asks whether rows that lie near on the map are near in the table, continuity whether
rows that are near in the table lie near on the map (Venna and Kaski 2001, Neighborhood Preservation
in Nonlinear Projection Methods); both weigh each wrong neighbour by how far down the other space's
list it stands. Neighbours kept is the share of the nearest k that are the nearest k in the other
space (Lee and Verleysen 2009, doi:10.1016/j.neucom.2008.12.017).

Ranks are exact: those of a row's few neighbours among all other rows, counted row by row. Equal
distances share the best rank of them, so that equal rows, which no map can put in the right order,
cost nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from explorer.errors import ParameterError
from explorer.metrics import DISTANCES
from explorer.parallel import cores, over_blocks
from explorer.progress import Report, silent
from explorer.ranks import BoundedRow, MapSpace, Order, PlaneNeighbours, TableSpace, unfit
from explorer.table import Table
from explorer.vectors import F32

Rows = npt.NDArray[np.int64]

KS = (10, 30, 100)

EXACT_ROWS = 20_000
_SAMPLE = 2000
_LEAST_SAMPLE = 500
# Pairs of a sampled row and another that are ranked at most: 2,000 rows up to 200,000.
_SAMPLED_PAIRS = 400_000_000
# Distances from a block of rows to all others: float64, 32 MiB in each thread. Where the table is
# read anew for each block, blocks are larger: 512 MiB in all threads together.
_DISTANCES = 2**22
_STREAMED = 2**26
_BLOCK = 512
# A block's rows compared with their neighbours on two maps at once.
_PAIRED = 4096


@dataclass(frozen=True, eq=False)
class Quality:
    """How well a map keeps the neighbourhoods of a table. Immutable.

    ks: sizes of the neighbourhoods, ascending. trustworthiness, continuity, kept: for each k, over
        all rows counted, in [0, 1]; the first two are 1 where no neighbour is wrong, and what is
        left of 1 for a random map is about a half of it.
    kept_rows: float32 (len(ks), rows of the table): share of its neighbours that each row kept;
        NaN for rows that are not on the map, or not in the sample.
    metric: of the table's space, "cosine" or "euclidean"; on the map distances are Euclidean.
    rows: rows compared with each other. sampled: how many of them the numbers are the mean of; 0
        where they are of all. seed: of that sample.
    notes: what was done differently from what was asked for, in words.
    """

    ks: tuple[int, ...]
    trustworthiness: tuple[float, ...]
    continuity: tuple[float, ...]
    kept: tuple[float, ...]
    kept_rows: F32
    metric: str
    rows: int
    sampled: int = 0
    seed: int = 0
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        self.kept_rows.flags.writeable = False

    def at(self, k: int) -> int:
        """Place of a neighbourhood size in `ks`; ParameterError where it was not measured."""
        if k not in self.ks:
            raise ParameterError(
                f"The map was not measured at {k} neighbours.",
                f"It was at {', '.join(map(str, self.ks))}.",
            )
        return self.ks.index(k)

    def verdict(self, k: int | None = None) -> str:
        """The three numbers in one line, at the smallest k measured or the one asked for."""
        place = 0 if k is None else self.at(k)
        how = f", {self.sampled:,} rows sampled" if self.sampled else ""
        return (
            f"neighbours kept {100 * self.kept[place]:.0f} % · "
            f"trustworthiness {self.trustworthiness[place]:.2f} · "
            f"continuity {self.continuity[place]:.2f} "
            f"at k = {self.ks[place]} ({self.metric}{how})"
        )

    def as_dict(self) -> dict[str, Any]:
        """What a manifest keeps: all but the rows, numbers to six places."""
        measured = zip(self.ks, self.trustworthiness, self.continuity, self.kept, strict=True)
        return {
            "metric": self.metric,
            "rows": self.rows,
            "sampled": self.sampled,
            "seed": self.seed,
            "notes": list(self.notes),
            "at": [
                {
                    "k": k,
                    "trustworthiness": round(trustworthiness, 6),
                    "continuity": round(continuity, 6),
                    "kept": round(kept, 6),
                }
                for k, trustworthiness, continuity, kept in measured
            ],
        }


def measure(
    table: Table,
    coordinates: npt.NDArray[np.floating[Any]],
    *,
    ks: Sequence[int] = KS,
    metric: str = "cosine",
    seed: int = 0,
    report: Report = silent,
) -> Quality:
    """How well a map keeps the neighbourhoods of the table it was made from.

    coordinates: float (rows of the table, 2 or 3), NaN in rows that are not on the map. metric: of
    the table's space, "cosine" or "euclidean". Up to 20,000 rows every row counts; beyond, a
    sample of them drawn with `seed`, against all rows.
    Left out are rows without a place, with NaN or infinite numbers, and zero rows under cosine.
    Trustworthiness is defined for k below half the rows; a larger k is lowered, and `notes` say so.
    Raises ParameterError for fewer than 3 such rows, another shape, metric or a k below 1.
    """
    rows = _comparable(table, coordinates, metric)
    if len(rows) < 3:
        raise ParameterError(
            f"{_counted(len(rows))} on the map and can be compared.", "At least 3 are needed."
        )
    used, notes = _sizes(ks, len(rows))
    places = _sampled(len(rows), seed)
    space, drawn = TableSpace(table.vectors, rows, metric), MapSpace(coordinates[rows])
    counts = np.empty((2, len(places), used[-1]), dtype=np.int64)

    def block(start: int, stop: int) -> None:
        _rank(space, drawn, places[start:stop], counts[:, start:stop])

    held = _STREAMED // cores() if space.streamed else _DISTANCES
    size = max(1, min(_BLOCK, held // len(rows)))
    over_blocks(len(places), size, block, report, "Comparing neighbours")
    return _summed(table, rows[places], len(rows), counts, used, metric, seed, notes)


def lowered(
    table: Table,
    coordinates: npt.NDArray[np.floating[Any]],
    ks: Sequence[int] = KS,
    metric: str = "cosine",
) -> tuple[str, ...]:
    """The notes that `measure` will have, without measuring. Raises ParameterError as it does."""
    return _sizes(ks, len(_comparable(table, coordinates, metric)))[1]


def _rank(space: TableSpace, drawn: MapSpace, places: Rows, ranks: Rows) -> None:
    """Fills in ranks (2, places, k): of the k neighbours on the map in the table, nearest first,
    and of the k neighbours in the table on the map."""
    k = ranks.shape[2]
    for at, (place, distances) in enumerate(zip(places, space.distances(places), strict=True)):
        shown_distances = drawn.distances(place)
        true, shown = Order(distances, place), Order(shown_distances, place)
        near, shown_near = true.nearest(k), shown.nearest(k)
        within = space.rounding(place, shown_near)
        ranks[0, at] = true.ranks(distances.take(shown_near), within)
        ranks[1, at] = shown.ranks(shown_distances.take(near))


def _summed(
    table: Table,
    measured: Rows,
    rows: int,
    counts: Rows,
    ks: tuple[int, ...],
    metric: str,
    seed: int,
    notes: tuple[str, ...],
) -> Quality:
    """counts: ranks (2, rows measured, k) of map neighbours in the table, and the reverse."""
    in_table, on_map = counts
    kept = np.full((len(ks), len(table)), np.nan, dtype=np.float32)
    for place, k in enumerate(ks):
        kept[place, measured] = (in_table[:, :k] <= k).mean(axis=1)
    sampled = len(measured) if len(measured) < rows else 0
    return Quality(
        ks=ks,
        trustworthiness=tuple(_unpenalised(in_table[:, :k], rows) for k in ks),
        continuity=tuple(_unpenalised(on_map[:, :k], rows) for k in ks),
        kept=tuple(float((in_table[:, :k] <= k).mean()) for k in ks),
        kept_rows=kept,
        metric=metric,
        rows=rows,
        sampled=sampled,
        seed=seed if sampled else 0,
        notes=notes,
    )


def _unpenalised(ranks: Rows, rows: int) -> float:
    """1 less the penalty of the ranks (measured, k) beyond k, scaled so that the worst is 1."""
    measured, k = len(ranks), int(ranks.shape[1])
    penalty = float(np.maximum(ranks - k, 0).sum())
    return 1.0 - penalty / (0.5 * measured * k * (2 * rows - 3 * k - 1))


def _counted(rows: int) -> str:
    return {0: "No row is", 1: "Only 1 row is"}.get(rows, f"Only {rows} rows are")


def _sizes(ks: Sequence[int], rows: int) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """The sizes as they can be measured, ascending and each once, and what was changed."""
    if not ks or min(ks) < 1:
        raise ParameterError("A neighbourhood has at least one row.", "Choose k from 1 on.")
    most = (rows - 1) // 2
    used = tuple(sorted({min(k, most) for k in ks}))
    if max(ks) <= most:
        return used, ()
    lowered = ", ".join(str(k) for k in sorted(set(ks)) if k > most)
    return used, (f"k = {lowered} lowered to {most}: there are {rows:,} rows to compare.",)


def _sampled(rows: int, seed: int) -> Rows:
    """Places of the rows that are measured, ascending."""
    if rows <= EXACT_ROWS:
        return np.arange(rows)
    size = max(_LEAST_SAMPLE, min(_SAMPLE, _SAMPLED_PAIRS // rows))
    return np.sort(np.random.default_rng(seed).choice(rows, size, replace=False))


def _comparable(table: Table, coordinates: npt.NDArray[np.floating[Any]], metric: str) -> Rows:
    """Rows that have a place on the map and one in the table's space, ascending."""
    if metric not in DISTANCES:
        raise ParameterError(
            f"Maps are not measured by the metric {metric!r}.",
            f"Choose one of: {', '.join(DISTANCES)}.",
        )
    _check_coordinates(coordinates, len(table))
    return np.flatnonzero(np.isfinite(coordinates).all(axis=1) & ~unfit(table.vectors, metric))


def _check_coordinates(coordinates: npt.NDArray[np.floating[Any]], rows: int) -> None:
    if coordinates.ndim != 2 or len(coordinates) != rows or coordinates.shape[1] not in (1, 2, 3):
        raise ParameterError(
            f"Coordinates of the shape {coordinates.shape} are no map of {rows:,} rows.",
            "Give one row of 2 or 3 numbers for every row of the table.",
        )


# --- one row ------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Believed:
    """What the map says of one row's neighbours, and what is so.

    true_rows: int64 (k,), its nearest in the table, nearest first; map_ranks: where each of them
        stands among its neighbours on the map, from 1.
    map_rows: int64 (k,), its nearest on the map; true_ranks: where those stand in the table.
    metric: of the table's space.
    """

    row: int
    metric: str
    true_rows: Rows
    map_ranks: Rows
    map_rows: Rows
    true_ranks: Rows

    @property
    def k(self) -> int:
        return len(self.true_rows)

    @property
    def kept(self) -> float:
        """Share of the map's neighbours that are true ones, in [0, 1]."""
        return float((self.true_ranks <= self.k).mean())

    @property
    def missing(self) -> Rows:
        """True neighbours that are none on the map, the one drawn farthest off first."""
        place = np.flatnonzero(self.map_ranks > self.k)
        return self.true_rows[place[np.argsort(-self.map_ranks[place], kind="stable")]]

    @property
    def false(self) -> Rows:
        """Neighbours on the map that are no true ones, nearest on the map first."""
        return self.map_rows[self.true_ranks > self.k]


def believe(
    table: Table,
    coordinates: npt.NDArray[np.floating[Any]],
    row: int,
    k: int = 10,
    *,
    metric: str = "cosine",
) -> Believed:
    """How far one row's place on the map may be believed; quick enough for a click.

    coordinates and metric: as for `measure`. A k of half the rows or more is lowered.
    Raises NotFoundError for a row that is not there, ParameterError for one that has no place on
    the map or none in the table's space, or has no other beside it, and as `measure` does.
    """
    table.check_row(row)
    rows = _comparable(table, coordinates, metric)
    own = int(np.searchsorted(rows, row))
    if own == len(rows) or rows[own] != row:
        raise ParameterError(
            f"Row {row:,} ({table.tokens[row]!r}) is not on the map, or has no direction.",
            "Choose another row.",
        )
    if len(rows) < 2:
        raise ParameterError(
            f"Row {row:,} ({table.tokens[row]!r}) is the only one on the map.",
            "Make a map of more rows.",
        )
    (k,), _ = _sizes([k], max(3, len(rows)))
    bounded = BoundedRow(table.vectors, rows, own, metric)
    distances = MapSpace(coordinates[rows]).distances(own)
    shown = Order(distances, own)
    true, near = bounded.nearest(k), shown.nearest(k)
    return Believed(
        row, metric, rows[true], shown.ranks(distances.take(true)), rows[near], bounded.ranks(near)
    )


# --- two maps ------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Agreement:
    """How far two maps of the same rows tell the same neighbours.

    jaccard: float32 (rows,): neighbours on both maps over neighbours on either, in [0, 1]; NaN for
    rows that are not on both. mean: over the others, NaN where there are none. k: neighbours.
    """

    k: int
    jaccard: F32
    mean: float

    def __post_init__(self) -> None:
        self.jaccard.flags.writeable = False


def agreement(
    first: npt.NDArray[np.floating[Any]],
    second: npt.NDArray[np.floating[Any]],
    k: int = 10,
    report: Report = silent,
) -> Agreement:
    """Which rows have the same `k` nearest rows on both maps (Jaccard index of the two sets).

    first, second: float (rows, 2 or 3), NaN in rows that are not on the map. Exact at any size: a
    k-d tree finds neighbours in the plane. Only rows on both maps are compared.
    Raises ParameterError for maps of different lengths, k < 1, or fewer than k + 1 rows on both.
    """
    _check_coordinates(first, len(first))
    _check_coordinates(second, len(first))
    rows = np.flatnonzero(np.isfinite(first).all(axis=1) & np.isfinite(second).all(axis=1))
    if not 1 <= k < len(rows):
        raise ParameterError(
            f"{len(rows):,} rows on both maps cannot have {k:,} neighbours each.",
            "Choose fewer neighbours, or maps with more rows in common.",
        )
    jaccard = np.full(len(first), np.nan, dtype=np.float32)
    neighbours = [PlaneNeighbours(places[rows], k) for places in (first, second)]

    def block(start: int, stop: int) -> None:
        one, other = (found.of(start, stop) for found in neighbours)
        common = (one[:, :, None] == other[:, None, :]).any(axis=2).sum(axis=1)
        jaccard[rows[start:stop]] = common / (2 * k - common)

    over_blocks(len(rows), _PAIRED, block, report, "Comparing two maps")
    return Agreement(k, jaccard, float(jaccard[rows].mean(dtype=np.float64)))
