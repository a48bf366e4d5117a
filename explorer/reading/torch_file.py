"""A PyTorch checkpoint on disk as tensors with names; the only place that loads one.

Nothing is unpickled but by torch's restricted loader (`weights_only=True`), and that one only from
2.10 on, which closes CVE-2025-32434 and CVE-2026-24747. There is no way round it: a file that asks
for more is refused, and what it asks for is named. torch's own messages are not shown, for they
tell how to switch the protection off.

The zip form is mapped, and so is the legacy form (before torch 1.6) where our own reader can follow
its pickles (`explorer.reading.torch_legacy`). Of the others sizes cannot be checked beforehand, and
torch reads them in a child process.
"""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from explorer.errors import InputError
from explorer.progress import Report, silent
from explorer.reading.archives import ZIP
from explorer.reading.checkpoint import Checkpoint, flattened
from explorer.reading.child import Result, in_child
from explorer.reading.choosing import Candidate, Tensor, pick, rank
from explorer.reading.files import DAMAGED, file_size, head, readable
from explorer.reading.matrices import as_vectors
from explorer.reading.memory import ensure_fits
from explorer.reading.pickles import PICKLE_HINT, asked_for, foreign_to_torch, pickle_problem
from explorer.reading.torch_legacy import Unfollowed, read_legacy
from explorer.vectors import Vectors

_SCANNED = 16 * 2**20
_BITS = {"bf16": "uint16", "f8_e4m3": "uint8", "f8_e5m2": "uint8"}
# What torch itself and its reading buffers take, beside three times the file.
_OWN_MEMORY = 2 * 2**30


def is_zip(path: Path) -> bool:
    """By the first bytes, as torch itself decides."""
    return head(path, len(ZIP)) == ZIP


def load_checkpoint(
    path: Path, tensor: str = "", *, numbers: bool, report: Report = silent
) -> Checkpoint:
    """What the restricted loader gives: all tensors, mapped, of a zip.

    Of a legacy file that cannot be mapped, what they are; with `numbers`, those of `tensor` ("" for
    the likeliest) too.
    Raises InputError, and NotFoundError where there is no such tensor.
    """
    if is_zip(path):
        _check_members(path)
        return flattened(_loaded(path, zipped=True))
    with suppress(Unfollowed):
        return read_legacy(path, report)
    if wanted := foreign_to_torch(head(path, _SCANNED)):  # torch need not be asked
        raise InputError(path, pickle_problem("a PyTorch file", wanted), PICKLE_HINT)
    ensure_fits(path, file_size(path))
    limit = _OWN_MEMORY + 3 * file_size(path)
    found = in_child(parse_legacy, path, tensor, numbers, report=report, memory_limit=limit)
    return _told(found)


def ranked(
    path: Path, held: Checkpoint, tensor: str = "", *, named: bool = False, vocabulary: int = 0
) -> list[Candidate]:
    """The tables of a checkpoint, best first. Raises InputError where there is none, or where the
    one called `tensor` is not sound."""
    if tensor in held.faults:
        raise InputError(path, f"tensor {tensor!r} {held.faults[tensor]}.")
    sound = [one for name, one in held.described.items() if name not in held.faults]
    if held.faults and not any(len(one.shape) == 2 for one in sound):
        name, fault = next(iter(held.faults.items()))
        raise InputError(path, f"tensor {name!r} {fault}.", DAMAGED)
    known = named or bool(held.vocabularies)
    return rank(path, sound, named=known, vocabulary=vocabulary)


def vectors_of(path: Path, held: Checkpoint, chosen: Candidate) -> Vectors:
    """The tensor's own memory as a matrix; no copy."""
    stored = held.tensors[chosen.name]
    if isinstance(stored, np.ndarray):
        return as_vectors(stored, chosen.dtype)
    return as_vectors(_bits(path, stored, chosen.dtype), chosen.dtype, mapped=is_zip(path))


def _bits(path: Path, tensor: Any, dtype: str) -> npt.NDArray[Any]:
    import torch

    try:
        plain = tensor.detach()
        if dtype in _BITS:
            plain = plain.view(getattr(torch, _BITS[dtype]))
        storage: npt.NDArray[Any] = plain.numpy()
    except (RuntimeError, TypeError, ValueError) as error:
        raise InputError(path, "its tensor cannot be read as a matrix.") from error
    return storage


# Loading


def _loaded(path: Path, *, zipped: bool) -> Any:
    import torch

    if torch.__version__ < "2.10":  # a TorchVersion, which compares as versions do
        hint = "Install torch 2.10 or later: older ones can be made to run code by such a file."
        raise InputError(path, f"is not opened with torch {torch.__version__}.", hint)
    try:
        with readable(path):
            return torch.load(path, map_location="cpu", weights_only=True, mmap=zipped)
    except (InputError, MemoryError):
        raise
    except Exception as error:  # whatever a broken or hostile file provokes in the loader
        raise _refusal(path, zipped=zipped) from error


def _check_members(path: Path) -> None:
    """PyTorch stores its members as they are: a compressed one is not PyTorch's, and may be 1000
    times larger than it looks."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except Exception as error:  # zipfile raises many kinds on a broken directory
        raise InputError(path, "the archive is broken.", DAMAGED) from error
    names = [member.filename for member in members]
    if any(name.endswith("/constants.pkl") for name in names):
        hint = "Save the weights alone: torch.save(module.state_dict(), ...)."
        raise InputError(path, "is a TorchScript program, not a table of weights.", hint)
    if any(member.compress_type != zipfile.ZIP_STORED for member in members):
        problem = "its members are compressed, so it is not a checkpoint as PyTorch writes them."
        raise InputError(path, problem, "Save it again with torch.save.")
    if sum(member.file_size for member in members) > file_size(path):
        raise InputError(path, "its members claim more bytes than the file has.", DAMAGED)


def _refusal(path: Path, *, zipped: bool) -> InputError:
    """Own words for what torch would not load: what it asks for, or that it is broken."""
    wanted = _unsafe(path, zipped=zipped)
    if wanted:
        return InputError(path, pickle_problem("a PyTorch file", wanted), PICKLE_HINT)
    return InputError(path, "is not a PyTorch checkpoint that can be read.", DAMAGED)


def _unsafe(path: Path, *, zipped: bool) -> list[str]:
    import torch

    if not zipped:
        with path.open("rb") as file:
            return asked_for(file.read(_SCANNED))
    try:
        return list(torch.serialization.get_unsafe_globals_in_checkpoint(path))
    except Exception:  # the file is refused anyway; without names if it is broken as well
        return []


# The legacy form, in a child process


def parse_legacy(path: Path, tensor: str, numbers: bool) -> Result:
    """What a legacy file holds; with `numbers`, the matrix of `tensor` too. Runs in the child."""
    held = flattened(_loaded(path, zipped=False))
    arrays: dict[str, npt.NDArray[Any]] = {}
    if numbers:
        chosen = pick(path, ranked(path, held, tensor), tensor)
        arrays[chosen.name] = _bits(path, held.tensors[chosen.name], chosen.dtype)
    described = [[one.name, one.shape, one.dtype, one.nbytes] for one in held.described.values()]
    vocabularies = [[name, *_as_json(v)] for name, v in held.vocabularies.items()]
    facts = {"described": described, "faults": held.faults, "vocabularies": vocabularies}
    return Result(arrays, facts)


def _told(found: Result) -> Checkpoint:
    facts: Mapping[str, Any] = found.facts
    described = {
        name: Tensor(name, tuple(shape), dtype, nbytes)
        for name, shape, dtype, nbytes in facts["described"]
    }
    vocabularies = {
        name: dict(held) if paired else held for name, paired, held in facts["vocabularies"]
    }
    return Checkpoint(found.arrays, described, facts["faults"], vocabularies)


def _as_json(vocabulary: Any) -> tuple[bool, list[Any]]:
    """Whether it is a mapping, and its entries; JSON would make texts of a mapping's numbers."""
    if isinstance(vocabulary, dict):
        return True, [[_plain(key), _plain(value)] for key, value in vocabulary.items()]
    return False, [_plain(one) for one in vocabulary]


def _plain(value: Any) -> str | int | None:
    return value if isinstance(value, str) or type(value) is int else None
