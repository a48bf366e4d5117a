"""Showing a token: what cannot be seen is made visible, and the token itself never changes.

Tokens are untrusted text. Real vocabularies hold `<s>`, newlines, U+202E and the empty string;
a label must show them without obeying them. What is stored, searched and exported is the token.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

EMPTY = "‹empty›"
_NAMED = {"\n": "⏎", "\t": "⇥", "\r": "␍", " ": "␣", "\u00a0": "‹nbsp›"}
# Format characters that real words need: joiners in Persian, Indic scripts and emoji.
_JOINERS = {"\u200c", "\u200d"}


def shown(token: str, limit: int = 0) -> str:
    """The token as one line of visible plain text.

    Control, direction and zero-width characters become `‹U+XXXX›`; leading and trailing spaces
    become `␣`; the empty token becomes `‹empty›`.
    limit: longest result in characters, an ellipsis included; 0 for no limit.
    """
    if not token:
        text = EMPTY
    elif token.isalnum():  # most tokens, by far
        text = token
    else:
        start = len(token) - len(token.lstrip(" "))
        stop = len(token.rstrip(" "))
        text = "".join(
            char if char == " " and start <= place < stop else _visible(char, alone=len(token) == 1)
            for place, char in enumerate(token)
        )
    return text if not limit or len(text) <= limit else text[: limit - 1] + "…"


def _visible(char: str, *, alone: bool) -> str:
    if char in _NAMED:
        return _NAMED[char]
    if char in _JOINERS and not alone:
        return char
    # Cc control, Cf format (direction, zero width), Cs surrogate, Zl/Zp line separators, Zs spaces
    if unicodedata.category(char) in {"Cc", "Cf", "Cs", "Zl", "Zp", "Zs", "Cn"}:
        return f"‹U+{ord(char):04X}›"
    return char


def matches(folded: Sequence[str], query: str) -> npt.NDArray[np.int64]:
    """Rows whose token contains `query`: equal ones first, then those that start with it, then the
    rest, each in the order of the table.

    folded: one case-folded token a row. query: case-folded; "" matches every row.
    """
    if not query:
        return np.arange(len(folded), dtype=np.int64)
    found = [row for row, token in enumerate(folded) if query in token]
    found.sort(key=lambda row: 0 if folded[row] == query else 2 - folded[row].startswith(query))
    return np.array(found, dtype=np.int64)
