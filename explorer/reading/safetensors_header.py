"""The header of a safetensors file, checked against the file before anything is believed.

Specification: https://github.com/huggingface/safetensors, README, "Format".
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from explorer.errors import InputError
from explorer.reading.choosing import count
from explorer.reading.files import DAMAGED, Pairs, file_size, parsed_json, readable

LARGEST_HEADER = 100 * 2**20  # the specification's own limit
_BYTES = re.compile(r"[A-Z]+(\d+)")
_OURS = {"F64": "f64", "F32": "f32", "F16": "f16", "BF16": "bf16",
         "F8_E4M3": "f8_e4m3", "F8_E5M2": "f8_e5m2"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """One tensor: dtype in our names ("f32", "i8"), shape, its bytes start..stop of the data."""

    dtype: str
    shape: tuple[int, ...]
    start: int
    stop: int


@dataclass(frozen=True, eq=False)
class Header:
    """tensors by name, metadata, and where in the file the data starts."""

    tensors: Mapping[str, Entry]
    metadata: Mapping[str, str]
    data_at: int


def read_header(path: Path) -> Header:
    """Reads and checks the header alone. Raises InputError."""
    size = file_size(path)
    with readable(path), path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        if length > min(LARGEST_HEADER, size - 8):
            problem = f"its header claims {length:,} bytes and the file has {size:,}."
            raise InputError(path, problem, DAMAGED)
        raw = file.read(length)
    fields = parsed_json(path, raw, place="header", pairs=lambda pairs: _once(path, pairs))
    if not isinstance(fields, dict):
        raise _broken(path, "is not a JSON object")
    metadata = fields.pop("__metadata__", {})
    tensors = {name: _entry(path, name, entry) for name, entry in fields.items()}
    _check_extent(path, tensors, size - 8 - length)
    texts = metadata if isinstance(metadata, dict) else {}
    return Header(tensors, {k: str(v) for k, v in texts.items()}, 8 + length)


def _once(path: Path, pairs: Pairs) -> dict[str, Any]:
    """A JSON object whose names differ, as the specification demands; json keeps the last."""
    fields = dict(pairs)
    if len(fields) < len(pairs):
        twice = Counter(name for name, _ in pairs).most_common(1)[0][0]
        raise InputError(
            path,
            f"the header names {twice!r} twice, so it cannot be known which is meant.",
            "Save the file again with the safetensors library.",
        )
    return fields


def _entry(path: Path, name: str, fields: Any) -> Entry:
    try:
        dtype, shape, offsets = fields["dtype"], fields["shape"], fields["data_offsets"]
        start, stop = offsets
    except (TypeError, KeyError, ValueError) as error:
        raise _broken(path, f"does not describe tensor {name!r}") from error
    if not isinstance(dtype, str) or not isinstance(shape, list):
        raise _broken(path, f"does not describe tensor {name!r}")
    if not all(type(n) is int and n >= 0 for n in (*shape, start, stop)):
        raise _broken(path, f"gives tensor {name!r} a size that is not a count")
    entry = Entry(_OURS.get(dtype, dtype.lower()), tuple(shape), start, stop)
    _check_size(path, name, dtype, entry)
    return entry


def _check_size(path: Path, name: str, dtype: str, entry: Entry) -> None:
    width = _BYTES.match(dtype)
    bits = 8 if dtype == "BOOL" else int(width.group(1)[:4]) if width else 0
    claimed, given = count(entry.shape) * bits, (entry.stop - entry.start) * 8
    if bits and claimed != given:
        shape = " x ".join(map(str, entry.shape))
        text = f"gives tensor {name!r} ({shape} {dtype}) {given // 8:,} bytes, not {claimed // 8:,}"
        raise _broken(path, text)


def _check_extent(path: Path, tensors: Mapping[str, Entry], available: int) -> None:
    """Tensors lie one after the other, without holes or overlaps, to the end of the file."""
    at = 0
    for name, entry in sorted(tensors.items(), key=lambda item: (item[1].start, item[1].stop)):
        if entry.stop > available:
            raise InputError(
                path,
                f"its header claims {entry.stop:,} bytes of data (tensor {name!r}) and the file "
                f"has {available:,}.",
                DAMAGED,
            )
        if entry.start != at:
            raise _broken(path, f"lays tensor {name!r} over another, or leaves a hole before it")
        at = entry.stop
    if at != available:
        raise _broken(path, f"accounts for {at:,} bytes of data, and the file has {available:,}")


def _broken(path: Path, problem: str) -> InputError:
    return InputError(path, f"its safetensors header {problem}.", DAMAGED)
