"""Which row a word of a test list means."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from explorer.progress import Progress, Report, silent
from explorer.table import Table
from explorer.tokens import WORD_STARTS, scheme_of

Rows = npt.NDArray[np.int64]

_AT_ONCE = 50_000


class Vocabulary:
    """The table's tokens, by word.

    case_sensitive: where not, words and tokens are compared in upper case, and the first row of a
        word is the one meant, as gensim does.
    restrict: only the first rows count; None for all.
    Where tokens bear the mark of a word's beginning, words are looked up with it first: the word
    "king" is the piece "Ġking".
    """

    def __init__(
        self,
        table: Table,
        *,
        case_sensitive: bool = False,
        restrict: int | None = None,
        report: Report = silent,
    ) -> None:
        self.rows = len(table) if restrict is None else min(restrict, len(table))
        self._case_sensitive = case_sensitive
        self.mark = WORD_STARTS.get(scheme_of(table.tokens), "")
        self._first: dict[str, int] = {}
        self.groups = self._grouped(table, report)
        self._order = np.argsort(self.groups, kind="stable")
        self._starts = np.searchsorted(self.groups[self._order], np.arange(len(self._first) + 1))
        self._fit = np.isfinite(table.vectors.norms) & (table.vectors.norms > 0)

    def _grouped(self, table: Table, report: Report) -> Rows:
        """Number of the word of each row, int64 (rows,); rows of one word have the same."""
        groups = np.empty(self.rows, dtype=np.int64)
        marked: dict[str, int] = {}
        numbers: dict[str, int] = {}
        for row in range(self.rows):
            if row % _AT_ONCE == 0:
                report(Progress(row, self.rows, "Reading tokens"))
            token = table.tokens[row]
            has_mark = bool(self.mark) and token.startswith(self.mark)
            word = self.folded(token.removeprefix(self.mark) if has_mark else token)
            groups[row] = numbers.setdefault(word, len(numbers))
            if has_mark:
                marked.setdefault(word, row)
            self._first.setdefault(word, row)
        self._first |= marked
        return groups

    def folded(self, word: str) -> str:
        """The word as it is compared."""
        return word if self._case_sensitive else word.upper()

    def find(self, word: str) -> int | None:
        """The row of a word that has a direction; None where there is none."""
        row = self._first.get(self.folded(word))
        return row if row is not None and self._fit[row] else None

    def row(self, word: str) -> int:
        """The row of a word that has a direction; -1 where there is none."""
        row = self.find(word)
        return -1 if row is None else row

    def missing(self, words: Iterable[str]) -> tuple[str, ...]:
        """Those of the words that have no row, each once."""
        return tuple(dict.fromkeys(word for word in words if self.find(word) is None))

    def same_word(self, row: int) -> Rows:
        """The rows of the word that this row is of, ascending; itself among them."""
        group = self.groups[row]
        return self._order[self._starts[group] : self._starts[group + 1]]
