"""Candidates for many queries at once: every tile of rows is multiplied with all of them.

What k rows of a query surely reach is a bar, known from the rows seen so far; only keys that reach
it are looked at. It is raised after 4, 16, 64, ... times as many rows, so that few more than k keys
of a query are kept each time, by the thread that comes to it: no other waits. Which rows are found
does not depend on when: in the end the bar is what k of all rows reach. Bounds are those of
explorer.nearest.measures.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from threading import Lock, local

import numpy as np
import numpy.typing as npt

from explorer.nearest.measures import Directions, Measure
from explorer.parallel import cores, over_blocks
from explorer.progress import Report
from explorer.vectors import F32, Vectors

Rows = npt.NDArray[np.int64]

# Keys of a tile: 2 MiB, which stays in the caches until they have been compared. In smaller ones a
# product takes longer for a row, and threads wait more often for the interpreter.
_KEYS = 2**19
_FEWEST_ROWS, _MOST_ROWS = 64, 4096
_NUMBERS = 2**20  # of the rows of a tile
# Bars are raised when so many times the rows have been seen, or so many keys are held.
_GROWTH, _MOST_HELD = 4, 2**20
_GROUPS_PER_NEIGHBOUR = 4  # of which k of the maxima are looked for
# More keys than these, or than so many times those wanted, lie too near each other to be held.
_MOST_PAIRS, _MOST_TIMES = 2**21, 8
_MOST_PADDED = 2**24  # keys, were as many held of every query as of the one of which most are
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
    _found: list[tuple[Rows, F32]] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        self._errors = self.measure.error(self.towards)
        self._hidden = np.unique(np.concatenate([self.without, self.measure.aside]))
        self._bars = np.full(len(self.own), _LOWEST)
        self._scratch, self._lock = local(), Lock()
        self._seen, self._held, self._raising, self._too_many = 0, 0, False, False
        self._next = _GROWTH * max(self._tile, self.k)
        self._soon_all = len(self.vectors) // 2  # from then on few more are kept

    def candidates(self, report: Report) -> tuple[Rows, Rows] | None:
        """Rows, and the place of the query each is a candidate of; both int64 (pairs,), a query's
        together. None where there are too many: keys lie within rounding of each other."""
        over_blocks(len(self.vectors), self._tile, self._compare, report, "Comparing rows")
        places, _ = self._raised(self._found)
        if self._too_many:
            return None
        found, queries = self._parted(places)
        aside, theirs = self._aside()
        found, queries = np.concatenate([found, aside]), np.concatenate([queries, theirs])
        pairs = np.sort(queries * len(self.vectors) + found)
        queries = pairs // len(self.vectors)
        return pairs - queries * len(self.vectors), queries

    @cached_property
    def _tile(self) -> int:
        most = max(_FEWEST_ROWS, min(_MOST_ROWS, _NUMBERS // self.vectors.dim))
        rows = int(np.clip(_KEYS // len(self.own), _FEWEST_ROWS, most))
        rounds = -(-len(self.vectors) // (rows * cores()))
        return -(-len(self.vectors) // (rounds * cores()))  # as many for one core as for another

    def _compare(self, start: int, stop: int) -> None:
        """Keeps what reaches the bars among these rows."""
        if self._too_many:
            return
        keys = self._multiplied(start, stop)
        if not self._seen:
            self._begin(keys)
        places = np.flatnonzero(np.greater_equal(keys, self._bars, out=self._kept[1][: len(keys)]))
        some = keys.reshape(-1).take(places)
        places += start * len(self.own)
        with self._lock:
            self._found.append((places, some))
            self._seen, self._held = self._seen + len(keys), self._held + len(places)
            due = self._next <= self._seen < self._soon_all or self._held > _MOST_HELD
            if not due or self._raising:
                return
            found, self._found = self._found, []
            self._raising, self._next = True, _GROWTH * self._seen
        self._hold(self._raised(found))

    def _begin(self, keys: F32) -> None:
        """The first bars, from the keys of some rows: k of the groups' maxima are k keys."""
        of = max(1, len(keys) // (_GROUPS_PER_NEIGHBOUR * self.k))
        groups = len(keys) // of
        if groups >= self.k:
            maxima = keys[: groups * of].reshape(of, groups, -1).max(axis=0)
            self._set_bars(np.arange(len(self.own)), _kth(maxima.T, self.k))

    def _hold(self, found: tuple[Rows, F32]) -> None:
        with self._lock:
            self._found.append(found)
            self._held = sum(len(places) for places, _ in self._found)
            self._raising = False

    def _multiplied(self, start: int, stop: int) -> F32:
        """Keys of the rows with all queries, in this thread's scratch: (rows, queries), -inf for
        what must not be found."""
        keys = self._kept[0][: stop - start]
        with np.errstate(over="ignore", invalid="ignore"):
            rows = self.vectors.slice(start, stop)
            self.measure.multiplied(rows, slice(start, stop), self.towards, keys)
        first, last = np.searchsorted(self._hidden, (start, stop))
        keys[self._hidden[first:last] - start] = -np.inf
        mine = np.flatnonzero((self.own >= start) & (self.own < stop))
        keys[self.own[mine] - start, mine] = -np.inf
        return keys

    @property
    def _kept(self) -> tuple[F32, npt.NDArray[np.bool_]]:
        """Scratch of this thread, for keys and for which of them are kept. New memory for each tile
        would cost a third of the time in page faults."""
        scratch: tuple[F32, npt.NDArray[np.bool_]] | None = getattr(self._scratch, "kept", None)
        if scratch is None:
            shape = (self._tile, len(self.own))
            scratch = np.empty(shape, dtype=np.float32), np.empty(shape, dtype=np.bool_)
            self._scratch.kept = scratch
        return scratch

    def _parted(self, places: Rows) -> tuple[Rows, Rows]:
        """Rows and queries of places in the table of all keys."""
        rows = places // len(self.own)
        return rows, places - rows * len(self.own)

    def _raised(self, found: list[tuple[Rows, F32]]) -> tuple[Rows, F32]:
        """Raises the bars by what was found, and gives what reaches them."""
        places, keys = (np.concatenate(some) for some in zip(*found, strict=True))
        queries = self._parted(places)[1].astype(np.uint16)
        order = np.argsort(queries, kind="stable")  # by digits: quick
        places, queries, keys = places[order], queries[order], keys[order]
        counts = np.bincount(queries, minlength=len(self.own))
        enough, most = np.flatnonzero(counts >= self.k), int(counts.max())
        self._too_many |= most * len(self.own) > _MOST_PADDED
        if len(enough) and not self._too_many:
            first = np.cumsum(counts) - counts
            padded = np.full((len(self.own), most), -np.inf, dtype=np.float32)
            padded[queries, np.arange(len(queries)) - first[queries]] = keys
            self._set_bars(enough, _kth(padded[enough], self.k))
        kept = np.flatnonzero(keys >= self._bars[queries])
        self._too_many |= len(kept) > max(_MOST_PAIRS, _MOST_TIMES * self.k * len(self.own))
        return places[kept], keys[kept]

    def _set_bars(self, queries: Rows, kth: F32) -> None:
        """What k keys of these queries reach, less what rounding may have done to both."""
        bars = kth - 2 * self._errors[queries]
        bars -= 2.0**-22 * np.abs(bars)  # as float32 they are no higher
        raised = self._bars.copy()
        raised[queries] = np.maximum(bars, raised[queries])
        self._bars = raised

    def _aside(self) -> tuple[Rows, Rows]:
        """Of the rows whose bounds are wide or unknown, those that may reach a bar, and of which
        query."""
        rows = np.setdiff1d(self.measure.aside, self.without)
        if not len(rows):
            return rows, rows
        with np.errstate(over="ignore", invalid="ignore"):
            keys = np.asarray(self.vectors.rows(rows) @ self.towards.units.T)
            self.measure.finish(keys, rows, self.towards)
            high = keys + self.measure.errors(rows, self.towards)
        may = ~(high < self._bars + self._errors) & (rows[:, None] != self.own)
        place, queries = np.nonzero(may)
        return rows[place], queries


def _kth(keys: F32, k: int) -> F32:
    """The k-th largest of every line."""
    at = keys.shape[1] - k
    kth: F32 = np.partition(keys, at, axis=1)[:, at]
    return kth
