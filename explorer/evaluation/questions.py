"""Analogies: which of a list's questions does the table answer rightly?"""

from __future__ import annotations

import numpy as np

from explorer.evaluation.contents import Question, QuestionList
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
    rows = [[vocabulary.row(word) for word in (one.a, one.b, one.c)] for one in asked.questions]
    right = [_known(vocabulary, one.right) for one in asked.questions]
    known = [min(three) >= 0 and bool(some) for three, some in zip(rows, right, strict=True)]
    solved = solve_all(
        table,
        vocabulary,
        np.array([three for three, held in zip(rows, known, strict=True) if held], np.int64),
        [some for some, held in zip(right, known, strict=True) if held],
        how,
        report,
    )
    place = np.cumsum(known) - 1  # of each known question among those that were solved
    answers = []
    for number, question in enumerate(asked.questions):
        a, b, c = rows[number]
        four = (a, b, c, right[number][0] if right[number] else -1)
        if known[number]:
            answers.append(_answer(table, question, four, solved, int(place[number])))
        else:
            answers.append(Answer(question, four, missing=_missing(vocabulary, question)))
    return Analogies(
        asked.path,
        how,
        tuple(answers),
        count_unknown,
        asked.bad_lines,
        (*asked.notes, *notes),
        asked.parted,
    )


def _known(vocabulary: Vocabulary, words: tuple[str, ...]) -> list[int]:
    """Rows of those of the words that the table has."""
    return [row for word in words if (row := vocabulary.find(word)) is not None]


def _missing(vocabulary: Vocabulary, question: Question) -> tuple[str, ...]:
    """The words that keep a question from being asked; one right word is enough."""
    asked = (question.a, question.b, question.c)
    return vocabulary.missing(
        asked if _known(vocabulary, question.right) else (*asked, *question.right)
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
