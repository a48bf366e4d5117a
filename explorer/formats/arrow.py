"""Apache Arrow: the IPC file (Feather version 2) and the IPC stream.

The format: https://arrow.apache.org/docs/format/Columnar.html#serialization-and-interprocess-communication-ipc.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

from explorer.formats import Format
from explorer.progress import Report
from explorer.reading.columnar import probe_columns, read_columns
from explorer.reading.columnar_files import ARROW
from explorer.table import Table

_STREAM = b"\xff\xff\xff\xff"  # the continuation mark before a message's length
_LONGEST_SCHEMA = 2**24


def _recognises(path: Path, head: bytes) -> bool:
    length = int.from_bytes(head[4:8], "little")
    return head.startswith(ARROW) or (head.startswith(_STREAM) and 0 < length < _LONGEST_SCHEMA)


def _read(path: Path, tensor: str, *, report: Report) -> Table:
    return read_columns(path, "arrow", tensor, FORMAT.name, report)


FORMAT = Format(
    name="arrow",
    title="Arrow or Feather",
    suffixes=(".arrow", ".feather"),
    recognises=_recognises,
    probe=partial(probe_columns, kind="arrow"),
    read=_read,
    order=10,
)
