"""A whole vector in one cell of text, in the spellings that programs give it; never evaluated.

JSON lists, NumPy's and PyTorch's own printing, and numbers parted by blanks, `;` or `|`.
"""

from __future__ import annotations

import re
from pathlib import Path

from explorer.errors import InputError
from explorer.reading.numbers import is_comma_number, is_number

_CALL = re.compile(
    r"(?:(?:np|numpy|torch)\.)?(?:array|tensor)\((.*?)(?:,\s*(?:dtype|device)=[^\]]*)?\)", re.DOTALL
)
_BRACKETS = (("[", "]"), ("(", ")"), ("{", "}"))
_MARK = re.compile(r"[\[({;|]|,\s")
_PARTING = re.compile(r"\s*[,;|]\s*|\s+")
_BLANKS = str.maketrans(dict.fromkeys("[](){},;|\n", " "))
_NOT_NUMBERS = re.compile(r"[^0-9.+\-eE,;|\s\[\](){}naifNAIF]")


def numbers_in(cell: str) -> list[str] | None:
    """The numbers' texts in a cell that spells a vector; None where it spells none."""
    text = cell.strip()
    if call := _CALL.fullmatch(text):
        text = call[1].strip()
    for left, right in _BRACKETS:
        if text.startswith(left) and text.endswith(right):
            text = text[1:-1].strip()
            break
    if not text or _NOT_NUMBERS.search(text):
        return None
    fields = _PARTING.split(text.rstrip(",;|").rstrip())
    return fields if all(is_number(field.encode()) for field in fields) else None


def plain_fields(cell: str) -> list[str]:
    """The fields of a cell, quickly: what parts numbers is passed over, whatever stands there.

    For cells in which every field turns out to be a number, and their count to be right.
    """
    return cell.translate(_BLANKS).split()


def spells_vector(cell: str) -> bool:
    """Whether the cell surely spells a vector of two numbers or more, or one that was shortened.

    Not `0,1`, a number of another locale, nor `0.1 0.2` without brackets, which is a piece of a
    line of word2vec text.
    """
    if is_comma_number(cell.strip().encode("utf-8", "surrogateescape")):
        return False
    found = numbers_in(cell)
    marked = _MARK.search(cell) is not None
    return is_shortened(cell) or (marked and found is not None and len(found) > 1)


def is_shortened(cell: str) -> bool:
    """Whether the cell is a printed array with `...` for its middle: the numbers are lost."""
    text = cell.strip()
    bracketed = text.startswith(("[", "(", "array", "tensor", "np.", "numpy.", "torch."))
    return bracketed and ("..." in text or "…" in text)


def refuse_shortened(path: Path, place: str) -> InputError:
    """The refusal of a vector that was printed with `...`."""
    return InputError(
        path,
        "the vector was shortened to '...' when it was printed: its numbers are lost.",
        "Save each vector whole: json.dumps(vector.tolist()), or as .npy or Parquet.",
        place=place,
    )
