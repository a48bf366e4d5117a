"""What lists hold: judged pairs of words, analogies, and lines that are neither."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that says nothing that can be asked. line: from 1. text: its first characters.
    section: that it stands in."""

    line: int
    text: str
    problem: str
    section: str = ""


@dataclass(frozen=True, slots=True)
class WordPair:
    """Two words and how alike people find them, on the list's own scale. line: from 1."""

    line: int
    first: str
    second: str
    score: float


@dataclass(frozen=True, slots=True)
class Question:
    """a is to b as c is to expected.

    section: "" where the list has none. line: from 1. others: words that are right as well. group:
    of sections, such as "syntactic"; "" for none.
    """

    line: int
    section: str
    a: str
    b: str
    c: str
    expected: str
    others: tuple[str, ...] = ()
    group: str = ""

    @property
    def right(self) -> tuple[str, ...]:
        """Every word that answers it."""
        return (self.expected, *self.others)


@dataclass(frozen=True, slots=True)
class PairList:
    """What a file of word pairs holds. notes: what was noticed about the whole file."""

    path: Path
    pairs: tuple[WordPair, ...]
    bad_lines: tuple[BadLine, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class QuestionList:
    """What a file, or a folder, of analogies holds. parted: whether each section is a file with
    lines of its own."""

    path: Path
    questions: tuple[Question, ...]
    bad_lines: tuple[BadLine, ...] = ()
    notes: tuple[str, ...] = ()
    parted: bool = False
