"""A metric in a space, as one float32 pass over the stored rows: keys that rank, with their bounds.

A key is best where it is highest. It follows from the product of the row with one direction, the
row's length in the space, and nothing else. How far rounding may have moved it follows from the
error bound of a dot product (Higham 2002, Accuracy and Stability of Numerical Algorithms, section
3.1): |fl(x.y) - x.y| <= dim u |x| |y|, with u = 2^-24.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from explorer.products import products
from explorer.progress import Report
from explorer.spaces import Fitted
from explorer.vectors import F32, Vectors, lengths

F64 = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]

_UNIT_ROUNDOFF = 2.0**-24
# Rows of lengths beyond these are candidates always: products and squares may leave float32.
_SMALL, _LARGE = 2.0**-60, 2.0**60
# So many rows of the widest bounds are set aside, lest a few of them widen the bound of all.
_ASIDE = 256
_GROUPS = 16  # keys of which only the greatest is looked at first


@dataclass(frozen=True, eq=False)
class Measure:
    """A metric in a fitted space: what every query needs of every row.

    scale: float32 (rows,) or None: what products are multiplied by. halves: float32 (rows,) or
    None: what is then subtracted, half the squared lengths. reach: float64 (rows,) or None for 1:
    the bound of a key's error over the relative one of a product. odd: bool (rows,), rows so short
    or long that nothing is known of their keys; None for no such row. aside: int64, rows whose
    bounds are wide or unknown; most, highest: the greatest reach and half among the others.
    """

    fitted: Fitted
    metric: str
    dim: int
    scale: F32 | None
    halves: F32 | None
    reach: F64 | None
    odd: npt.NDArray[np.bool_] | None
    aside: Rows
    most: float
    highest: float

    @property
    def relative(self) -> float:
        """Relative error of a product, the roundings of direction, shift and scale included."""
        return (self.dim + 16) * _UNIT_ROUNDOFF

    def directions(self, pulled: F64) -> Directions:
        """Queries, which Fitted.pulled gives (m, dim), as what stored rows are multiplied with."""
        long = lengths(pulled)
        units = pulled / np.where(long > 0, long, 1)[:, None]
        shifts = np.zeros(len(pulled))
        if self.metric == "cosine" and self.fitted.affine:
            shifts = units @ self.fitted.mean
        extreme = ~(long < _LARGE)
        if self.metric == "euclidean":
            # q.x - |x|^2 / 2 ranks as distances do. Of an extreme query every row is a candidate,
            # so its keys need only be numbers.
            near = np.where(extreme[:, None], 0.0, pulled).astype(np.float32)
            return Directions(near, shifts, long, extreme)
        return Directions(units.astype(np.float32), shifts, np.ones_like(long), extreme)

    def keys(self, vectors: Vectors, pulled: F64, report: Report) -> Keys:
        """The keys of all rows of the table the space was fitted on, in one pass over it; pulled:
        the query (dim,) as `directions` takes it."""
        towards = self.directions(pulled[None])
        values = products(vectors, towards.units[0], report)
        with np.errstate(over="ignore", invalid="ignore"):
            self.finish(values[:, None], slice(None), towards)
        return Keys(self, towards, values)

    def multiplied(self, block: F32, rows: slice, towards: Directions, keys: F32) -> None:
        """Writes the keys of these rows, float32 (n, dim), with the directions into (n, m)."""
        if self.scale is None or block.shape[1] >= keys.shape[1]:
            np.matmul(block, towards.units.T, out=keys)
            self.finish(keys, rows, towards)
            return
        # There are fewer numbers in the rows than in their products.
        if towards.shifts.any():
            scaled = block - self.fitted.mean.astype(np.float32)
            scaled *= self.scale[rows, None]
        else:
            scaled = block * self.scale[rows, None]
        np.matmul(scaled, towards.units.T, out=keys)
        if self.halves is not None:
            keys -= self.halves[rows, None]

    def finish(self, keys: F32, rows: slice | Rows, towards: Directions) -> None:
        """Makes keys, in place, of the products (n, m) of these rows with the directions."""
        if towards.shifts.any():
            keys -= towards.shifts.astype(np.float32)
        if self.scale is not None:
            keys *= self.scale[rows, None]
        if self.halves is not None:
            keys -= self.halves[rows, None]

    def errors(self, rows: Rows | slice, towards: Directions) -> F64:
        """How far rounding may have moved the keys of these rows: float64 (n, m), inf if
        unknown."""
        reach = np.ones(len(self.fitted.norms[rows])) if self.reach is None else self.reach[rows]
        found: F64 = np.multiply.outer(reach, self.relative * towards.weights)
        if self.halves is not None:
            found += 8 * _UNIT_ROUNDOFF * self.halves[rows, None].astype(np.float64)
        if self.odd is not None:
            found[self.odd[rows]] = np.inf
        found[:, towards.extreme] = np.inf
        return found

    def error(self, towards: Directions) -> F64:
        """A bound for all rows but those set aside: float64 (m,)."""
        bound = self.relative * towards.weights * self.most
        bound += 8 * _UNIT_ROUNDOFF * self.highest
        return np.where(towards.extreme, np.inf, bound)


@dataclass(frozen=True, eq=False)
class Directions:
    """Of some queries: units, float32 (m, dim), are what rows are multiplied with, of length one
    but for the Euclidean metric. shifts: are subtracted from products. weights: the lengths of what
    rows are multiplied with. extreme: whether float32 cannot hold what comes out. All but the first
    float64 (m,)."""

    units: F32
    shifts: F64
    weights: F64
    extreme: npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Keys:
    """Of one query. values: float32 (rows,), best highest, as far as rounding lets it be known."""

    measure: Measure
    towards: Directions
    values: F32

    def bounds(self, rows: Rows | slice) -> tuple[F64, F64]:
        """Lowest and highest that the keys of these rows may be; float64."""
        middle = self.values[rows].astype(np.float64)
        error = self.measure.errors(rows, self.towards)[:, 0]
        error[~np.isfinite(middle)] = np.inf
        middle[~np.isfinite(middle)] = 0
        return middle - error, middle + error

    def candidates(self, k: int, without: Rows) -> Rows:
        """Rows among which the k best surely are, but for those in `without` (any order): int64,
        ascending."""
        aside, values, hidden = self.measure.aside, self.values, without
        if len(aside):
            aside = aside[~np.isin(aside, without)]
            hidden = np.concatenate([without, aside])
        kept = values[hidden]
        values[hidden] = -np.inf
        bar = max(_LOWEST, _bar(values, k) - 2 * float(self.measure.error(self.towards)[0]))
        bar -= 4 * _UNIT_ROUNDOFF * abs(bar)  # as a float32 it is no higher
        rows = np.flatnonzero(values >= np.float32(max(bar, _LOWEST)))
        values[hidden] = kept
        if not len(aside) and len(rows) <= 2 * k:
            return rows
        rows = np.concatenate([rows, aside])
        if len(rows) > k:
            low, high = self.bounds(rows)
            rows = rows[high >= np.partition(low, len(low) - k)[len(low) - k]]
        return np.sort(rows)


_LOWEST = float(np.finfo(np.float32).min)


def _bar(values: F32, k: int) -> float:
    """What at least k of the values reach, and few more; minus infinity if there are not so many.

    Values are seen as groups; the k-th largest of the groups' maxima is what k values reach.
    """
    size = len(values) // _GROUPS
    if size < 4 * k:
        if len(values) < k:
            return -np.inf
        return float(np.partition(values, len(values) - k)[len(values) - k])
    maxima = values[: size * _GROUPS].reshape(_GROUPS, size).max(axis=0)
    return _bar(maxima, k)


def measure(vectors: Vectors, fitted: Fitted, metric: str) -> Measure:
    """The metric in the space that was fitted on these rows; made once, kept with the space."""
    if metric not in fitted.kept:
        fitted.kept[metric] = _made(vectors, fitted, metric)
    found: Measure = fitted.kept[metric]
    return found


def _made(vectors: Vectors, fitted: Fitted, metric: str) -> Measure:
    norms, after = vectors.norms, fitted.norms
    fit = np.isfinite(norms)
    tiny = (norms > 0) & (norms < _SMALL)
    if metric == "cosine":
        tiny |= (after > 0) & (after < _SMALL)
    odd = fit & (tiny | (norms > _LARGE) | ~(after <= _LARGE))
    scale, reach = _scale(norms, after, fitted, metric)
    usual = fit & ~odd
    aside, most = _set_aside(reach, odd, usual)
    halves = _narrow(np.square(after) / 2, usual) if metric == "euclidean" else None
    return Measure(
        fitted,
        metric,
        vectors.dim,
        None if scale is None else _narrow(scale, usual),
        halves,
        None if reach is None else np.where(usual, reach, 0),
        odd if odd.any() else None,
        aside,
        most,
        0.0 if halves is None else float(np.delete(halves, aside).max(initial=0)),
    )


def _scale(norms: F64, after: F64, fitted: Fitted, metric: str) -> tuple[F64 | None, F64 | None]:
    """What products are multiplied by, and the reach of their errors; both (rows,) or None."""
    if metric == "cosine" and fitted.affine:
        inverse = _inverse(after)
        with np.errstate(over="ignore", invalid="ignore"):
            return inverse, (norms + fitted.mean_length) * inverse
    if metric == "cosine" or fitted.space.name == "unit":
        return _inverse(norms), None
    return None, norms


def _inverse(norms: F64) -> F64:
    with np.errstate(divide="ignore"):
        inverse: F64 = np.where(norms > 0, 1 / norms, 0)
    return inverse


def _narrow(values: F64, usual: npt.NDArray[np.bool_]) -> F32:
    """The values as float32, zero in rows that are not usual."""
    return np.where(usual, values, 0).astype(np.float32)


def _set_aside(
    reach: F64 | None, odd: npt.NDArray[np.bool_], usual: npt.NDArray[np.bool_]
) -> tuple[Rows, float]:
    """The rows set aside, and the greatest reach of the others."""
    aside = np.flatnonzero(odd)
    if reach is None:
        return aside, 1.0
    reach = np.where(usual, reach, 0)
    most = float(reach.max(initial=0))
    if len(reach) > _ASIDE:
        usually = float(np.partition(reach, len(reach) - _ASIDE)[len(reach) - _ASIDE])
        if most > 2 * usually:
            return np.flatnonzero(odd | (reach > usually)), usually
    return aside, most
