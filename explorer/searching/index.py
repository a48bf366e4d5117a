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
from explorer.searching.patterns import library_loaded, load_library, matching, quick
from explorer.searching.spans import Spans, spans_in
from explorer.searching.texts import BARE_EQUAL, EQUAL, NOWHERE, WITHIN, Texts
from explorer.table import Table
from explorer.tokens import readable, shown

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
    def quick(self) -> bool:
        """Whether it takes no noticeable time to begin with: some patterns take long to read."""
        return self.mode != "regex" or quick(self.text)

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
    each is found by either. What a search needs is made when it is first asked for.

    weights: float64 (rows,), how frequent each token is, where that is known.
    """

    def __init__(
        self,
        tokens: Sequence[str],
        scheme: str = "",
        weights: npt.NDArray[np.float64] | None = None,
    ) -> None:
        self._tokens, self._scheme, self._weights = tokens, scheme, weights
        self._texts: dict[tuple[bool, bool], Texts] = {}
        self._spellings: dict[bool, list[str]] = {}
        # Rows read as another text than their token, ascending; the texts are of these alone.
        self._read_rows = np.empty(0, np.int64)

    def read(self, token: str, limit: int = 60) -> str:
        """What a token is read as, in at most `limit` characters; 0 for no limit."""
        return readable(token, self._scheme, limit) if self._scheme else shown(token, limit)

    def prepared(self, search: Search) -> bool:
        """Whether what the search needs is there."""
        if search.mode == "fuzzy":
            return search.case in self._spellings
        if search.mode == "regex" and not library_loaded():
            return False
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
            texts = self._made(read, self._folds(search), report)
            if search.mode != "regex":
                texts.prepare()

    @staticmethod
    def _folds(search: Search) -> bool:
        """Whether case-folded texts are searched; RE2 has a way of its own."""
        return not search.case and search.mode != "regex"

    def find(self, search: Search, report: Report = silent) -> I64:
        """Rows found, int64: equal ones first, and of these the ones with the same capitals; then
        those that begin so, then the rest, each in the order of the table. Of a fuzzy search the
        nearest first, and of equally near ones the most frequent. Raises PatternError."""
        if not search.text:
            return np.arange(len(self._tokens), dtype=np.int64)
        if search.mode == "fuzzy":
            sought = search.text if search.case else search.text.casefold()
            return nearest(self._spelt(search.case, report), sought, self._weights, report)
        found = self._ranks(search, report)
        grouped = [np.flatnonzero(found == rank) for rank in range(NOWHERE)]
        for rank in (EQUAL, BARE_EQUAL):  # "the" before "The", where both answer
            other_case = [search.text not in self._tokens[row] for row in grouped[rank].tolist()]
            grouped[rank] = grouped[rank][np.argsort(other_case, kind="stable")]
        return np.concatenate(grouped).astype(np.int64, copy=False)

    @property
    def _kinds(self) -> tuple[bool, ...]:
        """Tokens (False), and what they are read as (True)."""
        return (False, True) if self._scheme else (False,)

    def _ranks(self, search: Search, report: Report) -> npt.NDArray[np.int8]:
        """The better of what is true of a token and of what it is read as: int8 (rows,)."""
        folds = self._folds(search)
        tokens = self._made(False, folds, report)
        found = _answers(tokens, search, np.ones(len(tokens), np.bool_), report)
        if self._scheme:
            texts = self._made(True, folds, report)
            open_yet = found[self._read_rows]
            read = _answers(texts, search, open_yet == NOWHERE, report)
            found[self._read_rows] = np.minimum(open_yet, read)
        return found

    def _made(self, read: bool, folded: bool, report: Report) -> Texts:
        if (read, folded) in self._texts:
            return self._texts[read, folded]
        if folded:
            plain = self._made(True, False, report) if read else self._tokens
            texts = Texts(map(str.casefold, plain), report, len(plain))
        elif read:
            rows, texts_read = self._read()
            texts = Texts(texts_read, report, len(self._tokens))
            self._read_rows = np.array(rows, np.int64)
        else:
            texts = Texts(self._tokens, report, len(self._tokens))
        self._texts[read, folded] = texts
        return texts

    def _read(self) -> tuple[list[int], Iterator[str]]:
        """The texts of tokens that are read as another text, and their rows, noted as these are
        gone through."""
        rows: list[int] = []

        def texts() -> Iterator[str]:
            for row, token in enumerate(self._tokens):
                text = readable(token, self._scheme).replace("␣", " ")
                if text != token:
                    rows.append(row)
                    yield text

        return rows, texts()

    def _spelt(self, case: bool, report: Report) -> list[str]:
        """What is compared letter by letter: what is read."""
        if case not in self._spellings:
            spelt = list(self._tokens) if case else list(map(str.casefold, self._tokens))
            if self._scheme:
                texts = self._made(True, not case, report)
                for row, text in zip(self._read_rows.tolist(), texts, strict=True):
                    spelt[row] = text
            self._spellings[case] = list(map(bare, spelt))
        return self._spellings[case]


def _answers(
    texts: Texts, search: Search, among: npt.NDArray[np.bool_], report: Report
) -> npt.NDArray[np.int8]:
    """How well each text answers: int8 (texts,). among: bool (texts,), those a pattern is looked
    for in, which takes long; the rest has an answer."""
    if search.mode == "regex":
        held = matching(texts, search.text, among, case=search.case, report=report)
        return np.where(held, WITHIN, NOWHERE).astype(np.int8)
    return texts.ranks(search.text if search.case else search.text.casefold(), search.mode)


_indexes: WeakKeyDictionary[Table, Index] = WeakKeyDictionary()


def index_of(table: Table) -> Index:
    """The index of a table: one as long as the table lives."""
    found = _indexes.get(table)
    if found is None:
        found = _indexes.setdefault(table, Index(table.tokens, table.scheme, table.importance))
    return found
