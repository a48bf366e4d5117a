"""Who is whose neighbour: hubs, reverse and mutual neighbours, and the graph about some rows.

In many dimensions some rows are among the nearest of very many others, and others of none: hubness
(Radovanovic, Nanopoulos and Ivanovic 2010, Hubs in Space, JMLR 11, 2487-2531). N_k of a row is how
many rows have it among their k nearest, and the skewness of N_k over all rows says how uneven the
table is in this.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from explorer.all_pairs import AllNearest, all_nearest, asking, at_hand
from explorer.errors import ParameterError
from explorer.nearest import Neighbors, check, neighbors_of_many
from explorer.nearest.query import left_out, score
from explorer.progress import Report, part, silent
from explorer.spaces import fit
from explorer.table import Table

F64 = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]

MOST_NODES = 400
# Rows whose neighbours are asked for at once, and of how many of these.
_TOGETHER, _NUMBERS = 256, 2**22
# Skewness from which the words change; a random graph's N_k is about Poisson: 1 / sqrt(k).
_UNEVEN, _VERY_UNEVEN = 1.0, 3.0


@dataclass(frozen=True, eq=False)
class Hubs:
    """How often each row is among the k nearest of another. Immutable.

    counts: int64 (n,), N_k. compared: whether a row has neighbours itself; see AllNearest.
    skewness: of the counts of the rows compared, the third standardised moment; 0 where all are
    alike.
    """

    k: int
    metric: str
    counts: Rows
    compared: npt.NDArray[np.bool_]
    skewness: float

    def __post_init__(self) -> None:
        self.counts.flags.writeable = False
        self.compared.flags.writeable = False

    @property
    def order(self) -> Rows:
        """The rows compared, and others that are neighbours all the same (zeros, under dot), the
        greatest hub first, equal ones by row number: int64."""
        rows = np.flatnonzero(self.compared | (self.counts > 0))
        return rows[np.argsort(-self.counts[rows], kind="stable")]

    @property
    def antihubs(self) -> Rows:
        """The rows that are nobody's neighbour, ascending: int64."""
        return np.flatnonzero(self.compared & (self.counts == 0))

    @property
    def never(self) -> int:
        """How many rows are nobody's neighbour."""
        return len(self.antihubs)

    def shares(self) -> F64:
        """The share of the other rows compared that have each row among their k nearest: (n,), in
        [0, 1]."""
        others = self.compared.sum() - self.compared  # a row that has none itself has one more
        shares: F64 = self.counts / np.maximum(1, others)
        return shares

    def verdict(self) -> str:
        """What the skewness says, in a sentence."""
        if self.skewness < _UNEVEN:
            return "Even: no row is a neighbour far more often than the others."
        if self.skewness < _VERY_UNEVEN:
            return "Uneven: some rows are neighbours far more often than others."
        return "Very uneven: a few rows are near almost everything; read their nearness with care."


@dataclass(frozen=True, eq=False)
class Graph:
    """The neighbours of some rows, and the neighbours of these, as a graph.

    rows: int64 (nodes,), the rows asked for first. step: int32 (nodes,), how many steps from them.
    edges: int64 (m, 2), row numbers, each pair once, the row that has the other among its nearest
    first. mutual: bool (m,), whether the other has it too; False too where the other was not asked.
    scores: float64 (m,), of the metric. whole: False where there were too many rows to take all.
    """

    metric: str
    rows: Rows
    step: npt.NDArray[np.int32]
    edges: Rows
    scores: F64
    mutual: npt.NDArray[np.bool_]
    whole: bool = True


def hubs(found: AllNearest) -> Hubs:
    """How often each row is among the nearest of another."""
    compared = found.compared
    near = found.rows[compared]
    counts = np.bincount(near.reshape(-1), minlength=len(found.rows)).astype(np.int64)
    return Hubs(found.k, found.metric, counts, compared, _skewness(counts[compared]))


def _skewness(counts: Rows) -> float:
    deviations = counts - counts.mean()
    spread = float(np.sqrt(np.square(deviations).mean()))
    return float(np.mean((deviations / spread) ** 3)) if spread else 0.0


def reverse_neighbors(
    table: Table, row: int, k: int = 15, metric: str = "cosine", *, report: Report = silent
) -> Neighbors:
    """The rows that have `row` among their k nearest, those nearest to it first.

    Needs the nearest of all rows, which are found first where nobody did before.
    Raises NotFoundError for a row that is not there; ParameterError for one that cannot be
    compared, and as all_nearest does.
    """
    table.check_row(row)
    found = all_nearest(table, k, metric, report=report)
    _check_compared(table, row, bool(found.compared[row]))
    rows = np.flatnonzero((found.rows == row).any(axis=1))
    return _scored(table, row, metric, rows)


def mutual_neighbors(
    table: Table, row: int, k: int = 15, metric: str = "cosine", *, report: Report = silent
) -> Neighbors:
    """Of the k nearest of `row`, those that have it among their k nearest too, the nearest first.

    Raises as reverse_neighbors; one pass for the row and one for its neighbours is enough.
    """
    check(k, metric)
    table.check_row(row)
    _check_compared(table, row, bool(asking(table.vectors, metric)[row]))
    near = _nearest_of(table, np.array([row]), k, metric, part(report, 0.0, 0.5))[0][0]
    near = near[near >= 0]  # none, where no other row can be compared
    has = _having(table, near, row, k, metric, part(report, 0.5, 1.0))
    return _scored(table, row, metric, near[has])


def _having(
    table: Table, rows: Rows, row: int, k: int, metric: str, report: Report
) -> npt.NDArray[np.bool_]:
    """Which of some rows have `row` among their k nearest, (rows,); a few asked at once, for k may
    be as large as the table."""
    has = np.zeros(len(rows), dtype=np.bool_)
    size = int(np.clip(_NUMBERS // min(k, len(table)), 1, _TOGETHER))
    for start in range(0, len(rows), size):
        share = part(report, start / len(rows), min(1.0, (start + size) / len(rows)))
        near, _ = _nearest_of(table, rows[start : start + size], k, metric, share)
        has[start : start + size] = (near == row).any(axis=1)
    return has


def _nearest_of(table: Table, rows: Rows, k: int, metric: str, report: Report) -> tuple[Rows, F64]:
    """The k nearest of some rows: int64 and scores float64, (m, k); -1 and NaN where there are
    fewer, and for rows that cannot be compared."""
    check(k, metric)
    k = min(k, max(1, len(table) - 1))  # no room is made for more than there are
    known = at_hand(table, k, metric, rows)
    if known is not None:
        return known.rows.astype(np.int64), known.scores.astype(np.float64)
    near, scores = np.full((len(rows), k), -1, np.int64), np.full((len(rows), k), np.nan)
    some = np.flatnonzero(asking(table.vectors, metric)[rows])
    near[some], scores[some] = neighbors_of_many(table, rows[some], k, metric, report=report)
    return near, scores


def _check_compared(table: Table, row: int, compared: bool) -> None:
    if not compared:
        raise ParameterError(
            f"Row {row:,} ({table.tokens[row]!r}) cannot be compared: it has no direction, "
            "or holds numbers that are not finite, or too large.",
            "Choose another row.",
        )


def _scored(table: Table, row: int, metric: str, rows: Rows) -> Neighbors:
    """The rows in the order of their nearness to `row`, with every digit of it."""
    one, others = (table.vectors.exact(ids).astype(np.float64) for ids in ([row], rows))
    scores = score(others, one, metric)
    order = np.lexsort((rows, scores if metric == "euclidean" else -scores))
    notes = left_out(table, fit(table.vectors), metric)[0]
    return Neighbors(row, metric, rows[order], scores[order], notes)


def neighbor_graph(
    table: Table,
    rows: Rows,
    k: int = 10,
    steps: int = 2,
    metric: str = "cosine",
    *,
    most: int = MOST_NODES,
    report: Report = silent,
) -> Graph:
    """The k nearest of some rows, the k nearest of these, and so on for `steps` steps.

    most: how many rows the graph may have; the nearest come first, and Graph.whole says whether
    there were more. Rows that cannot be compared have no neighbours.
    Raises NotFoundError for a row that is not there; ParameterError for no rows, more rows than
    `most`, steps < 1, and as all_nearest does.
    """
    start = np.unique(np.asarray(rows, dtype=np.int64))
    _check_graph(len(start), steps, most)
    for row in start[[0, -1]].tolist():
        table.check_row(row)
    growing = _Growing(table, start, metric, most)
    steps = min(steps, len(table))  # after so many, no row can be left to be added
    for number in range(steps):
        growing.step(k, part(report, number / steps, (number + 1) / steps))
    return growing.graph()


def _check_graph(count: int, steps: int, most: int) -> None:
    if steps < 1:
        raise ParameterError(f"A graph of {steps} steps has no edges.", "Take at least 1.")
    if not 1 <= count <= most:
        raise ParameterError(
            f"The graph of {count:,} rows cannot be drawn." if count else "There are no rows.",
            f"Select between 1 and {most:,} rows.",
        )


class _Growing:
    """A graph while it grows."""

    def __init__(self, table: Table, start: Rows, metric: str, most: int) -> None:
        self._table, self._metric, self._most = table, metric, most
        self._rows, self._steps = start, np.zeros(len(start), np.int32)
        self._front = start
        self._edges: list[Rows] = []
        self._scores: list[F64] = []
        self._whole = True

    def step(self, k: int, report: Report) -> None:
        """Adds the k nearest of the rows that came last."""
        if not len(self._front):
            return
        near, scores = _nearest_of(self._table, self._front, k, self._metric, report)
        some = near.reshape(-1) >= 0
        pairs = np.stack([np.repeat(self._front, near.shape[1]), near.reshape(-1)], axis=1)[some]
        found = scores.reshape(-1)[some]
        new = self._new(pairs[:, 1], found)
        self._rows = np.concatenate([self._rows, new])
        step = self._steps.max() + 1
        self._steps = np.concatenate([self._steps, np.full(len(new), step, np.int32)])
        inside = np.isin(pairs[:, 1], self._rows)
        self._edges.append(pairs[inside])
        self._scores.append(found[inside])
        self._front = new

    def _new(self, rows: Rows, scores: F64) -> Rows:
        """Those not in the graph yet, the nearest first, no more than there is room for."""
        order = np.argsort(scores if self._metric == "euclidean" else -scores, kind="stable")
        first = np.unique(rows[order], return_index=True)[1]
        new = rows[order][np.sort(first)]
        new = new[~np.isin(new, self._rows)]
        room = self._most - len(self._rows)
        self._whole = self._whole and len(new) <= room
        return new[:room]

    def graph(self) -> Graph:
        edges, scores = np.concatenate(self._edges), np.concatenate(self._scores)
        codes = np.sort(edges, axis=1)
        _, first, which, times = np.unique(
            codes, axis=0, return_index=True, return_inverse=True, return_counts=True
        )
        order = np.sort(first)
        mutual = times[which.reshape(-1)[order]] > 1
        return Graph(
            self._metric, self._rows, self._steps, edges[order], scores[order], mutual, self._whole
        )
