"""word2vec binary: a header line `rows dim`, then for each row a token, a space and dim float32.

The original program writes a line feed after each row (word2vec.c, `-binary 1`) and gensim none;
both are read. Rows have no fixed length, so the tokens are walked over once, and the numbers are
gathered by the offsets found.
"""

from __future__ import annotations

import mmap
import re
from array import array
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from explorer.errors import InputError
from explorer.formats import Candidate, Format
from explorer.paths import replacing
from explorer.progress import Progress, Report
from explorer.reading.choosing import pick
from explorer.reading.decoding import LONGEST_TOKEN, Decoder
from explorer.reading.delimiting import header_counts, numbers_at_end
from explorer.reading.files import DAMAGED, HEAD, file_size, head, mapped
from explorer.reading.memory import ensure_fits
from explorer.reading.writing import check_tokens, number_blocks, refuse_float64
from explorer.table import Note, Source, Table
from explorer.vectors import F32, Vectors

_LONGEST_HEADER = 64
_LONGEST_WORD = 1024
_BLANK = re.compile(rb"[ \t\r\n]")
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1f]")
_STEP = 65_536
_LF = 10


@dataclass(frozen=True, slots=True)
class _Header:
    """rows as claimed, dim, and where the first row starts."""

    rows: int
    dim: int
    start: int


@dataclass(eq=False)
class _Walked:
    """Raw tokens, where each row's numbers start, and where the walk ended."""

    tokens: list[bytes] = field(default_factory=list)
    starts: array[int] = field(default_factory=lambda: array("q"))
    end: int = 0


def _recognises(path: Path, start: bytes) -> bool:
    """The text form has the same first line, but its lines end in numbers."""
    end = start.find(b"\n", 0, _LONGEST_HEADER)
    counts = header_counts(start[:end]) if end > 0 else None
    if counts is None or counts[1] <= 0:
        return False
    body = start[end + 1 :]
    if len(body) > _LONGEST_WORD and not _BLANK.search(body):
        return path.suffix == ".bin"  # one endless token, as text or not
    lines = [line for line in body.split(b"\n") if line]
    numeric = sum(numbers_at_end(line) > 0 for line in lines)
    binary = _CONTROL.search(body) is not None or _is_rows(body, *counts)
    return binary and 2 * numeric <= len(lines)


def _is_rows(body: bytes, rows: int, dim: int) -> bool:
    """Whether the body of a small file is just so many rows: their numbers may, by chance, have no
    byte that a text could not have."""
    at = 0
    for _ in range(min(rows, HEAD)):
        space = body.find(b" ", at)
        if space < 0:
            return False
        at = space + 1 + 4 * dim
        at += body[at : at + 1] == b"\n"
    return at == len(body)


def _header(path: Path) -> _Header:
    start = head(path, HEAD)
    end = start.find(b"\n", 0, _LONGEST_HEADER)
    counts = header_counts(start[:end]) if end > 0 else None
    if counts is None:
        raise InputError(path, "its first line is not two whole numbers.", place="line 1")
    rows, dim = counts
    if rows <= 0 or dim <= 0:
        raise InputError(path, f"its header says {rows:,} rows of {dim:,} numbers.", place="line 1")
    size = file_size(path)
    if 4 * dim + 1 > size - end - 1:
        problem = f"its header claims {rows:,} rows of {4 * dim:,} bytes, and the file has {size:,}"
        raise InputError(path, f"{problem} in all.", DAMAGED, place="line 1")
    return _Header(rows, dim, end + 1)


def _probe(path: Path) -> list[Candidate]:
    header = _header(path)
    rows = min(header.rows, (file_size(path) - header.start) // (4 * header.dim + 1))
    return [Candidate("", rows, header.dim, "f32", rows * header.dim * 4, named=True)]


def _read(path: Path, tensor: str, *, report: Report) -> Table:
    chosen = pick(path, _probe(path), tensor)
    ensure_fits(path, chosen.nbytes)
    header = _header(path)
    with mapped(path) as held:
        walked = _walk(path, held, header, report)
        numbers = _gathered(held, walked, header.dim, report)
        left = len(bytes(held[walked.end : walked.end + 64]).strip(b"\r\n"))
        beyond = len(held) - walked.end if left else 0
    decoder = Decoder()
    tokens = tuple(map(decoder.text, walked.tokens))
    notes = (*_claim_notes(header, len(tokens), beyond), *decoder.notes())
    return Table(tokens, Vectors(numbers), {}, Source(path, FORMAT.name), notes)


def _walk(path: Path, held: mmap.mmap, header: _Header, report: Report) -> _Walked:
    """Goes from token to token; ends where the rows or the whole rows of the file do."""
    walked = _Walked()
    tokens, starts, find = walked.tokens, walked.starts, held.find
    at, size, width = header.start, len(held), 4 * header.dim
    for row in range(header.rows):
        while at < size and held[at] == _LF:
            at += 1
        space = find(b" ", at, at + LONGEST_TOKEN + 1)
        if space < 0 and (row == 0 or size - at > LONGEST_TOKEN):
            raise _endless(path, row, min(size - at, LONGEST_TOKEN))
        if space < 0 or space + 1 + width > size:
            break
        tokens.append(held[at:space])
        starts.append(space + 1)
        at = space + 1 + width
        if row % _STEP == 0:
            report(Progress(at, 2 * size, "Finding the rows"))
    walked.end = at
    if not tokens:
        raise InputError(path, "not one of its rows is whole.", "Fetch the file again.")
    return walked


def _endless(path: Path, row: int, looked: int) -> InputError:
    problem = f"no token ends where the format says it must (no space in {looked:,} bytes)."
    return InputError(path, problem, "The file is damaged, or not word2vec.", place=f"row {row:,}")


def _gathered(held: mmap.mmap, walked: _Walked, dim: int, report: Report) -> F32:
    """float32 (rows, dim). A row is one item of 4 * dim bytes that may start at any byte, so that
    NumPy copies row by row and not number by number."""
    starts = np.frombuffer(walked.starts, np.int64)
    numbers = np.empty((len(starts), dim), "<f4")
    width = 4 * dim
    filled = numbers.view(f"V{width}")[:, 0]
    # One item for each byte it can start at: they overlap.
    room = (len(held) - width + 1,)
    items = np.ndarray(room, dtype=f"V{width}", buffer=held, strides=(1,))
    try:
        for row in range(0, len(starts), _STEP):
            report(Progress(len(starts) + row, 2 * len(starts), "Gathering the numbers"))
            filled[row : row + _STEP] = items[starts[row : row + _STEP]]
    finally:
        del items  # a map that is looked at cannot be closed
    return numbers.astype(np.float32, copy=False)


def _claim_notes(header: _Header, rows: int, beyond: int) -> tuple[Note, ...]:
    if header.rows != rows:
        said = "1 row" if header.rows == 1 else f"{header.rows:,} rows"
        there = "1 is whole" if rows == 1 else f"{rows:,} are there"
        return (Note(f"The header says {said}; {there}.", "warning"),)
    if beyond:
        text = f"{beyond:,} bytes after the last of the {rows:,} rows of the header were not read."
        return (Note(text, "warning"),)
    return ()


# Writing


def _write(table: Table, path: Path, *, report: Report) -> None:
    """As word2vec.c writes it, with a line feed after each row. Columns are not kept.

    Raises OutputError for a token with a space or a line feed, and for a float64 table.
    """
    check_tokens(table, path, " \n")
    refuse_float64(table, path)
    with replacing(path) as temporary, temporary.open("wb") as file:
        file.write(f"{len(table)} {table.dim}\n".encode())
        for start, block in number_blocks(table, report):
            tokens = table.tokens[start : start + len(block)]
            rows = zip(tokens, block, strict=True)
            file.write(b"".join(b"%b %b\n" % (t.encode(), row.tobytes()) for t, row in rows))


FORMAT = Format(
    name="word2vec_binary",
    title="word2vec binary",
    suffixes=(".bin",),
    recognises=_recognises,
    probe=_probe,
    read=_read,
    write=_write,
    writes=(".bin",),
    order=58,
)
