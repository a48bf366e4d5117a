"""The same answer by a matrix product: why nobody looks rows up by multiplying one-hot vectors."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from explorer import arguments
from explorer.embedding.gather import Matrices, Matrix, gathered, matrices, vectors_of
from explorer.embedding.ids import Ids, as_ids, check_range
from explorer.parallel import one_blas_thread
from explorer.progress import Progress, Report, silent

_CELLS = 2**22  # of the one-hot matrix, or of the table, in memory at a time: 16 MiB of float32
_REPEATS = 3
_LONG = 0.5  # seconds, after which there is no further run


@dataclass(frozen=True)
class OneHotCost:
    """What a lookup costs as a product with a one-hot matrix, and as a lookup.

    matrix_bytes: the one-hot matrix alone, ids x rows. bytes: all that the product reads, that
    matrix and the whole table. gather_bytes: all that the lookup reads, the ids and their rows.
    seconds, gather_seconds: measured on one core, the quickest of up to three runs; for the
        product, of the first `measured` of the `ids`, and in proportion.
    same: whether both gave the same numbers, bit for bit but for the sign of zero. Not so where the
    table holds NaN or infinity: zero times these is NaN, and spoils every row.
    """

    ids: int
    rows: int
    dim: int
    matrix_bytes: int
    bytes: int
    seconds: float
    gather_bytes: int
    gather_seconds: float
    measured: int
    same: bool


@dataclass(frozen=True, eq=False)
class OneHotLookup:
    """result: (measured ids' shape + (dim,)), by the product. cost: of both ways."""

    result: Matrix
    cost: OneHotCost


def one_hot_lookup(
    params: Matrices, ids: Any, *, most: int | None = None, report: Report = silent
) -> OneHotLookup:
    """The rows that ids name by one-hot matrix times table, and what that costs beside a lookup.

    params, ids: as for embedding_lookup (several shards: mod). most: no more than so many
    multiplications are done: the product is measured on the first of the ids, at least on one.
    Neither matrix is held as a whole: the product goes block by block over the table.
    Raises IdsError, ParameterError, Cancelled.
    """
    wanted = as_ids(ids)
    blocks = _Blocks(params)
    check_range(wanted, blocks.rows)
    flat = wanted.ravel()
    most = None if most is None else arguments.whole("most multiplications", most)
    each = max(1, blocks.rows * blocks.dim)
    some = flat if most is None else flat[: max(1, most // each)]
    with one_blas_thread():  # with more, who else has a core is measured, not the product
        seconds, product = _timed(lambda: _product(blocks, some, report))
    gather_seconds, rows = _timed(lambda: gathered(params, flat))
    size, count = rows.dtype.itemsize, len(flat)
    matrix_bytes = count * blocks.rows * size
    cost = OneHotCost(
        ids=count,
        rows=blocks.rows,
        dim=blocks.dim,
        matrix_bytes=matrix_bytes,
        bytes=matrix_bytes + blocks.rows * blocks.dim * size,
        seconds=seconds * (count / max(1, len(some))),
        gather_bytes=count * (blocks.dim * size + wanted.itemsize),
        gather_seconds=gather_seconds,
        measured=len(some),
        same=bool(np.array_equal(product, rows[: len(some)], equal_nan=True)),
    )
    shape = wanted.shape if len(some) == count else (len(some),)
    return OneHotLookup(product.reshape(*shape, blocks.dim), cost)


class _Blocks:
    """A table as blocks of rows in the dtype that a lookup gives."""

    def __init__(self, params: Matrices) -> None:
        self._vectors = vectors_of(params)
        self._whole: Matrix | None = None
        if self._vectors is not None:
            self.rows, self.dim = self._vectors.shape
        else:
            parts = matrices(params)
            rows = np.arange(sum(map(len, parts)))
            self._whole = parts[0] if len(parts) == 1 else gathered(params, rows)
            self.rows, self.dim = self._whole.shape

    def __call__(self, size: int) -> Iterator[tuple[int, Matrix]]:
        for start in range(0, self.rows, size):
            stop = min(start + size, self.rows)
            if self._whole is not None:
                yield start, self._whole[start:stop]
            elif self._vectors is not None and self._vectors.dtype == "f64":
                yield start, self._vectors.exact(np.arange(start, stop))
            elif self._vectors is not None:
                yield start, self._vectors.slice(start, stop)


def _product(blocks: _Blocks, ids: Ids, report: Report) -> Matrix:
    """one-hot (ids, rows) @ table (rows, dim), a block of rows at a time; a block without any of
    the ids is multiplied too, as the product would."""
    size = max(1, _CELLS // max(1, len(ids), blocks.dim))
    total: Matrix = np.zeros((len(ids), blocks.dim), np.float32)
    for start, block in blocks(size):
        report(Progress(start, blocks.rows, "Multiplying"))
        one_hot = np.zeros((len(ids), len(block)), block.dtype)
        here = np.flatnonzero((ids >= start) & (ids < start + len(block)))
        one_hot[here, ids[here] - start] = 1
        with np.errstate(invalid="ignore"):  # zero times infinity
            total = total + one_hot @ block
    return total


def _timed(work: Callable[[], Matrix]) -> tuple[float, Matrix]:
    """(seconds of the quickest run, what it gave)."""
    times: list[float] = []
    while True:
        start = time.perf_counter()
        result = work()
        times.append(time.perf_counter() - start)
        if len(times) == _REPEATS or sum(times) > _LONG:
            return min(times), result
