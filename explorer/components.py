"""Principal components of many rows: exact, block by block.

Pearson 1901; Jolliffe 2002, Principal Component Analysis, section 1.1. Every row and every
dimension takes part. The covariance is summed over blocks: float32 products within a block of
centred rows, float64 sums over the blocks, so that a mapped table costs the memory of a few.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property
from queue import Empty, SimpleQueue
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from explorer.errors import ParameterError
from explorer.parallel import in_order
from explorer.progress import Progress, Report, silent
from explorer.tridiagonal import tridiagonal
from explorer.vectors import F32

F64 = npt.NDArray[np.float64]
Floats = npt.NDArray[np.floating[Any]]
Rows = npt.NDArray[np.int64]

# From this many dimensions a few eigenvectors alone pay for importing scipy: 2.6 x less work.
_WIDE = 1024
# Rows of a block per dimension. Adding a block's products to the sum costs as much as a dozen rows
# a dimension; in 150,000 x 1024 longer blocks save a tenth of the pass, up to these bounds.
_ROWS_PER_DIMENSION = 16
_FEWEST_NUMBERS, _MOST_NUMBERS = 2**22, 2**24
# At most this share of the table in one block, so that a mapped one costs little memory.
_BLOCK_SHARE = 1 / 32
# Rows whose float32 sum is taken before float64 sums go on: the mean is exact to about 1e-9.
_SUMMED_ROWS = 512
# Rows that the provisional centre is the mean of.
_FIRST_ROWS = 4096
# A variance below this comes from squares that float32 cannot hold.
_TINY = 1e-30


class Blocks(Protocol):
    """Rows of numbers that are read a block at a time: a `Vectors`, or one taken through steps."""

    def __len__(self) -> int: ...

    @property
    def dim(self) -> int: ...

    def blocks(self, size: int | None = None) -> Iterator[tuple[int, F32]]:
        """(first row, float32 block) over all rows in order, the same each time it is asked."""
        ...


@dataclass(frozen=True, eq=False)
class Components:
    """The first principal components of a table.

    scores: float32 (rows, components), (row - mean) @ loadings; NaN in the rows left out.
    loadings: float64 (dim, components), columns of length one; in each the entry largest in
        absolute value is positive, so that the same table always gives the same picture.
    mean: float64 (dim,), what was subtracted: zero for components about the origin.
    spectrum: float64 (dim,): share of the whole variance (about the origin: of the mean square)
        of every direction, kept or not, in [0, 1], the greatest first.
    variance: the whole variance (about the origin: the mean square), the sum over all directions.
    left_out: int64, rows with NaN or infinite numbers.
    """

    scores: F32
    loadings: F64
    mean: F64
    spectrum: F64
    variance: float
    left_out: Rows

    @property
    def explained(self) -> F64:
        """float64 (components,): share of the whole variance of each component kept."""
        return self.spectrum[: self.loadings.shape[1]]

    @property
    def directions(self) -> F32:
        """float32 (components, dim): the loadings as rows of length one."""
        return np.ascontiguousarray(self.loadings.T, dtype=np.float32)


@dataclass
class _Moments:
    """What one pass over the finite rows gives, about a provisional centre."""

    centre: F32
    count: int
    total: F64
    products: F64
    left_out: Rows
    centred: bool

    @property
    def shift(self) -> F64:
        """From the provisional centre to what the components are about."""
        return self.total / self.count if self.centred else -self.centre.astype(np.float64)

    @cached_property
    def scatter(self) -> F64:
        """Sum of products about the mean, or about the origin (dim, dim)."""
        if not self.centred:
            return self.products
        scatter: F64 = np.outer(self.shift * -self.count, self.shift)
        scatter += self.products
        return scatter


def principal_components(
    points: Blocks,
    count: int,
    report: Report = silent,
    *,
    centred: bool = True,
    placed: bool = True,
    exact: bool = False,
) -> Components:
    """The first `count` principal components, or as many as rows and dimensions allow.

    centred: about the mean of all rows; False for components about the origin, whose shares are
        of the mean square instead of the variance.
    placed: False where no scores are wanted: there is no row in them then, and the second pass over
        the points is saved.
    exact: float64 products throughout, for twice the time of the first pass.
    Equals scikit-learn's PCA with the full solver up to sign and rounding: coordinates within
    1e-4 of the largest. Raises ParameterError where no row is finite.
    """
    count = min(count, points.dim, len(points))
    moments, spectrum, loadings = _analysed(points, count, report, centred, exact)
    whole = max(float(spectrum.sum()), np.finfo(np.float64).tiny)
    return Components(
        scores=_scores(points, moments, loadings, report) if placed else _no_scores(count),
        loadings=loadings,
        mean=moments.centre + moments.shift,
        spectrum=spectrum / whole,
        variance=float(spectrum.sum()) / moments.count,
        left_out=moments.left_out,
    )


def _analysed(
    points: Blocks, count: int, report: Report, centred: bool, exact: bool
) -> tuple[_Moments, F64, F64]:
    """The moments, all variances (dim,), highest first, and the first loadings (dim, count).

    float32 products where they are exact enough, else float64."""
    for dtype in (np.float32, np.float64)[exact:]:
        moments = _summed(points, dtype, report, centred)
        if not moments.count:
            raise ParameterError(
                "The table has no row of finite numbers, so there is nothing to project.",
                "Open another table, or repair this one.",
            )
        if np.isfinite(moments.scatter).all():
            report(Progress(0.5, 1, "Finding the principal components"))
            variances, loadings = _leading(moments.scatter, count)
            if _exact_enough(moments, variances[:count]):
                break
    else:
        _silence(variances, loadings)
    return moments, np.maximum(variances, 0), loadings


def _exact_enough(moments: _Moments, variances: F64) -> bool:
    """Whether float32 products will do: the components wanted lie within a thousandth of the
    first, and the rows lie about the provisional centre.

    One far outlier, a lower rank, numbers whose squares float32 cannot hold, or a table whose
    first rows are unlike the others ask for float64.
    """
    near = moments.shift @ moments.shift * moments.count <= np.trace(moments.scatter)
    within = variances[-1] > max(1e-3 * variances[0], _TINY * moments.count)
    return bool(within and (near or not moments.centred))


def _leading(scatter: F64, count: int) -> tuple[F64, F64]:
    """All eigenvalues (dim,), highest first, and the first eigenvectors (dim, count)."""
    if len(scatter) >= _WIDE and count <= len(scatter) // 4:
        values, vectors = _few_of_many(scatter, count)
    else:
        values, vectors = np.linalg.eigh(scatter)
    loadings = vectors[:, ::-1][:, :count].copy()
    largest = np.abs(loadings).argmax(axis=0)
    loadings *= np.where(loadings[largest, np.arange(count)] < 0, -1.0, 1.0)
    return values[::-1].copy(), loadings


def _few_of_many(scatter: F64, count: int) -> tuple[F64, F64]:
    """All eigenvalues and the `count` last eigenvectors, ascending, from one tridiagonal form.

    scipy's eigh gives either all values or the few vectors, and reduces the matrix for each.
    """
    from scipy.linalg import eigh_tridiagonal, eigvalsh_tridiagonal, lapack

    dim = len(scatter)
    reduced, diagonal, beside, factors = tridiagonal(scatter)
    values = eigvalsh_tridiagonal(diagonal, beside)
    span = (dim - count, dim - 1)
    vectors = eigh_tridiagonal(
        diagonal, beside, select="i", select_range=span, lapack_driver="stemr"
    )[1]
    # The reflectors below the subdiagonal leave the first row alone (LAPACK's dormtr, UPLO = "L").
    vectors[1:] = lapack.dormqr("L", "N", reduced[1:, :-1], factors, vectors[1:], 64 * dim)[0]
    return values, vectors


def _silence(variances: F64, loadings: F64) -> None:
    """Directions without variance hold rounding noise only: they are said to be zero, and are."""
    noise = variances <= len(loadings) * 2.0**-46 * variances[0]
    variances[noise] = 0
    loadings[:, noise[: loadings.shape[1]]] = 0


# --- the two passes ----------------------------------------------------------------------------


def _summed(
    points: Blocks, dtype: type[np.float32] | type[np.float64], report: Report, centred: bool
) -> _Moments:
    centre = _provisional_centre(points) if centred else np.zeros(points.dim, dtype=np.float32)
    total, products = np.zeros(points.dim), np.zeros((points.dim, points.dim))
    left_out: list[Rows] = []
    part = _Part(centre, dtype)
    with closing(in_order(points.blocks(_block_rows(points)), part)) as parts:
        for start, broken, sums, product in parts:
            report(Progress(0.5 * start / len(points), 1, "Reading the table"))
            left_out.append(broken + start)
            total += sums
            products += product
    rows = np.concatenate([np.empty(0, dtype=np.int64), *left_out])
    return _Moments(centre, len(points) - len(rows), total, products, rows, centred)


class _Part:
    """What one block adds to the moments: (its first row, places left out, sums, products)."""

    def __init__(self, centre: F32, dtype: type[np.float32] | type[np.float64]) -> None:
        self._centre, self._dtype, self._moved = centre, dtype, bool(centre.any())
        # Memory that is new for each block would cost a tenth of the time in page faults.
        self._buffers: SimpleQueue[Floats] = SimpleQueue()

    def __call__(self, placed: tuple[int, F32]) -> tuple[int, Rows, F64, Floats]:
        start, block = placed
        with np.errstate(over="ignore", invalid="ignore"):
            near = self._near(block)
            finite, sums, broken = _finite_rows(near)
            product: Floats = finite.T @ finite
        if self._moved:
            self._buffers.put(near)
        return start, broken, sums, product

    def _near(self, block: F32) -> Floats:
        """Less the centre, in the precision of the products: a difference that is rounded to
        float32 would make float64 ones worth no more."""
        if not self._moved:
            return block.astype(self._dtype, copy=False)
        try:
            buffer = self._buffers.get_nowait()[: len(block)]
        except Empty:
            buffer = np.empty(block.shape, self._dtype)
        return np.subtract(block, self._centre, out=buffer, dtype=self._dtype)


def _block_rows(points: Blocks) -> int:
    """Rows of a block: so many that summing their products is what takes the time."""
    dim = max(1, points.dim)
    share = min(_MOST_NUMBERS, int(len(points) * dim * _BLOCK_SHARE))
    numbers = max(_FEWEST_NUMBERS, min(share, _ROWS_PER_DIMENSION * dim**2))
    return max(1, numbers // dim)


def _provisional_centre(points: Blocks) -> F32:
    """Near the mean, from the first rows: it keeps float32 products small, and is put right
    afterwards. Zero where the mean is small beside the spread already: rows need no copy then."""
    for _, block in points.blocks(_FIRST_ROWS):
        finite = block[np.isfinite(block).all(axis=1)].astype(np.float64)
        if len(finite):
            mean = finite.mean(axis=0)
            centre: F32 = mean.astype(np.float32)
            return np.zeros_like(centre) if mean @ mean <= finite.var(axis=0).sum() / 4 else centre
    return np.zeros(points.dim, dtype=np.float32)


def _centred(points: Blocks, centre: F32, size: int | None = None) -> Iterator[tuple[int, F32]]:
    """(first row, block less `centre`), in one buffer that is used again, or the block itself."""
    buffer: F32 | None = None
    moved = centre.any()
    for start, block in points.blocks(size):
        if not moved:
            yield start, block
            continue
        buffer = np.empty_like(block) if buffer is None else buffer
        with np.errstate(over="ignore", invalid="ignore"):
            yield start, np.subtract(block, centre, out=buffer[: len(block)])


def _finite_rows(near: Floats) -> tuple[Floats, F64, Rows]:
    """The finite rows of a block, the sum over them (dim,), and the places of the others."""
    sums = _sums(near)
    if np.isfinite(sums).all():  # one broken number would have shown
        return near, sums, np.empty(0, dtype=np.int64)
    finite = np.isfinite(near).all(axis=1)
    block = near[finite]
    return block, block.sum(axis=0, dtype=np.float64), np.flatnonzero(~finite)


def _sums(block: Floats) -> F64:
    """The sum over the rows, float64 (dim,)."""
    whole = len(block) // _SUMMED_ROWS * _SUMMED_ROWS
    ones = np.ones(_SUMMED_ROWS, block.dtype)
    groups = block[:whole].reshape(-1, _SUMMED_ROWS, block.shape[1])
    with np.errstate(over="ignore", invalid="ignore"):
        rest = ones[: len(block) - whole] @ block[whole:]
        sums: F64 = np.matmul(ones, groups).sum(axis=0, dtype=np.float64) + rest
    return sums


def _scores(points: Blocks, moments: _Moments, loadings: F64, report: Report) -> F32:
    scores: F32 = np.empty((len(points), loadings.shape[1]), dtype=np.float32)
    mean, centre = moments.centre + moments.shift, _centre_needed(moments)
    narrow = loadings.astype(np.float32)
    offset = ((mean - centre) @ loadings).astype(np.float32)
    for start, near in _centred(points, centre):
        report(Progress(0.5 + 0.5 * start / len(points), 1, "Placing the rows"))
        with np.errstate(over="ignore", invalid="ignore"):
            placed = np.matmul(near, narrow, out=scores[start : start + len(near)])
            placed -= offset
    scores[moments.left_out] = np.nan
    return scores


def _no_scores(count: int) -> F32:
    return np.empty((0, count), dtype=np.float32)


def _centre_needed(moments: _Moments) -> F32:
    """What must be taken off before a float32 product; zero where the mean is small beside the
    spread, for then the product may be centred afterwards without losing digits."""
    mean = moments.centre + moments.shift
    spread = np.sqrt(np.trace(moments.scatter) / moments.count)
    near = np.linalg.norm(mean) <= 4 * spread
    return np.zeros_like(moments.centre) if near else mean.astype(np.float32)
