"""A selection grown by the nearest rows of its rows."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from explorer import nearest
from explorer.all_pairs import comparable
from explorer.errors import NotFoundError, ParameterError
from explorer.metrics import DISTANCES, check_count
from explorer.progress import Progress, Report, silent
from explorer.table import Table

Rows = npt.NDArray[np.int64]

ANCHORS = ("each", "mean")


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
    some = rows[comparable(table.vectors, metric)[rows]]
    if not len(some):
        raise ParameterError(
            "None of the selected rows has a direction or finite numbers.", "Select other rows."
        )
    if anchor == "mean":
        mean = table.vectors.exact(some).astype(np.float64).mean(axis=0)
        found = nearest.neighbors(table, mean, k, metric, exclude=rows, report=report).rows
    else:
        report(Progress(0, len(some), "Growing the selection"))
        near, _ = nearest.neighbors_of_many(table, some, k, metric, report=report)
        found = np.unique(near[near >= 0])
    return np.concatenate([rows, np.setdiff1d(found, rows)])


def _check(table: Table, rows: Rows, k: int, anchor: str, metric: str) -> None:
    for word, known in ((anchor, ANCHORS), (metric, DISTANCES)):
        if word not in known:
            raise ParameterError(f"There is no {word!r} here.", f"Choose: {' or '.join(known)}.")
    check_count(k)
    if not len(rows):
        raise ParameterError("There are no rows to grow from.", "Select some first.")
    if rows.min() < 0 or rows.max() >= len(table):
        raise NotFoundError(
            "A row to grow from is not there.", f"The table's rows are 0 to {len(table) - 1:,}."
        )
