"""Tokens typed one after another: `good, bad "new york" #12 @mine` becomes rows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from explorer.errors import NotFoundError
from explorer.expressions import quoted, unquoted
from explorer.table import Table
from explorer.tokens import WORD_STARTS

Rows = npt.NDArray[np.int64]

# A quoted text, a selection, or what stands between two commas.
_PIECE = re.compile(r'"(?:[^"\\]|\\.)*"|@(?:\w+|"(?:[^"\\]|\\.)*")|[^,;\n"]+|"', re.DOTALL)
_SIMPLE = re.compile(r"[^\s,;\"@#][^\s,;\"]*")  # needs no quotes
_SPACE = "␣"  # how the space before a word is shown


@dataclass(frozen=True, eq=False)
class TypedTokens:
    """rows: int64, each once, in the order typed. unknown: what no row is called."""

    rows: Rows
    unknown: tuple[str, ...]


def read_tokens(
    text: str, table: Table, selections: Mapping[str, Rows] | None = None
) -> TypedTokens:
    """The rows that a text names, between commas, semicolons, or blanks where what stands between
    commas is no token as a whole. Tokens may be quoted; `#12` is row 12; `@name` a selection's
    rows. Nothing is raised: what cannot be read is unknown."""
    rows: list[int] = []
    unknown: list[str] = []
    for piece in filter(None, (found.strip() for found in _PIECE.findall(text))):
        some, missing = _rows_of(piece, table, selections or {})
        rows += some
        unknown += missing
    return TypedTokens(np.array([*dict.fromkeys(rows)], np.int64), tuple(dict.fromkeys(unknown)))


def as_typed(token: str) -> str:
    """The token as it is typed among others: quoted where it would not be read as one."""
    return token if _SIMPLE.fullmatch(token) else quoted(token)


def row_of(text: str, table: Table) -> int | None:
    """The row of one typed token, quoted or not; None where there is none.

    A word that only stands in the table with the mark of a space before it is found, and so is one
    with that space as it is shown (`␣the`).
    """
    if len(text) > 1 and text[0] == text[-1] == '"':
        return table.find(unquoted(text))
    try:
        return table.row_of(text)
    except NotFoundError:
        bare = text.removeprefix(_SPACE)
        marked = (table.find(mark + bare) for mark in WORD_STARTS.values())
        return next((row for row in marked if row is not None), None)


def _rows_of(piece: str, table: Table, kept: Mapping[str, Rows]) -> tuple[list[int], list[str]]:
    """Rows and unknown words of what stood between two commas."""
    found = _named(piece, table, kept)
    if found is not None:
        return found, []
    words = [piece] if piece.startswith('"') else piece.split()
    rows_of = {word: _named(word, table, kept) for word in words}
    rows = [row for some in rows_of.values() for row in some or []]
    return rows, [word for word, some in rows_of.items() if some is None]


def _named(text: str, table: Table, kept: Mapping[str, Rows]) -> list[int] | None:
    """The rows of one token or selection; None where there is none of that name."""
    row = row_of(text, table)
    if row is not None:
        return [row]
    name = text.removeprefix("@")
    name = unquoted(name) if len(name) > 1 and name[0] == name[-1] == '"' else name
    return kept[name].tolist() if text.startswith("@") and name in kept else None
