"""Files that are not tables, or not ones we open: what each is, and the way out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from explorer.errors import InputError
from explorer.reading.archives import ZIP, zip_problem
from explorer.reading.files import readable
from explorer.reading.pickles import is_pickle, refuse_pickle

_CONVERT = "Save the table as safetensors, .npy or word2vec text and open that."

_LOOKED_FOR = (
    "Looked for were a projector_config, matrices (.bytes, tensors.tsv) with their labels beside "
    "them, a model's weights with its config or index, one safetensors file alone, a data set and "
    "the vectors of spaCy"
)
_MOST_NAMES, _LONGEST_NAME = 8, 60

# First bytes -> what the file is.
_MAGIC: dict[bytes, str] = {
    b"\xfd7zXZ": "an xz archive that holds no table in text form",
    b"\x1f\x8b": "a gzip archive that holds no table in text form",
    b"BZh": "a bzip2 archive that holds no table in text form",
    b"PK\x05\x06": "an empty zip archive",
    b"%PDF": "a PDF document",
    b"\x89PNG": "a PNG picture",
    b"\x7fELF": "a program",
    b"SQLite format 3\0": "an SQLite database",
}
_SUFFIXES = {
    ".pt": "a PyTorch checkpoint",
    ".pth": "a PyTorch checkpoint",
    ".safetensors": "a safetensors file",
    ".npy": "a NumPy array",
    ".gguf": "a GGUF model",
}


def refuse_foreign(path: Path, head: bytes) -> None:
    """Raises InputError for what can be told at once not to be a table.

    head: the first bytes of the file; b"" for a folder.
    """
    if path.is_dir():
        return
    if not head:
        raise InputError(path, "the file is empty.", "Fetch or save it again.")
    if head.startswith(b"version https://git-lfs"):
        raise InputError(
            path,
            "is a Git LFS pointer: a note of where the file is, not the file.",
            "Run `git lfs pull` where it was cloned.",
        )
    if _is_web_page(head):
        hint = "Download the file itself: the link led to a page, perhaps one that asks to log in."
        raise InputError(path, "is a saved web page, not a table.", hint)
    if head[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        raise InputError(path, "is UTF-16 text.", "Save it as UTF-8 and open that.")
    if is_pickle(head):
        refuse_pickle(path)


def unknown(path: Path, head: bytes, titles: Sequence[str]) -> InputError:
    """The refusal of a file that no format knows. titles: what can be opened, for the hint."""
    if path.is_dir():
        return _no_table_in(path)
    if head.startswith(ZIP):
        return InputError(path, zip_problem(path), "Expand it, and open a file of it.")
    for magic, what in _MAGIC.items():
        if head.startswith(magic):
            return InputError(path, f"is {what}, which cannot be opened.", _CONVERT)
    if _is_word2vec_binary(head):
        hint = "Save it as text (gensim: save_word2vec_format(..., binary=False)) and open that."
        return InputError(path, "looks like a binary word2vec file, or a damaged one.", hint)
    known = "What can be opened: " + "; ".join(titles) + "."
    if claimed := _SUFFIXES.get(path.suffix.lower()):
        return InputError(path, f"is not {claimed}, though its name ends so.", known)
    return InputError(path, "is not an embedding table in any form known here.", known)


def _no_table_in(folder: Path) -> InputError:
    with readable(folder):
        names = sorted(entry.name for entry in folder.iterdir())
    listed = ", ".join(repr(name[:_LONGEST_NAME]) for name in names[:_MOST_NAMES])
    more = f" and {len(names) - _MOST_NAMES:,} more" if len(names) > _MOST_NAMES else ""
    held = f"there are {listed}{more}" if names else "it is empty"
    problem = f"no embedding table was found in this folder. {_LOOKED_FOR}; {held}."
    return InputError(folder, problem, "Open one of its files by name." if names else "")


def _is_web_page(head: bytes) -> bool:
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:64].lower()
    return start.startswith((b"<!doctype html", b"<html", b"<head", b"<?xml"))


def _is_word2vec_binary(head: bytes) -> bool:
    counts = head.split(b"\n", 1)[0].split()
    return len(counts) == 2 and all(count.isdigit() for count in counts)
