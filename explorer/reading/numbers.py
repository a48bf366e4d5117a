"""Text to float32, strictly: decimal numbers, nan and inf, and nothing else.

`0x1p3` and `1_0` are numbers to C or Python but not to any tool that writes tables, and `1,5` is a
number of another locale: each is refused by its own sentence.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

F32 = npt.NDArray[np.float32]

_NUMBER = re.compile(
    rb"[+-]?(?:(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|nan|inf|infinity)", re.IGNORECASE
)
_COMMA = re.compile(rb"[+-]?\d+,\d+(?:[eE][+-]?\d+)?")
_PLAIN = b"0123456789.+-eE \tnaifNAIFtyTY"


def is_number(field: bytes) -> bool:
    """Whether the field is a decimal number, nan or inf."""
    return _NUMBER.fullmatch(field) is not None


def is_comma_number(field: bytes) -> bool:
    """Whether the field is a number with a decimal comma."""
    return _COMMA.fullmatch(field) is not None


def fault(fields: Sequence[bytes]) -> str:
    """What keeps the fields from being numbers, in words; "" where nothing does."""
    for field in fields:
        if is_comma_number(field):
            return f"{_quoted(field)} has a decimal comma"
        if not is_number(field):
            return f"{_quoted(field)} is not a decimal number"
    return ""


def parse_row(fields: Sequence[bytes]) -> F32:
    """float32 (len(fields),) of fields in which `fault` finds nothing."""
    with np.errstate(over="ignore"):
        return np.array([float(field) for field in fields]).astype(np.float32)


def parse_lines(lines: Sequence[bytes], dim: int) -> F32 | None:
    """float32 (len(lines), dim) of lines of `dim` fields each, or None where any is not clean.

    A line's fields are parted by one space or tab. The caller has counted the separators.
    """
    text = b" ".join(lines).replace(b"\t", b" ")
    loose = b"  " in text or text.startswith(b" ") or text.endswith(b" ")
    if text.translate(None, _PLAIN) or loose or not text:
        return None
    try:
        numbers = np.fromstring(text.decode("ascii"), dtype=np.float64, sep=" ")
    except (ValueError, DeprecationWarning):  # NumPy's ways to say that it stopped early
        return None
    if numbers.size != len(lines) * dim:
        return None
    with np.errstate(over="ignore"):
        return numbers.reshape(-1, dim).astype(np.float32)


def _quoted(field: bytes) -> str:
    text = field.decode("utf-8", "backslashreplace")
    return repr(text if len(text) <= 24 else text[:23] + "…")
