"""Principal components of a whole table: exact, centred, block by block.

Pearson 1901; Jolliffe 2002, Principal Component Analysis, section 1.1. Every row and every
dimension takes part. The covariance is summed over blocks: float32 products within a block of
centred rows, float64 sums over the blocks, so that a mapped table costs the memory of one block.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from explorer.errors import ParameterError
from explorer.progress import Progress, Report, silent
from explorer.vectors import F32, Vectors

F64 = npt.NDArray[np.float64]
Floats = npt.NDArray[np.floating[Any]]
Rows = npt.NDArray[np.int64]

# Rows from which the provisional centre is taken, evenly over the table.
_SAMPLE = 4096
# Above this many dimensions asking for a few eigenvectors pays for importing scipy (3 x at 2,048).
_WIDE = 1024
# A variance below this comes from squares that float32 cannot hold.
_TINY = 1e-30


@dataclass(frozen=True, eq=False)
class Components:
    """The first principal components of a table.

    scores: float32 (rows, components), NaN in the rows left out; their mean is zero.
    loadings: float64 (dim, components), columns of length one; in each the entry largest in
        absolute value is positive, so that the same table always gives the same picture.
    mean: float64 (dim,).
    explained: float64 (components,): share of the whole variance, in [0, 1].
    left_out: int64, rows with NaN or infinite numbers.
    """

    scores: F32
    loadings: F64
    mean: F64
    explained: F64
    left_out: Rows


@dataclass(slots=True)
class _Moments:
    """What one pass over the finite rows gives, about a provisional centre."""

    centre: F32
    count: int
    total: F64
    products: F64
    left_out: Rows

    @property
    def shift(self) -> F64:
        """From the provisional centre to the mean."""
        return self.total / self.count

    @property
    def scatter(self) -> F64:
        """Sum of products about the mean (dim, dim)."""
        scatter: F64 = self.products - self.count * np.outer(self.shift, self.shift)
        return scatter


def principal_components(vectors: Vectors, count: int, report: Report = silent) -> Components:
    """The first `count` principal components, or as many as rows and dimensions allow.

    Equals scikit-learn's PCA with the full solver up to sign and rounding: coordinates within
    1e-5 of the largest. Raises ParameterError where no row is finite.
    """
    count = min(count, vectors.dim, len(vectors))
    moments, variances, loadings = _analysed(vectors, count, report)
    whole = max(float(np.trace(moments.scatter)), np.finfo(np.float64).tiny)
    return Components(
        scores=_scores(vectors, moments, loadings, report),
        loadings=loadings,
        mean=moments.centre + moments.shift,
        explained=variances / whole,
        left_out=moments.left_out,
    )


def _analysed(vectors: Vectors, count: int, report: Report) -> tuple[_Moments, F64, F64]:
    """The moments, the largest variances (count,) and their loadings (dim, count).

    float32 products are exact enough while the components wanted lie within a thousandth of the
    first; one far outlier, a lower rank or numbers beyond float32's squares ask for float64.
    """
    for dtype in (np.float32, np.float64):
        moments = _summed(vectors, dtype, report)
        if not moments.count:
            raise ParameterError(
                "The table has no row of finite numbers, so there is nothing to project.",
                "Open another table, or repair this one.",
            )
        if np.isfinite(moments.scatter).all():
            report(Progress(0.5, 1, "Finding the principal components"))
            variances, loadings = _leading(moments.scatter, count)
            if variances[-1] > max(1e-3 * variances[0], _TINY * moments.count):
                break
    else:
        _silence(variances, loadings)
    return moments, variances, loadings


def _leading(scatter: F64, count: int) -> tuple[F64, F64]:
    """The largest eigenvalues (count,), highest first, and their eigenvectors (dim, count)."""
    if len(scatter) > _WIDE:
        import scipy.linalg

        span = (len(scatter) - count, len(scatter) - 1)
        values, vectors = scipy.linalg.eigh(scatter, subset_by_index=span)
    else:
        values, vectors = np.linalg.eigh(scatter)
    loadings = vectors[:, ::-1][:, :count].copy()
    largest = np.abs(loadings).argmax(axis=0)
    loadings *= np.where(loadings[largest, np.arange(count)] < 0, -1.0, 1.0)
    return values[::-1][:count].copy(), loadings


def _silence(variances: F64, loadings: F64) -> None:
    """Directions without variance hold rounding noise only: they are said to be zero, and are."""
    noise = variances <= len(loadings) * 2.0**-46 * variances[0]
    variances[noise] = 0
    loadings[:, noise] = 0


# --- the two passes ----------------------------------------------------------------------------


def _summed(
    vectors: Vectors, dtype: type[np.float32] | type[np.float64], report: Report
) -> _Moments:
    centre = _provisional_centre(vectors)
    total, products = np.zeros(vectors.dim), np.zeros((vectors.dim, vectors.dim))
    left_out: list[Rows] = []
    for start, near in _centred(vectors, centre, report):
        wide: Floats = near.astype(dtype, copy=False)
        block, sums, broken = _finite_rows(wide)
        left_out.append(broken + start)
        total += sums
        with np.errstate(over="ignore", invalid="ignore"):
            products += block.T @ block
    rows = np.concatenate([np.empty(0, dtype=np.int64), *left_out])
    return _Moments(centre, len(vectors) - len(rows), total, products, rows)


def _provisional_centre(vectors: Vectors) -> F32:
    """About the mean: it keeps float32 products small, and is put right afterwards."""
    rows = np.unique(np.linspace(0, max(0, len(vectors) - 1), _SAMPLE).astype(np.int64))
    sample = vectors.rows(rows[: len(vectors)])
    sample = sample[np.isfinite(sample).all(axis=1)].astype(np.float64)
    centre: F32 = sample.mean(axis=0).astype(np.float32) if len(sample) else sample.sum(axis=0)
    return centre.astype(np.float32, copy=False)


def _centred(vectors: Vectors, centre: F32, report: Report) -> Iterator[tuple[int, F32]]:
    """(first row, block less `centre`), in one buffer that is used again."""
    buffer: F32 | None = None
    for start, block in vectors.blocks():
        report(Progress(0.5 * start / len(vectors), 1, "Reading the table"))
        buffer = np.empty_like(block) if buffer is None else buffer
        with np.errstate(over="ignore", invalid="ignore"):
            yield start, np.subtract(block, centre, out=buffer[: len(block)])


def _finite_rows(near: Floats) -> tuple[Floats, F64, Rows]:
    """The finite rows of a block, the sum over them (dim,), and the places of the others."""
    with np.errstate(over="ignore", invalid="ignore"):
        sums = np.ones(len(near), near.dtype) @ near
    if np.isfinite(sums).all():  # one broken number would have shown
        return near, sums, np.empty(0, dtype=np.int64)
    finite = np.isfinite(near).all(axis=1)
    block = near[finite]
    return block, block.sum(axis=0, dtype=np.float64), np.flatnonzero(~finite)


def _scores(vectors: Vectors, moments: _Moments, loadings: F64, report: Report) -> F32:
    scores: F32 = np.empty((len(vectors), loadings.shape[1]), dtype=np.float32)
    centre, narrow = _centre_needed(moments), loadings.astype(np.float32)
    offset = ((moments.centre - centre + moments.shift) @ loadings).astype(np.float32)
    for start, block in vectors.blocks():
        report(Progress(0.5 + 0.5 * start / len(vectors), 1, "Placing the rows"))
        with np.errstate(over="ignore", invalid="ignore"):
            near = block - centre if centre.any() else block
            placed = np.matmul(near, narrow, out=scores[start : start + len(block)])
            placed -= offset
    scores[moments.left_out] = np.nan
    return scores


def _centre_needed(moments: _Moments) -> F32:
    """What must be taken off before a float32 product; zero where the mean is small beside the
    spread, for then the product may be centred afterwards without losing digits."""
    spread = np.sqrt(np.trace(moments.scatter) / moments.count)
    near = np.linalg.norm(moments.centre.astype(np.float64)) <= 2 * spread
    return np.zeros_like(moments.centre) if near else moments.centre
