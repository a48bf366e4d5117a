"""Exact k nearest rows of a table, in the raw space: every row is compared, nothing is sampled.

One pass over the table in blocks, as matrix-vector products in float32 that only choose
candidates; the candidates are scored again in float64. Which rows are candidates follows from the
rounding error bound of a float32 dot product (Higham 2002, Accuracy and Stability of Numerical
Algorithms, section 3.1), so no neighbour is lost to rounding, and no copy of the table is made.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from explorer.errors import NotFoundError, ParameterError
from explorer.progress import Progress, Report, silent
from explorer.table import Note, Table
from explorer.vectors import F32, lengths

F64 = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]

METRICS = ("cosine", "euclidean", "dot")

_UNIT_ROUNDOFF = {"f32": 2.0**-24, "f64": 2.0**-53}
# Below this norm the products of a row may underflow (float32: 2^-126), and the bound fails.
_SMALLEST = 2.0**-100
# Candidates scored at once: 8,192 rows of 2,048 numbers are 128 MiB in float64.
_RESCORED = 8192


@dataclass(frozen=True, eq=False)
class Neighbors:
    """The rows nearest to a query, best first; equal scores in the order of their rows.

    query_row: the row asked for, or None where a vector was asked for.
    metric: one of METRICS. space: what the vectors were, "raw" as stored.
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


def neighbors(
    table: Table,
    query: int | np.integer | npt.ArrayLike,
    k: int = 10,
    metric: str = "cosine",
    *,
    exclude: Collection[int] = (),
    report: Report = silent,
) -> Neighbors:
    """The `k` rows nearest to a row or a vector, over all rows of the table.

    query: a row number, itself left out of the answer, or a float vector (dim,).
    metric: "cosine" or "dot" (highest first), or "euclidean" (lowest first).
    exclude: further rows that must not be in the answer.
    Rows with NaN or infinite numbers are left out, and zero rows under cosine.
    Raises NotFoundError for a row that is not there, ParameterError for a query without a
    direction (cosine, dot), with NaN in it or of another length, an unknown metric, or k < 1.
    """
    _check(k, metric)
    row, vector = _query(table, query, metric)
    notes, unfit = _left_out(table, metric)
    hidden = [row] if row is not None else []
    without = np.unique(np.concatenate([unfit, np.asarray([*exclude, *hidden], dtype=np.int64)]))
    candidates = _candidates(table, vector, k, metric, without, report)
    scores = _rescored(table, candidates, vector, metric)
    order = np.lexsort((candidates, scores if metric == "euclidean" else -scores))[:k]
    return Neighbors(row, metric, candidates[order], scores[order], notes)


def _check(k: int, metric: str) -> None:
    if metric not in METRICS:
        raise ParameterError(
            f"There is no metric {metric!r}.", f"Choose one of: {', '.join(METRICS)}."
        )
    if k < 1:
        raise ParameterError(f"The number of neighbours cannot be {k}.", "It must be at least 1.")


def _query(table: Table, query: object, metric: str) -> tuple[int | None, F64]:
    """The row number (None for a vector) and the float64 vector (dim,) that are asked for."""
    row = int(query) if isinstance(query, int | np.integer) else None
    if row is None:
        vector = np.asarray(query, dtype=np.float64)
        name = "The query vector"
    else:
        vector = _row_vector(table, row)
        name = f"Row {row:,} ({table.tokens[row]!r})"
    _check_query(vector, table.dim, metric, name)
    return row, vector


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


def _check_query(vector: F64, dim: int, metric: str, name: str) -> None:
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
    if metric != "euclidean" and not vector.any():
        raise ParameterError(
            f"{name} is all zeros: it has no direction, so {metric} cannot rank its neighbours.",
            "Choose another row, or the Euclidean metric.",
        )


def _left_out(table: Table, metric: str) -> tuple[tuple[Note, ...], Rows]:
    """The rows that cannot be compared, in words and as row numbers."""
    notes, rows = [], table.broken_rows
    if broken := len(rows):
        notes.append(
            Note(
                f"{_count(broken)} with NaN or infinite numbers left out.",
                "warning",
                tuple(rows[:20].tolist()),
            )
        )
    if large := len(table.too_large_rows):
        first = tuple(table.too_large_rows[:20].tolist())
        text = f"{_count(large)} with numbers too large for float32 left out."
        notes.append(Note(text, "warning", first))
        rows = np.concatenate([rows, table.too_large_rows])
    if metric == "cosine" and (zero := len(table.zero_rows)):
        first = tuple(table.zero_rows[:20].tolist())
        notes.append(Note(f"{_count(zero)} of zeros left out: no direction.", "info", first))
        rows = np.concatenate([rows, table.zero_rows])
    return tuple(notes), rows


def _count(rows: int) -> str:
    return f"{rows:,} {'row' if rows == 1 else 'rows'}"


# --- choosing candidates -----------------------------------------------------------------------


class _Pool:
    """The rows that may still be among the k best, each with the bounds of its key."""

    def __init__(self, k: int) -> None:
        self._k = k
        self._rows: list[Rows] = []
        self._low: list[F64] = []
        self._high: list[F64] = []
        self._size = 0
        self.bar = -np.inf  # the k-th best lower bound: what lies surely below it is out

    def add(self, start: int, low: F64, high: F64, without: Rows) -> None:
        """Rows from `start` on, by the bounds of their keys; `without` are places to skip."""
        few = 4 * self._k + 1024
        if self.bar == -np.inf and len(low) > 2 * few:  # a bar from a few rows spares the rest
            head = without < few
            self.add(start, low[:few], high[:few], without[head])
            start, low, high, without = start + few, low[few:], high[few:], without[~head] - few
        keep = high >= self.bar
        keep[without] = False
        place = np.flatnonzero(keep)
        self._keep(place + start, low[place], high[place])

    def _keep(self, rows: Rows, low: F64, high: F64) -> None:
        self._rows.append(rows)
        self._low.append(low)
        self._high.append(high)
        self._size += len(rows)
        if self._size >= 2 * self._k + 512:
            self._thin()

    def rows(self) -> Rows:
        """The candidates, in no order."""
        self._thin()
        return self._rows[0] if self._rows else np.empty(0, dtype=np.int64)

    def _thin(self) -> None:
        if not self._rows:
            return
        rows = np.concatenate(self._rows)
        low, high = np.concatenate(self._low), np.concatenate(self._high)
        if len(rows) > self._k:
            self.bar = float(np.partition(low, -self._k)[-self._k])
            keep = high >= self.bar
            rows, low, high = rows[keep], low[keep], high[keep]
        self._rows, self._low, self._high, self._size = [rows], [low], [high], len(rows)


def _candidates(
    table: Table, vector: F64, k: int, metric: str, without: Rows, report: Report
) -> Rows:
    """Rows among which the k nearest surely are: int64, in no order."""
    length = float(lengths(vector[None])[0])
    # A unit query keeps float32 products in range whatever the scale of the numbers.
    unit = (vector / length if length else vector).astype(np.float32)
    bounds = _bounds(metric, length, table.dim)
    pool, norms, total = _Pool(k), table.vectors.norms, len(table)
    for start, block in table.vectors.blocks():
        stop = start + len(block)
        report(Progress(start, total, "Comparing rows"))
        low, high = bounds(_products(block, unit), norms[start:stop])
        first, last = np.searchsorted(without, (start, stop))
        pool.add(start, low, high, without[first:last] - start)
    return pool.rows()


def _products(block: F32, unit: F32) -> F32:
    # Rows with NaN or infinities are dropped afterwards: their products are no warning's matter.
    with np.errstate(over="ignore", invalid="ignore"):
        products: F32 = block @ unit
    return products


Bounds = Callable[[F32, F64], tuple[F64, F64]]


def _bounds(metric: str, length: float, dim: int) -> Bounds:
    """A function (products with the unit query, norms) -> lowest and highest key; best is highest.

    The float32 product of two vectors is wrong by at most (dim + 2) u |x| |q|, the rounding of the
    query to float32 and to unit length included.
    """
    relative = (dim + 4) * _UNIT_ROUNDOFF["f32"]

    def bounds(products: F32, norms: F64) -> tuple[F64, F64]:
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            key, error = _key(metric, products.astype(np.float64), norms, length, relative)
            low, high = key - error, key + error
        # A product that left float32's range tells nothing: such a row stays a candidate.
        unknown = ~np.isfinite(products) | ((norms > 0) & (norms < _SMALLEST))
        low[unknown], high[unknown] = -np.inf, np.inf
        return low, high

    return bounds


def _key(metric: str, products: F64, norms: F64, length: float, relative: float) -> tuple[F64, F64]:
    """What is ranked, best highest, and how far rounding may have moved it; both (rows,)."""
    if metric == "cosine":
        return products / norms, np.full(len(norms), relative)
    if metric == "dot":
        return products, relative * norms
    squares = np.square(norms)
    error = 2 * length * relative * norms + 8 * _UNIT_ROUNDOFF["f64"] * squares
    return 2 * length * products - squares, error


def _rescored(table: Table, rows: Rows, vector: F64, metric: str) -> F64:
    """Scores in float64 of the rows: (rows,). Summed alike in every row, so that equal rows tie."""
    scores = np.empty(len(rows))
    for start in range(0, len(rows), _RESCORED):
        part = slice(start, start + _RESCORED)
        wide = table.vectors.exact(rows[part]).astype(np.float64)
        scores[part] = _scores(wide, vector, metric)
    return scores


def _scores(wide: F64, vector: F64, metric: str) -> F64:
    if metric == "euclidean":
        distances: F64 = np.sqrt(np.square(wide - vector).sum(axis=1))
        return distances
    if metric == "dot":
        dots: F64 = (wide * vector).sum(axis=1)
        return dots
    wide, vector = _scaled(wide), _scaled(vector[None])[0]
    norms = np.sqrt(np.square(wide).sum(axis=1)) * np.sqrt(np.square(vector).sum())
    cosines: F64 = np.clip((wide * vector).sum(axis=1) / norms, -1.0, 1.0)
    return cosines


def _scaled(wide: F64) -> F64:
    """The rows times a power of two each, which rounds nothing, so that no square vanishes."""
    largest = np.abs(wide).max(axis=1, initial=0.0)
    if largest.min(initial=1.0) > 1e-100 and largest.max(initial=1.0) < 1e100:
        return wide
    scaled: F64 = np.ldexp(wide, -np.frexp(largest)[1][:, None])
    return scaled
