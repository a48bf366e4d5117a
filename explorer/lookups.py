"""Honest lookup of typed text: text -> pieces -> row numbers, saying what was done with each piece.

Nothing unknown raises and nothing becomes a silent zero vector: a piece without a row says why.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from explorer.table import Table
from explorer.tokenizer_json import encoded, parsed_tokenizer
from explorer.tokens import readings

if TYPE_CHECKING:
    from tokenizers import Tokenizer

EXACT = "exact"
OTHER_CODE_POINTS = "other code points"
LOWER_CASED = "lower-cased"
STRIPPED = "punctuation removed"
NORMALISED = "normalised"
SPLIT = "split"
UNKNOWN = "<unk>"
MISSING = "not in the vocabulary"
LEFT_OUT = "left out"

_UNKNOWN_TOKENS = ("<unk>", "[UNK]", "<UNK>", "UNK", "<oov>", "<OOV>")
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of a typed text.

    piece: the characters typed; start, stop: their place in the text.
    row: the row looked up, or None where there is none.
    token: the row's token, or None.
    how: EXACT (a space counts as the mark that stands for it), OTHER_CODE_POINTS (the same
        characters, composed or decomposed), LOWER_CASED, STRIPPED (of punctuation), NORMALISED,
        SPLIT (one of several pieces of a word), UNKNOWN (the row that stands for all unknown
        words), MISSING (no row) or LEFT_OUT (the tokenizer drops it, as it does punctuation).
    """

    piece: str
    start: int
    stop: int
    row: int | None
    token: str | None
    how: str


@dataclass(frozen=True, slots=True)
class Lookup:
    """A typed text and its pieces, in the order of the text."""

    text: str
    pieces: tuple[Piece, ...]

    @property
    def rows(self) -> list[int]:
        """The rows looked up, in order, pieces without a row left out."""
        return [piece.row for piece in self.pieces if piece.row is not None]


def lookup(table: Table, text: str) -> Lookup:
    """What `text` looks up in `table`.

    With a tokenizer, its own pieces; without one, the whole text where it is a token, else its
    words. Raises InputError where the table's tokenizer cannot be read.
    """
    whole = table.find(text)
    if whole is not None:
        return Lookup(text, (Piece(text, 0, len(text), whole, text, EXACT),))
    pieces = _by_tokenizer(table, text) if table.tokenizer else _by_words(table, text)
    return Lookup(text, tuple(pieces))


def _by_words(table: Table, text: str) -> Iterator[Piece]:
    unknown = next((t for t in _UNKNOWN_TOKENS if table.find(t) is not None), None)
    for match in re.finditer(r"\S+", text):
        word = match.group()
        found, how = _known_form(table, word)
        if found is None and unknown is not None:
            found, how = unknown, UNKNOWN
        row = table.find(found) if found is not None else None
        yield Piece(word, *match.span(), row, found, how)


def _known_form(table: Table, word: str) -> tuple[str | None, str]:
    """The first form of a word that is a token, and what was done to get it."""
    # Composed, for an accent that is a character of its own counts as punctuation.
    bare = re.sub(r"^\W+|\W+$", "", unicodedata.normalize("NFC", word))
    forms = [(word, EXACT), (word.lower(), LOWER_CASED), (bare, STRIPPED), (bare.lower(), STRIPPED)]
    for form, how in forms:
        for written, way in ((form, how), *_other_code_points(form, how)):
            if written and table.find(written) is not None:
                return written, way
    return None, MISSING


def _other_code_points(form: str, how: str) -> Iterator[tuple[str, str]]:
    """The same characters, composed and decomposed (Unicode Standard Annex 15)."""
    if not form.isascii():
        told = OTHER_CODE_POINTS if how == EXACT else how
        yield from ((unicodedata.normalize(to, form), told) for to in ("NFC", "NFD"))


def _by_tokenizer(table: Table, text: str) -> Iterator[Piece]:
    tokenizer = tokenizer_of(table)
    # The library takes UTF-8 only; one character for one keeps the offsets true.
    encoding = encoded(_place(table), tokenizer, _SURROGATE.sub("\ufffd", text))
    unknown = _unknown_id(tokenizer)
    pieces_of = Counter(encoding.word_ids)
    end = 0
    for (start, stop), row, word in zip(
        encoding.offsets, encoding.ids, encoding.word_ids, strict=True
    ):
        yield from _gaps(text, end, start)
        split = word is not None and pieces_of[word] > 1
        yield _piece(table, text, start, stop, row, unknown=row == unknown, split=split)
        end = max(end, stop)
    yield from _gaps(text, end, len(text))


def _piece(
    table: Table, text: str, start: int, stop: int, row: int, *, unknown: bool, split: bool
) -> Piece:
    typed = text[start:stop]
    if row >= len(table):
        return Piece(typed, start, stop, None, None, MISSING)
    token = table.tokens[row]
    if unknown and typed != token:
        return Piece(typed, start, stop, row, token, UNKNOWN)
    return Piece(typed, start, stop, row, token, SPLIT if split else _change(typed, token))


def _change(typed: str, token: str) -> str:
    stands_for = readings(token)
    if typed in stands_for:
        return EXACT
    return LOWER_CASED if typed.lower() in stands_for else NORMALISED


def _gaps(text: str, start: int, stop: int) -> Iterable[Piece]:
    """Text between two pieces: what the tokenizer dropped, white space aside."""
    for match in re.finditer(r"\S+", text[start:stop]):
        piece = match.group()
        how = MISSING if any(char.isalnum() for char in piece) else LEFT_OUT
        yield Piece(piece, start + match.start(), start + match.end(), None, None, how)


def _unknown_id(tokenizer: Tokenizer) -> int | None:
    token = getattr(tokenizer.model, "unk_token", None)
    return tokenizer.token_to_id(token) if token else None


def tokenizer_of(table: Table) -> Tokenizer:
    """The table's tokenizer, cutting and padding switched off. InputError where it is broken."""
    return _tokenizer(_place(table), table.tokenizer)


def _place(table: Table) -> Path | str:
    """What messages about the tokenizer name."""
    return table.source.path or "table"


@lru_cache(maxsize=4)
def _tokenizer(place: Path | str, json: str) -> Tokenizer:
    return parsed_tokenizer(place, json)
