"""The head of a fastText .bin model: its arguments, its words, and where its input matrix lies.

Layout: facebookresearch/fastText, src/fasttext.cc (`saveModel`), src/args.cc, src/dictionary.cc.
Every count is compared with the file before it is believed.
"""

from __future__ import annotations

import mmap
import struct
from array import array
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from explorer.errors import InputError
from explorer.progress import Progress, Report
from explorer.reading.decoding import LONGEST_TOKEN
from explorer.reading.files import DAMAGED

MAGIC = b"\xba\x16\x4f\x2f"
_VERSIONS = (11, 12)
_ARGS = "<12id"
_SUPERVISED = 3
_LONGEST_NGRAM = 100
_STEP = 65_536
_SMALLEST_ENTRY = 10  # an empty word's NUL, its count and its type
_AS_TEXT = "Save its word vectors as text (.vec), or have `fasttext print-word-vectors` write them."


@dataclass(frozen=True, slots=True)
class Arguments:
    """dim: numbers a row. buckets: rows that n-grams of minn..maxn characters share. rows: words.
    start: where the dictionary starts. dated: whether the file has no magic (before 2017)."""

    dim: int
    buckets: int
    minn: int
    maxn: int
    rows: int
    start: int
    dated: bool

    @property
    def ngrams(self) -> bool:
        return self.buckets > 0 and self.maxn > 0


@dataclass(frozen=True, eq=False)
class Words:
    """Raw words, how often each was met, and where the numbers of the input matrix start."""

    words: list[bytes]
    counts: array[int]
    matrix_at: int


def looks_dated(head: bytes) -> bool:
    """Whether the first bytes are the arguments of a model written before there was a magic."""
    if len(head) < struct.calcsize(_ARGS):
        return False
    dim, ws, epoch, _, neg, grams, loss, model, buckets, minn, maxn, rate, t = struct.unpack_from(
        _ARGS, head
    )
    small = all(0 < n < 10_000 for n in (dim, ws, epoch, grams))
    kinds = 1 <= loss <= 4 and 1 <= model <= _SUPERVISED and 0 <= neg < 10_000
    return (
        small
        and kinds
        and 0 <= minn <= maxn < _LONGEST_NGRAM
        and buckets >= 0
        and rate > 0
        and 0 < t <= 1
    )


def read_arguments(path: Path, held: mmap.mmap) -> Arguments:
    """Reads and checks what stands before the words. Raises InputError."""
    dated = held[:4] != MAGIC
    start = 0 if dated else 8
    least = start + struct.calcsize(_ARGS) + (20 if dated else 28)
    if len(held) < least:
        raise InputError(path, "is cut short: its header is not whole.", DAMAGED)
    if not dated and (version := struct.unpack_from("<i", held, 4)[0]) not in _VERSIONS:
        hint = f"Versions {_VERSIONS[0]} and {_VERSIONS[1]} are read. {_AS_TEXT}"
        raise InputError(path, f"is a fastText model of version {version}.", hint)
    args = struct.unpack_from(_ARGS, held, start)
    size, words, labels = struct.unpack_from("<3i", held, start + struct.calcsize(_ARGS))
    if args[7] == _SUPERVISED or labels:
        problem = "is a supervised fastText model: its rows were trained to tell labels apart."
        raise InputError(path, f"{problem} Such models are not read.", _AS_TEXT)
    found = Arguments(args[0], args[8], args[9], args[10], words, least, dated)
    _check(path, found, size, len(held))
    return found


def _check(path: Path, found: Arguments, size: int, available: int) -> None:
    if found.dim <= 0 or found.rows <= 0 or found.rows != size or found.buckets < 0:
        problem = f"its header says {found.rows:,} of {size:,} words and {found.dim:,} numbers each"
        raise InputError(path, f"{problem}.", DAMAGED)
    if not 0 <= found.minn <= max(found.minn, found.maxn) < _LONGEST_NGRAM:
        problem = f"its header says n-grams of {found.minn:,} to {found.maxn:,} characters."
        raise InputError(path, problem, DAMAGED)
    claimed = found.rows * _SMALLEST_ENTRY
    if claimed > available:
        problem = f"its header claims {found.rows:,} words, more than the file could hold."
        raise InputError(path, problem, DAMAGED)


def read_words(path: Path, held: mmap.mmap, args: Arguments, *, report: Report) -> Words:
    """Walks over the dictionary to the input matrix, and checks that it is whole. InputError."""
    words: list[bytes] = []
    counts: array[int] = array("q")
    at, find, count_at = args.start, held.find, struct.Struct("<q").unpack_from
    for row in range(args.rows):
        end = find(b"\0", at, at + LONGEST_TOKEN + 1)
        if end < 0 or end + _SMALLEST_ENTRY > len(held):
            _cut(path, f"word {row:,} has no end")
        words.append(held[at:end])
        counts.append(count_at(held, end + 1)[0])
        at = end + _SMALLEST_ENTRY
        if row % _STEP == 0:
            report(Progress(row, 2 * args.rows, "Reading the words"))
    return Words(words, counts, _matrix_at(path, held, args, at))


def _matrix_at(path: Path, held: mmap.mmap, args: Arguments, at: int) -> int:
    if not args.dated:
        pruned = struct.unpack_from("<q", held, args.start - 8)[0]
        if at >= len(held):
            _cut(path, "it ends after its words")
        if held[at] or pruned > 0:
            problem = "is a quantised fastText model (.ftz), which is not read."
            raise InputError(path, problem, _AS_TEXT)
        at += 1
    if at + 16 > len(held):
        _cut(path, "it ends after its words")
    rows, dim = struct.unpack_from("<2q", held, at)
    if dim != args.dim or rows != args.rows + args.buckets:
        expected = f"{args.rows:,} words and {args.buckets:,} buckets of {args.dim:,} numbers"
        problem = f"its matrix is {rows:,} x {dim:,}, and its header says {expected}."
        raise InputError(path, problem, DAMAGED)
    if rows * dim * 4 > len(held) - at - 16:
        _cut(path, f"its matrix of {rows:,} x {dim:,} goes on beyond the end")
    return at + 16


def _cut(path: Path, where: str) -> NoReturn:
    raise InputError(path, f"is cut short: {where}.", DAMAGED)
