"""A NumPy array file: memory-mapped, of any byte order and memory order, never unpickled.

The format: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html. Mapping first
is also the safe way: a header that claims 15 TiB is a MemoryError to a plain np.load.
"""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO

import numpy as np

from explorer.errors import InputError, OutputError
from explorer.formats import Candidate, Format
from explorer.paths import replacing
from explorer.progress import Progress, Report
from explorer.reading.arrays import NPY_MAGIC, ArrayHeader, read_array_header
from explorer.reading.choosing import pick
from explorer.reading.files import DAMAGED, file_size, readable
from explorer.reading.matrices import as_vectors
from explorer.reading.naming import has_names, name_rows, tokenizer_beside
from explorer.reading.writing import check_writable, labels_of, number_blocks
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
    return name_rows(path, chosen.rows).table(
        as_vectors(stored, chosen.dtype), Source(path, FORMAT.name)
    )


def _write(table: Table, path: Path, *, report: Report) -> None:
    """The matrix, and beside it `<stem>.tokens.txt` with tokens and columns: both or neither.

    float64, float32 and float16 as they are; bfloat16 and float8, which NumPy does not have, as
    float32. Raises OutputError.
    """
    check_writable(table, path, "\t\n\r")
    if tokenizer_beside(path).exists():
        hint = "Move it away, or choose another name."
        raise OutputError(path, "a tokenizer beside it would name the rows.", hint)
    with ExitStack() as files:
        if table.named:
            labels = files.enter_context(replacing(path.with_name(f"{path.stem}.tokens.txt")))
            labels.write_bytes(labels_of(table))
        temporary = files.enter_context(replacing(path))
        with temporary.open("wb") as file:
            _write_array(table, file, report)


def _write_array(table: Table, file: BinaryIO, report: Report) -> None:
    vectors = table.vectors
    dtype = np.dtype(
        "<f2" if vectors.dtype == "f16" else "<f8" if vectors.dtype == "f64" else "<f4"
    )
    header = {"descr": dtype.str, "fortran_order": False, "shape": vectors.shape}
    np.lib.format.write_array_header_1_0(file, header)
    blocks = number_blocks(table, report)
    file.writelines(block.astype(dtype, copy=False).tobytes() for _, block in blocks)


FORMAT = Format(
    name="npy",
    title="NumPy array",
    suffixes=(".npy",),
    recognises=_recognises,
    probe=_probe,
    read=_read,
    write=_write,
    writes=(".npy",),
    order=10,
)
