"""Syntactic analogies in two files, as Microsoft Research gave them out.

`word_relationship.questions` holds three words a line, `good better rough`; the same line of
`word_relationship.answers` a relation and the answer, `JJ_JJR rougher` (the README of the set;
Mikolov, Yih and Zweig 2013, https://aclanthology.org/N13-1090). The relation is the section.
"""

from __future__ import annotations

from pathlib import Path

from explorer.errors import InputError
from explorer.evaluation.contents import BadLine, Question, QuestionList
from explorer.evaluation.lines import WAYS_OUT, bad, lines_of, told
from explorer.progress import Report, silent

_QUESTIONS, _ANSWERS = ".questions", ".answers"
_GROUPS = {"J": "adjectives", "N": "nouns", "V": "verbs"}  # by the first letter of a relation


def questions_of(path: Path) -> Path | None:
    """The file of questions that a file of either kind, or a folder of the two, stands for; None
    for any other."""
    if path.suffix.lower() == _QUESTIONS:
        return path
    if path.suffix.lower() == _ANSWERS:
        return path.with_suffix(_QUESTIONS)
    named = sorted(path.glob(f"*{_QUESTIONS}")) if path.is_dir() else []
    return named[0] if len(named) == 1 else None


def read(path: Path, report: Report = silent) -> QuestionList:
    """The questions of one file with the answers of the one beside it, line by line.

    Raises InputError where one of the two cannot be read, or they hold no question.
    """
    beside = path.with_suffix(_ANSWERS)
    if not beside.is_file():
        raise InputError(path, f"has no answers: there is no {beside.name} beside it.", WAYS_OUT)
    lines, notes = lines_of(path)
    answers, noticed = lines_of(beside)
    answer_of = dict(answers)
    questions: list[Question] = []
    unread: list[BadLine] = []
    for number, line in told(lines, report):
        asked = _question(number, line, answer_of.pop(number, ""))
        if isinstance(asked, Question):
            questions.append(asked)
        else:
            unread.append(bad(number, line, asked))
    if not questions:
        raise InputError(path, "holds no questions of three words with an answer.", WAYS_OUT)
    if answer_of:
        noticed += (f"{beside.name} holds {len(answer_of):,} more answers than were asked for.",)
    return QuestionList(path, tuple(questions), tuple(unread), (*notes, *noticed))


def _question(number: int, line: str, answer: str) -> Question | str:
    """The question of a line, or what is wrong with it."""
    words, said = line.split(), answer.split()
    if len(words) != 3:
        return f"three words are needed, and here are {len(words):,}"
    if not said:
        return "there is no answer on the same line"
    if len(said) > 2:
        return f"a relation and an answer are needed, and here are {len(said):,} words"
    section = said[0] if len(said) == 2 else ""
    a, b, c = words
    return Question(number, section, a, b, c, said[-1], group=_GROUPS.get(section[:1], ""))
