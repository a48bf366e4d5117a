"""Analogies: which of a list's questions does the table answer rightly?"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from explorer.evaluation.lists import Question, QuestionList
from explorer.evaluation.results import Analogies, Answer
from explorer.evaluation.solving import Solved, solve_all
from explorer.evaluation.vocabulary import Vocabulary
from explorer.progress import Report
from explorer.table import Table


def solved_analogies(
    table: Table,
    vocabulary: Vocabulary,
    asked: QuestionList,
    how: str,
    count_unknown: bool,
    notes: tuple[str, ...],
    report: Report,
) -> Analogies:
    """The answer to every question of which the table has all words, and the words it has not."""
    words = [(one.a, one.b, one.c, one.expected) for one in asked.questions]
    rows = np.array([[vocabulary.row(word) for word in four] for four in words], dtype=np.int64)
    known: npt.NDArray[np.bool_] = np.asarray((rows >= 0).all(axis=1))
    solved = solve_all(table, vocabulary, rows[known], how, report)
    place = np.cumsum(known) - 1  # of each known question among those that were solved
    answers = [
        _answer(table, question, tuple(four), solved, int(place[number]))
        if known[number]
        else Answer(question, tuple(four), missing=vocabulary.missing(words[number]))
        for number, (question, four) in enumerate(zip(asked.questions, rows.tolist(), strict=True))
    ]
    return Analogies(
        asked.path,
        how,
        tuple(answers),
        count_unknown,
        asked.bad_lines,
        (*asked.notes, *notes),
    )


def _answer(
    table: Table, question: Question, rows: tuple[int, int, int, int], solved: Solved, place: int
) -> Answer:
    found = int(solved.found[place])
    return Answer(
        question,
        rows,
        found,
        table.tokens[found] if found >= 0 else "",
        float(solved.scores[place]),
        int(solved.ranks[place]) or None,
        bool(solved.right[place]),
    )
