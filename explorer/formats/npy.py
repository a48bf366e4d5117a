"""A NumPy array file: memory-mapped, of any byte order and memory order, never unpickled.

The format: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html. Mapping first
is also the safe way: a header that claims 15 TiB is a MemoryError to a plain np.load.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from explorer.errors import InputError
from explorer.formats import Candidate, Format
from explorer.progress import Progress, Report
from explorer.reading.arrays import DAMAGED, NPY_MAGIC, ArrayHeader, read_array_header
from explorer.reading.bits import as_vectors
from explorer.reading.choosing import pick
from explorer.reading.files import file_size, readable
from explorer.reading.naming import has_names, name_rows
from explorer.table import Source, Table


def _recognises(path: Path, head: bytes) -> bool:
    return head.startswith(NPY_MAGIC)


def _header(path: Path) -> ArrayHeader:
    with readable(path), path.open("rb") as file:
        return read_array_header(path, file)


def _checked(path: Path) -> Candidate:
    header = _header(path)
    shape, dtype = header.shape, header.dtype
    if dtype.hasobject:
        hint = "Save it with a float dtype: np.save(path, array.astype('float32'))."
        raise InputError(path, "holds Python objects, which are pickles and may run code.", hint)
    name = header.float_name
    if name is None or len(shape) != 2:
        sizes = " x ".join(map(str, shape)) or "a single value"
        problem = f"is not a matrix of floating-point numbers: it is {sizes} of {dtype}."
        raise InputError(path, problem, "An embedding table is (rows, dimensions).")
    claimed, available = header.nbytes, file_size(path) - header.start
    if claimed > available:
        problem = f"its header claims {claimed:,} bytes and the file has {available:,}."
        raise InputError(path, problem, DAMAGED)
    rows, dim = shape
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
