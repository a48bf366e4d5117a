"""What was computed and may be computed again, kept in the user's cache folder.

A file is one line that says what it holds, and arrays one after the other. The line carries a
digest of the arrays, so that a damaged file is known for one: it is as if it were not there. The
files used longest ago make room for new ones.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from explorer.errors import OutputError
from explorer.paths import cache_dir, replacing

Array = npt.NDArray[Any]
Facts = Mapping[str, Any]

LIMIT = 2**30  # bytes of all files together

_SUFFIX = ".arrays"
_LONGEST_LINE = 4096


def folder() -> Path:
    """Where the files are; it need not be there."""
    return cache_dir() / "kept"


def store(name: str, facts: Facts, arrays: Sequence[Array]) -> None:
    """Keeps arrays of numbers under a name, in place of what was kept under it.

    facts: what JSON can hold, to be asked for again. Where the folder cannot be written, or the
    arrays alone are more than LIMIT, nothing is kept: that is no error.
    """
    if sum(array.nbytes for array in arrays) > LIMIT:
        return
    plain = [np.ascontiguousarray(array, array.dtype.newbyteorder("<")) for array in arrays]
    shapes = [[array.dtype.str, list(array.shape)] for array in plain]
    line = {"facts": dict(facts), "arrays": shapes, "digest": _digest(plain)}
    with suppress(OSError, OutputError):
        folder().mkdir(parents=True, exist_ok=True)
        with replacing(_path(name)) as temporary, temporary.open("wb") as file:
            file.write(json.dumps(line).encode() + b"\n")
            for array in plain:
                file.write(array.data)
        _make_room(_path(name))


def load(name: str, facts: Facts) -> list[Array] | None:
    """The arrays kept under a name with these facts; None where they are not there as stored."""
    path = _path(name)
    try:
        with path.open("rb") as file:
            line = json.loads(file.readline(_LONGEST_LINE))
            if line["facts"] != dict(facts):
                return None
            arrays = [_array(file.read(_bytes(*one)), *one) for one in line["arrays"]]
            if file.read(1) or _digest(arrays) != line["digest"]:
                return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError, ArithmeticError):
        return None
    except (RecursionError, MemoryError):
        return None
    with suppress(OSError):
        os.utime(path)  # used now: others make room first
    return arrays


def names() -> list[str]:
    """Of all that is kept, in no order."""
    return [path.name.removesuffix(_SUFFIX) for path in _files()]


def size() -> int:
    """Bytes of all that is kept."""
    total = 0
    for path in _files():
        with suppress(OSError):
            total += path.stat().st_size
    return total


def clear() -> int:
    """Forgets all that is kept; how many bytes that sets free."""
    freed = 0
    for path in _files():
        with suppress(OSError):
            size = path.stat().st_size
            path.unlink()
            freed += size
    return freed


def _path(name: str) -> Path:
    return folder() / f"{name}{_SUFFIX}"


def _files() -> list[Path]:
    try:
        return [path for path in folder().iterdir() if path.name.endswith(_SUFFIX)]
    except OSError:
        return []


def _make_room(new: Path) -> None:
    found = []
    for path in _files():
        with suppress(OSError):
            told = path.stat()
            found.append((path == new, told.st_mtime_ns, told.st_size, path))
    too_much = sum(size for _, _, size, _ in found) - LIMIT
    for _, _, size, path in sorted(found):
        if too_much <= 0:
            return
        with suppress(OSError):
            path.unlink()
            too_much -= size


def _bytes(dtype: str, shape: list[int]) -> int:
    count = np.dtype(dtype).itemsize
    for length in shape:
        count *= int(length)
    if not 0 <= count <= LIMIT:
        raise ValueError(count)
    return count


def _array(content: bytes, dtype: str, shape: list[int]) -> Array:
    return np.frombuffer(content, dtype).reshape(shape)


def _digest(arrays: Sequence[Array]) -> str:
    digest = hashlib.blake2b(digest_size=16)
    for array in arrays:
        digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()
