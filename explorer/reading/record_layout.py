"""Telling from its first records how a delimited table is laid out: which columns hold what."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass

from explorer.reading.column_names import adjacent, numbered, token_column, vector_score
from explorer.reading.delimiting import usual
from explorer.reading.labels import unique_names
from explorer.reading.numbers import is_comma_number, is_number
from explorer.reading.records import Dialect, split
from explorer.reading.vector_cells import numbers_in, spells_vector

_DELIMITERS = (",", ";", "\t", "|")
_FRACTION = re.compile(r".*[.,eE].*")


@dataclass(frozen=True, slots=True)
class Columns:
    """How the records of a file make a table.

    names: of all columns. header: whether the first record holds them. dims: places of the columns
    of numbers, or the one place of a column of spelt vectors (`spelt`). dim: numbers a row.
    token: place of the tokens, or None. commas: whether the numbers have decimal commas.
    """

    dialect: Dialect
    names: tuple[str, ...]
    header: bool
    dims: tuple[int, ...]
    dim: int
    token: int | None
    spelt: bool = False
    commas: bool = False

    @property
    def others(self) -> tuple[int, ...]:
        """Places of the columns that are neither token nor vector."""
        taken = {*self.dims, self.token}
        return tuple(place for place in range(len(self.names)) if place not in taken)


def layouts(texts: Sequence[str]) -> list[Columns]:
    """Every way in which the first lines of a file are a table of vectors, the likeliest first:
    columns of spelt vectors by their names, else one table of columns of numbers."""
    best: tuple[list[Columns], int] = ([], 0)
    for delimiter in _DELIMITERS:
        if any(delimiter in text for text in texts[:2]):
            for quoted in (True, False):
                best = max(best, _read_as(texts, Dialect(delimiter, quoted)), key=_likely)
    return best[0]


def _likely(reading: tuple[list[Columns], int]) -> tuple[int, int]:
    """The widest vectors, then the most records that fit."""
    found, fitting = reading
    return (found[0].dim if found else 0), fitting


def _read_as(texts: Sequence[str], dialect: Dialect) -> tuple[list[Columns], int]:
    """The layouts of the sample split so, and how many of its records fit."""
    rows = _rows(texts, dialect)
    width = usual([len(row) for row in rows])
    if width < 2 or len(rows[0]) != width:
        return [], 0
    body = [row for row in rows[1:] if len(row) == width] or rows[:1]
    spelt = [place for place in range(width) if _spelt(body, place)]
    if spelt:
        return _spelt_layouts(rows[0], body, dialect, spelt), len(body)
    wide = _wide_layout(rows[0], body, dialect)
    return ([wide] if wide else []), len(body)


def _rows(texts: Sequence[str], dialect: Dialect) -> list[list[str]]:
    """Records of the sample; the last is dropped where a quoted cell is cut off by its end."""
    rows: list[list[str]] = []
    try:
        rows.extend(cells for cells in split(iter(texts), dialect) if any(cells))
    except csv.Error:
        return rows[:-1] or [[]]
    return rows or [[]]


# A column of spelt vectors


def _spelt(body: Sequence[Sequence[str]], place: int) -> bool:
    filled = [row[place] for row in body if row[place].strip()]
    return 2 * sum(map(spells_vector, filled)) > len(filled)


def _spelt_layouts(
    first: Sequence[str], body: Sequence[Sequence[str]], dialect: Dialect, spelt: list[int]
) -> list[Columns]:
    header = len(body) > 0 and not any(spells_vector(first[place]) for place in spelt)
    names = _names(first, header)
    texts = [place for place in range(len(first)) if place not in spelt]
    token = token_column(names, [p for p in texts if not _numeric(body, p, commas=False)] or texts)
    found = []
    for place in sorted(spelt, key=lambda p: -vector_score(names[p])[0]):
        widths = [len(numbers_in(row[place]) or ()) for row in body]
        dim = usual([width for width in widths if width])
        found.append(Columns(dialect, names, header, (place,), dim, token, spelt=True))
    return found


# Columns of numbers


def _wide_layout(
    first: Sequence[str], body: Sequence[Sequence[str]], dialect: Dialect
) -> Columns | None:
    commas = dialect.delimiter != "," and _have_commas(body)
    numeric = [place for place in range(len(first)) if _numeric(body, place, commas)]
    header = _is_header(first, body, numeric, commas)
    names = _names(first, header)
    texts = [place for place in range(len(first)) if place not in numeric]
    token = token_column(names, texts) if header else _first_text(texts, numeric, body)
    dims = _dims(names, numeric, token, body, header)
    if not dims or not _ours(dialect, header, texts):
        return None
    return Columns(dialect, names, header, tuple(dims), len(dims), token, commas=commas)


def _ours(dialect: Dialect, header: bool, texts: Sequence[int]) -> bool:
    """Tabs without a header are word2vec's or the projector's, unless other columns of text stand
    beside the tokens."""
    return dialect.delimiter != "\t" or header or len(texts) > 1


def _dims(
    names: Sequence[str],
    numeric: Sequence[int],
    token: int | None,
    body: Sequence[Sequence[str]],
    header: bool,
) -> list[int]:
    free = {place: names[place] for place in numeric if place != token}
    if header and (group := numbered(free)):
        return group
    run = adjacent(free) if header else adjacent(dict.fromkeys(free, ""))
    # Ratings and reviews have columns of whole numbers too, and are no vectors.
    broken = sum(any(_FRACTION.fullmatch(row[place]) for row in body) for place in run)
    return run if len(run) > 1 and (not header or 2 * broken >= len(run)) else []


def _first_text(
    texts: Sequence[int], numeric: Sequence[int], body: Sequence[Sequence[str]]
) -> int | None:
    """Without a header: the first column of text, or a first column of whole numbers beside
    columns of fractions (ids, as node embeddings have them)."""
    if texts:
        return texts[0]
    broken = [any(_FRACTION.fullmatch(row[place]) for row in body) for place in numeric]
    return 0 if len(broken) > 2 and not broken[0] and all(broken[1:]) else None


def _have_commas(body: Sequence[Sequence[str]]) -> bool:
    cells = (cell.strip() for row in body for cell in row if "," in cell)
    return any(is_comma_number(cell.encode("utf-8", "surrogateescape")) for cell in cells)


def _numeric(body: Sequence[Sequence[str]], place: int, commas: bool) -> bool:
    filled = [row[place].strip() for row in body if row[place].strip()]
    good = sum(_is_number(cell, commas) for cell in filled)
    return bool(filled) and 2 * good > len(filled)


def _is_number(cell: str, commas: bool) -> bool:
    raw = cell.encode("utf-8", "surrogateescape")
    return is_number(raw) or (commas and is_comma_number(raw))


def _is_header(
    first: Sequence[str], body: Sequence[Sequence[str]], numeric: Sequence[int], commas: bool
) -> bool:
    """Whether the first record holds names: its cells over the numbers are none themselves, or
    they count 0, 1, 2, ... over fractions, as pandas writes columns without names."""
    cells = [first[place].strip() for place in numeric]
    if not cells:
        return False
    if not all(_is_number(cell, commas) for cell in cells):
        return True
    counting = [str(number) for number in range(len(cells))]
    named = cells == counting or (len(cells) > 2 and cells[1:] == counting[:-1])
    last = numeric[-1]
    return named and any(_FRACTION.fullmatch(row[last]) for row in body)


def _names(first: Sequence[str], header: bool) -> tuple[str, ...]:
    cells = [cell if header else "" for cell in first]
    return tuple(name for _, name in unique_names(cells))
