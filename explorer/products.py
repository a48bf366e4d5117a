"""The product of every row of a table with one vector, in float32: one pass, as fast as it is read.

Row by row (NumPy's vecdot, BLAS's dot): OpenBLAS's product of a matrix and a vector took up to
twice as long as reading it did, and waits for threads of its own where others are busy (0.31).

A bfloat16 number is the upper half of a float32 one. Two of them are one 32-bit word, from which a
shift makes the first and a mask the second (little-endian), so that rows are widened in a core's
own cache, half a row at a time, and no float32 copy of the table is made.
"""

from __future__ import annotations

import sys

import numpy as np
import numpy.typing as npt

from explorer.parallel import over_blocks
from explorer.progress import Progress, Report, silent
from explorer.vectors import F32, Vectors

_NUMBERS = 2**20  # in a block: 4 MiB of float32
_ALONE = 2**23  # fewer numbers than this are multiplied before threads have started
_WIDENED = 2**18  # numbers that are widened at once: half of them at a time, 512 KiB
_UPPER = np.uint32(0xFFFF0000)


def products(
    vectors: Vectors, vector: F32, report: Report = silent, message: str = "Comparing rows"
) -> F32:
    """row . vector for every row: float32 (rows,), each within (dim + 2) roundings.

    vector: float32 (dim,). Rows with NaN or infinite numbers give such numbers.
    """
    found = np.empty(len(vectors), dtype=np.float32)
    size = max(1, _NUMBERS // max(1, vectors.dim))
    fill = _Filling(vectors, vector, found)
    if len(vectors) * vectors.dim > _ALONE:
        over_blocks(len(vectors), size, fill, report, message)
        return found
    for start in range(0, len(vectors), 4 * size):
        report(Progress(start, len(vectors), message))
        fill(start, min(start + 4 * size, len(vectors)))
    return found


class _Filling:
    def __init__(self, vectors: Vectors, vector: F32, found: F32) -> None:
        self._vectors, self._vector, self._found = vectors, vector, found
        self._paired = _paired(vectors)
        self._halves = (vector[0::2].copy(), vector[1::2].copy()) if self._paired else (vector,) * 2

    def __call__(self, start: int, stop: int) -> None:
        with np.errstate(over="ignore", invalid="ignore"):
            if self._paired:
                self._of_pairs(start, stop)
            else:
                block = self._vectors.slice(start, stop)
                np.vecdot(block, self._vector, out=self._found[start:stop])

    def _of_pairs(self, start: int, stop: int) -> None:
        words = self._vectors.stored(start, stop).view(np.uint32)
        size = max(1, _WIDENED // self._vectors.dim)
        scratch = np.empty((min(size, stop - start), words.shape[1]), dtype=np.uint32)
        even, odd = self._halves
        for first in range(0, len(words), size):
            some = words[first : first + size]
            out = self._found[start + first : start + first + len(some)]
            wide = scratch[: len(some)]
            np.vecdot(np.left_shift(some, 16, out=wide).view(np.float32), even, out=out)
            out += np.vecdot(np.bitwise_and(some, _UPPER, out=wide).view(np.float32), odd)


def _paired(vectors: Vectors) -> bool:
    if vectors.dtype != "bf16" or vectors.dim % 2 or sys.byteorder != "little":
        return False
    stored: npt.NDArray[np.generic] = vectors.stored(0, 1)
    return stored.dtype.isnative and stored.flags.c_contiguous
