"""The product of every row of a table with one vector, in float32: one pass, as fast as it is read.

Row by row (NumPy's vecdot, BLAS's dot): OpenBLAS's product of a matrix and a vector took up to
twice as long as reading it did, and waits for threads of its own where others are busy (0.3.31).

A bfloat16 number is the upper half of a float32 one. Two of them are one 32-bit word, from which a
shift makes the first and a mask the second (little-endian), so that rows are widened in the caches,
half a row at a time, and no float32 copy of the table is made.

The interpreter is let go in every call of NumPy and has to be had back after it. Two threads that
make many short calls spend their time on that: 128 rows of 2,048 at once took 1.7 times as long as
512, though they stay nearer to the core.
"""

from __future__ import annotations

import sys
from threading import local

import numpy as np
import numpy.typing as npt

from explorer.parallel import over_blocks
from explorer.progress import Progress, Report, silent
from explorer.vectors import F32, Vectors

_NUMBERS = 2**22  # in a block: 16 MiB of float32, half a millisecond
_WIDENED = 2**20  # numbers that are widened at once: 4 MiB; of pairs half of them at a time
_ALONE = 2**23  # fewer numbers than this are multiplied before threads have started
_UPPER = np.uint32(0xFFFF0000)
# From longer rows OpenBLAS makes a dot product on several threads (0.3.31, kernel/x86_64/sdot.c).
_LONG = 10_000


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
        over_blocks(len(vectors), size, fill, report, message, products=vectors.dim > _LONG)
        return found
    for start in range(0, len(vectors), size):
        report(Progress(start, len(vectors), message))
        fill(start, min(start + size, len(vectors)))
    return found


class _Filling:
    def __init__(self, vectors: Vectors, vector: F32, found: F32) -> None:
        self._vectors, self._vector, self._found = vectors, vector, found
        self._paired = _paired(vectors)
        self._halves = (vector[0::2].copy(), vector[1::2].copy()) if self._paired else (vector,) * 2
        self._scratch = local()

    def __call__(self, start: int, stop: int) -> None:
        # As they lie where they are float32: only what is made anew has to stay in the caches.
        size = len(self._vectors) if self._vectors.dtype == "f32" else self._at_once
        for first in range(start, stop, size):
            self._fill(first, min(stop, first + size))

    @property
    def _at_once(self) -> int:
        """Rows that are widened at once."""
        return max(1, _WIDENED // max(1, self._vectors.dim))

    def _fill(self, start: int, stop: int) -> None:
        out = self._found[start:stop]
        with np.errstate(over="ignore", invalid="ignore"):
            if self._paired:
                self._of_pairs(self._vectors.stored(start, stop).view(np.uint32), out)
            else:
                np.vecdot(self._vectors.slice(start, stop), self._vector, out=out)

    def _of_pairs(self, words: npt.NDArray[np.uint32], out: F32) -> None:
        even, odd = self._halves
        wide = self._kept(words.shape[1])[: len(words)]
        np.vecdot(np.left_shift(words, 16, out=wide).view(np.float32), even, out=out)
        out += np.vecdot(np.bitwise_and(words, _UPPER, out=wide).view(np.float32), odd)

    def _kept(self, width: int) -> npt.NDArray[np.uint32]:
        """Scratch of this thread; new memory each time would cost page faults."""
        found: npt.NDArray[np.uint32] | None = getattr(self._scratch, "words", None)
        if found is None:
            rows = min(self._at_once, len(self._vectors))
            found = self._scratch.words = np.empty((rows, width), dtype=np.uint32)
        return found


def _paired(vectors: Vectors) -> bool:
    if vectors.dtype != "bf16" or vectors.dim % 2 or sys.byteorder != "little":
        return False
    stored: npt.NDArray[np.generic] = vectors.stored(0, 1)
    return stored.dtype.isnative and stored.flags.c_contiguous
