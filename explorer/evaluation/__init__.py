"""What a table knows of words: similarity judged by people, and analogies, from lists in files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from explorer.analogies import check_method
from explorer.errors import ParameterError
from explorer.evaluation.lists import (
    BadLine,
    PairList,
    Question,
    QuestionList,
    WordPair,
    read_list,
)
from explorer.evaluation.pairs import word_similarity
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
from explorer.evaluation.solving import solve_all
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
    notes = _notes(table, vocabulary)
    results: list[Result] = []
    edges = np.linspace(0.05, 1.0, len(asked) + 1).tolist()
    for one, start, stop in zip(asked, edges[:-1], edges[1:], strict=True):
        within = part(report, start, stop)
        if isinstance(one, PairList):
            result: Result = word_similarity(
                table,
                vocabulary,
                one,
                count_unknown=options.count_unknown,
                notes=notes,
                report=within,
            )
        else:
            result = _analogies(table, vocabulary, one, options, notes, within)
        results.append(result)
    return tuple(results)


def evaluate_files(
    table: Table, paths: list[Path], options: Options, report: Report = silent
) -> tuple[Result, ...]:
    """Reads the lists, then asks the table. Raises InputError before anything is asked."""
    reading, asking = part(report, 0.0, 0.05), part(report, 0.05, 1.0)
    edges = np.linspace(0.0, 1.0, len(paths) + 1).tolist()
    lists = [
        read_list(path, part(reading, start, stop))
        for path, start, stop in zip(paths, edges[:-1], edges[1:], strict=True)
    ]
    return evaluate(table, lists, options, asking)


def _notes(table: Table, vocabulary: Vocabulary) -> tuple[str, ...]:
    notes = []
    if vocabulary.mark:
        notes.append(f"Words were looked up as whole words first: {vocabulary.mark}king for king.")
    if vocabulary.rows < len(table):
        notes.append(f"Only the first {vocabulary.rows:,} of {len(table):,} rows were asked.")
    return tuple(notes)


def _analogies(
    table: Table,
    vocabulary: Vocabulary,
    asked: QuestionList,
    options: Options,
    notes: tuple[str, ...],
    report: Report,
) -> Analogies:
    words = [(one.a, one.b, one.c, one.expected) for one in asked.questions]
    found = [[vocabulary.find(word) for word in four] for four in words]
    rows = np.array([[-1 if row is None else row for row in four] for four in found], np.int64)
    known = np.flatnonzero((rows >= 0).all(axis=1))
    solved = solve_all(table, vocabulary, rows[known], options.how, report)
    place_of = {question: place for place, question in enumerate(known.tolist())}
    answers = []
    for number, question in enumerate(asked.questions):
        four = tuple(rows[number].tolist())
        if number not in place_of:
            lost = vocabulary.missing(words[number])
            answers.append(Answer(question, four, missing=lost))
            continue
        place = place_of[number]
        row, rank = int(solved.found[place]), int(solved.ranks[place])
        answers.append(
            Answer(
                question,
                four,
                row,
                table.tokens[row] if row >= 0 else "",
                float(solved.scores[place]),
                rank or None,
                bool(solved.right[place]),
            )
        )
    return Analogies(
        asked.path,
        options.how,
        tuple(answers),
        options.count_unknown,
        asked.bad_lines,
        (*asked.notes, *notes),
    )
