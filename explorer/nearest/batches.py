"""Candidates for many queries at once: every tile of rows is multiplied with all of them.

What k rows of a query surely reach is a bar, known from the rows seen so far; only keys that reach
it are looked at. It is raised after 4, 16, 64, ... times as many rows, so that few more than k keys
of a query are kept each time. Bounds are those of explorer.nearest.measures.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from threading import local

import numpy as np
import numpy.typing as npt

from explorer.nearest.measures import Directions, Measure
from explorer.parallel import one_blas_thread, over_blocks
from explorer.progress import Report, part
from explorer.vectors import F32, Vectors

F64 = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]

# Keys of a tile: 1 MiB, which stays in a core's own cache until they have been compared.
_KEYS = 2**18
_FEWEST_ROWS, _MOST_ROWS = 64, 4096
_NUMBERS = 2**20  # of the rows of a tile
# Rows that the first bars are made from, and how many times as many each later stage has seen.
_FIRST_ROWS, _GROWTH = 1024, 4
_GROUP = 8
# More keys than these, or than so many times those wanted, lie too near each other to be held.
_MOST_PAIRS, _MOST_TIMES = 2**21, 8
_LOWEST = np.float32(np.finfo(np.float32).min)


@dataclass(eq=False)
class Batch:
    """Some queries, as what stored rows are multiplied with.

    towards: what rows are multiplied with. own: int64 (queries,), the row that each query is, -1
    for none. without: rows that no query may have. k: neighbours wanted.
    """

    vectors: Vectors
    measure: Measure
    towards: Directions
    own: Rows
    without: Rows
    k: int
    _bars: F32 = field(init=False)
    _found: list[tuple[Rows, Rows, F32]] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        self._factors = self.towards.units.T
        self._errors = self.measure.error(self.towards)
        self._hidden = np.unique(np.concatenate([self.without, self.measure.aside]))
        self._bars = np.full(len(self.own), _LOWEST)
        self._scratch = local()

    def candidates(self, report: Report) -> tuple[Rows, Rows] | None:
        """Rows, and the place of the query each is a candidate of; both int64 (pairs,), a query's
        together. None where there are too many: keys lie within rounding of each other."""
        rows = len(self.vectors)
        stop = min(rows, max(_FIRST_ROWS, 4 * self.k))
        with one_blas_thread():  # more would still be spinning while our own threads work
            self._begin(stop)
        while stop < rows:
            start, stop = stop, min(rows, stop * _GROWTH)
            stage, share = partial(self._compare, start), part(report, start / rows, stop / rows)
            over_blocks(stop - start, self._tile, stage, share, "Comparing rows")
            self._raise_bars()
            if len(self._found[0][0]) > max(_MOST_PAIRS, _MOST_TIMES * self.k * len(self.own)):
                return None
        found, queries, _ = self._found[0]
        aside, theirs = self._aside()
        found, queries = np.concatenate([found, aside]), np.concatenate([queries, theirs])
        order = np.lexsort((found, queries))
        return found[order], queries[order]

    @property
    def _tile(self) -> int:
        most = max(_FEWEST_ROWS, min(_MOST_ROWS, _NUMBERS // self.vectors.dim))
        return int(np.clip(_KEYS // len(self.own), _FEWEST_ROWS, most))

    def _begin(self, stop: int) -> None:
        """The first bars, from the rows up to `stop`, and what reaches them."""
        keys = self._multiplied(0, stop, np.empty((stop, len(self.own)), dtype=np.float32))
        if stop >= self.k:
            # k of the groups' maxima are k keys.
            groups = stop // _GROUP if stop >= _GROUP * 4 * self.k else stop
            maxima = keys[: stop // groups * groups].reshape(-1, groups, len(self.own)).max(axis=0)
            some = np.partition(maxima.T.copy(), groups - self.k, axis=1)[:, groups - self.k]
            self._set_bars(np.arange(len(self.own)), some)
        self._keep(0, keys)

    def _compare(self, stage: int, start: int, stop: int) -> None:
        """Keeps what reaches the bars among the rows start..stop, counted from the stage's."""
        scratch: F32 | None = getattr(self._scratch, "keys", None)
        if scratch is None:
            # New memory for each tile would cost a third of the time in page faults.
            scratch = np.empty((self._tile, len(self.own)), dtype=np.float32)
            self._scratch.keys = scratch
        self._keep(stage + start, self._multiplied(stage + start, stage + stop, scratch))

    def _keep(self, start: int, keys: F32) -> None:
        places = np.flatnonzero(keys >= self._bars)
        rows, queries = np.divmod(places, len(self.own))
        self._found.append((rows + start, queries, keys.reshape(-1)[places]))

    def _multiplied(self, start: int, stop: int, scratch: F32) -> F32:
        """Keys of the rows with all queries, in the scratch: (rows, queries), -inf for what must
        not be found."""
        keys = scratch[: stop - start]
        with np.errstate(over="ignore", invalid="ignore"):
            np.matmul(self.vectors.slice(start, stop), self._factors, out=keys)
            self.measure.finish(keys, slice(start, stop), self.towards)
        first, last = np.searchsorted(self._hidden, (start, stop))
        keys[self._hidden[first:last] - start] = -np.inf
        mine = np.flatnonzero((self.own >= start) & (self.own < stop))
        keys[self.own[mine] - start, mine] = -np.inf
        return keys

    def _raise_bars(self) -> None:
        """From what was found so far; what no longer reaches the bars is dropped."""
        rows, queries, keys = (np.concatenate(some) for some in zip(*self._found, strict=True))
        order = np.argsort(queries.astype(np.uint16), kind="stable")  # by digits: quick
        rows, queries, keys = rows[order], queries[order], keys[order]
        counts = np.bincount(queries, minlength=len(self.own))
        enough = np.flatnonzero(counts >= self.k)
        if len(enough):
            first, most = np.cumsum(counts) - counts, int(counts.max())
            padded = np.full((len(self.own), most), -np.inf, dtype=np.float32)
            padded[queries, np.arange(len(queries)) - first[queries]] = keys
            kth = np.partition(padded[enough], most - self.k, axis=1)[:, most - self.k]
            self._set_bars(enough, kth)
        kept = keys >= self._bars[queries]
        self._found = [(rows[kept], queries[kept], keys[kept])]

    def _set_bars(self, queries: Rows, kth: F32) -> None:
        """What k keys of these queries reach, less what rounding may have done to both."""
        bars = kth - 2 * self._errors[queries]
        bars -= 2.0**-22 * np.abs(bars)  # as float32 they are no higher
        self._bars[queries] = np.maximum(bars, _LOWEST).astype(np.float32)

    def _aside(self) -> tuple[Rows, Rows]:
        """Of the rows whose bounds are wide or unknown, those that may reach a bar."""
        rows = np.setdiff1d(self.measure.aside, self.without)
        if not len(rows):
            return rows, rows
        with np.errstate(over="ignore", invalid="ignore"):
            keys = np.asarray(self.vectors.rows(rows) @ self._factors)
            self.measure.finish(keys, rows, self.towards)
            high = keys + self.measure.errors(rows, self.towards)
        may = ~(high < self._bars + self._errors) & (rows[:, None] != self.own)
        place, queries = np.nonzero(may)
        return rows[place], queries
