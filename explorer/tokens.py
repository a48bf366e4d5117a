"""Showing a token: what cannot be seen is made visible, and the token itself never changes.

Tokens are untrusted text. Real vocabularies hold `<s>`, newlines, U+202E and the empty string;
a label must show them without obeying them. What is stored, searched and exported is the token.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from itertools import islice

EMPTY = "‹empty›"
_NAMED = {"\n": "⏎", "\t": "⇥", "\r": "␍", " ": "␣", "\u00a0": "‹nbsp›"}
# Format characters that real words need: joiners in Persian, Indic scripts and emoji.
_JOINERS = {"\u200c", "\u200d"}
_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
)
_JUDGED = 20_000
# What the piece at the beginning of a word bears, by the scheme of the vocabulary.
WORD_STARTS = {"byte-level": "Ġ", "sentencepiece": "▁"}
# Scheme, its mark, and the least share of tokens that bear it.
_MARKS = (
    *((scheme, mark, 0.05) for scheme, mark in WORD_STARTS.items()),
    ("wordpiece", "##", 0.02),
)
_BYTE_TOKEN = re.compile(r"<0x([0-9A-F]{2})>")


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
    elif token[0] == " " and token[1:].isalnum():  # and of what byte-level tokens stand for
        text = "␣" + token[1:]
    else:
        text = _each_visible(token)
    return text if not limit or len(text) <= limit else text[: limit - 1] + "…"


def _each_visible(token: str) -> str:
    start = len(token) - len(token.lstrip(" "))
    stop = len(token.rstrip(" "))
    return "".join(
        char if char == " " and start <= place < stop else _visible(char, alone=len(token) == 1)
        for place, char in enumerate(token)
    )


def scheme_of(tokens: Sequence[str]) -> str:
    """How a vocabulary marks spaces and pieces: "byte-level" (`Ġ`, GPT-2), "sentencepiece" (`▁`),
    "wordpiece" (`##`), or "" where it does not. Judged by the first 20,000 tokens."""
    some = list(islice(tokens, _JUDGED))
    for scheme, mark, share in _MARKS:
        if sum(token.startswith(mark) for token in some) > share * len(some):
            return scheme
    return ""


def readable(token: str, scheme: str, limit: int = 0) -> str:
    """The token as a person reads it, its marks resolved: `Ġthe` and `▁the` as `␣the`, `Ċ` as `⏎`,
    `##ing` as `…ing`, `<0x0A>` as `⏎`; bytes that are no whole character as `\\xe2`.

    scheme: see `scheme_of`; "" gives `shown`, the raw form. The result is safe to show, as that is.
    """
    if scheme == "byte-level":
        return shown(_from_bytes(token), limit)
    if scheme == "sentencepiece":
        if found := _BYTE_TOKEN.fullmatch(token):
            return shown(_decoded(bytes([int(found[1], 16)])), limit)
        return shown(token.replace("▁", " "), limit)
    if scheme == "wordpiece" and token.startswith("##") and len(token) > 2:
        return shown("…" + token[2:], limit)
    return shown(token, limit)


def readings(token: str) -> tuple[str, ...]:
    """The texts that a token may stand for, unescaped: itself, what its bytes spell in GPT-2's
    alphabet (`Ġthe` is ` the`), and the same for SentencePiece's mark (`▁the`)."""
    return token, _from_bytes(token), token.replace("▁", " ")


def _from_bytes(token: str) -> str:
    """The text that a byte-level token stands for; itself where it is no such token."""
    try:
        return _decoded(token.translate(_byte_of()).encode("latin-1"))
    except UnicodeEncodeError:
        return token


def _decoded(raw: bytes) -> str:
    return raw.decode("utf-8", "backslashreplace")


@cache
def _byte_of() -> dict[int, str]:
    """Byte of each character of GPT-2's byte-level alphabet (openai/gpt-2, encoder.py,
    bytes_to_unicode) as that of Latin-1: printable bytes stand for themselves, the others are moved
    to U+0100 and on. What stands for no byte has no place in Latin-1 here either."""
    plain = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [byte for byte in range(256) if byte not in plain]
    no_byte = dict.fromkeys(others, "\uffff")
    return no_byte | {0x100 + place: chr(byte) for place, byte in enumerate(others)}


def unseen(token: str) -> bool:
    """Whether the token holds a control, direction or zero-width character, which shows only
    escaped. Joiners, which real words need, do not count."""
    return not token.isprintable() and _UNSEEN.search(token) is not None


def _visible(char: str, *, alone: bool) -> str:
    if char in _NAMED:
        return _NAMED[char]
    if char in _JOINERS and not alone:
        return char
    # Cc control, Cf format (direction, zero width), Cs surrogate, Zl/Zp line separators, Zs spaces
    if unicodedata.category(char) in {"Cc", "Cf", "Cs", "Zl", "Zp", "Zs", "Cn"}:
        return f"‹U+{ord(char):04X}›"
    return char
