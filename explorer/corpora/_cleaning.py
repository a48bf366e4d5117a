"""Cleaning of documents: what a page's markup and a wrong decoding left in the text.

The order matters: `<br />` goes first, or `br` becomes one of the ten commonest words of the IMDB
reviews. Real reviews also hold C1 control characters, which are cp1252 punctuation decoded as
Latin-1 (U+0096 is an en dash, U+0085 an ellipsis), and a few HTML entities.
"""

from __future__ import annotations

import html
import re

_TAG = re.compile(r"</?(?:br|hr|p|i|b|u|em|strong|div|span|a)(?:\s[^<>]*)?/?>", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_ENTITY = re.compile(r"&[#A-Za-z]")
_SPACES = re.compile(r"[ \t\r\n]{2,}")


def clean(text: str) -> str:
    """The text without tags, entities and control characters; spaces run together, ends trimmed.

    A character of U+0080 to U+009F becomes the punctuation it is in cp1252; every other control
    character becomes a space.
    """
    if "<" in text:
        text = _TAG.sub(" ", text)
    if _ENTITY.search(text):
        text = html.unescape(text)
    text = _CONTROL.sub(_punctuation, text)
    return _SPACES.sub(" ", text).strip()


def _punctuation(match: re.Match[str]) -> str:
    code = ord(match.group())
    if code < 0x80:
        return " "
    # Five codes are not assigned in cp1252; they become spaces.
    return bytes([code]).decode("cp1252", "replace").replace("\ufffd", " ")
