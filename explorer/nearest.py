"""Exact k nearest rows of a table, in a space: every row is compared, nothing is sampled.

One pass over the table in float32 only chooses candidates (explorer.measures); the candidates are
taken to the space and scored again, in float64. Which rows are candidates follows from a bound of
the rounding error, so no neighbour is lost to it, and no copy of the table is made.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from explorer.batches import Batch
from explorer.errors import NotFoundError, ParameterError
from explorer.measures import METRICS, Keys, Measure, measure
from explorer.progress import Report, part, silent
from explorer.spaces import RAW, Fitted, Space, fit, parse_space, smallest
from explorer.table import Note, Table
from explorer.vectors import length

__all__ = [
    "METRICS",
    "Neighbors",
    "Query",
    "asked",
    "best",
    "check",
    "neighbors",
    "neighbors_of_many",
    "ranks",
]

F64 = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]

# Candidates scored at once: 8,192 rows of 2,048 numbers are 128 MiB in float64.
_RESCORED = 8192
# Queries whose products with a tile of rows are made at once.
_TOGETHER = 256


@dataclass(frozen=True, eq=False)
class Neighbors:
    """The rows nearest to a query, best first; equal scores in the order of their rows.

    query_row: the row asked for, or None where a vector was asked for.
    metric: one of METRICS. space: what the vectors were, "raw" as stored, as parse_space reads it.
    rows: int64 (k,), fewer where the table has fewer.
    scores: float64 (k,): cosine similarity in [-1, 1], Euclidean distance, or dot product.
    left_out: which rows could not be compared, in words.
    """

    query_row: int | None
    metric: str
    rows: Rows
    scores: F64
    left_out: tuple[Note, ...] = ()
    space: str = "raw"

    def __post_init__(self) -> None:
        self.rows.flags.writeable = False
        self.scores.flags.writeable = False


@dataclass(frozen=True, eq=False)
class Query:
    """A vector in a fitted space, ready to be compared with every row.

    inner: float64 (fitted.dim,). row: the row of the table that it is, or None. outer: float64
    (dim,), the vector as the table has such, where it was given so.
    """

    table: Table
    fitted: Fitted
    metric: str
    inner: F64
    row: int | None = None
    name: str = "The query vector"
    outer: F64 | None = None

    def __post_init__(self) -> None:
        _check_inner(self)

    @property
    def measure(self) -> Measure:
        return measure(self.table.vectors, self.fitted, self.metric)

    def keys(self, report: Report = silent) -> Keys:
        """The approximate keys of all rows: one pass over the table."""
        return self.measure.keys(self.table.vectors, self.inner, report)

    def scores(self, rows: Rows) -> F64:
        """Scores in float64 of the rows: (rows,). Equal rows have equal scores."""
        scores = np.empty(len(rows))
        for start in range(0, len(rows), _RESCORED):
            some = slice(start, start + _RESCORED)
            wide = self.table.vectors.exact(rows[some]).astype(np.float64, copy=False)
            inside, own = self._inside(wide)
            scores[some] = _scores(inside, own[None], self.metric)
        return scores

    def order(self, rows: Rows, scores: F64) -> Rows:
        """Places from the best to the worst, equal scores by row."""
        return np.lexsort((rows, scores if self.metric == "euclidean" else -scores))

    def _inside(self, wide: F64) -> tuple[F64, F64]:
        """The rows in the space, and the query. Products of many rows at once round equal rows
        differently where blocks end, so each of them, and the query, is taken there once."""
        if self.outer is None:
            return _once(self.fitted, wide), self.inner
        inside = _once(self.fitted, np.vstack([self.outer, wide]))
        return inside[1:], inside[0]


def _once(fitted: Fitted, wide: F64) -> F64:
    """The rows in the space, each of several equal ones worked out once."""
    if not fitted.affine:
        return fitted.through(wide)
    place: dict[bytes, int] = {}
    places = [place.setdefault(row.tobytes(), len(place)) for row in wide]
    return fitted.through(wide[np.unique(places, return_index=True)[1]])[places]


def neighbors(
    table: Table,
    query: int | np.integer | npt.ArrayLike | Query,
    k: int = 10,
    metric: str = "cosine",
    *,
    space: str | Space = RAW,
    exclude: Collection[int] = (),
    report: Report = silent,
) -> Neighbors:
    """The `k` rows nearest to a row or a vector in a space, over all rows of the table.

    query: a row number, itself left out of the answer, a float vector (dim,), which is taken to the
        space as a row is, or a Query, which says metric and space itself.
    metric: "cosine" or "dot" (highest first), or "euclidean" (lowest first).
    space: as parse_space reads it; it is fitted when it is first asked for.
    exclude: further rows that must not be in the answer.
    Rows with NaN or infinite numbers are left out, and under cosine those of length zero there.
    Raises NotFoundError for a row that is not there, ParameterError for a query without a
    direction (cosine, dot), with NaN in it or of another length, an unknown metric or space, a
    space that cannot be fitted, or k < 1.
    """
    check(k, metric)
    if not isinstance(query, Query):
        query = asked(table, query, metric, space, report)
    return best(query, query.keys(report), k, exclude)


def neighbors_of_many(
    table: Table,
    queries: npt.ArrayLike,
    k: int = 10,
    metric: str = "cosine",
    *,
    space: str | Space = RAW,
    report: Report = silent,
) -> tuple[Rows, F64]:
    """The `k` rows nearest to each of many rows or vectors: what `neighbors` finds for each.

    queries: row numbers, int64 (m,), each left out of its own neighbours, or vectors (m, dim).
    Returns row numbers int64 (m, k), best first, and scores float64 (m, k); -1 and NaN where fewer
    rows can be compared. Raises what `neighbors` raises, of the first query that cannot be.
    """
    check(k, metric)
    fitted = fit(table.vectors, parse_space(space), part(report, 0, 0.1))
    each = np.asarray(queries)
    rows = np.full((len(each), k), -1, dtype=np.int64)
    scores = np.full((len(each), k), np.nan)
    for start in range(0, len(each), _TOGETHER):
        some = slice(start, min(start + _TOGETHER, len(each)))
        asked_for = [asked(table, one, metric, fitted.space) for one in each[some]]
        share = part(report, 0.1 + 0.9 * start / len(each), 0.1 + 0.9 * some.stop / len(each))
        _fill(asked_for, k, rows[some], scores[some], share)
    return rows, scores


def _fill(queries: list[Query], k: int, rows: Rows, scores: F64, report: Report) -> None:
    """Writes the neighbours of each query into the rows of (queries, k)."""
    first = queries[0]
    towards = [first.measure.direction(query.inner) for query in queries]
    own = np.array([-1 if query.row is None else query.row for query in queries])
    batch = Batch(first.table.vectors, first.measure, towards, own, left_out(first)[1], k)
    found = None if any(one.extreme for one in towards) else batch.candidates(report)
    if found is None:
        for place, query in enumerate(queries):
            one = best(query, query.keys(report), k)
            rows[place, : len(one.rows)], scores[place, : len(one.rows)] = one.rows, one.scores
        return
    of_query = np.searchsorted(found[1], np.arange(len(queries) + 1))
    for place, query in enumerate(queries):
        some = found[0][of_query[place] : of_query[place + 1]]
        exact = query.scores(some)
        order = query.order(some, exact)[:k]
        rows[place, : len(order)], scores[place, : len(order)] = some[order], exact[order]


def best(query: Query, keys: Keys, k: int, exclude: Collection[int] = ()) -> Neighbors:
    """The k best rows by the keys of the query; see `neighbors`."""
    notes, unfit = left_out(query)
    rows = keys.candidates(min(k, len(keys.values)), _without(query, unfit, exclude))
    scores = query.scores(rows)
    order = query.order(rows, scores)[:k]
    space = str(query.fitted.space)
    return Neighbors(query.row, query.metric, rows[order], scores[order], notes, space)


def ranks(query: Query, keys: Keys, rows: Rows, exclude: Collection[int] = ()) -> Rows:
    """Where these rows stand among all rows, from 1, the best; 0 for those that cannot be compared.

    Exact: equal scores in the order of their rows, as `best` has them. exclude: rows that are not
    counted, beside the query's own; their rank is 0 too. Returns int64 (len(rows),).
    """
    without = _without(query, left_out(query)[1], exclude)
    low, high = keys.bounds(slice(None))
    low[without] = high[without] = -np.inf
    counted = [int(row) for row in rows if high[row] > -np.inf]
    near = {row: np.flatnonzero((high >= low[row]) & (low <= high[row])) for row in counted}
    # Scored all at once: a row has one score, whichever it is compared with.
    some = np.unique(np.concatenate([np.empty(0, np.int64), *near.values()]))
    some = some[high[some] > -np.inf]
    ordered = some[query.order(some, query.scores(some))]
    place = np.full(len(low), -1, dtype=np.int64)
    place[ordered] = np.arange(len(ordered))
    found = np.zeros(len(rows), dtype=np.int64)
    for at, row in enumerate(rows):
        if int(row) in near:
            before = place[near[int(row)]]
            found[at] = (
                1
                + int((low > high[row]).sum())
                + int(((before >= 0) & (before < place[row])).sum())
            )
    return found


def _without(query: Query, unfit: Rows, exclude: Collection[int]) -> Rows:
    own = [] if query.row is None else [query.row]
    return np.concatenate([unfit, np.asarray([*exclude, *own], dtype=np.int64)])


def check(k: int, metric: str) -> None:
    """Raises ParameterError for an unknown metric or a k below 1."""
    if metric not in METRICS:
        raise ParameterError(
            f"There is no metric {metric!r}.", f"Choose one of: {', '.join(METRICS)}."
        )
    if k < 1:
        raise ParameterError(f"The number of neighbours cannot be {k}.", "It must be at least 1.")


def asked(
    table: Table,
    query: object,
    metric: str = "cosine",
    space: str | Space = RAW,
    report: Report = silent,
) -> Query:
    """The Query that a row number or a vector (dim,) is; see `neighbors` for what is raised."""
    check(1, metric)
    row = int(query) if isinstance(query, int | np.integer) else None
    if row is None:
        vector, name = np.asarray(query, dtype=np.float64), "The query vector"
    else:
        vector, name = _row_vector(table, row), f"Row {row:,} ({table.tokens[row]!r})"
    _check_vector(vector, table.dim, name)
    fitted = fit(table.vectors, parse_space(space), report)
    inner = fitted.through(vector[None])[0]
    if fitted.affine and length(inner) <= smallest(fitted, np.array(length(vector))):
        inner = np.zeros_like(inner)
    return Query(table, fitted, metric, inner, row, name, vector)


def _row_vector(table: Table, row: int) -> F64:
    if not 0 <= row < len(table):
        raise NotFoundError(
            f"There is no row {row:,}.", f"The table's rows are 0 to {len(table) - 1:,}."
        )
    if table.vectors.beyond_float32[row]:
        raise ParameterError(
            f"Row {row:,} ({table.tokens[row]!r}) holds numbers too large for float32, "
            "so it cannot be compared.",
            "Choose another row.",
        )
    vector: F64 = table.vectors.exact([row])[0].astype(np.float64)
    return vector


def _check_vector(vector: F64, dim: int, name: str) -> None:
    if vector.shape != (dim,):
        raise ParameterError(
            f"{name} has the shape {vector.shape} and the table's rows hold {dim:,} numbers.",
            "Give one vector of that length.",
        )
    if not np.isfinite(vector).all():
        raise ParameterError(
            f"{name} holds NaN or infinite numbers, so it has no neighbours.",
            "Choose another row.",
        )


def _check_inner(query: Query) -> None:
    if not np.isfinite(query.inner).all():
        raise ParameterError(f"{query.name} is too large to be compared.", "Choose another one.")
    if query.metric != "euclidean" and not query.inner.any():
        space = query.fitted.space
        where = "" if space.name in ("raw", "unit") else f" in the space {str(space)!r}"
        raise ParameterError(
            f"{query.name} is all zeros{where}: it has no direction, so {query.metric} cannot rank "
            "its neighbours.",
            "Choose another row, or the Euclidean metric.",
        )


def left_out(query: Query) -> tuple[tuple[Note, ...], Rows]:
    """The rows that cannot be compared, in words and as row numbers."""
    table, fitted = query.table, query.fitted
    groups = [
        (table.broken_rows, "with NaN or infinite numbers left out.", "warning"),
        (table.too_large_rows, "with numbers too large for float32 left out.", "warning"),
    ]
    if query.metric == "cosine":
        groups.append((fitted.without_direction, _no_direction(fitted), "info"))
    some = [(rows, text, level) for rows, text, level in groups if len(rows)]
    notes = tuple(
        Note(f"{_count(len(rows))} {text}", level, tuple(rows[:20].tolist()))
        for rows, text, level in some
    )
    return notes, np.concatenate([np.empty(0, np.int64), *(rows for rows, _, _ in some)])


def _no_direction(fitted: Fitted) -> str:
    if not fitted.affine:
        return "of zeros left out: no direction."
    return f"left out: no direction in the space {str(fitted.space)!r}."


def _count(rows: int) -> str:
    return f"{rows:,} {'row' if rows == 1 else 'rows'}"


def _scores(wide: F64, vectors: F64, metric: str) -> F64:
    """Of rows (n, dim) with one vector (1, dim) or one each (n, dim), summed alike in every row."""
    if metric == "euclidean":
        distances: F64 = np.sqrt(np.square(wide - vectors).sum(axis=1))
        return distances
    if metric == "dot":
        dots: F64 = (wide * vectors).sum(axis=1)
        return dots
    wide, vectors = _scaled(wide), _scaled(vectors)
    norms = np.sqrt(np.square(wide).sum(axis=1)) * np.sqrt(np.square(vectors).sum(axis=1))
    cosines: F64 = np.clip((wide * vectors).sum(axis=1) / norms, -1.0, 1.0)
    return cosines


def _scaled(wide: F64) -> F64:
    """The rows times a power of two each, which rounds nothing, so that no square vanishes."""
    largest = np.abs(wide).max(axis=1, initial=0.0)
    if largest.min(initial=1.0) > 1e-100 and largest.max(initial=1.0) < 1e100:
        return wide
    scaled: F64 = np.ldexp(wide, -np.frexp(largest)[1][:, None])
    return scaled
