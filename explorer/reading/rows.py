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
from explorer.reading.clean_text import LEAST, clean_rows
from explorer.reading.decoding import LONGEST_TOKEN
from explorer.reading.delimiting import NumberedLine
from explorer.reading.lines import Lines
from explorer.reading.memory import ensure_fits
from explorer.reading.numbers import F32, fault, parse_lines, parse_row
from explorer.reading.plain_lines import PlainLines, plain_lines
from explorer.table import Note

_CHUNK = 1024
_BLOCK = 2**23  # measured from 1 to 16 MiB; smaller ones make the threads wait for one another
_KEPT = 2**24
_THREADS = 2
_BLANKS = re.compile(rb"[ \t]+")


@dataclass(frozen=True, slots=True)
class Shape:
    """How the lines are to be read: `dim` numbers parted by `separator`, after a token or not."""

    dim: int
    separator: bytes
    labelled: bool = True


@dataclass(frozen=True, eq=False)
class _Block:
    """Whole lines of text: the first one's number, where in the file they end, their rows."""

    number: int
    text: bytes
    position: int
    parsed: Future[PlainLines | None]


@dataclass(eq=False)
class Rows:
    """What was read: raw tokens, the matrix (rows, dim), and the lines that were passed over."""

    dim: int
    tokens: list[bytes] = field(default_factory=list)
    skipped: list[tuple[int, str]] = field(default_factory=list)
    blank: int = 0
    count: int = 0
    _storage: F32 = field(init=False)

    def __post_init__(self) -> None:
        self._storage = np.empty((0, self.dim), np.float32)

    def matrix(self) -> F32:
        """(rows, dim), trimmed in place: the table is never held twice."""
        self._storage.resize((self.count, self.dim), refcheck=False)
        return self._storage

    def add(self, tokens: list[bytes], numbers: F32) -> None:
        """Adds n tokens and (n, dim) numbers."""
        self.tokens += tokens
        self.append(numbers)

    def append(self, numbers: F32) -> None:
        """Adds (n, dim) numbers; room grows by half, moved by the system rather than copied."""
        stop = self.count + len(numbers)
        if stop > len(self._storage):
            room = max(stop, len(self._storage) * 3 // 2)
            self._storage.resize((room, self.dim), refcheck=False)
        self._storage[self.count : stop] = numbers
        self.count = stop

    def expected(self, position: int, size: int) -> int:
        """How many rows there will be, if the rest of the file, of `size` bytes, is like what was
        read of it, up to byte `position`."""
        read = min(1.0, position / size) if size else 1.0
        return int(self.count / max(read, 1e-6))

    def projected(self, lines: Lines) -> int:
        """Bytes of the whole matrix, if the rest of the file is like what was read of it."""
        return self.expected(lines.position, lines.size) * self.dim * 4

    def reserve(self, count: int) -> None:
        """Makes room for `count` rows at once, which the system gives in large pages."""
        if count > len(self._storage):
            kept = self._storage[: self.count]
            self._storage = np.empty((count, self.dim), np.float32)
            self._storage[: self.count] = kept

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

    Plain lines are read many at once, the others one by one; which way was taken cannot be seen.
    """
    _keep_freed_memory()
    rows, reserved = Rows(shape.dim), False
    for block in _read_ahead(lines, shape, first):
        _add_block(path, block, shape, rows)
        expected = rows.expected(block.position, lines.size)
        ensure_fits(path, expected * shape.dim * 4)
        if not reserved:
            rows.reserve(expected)
            reserved = True
        report(Progress(block.position, lines.size, "Reading rows"))
    if not rows.count:
        raise _nothing(path, rows)
    return rows


def _keep_freed_memory() -> None:
    """glibc gives larger blocks back to the system when they are freed, and the page faults that
    fetch them anew take as long as reading the numbers. Freeing one of this size raises its limit
    (mallopt(3), M_MMAP_THRESHOLD); nothing is written to it."""
    np.empty(_KEPT, np.uint8)


def _blocks_from(lines: Lines, first: int) -> Iterator[tuple[int, bytes]]:
    """The blocks of the text from line `first` on."""
    for number, block in lines.blocks(_BLOCK):
        start = 0
        while number < first and start < len(block):
            start = block.find(b"\n", start) + 1 or len(block)
            number += 1
        if start < len(block):
            yield number, block[start:] if start else block


def _read_ahead(lines: Lines, shape: Shape, first: int) -> Iterator[_Block]:
    """The blocks from line `first` on; two are parsed at a time, in threads."""
    with ThreadPoolExecutor(_THREADS) as threads:
        waiting: deque[_Block] = deque()
        for number, text in _blocks_from(lines, first):
            parsed = threads.submit(_parsed, text, shape, lines.size)
            waiting.append(_Block(number, text, lines.position, parsed))
            if len(waiting) > _THREADS:
                yield waiting.popleft()
        yield from waiting


def _parsed(text: bytes, shape: Shape, size: int) -> PlainLines | None:
    """The plain lines of a block of a file of `size` bytes, or None where it has too few."""
    how = shape.dim, shape.separator, LONGEST_TOKEN
    parsed = plain_lines(text, *how, labelled=shape.labelled)
    if parsed is not None or size < LEAST:
        return parsed
    clean = clean_rows(text, *how, labelled=shape.labelled)
    if clean is None:
        return None
    return PlainLines(np.ones(len(clean.numbers), np.bool_), clean.tokens, clean.numbers)


def _add_block(path: Path, block: _Block, shape: Shape, rows: Rows) -> None:
    parsed = block.parsed.result()
    if parsed is not None and parsed.plain.all():
        rows.add(parsed.tokens, parsed.numbers)
        return
    lines = _numbered_lines(block.number, block.text)
    if parsed is not None:
        _read_between(path, list(lines), parsed, shape, rows)
        return
    while chunk := list(islice(lines, _CHUNK)):
        _read_chunk(path, chunk, shape, rows)


def _numbered_lines(number: int, block: bytes) -> Iterator[NumberedLine]:
    """(line number, line without its end)."""
    lines = block.removesuffix(b"\n").split(b"\n")
    return ((number + place, line.rstrip(b"\r")) for place, line in enumerate(lines))


def _read_between(
    path: Path, lines: list[NumberedLine], parsed: PlainLines, shape: Shape, rows: Rows
) -> None:
    """The plain lines of a block, and in their places the others, one by one."""
    done, before = 0, np.cumsum(parsed.plain)
    for place in np.flatnonzero(~parsed.plain).tolist():
        rows.add(parsed.tokens[done : before[place]], parsed.numbers[done : before[place]])
        done = before[place]
        _read_line(path, *lines[place], shape, rows)
    rows.add(parsed.tokens[done:], parsed.numbers[done:])


def _read_chunk(path: Path, chunk: list[NumberedLine], shape: Shape, rows: Rows) -> None:
    clean = [parted(line.rstrip(b" \t"), shape) for _, line in chunk]
    if None not in clean:
        whole = [part for part in clean if part is not None]
        numbers = parse_lines([rest for _, rest in whole], shape.dim)
        if numbers is not None:
            _check_tokens(path, chunk, whole)
            rows.add([token for token, _ in whole], numbers)
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
    numbers = parse_lines([b" ".join(fields)], shape.dim) if len(fields) == shape.dim else None
    if numbers is None:
        wrong = _wrong(path, number, fields, shape)
        if wrong:
            rows.skipped.append((number, wrong))
            return
        numbers = parse_row(fields)[np.newaxis]
    _check_tokens(path, [(number, line)], [(token, b"")])
    rows.add([token], numbers)


def _wrong(path: Path, number: int, fields: list[bytes], shape: Shape) -> str:
    """Why the line cannot be a row, or "". Raises InputError for a decimal comma."""
    wrong = fault(fields)
    if "decimal comma" in wrong:
        hint = "Save the numbers with decimal points (an English locale)."
        raise InputError(path, f"{wrong}.", hint, place=f"line {number:,}")
    if not wrong and len(fields) != shape.dim:
        numbers = "1 number" if len(fields) == 1 else f"{len(fields):,} numbers"
        wrong = f"{numbers}, {shape.dim:,} expected"
    return wrong


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


def _check_tokens(path: Path, chunk: list[NumberedLine], parts: list[tuple[bytes, bytes]]) -> None:
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
