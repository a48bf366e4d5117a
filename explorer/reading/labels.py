"""Label files: one row of tab-separated cells for each row of a matrix.

The header rule is the TensorBoard projector's (data-provider.ts): the first line is a header if
and only if it contains a tab, so a file of one column has none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from explorer.errors import InputError
from explorer.reading.decoding import Decoder
from explorer.reading.files import LARGEST_JSON, file_size, readable
from explorer.table import Column, Note

_TOKEN_COLUMNS = ("word", "token", "label", "name", "words", "tokens", "labels", "names")


@dataclass(frozen=True, eq=False)
class Labels:
    """What a label file says: a token a row, the other columns, and what was noticed."""

    path: Path
    tokens: tuple[str, ...]
    columns: dict[str, Column]
    notes: tuple[Note, ...] = ()

    def __len__(self) -> int:
        return len(self.tokens)


def read_labels(path: Path) -> Labels:
    """Reads a label file. Raises InputError."""
    decoder = Decoder()
    lines = [decoder.text(line) for line in _lines(path)]
    if not lines or "\t" not in lines[0]:
        return Labels(path, tuple(lines), {}, decoder.notes())
    header, rows = lines[0].split("\t"), [line.split("\t") for line in lines[1:]]
    at = _token_column(header)
    tokens = tuple(_cell(row, at) for row in rows)
    columns = {}
    for place, name in _unique_names(header):
        if place != at:
            columns[name] = Column.from_text(name, [_cell(row, place) for row in rows])
    return Labels(path, tokens, columns, decoder.notes())


def count_labels(path: Path) -> int:
    """Rows a label file names, without reading it into memory as text. Raises InputError."""
    lines = _lines(path)
    return len(lines) - bool(lines and b"\t" in lines[0])


def fitting(labels: Labels, path: Path, rows: int) -> Labels:
    """The labels, where there is one a row of the matrix in `path`; else InputError, both named."""
    if len(labels) == rows:
        return labels
    one = len(labels) == 1
    raise InputError(
        labels.path,
        f"names {len(labels):,} {'row' if one else 'rows'}, and {path.name} has {rows:,}.",
        "There must be one label a row. The first line counts as a header only if it holds a tab.",
    )


def _lines(path: Path) -> list[bytes]:
    """Lines split at LF only: a label may hold U+2028 or U+0085, where splitlines() would split."""
    if (size := file_size(path)) > LARGEST_JSON:
        raise InputError(path, f"is {size:,} bytes, too large for a list of labels.")
    with readable(path):
        raw = path.read_bytes().removeprefix(b"\xef\xbb\xbf")
    lines = raw.split(b"\n")
    if not lines[-1]:
        lines.pop()
    return [line.removesuffix(b"\r") for line in lines]


def _token_column(header: Sequence[str]) -> int:
    lowered = [name.strip().lower() for name in header]
    return next((lowered.index(name) for name in _TOKEN_COLUMNS if name in lowered), 0)


def _unique_names(header: Sequence[str]) -> Iterator[tuple[int, str]]:
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
