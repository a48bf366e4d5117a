"""Pairs of one relation, each asked about every other: the layout of BATS.

A folder holds a file for each relation (`I01 [noun - plural_reg].txt`), in folders that group them;
a line is a word, a tab, and the words that stand in the relation to it, any of which is right:
`cat<TAB>feline/animal/mammal` (https://vecto.space/projects/BATS; Gladkova, Drozd and Matsuoka
2016, doi:10.18653/v1/N16-2002). Of the first pair of a question the first answer is asked with, as
vecto does.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from explorer.errors import InputError
from explorer.evaluation.contents import BadLine, Question, QuestionList
from explorer.evaluation.lines import WAYS_OUT, Line, at_tabs, bad, lines_of, told
from explorer.progress import Progress, Report, part, silent

_MOSTLY = 0.9
_MOST_PAIRS = 1000  # in a file: a million questions
_MOST_QUESTIONS = 2_000_000
_MOST_FILES, _DEEPEST = 1000, 3
_SUFFIXES = ("", ".txt", ".tsv")
_DIGITS = re.compile(r"[-+\d.,eE]+")

Pair = tuple[int, str, tuple[str, ...]]


def is_one(lines: Sequence[str]) -> bool:
    """Whether lines are mostly pairs of words, and no numbers."""
    pairs = sum(_cells(line) is not None for line in lines)
    return len(lines) > 1 and pairs >= _MOSTLY * len(lines)


def read(
    path: Path, lines: Sequence[Line], notes: tuple[str, ...], report: Report = silent
) -> QuestionList:
    """The questions that the pairs of one file make; the file's name is their section.

    Raises InputError for more pairs than can be asked about each other.
    """
    questions, unread = _of_file(path, "", lines, report)
    if not questions:
        raise InputError(path, "holds no two pairs to be asked about each other.", WAYS_OUT)
    told_so = f"Each of the pairs of {path.name} is asked about every other (BATS)."
    return QuestionList(path, tuple(questions), tuple(unread), (*notes, told_so))


def read_folder(folder: Path, report: Report = silent) -> QuestionList:
    """The questions of every file of pairs in a folder and the folders in it, file by file.

    Raises InputError where there is no such file, or far too many.
    """
    files = sorted(_files(folder))
    questions: list[Question] = []
    unread: list[BadLine] = []
    notes: list[str] = []
    for place, path in enumerate(files):
        report(Progress(place, len(files), "Reading the list"))
        lines, noticed = lines_of(path)
        notes += [f"{path.name}: {note}" for note in noticed]
        if not is_one([line for _, line in lines]):
            notes.append(f"{path.name} holds no pairs of words, and was left out.")
            continue
        group = path.parent.name if path.parent != folder else ""
        within = part(report, place / len(files), (place + 1) / len(files))
        asked, wrong = _of_file(path, group, lines, within)
        questions += asked
        unread += wrong
        if len(questions) > _MOST_QUESTIONS:
            raise InputError(folder, f"makes more than {_MOST_QUESTIONS:,} questions.", WAYS_OUT)
    if not questions:
        raise InputError(folder, "holds no files with pairs of words.", WAYS_OUT)
    return QuestionList(folder, tuple(questions), tuple(unread), tuple(notes), parted=True)


def _files(folder: Path) -> Iterator[Path]:
    """The files that may hold pairs, hidden ones left out."""
    found = 0
    for root, folders, names in os.walk(folder):
        depth = len(Path(root).relative_to(folder).parts)
        folders[:] = [name for name in folders if not name.startswith(".") and depth < _DEEPEST]
        for name in names:
            path = Path(root, name)
            if not name.startswith(".") and path.suffix.lower() in _SUFFIXES:
                found += 1
                yield path
        if found > _MOST_FILES:
            raise InputError(
                folder, f"holds more than {_MOST_FILES:,} files.", "Name the folder of the lists."
            )


def _of_file(
    path: Path, group: str, lines: Sequence[Line], report: Report
) -> tuple[list[Question], list[BadLine]]:
    section = path.name.removesuffix(".txt")
    pairs, unread = _pairs(told(lines, report))
    if len(pairs) > _MOST_PAIRS:
        raise InputError(
            path,
            f"holds {len(pairs):,} pairs, too many to ask each about every other.",
            f"Keep {_MOST_PAIRS:,} at most.",
        )
    questions = [
        Question(line, section, a, answers[0], c, right[0], right[1:], group)
        for line, c, right in pairs
        for other, a, answers in pairs
        if other != line
    ]
    return questions, [replace(one, section=section) for one in unread]


def _pairs(lines: Iterator[Line]) -> tuple[list[Pair], list[BadLine]]:
    pairs, unread = [], []
    for number, line in lines:
        if (cells := _cells(line)) is None:
            unread.append(bad(number, line, "two words are needed, parted by a tab"))
        else:
            pairs.append((number, cells[0], _answers(cells[1])))
    return pairs, unread


def _cells(line: str) -> tuple[str, str] | None:
    """A word and its answers; None for anything else."""
    cells = at_tabs(line) if "\t" in line else line.split()
    if len(cells) != 2 or not all(cells) or any(map(_DIGITS.fullmatch, cells)):
        return None
    return (cells[0], cells[1]) if _answers(cells[1]) else None


def _answers(cell: str) -> tuple[str, ...]:
    """Words that are right, each once; parted by strokes, or else by commas."""
    words = cell.split("/" if "/" in cell else ",")
    return tuple(dict.fromkeys(word.strip() for word in words if word.strip()))
