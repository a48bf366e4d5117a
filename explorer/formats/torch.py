"""PyTorch checkpoints: a state dict, a training checkpoint or a bare tensor, zip or legacy form.

How they are loaded, and why nothing in them can run, is in `explorer.reading.torch_file`.
"""

from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path

from explorer.formats import Candidate, Format
from explorer.progress import Progress, Report
from explorer.reading.archives import ZIP
from explorer.reading.checkpoint import Checkpoint, names_inside
from explorer.reading.choosing import pick
from explorer.reading.naming import Names, has_names, name_rows
from explorer.reading.pickles import is_legacy
from explorer.reading.torch_file import load_checkpoint, ranked, vectors_of
from explorer.table import Source, Table


def _recognises(path: Path, start: bytes) -> bool:
    if start.startswith(ZIP):
        return b"/data.pkl" in start[30:300] or _has_pickle(path)
    return is_legacy(start)


def _has_pickle(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            return any(name.endswith("/data.pkl") for name in archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return False


def _probe(path: Path) -> list[Candidate]:
    return ranked(path, load_checkpoint(path, numbers=False), named=has_names(path))


def _read(path: Path, tensor: str, *, report: Report) -> Table:
    report(Progress(0, 1, f"Opening {path.name}"))
    held = load_checkpoint(path, tensor, numbers=True, report=report)
    chosen = pick(path, ranked(path, held, tensor), tensor)
    vectors = vectors_of(path, held, chosen)
    names = _names(path, held, chosen.rows)
    return names.table(vectors, Source(path, FORMAT.name, chosen.name))


def _names(path: Path, held: Checkpoint, rows: int) -> Names:
    inside, notes = names_inside(held, rows)
    if inside is not None:
        return inside
    beside = name_rows(path, rows)
    return replace(beside, notes=(*notes, *beside.notes))


FORMAT = Format(
    name="torch",
    title="PyTorch checkpoint",
    suffixes=(".pt", ".pth", ".bin", ".th", ".ckpt"),
    recognises=_recognises,
    probe=_probe,
    read=_read,
    order=20,
)
