"""PyTorch checkpoints: a state dict, a training checkpoint or a bare tensor, zip or legacy form.

Nothing is unpickled but by torch's restricted loader (`weights_only=True`), and that one only from
2.10 on, which closes CVE-2025-32434 and CVE-2026-24747. There is no way round it: a file that asks
for more is refused, and what it asks for is named. torch's own messages are not shown, for they
tell how to switch the protection off.
"""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

from explorer.errors import InputError
from explorer.formats import Candidate, Format
from explorer.progress import Progress, Report
from explorer.reading.bits import as_vectors
from explorer.reading.checkpoint import Checkpoint, flattened, names_inside
from explorer.reading.choosing import pick, rank
from explorer.reading.files import file_size, head, readable
from explorer.reading.naming import Names, has_names, name_rows
from explorer.reading.pickles import PICKLE_HINT, asked_for, is_legacy, pickle_problem
from explorer.table import Source, Table
from explorer.vectors import Vectors

_ZIP = b"PK\x03\x04"
_SCANNED = 16 * 2**20
_DAMAGED = "The file is damaged or only partly copied; fetch it again."
_BITS = {"bf16": "uint16", "f8_e4m3": "uint8", "f8_e5m2": "uint8"}


def _recognises(path: Path, start: bytes) -> bool:
    if start.startswith(_ZIP):
        return b"/data.pkl" in start[30:300] or _has_pickle(path)
    return is_legacy(start)


def _has_pickle(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            return any(name.endswith("/data.pkl") for name in archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return False


def _is_zip(path: Path) -> bool:
    """By the first bytes, as torch itself decides."""
    return head(path, len(_ZIP)) == _ZIP


# Loading


def _load(path: Path) -> Checkpoint:
    """What the restricted loader gives, its tensors mapped where the file is a zip."""
    zipped = _is_zip(path)
    if zipped:
        _check_members(path)
    import torch

    if torch.__version__ < "2.10":  # a TorchVersion, which compares as versions do
        hint = "Install torch 2.10 or later: older ones can be made to run code by such a file."
        raise InputError(path, f"is not opened with torch {torch.__version__}.", hint)
    try:
        with readable(path):
            held = torch.load(path, map_location="cpu", weights_only=True, mmap=zipped)
    except InputError:
        raise
    except Exception as error:  # whatever a broken or hostile file provokes in the loader
        raise _refusal(path, zipped=zipped) from error
    return flattened(held)


def _check_members(path: Path) -> None:
    """PyTorch stores its members as they are: a compressed one is not PyTorch's, and may be 1000
    times larger than it looks."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except Exception as error:  # zipfile raises many kinds on a broken directory
        raise InputError(path, "the archive is broken.", _DAMAGED) from error
    names = [member.filename for member in members]
    if any(name.endswith("/constants.pkl") for name in names):
        hint = "Save the weights alone: torch.save(module.state_dict(), ...)."
        raise InputError(path, "is a TorchScript program, not a table of weights.", hint)
    if any(member.compress_type != zipfile.ZIP_STORED for member in members):
        problem = "its members are compressed, so it is not a checkpoint as PyTorch writes them."
        raise InputError(path, problem, "Save it again with torch.save.")
    if sum(member.file_size for member in members) > file_size(path):
        raise InputError(path, "its members claim more bytes than the file has.", _DAMAGED)


def _refusal(path: Path, *, zipped: bool) -> InputError:
    """Own words for what torch would not load: what it asks for, or that it is broken."""
    wanted = _unsafe(path, zipped=zipped)
    if wanted:
        return InputError(path, pickle_problem("a PyTorch file", wanted), PICKLE_HINT)
    return InputError(path, "is not a PyTorch checkpoint that can be read.", _DAMAGED)


def _unsafe(path: Path, *, zipped: bool) -> list[str]:
    import torch

    if not zipped:
        with path.open("rb") as file:
            return asked_for(file.read(_SCANNED))
    try:
        return list(torch.serialization.get_unsafe_globals_in_checkpoint(path))
    except Exception:
        return []


# Probe and read


def _candidates(path: Path, held: Checkpoint) -> list[Candidate]:
    sound = [tensor for name, tensor in held.described.items() if name not in held.faults]
    if held.faults and not any(len(tensor.shape) == 2 for tensor in sound):
        name, fault = next(iter(held.faults.items()))
        raise InputError(path, f"tensor {name!r} {fault}.", _DAMAGED)
    return rank(path, sound, named=bool(held.vocabularies) or has_names(path))


def _probe(path: Path) -> list[Candidate]:
    return _candidates(path, _load(path))


def _read(path: Path, tensor: str, *, report: Report) -> Table:
    report(Progress(0, 1, f"Opening {path.name}"))
    held = _load(path)
    if tensor in held.faults:
        raise InputError(path, f"tensor {tensor!r} {held.faults[tensor]}.")
    chosen = pick(path, _candidates(path, held), tensor)
    stored = held.tensors[chosen.name]
    vectors = _vectors(path, stored, chosen.dtype, mapped=_is_zip(path))
    names = _names(path, held, chosen.rows)
    return Table(
        tokens=names.tokens,
        vectors=vectors,
        columns=names.columns,
        source=Source(path, FORMAT.name, chosen.name),
        report=names.notes,
        tokenizer=names.tokenizer,
        named=names.named,
    )


def _vectors(path: Path, tensor: Any, dtype: str, *, mapped: bool) -> Vectors:
    """The tensor's own memory as NumPy sees it; no copy."""
    import torch

    try:
        plain = tensor.detach()
        if dtype in _BITS:
            plain = plain.view(getattr(torch, _BITS[dtype]))
        return as_vectors(plain.numpy(), dtype, mapped=mapped)
    except (RuntimeError, TypeError, ValueError) as error:
        raise InputError(path, "its tensor cannot be read as a matrix.") from error


def _names(path: Path, held: Checkpoint, rows: int) -> Names:
    inside, notes = names_inside(held, rows)
    if inside is not None:
        return inside
    beside = name_rows(path, rows)
    return Names(
        beside.tokens, beside.columns, (*notes, *beside.notes), beside.tokenizer, beside.named
    )


FORMAT = Format(
    name="torch",
    title="PyTorch checkpoint",
    suffixes=(".pt", ".pth", ".bin", ".th", ".ckpt"),
    recognises=_recognises,
    probe=_probe,
    read=_read,
    order=20,
)
