"""Telling from its first lines how a text of vectors is laid out: separator, width, header."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from explorer.errors import InputError
from explorer.reading.lines import Lines
from explorer.reading.numbers import is_comma_number, is_number

NumberedLine = tuple[int, bytes]

_LOOKED_AT = 100
_LOOKED_AT_BYTES = 32 * 2**20
_WHOLE = re.compile(rb"[+-]?\d{1,18}")
_BLANKS = re.compile(rb"[ \t]+")


def first_lines(lines: Lines) -> list[NumberedLine]:
    """Up to 100 lines that are not blank, with their numbers."""
    found: list[NumberedLine] = []
    total = 0
    for number, line in lines:
        if line.strip(b" \t"):
            found.append((number, line.rstrip(b" \t")))
        total += len(line)
        if len(found) >= _LOOKED_AT or total > _LOOKED_AT_BYTES:
            break
    return found


def separator_of(lines: Sequence[NumberedLine]) -> bytes:
    """Tab where most lines have one, else space."""
    tabbed = sum(b"\t" in line for _, line in lines)
    return b"\t" if 2 * tabbed > len(lines) else b" "


def header_counts(line: bytes) -> tuple[int, int] | None:
    """The two whole numbers of a line that may be a word2vec header, else None."""
    fields = _BLANKS.split(line.strip(b" \t\r"))
    if len(fields) != 2 or not all(_WHOLE.fullmatch(field) for field in fields):
        return None
    return int(fields[0]), int(fields[1])


def numbers_at_end(line: bytes) -> int:
    """How many fields at the end of a line are numbers, the first field not counted."""
    fields = _BLANKS.split(line)[1:]
    for place, field in enumerate(reversed(fields)):
        if not (is_number(field) or is_comma_number(field)):
            return place
    return len(fields)


def fields_in(line: bytes) -> int:
    """Fields of a line parted at runs of blanks."""
    return len(_BLANKS.split(line))


def usual(counts: Sequence[int]) -> int:
    """The most frequent of the counts, the larger on a tie; 0 where there is none."""
    return max(Counter(counts).items(), key=lambda item: (item[1], item[0]), default=(0, 0))[0]


def header_fits(dim: int, body: Sequence[NumberedLine]) -> bool:
    """Whether most lines are a token and `dim` numbers.

    A line may have more fields, where its token holds spaces; not where what stands before the
    `dim` numbers is one more number.
    """
    good = 0
    for _, line in body:
        fields = _BLANKS.split(line)
        extra = len(fields) - dim - 1
        # A leading blank is an empty token.
        good += extra == 0 or (extra > 0 and not is_number(fields[-dim - 1]))
    return 2 * good > len(body) or (0 < good == len(body))


def refuse_header(path: Path, rows: int, dim: int, body: Sequence[NumberedLine]) -> InputError:
    """The refusal of a header that its own lines contradict."""
    number, line = body[0]
    there = max(numbers_at_end(line), fields_in(line) - 1)
    claim = f"the header claims {rows:,} x {dim:,}"
    hint = "Correct the first line, or remove it: a file without a header opens too."
    if there == dim:
        problem = f"{claim}, far more than expands from a file of its size."
    else:
        problem = f"{claim}, and line {number:,} has {there:,} numbers."
    return InputError(path, problem, hint, place="line 1")
