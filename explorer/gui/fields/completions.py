"""Which tokens begin with what was typed, at once among any number of them."""

from __future__ import annotations

import numpy as np

from explorer.progress import Report, silent
from explorer.searching import Search, index_of
from explorer.table import Table
from explorer.tokens import WORD_STARTS

_MARKS = " " + "".join(WORD_STARTS.values())


class Completions:
    """The tokens of a table, to be found by how they begin; case and the marks of words aside.

    Making it takes up to a second for 250,000 tokens, and no time where they were searched before;
    asking, some milliseconds.
    """

    def __init__(self, table: Table, report: Report = silent) -> None:
        self._index = index_of(table)
        self._named = table.named
        self._index.prepare(Search("", "prefix"), report)
        counts = table.importance
        # The row's own place tells where nothing else does: vocabularies are ordered by frequency.
        self._weight = -np.arange(len(table), dtype=np.float64) if counts is None else counts

    def rows(self, prefix: str, limit: int = 12) -> list[int]:
        """Rows whose token begins with `prefix`, the equal ones first, then the most frequent.

        Case does not count, nor do the marks of words.
        """
        sought = prefix.lstrip(_MARKS)
        if not self._named or not sought:
            return []
        found = self._index.find(Search(sought, "prefix"))
        equal = set(self._index.find(Search(sought, "exact")).tolist())
        if len(found) > 50 * limit:
            found = found[np.argpartition(-self._weight[found], limit)[:limit]]
        few = {*found.tolist(), *equal}
        return sorted(few, key=lambda row: (row not in equal, -self._weight[row], row))[:limit]
