"""A matrix in a file as Vectors: mapped out of it without being read, or its bits as they are."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from explorer.reading.files import readable
from explorer.vectors import Vectors

# How the bits of each of vectors.DTYPES lie in a little-endian file.
STORED = {"f64": "<f8", "f32": "<f4", "f16": "<f2", "bf16": "<u2", "f8_e4m3": "u1", "f8_e5m2": "u1"}
_BITS = {"bf16", "f8_e4m3", "f8_e5m2"}


def as_vectors(storage: npt.NDArray[np.generic], dtype: str, *, mapped: bool = False) -> Vectors:
    """A matrix of numbers, or of the bits of a dtype that NumPy does not have, as Vectors."""
    return Vectors(storage, dtype if dtype in _BITS else "", mapped=mapped)


def mapped_matrix(path: Path, dtype: str, offset: int, shape: tuple[int, int]) -> Vectors:
    """The (rows, dim) matrix that starts `offset` bytes into the file, memory-mapped read-only.

    The caller has checked that the file is long enough. Raises InputError.
    """
    with readable(path):
        storage = np.memmap(path, STORED[dtype], mode="r", offset=offset, shape=shape)
    return as_vectors(storage, dtype)
