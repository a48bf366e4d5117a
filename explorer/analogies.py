"""Analogies: a is to b as c is to what? By adding, or by multiplying, cosines.

3CosAdd ranks every row x by cos(x, b - a + c) of the vectors at unit length (Mikolov et al. 2013,
Linguistic Regularities in Continuous Space Word Representations); 3CosMul by
cos'(x, b) cos'(x, c) / (cos'(x, a) + 1e-6), where cos' = (1 + cos) / 2 lies in [0, 1] (Levy and
Goldberg 2014, Linguistic Regularities in Sparse and Explicit Word Representations, equation 4 and
footnote 7).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
import numpy.typing as npt

from explorer import nearest
from explorer.cosines import directions
from explorer.errors import ParameterError
from explorer.metrics import check_count
from explorer.nearest import Neighbors
from explorer.nearest.query import left_out
from explorer.products import products
from explorer.progress import Report, part, silent
from explorer.spaces import fit
from explorer.table import Table

F64 = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]

TITLES = {"add": "3CosAdd", "mul": "3CosMul"}  # what the papers call the methods
METHODS = tuple(TITLES)
EPSILON = 1e-6

_UNIT_ROUNDOFF = 2.0**-24
# Below this norm the products of a row may underflow (float32: 2^-126), and the bound fails.
_SMALLEST = 2.0**-100
_RESCORED = 8192


def solve(
    table: Table,
    positive: Sequence[npt.ArrayLike],
    negative: Sequence[npt.ArrayLike],
    k: int = 10,
    *,
    how: str = "add",
    exclude: Collection[int] = (),
    report: Report = silent,
) -> Neighbors:
    """The `k` rows that are most like every positive and least like every negative vector.

    positive, negative: vectors (dim,), each counted at unit length; at least one positive.
    how: "add": scores are cosines with the sum; "mul": products of shifted cosines, positive ones
        over negative ones, from 0 up.
    exclude: rows that must not be in the answer: those asked about.
    Exact as `nearest.neighbors` is: float32 chooses candidates, float64 ranks them. Rows without a
    direction are left out. Raises ParameterError for k < 1, an unknown method, no positive vector,
    and one without a direction or of another length.
    """
    check_method(how)
    if not len(positive):
        raise ParameterError("An analogy needs a vector to look for.", "Name a positive token.")
    units = [_unit(vector, table.dim) for vector in (*positive, *negative)]
    plus, minus = np.array(units[: len(positive)]), np.array(units[len(positive) :])
    minus = minus.reshape(-1, table.dim)
    if how == "add":
        target = plus.sum(axis=0) - minus.sum(axis=0)
        if np.linalg.norm(target) < 1e-12:
            raise ParameterError(
                "The vectors of this analogy cancel each other.", "Name other tokens."
            )
        return nearest.neighbors(table, target, k, "cosine", exclude=exclude, report=report)
    return _by_product(table, plus, minus, k, exclude, report)


def check_method(how: str) -> None:
    """Raises ParameterError where there is no such method."""
    if how not in METHODS:
        raise ParameterError(
            f"There is no method {how!r} of solving analogies.",
            f"Choose one of: {', '.join(METHODS)}.",
        )


def _unit(vector: npt.ArrayLike, dim: int) -> F64:
    wide = np.asarray(vector, dtype=np.float64)
    if wide.shape != (dim,):
        raise ParameterError(
            f"A vector of the shape {wide.shape} does not fit the table's {dim:,} numbers a row."
        )
    unit: F64 = directions(wide)[0]
    if np.isnan(unit).any():
        raise ParameterError(
            "A vector of zeros, or with NaN or infinite numbers, has no direction to compare.",
            "Name other tokens.",
        )
    return unit


# --- 3CosMul -----------------------------------------------------------------------------------


def product_score(positive: F64, negative: F64) -> F64:
    """The score of 3CosMul, (rows,), from cosines (positive, rows) and (negative, rows)."""
    above = ((1 + positive) / 2).prod(axis=0)
    scores: F64 = above / (((1 + negative) / 2).prod(axis=0) + EPSILON)
    return scores


def _by_product(
    table: Table, plus: F64, minus: F64, k: int, exclude: Collection[int], report: Report
) -> Neighbors:
    check_count(k)
    notes, unfit = left_out(table, fit(table.vectors), "cosine")
    low, high = _bounds(table, plus, minus, report)
    without = np.concatenate([unfit, np.asarray([*exclude], dtype=np.int64)])
    low[without] = high[without] = -np.inf
    bar = np.partition(low, -k)[-k] if k <= len(low) else -np.inf
    candidates = np.flatnonzero((high >= bar) & (high > -np.inf))
    scores = _rescored(table, candidates, plus, minus)
    order = np.lexsort((candidates, -scores))[:k]
    return Neighbors(None, TITLES["mul"], candidates[order], scores[order], notes)


def _bounds(table: Table, plus: F64, minus: F64, report: Report) -> tuple[F64, F64]:
    """Lowest and highest score that each row can have, float64 (rows,), from float32 products.

    A float32 dot product with a unit vector is wrong by at most (dim + 2) u |x| (Higham 2002,
    section 3.1); scores rise with every positive cosine and fall with every negative one.
    """
    cosines = _approximate(table, np.concatenate([plus, minus]), report)
    error = (table.dim + 4) * _UNIT_ROUNDOFF
    parts = len(plus)
    # A product that left float32's range tells nothing: such a row stays a candidate.
    unknown = ~np.isfinite(cosines).all(axis=0) | (table.vectors.norms < _SMALLEST)
    under, over = np.maximum(cosines - error, -1.0), np.minimum(cosines + error, 1.0)
    with np.errstate(all="ignore"):
        low = product_score(under[:parts], over[parts:])
        high = product_score(over[:parts], under[parts:])
    low[unknown], high[unknown] = -np.inf, np.inf
    return low, high


def _approximate(table: Table, units: F64, report: Report) -> F64:
    """Cosines (units, rows) by float32 products, a pass over the table for each of the units."""
    cosines = np.empty((len(units), len(table)))
    for place, unit in enumerate(units):
        share = part(report, place / len(units), (place + 1) / len(units))
        with np.errstate(all="ignore"):
            found = products(table.vectors, unit.astype(np.float32), share)
            np.divide(found, table.vectors.norms, out=cosines[place])
    return cosines


def _rescored(table: Table, rows: Rows, plus: F64, minus: F64) -> F64:
    """Scores of the rows in float64, (rows,); summed alike in every row, so that equal rows tie."""
    scores = np.empty(len(rows))
    for start in range(0, len(rows), _RESCORED):
        some = slice(start, start + _RESCORED)
        units = directions(table.vectors.exact(rows[some]))
        scores[some] = product_score(_cosines(units, plus), _cosines(units, minus))
    return scores


def _cosines(units: F64, others: F64) -> F64:
    """(others, rows), clipped to [-1, 1]."""
    lines = np.array([(units * other).sum(axis=1) for other in others])
    clipped: F64 = np.clip(lines.reshape(len(others), len(units)), -1.0, 1.0)
    return clipped
