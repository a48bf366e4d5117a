"""Vectors as text: word2vec (with a header), GloVe and fastText .vec (with or without).

One line a row: a token, then its numbers, parted by spaces or tabs. What is met in the wild, and
what other readers make of it, is in docs/formats.md.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from explorer.errors import InputError
from explorer.formats import Candidate, Format
from explorer.paths import replacing
from explorer.progress import Progress, Report, part
from explorer.reading.choosing import pick
from explorer.reading.decoding import Decoder
from explorer.reading.delimiting import (
    NumberedLine,
    fields_in,
    first_lines,
    header_counts,
    header_fits,
    numbers_at_end,
    refuse_header,
    separator_of,
    usual,
)
from explorer.reading.files import HEAD
from explorer.reading.lines import expanded_head, opened_lines
from explorer.reading.rows import Rows, Shape, read_rows
from explorer.reading.writing import check_tokens, number_lines
from explorer.table import Note, Source, Table
from explorer.vectors import Vectors

_LAST_FIELD = re.compile(rb"[ \t][^ \t]*\Z")
_UNFIT = "".join(map(chr, range(33)))
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1f]")


@dataclass(frozen=True, slots=True)
class _Layout:
    """shape of the rows, the line they start at, the rows a header claims (or None), notes."""

    shape: Shape
    first: int
    claimed: int | None = None
    notes: tuple[Note, ...] = ()


def _recognises(path: Path, head: bytes) -> bool:
    if path.is_dir():
        return False
    text = expanded_head(path, head).removeprefix(b"\xef\xbb\xbf")
    if text[257:262] == b"ustar":
        return False  # a tar archive, which would give its member's name as a token
    lines = text.split(b"\n")
    whole = [line.strip(b" \t\r") for line in lines[:-1] if line.strip(b" \t\r")]
    cut = lines[-1].rstrip(b"\r")
    if len(text) < HEAD and cut.strip(b" \t"):  # the last line has no end but is whole
        whole, cut = [*whole, cut], b""
    if whole and header_counts(whole[0]):
        body = whole[1:]
        # Faults in a text with a header are named by the reader; control bytes mean the binary
        # form, which starts with the same header.
        return _mostly(body, 1) or not _CONTROL.search(b"".join([*body, cut]))
    return _mostly(whole, 2) or numbers_at_end(_LAST_FIELD.sub(b"", cut)) > 1


def _mostly(lines: list[bytes], least: int) -> bool:
    """Whether most lines end in `least` numbers. A word and its count are no vector."""
    return 2 * sum(numbers_at_end(line) >= least for line in lines) > len(lines)


# The layout


def _layout(path: Path) -> _Layout:
    with opened_lines(path) as lines:
        found, limit = first_lines(lines), lines.limit
    if not found:
        raise InputError(path, "holds no row.", "Each line must hold a token and its numbers.")
    counts = header_counts(found[0][1])
    body = found[1:]
    separator = separator_of(body or found)
    if counts is None or not body:
        return _Layout(_shape(path, found, separator), found[0][0])
    rows, dim = counts
    if rows <= 0 or dim <= 0:
        note = Note("The first line is not a count of rows and numbers: it was passed over.")
        return _Layout(_shape(path, body, separator), found[0][0] + 1, notes=(note,))
    if rows * (2 * dim + 2) > limit:  # a row has at least a digit and a blank for each number
        raise refuse_header(path, rows, dim, body)
    if header_fits(dim, body):
        return _Layout(Shape(dim, separator), found[0][0] + 1, rows)
    if usual([fields_in(line) for _, line in body]) == 2:
        note = Note(
            "The first line may be a header or a row: it was read as a row, for the lines after "
            f"it have one number each and not {dim:,}.",
            "warning",
        )
        return _Layout(_shape(path, found, separator), found[0][0], notes=(note,))
    raise refuse_header(path, rows, dim, body)


def _shape(path: Path, body: list[NumberedLine], separator: bytes) -> Shape:
    dim = usual([numbers_at_end(line) for _, line in body])
    if not dim:
        number, _ = body[0]
        hint = "Each line must hold a token and its numbers."
        raise InputError(path, "holds no numbers after a token.", hint, place=f"line {number:,}")
    return Shape(dim, separator)


# Probe and read


def _probe(path: Path) -> list[Candidate]:
    layout = _layout(path)
    rows = layout.claimed if layout.claimed is not None else _count(path, layout.first)
    dim = layout.shape.dim
    return [Candidate("", rows, dim, "f32", rows * dim * 4, named=True)]


def _count(path: Path, first: int) -> int:
    with opened_lines(path) as lines:
        return sum(1 for number, line in lines if line and number >= first)


def _read(path: Path, tensor: str, *, report: Report) -> Table:
    layout = _layout(path)
    pick(path, [Candidate("", 1, layout.shape.dim, "f32", 0, named=True)], tensor)
    with opened_lines(path) as lines:
        rows = read_rows(path, lines, layout.shape, layout.first, report=part(report, 0.0, 0.9))
        cut = lines.notes()
    report(Progress(0.9, 1, "Decoding tokens"))
    decoder = Decoder()
    tokens = tuple(decoder.text(raw) for raw in rows.tokens)
    notes = (*layout.notes, *_claim_notes(layout, rows), *rows.notes(), *cut, *decoder.notes())
    return Table(tokens, Vectors(rows.matrix()), {}, Source(path, FORMAT.name), notes)


def _claim_notes(layout: _Layout, rows: Rows) -> tuple[Note, ...]:
    if layout.claimed is None or layout.claimed == rows.count:
        return ()
    said = "1 row" if layout.claimed == 1 else f"{layout.claimed:,} rows"
    there = "1 was" if rows.count == 1 else f"{rows.count:,} were"
    return (Note(f"The header says {said}; {there} read.", "warning"),)


# Writing


def _write(table: Table, path: Path, *, report: Report) -> None:
    """A header, then a line a row. Columns are not kept. Raises OutputError for a token with a
    space, which other programs part, or a control character, which marks the binary form."""
    check_tokens(table, path, _UNFIT)
    with replacing(path) as temporary, temporary.open("wb") as file:
        file.write(f"{len(table)} {table.dim}\n".encode())
        for start, lines in number_lines(table, " ", report):
            tokens = table.tokens[start : start + len(lines)]
            rows = zip(tokens, lines, strict=True)
            file.write("".join(f"{token} {line}\n" for token, line in rows).encode())


FORMAT = Format(
    name="word2vec",
    title="word2vec, GloVe or fastText text",
    suffixes=(".vec", ".txt", ".gz"),
    recognises=_recognises,
    probe=_probe,
    read=_read,
    write=_write,
    writes=(".vec", ".txt"),
    order=60,
)
