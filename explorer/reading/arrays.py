"""The header of a NumPy array, read from a file or from a member of an archive, never unpickled.

The format: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Literal

import numpy as np

from explorer.errors import InputError
from explorer.reading.choosing import count
from explorer.reading.files import DAMAGED

NPY_MAGIC = b"\x93NUMPY"
# The floating-point dtypes by NumPy's name without its byte order, in ours. V2 is how ml_dtypes
# saves bfloat16.
FLOATS = {"f2": "f16", "f4": "f32", "f8": "f64", "V2": "bf16"}
# Version 3 differs from 2 in the encoding of field names, and a matrix has no fields.
_READERS = {
    (1, 0): np.lib.format.read_array_header_1_0,
    (2, 0): np.lib.format.read_array_header_2_0,
    (3, 0): np.lib.format.read_array_header_2_0,
}


@dataclass(frozen=True, slots=True)
class ArrayHeader:
    """shape, dtype and memory order of an array, and how many bytes its header takes."""

    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    order: Literal["C", "F"]
    start: int

    @property
    def nbytes(self) -> int:
        """Bytes the array takes, as a Python int."""
        return count(self.shape) * self.dtype.itemsize

    @property
    def float_name(self) -> str | None:
        """The dtype in our names ("f32"), or None where it holds no floating-point numbers."""
        return FLOATS.get(self.dtype.str[1:])


def read_array_header(path: Path, file: IO[bytes], *, place: str = "") -> ArrayHeader:
    """The header at the start of `file`, which is then at the first number. Raises InputError."""
    try:
        version = np.lib.format.read_magic(file)
        shape, fortran, dtype = _READERS[version](file)
        header = ArrayHeader(shape, np.dtype(dtype), "F" if fortran else "C", file.tell())
    except Exception as error:  # the header is Python source: whatever a broken one provokes
        raise InputError(path, "its NumPy header is broken.", DAMAGED, place=place) from error
    if min(shape, default=0) < 0:
        raise InputError(path, "its NumPy header is broken.", DAMAGED, place=place)
    return header
