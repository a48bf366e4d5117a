"""Apache Parquet: a column of lists of numbers, or one column a number, and others beside.

The format: https://parquet.apache.org/docs/file-format/. Its metadata is not believed (112 KB may
hold 120 MB and say 3,304 bytes): memory is bounded by rows x width, and the native parser runs in
a child process.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np

from explorer.formats import Format
from explorer.paths import replacing
from explorer.progress import Report
from explorer.reading.columnar import probe_columns, read_columns
from explorer.reading.columnar_files import PARQUET
from explorer.reading.writing import check_titles, check_writable, number_blocks
from explorer.table import Table

_GROUP = 65_536


def _recognises(path: Path, head: bytes) -> bool:
    return head.startswith(PARQUET)


def _read(path: Path, tensor: str, *, report: Report) -> Table:
    return read_columns(path, "parquet", tensor, FORMAT.name, report)


def _write(table: Table, path: Path, *, report: Report) -> None:
    """`token` (string), `vector` (a list of fixed size) and the table's columns, row group by row
    group. Raises OutputError for half a surrogate pair, which UTF-8 cannot keep."""
    check_writable(table, path, "")
    check_titles(table, path, "token", "vector")
    with replacing(path) as temporary:
        _write_groups(table, temporary, report)


def _write_groups(table: Table, path: Path, report: Report) -> None:
    import pyarrow as pa
    from pyarrow import parquet

    columns = {name: pa.array(column.values) for name, column in table.columns.items()}
    writer = None
    try:
        for start, block in number_blocks(table, report, _GROUP):
            stop = start + len(block)
            flat = pa.array(np.ascontiguousarray(block).ravel())
            group = pa.table(
                {
                    "token": pa.array(table.tokens[start:stop], pa.string()),
                    "vector": pa.FixedSizeListArray.from_arrays(flat, table.dim),
                    **{name: column[start:stop] for name, column in columns.items()},
                }
            )
            writer = writer or parquet.ParquetWriter(path, group.schema)
            writer.write_table(group)
    finally:
        if writer is not None:
            writer.close()


FORMAT = Format(
    name="parquet",
    title="Parquet",
    suffixes=(".parquet",),
    recognises=_recognises,
    probe=partial(probe_columns, kind="parquet"),
    read=_read,
    write=_write,
    writes=(".parquet",),
    order=10,
)
