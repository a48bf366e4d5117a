"""A selection grown by the nearest rows of its rows."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from explorer import nearest
from explorer.errors import NotFoundError, ParameterError
from explorer.graph import METRICS, knn_of
from explorer.progress import Progress, Report, part, silent
from explorer.table import Table
from explorer.vectors import F32

Rows = npt.NDArray[np.int64]

ANCHORS = ("each", "mean")

# Numbers of a block of the table: 64 MiB, so that no copy of the table is made.
_NUMBERS_AT_ONCE = 2**24
# So many passes over a table take less than getting ready for products of many rows.
_FEW = 5


def grow(
    table: Table,
    rows: Rows,
    k: int = 10,
    anchor: str = "each",
    metric: str = "cosine",
    *,
    report: Report = silent,
) -> Rows:
    """These rows, as they stand, and after them those near them, ascending.

    anchor: "each": the k nearest other rows of every row, exact, many of which may be among `rows`
        already; "mean": the k rows nearest to the mean of `rows` that are not among them.
    metric: "cosine" or "euclidean", in the table's own numbers.
    Rows that cannot be compared (NaN, infinite; zeros under cosine) neither bring others nor come.
    Raises ParameterError for another anchor or metric, k < 1, no rows, rows none of which can be
    compared, a mean without direction; NotFoundError for a row that is not there.
    """
    rows = np.asarray(rows, dtype=np.int64)
    _check(table, rows, k, anchor, metric)
    fit = _comparable(table, metric)
    some = rows[fit[rows]]
    if not len(some):
        raise ParameterError(
            "None of the selected rows has a direction or finite numbers.", "Select other rows."
        )
    if anchor == "mean":
        mean = table.vectors.exact(some).astype(np.float64).mean(axis=0)
        found = nearest.neighbors(table, mean, k, metric, exclude=rows, report=report).rows
    elif len(some) <= _FEW:
        found = _one_by_one(table, some, k, metric, report)
    else:
        found = _nearest_of_each(table, some, k, metric, fit, report)
    return np.concatenate([rows, np.setdiff1d(found, rows)])


def _check(table: Table, rows: Rows, k: int, anchor: str, metric: str) -> None:
    for word, known in ((anchor, ANCHORS), (metric, METRICS)):
        if word not in known:
            raise ParameterError(f"There is no {word!r} here.", f"Choose: {' or '.join(known)}.")
    if k < 1:
        raise ParameterError(f"The number of neighbours cannot be {k}.", "It must be at least 1.")
    if not len(rows):
        raise ParameterError("There are no rows to grow from.", "Select some first.")
    if rows.min() < 0 or rows.max() >= len(table):
        raise NotFoundError(
            "A row to grow from is not there.", f"The table's rows are 0 to {len(table) - 1:,}."
        )


def _comparable(table: Table, metric: str) -> npt.NDArray[np.bool_]:
    fit: npt.NDArray[np.bool_] = table.vectors.finite & ~table.vectors.beyond_float32
    if metric == "cosine":
        fit &= (table.vectors.norms > 0) & ~table.vectors.below_float32
    return fit


def _one_by_one(table: Table, rows: Rows, k: int, metric: str, report: Report) -> Rows:
    """The same as `_nearest_of_each`, by one pass over the table for each row."""
    found = []
    for place, row in enumerate(rows.tolist()):
        share = part(report, place / len(rows), (place + 1) / len(rows))
        found.append(nearest.neighbors(table, row, k, metric, report=share).rows)
    return np.unique(np.concatenate(found))


def _nearest_of_each(
    table: Table, rows: Rows, k: int, metric: str, fit: npt.NDArray[np.bool_], report: Report
) -> Rows:
    """The k nearest other rows of each, all together: int64, ascending.

    Each row is looked for itself, so that one more has to be found and is then taken out.
    """
    queries = table.vectors.rows(rows)
    best = np.empty((len(rows), 0), np.int64), np.empty((len(rows), 0), np.float32)
    size = max(1, _NUMBERS_AT_ONCE // table.dim)
    for start, block in table.vectors.blocks(size):
        share = part(report, start / len(table), (start + len(block)) / len(table))
        share(Progress(0, 1, "Growing the selection"))
        there = np.flatnonzero(fit[start : start + len(block)])
        if len(there):
            wanted = min(k + 1, len(there))
            near, far = knn_of(queries, block[there], wanted, metric=metric, report=share)
            best = _best(best, (there[near] + start, far), k + 1)
    own = best[0] == rows[:, None]
    # Where more equal rows than that stand before it, the last one found is too many.
    own[~own.any(axis=1), -1] = best[0].shape[1] > k
    return np.unique(best[0][~own])


def _best(first: tuple[Rows, F32], second: tuple[Rows, F32], k: int) -> tuple[Rows, F32]:
    """The k nearest of two answers (queries, some), equal distances by row number."""
    rows = np.concatenate([first[0], second[0]], axis=1)
    far = np.concatenate([first[1], second[1]], axis=1)
    order = np.lexsort((rows, far), axis=1)[:, :k]
    return np.take_along_axis(rows, order, axis=1), np.take_along_axis(far, order, axis=1)
