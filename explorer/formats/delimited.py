"""CSV and TSV with vectors: one column a number, or one column of spelt vectors.

Every other column is kept beside the tokens. Cells are text until they are proven to be numbers of
the plain decimal kind, so "007", "1e5", "NA" and "" stay what they are; nothing is evaluated.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from operator import itemgetter
from pathlib import Path

from explorer.errors import InputError
from explorer.formats import Candidate, Format
from explorer.paths import replacing
from explorer.progress import Progress, Report, part
from explorer.reading.choosing import pick
from explorer.reading.clean_text import clean_rows
from explorer.reading.column_names import vector_score
from explorer.reading.decoding import LONGEST_TOKEN, Decoder
from explorer.reading.lines import expanded_head, opened_lines
from explorer.reading.memory import ensure_fits
from explorer.reading.naming import nameless, tokens_from
from explorer.reading.numbers import F32, fault, parse_lines, parse_row
from explorer.reading.record_layout import Columns, layouts
from explorer.reading.records import records, sampled
from explorer.reading.rows import Rows
from explorer.reading.vector_cells import is_shortened, numbers_in, plain_fields, refuse_shortened
from explorer.reading.writing import cells_of, check_titles, check_writable, number_lines
from explorer.table import Column, Note, Source, Table, numbered_tokens
from explorer.vectors import Vectors

_CHUNK = 1024
_LEAST_FOR_ARROW = 2**16  # numbers below which loading Arrow takes longer than it saves
_TO_QUOTE = re.compile(r'[",\r\n]')
_NUMBERED = re.compile(r"d[0-9]+")
_DELIMITERS = (b",", b";", b"\t", b"|")

_Record = tuple[int, list[str]]


def _recognises(path: Path, head: bytes) -> bool:
    if path.is_dir():
        return False
    text = expanded_head(path, head)
    if b"\0" in text[:512] or not any(mark in text for mark in _DELIMITERS):
        return False
    return bool(_layouts(path))


def _layouts(path: Path) -> list[Columns]:
    with opened_lines(path) as lines:
        return layouts(sampled(lines))


# Probe


def _probe(path: Path) -> list[Candidate]:
    found = _sound_layouts(path)
    with opened_lines(path) as lines:
        count = sum(1 for _ in records(path, lines, found[0].dialect)) - found[0].header
    return _candidates(found, count)


def _sound_layouts(path: Path) -> list[Columns]:
    found = _layouts(path)
    if not found:
        hint = "A table has a column of tokens and columns of numbers, or one of whole vectors."
        raise InputError(path, "has no columns that make vectors.", hint)
    for layout in found:
        if not layout.dim:  # all that the sample holds was shortened
            raise refuse_shortened(path, f"column {layout.names[layout.dims[0]]!r}")
    return found


def _candidates(found: Sequence[Columns], rows: int) -> list[Candidate]:
    return [_candidate(layout, rows, only=len(found) == 1) for layout in found]


def _candidate(layout: Columns, rows: int, *, only: bool) -> Candidate:
    column = layout.names[layout.dims[0]]
    score, reason = vector_score(column) if layout.spelt else (0.0, "columns of numbers")
    name, size = "" if only else column, rows * layout.dim * 4
    named = layout.token is not None
    return Candidate(name, rows, layout.dim, "f32", size, named, score, reason)


# Read


@dataclass(eq=False)
class _Gathered:
    """Rows of numbers, and of each the token and the cells of the columns `others`."""

    rows: Rows
    others: tuple[int, ...]
    tokens: list[str] = field(default_factory=list)
    cells: list[list[str]] = field(default_factory=list)


def _read(path: Path, tensor: str, *, report: Report) -> Table:
    found = _sound_layouts(path)
    candidates = _candidates(found, 1)
    layout = found[candidates.index(pick(path, candidates, tensor))]
    with opened_lines(path) as lines:
        stream = islice(records(path, lines, layout.dialect), int(layout.header), None)
        gathered = _Gathered(Rows(layout.dim), layout.others)
        narrowed = part(report, 0.0, 0.9)
        while chunk := list(islice(stream, _CHUNK)):
            _take(path, chunk, layout, gathered)
            ensure_fits(path, gathered.rows.projected(lines))
            narrowed(Progress(lines.position, lines.size, "Reading rows"))
        cut = lines.notes()
    report(Progress(0.9, 1, "Decoding tokens"))
    name = "" if len(found) == 1 else layout.names[layout.dims[0]]
    return _table(layout, gathered, Source(path, FORMAT.name, name), cut)


def _take(path: Path, chunk: list[_Record], layout: Columns, into: _Gathered) -> None:
    """Adds the records of a chunk: at once where all are clean, else one by one."""
    width = len(layout.names)
    if all(len(cells) == width for _, cells in chunk):
        numbers = _clean_numbers([cells for _, cells in chunk], layout)
        if numbers is not None:
            into.rows.append(numbers)
            for number, cells in chunk:
                _keep(path, number, cells, layout, into)
            return
    for number, cells in chunk:
        _take_one(path, number, cells, layout, into)


def _clean_numbers(chunk: Sequence[Sequence[str]], layout: Columns) -> F32 | None:
    """(len(chunk), dim) where every record is clean, else None."""
    rows: list[Sequence[str]]
    if layout.spelt:
        rows = [plain_fields(cells[layout.dims[0]]) for cells in chunk]
    elif layout.commas:
        rows = [[cells[at].replace(",", ".", 1) for at in layout.dims] for cells in chunk]
    else:
        taken = itemgetter(*layout.dims, layout.dims[0])  # one place more: always a tuple
        rows = [taken(cells)[:-1] for cells in chunk]
    if not all(len(row) == layout.dim and all(row) for row in rows):
        return None
    lines = [" ".join(row).encode("utf-8", "surrogateescape") for row in rows]
    if layout.dim * len(lines) < _LEAST_FOR_ARROW:
        return parse_lines(lines, layout.dim)
    block = b"\n".join(lines) + b"\n"
    clean = clean_rows(block, layout.dim, b" ", LONGEST_TOKEN, labelled=False)
    return None if clean is None or len(clean.numbers) != len(lines) else clean.numbers


def _take_one(path: Path, number: int, cells: list[str], layout: Columns, into: _Gathered) -> None:
    wrong, fields = "", list[str]()
    if len(cells) != len(layout.names):
        wrong = f"{len(cells):,} cells, {len(layout.names):,} expected"
    else:
        fields = [text.strip() for text in _fields(path, number, cells, layout)]
        wrong = _wrong(fields, layout)
    if wrong:
        into.rows.skipped.append((number, wrong))
        return
    into.rows.append(parse_row([text.encode() for text in fields])[None])
    _keep(path, number, cells, layout, into)


def _wrong(fields: list[str], layout: Columns) -> str:
    if not any(fields):
        return "it has no vector"
    if wrong := fault([text.encode("utf-8", "surrogateescape") for text in fields]):
        return wrong
    if len(fields) != layout.dim:
        return f"its vector has {len(fields):,} numbers, {layout.dim:,} expected"
    return ""


def _fields(path: Path, number: int, cells: list[str], layout: Columns) -> list[str]:
    """The texts of a record's numbers."""
    if not layout.spelt:
        texts = [cells[place] for place in layout.dims]
        return [text.replace(",", ".", 1) for text in texts] if layout.commas else texts
    cell = cells[layout.dims[0]]
    if is_shortened(cell):
        raise refuse_shortened(path, f"line {number:,}")
    found = numbers_in(cell)
    return found if found is not None else [cell]


def _keep(path: Path, number: int, cells: list[str], layout: Columns, into: _Gathered) -> None:
    if layout.token is not None:
        token = cells[layout.token]
        if len(token) > LONGEST_TOKEN:
            problem = f"a token of {len(token):,} characters is beyond the limit of"
            hint = "Is this a table?"
            raise InputError(path, f"{problem} {LONGEST_TOKEN:,}.", hint, place=f"line {number:,}")
        into.tokens.append(token)
    into.cells.append([cells[place] for place in into.others])


# The table


def _table(layout: Columns, gathered: _Gathered, source: Source, cut: tuple[Note, ...]) -> Table:
    rows = gathered.rows
    if not rows.count:
        assert source.path is not None
        line, why = rows.skipped[0] if rows.skipped else (1, "there is no row below the header")
        raise InputError(source.path, f"{why}; no row could be read.", place=f"line {line:,}")
    decoder = Decoder()
    named = layout.token is not None
    tokens = tuple(_decoded(decoder, gathered.tokens)) if named else numbered_tokens(rows.count)
    columns = {name: Column.from_text(name, cells) for name, cells in _columns(layout, gathered)}
    notes = (*_layout_notes(layout), *rows.notes(), *cut, *decoder.notes())
    return Table(tokens, Vectors(rows.matrix()), columns, source, notes, named=named)


def _decoded(decoder: Decoder, texts: Sequence[str]) -> Iterator[str]:
    return (decoder.text(text.encode("utf-8", "surrogateescape")) for text in texts)


def _columns(layout: Columns, gathered: _Gathered) -> Iterator[tuple[str, list[str]]]:
    for place, at in enumerate(gathered.others):
        cells = [row[place] for row in gathered.cells]
        yield layout.names[at], list(_decoded(Decoder(), cells))


def _layout_notes(layout: Columns) -> Iterator[Note]:
    if layout.token is None:
        yield nameless("No column of tokens was found")
    else:
        yield tokens_from(f"column {layout.names[layout.token]!r}")
    if layout.commas:
        mark = {"\t": "tabs"}.get(layout.dialect.delimiter, layout.dialect.delimiter)
        yield Note(f"The file was read with {mark} between cells and decimal commas in numbers.")
    if layout.spelt:
        yield Note(f"Vectors are from column {layout.names[layout.dims[0]]!r}.")


# Writing


def _write(table: Table, path: Path, *, report: Report) -> None:
    """`token,d0,d1,...` and the table's columns, as RFC 4180 has it: any text can be a token.

    Raises OutputError for NUL and for half a surrogate pair, which a text file cannot keep.
    """
    check_writable(table, path, "\0")
    check_titles(table, path, "token")
    stem = "d" if not any(_NUMBERED.fullmatch(name) for name in table.columns) else "dimension_"
    titles = ["token", *(f"{stem}{place}" for place in range(table.dim)), *table.columns]
    columns = [list(map(_quoted, cells_of(column))) for column in table.columns.values()]
    with replacing(path) as temporary, temporary.open("wb") as file:
        file.write((",".join(map(_quoted, titles)) + "\n").encode())
        for start, lines in number_lines(table, ",", report):
            stop = start + len(lines)
            tokens = map(_quoted, table.tokens[start:stop])
            rows = zip(tokens, lines, *(cells[start:stop] for cells in columns), strict=True)
            file.write("".join(",".join(row) + "\n" for row in rows).encode())


def _quoted(text: str) -> str:
    """The text as one cell, in quotation marks where it must be."""
    return '"' + text.replace('"', '""') + '"' if _TO_QUOTE.search(text) else text


FORMAT = Format(
    name="delimited",
    title="CSV or TSV with vectors",
    suffixes=(".csv", ".tsv"),
    recognises=_recognises,
    probe=_probe,
    read=_read,
    write=_write,
    writes=(".csv",),
    order=55,
)
