"""Label files: one row of tab-separated cells for each row of a matrix.

The header rule is the TensorBoard projector's (data-provider.ts): the first line is a header if
and only if it contains a tab, so a file of one column has none.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from explorer.errors import InputError
from explorer.reading.decoding import Decoder
from explorer.reading.files import LARGEST_JSON, file_size, readable
from explorer.table import Column, Note
from explorer.token_lists import PackedTokens

_LF = 0x0A
_TOKEN_COLUMNS = ("word", "token", "label", "name", "words", "tokens", "labels", "names")


@dataclass(frozen=True, eq=False)
class Labels:
    """What a label file says: a token a row, the other columns, and what was noticed."""

    tokens: Sequence[str]
    columns: dict[str, Column]
    notes: tuple[Note, ...] = ()


def labels_for(path: Path, matrix: Path, rows: int) -> Labels:
    """Reads the label file `path` of a matrix with `rows` rows.

    Blank lines beyond the last row are the end of the file, not labels (TensorBoard's own
    iris_labels.tsv has one); a blank line anywhere else is the empty label of its row.
    Raises InputError, naming both numbers, where there is not one label a row.
    """
    raw = _raw(path)
    if (packed := _packed(raw, rows)) is not None:
        return Labels(packed, {})
    lines = _lines(raw)
    header = bool(lines) and b"\t" in lines[0]
    while len(lines) - header > rows and not lines[-1]:
        lines.pop()
    if len(lines) - header != rows:
        raise _misfit(path, len(lines) - header, matrix, rows)
    decoder = Decoder()
    names = decoder.header(lines[0]).split("\t") if header else []
    texts = [decoder.text(line) for line in lines[header:]]
    if not header:
        return Labels(tuple(texts), {}, decoder.notes())
    return _columns(names, [text.split("\t") for text in texts], decoder.notes())


def attachable_labels(path: Path, matrix: Path, rows: int) -> Labels:
    """As `labels_for`, for a file the user names: one that ends in `.csv` is parted at commas, its
    cells quoted as RFC 4180 says, and its first record is a header if it has more than one cell."""
    if path.suffix.lower() != ".csv":
        return labels_for(path, matrix, rows)
    decoder = Decoder()
    text = decoder.header(_raw(path))
    try:
        cells = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        raise InputError(path, "is not a CSV file that can be read.") from error
    header = bool(cells) and len(cells[0]) > 1
    records = cells[header:]
    while len(records) > rows and not any(records[-1]):
        records.pop()
    if len(records) != rows:
        raise _misfit(path, len(records), matrix, rows)
    return _columns(cells[0] if header else ["token"], records, ())


def _columns(
    names: Sequence[str], rows: Sequence[Sequence[str]], notes: tuple[Note, ...]
) -> Labels:
    at = _token_column(names)
    columns = {
        name: Column.from_text(name, [_cell(row, place) for row in rows])
        for place, name in unique_names(names)
        if place != at
    }
    return Labels(tuple(_cell(row, at) for row in rows), columns, notes)


def _misfit(path: Path, labels: int, matrix: Path, rows: int) -> InputError:
    return InputError(
        path,
        f"names {labels:,} {'row' if labels == 1 else 'rows'}, and {matrix.name} has {rows:,}.",
        "There must be one label a row. The first line counts as a header only if it holds a tab.",
    )


def count_labels(path: Path) -> int:
    """Rows a label file names, blank lines at its end not counted. Raises InputError."""
    lines = _lines(_raw(path))
    while lines and not lines[-1]:
        lines.pop()
    return len(lines) - bool(lines and b"\t" in lines[0])


def _packed(raw: bytes, rows: int) -> PackedTokens | None:
    """The labels of a sound file of one column, not yet made into texts, which would take longer
    than everything else; None for every other file, which is read line by line."""
    if b"\t" in raw[: raw.find(b"\n") + 1] or b"\r" in raw:
        return None
    ends = np.flatnonzero(np.frombuffer(raw, np.uint8) == _LF)
    if not raw.endswith(b"\n"):
        ends = np.append(ends, len(raw))
    if len(ends) != rows:
        return None
    text = raw.replace(b"\n", b"")
    try:
        if b"\xed" in text:
            text.decode()  # stricter than PackedTokens: no surrogates, which start so
        return PackedTokens(text, ends - np.arange(rows))
    except ValueError:
        return None


def _lines(raw: bytes) -> list[bytes]:
    """Lines split at LF only: a label may hold U+2028 or U+0085, where splitlines() would split."""
    lines = raw.split(b"\n")
    if not lines[-1]:
        lines.pop()
    return [line.removesuffix(b"\r") for line in lines]


def _raw(path: Path) -> bytes:
    if (size := file_size(path)) > LARGEST_JSON:
        raise InputError(path, f"is {size:,} bytes, too large for a list of labels.")
    with readable(path):
        return path.read_bytes().removeprefix(b"\xef\xbb\xbf")


def _token_column(header: Sequence[str]) -> int:
    lowered = [name.strip().lower() for name in header]
    return next((lowered.index(name) for name in _TOKEN_COLUMNS if name in lowered), 0)


def unique_names(header: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Column names by place; the second `x` becomes `x (2)`, an empty one its number."""
    seen: set[str] = set()
    for place, cell in enumerate(header):
        name = base = cell.strip() or f"column {place + 1}"
        again = 2
        while name in seen:
            name, again = f"{base} ({again})", again + 1
        seen.add(name)
        yield place, name


def _cell(row: Sequence[str], place: int) -> str:
    return row[place] if place < len(row) else ""
