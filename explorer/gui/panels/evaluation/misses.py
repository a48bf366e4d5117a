"""What of a list was missed, as lines to be read, searched and clicked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject
from typing_extensions import override

from explorer.evaluation import UNKNOWN, UNREADABLE, WRONG, Miss, Result, WordSimilarity
from explorer.gui.lists.list_model import ListModel
from explorer.gui.widgets.plain import token_text

APART = "far apart"
KINDS = {
    WRONG: "Wrong answers",
    APART: "Pairs, the worst first",
    UNKNOWN: "Words not in the table",
    UNREADABLE: "Lines that cannot be read",
}
_OF_QUESTIONS = ("line", "question", "expected", "found", "rank")
_OF_PAIRS = ("line", "pair", "people", "table", "places off")
_MISSING = "not in the table: "
_ENDINGS = {1: "st", 2: "nd", 3: "rd"}
_LONGEST = 60  # characters of a cell


@dataclass(frozen=True, slots=True)
class MissLine:
    """line: of the file, from 1. rows: of its words that the table has, what was found last."""

    line: int
    kind: str
    question: str
    expected: str = ""
    found: str = ""
    rank: str = ""
    note: str = ""
    rows: tuple[int, ...] = ()

    @property
    def searched(self) -> str:
        """What a search looks in."""
        return f"{self.question} {self.expected} {self.found} {self.note}".casefold()


def misses_of(result: Result, section: str | None = None) -> tuple[MissLine, ...]:
    """What the list, or one section or group of it, was missed of; of word pairs all that count
    too, those first whose place among the pairs is furthest from where people put them."""
    found = [
        MissLine(
            miss.line,
            miss.kind,
            miss.question,
            miss.expected,
            miss.found,
            f"{miss.rank:,}" if miss.rank is not None else "",
            miss.note,
            miss.rows,
        )
        for miss in result.misses
        if section is None or _within(miss, section, result)
    ]
    return (*found, *(_apart(result) if isinstance(result, WordSimilarity) else ()))


def _within(miss: Miss, section: str, result: Result) -> bool:
    """Whether a miss is of the section wanted, or of the group wanted."""
    groups = () if isinstance(result, WordSimilarity) else result.groups
    named = section in [group.name for group in groups]
    return section == (miss.group if named else miss.section)


def _apart(result: WordSimilarity) -> list[MissLine]:
    judged = [one for one in result.pairs if one.gold_rank == one.gold_rank and not one.missing]
    judged.sort(key=lambda one: (-abs(one.gold_rank - one.found_rank), one.pair.line))
    return [
        MissLine(
            one.pair.line,
            APART,
            f"{one.pair.first} · {one.pair.second}",
            f"{one.pair.score:g} · {ordinal(one.gold_rank)}",
            f"{one.cosine:.3f} · {ordinal(one.found_rank)}".replace("-", "−"),
            _places(round(one.found_rank - one.gold_rank)),
            rows=one.rows,
        )
        for one in judged
    ]


def _places(apart: int) -> str:
    """With its sign: "+3", "−12", "0"."""
    return f"{apart:+,}".replace("-", "−") if apart else "0"


def ordinal(rank: float) -> str:
    """ "1st", "12th", "1,203rd"; of places that are shared, the nearest whole one."""
    whole = round(rank)
    ending = "th" if whole % 100 in (11, 12, 13) else _ENDINGS.get(whole % 10, "th")
    return f"{whole:,}{ending}"


class MissModel(ListModel):
    """Those of the lines that are wanted."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(_OF_QUESTIONS, (0, 4), parent)
        self._all: tuple[MissLine, ...] = ()
        self._lines: list[MissLine] = []

    def show_lines(self, lines: Sequence[MissLine], *, pairs: bool) -> None:
        """pairs: whether they are of word pairs, not of questions."""
        self.beginResetModel()
        self._all, self._lines = tuple(lines), list(lines)
        self.titles = _OF_PAIRS if pairs else _OF_QUESTIONS
        self.endResetModel()

    def choose(self, kind: str, text: str) -> None:
        """Shows the lines of a kind ("" for all) that hold a text, in whatever case."""
        folded = text.strip().casefold()
        self.beginResetModel()
        self._lines = [
            line
            for line in self._all
            if (not kind or line.kind == kind) and (not folded or folded in line.searched)
        ]
        self.endResetModel()

    @property
    def kinds(self) -> dict[str, int]:
        """The kinds that there are, in the order of KINDS, and how many lines of each."""
        counts = Counter(line.kind for line in self._all)
        return {kind: counts[kind] for kind in KINDS if kind in counts}

    def line_at(self, place: int) -> MissLine:
        return self._lines[place]

    @override
    def length(self) -> int:
        return len(self._lines)

    @override
    def text(self, place: int, column: int) -> str:
        line = self._lines[place]
        rank = line.rank or ("–" if line.kind == WRONG else "")
        found = line.found or line.note.replace(_MISSING, "unknown: ", 1)
        cell = (f"{line.line:,}", line.question, line.expected, found, rank)[column]
        return token_text(cell, _LONGEST) if cell else ""

    @override
    def tip(self, place: int) -> str:
        return _words(self._lines[place])


def _words(line: MissLine) -> str:
    """All of a line in one sentence."""
    told = f"Line {line.line:,}: {token_text(line.question, 120)}"
    if line.kind == WRONG:
        told += f" → {token_text(line.found)}, expected {token_text(line.expected)}"
        told += f", which is number {line.rank}" if line.rank else ""
    return f"{told}. {token_text(line.note, 120)}" if line.note else told
