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
from explorer.registry import discover
from explorer.table import Table


@dataclass(frozen=True, slots=True)
class Candidate:
    """A table that a file holds, known from its header alone.

    name: the tensor's name; "" where a file holds just one.
    nbytes: size as stored. named: whether tokens were found for the rows.
    score: how likely it is the token table; the highest is opened unless the user says otherwise.
    reason: the score in words.
    """

    name: str
    rows: int
    dim: int
    dtype: str
    nbytes: int
    named: bool
    score: float = 0.0
    reason: str = ""


class Read(Protocol):
    def __call__(self, path: Path, tensor: str, *, report: Report) -> Table: ...


class Write(Protocol):
    def __call__(self, table: Table, path: Path, *, report: Report) -> None: ...


@dataclass(frozen=True, eq=False)
class Format:
    """One file format.

    name: the word in manifests and flags. title: the word in menus.
    suffixes: usual endings, for file dialogs and for choosing a format to write.
    recognises: (path, first 4096 bytes; b"" for a folder) -> is this file of this format?
    probe: path -> its tables, best first. Raises InputError.
    read: path, tensor name ("" = best), report -> Table. Raises InputError, NotFoundError.
    write: table, path, report; None where the format is only read. Raises OutputError.
    order: formats are asked in this order; a low number has the surer mark.
    """

    name: str
    title: str
    suffixes: tuple[str, ...]
    recognises: Callable[[Path, bytes], bool]
    probe: Callable[[Path], list[Candidate]]
    read: Read
    write: Write | None = None
    order: int = 50


@cache
def formats() -> dict[str, Format]:
    """Every format by name, surest mark first."""
    return discover(__name__, "FORMAT")
