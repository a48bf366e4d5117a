"""Files an embedding table lives in: one module per format, each ending with one FORMAT.

Reading is in two steps. `probe` reads headers only and names the tables in a file; `read` reads
the one chosen. Content decides which format a file is, never its suffix.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Protocol

from explorer.progress import Report
from explorer.reading.choosing import Candidate
from explorer.reading.files import head
from explorer.reading.foreign import refuse_foreign, unknown
from explorer.registry import discover
from explorer.table import Table

__all__ = ["Candidate", "Format", "Read", "Write", "formats", "sniff"]


class Read(Protocol):
    """See Format.read."""

    def __call__(self, path: Path, tensor: str, *, report: Report) -> Table: ...


class Write(Protocol):
    """See Format.write."""

    def __call__(self, table: Table, path: Path, *, report: Report) -> None: ...


@dataclass(frozen=True, eq=False)
class Format:
    """One file format.

    name: the word in manifests and flags. title: the word in menus.
    suffixes: usual endings, for file dialogs.
    recognises: (path, first 4096 bytes; b"" for a folder) -> is this file of this format?
    probe: path -> its tables, best first. Raises InputError.
    read: path, tensor name ("" = best), report -> Table. Raises InputError, NotFoundError.
    write: table, path, report; None where the format is only read. Raises OutputError.
    writes: the endings that ask for this format when a table is written.
    order: formats are asked in this order; a low number has the surer mark.
    """

    name: str
    title: str
    suffixes: tuple[str, ...]
    recognises: Callable[[Path, bytes], bool]
    probe: Callable[[Path], list[Candidate]]
    read: Read
    write: Write | None = None
    writes: tuple[str, ...] = ()
    order: int = 50


@cache
def formats() -> dict[str, Format]:
    """Every format by name, surest mark first."""
    return discover(__name__, "FORMAT")


def sniff(path: Path) -> Format:
    """The format of a file or folder, by its content. Only its first bytes are read.

    Raises InputError for what is missing, empty, foreign or unknown: what it is, and the way out.
    """
    start = head(path)
    refuse_foreign(path, start)
    for entry in formats().values():
        if entry.recognises(path, start):
            return entry
    raise unknown(path, start, [entry.title for entry in formats().values()])
