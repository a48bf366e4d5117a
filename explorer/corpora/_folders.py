"""The folder layout of the Large Movie Review Dataset (Maas et al. 2011): train/pos/*.txt, ..."""

from __future__ import annotations

from pathlib import Path

from explorer.corpora._delimited import decode, read_bytes
from explorer.errors import InputError
from explorer.progress import Progress, Report
from explorer.table import Note

_EVERY = 200


def training_folder(path: Path) -> Path | None:
    """The folder that holds pos/ and neg/: `path` itself or its train/; None where neither does."""
    for folder in (path / "train", path):
        if (folder / "pos").is_dir() and (folder / "neg").is_dir():
            return folder
    return None


def read_folder(path: Path, report: Report) -> tuple[list[str], list[str], tuple[Note, ...]]:
    """(texts, labels "neg" or "pos", notes) of the training part; test and unsup are not read."""
    folder = training_folder(path)
    if folder is None:
        raise InputError(
            path,
            "the folder holds no pos and neg folders.",
            "Give the aclImdb folder, its train folder, or a CSV file.",
        )
    files = [(file, label) for label in ("neg", "pos") for file in _documents(folder / label)]
    texts, notes = [], {}
    for place, (file, _) in enumerate(files):
        if place % _EVERY == 0:
            report(Progress(place, len(files), "Reading reviews"))
        text, problems = decode(read_bytes(file))
        texts.append(text)
        notes.update({note.message: note for note in problems})
    return texts, [label for _, label in files], tuple(notes.values())


def _documents(folder: Path) -> list[Path]:
    files = sorted(folder.glob("*.txt"))
    if not files:
        raise InputError(folder, "the folder holds no .txt files.", "One review is one file.")
    return files
