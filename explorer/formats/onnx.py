"""ONNX models: the constant tensors, first those that a Gather looks rows up in.

Needs the library `onnx` (the extra "more"), which parses in a child process and loads nothing from
other files: a tensor kept outside the model is mapped from the model's own folder.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from explorer.errors import InputError
from explorer.formats import Candidate, Format
from explorer.progress import Progress, Report, silent
from explorer.reading.child import MEMORY_LIMIT, in_child
from explorer.reading.choosing import Tensor, pick, rank
from explorer.reading.files import file_size
from explorer.reading.matrices import as_vectors, mapped_matrix
from explorer.reading.memory import ensure_fits
from explorer.reading.naming import has_names, name_rows
from explorer.reading.onnx_graph import array, described
from explorer.table import Source, Table
from explorer.vectors import DTYPES, Vectors

# ModelProto starts with ir_version (field 1, a small number), then a text or message field.
_IR_VERSION, _NEWEST = 0x08, 32
_NEXT_FIELDS = {0x12, 0x1A, 0x22, 0x28, 0x32, 0x3A, 0x42}
_LOOKED_UP = 3.0

_Described = Mapping[str, Mapping[str, Any]]


def _recognises(path: Path, head: bytes) -> bool:
    if len(head) < 3 or head[0] != _IR_VERSION:
        return False
    return 0 < head[1] <= _NEWEST and head[2] in _NEXT_FIELDS


def _found(path: Path, report: Report = silent) -> tuple[list[Candidate], _Described]:
    if find_spec("onnx") is None:
        hint = 'Install it: pip install "embedding-explorer[more]".'
        raise InputError(path, "is an ONNX model, and the library onnx is not installed.", hint)
    ensure_fits(path, file_size(path))  # protobuf is parsed as a whole
    facts = in_child(described, path, report=report, memory_limit=_limit(path)).facts
    by_name = {one["name"]: one for one in facts["tensors"]}
    tensors = [
        Tensor(name, tuple(one["shape"]), one["dtype"], one["nbytes"])
        for name, one in by_name.items()
    ]
    ranked = [_scored(one, by_name) for one in rank(path, tensors, named=has_names(path))]
    return sorted(ranked, key=lambda one: -one.score), by_name


def _scored(one: Candidate, tensors: _Described) -> Candidate:
    if not tensors[one.name]["looked_up"]:
        return one
    reason = "; ".join(filter(None, ["a Gather looks rows up in it", one.reason]))
    return replace(one, score=one.score + _LOOKED_UP, reason=reason)


def _limit(path: Path) -> int:
    """The file is read, parsed and copied."""
    return MEMORY_LIMIT + 3 * file_size(path)


def _probe(path: Path) -> list[Candidate]:
    return _found(path)[0]


def _read(path: Path, tensor: str, *, report: Report) -> Table:
    candidates, tensors = _found(path, report)
    chosen = pick(path, candidates, tensor)
    if min(chosen.rows, chosen.dim) < 0 or chosen.dtype not in DTYPES:
        raise InputError(path, f"tensor {chosen.name!r} has no sound shape.")
    outside = tensors[chosen.name]["outside"]
    vectors = _mapped(path, chosen, outside) if outside else _held(path, chosen, report)
    report(Progress(0.9, 1, "Naming rows"))
    return name_rows(path, chosen.rows).table(vectors, Source(path, FORMAT.name, chosen.name))


def _held(path: Path, chosen: Candidate, report: Report) -> Vectors:
    result = in_child(array, path, chosen.name, report=report, memory_limit=_limit(path))
    return as_vectors(result.arrays["vectors"], chosen.dtype)


def _mapped(path: Path, chosen: Candidate, outside: Mapping[str, str]) -> Vectors:
    """The tensor in the file that the model names, which must lie in the model's own folder."""
    beside = _inside(path, outside.get("location", ""))
    offset = _whole(path, outside.get("offset", "0"))
    size = file_size(beside)
    if offset + chosen.nbytes > size:
        problem = f"tensor {chosen.name!r} ends at byte {offset + chosen.nbytes:,} of {beside.name}"
        raise InputError(path, f"{problem}, which has {size:,}.", "Copy that file again.")
    return mapped_matrix(beside, chosen.dtype, offset, (chosen.rows, chosen.dim))


def _inside(path: Path, location: str) -> Path:
    folder = path.parent.resolve()
    try:
        found = (folder / location).resolve()
    except (OSError, ValueError, RuntimeError) as error:
        raise InputError(path, f"names {location!r}, which is no path.") from error
    if found == folder or not found.is_relative_to(folder):
        problem = f"names {location!r}, which lies outside its folder; such paths are not read."
        raise InputError(path, problem, "Put the file beside the model and name it there.")
    if not found.is_file():
        raise InputError(path, f"keeps its numbers in {found.name!r}, which is missing.")
    return found


def _whole(path: Path, text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise InputError(path, f"has {text[:20]!r} where the start of a tensor should stand.")
    return int(text)


FORMAT = Format(
    name="onnx",
    title="ONNX model",
    suffixes=(".onnx",),
    recognises=_recognises,
    probe=_probe,
    read=_read,
    order=58,
)
