"""In what sense rows are near: the spaces a query and all rows are seen in.

    raw       the numbers as they are stored
    centre    the mean of all rows is subtracted
    unit      every row is scaled to length one (zero rows stay zero)
    remove K  the mean is subtracted, then the K components of greatest variance are taken out:
              "All-but-the-Top" (Mu and Viswanath 2018, arXiv:1702.01417), centring included
    whiten    the mean is subtracted, and every direction gets the same variance

All but one are affine maps x -> A (x - m), so no copy of the table is ever made: an inner product
with a mapped row is one with the row itself, <y, A (x - m)> = (A' y) . x - (A' y) . m, and what
else is needed of a row is its length afterwards, one number, found once in a blocked pass. In
"unit" a row is divided by its length, which is known.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt

from explorer.components import Components, principal_components
from explorer.errors import ParameterError
from explorer.parallel import over_blocks
from explorer.progress import Report, part, silent
from explorer.vectors import Vectors, length, lengths

F64 = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]

SPACES = ("raw", "centre", "unit", "remove", "whiten")

_ALIASES = {"centred": "centre", "center": "centre", "centered": "centre", "whitened": "whiten"}
_MOST_REMOVED = 100
# Numbers of a float64 block: 2 MiB, which stays near the core that works on it.
_NUMBERS = 2**18
# Up to so many products of numbers they are float64, a second's work: directions are then right to
# the last digits. Above, they are float32, and directions right to four or five digits.
_EXACT = 2**35
# Directions with less than this share of the first one's variance hold rounding, not data.
_NOISE = 1e-9
# A mapped row shorter than this share of what it was made of holds rounding, not data.
_NOTHING = 2.0**-40
# What numbers are divided by must have an inverse.
_LEAST_DEVIATION = 1e-300
_UNMEASURED: F64 = np.empty(0)  # lengths of rows that are not known yet


@dataclass(frozen=True)
class Space:
    """One space. count: how many components are removed, for "remove"; else 0.

    Raises ParameterError for a name that is not in SPACES or a count that makes no sense.
    """

    name: str = "raw"
    count: int = 0

    def __post_init__(self) -> None:
        if self.name not in SPACES:
            raise ParameterError(
                f"There is no space {self.name!r}.",
                "There are: raw, centre, unit, remove K, whiten.",
            )
        if self.count and self.name != "remove":
            raise ParameterError(f"The space {self.name!r} takes no number.", "Leave it out.")
        if self.name == "remove" and not 1 <= self.count <= _MOST_REMOVED:
            raise ParameterError(
                f"There cannot be {self.count:,} components removed.",
                f"Write remove 3 to take three out; at most {_MOST_REMOVED}.",
            )

    def __str__(self) -> str:
        return f"{self.name} {self.count}" if self.count else self.name


RAW = Space()


def parse_space(text: str | Space) -> Space:
    """A space from its name, as steps of preparation are spelt: "centre", "unit", "remove 3",
    "whiten", and "raw". Raises ParameterError."""
    return text if isinstance(text, Space) else _parsed(text)


@lru_cache(maxsize=100)
def _parsed(text: str) -> Space:
    name = text.strip().lower()
    found = re.fullmatch(r"([a-z]+)(?:[\s:=]*([0-9]{1,18}))?", name)
    if found is None:
        return Space(text)  # tells what there is
    return Space(_ALIASES.get(found[1], found[1]), int(found[2] or 0))


@dataclass(frozen=True, eq=False)
class Fitted:
    """A space as the rows of one table make it. It holds nothing of the table but one number a row.

    norms: float64 (rows,), length of every row in the space; zero where nothing but rounding is
        left of it, NaN or infinite where the row holds such numbers.
    mean: float64 (dim,), what is subtracted; zeros where nothing is.
    removed: float64 (dim, K), orthonormal columns, the directions taken out; None for none.
    whitening: float64 (dim, directions kept), by which rows are multiplied; None for none.
    words: what was done, with what it amounted to.
    kept: what is known of the rows in this space once somebody asked, under a key of whoever did;
        it lives as long as the space.
    """

    space: Space
    norms: F64
    mean: F64
    removed: F64 | None = None
    whitening: F64 | None = None
    words: str = ""
    kept: dict[str, Any] = field(default_factory=dict, repr=False)

    @property
    def dim(self) -> int:
        """Numbers in a row in the space."""
        return len(self.mean) if self.whitening is None else self.whitening.shape[1]

    @cached_property
    def without_direction(self) -> Rows:
        """Rows of length zero in the space, int64."""
        return np.flatnonzero(self.norms == 0)

    @cached_property
    def mean_length(self) -> float:
        """Length of what is subtracted."""
        return length(self.mean)

    @property
    def affine(self) -> bool:
        """Whether a mean is subtracted here."""
        return self.space.name in ("centre", "remove", "whiten")

    @cached_property
    def gain(self) -> float:
        """By how much a direction is stretched at most."""
        return 1.0 if self.whitening is None else float(lengths(self.whitening.T.copy()).max())

    @property
    def multiplies(self) -> bool:
        """Whether rows are multiplied with a matrix here, of which rounding depends on the place
        among other rows."""
        return self.removed is not None or self.whitening is not None

    def through(self, wide: F64) -> F64:
        """Rows of the table or vectors like them (n, dim), float64, taken to the space."""
        if self.space.name == "unit":
            norms = lengths(wide)
            norms[norms == 0] = 1
            return wide / norms[:, None]
        if not self.affine:
            return wide
        moved = wide - self.mean
        if self.removed is not None:
            moved -= (moved @ self.removed) @ self.removed.T
        if self.whitening is not None:
            moved = moved @ self.whitening
        return moved

    def pulled(self, inner: F64) -> F64:
        """A' y: vectors (..., dim) whose product with a row less the mean is that of `inner`
        (..., own dim) with the row in the space; both float64."""
        if self.whitening is not None:
            return inner @ self.whitening.T
        if self.removed is not None:
            return inner - (inner @ self.removed) @ self.removed.T
        return inner


# Fitting takes a pass or two over the table: it is done once, and kept as long as the numbers are.
_fitted: WeakKeyDictionary[Vectors, dict[Space, Fitted]] = WeakKeyDictionary()
_lock = Lock()


def fit(vectors: Vectors, space: Space = RAW, report: Report = silent) -> Fitted:
    """The space as these rows make it, from memory where it has been fitted before.

    Rows with NaN or infinite numbers (also as float32) take no part. Raises ParameterError where no
    row is finite, where as many components are removed as there are, or where all rows are alike
    and are to be whitened.
    """
    with _lock:
        known = _fitted.setdefault(vectors, {})
        if space in known:
            return known[space]
    found = _FITS[space.name](vectors, space, report)
    with _lock:
        return known.setdefault(space, found)


def _raw(vectors: Vectors, space: Space, report: Report) -> Fitted:
    return Fitted(space, vectors.norms, np.zeros(vectors.dim), words="raw: as stored")


def _unit(vectors: Vectors, space: Space, report: Report) -> Fitted:
    norms = np.where(np.isfinite(vectors.norms), np.sign(vectors.norms), vectors.norms)
    words = "unit length: every row was scaled to length one"
    return Fitted(space, norms, np.zeros(vectors.dim), words=words)


def _centre(vectors: Vectors, space: Space, report: Report) -> Fitted:
    mean = _mean(vectors, part(report, 0, 0.5))
    far, typical = length(mean), _typical(vectors)
    share = f", {100 * far / typical:.0f} % of a typical row's" if typical else ""
    words = f"centred: the mean of all rows, of length {far:.4g}{share}, was subtracted"
    return _measured(vectors, Fitted(space, _UNMEASURED, mean, words=words), part(report, 0.5, 1))


def _remove(vectors: Vectors, space: Space, report: Report) -> Fitted:
    if space.count >= vectors.dim:
        counted = f"{vectors.dim:,} component" + "s" * (vectors.dim > 1)
        raise ParameterError(
            f"Removing {space.count} of {counted} would leave nothing.",
            f"Remove fewer than {vectors.dim:,}." if vectors.dim > 1 else "Choose another space.",
        )
    found = _components(vectors, space.count, part(report, 0, 0.6))
    count, share = found.loadings.shape[1], 100 * float(found.explained.sum())
    what = "component was" if count == 1 else "components were"
    words = f"centred, and the top {count} {what} removed ({share:.1f} % of the variance)"
    made = Fitted(space, _UNMEASURED, found.mean, removed=_orthonormal(found), words=words)
    return _measured(vectors, made, part(report, 0.6, 1))


def _whiten(vectors: Vectors, space: Space, report: Report) -> Fitted:
    found = _components(vectors, vectors.dim, part(report, 0, 0.4))
    scaled = _to_variance_one(found)
    words = f"whitened: {scaled.shape[1]:,} directions of variance one"
    made = Fitted(space, _UNMEASURED, found.mean, whitening=scaled, words=words)
    return _measured(vectors, made, part(report, 0.4, 1))


_FITS = {"raw": _raw, "unit": _unit, "centre": _centre, "remove": _remove, "whiten": _whiten}


def _components(vectors: Vectors, count: int, report: Report) -> Components:
    exact = len(vectors) * vectors.dim**2 <= _EXACT
    return principal_components(vectors, count, report, placed=False, exact=exact)


def _orthonormal(found: Components) -> F64:
    """The loadings as columns of length one, without those of no variance, which are zeros."""
    some = found.loadings[:, lengths(found.loadings.T.copy()) > 0.5]
    return np.ascontiguousarray(some)


def _to_variance_one(found: Components) -> F64:
    """Loadings (dim, directions kept), each over the deviation along it."""
    kept = found.explained > _NOISE * max(float(found.explained[0]), np.finfo(np.float64).tiny)
    deviations = np.sqrt(found.explained[kept] * found.variance)
    if not kept.any() or deviations.min() < _LEAST_DEVIATION:
        raise ParameterError(
            "All rows are alike, so they cannot be whitened.", "Choose another space."
        )
    scaled: F64 = found.loadings[:, kept] / deviations
    return scaled


# --- passes over the table -----------------------------------------------------------------------


def wide(vectors: Vectors, start: int, stop: int) -> F64:
    """The rows start..stop as float64 (rows, dim), without a digit lost."""
    if vectors.dtype == "f64":
        return vectors.stored(start, stop).astype(np.float64)
    return vectors.slice(start, stop).astype(np.float64)


def _typical(vectors: Vectors) -> float:
    """The median length of the rows."""
    return float(np.median(vectors.norms[vectors.finite_float32]))


def _mean(vectors: Vectors, report: Report) -> F64:
    fit, size = vectors.finite_float32, max(1, _NUMBERS // max(1, vectors.dim))
    if not fit.any():
        raise ParameterError(
            "The table has no row of finite numbers, so it has no mean.", "Open another table."
        )
    # Block by block, and then in their order: the sum does not depend on which core was quick.
    sums = np.zeros((-(-len(vectors) // size), vectors.dim))

    def add(start: int, stop: int) -> None:
        block, some = wide(vectors, start, stop), fit[start:stop]
        sums[start // size] = (block if some.all() else block[some]).sum(axis=0)

    over_blocks(len(vectors), size, add, report, "Finding the mean")
    mean: F64 = sums.sum(axis=0) / int(fit.sum())
    return mean


def _measured(vectors: Vectors, made: Fitted, report: Report) -> Fitted:
    """The same with the length of every row in the space."""
    norms, size = np.empty(len(vectors)), max(1, _NUMBERS // max(1, vectors.dim))

    def measure(start: int, stop: int) -> None:
        with np.errstate(over="ignore", invalid="ignore"):
            norms[start:stop] = lengths(made.through(wide(vectors, start, stop)))

    over_blocks(len(vectors), size, measure, report, "Measuring the rows")
    norms[(norms <= smallest(made, vectors.norms)) & np.isfinite(vectors.norms)] = 0
    norms.flags.writeable = False
    return replace(made, norms=norms)


def smallest(made: Fitted, norms: F64) -> F64:
    """Below which length in the space nothing but rounding is left of vectors of these lengths."""
    if not made.affine:
        return np.zeros_like(norms)
    least: F64 = _NOTHING * made.gain * (norms + made.mean_length)
    return least
