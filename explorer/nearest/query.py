"""A query in a fitted space: checked, and scored in float64 against the rows that may be near."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from explorer.errors import ParameterError
from explorer.metrics import check
from explorer.nearest.measures import Keys, Measure, measure
from explorer.parallel import one_blas_thread
from explorer.progress import Report, silent
from explorer.spaces import RAW, Fitted, Space, fit, parse_space, smallest
from explorer.table import Note, Table
from explorer.vectors import length, lengths

F64 = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]

# Numbers of candidates that are scored at once: 2 MiB of float64, near the core that works on them.
SCORED = 2**18
# Numbers of a matrix from which BLAS uses threads that cost more than they give.
_WIDE = 2**18
# Numbers of a query: their squares are to stay within float64.
_LARGEST = 1e150
# Where less than this share of two squares is left of their difference, digits were lost.
_CANCELLED = 1e-3


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

    @cached_property
    def pulled(self) -> F64:
        """What stored rows, less the mean, are multiplied with: float64 (dim,)."""
        with _few_threads(self.fitted):
            return self.fitted.pulled(self.inner)

    def keys(self, report: Report = silent) -> Keys:
        """The approximate keys of all rows: one pass over the table."""
        return self.measure.keys(self.table.vectors, self.pulled, report)

    def scores(self, rows: Rows) -> F64:
        """Scores in float64 of the rows: (rows,). Equal rows have equal scores."""
        if self.fitted.whitening is not None:
            return self._by_algebra(rows)
        return self._by_numbers(rows)

    def _by_algebra(self, rows: Rows) -> F64:
        """From products with the rows as they are stored, and their lengths in the space, which are
        known. Whitening some rows of 2,048 numbers takes a sixth of the time of a pass."""
        dots = np.empty(len(rows))
        size = max(1, SCORED // self.table.dim)
        for start in range(0, len(rows), size):
            some = slice(start, start + size)
            wide = self.table.vectors.exact(rows[some]).astype(np.float64, copy=False)
            dots[some] = np.vecdot(wide - self.fitted.mean, self.pulled)
        if self.metric == "dot":
            return dots
        norms, own = _alike(self.fitted.norms[rows], dots), length(self.inner)
        if self.metric == "cosine":
            return np.clip(dots / (norms * own), -1.0, 1.0)
        squares = np.square(norms) + own**2
        scores = np.sqrt(np.maximum(squares - 2 * dots, 0))
        near = np.flatnonzero(squares - 2 * dots < _CANCELLED * squares)
        scores[near] = self._by_numbers(rows[near])
        return scores

    def _by_numbers(self, rows: Rows) -> F64:
        """From the rows taken to the space."""
        scores = np.empty(len(rows))
        size = max(1, SCORED // self.table.dim)
        for start in range(0, len(rows), size):
            some = slice(start, start + size)
            wide = self.table.vectors.exact(rows[some]).astype(np.float64, copy=False)
            inside, own = self._inside(wide)
            scores[some] = score(inside, own[None], self.metric)
        return scores

    def best(self, keys: Keys, k: int, exclude: Collection[int] = ()) -> tuple[Rows, F64]:
        """The k best rows and their scores, by the keys of this query."""
        rows = keys.candidates(min(k, len(keys.values)), self.without(exclude))
        scores = self.scores(rows)
        order = self.order(rows, scores)[:k]
        return rows[order], scores[order]

    def without(self, exclude: Collection[int] = ()) -> Rows:
        """Rows that are not to be found: those excluded, the query's own, those unfit."""
        own = [] if self.row is None else [self.row]
        unfit = left_out(self.table, self.fitted, self.metric)[1]
        return np.concatenate([unfit, np.asarray([*exclude, *own], dtype=np.int64)])

    def order(self, rows: Rows, scores: F64) -> Rows:
        """Places from the best to the worst, equal scores by row."""
        return np.lexsort((rows, scores if self.metric == "euclidean" else -scores))

    def _inside(self, wide: F64) -> tuple[F64, F64]:
        """The rows in the space, and the query as one of them."""
        if self.outer is None:
            return once(self.fitted, wide), self.inner
        inside = once(self.fitted, np.concatenate([self.outer[None], wide]))
        return inside[1:], inside[0]


def _few_threads(fitted: Fitted) -> AbstractContextManager[None]:
    """One BLAS thread where a wide matrix is multiplied with a vector: where other programs run,
    two of them wait for each other five times as long as one works."""
    wide = fitted.whitening is not None and fitted.whitening.size > _WIDE
    return one_blas_thread() if wide else nullcontext()


def _alike(norms: F64, dots: F64) -> F64:
    """The lengths, one for all equal rows, which have equal products: lengths found in blocks may
    have been rounded differently."""
    if len(set(dots.tolist())) == len(dots):
        return norms
    _, first, place = np.unique(dots, return_index=True, return_inverse=True)
    one: F64 = norms[first][place]
    return np.where(np.abs(one - norms) <= 1e-13 * norms, one, norms)


def once(fitted: Fitted, wide: F64) -> F64:
    """The rows in the space, each of several equal ones worked out once: products of many rows
    round equal ones differently where blocks end."""
    if not fitted.multiplies:
        return fitted.through(wide)
    if len(set(wide[:, 0].tolist())) == len(wide):
        return fitted.through(wide)
    known: dict[bytes, int] = {}
    place = [known.setdefault(row.tobytes(), len(known)) for row in wide]
    first = np.unique(place, return_index=True)[1]
    return fitted.through(wide[first])[place]


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
    with _few_threads(fitted):
        inner = fitted.through(vector[None])[0]
    own = length(vector) if row is None else table.vectors.norms[row]
    if fitted.affine and length(inner) <= smallest(fitted, np.asarray(own)):
        inner = np.zeros_like(inner)
    return Query(table, fitted, metric, inner, row, name, vector)


def asked_many(
    table: Table, queries: npt.NDArray[np.generic], metric: str, fitted: Fitted
) -> tuple[Rows, F64, F64]:
    """Row numbers (m,) or vectors (m, dim) in the space: the row that each is, int64 (m,), -1 for
    none; the vectors as the table has them, and in the space. Raises what `asked` raises."""
    if queries.ndim == 1 and queries.dtype.kind in "iu":
        own = queries.astype(np.int64)
        _refuse(table, queries, metric, fitted, (own < 0) | (own >= len(table)))
        _refuse(table, queries, metric, fitted, table.vectors.beyond_float32[own])
        outer = table.vectors.exact(own).astype(np.float64)
    else:
        own, outer = np.full(len(queries), -1), np.asarray(queries, dtype=np.float64)
        shaped = outer.ndim == 2 and outer.shape[1] == table.dim
        _refuse(table, queries, metric, fitted, np.full(len(own), not shaped))
        outer = outer.reshape(len(own), table.dim)
    _refuse(table, queries, metric, fitted, ~(np.abs(outer) <= _LARGEST).all(axis=1))
    inner = once(fitted, outer)
    if fitted.affine:
        inner[lengths(inner) <= smallest(fitted, lengths(outer))] = 0
    wrong = ~(np.abs(inner) <= _LARGEST).all(axis=1)
    if metric != "euclidean":
        wrong |= ~inner.any(axis=1)
    _refuse(table, queries, metric, fitted, wrong)
    return own, outer, inner


def _refuse(
    table: Table,
    queries: npt.NDArray[np.generic],
    metric: str,
    fitted: Fitted,
    wrong: npt.NDArray[np.bool_] | np.bool_,
) -> None:
    """Raises, in words, what is wrong with the first of these queries."""
    for query in queries[wrong]:
        asked(table, query, metric, fitted.space)


def _row_vector(table: Table, row: int) -> F64:
    table.check_row(row)
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
    _check_size(vector, name)


def _check_size(vector: F64, name: str) -> None:
    if not (np.abs(vector) <= _LARGEST).all():
        raise ParameterError(f"{name} is too large to be compared.", "Choose another one.")


def _check_inner(query: Query) -> None:
    _check_size(query.inner, query.name)
    if query.metric != "euclidean" and not query.inner.any():
        space = query.fitted.space
        where = "" if space.name in ("raw", "unit") else f" in the space {str(space)!r}"
        raise ParameterError(
            f"{query.name} is all zeros{where}: it has no direction, so {query.metric} cannot rank "
            "its neighbours.",
            "Choose another row, or the Euclidean metric.",
        )


def left_out(table: Table, fitted: Fitted, metric: str) -> tuple[tuple[Note, ...], Rows]:
    """The rows that cannot be compared, in words and as row numbers; looked for once."""
    key = f"left out of {metric}"
    if key not in fitted.kept:
        fitted.kept[key] = _left_out(table, fitted, metric)
    found: tuple[tuple[Note, ...], Rows] = fitted.kept[key]
    return found


def _left_out(table: Table, fitted: Fitted, metric: str) -> tuple[tuple[Note, ...], Rows]:
    groups = [
        (table.broken_rows, "with NaN or infinite numbers left out.", "warning"),
        (table.too_large_rows, "with numbers too large for float32 left out.", "warning"),
    ]
    if metric == "cosine":
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


def score(wide: F64, vectors: F64, metric: str, own: F64 | None = None) -> F64:
    """Of rows (n, dim) with one vector (1, dim) or one each (n, dim), summed alike in every row.
    own: the squared lengths of the vectors, (1,) or (n,), where they are known."""
    if metric == "euclidean":
        wide = wide - vectors
        distances: F64 = np.sqrt(np.vecdot(wide, wide))
        return distances
    if metric == "dot":
        dots: F64 = np.vecdot(wide, vectors)
        return dots
    squares = np.vecdot(wide, wide)
    own = np.vecdot(vectors, vectors) if own is None else own
    if not (_within(squares) and _within(own)):
        wide, vectors = _scaled(wide), _scaled(vectors)
        squares, own = np.vecdot(wide, wide), np.vecdot(vectors, vectors)
    cosines: F64 = np.vecdot(wide, vectors) / (np.sqrt(squares) * np.sqrt(own))
    return np.clip(cosines, -1.0, 1.0, out=cosines)


def _within(squares: F64) -> bool:
    """Whether no square has vanished or overflown."""
    return bool(squares.min(initial=1.0) > 1e-200 and squares.max(initial=1.0) < 1e200)


def _scaled(wide: F64) -> F64:
    """The rows times a power of two each, which rounds nothing, so that no square vanishes."""
    scaled: F64 = np.ldexp(wide, -np.frexp(np.abs(wide).max(axis=1, initial=0.0))[1][:, None])
    return scaled
