"""The graph of nearest neighbours of all rows at once: exact, from blocked matrix products.

A float32 product of some queries with a tile of rows only chooses candidates: nearest is the
largest q.b - |b|^2 / 2. How far rounding may have moved it follows from the error bound of a dot
product (Higham 2002, Accuracy and Stability of Numerical Algorithms, section 3.1), so that no
neighbour is lost; the distances of the candidates are then taken from differences, which do not
cancel.

Products are seen as groups of eight, and those again as groups of eight: the k-th largest of the
groups' maxima is a bar that at least k products reach and few more than k do, and only groups that
reach it are looked into.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from queue import SimpleQueue

import numpy as np
import numpy.typing as npt

from explorer.errors import ParameterError
from explorer.graph.keys import in_table, keys_of, rows_of, sorted_by
from explorer.graph.pairs import nearest_pairs, squared_distances
from explorer.metrics import DISTANCES, METRICS
from explorer.parallel import cores, over_blocks
from explorer.progress import Report, part, silent
from explorer.vectors import F32, lengths

Rows = npt.NDArray[np.int64]

# Queries of a block and the most rows of a tile: their products (2 MiB) stay in a core's caches
# until their maxima are known; fewer rows cost the product more than they spare the caches. All
# products of a block: 64 MiB in each thread.
_QUERIES = 256
_TILE = 2048
_TILE_STEP = 64  # so that maxima can be taken of groups of eight groups of eight
_PRODUCTS = 2**24
_GROUP = 8
# A bar from fewer groups than this many times k would let too many products through.
_GROUPS_PER_NEIGHBOUR = 2
# Candidates of a block, and numbers of pairs that are widened at once.
_CANDIDATES = 2**22
_NUMBERS = 2**18
_CENTRE_ROWS = 1001
_UNIT_ROUNDOFF = 2.0**-24
# Squares of numbers between these stay within float32.
_SMALL, _LARGE = 1e-15, 1e15


def knn_graph(
    points: F32, k: int, report: Report = silent, *, metric: str = "euclidean"
) -> tuple[Rows, F32]:
    """The `k` nearest other rows of every row, nearest first, equal distances by row number.

    points: float32 (n, dim), finite. metric: "euclidean", or "cosine" (1 - cosine similarity).
    Returns row numbers int64 (n, k) and distances float32 (n, k). Equal rows are neighbours at
    distance 0; a row is never its own neighbour.
    Raises ParameterError unless 1 <= k < n, for another metric, and for a zero row under cosine.
    """
    _check(k, len(points) - 1, metric, DISTANCES)
    if metric == "cosine":
        points = _unit(points)
    rows, found, extreme = _among_themselves(points, k, report)
    _finish(found, metric, extreme)
    return rows, found


def _among_themselves(points: F32, k: int, report: Report) -> tuple[Rows, F32, bool]:
    """What _sorted finds of points among themselves, each two multiplied once where that is
    sooner done."""
    every, halved = np.arange(len(points)), None
    if _scale(points) == 1:
        halved = nearest_pairs(points, _centre(points), k, part(report, 0.0, 0.95))
    if halved is None:
        return _sorted(points, points, k, every, False, report)
    rows, squares, some = halved.rows, halved.squares, halved.open
    if len(some):
        rest = part(report, 0.95, 1.0)
        rows[some], squares[some], _ = _sorted(points[some], points, k, some, False, rest)
    return rows, squares, False


def knn_of(
    queries: F32,
    base: F32,
    k: int,
    own_rows: Rows | None = None,
    *,
    metric: str = "euclidean",
    report: Report = silent,
) -> tuple[Rows, F32]:
    """The `k` rows of `base` nearest to every query, nearest first, equal ones by row number.

    queries: float32 (m, dim), base: float32 (n, dim), both finite. own_rows: int64 (m,), the row
    of `base` that each query is, which is left out of its neighbours; None where they are none.
    metric: one of METRICS.
    Returns row numbers int64 (m, k) and distances float32 (m, k), as knn_graph does; under dot
    these are the products, the largest first.
    Raises ParameterError where there are not k rows to find, for another metric, and for a zero row
    under cosine.
    """
    _check(k, len(base) - (own_rows is not None), metric, METRICS)
    if metric == "cosine":
        queries, base = _unit(queries), _unit(base)
    rows, found, extreme = _sorted(queries, base, k, own_rows, metric == "dot", report)
    _finish(found, metric, extreme)
    return rows, found


def _sorted(
    queries: F32, base: F32, k: int, own_rows: Rows | None, dot: bool, report: Report
) -> tuple[Rows, F32, bool]:
    """The neighbours of every query and what they are sorted by: squared distances, minus products,
    or lengths if the third, `extreme`, is true."""
    search = _Search.over(queries, base, k, own_rows, dot=dot)
    rows = np.empty((len(queries), k), dtype=np.int64)
    squares = np.empty((len(queries), k), dtype=np.float32)

    size = max(1, min(_QUERIES, _PRODUCTS // len(search.factors), -(-len(queries) // cores())))
    # A scratch that is new for each block would cost a third of the time in page faults.
    scratches: SimpleQueue[F32] = SimpleQueue()
    for _ in range(cores()):
        scratches.put(np.empty(size * len(search.factors), dtype=np.float32))

    def block(start: int, stop: int) -> None:
        scratch = scratches.get()
        try:
            search.fill(start, stop, rows, squares, scratch)
        finally:
            scratches.put(scratch)

    over_blocks(len(queries), size, block, report, "Finding neighbours")
    return rows, squares, search.extreme


def _finish(found: F32, metric: str, extreme: bool) -> None:
    """Makes of what was sorted by what was asked for."""
    if metric == "dot":
        np.negative(found, out=found)
    elif metric == "cosine":
        found /= 2
    elif not extreme:
        np.sqrt(found, out=found)


def _check(k: int, others: int, metric: str, known: tuple[str, ...]) -> None:
    if metric not in known:
        raise ParameterError(
            f"There is no metric {metric!r} here.", f"Choose one of: {', '.join(known)}."
        )
    if not 1 <= k <= others:
        raise ParameterError(
            f"{others + 1:,} rows cannot have {k:,} neighbours each.",
            f"Choose between 1 and {others:,}.",
        )


def _unit(points: F32) -> F32:
    norms = lengths(points.astype(np.float64))
    if not norms.all():
        raise ParameterError(
            f"Row {int(norms.argmin()):,} is all zeros: it has no direction, so cosine cannot rank "
            "its neighbours.",
            "Leave such rows out, or take the Euclidean metric.",
        )
    unit: F32 = (points / norms[:, None]).astype(np.float32)
    return unit


def _scale(*points: F32) -> np.float32:
    """A power of two, which rounds nothing, that keeps squares within float32; mostly 1."""
    largest = max(float(np.abs(some).max(initial=0)) for some in points)
    if largest == 0 or _SMALL < largest < _LARGE:
        return np.float32(1)
    return np.float32(np.ldexp(1.0, min(126, -int(np.frexp(largest)[1]))))


@dataclass(frozen=True, eq=False)
class _Search:
    """What every block of queries needs.

    factors: float32 (n rounded up to whole tiles, dim + 1): the rows about a centre, and
    -|b|^2 / 2 beside them, so that one product with (q, 1) ranks; zeros in the rows made up.
    centre, factors and the products of queries are of the numbers times `scale`.
    tile: how many rows are multiplied at once; a whole number of tiles are the factors.
    extreme: whether squares of the numbers themselves may leave float32, so that lengths are
    ranked, from float64.
    longest: the greatest length of a row of the factors where products themselves are ranked, so
    that the centre is the origin and nothing stands beside the rows; None where distances are.
    """

    queries: F32
    base: F32
    own_rows: Rows | None
    k: int
    scale: np.float32
    centre: F32
    factors: F32
    tile: int
    longest: float | None = None

    @staticmethod
    def over(queries: F32, base: F32, k: int, own_rows: Rows | None, *, dot: bool) -> _Search:
        (n, dim), scale = base.shape, _scale(queries, base)
        centre = np.zeros(dim, np.float32) if dot else _centre(base) * scale
        tiles = -(-n // _TILE)
        tile = -(-n // (tiles * _TILE_STEP)) * _TILE_STEP
        factors = np.zeros((tiles * tile, dim + 1), dtype=np.float32)
        np.multiply(base, scale, out=factors[:n, :dim])
        factors[:n, :dim] -= centre
        squares = _squares(factors[:n, :dim])
        factors[:n, dim] = 0 if dot else -0.5 * squares
        longest = float(np.sqrt(squares.max())) if dot else None
        return _Search(queries, base, own_rows, k, scale, centre, factors, tile, longest)

    @property
    def extreme(self) -> bool:
        return bool(self.scale != 1)

    def fill(self, start: int, stop: int, rows: Rows, squares: F32, scratch: F32) -> None:
        """Writes the neighbours of the queries start..stop, and their squared distances."""
        found = _Sieve(self, start, stop, scratch).candidates()
        if found is None:  # too many at once: they lie within rounding of each other
            middle = (start + stop) // 2
            self.fill(start, middle, rows, squares, scratch)
            self.fill(middle, stop, rows, squares, scratch)
            return
        candidates, query = found
        keys = keys_of(self._distances(candidates, query + start)) | candidates.astype(np.uint64)
        table = in_table(keys, query, stop - start, self.k, np.iinfo(np.uint64).max)
        table.sort(axis=1)
        best = table[:, : self.k]
        rows[start:stop], squares[start:stop] = rows_of(best), sorted_by(best)

    def _distances(self, rows: Rows, queries: Rows) -> F32:
        """Squared distances of pairs, or lengths if `extreme`, from differences: float32. Products
        less than nothing where these are ranked."""
        if self.longest is not None:
            return self._negative_products(rows, queries)
        if self.extreme:
            return self._lengths(rows, queries)
        return squared_distances(self.base, rows, self.queries, queries)

    def _negative_products(self, rows: Rows, queries: Rows) -> F32:
        """Minus the products of pairs, summed in float64: float32 (pairs,)."""
        found = np.empty(len(rows), dtype=np.float32)
        size, most = max(1, _NUMBERS // self.base.shape[1]), float(np.finfo(np.float32).max)
        for start in range(0, len(rows), size):
            part = slice(start, start + size)
            left = self.base.take(rows[part], axis=0).astype(np.float64)
            right = self.queries.take(queries[part], axis=0)
            found[part] = np.clip(-np.einsum("ij,ij->i", left, right), -most, most)
        found += np.float32(0)  # no zero is less than another
        return found

    def _lengths(self, rows: Rows, queries: Rows) -> F32:
        """Distances of pairs whose squares float32 cannot hold: float32 (pairs,)."""
        found = np.empty(len(rows), dtype=np.float32)
        size = max(1, _NUMBERS // self.base.shape[1])
        for start in range(0, len(rows), size):
            part = slice(start, start + size)
            differences = self.base.take(rows[part], axis=0).astype(np.float64)
            differences -= self.queries.take(queries[part], axis=0)
            found[part] = np.minimum(lengths(differences), np.finfo(np.float32).max)
        return found


class _Sieve:
    """Finds the few rows among which the nearest of some queries surely are.

    products: float32 scratch of at least (rows of the factors) x (queries) numbers.
    """

    def __init__(self, search: _Search, start: int, stop: int, products: F32) -> None:
        self._search, self._count = search, stop - start
        own = search.own_rows
        self._own = None if own is None else own[start:stop]
        self._factors = np.ones((self._count, search.factors.shape[1]), dtype=np.float32)
        np.multiply(search.queries[start:stop], search.scale, out=self._factors[:, :-1])
        self._factors[:, :-1] -= search.centre
        self._norms = np.sqrt(_squares(self._factors[:, :-1]))
        rows = len(search.factors)
        self._products = products[: rows * self._count].reshape(rows, self._count)

    def candidates(self) -> tuple[Rows, Rows] | None:
        """Candidate rows and the place of the query each belongs to, both int64 (pairs,), a query's
        together; None where there are too many to hold at once."""
        summits = self._summits(self._multiplied())
        bar = self._bar(summits[-1])
        places = np.flatnonzero(summits[-1] >= bar)
        for below, above in reversed(list(pairwise(summits))):
            of = len(below) // len(above)
            places = self._members(places, above.size, of, below, bar)
        size = self._search.tile * self._count // _GROUP
        if _GROUP * len(places) > _CANDIDATES and self._count > 1:
            return None
        tile, place = np.divmod(places, size)
        places = self._members(place + tile * size * _GROUP, size, _GROUP, self._products, bar)
        return self._by_query(*np.divmod(places, self._count))

    def _summits(self, maxima: F32) -> list[F32]:
        """Maxima of groups, and of groups of these, as long as there are enough for a bar: it is
        found the sooner the fewer there are."""
        summits = [maxima]
        for of in (_GROUP, _GROUP, _GROUP // 2, _GROUP // 4):
            count = len(summits[-1])
            if count % of == 0 and count >= of * self._fewest:
                summits.append(summits[-1].reshape(of, -1, self._count).max(axis=0))
        return summits

    @property
    def _fewest(self) -> int:
        return _GROUPS_PER_NEIGHBOUR * self._search.k

    def _multiplied(self) -> F32:
        """Fills in the products of all rows with the queries, (rows, queries); the maxima of groups
        of rows that lie an eighth of a tile apart, taken while the tile is in the cache."""
        maxima = np.empty((len(self._products) // _GROUP, self._count), dtype=np.float32)
        tile = self._search.tile
        for start in range(0, len(self._products), tile):
            products = self._products[start : start + tile]
            np.matmul(self._search.factors[start : start + tile], self._factors.T, out=products)
            products[max(0, len(self._search.base) - start) :] = -np.inf  # rows made up
            if self._own is not None:
                mine = np.flatnonzero((self._own >= start) & (self._own < start + tile))
                products[self._own[mine] - start, mine] = -np.inf
            part = maxima[start // _GROUP : (start + tile) // _GROUP]
            products.reshape(_GROUP, -1).max(axis=0, out=part.reshape(-1))
        return maxima

    def _members(self, first: Rows, step: int, of: int, below: F32, bar: F32) -> Rows:
        """Of the groups of so many whose first members are at these places, the members that reach
        the bar."""
        places = first + step * np.arange(of)[:, None]  # long rows: short ones take twice as long
        reached = below.reshape(-1).take(places) >= bar.take(first % self._count)
        return places.reshape(-1)[np.flatnonzero(reached)]

    def _bar(self, maxima: F32) -> F32:
        """What k products of each query reach, less what rounding may do: (queries,)."""
        k = self._search.k
        # Above minus infinity, which is what a query's own row and the rows made up get.
        lowest = np.full(self._count, np.finfo(np.float32).min, dtype=np.float32)
        if len(maxima) < k:
            return lowest
        tops = np.ascontiguousarray(maxima.T)
        kth = np.partition(tops, len(maxima) - k, axis=1)[:, len(maxima) - k]
        bar: F32 = np.maximum(lowest, kth - self._rounding(kth))
        return bar

    def _rounding(self, kth: F32) -> F32:
        """How far two products may have come apart by rounding: (queries,).

        A product of x and y is wrong by at most (dim + 1) u |x| |y|; no row nearer than the k-th is
        longer than the query and its distance together. What underflows is lost besides.
        """
        terms = 4 * (len(self._search.centre) + 4)
        relative, lost = terms * _UNIT_ROUNDOFF, terms * float(np.finfo(np.float32).tiny)
        if self._search.longest is not None:
            return (relative * self._search.longest * self._norms + lost).astype(np.float32)
        reach: F32 = np.sqrt(np.maximum(np.square(self._norms) - 2 * kth, 0))
        longest = 1.01 * (self._norms + reach)
        bound = relative * longest * (self._norms + longest / 2) + lost
        return np.nan_to_num(bound, nan=np.inf, posinf=np.inf).astype(np.float32)

    def _by_query(self, rows: Rows, queries: Rows) -> tuple[Rows, Rows] | None:
        most = int(np.bincount(queries, minlength=self._count).max())
        if most * self._count > _CANDIDATES and self._count > 1:
            return None
        order = np.argsort(queries.astype(np.uint16), kind="stable")
        return rows[order], queries[order]


def _centre(base: F32) -> F32:
    """Near most of the rows, wherever a few far ones lie: medians, float32 (dim,). Products about
    it are small, so that rounding leaves few candidates."""
    places = np.linspace(0, len(base) - 1, min(len(base), _CENTRE_ROWS)).astype(np.int64)
    centre: F32 = np.median(base[places], axis=0).astype(np.float32)
    return centre


def _squares(points: F32) -> F32:
    squares: F32 = np.einsum("ij,ij->i", points, points)
    return squares
