"""Tokens found by what is typed of them."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from explorer.errors import ParameterError
from explorer.expressions import quoted
from explorer.lookups import MISSING, UNKNOWN, Lookup, Piece
from explorer.progress import Report, silent
from explorer.searching import Search, index_of
from explorer.table import Table
from explorer.vectors import length

_PUNCTUATION = re.compile(r"^\W+|\W+$")


@dataclass(frozen=True, eq=False, slots=True)
class Found:
    """What a search found.

    rows: int64, the best first: tokens that are the text, that begin with it, that hold it; of a
        fuzzy search the nearest first; each in the order of the table otherwise. At most as many
        as were asked for.
    total: how many there are.
    """

    search: Search
    rows: npt.NDArray[np.int64]
    total: int


def search(
    table: Table,
    text: str,
    mode: str = "substring",
    *,
    case: bool = False,
    limit: int | None = None,
    report: Report = silent,
) -> Found:
    """The rows whose token, or the text it is read as (`Ġthe` as " the"), matches.

    mode: "substring", "prefix", "exact", "regex" (RE2's syntax) or "fuzzy" (spelt nearly so).
    case: whether capitals count. limit: most rows to return; None for all.
    Raises PatternError (a ParameterError that knows the place) for a regular expression that cannot
    be read, ParameterError for a mode that does not exist or a limit below 1.
    """
    if limit is not None and limit < 1:
        raise ParameterError("The limit is 1 or more.", "Leave it out for every row.")
    asked = Search(text, mode, case)
    rows = index_of(table).find(asked, report)
    return Found(asked, rows[:limit], len(rows))


def nearest_spelling(
    table: Table, text: str, k: int = 3, *, report: Report = silent
) -> tuple[int, ...]:
    """Up to k rows whose tokens are spelt most nearly as `text`, the nearest first and each
    spelling once; none where all differ by more than a few letters (capitals do not count), and
    none for a single letter, which is one change away from every other."""
    rows: dict[str, int] = {}
    asked = Search(text, "fuzzy")
    for row in index_of(table).find(asked, report).tolist() if len(text.strip()) > 1 else ():
        if token := table.tokens[row].strip():  # nothing at all is no spelling to offer
            rows.setdefault(token, row)
        if len(rows) == k:
            break
    return tuple(rows.values())


def offers(table: Table, piece: Piece, k: int = 3) -> tuple[int, ...]:
    """Rows to offer for a piece that has none of its own, or only that of unknown words; they are
    never looked up in its place."""
    if piece.how not in (MISSING, UNKNOWN):
        return ()
    return nearest_spelling(table, _PUNCTUATION.sub("", piece.piece) or piece.piece, k)


@dataclass(frozen=True, slots=True)
class Standing:
    """What a row is among the others.

    norm: the length of its vector. count: how often its token occurs in the source's corpus, and
    rank: its place by that, from 1, equal counts sharing the best; None where no column tells.
    """

    norm: float
    count: float | None
    rank: int | None


def standing(table: Table, row: int) -> Standing:
    """Norm, count and rank of a row."""
    norm = length(table.vectors.exact(row).astype(np.float64))
    counts = table.importance
    if counts is None:
        return Standing(norm, None, None)
    return Standing(norm, float(counts[row]), int((counts > counts[row]).sum()) + 1)


def mean_text(table: Table, found: Lookup) -> str:
    """The mean of the rows that a text looks up, as an expression: `mean("not", "bad")`; repeats
    count. "" where there are fewer than two."""
    named = [
        quoted(token) if table.find(token) == row else f"#{row}"
        for row, token in ((row, table.tokens[row]) for row in found.rows)
    ]
    return f"mean({', '.join(named)})" if len(named) > 1 else ""
