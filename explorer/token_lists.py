"""Tokens as a sequence of texts that are made when they are asked for.

A table of 500,000 rows opens by mapping its numbers; making half a million Python texts for it
would take longer than everything else. These behave as the tuple of the same texts does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import SupportsIndex, overload

import numpy as np
import numpy.typing as npt

_NUMBERED = re.compile(r"<row (0|[1-9][0-9]{0,17})>")


class _Texts(Sequence[str]):
    """What every lazy sequence of texts shares: slices are tuples, and equality is a tuple's."""

    def _one(self, row: int) -> str:
        raise NotImplementedError

    @overload
    def __getitem__(self, place: SupportsIndex) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[str, ...]: ...
    def __getitem__(self, place: SupportsIndex | slice) -> str | tuple[str, ...]:
        if isinstance(place, slice):
            return tuple(self._one(row) for row in range(len(self))[place])
        return self._one(range(len(self))[place])

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if not isinstance(other, _Texts | tuple):
            return NotImplemented
        return len(self) == len(other) and all(a == b for a, b in zip(self, other, strict=True))

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        shown = ", ".join(map(repr, self[:3]))
        return f"{type(self).__name__}({len(self):,}: {shown}{', …' if len(self) > 3 else ''})"


class NumberedTokens(_Texts):
    """`<row 0>`, `<row 1>`, ...: the names of rows that have none."""

    def __init__(self, rows: int) -> None:
        self._rows = rows

    def __len__(self) -> int:
        return self._rows

    def __iter__(self) -> Iterator[str]:
        return (f"<row {row}>" for row in range(self._rows))

    def __contains__(self, token: object) -> bool:
        return isinstance(token, str) and self.row(token) is not None

    def row(self, token: str) -> int | None:
        """The row of a name, or None; no list is searched."""
        found = _NUMBERED.fullmatch(token)
        row = int(found[1]) if found else self._rows
        return row if row < self._rows else None

    def _one(self, row: int) -> str:
        return f"<row {row}>"


class PackedTokens(_Texts):
    """Texts that lie one after the other in one stretch of UTF-8.

    utf8: all of them ("surrogatepass": lone surrogates are kept).
    ends: int64 (rows,), where each ends, never decreasing; the last is len(utf8).
    Raises ValueError where the ends do not fit the text or cut through a character, and
    UnicodeDecodeError (a ValueError) where it is not UTF-8: after that every text can be decoded.
    """

    def __init__(self, utf8: bytes, ends: npt.NDArray[np.int64]) -> None:
        starts = np.concatenate([np.zeros(1, np.int64), ends[:-1]])[: len(ends)]
        whole = int(ends[-1]) == len(utf8) if len(ends) else not utf8
        if not whole or bool((starts > ends).any()) or bool((starts < 0).any()):
            raise ValueError("the ends do not fit the text")
        if not utf8.isascii():
            utf8.decode("utf-8", "surrogatepass")
            inside = starts[starts < len(utf8)]
            # 0b10xxxxxx continues a character, so no text can begin with it.
            if bool(((np.frombuffer(utf8, np.uint8)[inside] & 0xC0) == 0x80).any()):
                raise ValueError("a text ends within a character")
        self._utf8, self._starts, self._ends = utf8, starts, ends

    def __len__(self) -> int:
        return len(self._ends)

    def __iter__(self) -> Iterator[str]:
        text = self._utf8.decode("utf-8", "surrogatepass")
        starts, ends = self._characters
        return (text[a:b] for a, b in zip(starts.tolist(), ends.tolist(), strict=True))

    def _one(self, row: int) -> str:
        raw = self._utf8[int(self._starts[row]) : int(self._ends[row])]
        return raw.decode("utf-8", "surrogatepass")

    @cached_property
    def _characters(self) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Where each text starts and ends, in characters."""
        if self._utf8.isascii():
            return self._starts, self._ends
        begins = (np.frombuffer(self._utf8, np.uint8) & 0xC0) != 0x80
        counted = np.concatenate([np.zeros(1, np.int64), np.cumsum(begins, dtype=np.int64)])
        return counted[self._starts], counted[self._ends]
