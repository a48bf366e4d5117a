"""Which tokens begin with what was typed, at once among any number of them."""

from __future__ import annotations

import heapq
from bisect import bisect_left
from collections.abc import Iterator

import numpy as np

from explorer.progress import Progress, Report, silent
from explorer.table import Table

# Sorted at a time: sorting holds the interpreter, and the window must go on.
_CHUNK = 5_000
# What marks the beginning of a word in subword vocabularies (GPT-2, SentencePiece), and spaces.
_MARKS = " Ġ▁"
_BEFORE_ROW = "\0"  # sorts before all else, so that equal keys stay together
_LAST = "\U0010ffff"


class Completions:
    """The tokens of a table in alphabetical order, without case and word marks.

    Making it takes about two seconds for a million tokens; asking, less than a millisecond for all
    but the shortest prefixes.
    """

    def __init__(self, table: Table, report: Report = silent) -> None:
        self._keys: list[str] = []
        rows: list[int] = []
        for entry in heapq.merge(*_chunks(table, report)) if table.named else ():
            if len(rows) % _CHUNK == 0:
                report(Progress(len(rows), len(table), "Ordering the tokens"))
            key, _, row = entry.rpartition(_BEFORE_ROW)
            self._keys.append(key)
            rows.append(int(row))
        self._rows = np.array(rows, dtype=np.int64)
        counts = table.importance
        # The row's own place tells where nothing else does: vocabularies are ordered by frequency.
        self._weight = -np.arange(len(table), dtype=np.float64) if counts is None else counts

    def rows(self, prefix: str, limit: int = 12) -> list[int]:
        """Rows whose token begins with `prefix`, the equal ones first, then the most frequent.

        Case does not count, nor do the marks of words.
        """
        key = _key(prefix)
        start, stop = (bisect_left(self._keys, end) for end in (key, key + _LAST))
        found = self._rows[start:stop]
        equal = self._rows[start : bisect_left(self._keys, key + _BEFORE_ROW)].tolist()
        if len(found) > 50 * limit:
            found = found[np.argpartition(-self._weight[found], limit)[:limit]]
        few = {*found.tolist(), *equal}
        return sorted(few, key=lambda row: (row not in equal, -self._weight[row], row))[:limit]


def _chunks(table: Table, report: Report) -> Iterator[list[str]]:
    """Keys and rows in one text each: a pair each would have the garbage collector look through
    all of them, and the window wait for it."""
    tokens = table.tokens
    for start in range(0, len(tokens), _CHUNK):
        report(Progress(start, len(tokens), "Ordering the tokens"))
        some = tokens[start : start + _CHUNK]
        yield sorted(
            f"{_key(token)}{_BEFORE_ROW}{start + place}" for place, token in enumerate(some)
        )


def _key(token: str) -> str:
    return token.replace(_BEFORE_ROW, "").lstrip(_MARKS).casefold()
