"""Exact k nearest rows of a table, in a space: every row is compared, nothing is sampled.

One pass over the table in float32 only chooses candidates (explorer.nearest.measures); they are
taken to the space and scored again, in float64. Which rows are candidates follows from a bound of
the rounding error, so no neighbour is lost to it, and no copy of the table is made.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from explorer.metrics import METRICS, check
from explorer.nearest.many import neighbors_of_many
from explorer.nearest.measures import Keys
from explorer.nearest.query import Query, asked, left_out
from explorer.progress import Report, silent
from explorer.spaces import RAW, Space
from explorer.table import Note, Table

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


@dataclass(frozen=True, eq=False)
class Neighbors:
    """The rows nearest to a query, best first; equal scores in the order of their rows.

    query_row: the row asked for, or None where a vector was asked for.
    metric: one of METRICS, or "3CosMul" of an analogy by products. space: what the vectors were,
    "raw" as stored, as parse_space reads it.
    rows: int64 (k,), fewer where the table has fewer.
    scores: float64 (k,): cosine similarity in [-1, 1], Euclidean distance, dot product, or the
    product of an analogy, from 0 up.
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


def best(query: Query, keys: Keys, k: int, exclude: Collection[int] = ()) -> Neighbors:
    """The k best rows by the keys of the query; see `neighbors`."""
    rows, scores = query.best(keys, k, exclude)
    notes = left_out(query.table, query.fitted, query.metric)[0]
    return Neighbors(query.row, query.metric, rows, scores, notes, str(query.fitted.space))


# From so many rows on it is less work to score all of the table than to look about each of them.
_MANY = 1000


def ranks(query: Query, keys: Keys, rows: Rows, exclude: Collection[int] = ()) -> Rows:
    """Where these rows stand among all rows, from 1, the best; 0 for those that cannot be compared.

    Exact: equal scores in the order of their rows, as `best` has them. exclude: rows that are not
    counted, beside the query's own; their rank is 0 too. Returns int64 (len(rows),).
    """
    without = query.without(exclude)
    low, high = keys.bounds(slice(None))
    low[without] = high[without] = -np.inf
    if len(rows) > _MANY:
        return _all_ranks(query, np.flatnonzero(high > -np.inf))[rows]
    near = {
        int(row): np.flatnonzero((high >= low[row]) & (low <= high[row]) & (high > -np.inf))
        for row in rows
        if high[row] > -np.inf
    }
    # Scored all at once: a row has one score, whichever it is compared with.
    some = np.unique(np.concatenate([np.empty(0, np.int64), *near.values()]))
    place = np.zeros(len(low), dtype=np.int64)
    place[some[query.order(some, query.scores(some))]] = np.arange(len(some))
    found = np.zeros(len(rows), dtype=np.int64)
    for at, row in enumerate(rows.tolist()):
        if row in near:
            before = int((low > high[row]).sum())
            found[at] = 1 + before + int((place[near[row]] < place[row]).sum())
    return found


def _all_ranks(query: Query, comparable: Rows) -> Rows:
    """The rank of every row of the table among these, 0 for others: int64 (rows of the table,)."""
    found = np.zeros(len(query.table), dtype=np.int64)
    order = query.order(comparable, query.scores(comparable))
    found[comparable[order]] = np.arange(1, len(order) + 1)
    return found
