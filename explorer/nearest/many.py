"""The nearest rows of many queries: candidates for all at once, and all of them scored at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from explorer.metrics import check
from explorer.nearest.batches import Batch
from explorer.nearest.measures import measure
from explorer.nearest.query import SCORED, asked, asked_many, left_out, once, score
from explorer.progress import Report, part, silent
from explorer.spaces import RAW, Fitted, Space, fit, parse_space
from explorer.table import Table

F64 = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]

# Queries whose products with a tile of rows are made at once.
_TOGETHER = 256
# Numbers of pairs that are scored at once where no matrix is in play: half a MiB of float64, in a
# core's own cache.
_SCORED = 2**16


def neighbors_of_many(
    table: Table,
    queries: npt.ArrayLike,
    k: int = 10,
    metric: str = "cosine",
    *,
    space: str | Space = RAW,
    report: Report = silent,
) -> tuple[Rows, F64]:
    """The `k` rows nearest to each of many rows or vectors: what `neighbors` finds for each, but
    that in a space with components taken out, or whitened, a score may differ in its last bit, and
    so may the order of rows that are equally near but for it.

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
        many = _Many(table, fitted, metric, *asked_many(table, each[some], metric, fitted))
        share = part(report, 0.1 + 0.9 * start / len(each), 0.1 + 0.9 * some.stop / len(each))
        many.fill(rows[some], scores[some], share)
    return rows, scores


@dataclass(frozen=True, eq=False)
class _Many:
    """Queries that are answered together; own, outer and inner as asked_many gives them."""

    table: Table
    fitted: Fitted
    metric: str
    own: Rows
    outer: F64
    inner: F64

    def fill(self, rows: Rows, scores: F64, report: Report) -> None:
        """Writes the neighbours of each query into its row of (m, k)."""
        vectors, k = self.table.vectors, rows.shape[1]
        unfit = left_out(self.table, self.fitted, self.metric)[1]
        made = measure(vectors, self.fitted, self.metric)
        towards = made.directions(self.fitted.pulled(self.inner))
        batch = Batch(vectors, made, towards, self.own, unfit, k)
        found = None if towards.extreme.any() else batch.candidates(report)
        if found is None:
            self._one_by_one(rows, scores, report)
            return
        candidates, query = found
        exact = self._scores(candidates, query)
        # A query's together, and its rows ascending, as they are already: three keys take longer.
        order = np.argsort(exact if self.metric == "euclidean" else -exact, kind="stable")
        order = order[np.argsort(query[order].astype(np.uint16), kind="stable")]
        candidates, exact = candidates[order], exact[order]
        first = np.searchsorted(query, np.arange(len(self.own)))
        place = np.arange(len(query)) - first[query]
        best = place < k
        rows[query[best], place[best]] = candidates[best]
        scores[query[best], place[best]] = exact[best]

    def _scores(self, rows: Rows, query: Rows) -> F64:
        """Scores in float64 of pairs, a query's together: (pairs,)."""
        scores = np.empty(len(rows))
        multiplies, squares = self.fitted.multiplies, np.vecdot(self.inner, self.inner)
        size = max(1, (SCORED if multiplies else _SCORED) // self.table.dim)
        for start in range(0, len(rows), size):
            some = slice(start, start + size)
            inside, own = self._inside(rows[some], query[some])
            known = None if multiplies else squares.take(query[some])
            scores[some] = score(inside, own, self.metric, known)
        return scores

    def _inside(self, rows: Rows, query: Rows) -> tuple[F64, F64]:
        """Rows and their queries in the space: both (pairs, own dim)."""
        if not self.fitted.multiplies:
            wide = self.table.vectors.exact(rows).astype(np.float64, copy=False)
            return self.fitted.through(wide), self.inner.take(query, axis=0)
        known, place = np.unique(rows, return_inverse=True)
        wide = self.table.vectors.exact(known).astype(np.float64, copy=False)
        first, last = int(query[0]), int(query[-1]) + 1
        inside = once(self.fitted, np.vstack([self.outer[first:last], wide]))
        return inside[last - first + place], inside[query - first]

    def _one_by_one(self, rows: Rows, scores: F64, report: Report) -> None:
        for at, (own, outer) in enumerate(zip(self.own.tolist(), self.outer, strict=True)):
            query = asked(self.table, outer if own < 0 else own, self.metric, self.fitted.space)
            some, exact = query.best(query.keys(report), rows.shape[1])
            rows[at, : len(some)], scores[at, : len(some)] = some, exact
