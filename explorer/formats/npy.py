"""A NumPy array file: memory-mapped, of any byte order and memory order, never unpickled.

The format: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html. Mapping first
is also the safe way: a header that claims 15 TiB is a MemoryError to a plain np.load.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np

from explorer.errors import InputError
from explorer.formats import Candidate, Format
from explorer.progress import Progress, Report
from explorer.reading.bits import as_vectors
from explorer.reading.choosing import count, pick
from explorer.reading.files import file_size, readable
from explorer.reading.naming import has_names, name_rows
from explorer.table import Source, Table

_MAGIC = b"\x93NUMPY"
_DTYPES = {"f2": "f16", "f4": "f32", "f8": "f64", "V2": "bf16"}  # V2: how ml_dtypes saves bfloat16
# Version 3 differs from 2 in the encoding of field names, and a matrix has no fields.
_READERS = {
    (1, 0): np.lib.format.read_array_header_1_0,
    (2, 0): np.lib.format.read_array_header_2_0,
    (3, 0): np.lib.format.read_array_header_2_0,
}
_DAMAGED = "The file is damaged or only partly copied; fetch it again."


def _recognises(path: Path, head: bytes) -> bool:
    return head.startswith(_MAGIC)


@dataclass(frozen=True, slots=True)
class _Header:
    """shape, dtype and memory order of the array, and where in the file it starts."""

    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    order: Literal["C", "F"]
    start: int


def _header(path: Path) -> _Header:
    try:
        with readable(path), path.open("rb") as file:
            version = np.lib.format.read_magic(file)
            shape, fortran, dtype = _READERS[version](file)
            return _Header(shape, np.dtype(dtype), "F" if fortran else "C", file.tell())
    except InputError:
        raise
    except Exception as error:  # the header is Python source: whatever a broken one provokes
        raise InputError(path, "its NumPy header is broken.", _DAMAGED) from error


def _checked(path: Path) -> Candidate:
    header = _header(path)
    shape, dtype = header.shape, header.dtype
    if dtype.hasobject:
        hint = "Save it with a float dtype: np.save(path, array.astype('float32'))."
        raise InputError(path, "holds Python objects, which are pickles and may run code.", hint)
    name = _DTYPES.get(dtype.str[1:])
    if name is None or len(shape) != 2:
        sizes = " x ".join(map(str, shape)) or "a single value"
        problem = f"is not a matrix of floating-point numbers: it is {sizes} of {dtype}."
        raise InputError(path, problem, "An embedding table is (rows, dimensions).")
    claimed, available = count(shape) * dtype.itemsize, file_size(path) - header.start
    if claimed > available:
        problem = f"its header claims {claimed:,} bytes and the file has {available:,}."
        raise InputError(path, problem, _DAMAGED)
    rows, dim = shape
    if min(shape) < 0:
        raise InputError(path, "its NumPy header is broken.", _DAMAGED)
    return Candidate("", rows, dim, name, claimed, has_names(path))


def _probe(path: Path) -> list[Candidate]:
    return [_checked(path)]


def _read(path: Path, tensor: str, *, report: Report) -> Table:
    chosen = pick(path, _probe(path), tensor)
    report(Progress(0, 1, f"Mapping {path.name}"))
    header = _header(path)
    dtype = np.dtype("<u2") if chosen.dtype == "bf16" else header.dtype
    with readable(path):
        stored = np.memmap(path, dtype, "r", header.start, header.shape, header.order)
    names = name_rows(path, chosen.rows)
    return Table(
        tokens=names.tokens,
        vectors=as_vectors(stored, chosen.dtype),
        columns=names.columns,
        source=Source(path, FORMAT.name),
        report=names.notes,
        tokenizer=names.tokenizer,
        named=names.named,
    )


FORMAT = Format(
    name="npy",
    title="NumPy array",
    suffixes=(".npy",),
    recognises=_recognises,
    probe=_probe,
    read=_read,
    order=10,
)
