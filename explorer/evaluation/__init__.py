"""What a table knows of words: similarity judged by people, and analogies, from lists in files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from explorer.analogies import check_method
from explorer.errors import ParameterError
from explorer.evaluation.contents import BadLine, PairList, Question, QuestionList, WordPair
from explorer.evaluation.lists import list_path, read_list
from explorer.evaluation.msr import questions_of
from explorer.evaluation.pairs import word_similarity
from explorer.evaluation.questions import solved_analogies
from explorer.evaluation.results import (
    UNKNOWN,
    UNREADABLE,
    WRONG,
    Analogies,
    Answer,
    JudgedPair,
    Miss,
    Result,
    Section,
    WordSimilarity,
)
from explorer.evaluation.vocabulary import Vocabulary
from explorer.progress import Report, part, silent
from explorer.table import Table

__all__ = [
    "UNKNOWN",
    "UNREADABLE",
    "WRONG",
    "Analogies",
    "Answer",
    "BadLine",
    "JudgedPair",
    "Miss",
    "Options",
    "PairList",
    "Question",
    "QuestionList",
    "Result",
    "Section",
    "Vocabulary",
    "WordPair",
    "WordSimilarity",
    "evaluate",
    "list_path",
    "read_list",
]


@dataclass(frozen=True, slots=True)
class Options:
    """How a table is asked.

    case_sensitive: where not, words are compared in upper case, and the first row of a word counts.
    how: "add" (3CosAdd) or "mul" (3CosMul). restrict_vocab: only the first so many rows are known
    and answered; None for all. count_unknown: lines with a word that the table has not count, as
    wrong answers or cosines of 0, instead of being left out (gensim's dummy4unknown).
    Raises ParameterError for an unknown method or a vocabulary of no rows.
    """

    case_sensitive: bool = False
    how: str = "add"
    restrict_vocab: int | None = None
    count_unknown: bool = False

    def __post_init__(self) -> None:
        check_method(self.how)
        if self.restrict_vocab is not None and self.restrict_vocab < 1:
            raise ParameterError(
                f"The vocabulary cannot be restricted to {self.restrict_vocab} rows.",
                "It must be at least 1.",
            )


def evaluate(
    table: Table,
    asked: list[PairList | QuestionList],
    options: Options,
    report: Report = silent,
) -> tuple[Result, ...]:
    """Asks the table every list; one result for each, in their order."""
    vocabulary = Vocabulary(
        table,
        case_sensitive=options.case_sensitive,
        restrict=options.restrict_vocab,
        report=part(report, 0.0, 0.05),
    )
    notes, unknown = _notes(table, vocabulary), options.count_unknown
    results: list[Result] = []
    for one, within in zip(asked, _parts(part(report, 0.05, 1.0), len(asked)), strict=True):
        if isinstance(one, PairList):
            results.append(word_similarity(table, vocabulary, one, unknown, notes, within))
        else:
            how = options.how
            results.append(solved_analogies(table, vocabulary, one, how, unknown, notes, within))
    return tuple(results)


def evaluate_files(
    table: Table, paths: list[Path], options: Options, report: Report = silent
) -> tuple[Result, ...]:
    """Reads the lists, then asks the table: one result for each list, where a list is two files
    and both are named, one for both. Raises InputError before anything is asked."""
    paths = _lists_once(paths)
    parts = _parts(part(report, 0.0, 0.05), len(paths))
    lists = [read_list(path, within) for path, within in zip(paths, parts, strict=True)]
    return evaluate(table, lists, options, part(report, 0.05, 1.0))


def _lists_once(paths: list[Path]) -> list[Path]:
    """The lists that the paths name; one of two files once, whichever of the two are named."""
    once: list[Path] = []
    for path in paths:
        if questions_of(path) is None or list_path(path) not in once:
            once.append(list_path(path))
    return once


def _parts(report: Report, count: int) -> list[Report]:
    """A report for each of so many equal parts of the work."""
    return [part(report, place / count, (place + 1) / count) for place in range(count)]


def _notes(table: Table, vocabulary: Vocabulary) -> tuple[str, ...]:
    notes = []
    if vocabulary.mark:
        notes.append(f"Words were looked up as whole words first: {vocabulary.mark}king for king.")
    if vocabulary.rows < len(table):
        notes.append(f"Only the first {vocabulary.rows:,} of {len(table):,} rows were asked.")
    return tuple(notes)
