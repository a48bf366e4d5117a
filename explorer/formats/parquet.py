"""Apache Parquet: a column of lists of numbers, or one column a number, and others beside.

The format: https://parquet.apache.org/docs/file-format/. Its metadata is not believed (112 KB may
hold 120 MB and say 3,304 bytes): memory is bounded by rows x width, and the native parser runs in
a child process.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

from explorer.formats import Format
from explorer.progress import Report
from explorer.reading.columnar import probe_columns, read_columns
from explorer.table import Table

_MAGIC = b"PAR1"


def _recognises(path: Path, head: bytes) -> bool:
    return head.startswith(_MAGIC)


def _read(path: Path, tensor: str, *, report: Report) -> Table:
    return read_columns(path, "parquet", tensor, FORMAT.name, report)


FORMAT = Format(
    name="parquet",
    title="Parquet",
    suffixes=(".parquet",),
    recognises=_recognises,
    probe=partial(probe_columns, kind="parquet"),
    read=_read,
    order=10,
)
