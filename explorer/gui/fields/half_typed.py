"""The token that is being typed where the cursor stands in an expression."""

from __future__ import annotations

from typing import NamedTuple

from explorer.expressions import unquoted


class Typed(NamedTuple):
    """The token, or selection, being typed: what there is of it, with the @ of a selection, and the
    characters it takes, [start, stop)."""

    prefix: str
    start: int
    stop: int


def typed_token(text: str, cursor: int) -> Typed | None:
    """What ends at the cursor: a token after an open quote, a bare word of two letters, or the
    name of a selection."""
    start, quote = _open_quote(text[:cursor])
    if quote:
        stop = cursor + text[cursor:].startswith(quote)
        return Typed(unquoted(text[start:cursor] + quote), start, stop)
    start = cursor
    while start and (text[start - 1].isalnum() or text[start - 1] == "_"):
        start -= 1
    word = text[start:cursor]
    if start and text[start - 1] == "@":
        return Typed(f"@{word}", start - 1, cursor)
    return Typed(word, start, cursor) if len(word) > 1 and not word[0].isdigit() else None


def _open_quote(text: str) -> tuple[int, str]:
    """Place and sign of the quote that is open at the end of the text; (0, "") for none."""
    start, quote, escaped = 0, "", False
    for place, char in enumerate(text):
        if escaped:
            escaped = False
        elif quote and char == "\\":
            escaped = True
        elif quote:
            quote = "" if char == quote else quote
        elif char in "\"'":
            start, quote = place, char
    return start, quote
