"""Lines of a token and plain numbers, a block of text at a time; what is odd is left to others.

Each line is judged by itself: from the right, as many numbers as the table has dimensions, each
with one separator before it. A line that is not so is not plain, and `explorer.reading.rows` reads
it by itself; where both can read a line they give the same row, bit for bit.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from explorer.reading.decimals import AFTER, BEFORE, Flags, Places, decimals
from explorer.reading.numbers import F32, is_number

_BATCH = 2**16  # numbers worked on at a time; measured from 2^14 to 2^17, two threads
_FEW = 2**14  # a block of less is not judged by its odd numbers alone
_ODD = 32  # numbers that are not plain are read one by one, up to one in so many
_START, _END = b"0" * (BEFORE - 1) + b"\n", b"0" * AFTER


@dataclass(frozen=True, eq=False)
class PlainLines:
    """plain: bool (lines,), which lines of the block are. tokens, numbers: theirs, in order, as
    the file has them; numbers float32 (plain lines, dim)."""

    plain: Flags
    tokens: list[bytes]
    numbers: F32


@dataclass(frozen=True, slots=True, eq=False)
class _Marks:
    """Where separators and line ends stand in a text, and which of them (by place) end a line.
    The first ends the line before the first."""

    at: Places
    line_ends: Places


def plain_lines(
    block: bytes, dim: int, separator: bytes, longest: int, *, labelled: bool
) -> PlainLines | None:
    """The plain lines of a block of whole lines, or None where too many numbers are odd ones.

    separator: b" " or b"\\t". longest: bytes of the longest token that is allowed.
    """
    text = b"".join((_START, _tidy(block, separator), _END))
    chars = np.frombuffer(text, np.uint8)
    marks = _marks(chars, separator)
    fields = np.diff(marks.line_ends)
    plain = fields > dim if labelled else fields == dim
    starts = marks.at[marks.line_ends[:-1]] + 1
    if labelled:
        stops = marks.at[np.maximum(marks.line_ends[1:] - dim, 0)]
        plain &= stops - starts <= longest
    found = _numbers(text, chars, marks.at, marks.line_ends[1:][plain], dim)
    if found is None:
        return None
    numbers, whole = found
    plain[np.flatnonzero(plain)[~whole]] = False
    tokens = [b""] * len(numbers)
    if labelled:
        places = zip(starts[plain].tolist(), stops[plain].tolist(), strict=True)
        tokens = [text[start:stop] for start, stop in places]
    return PlainLines(plain, tokens, numbers)


def _tidy(block: bytes, separator: bytes) -> bytes:
    """The lines ended by LF alone, without a separator before it."""
    if not block.endswith(b"\n"):
        block += b"\n"
    if b"\r" in block:
        block = block.replace(b"\r\n", b"\n")
    if block[: block.find(b"\n")].endswith(separator):  # so word2vec's own program ends its lines
        block = block.replace(separator + b"\n", b"\n")
    return block


def _marks(chars: npt.NDArray[np.uint8], separator: bytes) -> _Marks:
    ends = chars == ord("\n")
    marks = chars == ord(separator)
    marks |= ends
    at = np.flatnonzero(marks)
    return _Marks(at, np.searchsorted(at, np.flatnonzero(ends)))


def _numbers(
    text: bytes, chars: npt.NDArray[np.uint8], marks: Places, line_ends: Places, dim: int
) -> tuple[F32, Flags] | None:
    """float32 (whole lines, dim) of the lines that end at the marks `line_ends`, and which of the
    lines are whole: every field in them is a number."""
    numbers = np.empty((len(line_ends), dim), np.float32)
    whole = np.ones(len(line_ends), np.bool_)
    gaps = np.diff(marks)
    gaps -= 1
    allowed = max(_FEW, numbers.size) // _ODD
    for lines in _batches(len(line_ends), dim):
        places = (line_ends[lines, np.newaxis] + np.arange(1 - dim, 1)).ravel()
        ends, lengths = marks.take(places), gaps.take(places - 1)
        values, plain = decimals(chars, ends, lengths)
        odd = np.flatnonzero(~plain)
        allowed -= len(odd)
        if allowed < 0:
            return None
        for place in odd.tolist():
            value = _odd_number(text[ends[place] - lengths[place] : ends[place]])
            if value is None:
                whole[lines.start + place // dim] = False
            else:
                values[place] = value
        with np.errstate(over="ignore"):
            numbers[lines] = values.reshape(-1, dim)
    return (numbers if whole.all() else numbers[whole]), whole


def _odd_number(field: bytes) -> float | None:
    """The value of a field such as 1e-5, nan, or one of many digits; None where it has none."""
    return float(field) if is_number(field) else None


def _batches(lines: int, dim: int) -> Iterator[slice]:
    step = max(1, _BATCH // dim)
    return (slice(start, start + step) for start in range(0, lines, step))
