"""The k nearest rows of every row of a table: exact, block by block, and kept for the next time.

Rows are compared as float32, as graph.py does. Blocks of the table are compared with blocks of the
table, so that a table that is mapped, or in fewer bits, is never widened as a whole, and no more
than the products of a few hundred rows are held at once. What was found is kept in the cache folder
under a digest of the numbers: the same numbers in another file have the same neighbours.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from itertools import pairwise
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt

from explorer import cache
from explorer.errors import ParameterError
from explorer.graph import knn_of
from explorer.metrics import check
from explorer.progress import Progress, Report, part, silent
from explorer.table import Table
from explorer.vectors import F32, Vectors

Rows = npt.NDArray[np.int64]
Rows32 = npt.NDArray[np.int32]
Mask = npt.NDArray[np.bool_]

# Raised whenever other neighbours would be found of the same numbers.
_VERSION = 2
# Numbers of a block: 64 MiB of float32. Blocks of fewer rows than this for each neighbour would
# bring many candidates that another block puts behind its own.
_NUMBERS = 2**24
_ROWS_PER_NEIGHBOUR = 4
_HASHED = 2**22
# Lengths up to which no product of two rows, and no distance, leaves float32.
_LARGEST = float(np.finfo(np.float32).max)
_LONGEST = {"euclidean": _LARGEST / 2, "dot": _LARGEST**0.5}


@dataclass(frozen=True, eq=False)
class AllNearest:
    """The k nearest other rows of every row, best first, equal ones in the order of their rows.

    metric: one of METRICS. rows: int32 (n, k), k fewer than asked for where there are not so many
    rows; -1 for a row that cannot be compared (NaN, infinite numbers, zeros under cosine and dot,
    and one so long that a score of it could leave float32: over 1.8e19 under dot, 1.7e38 under
    euclidean).
    scores: float32 (n, k): cosine similarity, Euclidean distance or dot product; NaN where there is
    none.
    """

    metric: str
    rows: Rows32
    scores: F32

    def __post_init__(self) -> None:
        self.rows.flags.writeable = False
        self.scores.flags.writeable = False

    @property
    def k(self) -> int:
        """How many neighbours each row has."""
        return int(self.rows.shape[1])

    @property
    def compared(self) -> Mask:
        """Whether a row has neighbours, (n,)."""
        return self.rows[:, 0] >= 0

    def first(self, k: int) -> AllNearest:
        """The nearest k of them only."""
        if k >= self.k:
            return self
        return AllNearest(self.metric, self.rows[:, :k].copy(), self.scores[:, :k].copy())


def all_nearest(
    table: Table,
    k: int = 15,
    metric: str = "cosine",
    *,
    kept: bool = True,
    report: Report = silent,
) -> AllNearest:
    """The `k` nearest other rows of every row, in the table's own numbers (as float32).

    kept: whether what was found before, of these numbers, is taken from the cache folder, and what
    is found now put there. A file there that is damaged is as if there were none.
    Raises ParameterError for another metric, k < 1, or fewer than two rows that can be compared;
    Cancelled where `report` does.
    """
    found = recalled(table, k, metric, report=part(report, 0.0, 0.02)) if kept else None
    if found is None:
        found = _searched(table.vectors, k, metric, part(report, 0.02, 1.0))
        if kept:
            _keep(found, fingerprint(table.vectors))
        _remember(table.vectors, found)
    return found


def recalled(
    table: Table, k: int = 15, metric: str = "cosine", *, report: Report = silent
) -> AllNearest | None:
    """What all_nearest finds, where that was found before, now or by another run; else None.

    Raises as all_nearest.
    """
    k = _fitting(table.vectors, k, metric)
    found = at_hand(table, k, metric)
    if found is None:
        found = _read(fingerprint(table.vectors, report), metric, len(table), k)
        if found is not None:
            _remember(table.vectors, found)
    return None if found is None else found.first(k)


def at_hand(
    table: Table, k: int, metric: str = "cosine", rows: Rows | None = None
) -> AllNearest | None:
    """The k nearest of every row, or of some in their order, where those of all were found since
    the table was opened; else None."""
    found = _known.get(table.vectors, {}).get(metric)
    if found is None or found.k < k:
        return None
    if rows is None:
        return found.first(k)
    return AllNearest(metric, found.rows[rows, :k], found.scores[rows, :k])


def comparable(vectors: Vectors, metric: str) -> Mask:
    """Whether a row can be a neighbour: finite as float32, as all its scores are, and, under
    cosine, not zeros. (rows,)"""
    fit = _directed(vectors) if metric == "cosine" else vectors.norms <= _LONGEST[metric]
    found: Mask = vectors.finite_float32 & fit
    return found


def asking(vectors: Vectors, metric: str) -> Mask:
    """Whether a row has neighbours: a row of zeros has distances, but no products. (rows,)"""
    fit = comparable(vectors, metric)
    return fit & _directed(vectors) if metric == "dot" else fit


def _directed(vectors: Vectors) -> Mask:
    directed: Mask = (vectors.norms > 0) & ~vectors.below_float32
    return directed


def fingerprint(vectors: Vectors, report: Report = silent) -> str:
    """A digest of the numbers as they are stored, with their dtype and shape: 32 hex digits."""
    digest = hashlib.blake2b(f"{vectors.dtype} {vectors.shape}".encode(), digest_size=16)
    size = max(1, _HASHED // max(1, vectors.dim))
    for start in range(0, len(vectors), size):
        report(Progress(start, len(vectors), "Looking for what was found before"))
        digest.update(np.ascontiguousarray(vectors.stored(start, start + size)).data)
    return digest.hexdigest()


def _fitting(vectors: Vectors, k: int, metric: str) -> int:
    """How many neighbours there are of those asked for. Raises as all_nearest."""
    check(k, metric)
    fit = int(comparable(vectors, metric).sum())
    if fit < 2 or not asking(vectors, metric).any():
        raise ParameterError(
            f"{'Only one row' if fit == 1 else 'No row'} of the table can be compared, and "
            "neighbours need two.",
            "Open a table with more rows that hold finite numbers, none of them too large.",
        )
    return min(k, fit - 1)


# --- searching -----------------------------------------------------------------------------------


def _searched(vectors: Vectors, k: int, metric: str, report: Report) -> AllNearest:
    fit, k = np.flatnonzero(comparable(vectors, metric)), _fitting(vectors, k, metric)
    asked = np.flatnonzero(asking(vectors, metric))
    rows = np.full((len(vectors), k), -1, dtype=np.int32)
    scores = np.full((len(vectors), k), np.nan, dtype=np.float32)
    parts = _parts(len(asked), vectors.dim, k)
    for number, (start, stop) in enumerate(parts):
        share, some = (
            part(report, number / len(parts), (number + 1) / len(parts)),
            asked[start:stop],
        )
        rows[some], scores[some] = _of_some(vectors, some, fit, k, metric, share)
    return AllNearest(metric, rows, scores)


def _of_some(
    vectors: Vectors, rows: Rows, fit: Rows, k: int, metric: str, report: Report
) -> tuple[Rows, F32]:
    """Of rows that can be compared, the k nearest of `fit`: int64 and scores float32, (m, k)."""
    queries = vectors.rows(rows)
    best = np.empty((len(rows), 0), np.int64), np.empty((len(rows), 0), np.float32)
    parts = _parts(len(fit), vectors.dim, k)
    for number, (start, stop) in enumerate(parts):
        share = part(report, number / len(parts), (number + 1) / len(parts))
        share(Progress(0, 1, "Finding neighbours"))
        base = fit[start:stop]
        near, far = _in_part(queries, rows, vectors.rows(base), base, k, metric, share)
        best = _best(best, (near, far), k, largest=metric == "dot")
    return best[0], 1 - best[1] if metric == "cosine" else best[1]


def _in_part(
    queries: F32, rows: Rows, block: F32, base: Rows, k: int, metric: str, report: Report
) -> tuple[Rows, F32]:
    """The k nearest rows of a part of the table, `base` ascending."""
    place = np.searchsorted(base, rows)
    own = np.where(base.take(place, mode="clip") == rows, place, -1)
    inside = own >= 0
    if inside.all() or not inside.any():
        own_rows = own if inside.any() else None
        near, far = knn_of(queries, block, k, own_rows, metric=metric, report=report)
        return base[near], far
    near, far = np.empty((len(rows), k), np.int64), np.empty((len(rows), k), np.float32)
    for mask in (inside, ~inside):
        some = np.flatnonzero(mask)
        near[some], far[some] = _in_part(queries[some], rows[some], block, base, k, metric, report)
    return near, far


def _parts(count: int, dim: int, k: int) -> list[tuple[int, int]]:
    """So many rows in parts of nearly one size, each of more than k rows."""
    size = max(_NUMBERS // max(1, dim), _ROWS_PER_NEIGHBOUR * (k + 1))
    edges = np.linspace(0, count, max(1, -(-count // size)) + 1).astype(np.int64).tolist()
    return list(pairwise(edges))


def _best(
    first: tuple[Rows, F32], second: tuple[Rows, F32], k: int, *, largest: bool
) -> tuple[Rows, F32]:
    """The k best of two answers (queries, some), equal ones by row number."""
    if not first[0].shape[1]:
        return second
    rows = np.concatenate([first[0], second[0]], axis=1)
    far = np.concatenate([first[1], second[1]], axis=1)
    order = np.lexsort((rows, -far if largest else far), axis=1)[:, :k]
    return np.take_along_axis(rows, order, axis=1), np.take_along_axis(far, order, axis=1)


# --- what is known already -----------------------------------------------------------------------

# The most neighbours found of each table that is still in use, by metric.
_known: WeakKeyDictionary[Vectors, dict[str, AllNearest]] = WeakKeyDictionary()


def _remember(vectors: Vectors, found: AllNearest) -> None:
    _known.setdefault(vectors, {})[found.metric] = found


def _name(digest: str, metric: str, k: int) -> str:
    return f"neighbours-{digest}-{metric}-{k}"


def _facts(digest: str, metric: str, k: int) -> dict[str, object]:
    return {"what": "neighbours", "version": _VERSION, "of": digest, "metric": metric, "k": k}


def _keep(found: AllNearest, digest: str) -> None:
    metric, k = found.metric, found.k
    cache.store(_name(digest, metric, k), _facts(digest, metric, k), [found.rows, found.scores])


def _read(digest: str, metric: str, rows: int, k: int) -> AllNearest | None:
    """At least k neighbours of `rows` rows, from the cache folder."""
    start = _name(digest, metric, 0).removesuffix("0")
    numbers = [name.removeprefix(start) for name in cache.names() if name.startswith(start)]
    for most in sorted(int(number) for number in numbers if number.isdecimal()):
        arrays = cache.load(_name(digest, metric, most), _facts(digest, metric, most))
        if most >= k and arrays is not None and _sound(arrays, rows, most):
            return AllNearest(metric, arrays[0].copy(), arrays[1].copy())
    return None


def _sound(arrays: list[cache.Array], rows: int, k: int) -> bool:
    if [array.dtype for array in arrays] != [np.int32, np.float32]:
        return False
    near, scores = arrays
    fits = near.shape == scores.shape == (rows, k)
    return fits and bool(near.min() >= -1 and near.max() < rows)
