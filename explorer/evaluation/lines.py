"""The lines of a list, and the reasons for which one is not read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from explorer.errors import InputError
from explorer.evaluation.contents import BadLine
from explorer.progress import Progress, Report
from explorer.reading.files import file_size, readable

_LARGEST = 256 * 2**20
_SHOWN = 120  # characters of a line that is quoted
_TOLD = 5000  # lines between two checkpoints
_LINE_END = re.compile("\r\n|\r|\n")
_COMMENTS = ("#", "//")
WAYS_OUT = (
    "Word pairs are lines such as `tiger cat 7.35`, analogies such as `Athens Greece Oslo Norway`, "
    "pairs of one relation (BATS) such as `cat<TAB>feline/animal`; MSR's .questions stand beside "
    "their .answers."
)

Line = tuple[int, str]


def told(lines: Sequence[Line], report: Report) -> Iterator[Line]:
    """The lines one after the other, saying how far."""
    for place, line in enumerate(lines):
        if place % _TOLD == 0:
            report(Progress(place, len(lines), "Reading the list"))
        yield line


def lines_of(path: Path) -> tuple[list[Line], tuple[str, ...]]:
    """The lines of a file that say something, and what was noticed about its text.

    Raises InputError for a file that cannot be read or is no text.
    """
    text, notes = _text(path)
    lines = [
        (number, line)
        for number, raw in enumerate(_LINE_END.split(text), 1)
        if (line := raw.strip(" ")).strip() and not line.startswith(_COMMENTS)
    ]
    return lines, notes


def _text(path: Path) -> tuple[str, tuple[str, ...]]:
    """The file's text, and what was noticed: UTF-8 or UTF-16 with its mark, else cp1252."""
    try:
        size = file_size(path)
        regular = path.is_file()
    except ValueError as error:  # a name with a NUL in it
        raise InputError(repr(str(path)), "is no name of a file.") from error
    if not regular:
        raise InputError(path, "is not a file.", "Name a file of word pairs or analogies.")
    if size > _LARGEST:
        raise InputError(path, f"is {size:,} bytes, too large for a list of words.")
    with readable(path):
        raw = path.read_bytes()
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", "replace"), ()
    if b"\0" in raw:
        raise InputError(path, "is not a text.", WAYS_OUT)
    return _decoded(raw)


def _decoded(raw: bytes) -> tuple[str, tuple[str, ...]]:
    try:
        return raw.decode("utf-8-sig"), ()
    except UnicodeDecodeError:
        # The five bytes that cp1252 does not have are the same in latin-1: no byte is lost.
        try:
            return raw.decode("cp1252"), ("The file is not UTF-8; it was read as cp1252.",)
        except UnicodeDecodeError:
            return raw.decode("latin-1"), ("The file is not UTF-8; it was read as latin-1.",)


def bad(number: int, line: str, problem: str) -> BadLine:
    shown = line if len(line) <= _SHOWN else line[: _SHOWN - 1] + "…"
    return BadLine(number, shown, problem)


def at_tabs(line: str) -> list[str]:
    return [cell.strip() for cell in line.split("\t")]
