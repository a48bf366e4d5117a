"""Selections that are kept by name, from one start of the product to the next.

They belong to what the rows are called, not to a file: the same vocabulary in another file, or
trained again, has the same selections. One file each, so that two windows that keep, rename or
delete at the same time cannot lose each other's, and a damaged file costs one selection:

    <config>/selections/<key of the table>/<SHA-256 of the name>.json
    {"schema": 1, "name": "animals", "rows": [12, 40, 41]}
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from explorer.errors import InputError, OutputError, ParameterError
from explorer.paths import config_dir, replacing
from explorer.progress import Progress, Report, silent
from explorer.table import Table

Rows = npt.NDArray[np.int64]

# What expressions call the rows that are selected now; nothing can be kept under this name.
CURRENT = "selection"

_SCHEMA = 1
_LONGEST = 60
_HASHED_AT_ONCE = 50_000
_BYTES_PER_ROW = 24  # digits, comma and room to spare: beyond it the file is none of ours


def key_of(table: Table, report: Report = silent) -> str:
    """What the rows are called, in 64 hex digits.

    Named rows: SHA-256 of their number and of every token with its length. Numbered ones: of the
    source's name and tensor, rows and dimensions, for nothing else tells them from other tables.
    """
    if not table.named:
        name = table.source.path.name if table.source.path else ""
        told = json.dumps(["numbered", name, table.source.tensor, len(table), table.dim])
        return hashlib.sha256(told.encode("ascii")).hexdigest()
    digest, tokens = hashlib.sha256(f"named {len(table)}".encode("ascii")), iter(table.tokens)
    for done in range(0, len(table), _HASHED_AT_ONCE):
        report(Progress(done, len(table), "Looking for kept selections"))
        some = list(islice(tokens, _HASHED_AT_ONCE))
        digest.update(np.fromiter(map(len, some), "<i8", len(some)).tobytes())
        digest.update("".join(some).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def checked_name(name: str) -> str:
    """The name without blanks about it. Raises ParameterError for one that cannot be kept."""
    name = name.strip()
    if not name or len(name) > _LONGEST or not name.isprintable():
        raise ParameterError(
            "This cannot be the name of a selection.",
            f"Choose one of 1 to {_LONGEST} characters that can be seen.",
        )
    if name == CURRENT:
        raise ParameterError(
            f"@{CURRENT} is what expressions call the rows selected now.", "Choose another name."
        )
    return name


class Shelf:
    """The kept selections of one table. Every call reads or writes the files; nothing is held.

    rows: of the table; a file that names others is damaged.
    """

    def __init__(self, key: str, rows: int, folder: Path | None = None) -> None:
        self._folder = (folder or config_dir() / "selections") / key
        self._rows = rows

    def read(self) -> tuple[dict[str, Rows], tuple[InputError, ...]]:
        """Rows (ascending int64, read-only) by name, in alphabetical order, and what is wrong with
        the files that cannot be read, which are left as they are."""
        found: dict[str, Rows] = {}
        wrong: list[InputError] = []
        for path in self._files():
            try:
                name, rows = _read(path, self._rows)
            except InputError as error:
                wrong.append(error)
            else:
                found[name] = rows
        return ordered(found), tuple(wrong)

    def keep(self, name: str, rows: Rows) -> Rows:
        """Writes a selection, in place of one of that name; returns its rows as they are kept.

        Raises ParameterError for a name that cannot be or without any row, OutputError.
        """
        name = checked_name(name)
        if not len(rows):
            raise ParameterError("There are no rows to keep.", "Select some first.")
        kept: Rows = np.unique(rows)
        kept.flags.writeable = False
        told = {"schema": _SCHEMA, "name": name, "rows": kept.tolist()}
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise OutputError(
                self._folder, "the folder of kept selections cannot be made."
            ) from error
        with replacing(self._path(name)) as temporary:
            temporary.write_text(json.dumps(told, separators=(",", ":")), encoding="ascii")
        return kept

    def rename(self, old: str, new: str, rows: Rows) -> Rows:
        """Keeps `rows` under another name. Raises ParameterError where that is taken, OutputError.

        Should the machine stop in between, the selection is there under both names.
        """
        new = checked_name(new)
        if new == old:
            return rows
        if self._path(new).exists():
            raise ParameterError(f"There is a selection {new!r} already.", "Choose another name.")
        kept = self.keep(new, rows)
        self.delete(old)
        return kept

    def delete(self, name: str) -> None:
        """Removes a selection; nothing happens where it is gone. Raises OutputError."""
        path = self._path(name)
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise OutputError(path, "the selection cannot be deleted.") from error
        with suppress(OSError):  # others are left in it
            self._folder.rmdir()

    def _path(self, name: str) -> Path:
        digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()
        return self._folder / f"{digest}.json"

    def _files(self) -> list[Path]:
        try:
            return sorted(path for path in self._folder.iterdir() if path.suffix == ".json")
        except OSError:
            return []


def ordered(selections: Mapping[str, Rows]) -> dict[str, Rows]:
    """The same selections in alphabetical order."""
    return {name: selections[name] for name in sorted(selections, key=lambda n: (n.casefold(), n))}


def _read(path: Path, total: int) -> tuple[str, Rows]:
    """Name and rows of a file. Raises InputError."""
    try:
        if path.stat().st_size > _BYTES_PER_ROW * total + 4096:
            raise _damaged(path)
        told = json.loads(path.read_bytes())
    except OSError as error:
        raise InputError(path, f"it cannot be read: {error.strerror or error}.") from error
    except (ValueError, RecursionError) as error:
        raise _damaged(path) from error
    if not isinstance(told, dict) or told.get("schema") != _SCHEMA:
        raise _damaged(path)
    return _name(path, told.get("name")), _row_numbers(path, told.get("rows"), total)


def _name(path: Path, name: Any) -> str:
    try:
        if isinstance(name, str) and checked_name(name) == name:
            return name
    except ParameterError as error:
        raise _damaged(path) from error
    raise _damaged(path)


def _row_numbers(path: Path, rows: Any, total: int) -> Rows:
    if not isinstance(rows, list) or not all(type(row) is int and 0 <= row < total for row in rows):
        raise _damaged(path)
    if not rows:
        raise _damaged(path)
    found: Rows = np.unique(np.array(rows, dtype=np.int64))
    found.flags.writeable = False
    return found


def _damaged(path: Path) -> InputError:
    return InputError(
        path, "this is no kept selection of the table.", "It is left as it is; delete it by hand."
    )
