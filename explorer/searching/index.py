"""The tokens of a table, ready to be searched."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt

from explorer.errors import ParameterError
from explorer.progress import Report, silent
from explorer.searching.fuzzy import bare, nearest
from explorer.searching.patterns import load_library, matching
from explorer.searching.spans import Spans, spans_in
from explorer.searching.texts import BARE_EQUAL, EQUAL, NOWHERE, WITHIN, Texts
from explorer.table import Table
from explorer.tokens import readable, scheme_of, shown

MODES = ("substring", "prefix", "exact", "regex", "fuzzy")
_NOTHING = {
    "substring": "contains",
    "prefix": "begins with",
    "exact": "is spelt",
    "regex": "matches",
    "fuzzy": "is spelt nearly as",
}

I64 = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Search:
    """What is searched for.

    text: "" finds every row.
    mode: "substring", "prefix" or "exact"; "regex", in RE2's syntax; or "fuzzy", spelt nearly so.
    case: whether capitals count.
    Raises ParameterError for a mode that does not exist.
    """

    text: str
    mode: str = "substring"
    case: bool = False

    def __post_init__(self) -> None:
        if self.mode not in MODES:
            raise ParameterError(
                f"There is no search mode {self.mode!r}.", f"The modes are {', '.join(MODES)}."
            )

    @property
    def nothing(self) -> str:
        """The sentence that says that there is no such token."""
        return f"No token {_NOTHING[self.mode]} “{shown(self.text, 40)}”."

    def spans(self, text: str) -> Spans:
        """What of a text matches: [start, stop) in characters, ascending; of a fuzzy search, what
        agrees. Raises PatternError."""
        return spans_in(text, self.text, self.mode, case=self.case)


class Index:
    """Tokens and, where the vocabulary marks words and bytes (`Ġthe`), the texts they are read as:
    each is found by either. What a search needs is made when it is first asked for."""

    def __init__(self, tokens: Sequence[str], scheme: str = "") -> None:
        self._tokens, self._scheme = tokens, scheme
        self._texts: dict[tuple[bool, bool], Texts] = {}
        self._spellings: dict[bool, list[str]] = {}

    def prepared(self, search: Search) -> bool:
        """Whether what the search needs is there."""
        if search.mode == "fuzzy":
            return search.case in self._spellings
        return {(read, self._folds(search)) for read in self._kinds} <= self._texts.keys()

    def prepare(self, search: Search, report: Report = silent) -> None:
        """Makes what the search needs: up to a second for 250,000 tokens, and once for each way to
        search; `find` does it by itself."""
        if search.mode == "regex":
            load_library()
        if search.mode == "fuzzy":
            self._spelt(search.case, report)
            return
        for read in self._kinds:
            self._made(read, self._folds(search), report)

    @staticmethod
    def _folds(search: Search) -> bool:
        """Whether case-folded texts are searched; RE2 has a way of its own."""
        return not search.case and search.mode != "regex"

    def find(self, search: Search, report: Report = silent) -> I64:
        """Rows found, int64: equal ones first, and of these the ones with the same capitals; then
        those that begin so, then the rest, each in the order of the table. Of a fuzzy search the
        nearest first. Raises PatternError."""
        if not search.text:
            return np.arange(len(self._tokens), dtype=np.int64)
        if search.mode == "fuzzy":
            sought = search.text if search.case else search.text.casefold()
            return nearest(self._spelt(search.case, report), sought, report)
        found = np.full(len(self._tokens), NOWHERE, np.int8)
        for read in self._kinds:
            np.minimum(found, self._ranks(search, read, report), out=found)
        grouped = [np.flatnonzero(found == rank) for rank in range(NOWHERE)]
        for rank in (EQUAL, BARE_EQUAL):  # "the" before "The", where both answer
            other_case = [search.text not in self._tokens[row] for row in grouped[rank].tolist()]
            grouped[rank] = grouped[rank][np.argsort(other_case, kind="stable")]
        return np.concatenate(grouped).astype(np.int64, copy=False)

    @property
    def _kinds(self) -> tuple[bool, ...]:
        """Tokens (False), and what they are read as (True)."""
        return (False, True) if self._scheme else (False,)

    def _ranks(self, search: Search, read: bool, report: Report) -> npt.NDArray[np.int8]:
        texts = self._made(read, self._folds(search), report)
        if search.mode == "regex":
            held = matching(texts, search.text, case=search.case, report=report)
            return np.where(held, WITHIN, NOWHERE).astype(np.int8)
        sought = search.text if search.case else search.text.casefold()
        return texts.ranks(sought, search.mode)

    def _made(self, read: bool, folded: bool, report: Report) -> Texts:
        key = (read, folded)
        if key not in self._texts:
            texts = map(str.casefold, self._source(read)) if folded else self._source(read)
            self._texts[key] = Texts(texts, len(self._tokens), report)
        return self._texts[key]

    def _source(self, read: bool) -> Iterator[str]:
        """The texts as they are; those read once are taken from there."""
        if (read, False) in self._texts:
            return iter(self._texts[read, False])
        if not read:
            return iter(self._tokens)
        return (readable(token, self._scheme).replace("␣", " ") for token in self._tokens)

    def _spelt(self, case: bool, report: Report) -> list[str]:
        """What is compared letter by letter."""
        if case not in self._spellings:
            texts = self._made(bool(self._scheme), not case, report)
            self._spellings[case] = list(map(bare, texts))
        return self._spellings[case]


_indexes: WeakKeyDictionary[Table, Index] = WeakKeyDictionary()


def index_of(table: Table) -> Index:
    """The index of a table: one as long as the table lives."""
    found = _indexes.get(table)
    if found is None:
        scheme = scheme_of(table.tokens) if table.named else ""
        found = _indexes.setdefault(table, Index(table.tokens, scheme))
    return found
