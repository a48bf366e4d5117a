"""Lists of word pairs and of analogies, as the public test sets have them and as people write them.

Word pairs: two words and how alike people find them, in columns parted by tabs, commas, semicolons
or spaces; further columns and a header are allowed (WordSim-353, SimLex-999, MEN, RG-65, ...).
Analogies: four words a line, `a b c expected`; a line `: name` begins a section (questions-words);
or the pairs of one relation, file by file (BATS, see `relations`); or three words a line and their
answers in a file beside it (MSR, see `msr`).
Lines that are empty or begin with # or // say nothing. What cannot be read is kept, with its line.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from explorer.errors import InputError
from explorer.evaluation import msr, relations
from explorer.evaluation.contents import BadLine, PairList, Question, QuestionList, WordPair
from explorer.evaluation.lines import WAYS_OUT, Line, at_tabs, bad, lines_of, told
from explorer.progress import Report, silent

_JUDGED = 2000  # lines that decide what a file holds
_MOSTLY = 0.9
_SLIPS = 9  # lines of a small list that may be wrong, however few are right
_NUMBER = re.compile(r"[-+]?(\d+([.,]\d*)?|[.,]\d+)([eE][-+]?\d+)?", re.ASCII)
_WORD_NAMES = re.compile(r"(word|token|w|term|verb)[ _-]?([12ab])")
_SCORE_NAMES = re.compile(
    r"(simlex999|simverb|human.*|score|mean|rating|similarity|relatedness|gold|average.*|avg.*)"
)
_QUESTION_NAMES = {*"abcd", "a*", "b*", "expected", "answer", "word1", "word2", "word3", "word4"}

Split = Callable[[str], list[str]]


def list_path(path: Path) -> Path:
    """What names a list: itself, but for the answers of MSR's, which its questions name."""
    return msr.questions_of(path) or path


def read_list(path: Path, report: Report = silent) -> PairList | QuestionList:
    """The word pairs or analogies in a file, or in a folder; its content says which.

    Raises InputError for a file that cannot be read or holds neither, or mostly something else.
    """
    if (asking := msr.questions_of(path)) is not None:
        return msr.read(asking, report)
    if path.is_dir():
        return relations.read_folder(path, report)
    lines, notes = lines_of(path)
    if not lines:
        raise InputError(path, "holds no lines to read.", WAYS_OUT)
    some = [line for _, line in lines[:_JUDGED]]
    if any(line.startswith(":") for _, line in lines) or _asks(some) > _pairs_in(some)[0]:
        questions, unread = _questions(told(lines, report))
        if questions:
            _check_mostly_read(path, len(questions), unread)
            return QuestionList(path, tuple(questions), tuple(unread), notes)
    fitting, split = _pairs_in(some)
    pairs, unread, doubts = _pairs(told(lines, report), split) if fitting else ([], [], ())
    if pairs:
        _check_mostly_read(path, len(pairs), unread)
        return PairList(path, tuple(pairs), tuple(unread), (*notes, *doubts))
    if relations.is_one(some):
        return relations.read(path, lines, notes, report)
    raise InputError(path, "holds neither word pairs nor analogies.", WAYS_OUT)


def _check_mostly_read(path: Path, read: int, unread: Sequence[BadLine]) -> None:
    """In any text some lines look like questions; a list has more of them than of others."""
    if len(unread) > max(read, _SLIPS):
        raise InputError(
            path,
            f"is no list of words: {len(unread):,} of {len(unread) + read:,} lines cannot be read "
            f"(line {unread[0].line:,}: {unread[0].problem}).",
            WAYS_OUT,
        )


def _number(cell: str) -> float | None:
    """The value of a number as people write it, a decimal comma included; None for other text."""
    if not _NUMBER.fullmatch(cell):
        return None
    value = float(cell.replace(",", "."))
    return value if abs(value) < float("inf") else None


def _at(delimiter: str) -> Split:
    """Splits a line of CSV by itself, so that an open quote does not swallow the next."""

    def split(line: str) -> list[str]:
        try:
            return [cell.strip() for cell in next(csv.reader([line], delimiter=delimiter), [])]
        except csv.Error:
            return []

    return split


_SPLITS: tuple[Split, ...] = (at_tabs, _at(";"), _at(","), str.split)


# --- analogies ---------------------------------------------------------------------------------


def _asks(lines: Sequence[str]) -> int:
    """How many of the lines are four words, none of them a number."""
    return sum(
        (words := _four(line)) is not None and not any(map(_number, words)) for line in lines
    )


def _four(line: str) -> list[str] | None:
    """The four words of a line, parted by what gives four; None where nothing does."""
    for split in (at_tabs, str.split, _at(","), _at(";")):
        words = split(line)
        if len(words) == 4 and all(words):
            return words
    return None


def _questions(lines: Iterable[Line]) -> tuple[list[Question], list[BadLine]]:
    questions, unread, section = [], [], ""
    for place, (number, line) in enumerate(lines):
        if line.startswith(":"):
            section = line.lstrip(": ").strip()
        elif (words := _four(line)) is None:
            count = len(line.split())
            problem = f"four words are needed, and here are {count:,}"
            unread.append(replace(bad(number, line, problem), section=section))
        elif place or not all(word.lower() in _QUESTION_NAMES for word in words):
            a, b, c, expected = words
            questions.append(Question(number, section, a, b, c, expected, group=_group(section)))
    return questions, unread


def _group(section: str) -> str:
    """Syntactic sections are named `gram...`, as questions-words names them."""
    return "syntactic" if section.startswith("gram") else "semantic"


# --- word pairs --------------------------------------------------------------------------------


def _pairs_in(lines: Sequence[str]) -> tuple[int, Split]:
    """How many of the lines are three cells or more with a number, and how to part them so. The
    first may be a header, where a number (`word 1`) means nothing."""
    body = lines[1:] if len(lines) > 2 else lines

    def fit(split: Split) -> int:
        cells = (split(line) for line in body)
        return sum(len(row) > 2 and any(_number(cell) is not None for cell in row) for row in cells)

    counts = [fit(split) for split in _SPLITS]
    best = max(range(len(_SPLITS)), key=lambda place: (counts[place], -place))
    return counts[best], _SPLITS[best]


def _pairs(
    lines: Iterable[Line], split: Split
) -> tuple[list[WordPair], list[BadLine], tuple[str, ...]]:
    """The pairs, what is none, and which columns were taken where that is in doubt."""
    cells = [(number, line, split(line)) for number, line in lines]
    header = [name.lower() for name in cells[0][2]]
    columns = _named_columns(header)
    headed = columns is not None or not any(_number(cell) is not None for cell in header)
    body = cells[1:] if headed and len(header) > 2 else cells
    some = [row for _, _, row in body[:_JUDGED]]
    named = columns is not None
    columns = columns or _guessed_columns(some)
    scores = _score_columns(header) if named else _numeric_columns(some)
    pairs, unread = [], []
    for number, line, row in body:
        found = _pair(number, row, columns)
        if isinstance(found, WordPair):
            pairs.append(found)
        else:
            unread.append(bad(number, line, found))
    return pairs, unread, _doubts(columns, scores)


def _doubts(columns: tuple[int, int, int], scores: Iterable[int]) -> tuple[str, ...]:
    """Says which columns were read, where others might hold the score as well."""
    if not set(scores) - {columns[2]}:
        return ()
    first, second, score = (column + 1 for column in columns)
    words = f"The words were read from columns {first:,} and {second:,}"
    return (f"{words}, the score from column {score:,}; other columns hold numbers too.",)


def _pair(number: int, row: Sequence[str], columns: tuple[int, int, int]) -> WordPair | str:
    """The pair in a row of cells, or what is wrong with it."""
    if len(row) <= max(columns):
        wanted = max(columns) + 1
        return f"{wanted:,} columns are needed, and here are {len(row):,}"
    first, second, written = (row[column] for column in columns)
    score = _number(written)
    if score is None:
        return f"column {columns[2] + 1:,} is no number"
    if not (first and second):
        return "a word is missing"
    return WordPair(number, first, second, score)


def _named_columns(header: Sequence[str]) -> tuple[int, int, int] | None:
    """Columns of both words and the score by their names; None where they do not tell."""
    words = [place for place, name in enumerate(header) if _WORD_NAMES.fullmatch(name)]
    scores = _score_columns(header)
    return (words[0], words[1], scores[0]) if len(words) >= 2 and scores else None


def _score_columns(header: Sequence[str]) -> list[int]:
    return [place for place, name in enumerate(header) if _SCORE_NAMES.fullmatch(name)]


def _numeric_columns(rows: Sequence[Sequence[str]]) -> list[int]:
    width = max(map(len, rows), default=0)
    return [c for c in range(width) if _share_of_numbers(rows, c) >= _MOSTLY]


def _guessed_columns(rows: Sequence[Sequence[str]]) -> tuple[int, int, int]:
    """The score is the first column of numbers after two others, else the one with most numbers;
    the words are those two columns, before it if possible, that are no numbers and have the most
    different texts (so not a part of speech). Rows have three cells or more, some of them."""
    width = max(map(len, rows), default=0)
    numeric = [_share_of_numbers(rows, column) for column in range(width)]
    after = range(2, width)
    score = next((c for c in after if numeric[c] >= _MOSTLY), None)
    if score is None:
        score = max(range(width), key=lambda column: (numeric[column], column), default=2)
    others = range(score) if score >= 2 else [c for c in range(width) if c != score]
    words = [column for column in others if numeric[column] < _MOSTLY]
    if len(words) < 2:
        words = list(others)
    varied = sorted(words, key=lambda column: -len(set(_cells(rows, column))))[:2]
    return min(varied), max(varied), score


def _share_of_numbers(rows: Sequence[Sequence[str]], column: int) -> float:
    cells = list(_cells(rows, column))
    return sum(_number(cell) is not None for cell in cells) / max(1, len(cells))


def _cells(rows: Sequence[Sequence[str]], column: int) -> Iterator[str]:
    return (row[column] for row in rows if len(row) > column)
