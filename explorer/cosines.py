"""Cosines of rows: one with all, which colours a map live; two; all pairs; the odd one out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from explorer.errors import ParameterError
from explorer.products import products
from explorer.progress import Progress, Report, silent
from explorer.spaces import RAW, Fitted, Space, fit
from explorer.table import Table
from explorer.vectors import F32, Vectors

F64 = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]

ORDERS = ("given", "clustered")
LARGEST_MATRIX = 2000  # rows: 32 MB of cosines, and already more than an eye can read

_NUMBERS = 2**20  # in a block: 4 MiB of float32, which stays near the core that reads it
_BEST_ORDER = 1000  # rows up to which the best order of the leaves takes about a second


def cosines(vectors: Vectors, row: int, report: Report = silent) -> F32:
    """Cosine similarity of every row with `row`, float32 (rows,) in [-1, 1].

    NaN for rows without a direction (zeros), or with NaN, infinite numbers or such as float32 does
    not hold; for every row where `row` itself is one. One pass over the table, block by block; no
    copy of it is made. The error is that of a float32 dot product.
    """
    query = vectors.exact(row).astype(np.float64)
    norms = vectors.norms
    if not 0 < norms[row] < np.inf:
        return np.full(len(vectors), np.nan, dtype=np.float32)
    direction = (query / norms[row]).astype(np.float32)
    found = products(vectors, direction, report, "Comparing")
    with np.errstate(all="ignore"):
        found /= norms
    found[~np.isfinite(found)] = np.nan
    return np.clip(found, -1, 1, out=found)


def directions(vectors: npt.ArrayLike) -> F64:
    """The vectors (n, dim) at unit length, float64; NaN for one without a direction.

    Zeros, NaN and infinities have none. Scaled by a power of two first, which rounds nothing, so
    that no square vanishes or overflows.
    """
    wide = np.array(vectors, dtype=np.float64, ndmin=2)
    largest = np.abs(wide).max(axis=1, initial=0.0)
    sound = (largest > 0) & (largest < np.inf)
    wide[~sound] = np.nan
    wide[sound] = np.ldexp(wide[sound], -np.frexp(largest[sound])[1][:, None])
    units: F64 = wide / np.sqrt(np.einsum("ij,ij->i", wide, wide))[:, None]
    return units


def cosine(first: npt.ArrayLike, second: npt.ArrayLike) -> float:
    """Cosine of two vectors (dim,), in [-1, 1]; NaN where one has no direction."""
    one, other = directions(first)[0], directions(second)[0]
    return float(np.clip(one @ other, -1.0, 1.0))


# --- all pairs of some rows --------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class SimilarityMatrix:
    """The cosine of every pair of some rows.

    rows: int64 (n,), in the order of the matrix.
    values: float64 (n, n), symmetric, in [-1, 1], 1 on the diagonal; NaN in the line and column
        of a row without a direction.
    order: one of ORDERS, how the rows are ordered.
    """

    rows: Rows
    values: F64
    order: str = "given"

    def __post_init__(self) -> None:
        self.rows.flags.writeable = False
        self.values.flags.writeable = False

    @property
    def without_direction(self) -> Rows:
        """Rows that cannot be compared: zeros, or with NaN or infinite numbers."""
        without: Rows = self.rows[np.isnan(np.diagonal(self.values))]
        return without

    @property
    def pairs(self) -> F64:
        """The cosines of different rows, each pair once, those that are NaN left out: (m,)."""
        values: F64 = self.values[np.triu_indices(len(self.rows), 1)]
        return values[~np.isnan(values)]


def similarity_matrix(
    table: Table, rows: Sequence[int] | Rows, order: str = "given", report: Report = silent
) -> SimilarityMatrix:
    """Cosines of all pairs of `rows` (each counts once), in float64.

    order: "given", or "clustered": rows that are alike stand together, by average linkage of
        1 - cosine; up to 1,000 rows in the order that puts neighbours nearest (Bar-Joseph et al.
        2001, Fast optimal leaf ordering for hierarchical clustering).
    Raises NotFoundError for a row that is not there, ParameterError for no row, more than
    LARGEST_MATRIX or an unknown order.
    """
    if order not in ORDERS:
        raise ParameterError(
            f"There is no order {order!r}.", f"Choose one of: {', '.join(ORDERS)}."
        )
    chosen = distinct_rows(table, rows)
    if not 1 <= len(chosen) <= LARGEST_MATRIX:
        raise ParameterError(
            f"A similarity matrix of {len(chosen):,} rows cannot be made.",
            f"Choose 1 to {LARGEST_MATRIX:,} rows.",
        )
    report(Progress(0, 2, "Comparing"))
    units = directions(table.vectors.exact(chosen))
    values = np.clip(units @ units.T, -1.0, 1.0)
    np.fill_diagonal(values, np.where(np.isnan(units[:, 0]), np.nan, 1.0))
    if order == "clustered":
        report(Progress(1, 2, "Ordering"))
        place = _clustered(values)
        chosen, values = chosen[place], values[np.ix_(place, place)]
    return SimilarityMatrix(chosen, values, order)


def _clustered(values: F64) -> Rows:
    """Places of the matrix's rows, alike beside alike; those without a direction last."""
    unfit = np.isnan(np.diagonal(values))
    fit, last = np.flatnonzero(~unfit), np.flatnonzero(unfit)
    if len(fit) < 3:
        return np.concatenate([fit, last])
    from scipy.cluster.hierarchy import leaves_list, linkage

    part = values[np.ix_(fit, fit)]
    distances = np.clip(1.0 - part[np.triu_indices(len(fit), 1)], 0.0, None)
    tree = linkage(distances, "average", optimal_ordering=len(fit) <= _BEST_ORDER)
    return np.concatenate([fit[leaves_list(tree)], last])


# --- the odd one out ---------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class OddOneOut:
    """The row that goes least with the others.

    row: the one whose cosine with the mean of all is the lowest; the first of equal ones.
    rows: int64 (n,), as asked for, each once.
    scores: float64 (n,), cosine of each row with the mean of all rows at unit length.
    """

    row: int
    rows: Rows
    scores: F64

    def __post_init__(self) -> None:
        self.rows.flags.writeable = False
        self.scores.flags.writeable = False


def odd_one_out(table: Table, rows: Sequence[int] | Rows) -> OddOneOut:
    """Which of `rows` (each counts once) goes least with the others.

    Raises NotFoundError for a row that is not there, ParameterError for fewer than three, for one
    without a direction, and where the rows cancel each other.
    """
    chosen = distinct_rows(table, rows)
    if len(chosen) < 3:
        raise ParameterError(
            f"Among {len(chosen)} different rows none is the odd one out.", "Name at least three."
        )
    units = directions(table.vectors.exact(chosen))
    if len(unfit := np.flatnonzero(np.isnan(units[:, 0]))):
        raise without_direction(table, int(chosen[unfit[0]]))
    mean = units.mean(axis=0)
    if np.linalg.norm(mean) < 1e-12:
        raise ParameterError("These rows cancel each other: their mean has no direction.")
    scores = np.clip(units @ directions(mean)[0], -1.0, 1.0)
    return OddOneOut(int(chosen[np.argmin(scores)]), chosen, scores)


def without_direction(table: Table, row: int) -> ParameterError:
    """The error for a row that cosine cannot compare."""
    what = "is all zeros" if table.vectors.norms[row] == 0 else "holds NaN or infinite numbers"
    return ParameterError(
        f"Row {row:,} ({table.tokens[row]!r}) {what}: it has no direction to compare.",
        "Choose another row.",
    )


def distinct_rows(table: Table, rows: Sequence[int] | Rows) -> Rows:
    """The rows in the order given, each once: int64. Raises NotFoundError for one out of range."""
    chosen = dict.fromkeys(int(row) for row in rows)
    for row in chosen:
        table.check_row(row)
    return np.fromiter(chosen, np.int64)


# --- what is usual -----------------------------------------------------------------------------


def random_cosines(
    vectors: Vectors,
    pairs: int = 20_000,
    seed: int = 0,
    report: Report = silent,
    *,
    space: Space = RAW,
) -> F64:
    """Cosines of pairs of different rows drawn at random, with replacement, ascending; in a space.

    At most `pairs` of them, float64: pairs with a row without a direction are left out. Empty for
    a table of fewer than two rows. What a cosine means depends on the table: where all vectors lean
    the same way (Mu and Viswanath 2018, All-but-the-Top) any two rows have a high one.
    """
    if len(vectors) < 2:
        return np.empty(0)
    random = np.random.default_rng(seed)
    first = random.integers(0, len(vectors), pairs)
    second = (first + random.integers(1, len(vectors), pairs)) % len(vectors)
    fitted = fit(vectors, space, report)
    found = np.full(pairs, np.nan)
    size = max(1, _NUMBERS // max(1, vectors.dim))
    for start in range(0, pairs, size):
        report(Progress(start, pairs, "Comparing pairs drawn at random"))
        part = slice(start, start + size)
        one, other = (_directions_in(fitted, vectors, rows[part]) for rows in (first, second))
        found[part] = np.einsum("ij,ij->i", one, other)
    known: F64 = np.sort(found[np.isfinite(found)])
    return np.clip(known, -1.0, 1.0)


def _directions_in(fitted: Fitted, vectors: Vectors, rows: Rows) -> F64:
    exact = vectors.exact(rows)
    if fitted.space == RAW:
        return directions(exact)
    with np.errstate(invalid="ignore", over="ignore"):  # such rows have no direction
        moved = fitted.through(exact.astype(np.float64))
    moved[fitted.norms[rows] == 0] = 0  # nothing but rounding is left of them
    return directions(moved)
