"""Opening what may not be there, and JSON that may be hostile."""

from __future__ import annotations

import json
import mmap
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from explorer.errors import InputError

HEAD = 4096
LARGEST_JSON = 256 * 2**20
# The way out of most broken files.
DAMAGED = "The file is damaged or only partly copied; fetch it again."

Pairs = list[tuple[str, Any]]


@contextmanager
def readable(path: Path) -> Iterator[None]:
    """Turns the system's refusals to open or read `path` into an InputError."""
    try:
        yield
    except FileNotFoundError as error:
        raise InputError(path, "there is no such file.", "Check the path.") from error
    except PermissionError as error:
        hint = "Ask for the right to read it, or copy it."
        raise InputError(path, "may not be read: permission denied.", hint) from error
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise InputError(path, f"cannot be read: {reason}.") from error


@contextmanager
def mapped(path: Path) -> Iterator[mmap.mmap]:
    """The bytes of a file, not read before they are looked at. Raises InputError."""
    with (
        readable(path),
        path.open("rb") as file,
        mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as held,
    ):
        yield held


def head(path: Path, size: int = HEAD) -> bytes:
    """The first bytes of a file; b"" for a folder. Raises InputError."""
    if path.is_dir():
        return b""
    with readable(path):
        _refuse_stream(path)
        with path.open("rb") as file:
            return file.read(size)


def _refuse_stream(path: Path) -> None:
    """A pipe or a device can be read once only, and opening a named pipe waits for its writer."""
    if path.exists() and not path.is_file():
        problem = "is a pipe or a device; a table is read from a file."
        raise InputError(path, problem, "Write it into a file first.")


def file_size(path: Path) -> int:
    """Bytes of a file. Raises InputError."""
    with readable(path):
        return path.stat().st_size


def small_text(path: Path, limit: int = LARGEST_JSON) -> str:
    """A whole text file of at most `limit` bytes, UTF-8 with or without mark. InputError."""
    if (size := file_size(path)) > limit:
        raise InputError(path, f"is {size:,} bytes, more than the {limit:,} read of such a file.")
    with readable(path):
        raw = path.read_bytes()
    return raw.decode("utf-8-sig", errors="replace")


def parsed_json(
    path: Path,
    text: str | bytes,
    *,
    place: str = "",
    pairs: Callable[[Pairs], Any] | None = None,
) -> Any:
    """A JSON text. Raises InputError for one that is broken, not UTF-8 or too deeply nested."""
    try:
        return json.loads(text, object_pairs_hook=pairs)
    except RecursionError as error:
        raise InputError(
            path, "the JSON is too deeply nested to be a table.", place=place
        ) from error
    except ValueError as error:
        raise InputError(path, "the JSON is broken.", DAMAGED, place=place) from error
