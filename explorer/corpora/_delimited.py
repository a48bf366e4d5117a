"""Delimited text files: CSV and TSV, plain or gzipped, whatever their delimiter and encoding.

Rows are split by the csv module alone (RFC 4180): `str.splitlines` also splits at U+0085 and
U+2028, which real reviews hold.
"""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from explorer.errors import InputError
from explorer.progress import Progress, Report, silent
from explorer.table import Note

_DELIMITERS = (",", "\t", ";")
# One text of 16 million characters is a quotation mark that was never closed.
_LONGEST_FIELD = 2**24
# Text shrinks three- to fivefold; a file that grows 200-fold was made to fill the memory.
_LARGEST_RATIO = 200
_EVERY = 2000


@dataclass(frozen=True, eq=False)
class Delimited:
    """A delimited file in memory. header: the column names. notes: what was noticed on the way."""

    path: Path
    text: str
    delimiter: str
    header: tuple[str, ...]
    notes: tuple[Note, ...] = ()


def open_delimited(path: Path) -> Delimited:
    """The decoded file and its header. InputError where it is empty, binary, or has one column."""
    text, notes = _decoded(path, read_bytes(path))
    if not text.strip():
        raise InputError(path, "the file is empty.", "Give a CSV file with a header line.")
    delimiter, header = sniff(text)
    if len(header) < 2:
        raise InputError(
            path,
            f"the header line {header[0][:60]!r} names one column only.",
            "Give a CSV or TSV file with a column of texts and a column of labels.",
            place="line 1",
        )
    return Delimited(path, text, delimiter, header, notes)


def read_bytes(path: Path, limit: int = -1) -> bytes:
    """The file's bytes, unpacked where it is gzipped; the first `limit` of them where given."""
    try:
        with path.open("rb") as file:
            packed = file.read(2) == b"\x1f\x8b"
            file.seek(0)
            return _unpacked(path, file, limit) if packed else file.read(limit)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise InputError(path, f"cannot be read: {reason}.", "Check the name.") from error


def _unpacked(path: Path, file: IO[bytes], limit: int) -> bytes:
    most = max(2**20, _LARGEST_RATIO * path.stat().st_size)
    try:
        with gzip.open(file) as stream:
            content = stream.read(limit if limit >= 0 else most + 1)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise InputError(
            path, "the gzip file is damaged or cut short.", "Fetch it anew."
        ) from error
    if len(content) > most:
        raise InputError(
            path,
            f"the gzip file grows more than {_LARGEST_RATIO} times when it is unpacked.",
            "No text does that; unpack it yourself if you trust it.",
        )
    return content


def _decoded(path: Path, content: bytes) -> tuple[str, tuple[Note, ...]]:
    """UTF-8 with or without a mark, UTF-16 with its mark, else cp1252 with a note."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", "replace"), ()
    if b"\0" in content:
        raise InputError(
            path,
            "this is not a text file: it holds NUL bytes.",
            "Give a CSV or TSV file saved as UTF-8.",
        )
    return decode(content)


def decode(content: bytes) -> tuple[str, tuple[Note, ...]]:
    """The text of UTF-8 bytes, or of cp1252 bytes with a note that says so."""
    try:
        return content.decode("utf-8-sig"), ()
    except UnicodeDecodeError:
        note = Note("The text is not UTF-8; it was read as Windows-1252 (cp1252).", "warning")
        return content.decode("cp1252", "replace"), (note,)


def sniff(text: str) -> tuple[str, tuple[str, ...]]:
    """Delimiter and column names of the header line: the delimiter that gives most columns."""
    line = io.StringIO(text, newline="").readline()
    splits = {d: next(csv.reader([line], delimiter=d), [""]) for d in _DELIMITERS}
    delimiter = max(_DELIMITERS, key=lambda d: len(splits[d]))
    return delimiter, tuple(name.strip() for name in splits[delimiter])


def rows(file: Delimited, report: Report) -> Iterator[tuple[int, list[str]]]:
    """(line number, fields) of every row below the header; blank lines are passed over.

    InputError, naming the line, where a row has more or fewer fields than the header or its
    quotation marks make no sense.
    """
    for line, fields in _records(file, _quoted(file), report):
        if not fields:
            continue
        if len(fields) != len(file.header):
            raise InputError(
                file.path,
                f"the row's fields number {len(fields):,}, the header's {len(file.header):,}.",
                "Put quotation marks around texts that hold the delimiter.",
                place=f"line {line:,}",
            )
        yield line, fields


def _quoted(file: Delimited) -> bool:
    """Whether quotation marks quote. In many TSV files they are characters like any other."""
    if file.delimiter != "\t":
        return True
    try:
        for _ in _records(file, True, silent):
            pass
    except InputError:
        return False
    return True


def _records(file: Delimited, quoted: bool, report: Report) -> Iterator[tuple[int, list[str]]]:
    stream = io.StringIO(file.text, newline="")
    reader = csv.reader(
        stream,
        delimiter=file.delimiter,
        quoting=csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE,
        strict=True,
    )
    first = 1
    try:
        with _long_fields():
            for count, fields in enumerate(reader):
                if count % _EVERY == 0:
                    report(Progress(stream.tell(), len(file.text), "Reading reviews"))
                if count:
                    yield first, fields
                first = reader.line_num + 1
    except csv.Error as error:
        raise InputError(
            file.path,
            f"the row that begins here cannot be split into columns ({error}).",
            'Double the quotation marks inside a quoted text: "" for ".',
            place=f"line {first:,}",
        ) from error


@contextmanager
def _long_fields() -> Iterator[None]:
    """The csv module's limit for one field is the whole process's: raised here, then put back."""
    before = csv.field_size_limit(_LONGEST_FIELD)
    try:
        yield
    finally:
        csv.field_size_limit(before)
