"""The order in which people expect texts with numbers in them: 2 before 10, v9 before v10."""

from __future__ import annotations

import re
from typing import Any

_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")
_DIGITS = re.compile("([0-9]+)")


def natural(text: str) -> tuple[Any, ...]:
    """A key to sort texts by: numbers by their value, then other texts by the alphabet, in which a
    run of digits counts as its number. Different texts have different keys."""
    if _NUMBER.fullmatch(text):
        return 0, float(text), text
    parts: list[Any] = _DIGITS.split(text)
    # Of two numbers without zeros before them the longer one is greater; int() refuses long ones.
    parts[1::2] = [(len(digits.lstrip("0")), digits.lstrip("0")) for digits in parts[1::2]]
    return 1, parts, text
