"""What a table was found to know: scores, how much of a list they speak of, and every miss."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from explorer.evaluation.contents import BadLine, Question, WordPair

WRONG = "wrong"
UNKNOWN = "unknown word"
UNREADABLE = "unreadable line"

_NAN = float("nan")


@dataclass(frozen=True, slots=True)
class Miss:
    """One line of a list that the table did not answer rightly, or could not be asked.

    kind: WRONG, UNKNOWN or UNREADABLE.
    expected, found: words (or the people's score, of a pair); "" where there is none.
    rank: of the expected answer (the best of several) among all rows, from 1; None where it has
        none.
    rows: those of the words of the line that the table has, and of what was found last.
    note: what is wrong, in words. group: of sections, that the line is in; "" for none.
    """

    line: int
    kind: str
    section: str
    question: str
    expected: str = ""
    found: str = ""
    rank: int | None = None
    rows: tuple[int, ...] = ()
    note: str = ""
    group: str = ""


# --- word pairs --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class JudgedPair:
    """A pair of the list and what the table says of it.

    rows: of both words, -1 where there is none. cosine: in [-1, 1]; NaN for a pair with a missing
    word. gold_rank, found_rank: places among the pairs that count, from 1, the most alike first,
    equal ones sharing theirs; NaN for a pair that does not count.
    """

    pair: WordPair
    rows: tuple[int, int]
    cosine: float
    missing: tuple[str, ...] = ()
    gold_rank: float = _NAN
    found_rank: float = _NAN


@dataclass(frozen=True, eq=False)
class WordSimilarity:
    """How a table's cosines go along with what people say.

    pairs: every pair of the list, in its order. spearman, pearson: correlation coefficients in
    [-1, 1]; spearman_p, pearson_p: two-sided p-values; all NaN where fewer than three pairs count
    or one side is constant, which `notes` say. counts_unknown: whether pairs with a missing word
    count, at cosine 0.
    """

    path: Path
    pairs: tuple[JudgedPair, ...]
    spearman: float
    spearman_p: float
    pearson: float
    pearson_p: float
    counts_unknown: bool = False
    bad_lines: tuple[BadLine, ...] = ()
    notes: tuple[str, ...] = ()

    kind = "word similarity"

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def asked(self) -> int:
        """Pairs of the list."""
        return len(self.pairs)

    @cached_property
    def known(self) -> int:
        """Pairs of which the table has both words."""
        return sum(not pair.missing for pair in self.pairs)

    @property
    def coverage(self) -> float:
        """Share of the pairs that the table has both words of, in [0, 1]."""
        return self.known / self.asked if self.asked else _NAN

    @property
    def score(self) -> float:
        """The number to quote: Spearman's rank correlation."""
        return self.spearman

    @cached_property
    def misses(self) -> tuple[Miss, ...]:
        """Pairs with a word that the table has not, and lines that could not be read."""
        unknown = [
            Miss(
                one.pair.line,
                UNKNOWN,
                "",
                f"{one.pair.first} {one.pair.second}",
                expected=f"{one.pair.score:g}",
                rows=tuple(row for row in one.rows if row >= 0),
                note=_not_there(one.missing),
            )
            for one in self.pairs
            if one.missing
        ]
        return _in_order([*unknown, *_unreadable(self.bad_lines)])

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "file": str(self.path),
            "kind": self.kind,
            "spearman": self.spearman,
            "spearman_p": self.spearman_p,
            "pearson": self.pearson,
            "pearson_p": self.pearson_p,
            "pairs": self.asked,
            "known": self.known,
            "coverage": self.coverage,
            "unknown_counted": self.counts_unknown,
            "notes": list(self.notes),
            "misses": [_plain(miss) for miss in self.misses],
        }


# --- analogies ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Answer:
    """A question and what the table answers.

    rows: of a, b, c and the expected word (the first right one that the table has), -1 where there
    is none. found: the row that was answered, -1 where the question could not be asked; word: its
    token; score: its own. rank: of the expected word, or the best of those that are right, from 1;
    None where all are words of the question, which are never answers.
    """

    question: Question
    rows: tuple[int, int, int, int]
    found: int = -1
    word: str = ""
    score: float = _NAN
    rank: int | None = None
    right: bool = False
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """How many of some questions were answered rightly.

    asked: all of them; known: those of which the table has every word; counted: those that the
    accuracy speaks of (known, or asked where unknown words count as wrong); right: of them.
    """

    name: str
    asked: int
    known: int
    counted: int
    right: int

    @property
    def accuracy(self) -> float:
        """Share answered rightly, in [0, 1]; NaN where nothing counts."""
        return self.right / self.counted if self.counted else _NAN

    @property
    def coverage(self) -> float:
        """Share of the questions that could be asked, in [0, 1]."""
        return self.known / self.asked if self.asked else _NAN

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "section": self.name,
            "accuracy": self.accuracy,
            "right": self.right,
            "counted": self.counted,
            "known": self.known,
            "questions": self.asked,
            "coverage": self.coverage,
        }


@dataclass(frozen=True, eq=False)
class Analogies:
    """How many analogies of a list a table solves.

    answers: one for every question of the list, in its order. how: "add" or "mul".
    counts_unknown: whether questions with a missing word count, as wrong.
    parted: whether each section is a file with lines of its own.
    """

    path: Path
    how: str
    answers: tuple[Answer, ...]
    counts_unknown: bool = False
    bad_lines: tuple[BadLine, ...] = ()
    notes: tuple[str, ...] = ()
    parted: bool = False

    kind = "analogies"

    @property
    def name(self) -> str:
        return self.path.name

    @cached_property
    def sections(self) -> tuple[Section, ...]:
        """The sections of the list, in its order; one without a name where it has none."""
        named: dict[str, list[Answer]] = {}
        for answer in self.answers:
            named.setdefault(answer.question.section, []).append(answer)
        return tuple(self._section(name, answers) for name, answers in named.items())

    @cached_property
    def groups(self) -> tuple[Section, ...]:
        """Sections taken together: semantic and syntactic ones (questions-words), the folders of
        BATS, the parts of speech of MSR's; empty for lists of fewer than two groups."""
        parts: dict[str, list[Answer]] = {}
        for answer in self.answers:
            parts.setdefault(answer.question.group, []).append(answer)
        named = {name: answers for name, answers in parts.items() if name}
        if len(named) < 2:
            return ()
        return tuple(self._section(name, answers) for name, answers in named.items())

    @cached_property
    def total(self) -> Section:
        """All questions of the list."""
        return self._section("total", self.answers)

    def _section(self, name: str, answers: Iterable[Answer]) -> Section:
        some = list(answers)
        known = sum(not answer.missing for answer in some)
        counted = len(some) if self.counts_unknown else known
        return Section(name, len(some), known, counted, sum(answer.right for answer in some))

    @property
    def asked(self) -> int:
        """Questions of the list."""
        return self.total.asked

    @property
    def known(self) -> int:
        """Questions of which the table has every word."""
        return self.total.known

    @property
    def coverage(self) -> float:
        """Share of the questions that could be asked, in [0, 1]."""
        return self.total.coverage

    @property
    def score(self) -> float:
        """The number to quote: the accuracy over all sections."""
        return self.total.accuracy

    @cached_property
    def misses(self) -> tuple[Miss, ...]:
        """Questions that were answered wrongly or could not be asked, and unreadable lines."""
        missed = [_miss(answer) for answer in self.answers if not answer.right]
        all_of_them = [*missed, *_unreadable(self.bad_lines)]
        if not self.parted:
            return _in_order(all_of_them)
        place = {section.name: place for place, section in enumerate(self.sections)}
        return tuple(sorted(all_of_them, key=lambda miss: (place.get(miss.section, -1), miss.line)))

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "file": str(self.path),
            "kind": self.kind,
            "method": self.how,
            **{key: value for key, value in self.total.as_dict().items() if key != "section"},
            "unknown_counted": self.counts_unknown,
            "sections": [section.as_dict() for section in self.sections],
            "groups": [group.as_dict() for group in self.groups],
            "notes": list(self.notes),
            "misses": [_plain(miss) for miss in self.misses],
        }


Result = WordSimilarity | Analogies


def _miss(answer: Answer) -> Miss:
    question = answer.question
    rows = tuple(row for row in (*answer.rows, answer.found) if row >= 0)
    note = _not_there(answer.missing)
    if not note and answer.rank is None:
        note = "the expected word is one of the question's own"
        if question.others:
            note = "every right word is one of the question's own"
    return Miss(
        question.line,
        UNKNOWN if answer.missing else WRONG,
        question.section,
        f"{question.a} {question.b} {question.c}",
        "/".join(question.right),
        answer.word,
        answer.rank,
        rows,
        note,
        question.group,
    )


def _not_there(missing: tuple[str, ...]) -> str:
    return f"not in the table: {', '.join(missing)}" if missing else ""


def _unreadable(bad_lines: Iterable[BadLine]) -> Iterator[Miss]:
    return (
        Miss(bad.line, UNREADABLE, bad.section, bad.text, note=bad.problem) for bad in bad_lines
    )


def _in_order(misses: list[Miss]) -> tuple[Miss, ...]:
    return tuple(sorted(misses, key=lambda miss: miss.line))


def _plain(miss: Miss) -> dict[str, Any]:
    return {
        "line": miss.line,
        "kind": miss.kind,
        "section": miss.section,
        "question": miss.question,
        "expected": miss.expected,
        "found": miss.found,
        "rank": miss.rank,
        "note": miss.note,
    }
