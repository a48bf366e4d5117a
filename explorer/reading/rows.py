"""Rows of numbers in text, with or without a token before them, gathered into a matrix.

A row is parted at ASCII spaces or tabs only, and from the right: a token may hold spaces, and
U+00A0 or U+0085, at which Python's own split() would part it (facebookresearch/fastText#318).
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import numpy as np

from explorer.errors import InputError
from explorer.progress import Progress, Report
from explorer.reading.clean_text import LEAST, CleanRows, clean_rows
from explorer.reading.lines import Lines
from explorer.reading.memory import ensure_fits
from explorer.reading.numbers import F32, fault, parse_lines, parse_row
from explorer.table import Note

LONGEST_TOKEN = 65_536
_CHUNK = 1024
_BLOCK = 4 * 2**20  # measured: 2 and 4 MiB alike, 16 MiB slower
_THREADS = 2
_Block = tuple[int, bytes]
_BLANKS = re.compile(rb"[ \t]+")


@dataclass(frozen=True, slots=True)
class Shape:
    """How the lines are to be read: `dim` numbers parted by `separator`, after a token or not."""

    dim: int
    separator: bytes
    labelled: bool = True


@dataclass(eq=False)
class Rows:
    """What was read: raw tokens, the matrix (rows, dim), and the lines that were passed over."""

    dim: int
    tokens: list[bytes] = field(default_factory=list)
    skipped: list[tuple[int, str]] = field(default_factory=list)
    blank: int = 0
    count: int = 0
    _storage: F32 = field(default_factory=lambda: np.empty((0, 0), np.float32))

    def matrix(self) -> F32:
        """(rows, dim), trimmed in place: the table is never held twice."""
        self._storage.resize((self.count, self.dim), refcheck=False)
        return self._storage

    def append(self, numbers: F32) -> None:
        """Adds (n, dim) numbers; room grows by half, moved by the system rather than copied."""
        stop = self.count + len(numbers)
        if stop > len(self._storage):
            room = max(stop, len(self._storage) * 3 // 2)
            self._storage.resize((room, self.dim), refcheck=False)
        self._storage[self.count : stop] = numbers
        self.count = stop

    def projected(self, lines: Lines) -> int:
        """Bytes of the whole matrix, if the rest of the file is like what was read of it."""
        read = min(1.0, lines.position / lines.size) if lines.size else 1.0
        return int(self.count * self.dim * 4 / max(read, 1e-6))

    def notes(self) -> Iterator[Note]:
        """What the load report says: blank lines, and lines skipped with their numbers."""
        if self.blank:
            lines = "1 blank line was" if self.blank == 1 else f"{self.blank:,} blank lines were"
            yield Note(f"{lines} skipped.")
        if self.skipped:
            count, shown = len(self.skipped), self.skipped[:5]
            reasons = "; ".join(f"line {number:,}: {why}" for number, why in shown)
            more = f"; and {count - 5:,} more" if count > 5 else ""
            lines = "1 line was" if count == 1 else f"{count:,} lines were"
            yield Note(f"{lines} skipped ({reasons}{more}).", "warning")


def read_rows(path: Path, lines: Lines, shape: Shape, first: int, *, report: Report) -> Rows:
    """Reads every row from line `first` on. Raises InputError where none is left, or where a
    decimal comma shows that the whole file was written in another locale.

    Clean blocks are read at once, the others line by line; which way was taken cannot be seen.
    """
    rows = Rows(shape.dim)
    for number, block, clean in _read_ahead(_blocks_from(lines, first), shape):
        if clean is not None:
            rows.tokens += clean.tokens
            rows.append(clean.numbers)
        else:
            numbered = _numbered_lines(number, block)
            while chunk := list(islice(numbered, _CHUNK)):
                _read_chunk(path, chunk, shape, rows)
        ensure_fits(path, rows.projected(lines))
        report(Progress(lines.position, lines.size, "Reading rows"))
    if not rows.count:
        raise _nothing(path, rows)
    return rows


def _blocks_from(lines: Lines, first: int) -> Iterator[_Block]:
    """The blocks of the text from line `first` on."""
    for number, block in lines.blocks(_BLOCK):
        start = 0
        while number < first and start < len(block):
            start = block.find(b"\n", start) + 1 or len(block)
            number += 1
        if start < len(block):
            yield number, block[start:] if start else block


def _read_ahead(
    blocks: Iterator[_Block], shape: Shape
) -> Iterator[tuple[int, bytes, CleanRows | None]]:
    """Every block with its rows where it is clean; two are parsed at a time, in threads."""
    with ThreadPoolExecutor(_THREADS) as threads:
        waiting: deque[tuple[int, bytes, Future[CleanRows | None]]] = deque()
        for number, block in blocks:
            waiting.append((number, block, threads.submit(_clean, block, shape)))
            if len(waiting) > _THREADS:
                number, block, parsed = waiting.popleft()
                yield number, block, parsed.result()
        for number, block, parsed in waiting:
            yield number, block, parsed.result()


def _clean(block: bytes, shape: Shape) -> CleanRows | None:
    if len(block) < LEAST:
        return None
    return clean_rows(block, shape.dim, shape.separator, LONGEST_TOKEN, labelled=shape.labelled)


def _numbered_lines(number: int, block: bytes) -> Iterator[tuple[int, bytes]]:
    """(line number, line without its end)."""
    lines = block.removesuffix(b"\n").split(b"\n")
    return ((number + place, line.rstrip(b"\r")) for place, line in enumerate(lines))


def _read_chunk(path: Path, chunk: list[tuple[int, bytes]], shape: Shape, rows: Rows) -> None:
    clean = [parted(line.rstrip(b" \t"), shape) for _, line in chunk]
    if None not in clean:
        whole = [part for part in clean if part is not None]
        numbers = parse_lines([rest for _, rest in whole], shape.dim)
        if numbers is not None:
            _check_tokens(path, chunk, whole)
            rows.tokens += [token for token, _ in whole]
            rows.append(numbers)
            return
    for number, line in chunk:
        _read_line(path, number, line, shape, rows)


def parted(line: bytes, shape: Shape) -> tuple[bytes, bytes] | None:
    """(token, the text of the numbers), or None where the line has too few fields."""
    if not shape.labelled:
        return (b"", line) if line.count(shape.separator) == shape.dim - 1 else None
    extra = line.count(shape.separator) - shape.dim
    if extra == 0:
        token, _, rest = line.partition(shape.separator)
        return token, rest
    if extra < 0:
        return None
    rest = shape.separator.join(line.rsplit(shape.separator, shape.dim)[1:])
    return line[: len(line) - len(rest) - 1], rest


def _read_line(path: Path, number: int, line: bytes, shape: Shape, rows: Rows) -> None:
    """The careful way, for a line in a chunk that is not clean."""
    line = line.rstrip(b" \t")
    if not line:
        rows.blank += 1
        return
    token, fields = _fields(line, shape)
    wrong = fault(fields)
    if "decimal comma" in wrong:
        hint = "Save the numbers with decimal points (an English locale)."
        raise InputError(path, f"{wrong}.", hint, place=f"line {number:,}")
    if not wrong and len(fields) != shape.dim:
        numbers = "1 number" if len(fields) == 1 else f"{len(fields):,} numbers"
        wrong = f"{numbers}, {shape.dim:,} expected"
    if wrong:
        rows.skipped.append((number, wrong))
        return
    _check_tokens(path, [(number, line)], [(token, b"")])
    rows.tokens.append(token)
    rows.append(parse_row(fields)[np.newaxis])


def _fields(line: bytes, shape: Shape) -> tuple[bytes, list[bytes]]:
    part = parted(line, shape)
    if part is not None:
        fields = part[1].split(shape.separator)
        if all(fields):
            return part[0], fields
    # Columns may be parted by several blanks.
    loose = _BLANKS.split(line)
    start = max(1, len(loose) - shape.dim) if shape.labelled else 0
    return b" ".join(loose[:start]), loose[start:]


def _check_tokens(
    path: Path, chunk: list[tuple[int, bytes]], parts: list[tuple[bytes, bytes]]
) -> None:
    for (number, _), (token, _) in zip(chunk, parts, strict=True):
        if len(token) > LONGEST_TOKEN:
            problem = f"a token of {len(token):,} bytes is beyond the limit of {LONGEST_TOKEN:,}."
            raise InputError(path, problem, "Is this a table?", place=f"line {number:,}")


def _nothing(path: Path, rows: Rows) -> InputError:
    hint = "Each line must hold a token and its numbers, parted by spaces or tabs."
    if rows.skipped:
        number, why = rows.skipped[0]
        return InputError(path, f"{why}; no row could be read.", hint, place=f"line {number:,}")
    return InputError(path, "holds no row.", hint)
