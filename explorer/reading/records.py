"""Records of a delimited text file, split by the csv module alone (RFC 4180), text left as it is.

`str.splitlines` also splits at U+0085 and U+2028, which real tokens hold.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from explorer.errors import InputError
from explorer.reading.lines import LONGEST_LINE, Lines

_SAMPLED_LINES = 60
_SAMPLED_BYTES = 4 * 2**20


@dataclass(frozen=True, slots=True)
class Dialect:
    """How records are split: the delimiter, and whether quotation marks quote."""

    delimiter: str
    quoted: bool = True


def records(path: Path, lines: Lines, dialect: Dialect) -> Iterator[tuple[int, list[str]]]:
    """(line number it starts at, cells) of every record that is not blank.

    Bytes that are not UTF-8 stay in the cells as lone surrogates (PEP 383). Raises InputError,
    naming the line, where a quotation mark is never closed.
    """
    first, last = 1, 0

    def texts() -> Iterator[str]:
        nonlocal last
        for number, line in lines.whole():
            last = number
            yield line.decode("utf-8", "surrogateescape")

    _allow_long_cells()
    reader = split(texts(), dialect)
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise _unclosed(path, first) from error
        if cells is None:
            return
        if any(cells):
            yield first, cells
        first = last + 1


def sampled(lines: Lines) -> list[str]:
    """The first lines of a file, decoded, with their ends."""
    found, size = [], 0
    for _, line in islice(lines.whole(), _SAMPLED_LINES):
        found.append(line.decode("utf-8", "surrogateescape"))
        size += len(line)
        if size > _SAMPLED_BYTES:
            break
    return found


def split(texts: Iterator[str], dialect: Dialect) -> Iterator[list[str]]:
    """The cells of each record in lines of text. Raises csv.Error."""
    if dialect.quoted:
        return csv.reader(texts, delimiter=dialect.delimiter)
    return csv.reader(texts, delimiter=dialect.delimiter, quoting=csv.QUOTE_NONE)


def _allow_long_cells() -> None:
    """A vector of 10,000 numbers is a longer cell than the csv module allows at first. Its limit
    is the whole process's, and is only ever raised, for another thread may be reading too."""
    csv.field_size_limit(max(LONGEST_LINE, csv.field_size_limit()))


def _unclosed(path: Path, line: int) -> InputError:
    return InputError(
        path,
        "the record that begins here cannot be split into cells.",
        'Close its quotation mark, and double those inside a quoted text: "" for ".',
        place=f"line {line:,}",
    )
