"""The k-neighbour graph of rows among themselves, from half of their products.

The product of two rows ranks each for the other: what is multiplied is (q, -|q|^2 / 2, 1) and
(b, 1, -|b|^2 / 2), which makes -|q - b|^2 / 2. So every two rows are multiplied once, in tiles that
stay in a core's own cache, and their distance is taken once where it may matter to either.

What may matter is known beforehand: a sample of the rows, evenly over all, tells for each row what
about k products reach. This bar is a guess; whether it was low enough is proved at the end, from
the k-th largest product and the error bound of a dot product (Higham 2002, Accuracy and Stability
of Numerical Algorithms, section 3.1). Rows for which it was not are told, not answered. Distances
of the few that are left are taken from differences, which do not cancel.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from threading import Lock

import numpy as np
import numpy.typing as npt

from explorer.graph.keys import in_table, keys_of, rows_of, sorted_by
from explorer.parallel import over_blocks
from explorer.progress import Report, part
from explorer.vectors import F32

Rows = npt.NDArray[np.int64]
F64 = npt.NDArray[np.float64]

# Rows of a tile at most: their products are 1 MiB. So many tiles are a thread's piece of work.
_TILE = 512
_TILE_STEP = 16
_TILES = 16
# One row of so many is in the sample, of which no more are taken; of them groups have maxima.
_SAMPLED = 16
_SAMPLE = 4096
_GROUP = 8
# How many deviations (of a Poisson count) more rows of the sample reach the bar than k of all let
# expect: one query in a hundred or less finds its bar too high.
_SPARE = 2.5
# Fewer rows are sooner done one by one; more neighbours than one row in so many leave no sieve.
_FEWEST_ROWS = 3072
_ROWS_PER_NEIGHBOUR = 16
# Products held at once (8 bytes each), and numbers that are subtracted at once.
_HELD = 2**24
_NUMBERS = 2**18
_UNREACHED = -1e38  # twice this is a float32 yet, and squares of numbers at hand are far less
_UNIT_ROUNDOFF = 2.0**-24


# Places in the products of a tile of queries (the lesser rows first) with a tile of others, and the
# products there; the first row of the others; whether queries lie along the first axis.
_Piece = tuple[npt.NDArray[np.uint32], F32, int, bool]
# Queries, as places in their tile, rows that may be near, and the products with these.
_Apart = tuple[npt.NDArray[np.uint16], npt.NDArray[np.uint32], F32]


@dataclass(frozen=True, eq=False)
class Found:
    """rows: int64 (n, k), nearest first, equal distances by row number. squares: float32 (n, k),
    their squared distances. open: int64, the rows of which these are not known to be all."""

    rows: Rows
    squares: F32
    open: Rows


def nearest_pairs(points: F32, centre: F32, k: int, report: Report) -> Found | None:
    """The k nearest other rows of each row, or None where another way is better: few rows, many
    neighbours, or so many equal rows that their pairs could not be held.

    points: float32 (n, dim), finite, whose squared distances are, too. centre: float32 (dim,), near
    most of them.
    """
    if len(points) < _FEWEST_ROWS or len(points) < _ROWS_PER_NEIGHBOUR * k:
        return None
    search = _Pairs(points, centre, k)
    if search.room > 2 * _HELD:
        return None
    search.set_bars(part(report, 0.0, 0.15))
    search.multiply(part(report, 0.15, 0.9))
    return None if search.room < 0 else search.found(part(report, 0.9, 1.0))


def squared_distances(base: F32, rows: Rows, queries: F32, places: Rows) -> F32:
    """Of pairs of a row of `base` and one of `queries`, from differences: float32 (pairs,)."""
    squares = np.empty(len(rows), dtype=np.float32)
    size = max(1, _NUMBERS // base.shape[1])
    for start in range(0, len(rows), size):
        some = slice(start, start + size)
        differences = base.take(rows[some], axis=0)
        differences -= queries.take(places[some], axis=0)
        np.einsum("ij,ij->i", differences, differences, out=squares[some])
    return squares


class _Pairs:
    """factors, mirrored: float32 (n rounded up to whole tiles, dim + 2), of which the products are
    half the negative squared distances, and far below these in the rows made up. tile: rows of one.
    bars: what products must reach, (n rounded up,). near: for each tile of queries, piece by piece,
    what may be near. room: how many more products may be held.
    """

    def __init__(self, points: F32, centre: F32, k: int) -> None:
        n, dim = points.shape
        self._points, self._k = points, k
        self._count = -(-n // _TILE)
        self._tile = -(-n // (self._count * _TILE_STEP)) * _TILE_STEP
        self._factors = np.zeros((self._count * self._tile, dim + 2), dtype=np.float32)
        inner = self._factors[:n, :dim]
        np.subtract(points, centre, out=inner)
        self._factors[:, dim] = _UNREACHED
        self._factors[:n, dim] = -0.5 * np.einsum("ij,ij->i", inner, inner)
        self._factors[:, dim + 1] = 1
        self._mirrored = self._factors.copy()
        self._mirrored[:, [dim, dim + 1]] = self._factors[:, [dim + 1, dim]]
        self._bars = np.full(len(self._factors), np.inf, dtype=np.float32)
        self._near: list[list[_Piece]] = [[] for _ in range(self._count)]
        self._lock = Lock()
        self._rank = self._rank_in_sample()
        self.room = int(2 * n * n * self._rank / self._sampled) + _HELD // 16

    # --- the bars -----------------------------------------------------------------------------

    @property
    def _sampled(self) -> int:
        """How many rows are in the sample, a whole number of groups."""
        return min(_SAMPLE, len(self._points) // _SAMPLED) // _GROUP * _GROUP

    def _rank_in_sample(self) -> float:
        """The product of which rank in the sample is the bar."""
        expected = self._k * self._sampled / len(self._points)
        return float(expected + _SPARE * np.sqrt(expected) + 1)

    def set_bars(self, report: Report) -> None:
        places = np.linspace(0, len(self._points) - 1, self._sampled).astype(np.int64)
        sample = self._factors[places]
        # So many groups hold the products down to that rank, if these fall where they will.
        groups = len(sample) // _GROUP
        rank = min(groups, round(groups * -np.expm1(-self._rank / groups)))

        def block(start: int, stop: int) -> None:
            maxima = np.empty((groups, stop - start), dtype=np.float32)
            for first, last in pairwise([*range(0, len(sample), _TILE), len(sample)]):
                products = sample[first:last] @ self._mirrored[start:stop].T
                grouped = products.reshape(_GROUP, -1, stop - start)
                grouped.max(axis=0, out=maxima[first // _GROUP : last // _GROUP])
            tops = np.ascontiguousarray(maxima.T)
            self._bars[start:stop] = np.partition(tops, groups - rank, axis=1)[:, groups - rank]

        over_blocks(len(self._points), _TILE, block, report, "Finding neighbours")

    # --- the pairs ----------------------------------------------------------------------------

    def multiply(self, report: Report) -> None:
        """Finds all pairs of which one reaches the other's bar."""
        pieces = [
            (first, range(start, min(self._count, start + _TILES)))
            for first in range(self._count)
            for start in range(first, self._count, _TILES)
        ]

        def work(start: int, _: int) -> None:
            first, seconds = pieces[start]
            for second in seconds:
                if self.room >= 0:
                    self._multiply(first, second)

        over_blocks(len(pieces), 1, work, report, "Finding neighbours")

    def _rows(self, tile: int) -> slice:
        return slice(tile * self._tile, (tile + 1) * self._tile)

    def _multiply(self, first: int, second: int) -> None:
        ours, theirs = self._rows(first), self._rows(second)
        products = self._factors[ours] @ self._mirrored[theirs].T
        flat = products.reshape(-1)
        if first == second:  # every pair is in it twice, and every row once with itself
            flat[:: self._tile + 1] = -np.inf
            places = np.empty(0, dtype=np.int64)
        else:
            places = np.flatnonzero(products >= self._bars[ours, None])
        others = np.flatnonzero(products >= self._bars[theirs])
        with self._lock:
            self.room -= len(places) + len(others)
        if self.room >= 0:  # what else is to be done with them is done with many at once
            held = places.astype(np.uint32), others.astype(np.uint32)
            self._near[first].append((held[0], flat.take(places), theirs.start, True))
            self._near[second].append((held[1], flat.take(others), ours.start, False))

    # --- what was found -----------------------------------------------------------------------

    def found(self, report: Report) -> Found:
        n, k = len(self._points), self._k
        rows, squares = np.zeros((n, k), dtype=np.int64), np.zeros((n, k), dtype=np.float32)
        known = np.zeros(n, dtype=np.bool_)

        def work(tile: int, _: int) -> None:
            here = slice(tile * self._tile, min(n, (tile + 1) * self._tile))
            queries, others, cut = self._reaching(tile, here)
            far = squared_distances(self._points, others, self._points, queries + here.start)
            keys = keys_of(far) | others.astype(np.uint64)
            best = in_table(keys, queries, len(cut), k, np.iinfo(np.uint64).max)
            best.sort(axis=1)
            rows[here], squares[here] = rows_of(best[:, :k]), sorted_by(best[:, :k])
            known[here] = cut >= self._bars[here]

        over_blocks(self._count, 1, work, report, "Finding neighbours", products=False)
        return Found(rows, squares, np.flatnonzero(~known))

    def _reaching(self, tile: int, here: slice) -> tuple[Rows, Rows, F64]:
        """Pairs of a query of a tile, as its place there, ascending, and a row whose product
        reaches what those of k rows do however they were rounded; and this cut, (queries,)."""
        queries, rows, products = self._collected(tile)
        table = in_table(products, queries, here.stop - here.start, self._k, _UNREACHED)
        place = table.shape[1] - self._k
        kth = np.partition(table, place, axis=1)[:, place].astype(np.float64)
        cut = kth - self._rounding(here, kth)
        reach = np.flatnonzero(products >= cut.astype(np.float32).take(queries))
        return queries.take(reach).astype(np.int64), rows.take(reach).astype(np.int64), cut

    def _collected(self, tile: int) -> _Apart:
        """What may be near the queries of a tile, a query's together."""
        pieces, self._near[tile] = self._near[tile], []
        parts = [self._taken_apart([p for p in pieces if p[3] == along]) for along in (True, False)]
        queries, rows, products = (np.concatenate(both) for both in zip(*parts, strict=True))
        order = np.argsort(queries, kind="stable")
        return queries.take(order), rows.take(order), products.take(order)

    def _taken_apart(self, pieces: list[_Piece]) -> _Apart:
        """The same of pieces that lie alike, in no order."""
        if not pieces:
            return np.empty(0, np.uint16), np.empty(0, np.uint32), np.empty(0, np.float32)
        places = np.concatenate([piece[0] for piece in pieces])
        starts = np.array([piece[2] for piece in pieces], dtype=np.uint32)
        rows = starts.repeat([len(piece[0]) for piece in pieces])
        first = places // np.uint32(self._tile)
        second = places - first * np.uint32(self._tile)
        along = pieces[0][3]
        rows += second if along else first
        queries = (first if along else second).astype(np.uint16)
        return queries, rows, np.concatenate([piece[1] for piece in pieces])

    def _rounding(self, here: slice, kth: F64) -> F64:
        """How far two products may have come apart by rounding: (queries,).

        A product of x and y is wrong by at most (dim + 2) u |x| |y|; no row nearer than the k-th is
        longer than the query and its distance together. What underflows is lost besides.
        """
        terms = 4 * (self._factors.shape[1] + 2)
        relative, lost = terms * _UNIT_ROUNDOFF, terms * float(np.finfo(np.float32).tiny)
        halves = self._factors[here, -2].astype(np.float64)
        norms = np.sqrt(-2 * halves)
        longest = 1.01 * (norms + np.sqrt(np.maximum(-2 * kth, 0)))
        wrong: F64 = relative * (longest * (norms + longest / 2) - halves) + lost
        return wrong
