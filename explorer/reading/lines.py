"""Lines of a text file that may be compressed, each with its number, within bounds."""

from __future__ import annotations

import bz2
import gzip
import lzma
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from explorer.errors import InputError
from explorer.reading.archives import LARGEST_RATIO, ZIP, only_member, zip_problem
from explorer.reading.files import HEAD, file_size, readable
from explorer.reading.files import head as head_of
from explorer.table import Note

LONGEST_LINE = 16 * 2**20
# Text vectors shrink to about 40 %; a file of zeros written on purpose shrinks a thousandfold.
_FREE = 2**20
_BROKEN = (EOFError, zlib.error, lzma.LZMAError, gzip.BadGzipFile, zipfile.BadZipFile)


class Lines:
    """Iterates (line number from 1, line without its end) over a plain, gzip, bzip2 or xz file, or
    the one file of a zip archive.

    Lines end at LF only, or CR LF; a byte-order mark is dropped. An archive that is cut short ends
    the lines early and leaves a note. Raises InputError for a line beyond LONGEST_LINE, and for an
    archive that expands more than LARGEST_RATIO times.
    """

    def __init__(self, path: Path, stream: BinaryIO, raw: BinaryIO) -> None:
        self._path, self._stream, self._raw = path, stream, raw
        self.size = file_size(path)
        self.cut = False

    @property
    def limit(self) -> int:
        """The most bytes of text that are read from the file."""
        return self.size * LARGEST_RATIO + _FREE

    @property
    def position(self) -> int:
        """Bytes of the file read so far, as they lie on the disk."""
        return self._raw.tell()

    def notes(self) -> tuple[Note, ...]:
        if not self.cut:
            return ()
        text = "The archive is damaged or cut short: the whole rows before the break were read."
        return (Note(text, "warning"),)

    def __iter__(self) -> Iterator[tuple[int, bytes]]:
        for number, line in self.whole():
            yield number, line.rstrip(b"\r\n")

    def whole(self) -> Iterator[tuple[int, bytes]]:
        """(line number, line with its end): in a quoted CSV cell, CR LF is part of the text."""
        number, expanded = 0, 0
        while line := self._next():
            number += 1
            expanded += len(line)
            if len(line) > LONGEST_LINE:
                self._refuse_long(number)
            if expanded > self.limit:
                self._refuse_expansion(expanded)
            yield number, line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line

    def blocks(self, size: int) -> Iterator[tuple[int, bytes]]:
        """(number of the first line, whole lines with their ends), about `size` bytes at a time."""
        number, expanded, rest = 1, 0, b""
        while piece := self._piece(size):
            expanded += len(piece)
            if expanded > self.limit:
                self._refuse_expansion(expanded)
            if not rest and number == 1:
                piece = piece.removeprefix(b"\xef\xbb\xbf")
            stop = piece.rfind(b"\n") + 1
            block = b"".join((rest, memoryview(piece)[:stop])) if stop else b""
            rest = piece[stop:] if stop else rest + piece
            ends = block.count(b"\n")
            if len(rest) > LONGEST_LINE:
                self._refuse_long(number + ends)
            if block:
                yield number, block
                number += ends
        if rest and not self.cut:
            yield number, rest

    def _piece(self, size: int) -> bytes:
        """The next `size` bytes, fewer at the end or before a break in an archive."""
        pieces, wanted = [], size
        while wanted > 0 and not self.cut:
            try:
                piece = self._stream.read1(wanted)  # type: ignore[attr-defined]  # all have it
            except _BROKEN:
                self.cut = True
                break
            if not piece:
                break
            pieces.append(piece)
            wanted -= len(piece)
        return b"".join(pieces)

    def _next(self) -> bytes:
        try:
            line = self._stream.readline(LONGEST_LINE + 1)
        except _BROKEN:
            self.cut = True
            return b""
        return line

    def _refuse_long(self, number: int) -> None:
        problem = f"is longer than {LONGEST_LINE:,} bytes."
        raise InputError(self._path, problem, place=f"line {number:,}")

    def _refuse_expansion(self, expanded: int) -> None:
        raise InputError(
            self._path,
            f"expands far beyond its size on disk ({self.size:,} bytes to more than {expanded:,}).",
            "Expand it yourself if you trust it, and open the result.",
        )


@contextmanager
def opened_lines(path: Path) -> Iterator[Lines]:
    """Lines of a text file, compressed or not. Raises InputError."""
    with readable(path), path.open("rb") as raw:
        try:
            stream = _expanded(raw, raw.read(6))
        except zipfile.BadZipFile as error:
            raise InputError(
                path, zip_problem(path), "Expand it, and open a file of it."
            ) from error
        yield Lines(path, stream, raw)


def expanded_head(path: Path, head: bytes) -> bytes:
    """The first bytes of the text in a compressed file; `head` itself where it is not one."""
    if not head.startswith((b"\x1f\x8b", b"BZh", b"\xfd7zXZ", ZIP)):
        return head
    with readable(path), path.open("rb") as raw:
        try:
            stream = _expanded(raw, head_of(path, 6))
            return stream.read1(HEAD) if hasattr(stream, "read1") else stream.read(HEAD)
        except _BROKEN:
            return b""


def _expanded(raw: BinaryIO, magic: bytes) -> BinaryIO:
    raw.seek(0)
    if magic.startswith(b"\x1f\x8b"):
        return cast(BinaryIO, gzip.GzipFile(fileobj=raw))
    if magic.startswith(b"BZh"):
        return cast(BinaryIO, bz2.BZ2File(raw))
    if magic.startswith(ZIP):
        return only_member(raw)
    return cast(BinaryIO, lzma.LZMAFile(raw)) if magic.startswith(b"\xfd7zXZ") else raw
