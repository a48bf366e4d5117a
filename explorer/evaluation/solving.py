"""Many analogies at once: every row ranked for every question, in float64, block by block.

Questions share their words, so the cosines of those few words with a block of rows are one matrix
product, and a question is a sum (or product) of three lines of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from threading import Lock

import numpy as np
import numpy.typing as npt

from explorer.analogies import EPSILON
from explorer.cosines import directions
from explorer.evaluation.vocabulary import Vocabulary
from explorer.parallel import over_blocks
from explorer.progress import Report
from explorer.table import Table

F64 = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]

_LINES = 2**21  # cosines of a block: 16 MiB
_CHUNK = 2**17  # scores worked on at a time: 1 MiB, which stays in a core's own cache
_TIE = {"add": 1e-12, "mul": 1e-9}  # scores nearer than rounding may tell apart, relative


@dataclass(frozen=True, eq=False)
class Solved:
    """found: int64 (q,), the best row of each question; scores: float64 (q,), its own.
    ranks: int64 (q,), of the best right word, from 1; 0 where all are among the question's words.
    right: bool (q,), whether the best row is one of a right word."""

    found: Rows
    scores: F64
    ranks: Rows
    right: npt.NDArray[np.bool_]


def solve_all(
    table: Table,
    vocabulary: Vocabulary,
    questions: Rows,
    right: Sequence[Sequence[int]],
    how: str,
    report: Report,
) -> Solved:
    """Answers `questions`, int64 (q, 3): rows of a, b and c.

    right: of each question the rows of the words that answer it, one or more.

    Rows of the words a, b and c (in whatever case, unless case counts) are no answers.
    """
    if not len(questions):
        nothing = np.empty(0, dtype=np.int64)
        return Solved(nothing, np.empty(0), nothing, np.empty(0, dtype=np.bool_))
    solver = _Solver(table, vocabulary, questions, right, how)
    size = max(64, min(8192, _LINES // len(solver.words)))
    over_blocks(vocabulary.rows, size, solver.block, report, "Solving analogies")
    return solver.solved()


class _Solver:
    """The best answers so far, and how many rows beat the expected one."""

    def __init__(
        self,
        table: Table,
        vocabulary: Vocabulary,
        questions: Rows,
        right: Sequence[Sequence[int]],
        how: str,
    ) -> None:
        self._table, self._vocabulary, self._how = table, vocabulary, how
        self._right = self._answers(questions, right)
        self.words, places = np.unique(questions, return_inverse=True)
        self._places = places.reshape(questions.shape)
        self._units = directions(table.vectors.exact(self.words))
        self._lock = Lock()
        self._best = np.full(len(questions), -np.inf)
        self._found = np.full(len(questions), -1, dtype=np.int64)
        self._better = np.zeros(len(questions), dtype=np.int64)
        self._hidden = self._excluded()
        self._bar = self._expected()
        with np.errstate(invalid="ignore"):
            self._bar = self._bar + _TIE[how] * np.maximum(1.0, np.abs(self._bar))

    def _excluded(self) -> tuple[Rows, Rows]:
        """Rows that are no answers, ascending, and the question of each."""
        members = [self._vocabulary.same_word(int(row)) for row in self.words]
        counts = np.array([len(some) for some in members])
        questions = np.repeat(np.arange(len(self._places)), counts[self._places].sum(axis=1))
        rows = np.concatenate([members[place] for place in self._places.ravel().tolist()])
        order = np.argsort(rows, kind="stable")
        return rows[order], questions[order]

    def _answers(self, questions: Rows, right: Sequence[Sequence[int]]) -> tuple[Rows, Rows]:
        """Rows of right words, but those of the questions' own words, and the question of each."""
        groups = self._vocabulary.groups
        of = np.repeat(np.arange(len(right)), [len(some) for some in right])
        rows = np.fromiter(chain.from_iterable(right), np.int64, len(of))
        own = (groups[questions[of]] == groups[rows][:, None]).any(axis=1)
        return rows[~own], of[~own]

    def _expected(self) -> F64:
        """The highest score of a row of a right word; NaN where there is none."""
        words, places = np.unique(self._right[0], return_inverse=True)
        members = [self._vocabulary.same_word(row) for row in words.tolist()]
        counts = np.array([len(some) for some in members], np.int64)
        of = np.repeat(self._right[1], counts[places])
        rows = np.concatenate([np.empty(0, np.int64), *(members[place] for place in places)])
        best = np.full(len(self._places), -np.inf)
        for start in range(0, len(rows), 4096):
            part = slice(start, start + 4096)
            units = directions(self._table.vectors.exact(rows[part]))
            triple = self._units[self._places[of[part]]]
            lines = self._lines(np.einsum("ij,ikj->ki", units, triple))
            scores = np.nan_to_num(self._combined(*lines), nan=-np.inf)
            np.maximum.at(best, of[part], scores)
        best[np.bincount(of, minlength=len(best)) == 0] = np.nan
        return best

    def _lines(self, cosines: F64) -> F64:
        """The cosines as the method takes them; changed in place."""
        if self._how == "mul":
            cosines += 1
            cosines /= 2
        return cosines

    def _combined(self, a: F64, b: F64, c: F64) -> F64:
        """Scores from three arrays of lines; `a` and `b` are overwritten."""
        if self._how == "add":
            b -= a
            b += c
        else:
            a += EPSILON
            b *= c
            b /= a
        return b

    def _scores(self, lines: F64, begin: int, end: int, room: F64) -> F64:
        """Scores (questions begin..end, rows) in `room`, (3, questions or more, rows).

        take() into memory that is there already is ten times as fast as lines[places].
        """
        parts = room[:, : end - begin]
        for part, places in zip(parts, self._places[begin:end].T, strict=True):
            np.take(lines, places, axis=0, out=part, mode="clip")
        return self._combined(*parts)

    def block(self, start: int, stop: int) -> None:
        """Compares these rows with every question."""
        units = directions(self._table.vectors.exact(np.arange(start, stop)))
        unfit = np.isnan(units[:, 0]) if units.shape[1] else np.ones(len(units), np.bool_)
        units[unfit] = 0.0
        lines = self._lines(self._units @ units.T)
        first, last = np.searchsorted(self._hidden[0], (start, stop))
        rows, questions = self._hidden[0][first:last] - start, self._hidden[1][first:last]
        order = np.argsort(questions, kind="stable")
        rows, questions = rows[order], questions[order]
        step = max(1, _CHUNK // (stop - start))
        room = np.empty((3, step, stop - start))
        for begin in range(0, len(self._places), step):
            end = min(begin + step, len(self._places))
            low, high = np.searchsorted(questions, (begin, end))
            scores = self._scores(lines, begin, end, room)
            scores[:, unfit] = -np.inf
            scores[questions[low:high] - begin, rows[low:high]] = -np.inf
            self._note(begin, end, start, scores)

    def _note(self, begin: int, end: int, start: int, scores: F64) -> None:
        """Scores (questions begin..end, rows from start on) against what is known so far."""
        places = scores.argmax(axis=1)
        best = scores[np.arange(len(places)), places]
        beaten = (scores > self._bar[begin:end, None]).sum(axis=1)
        rows = places + start
        with self._lock:
            old, found = self._best[begin:end], self._found[begin:end]
            new = (best > old) | ((best == old) & (best > -np.inf) & (rows < found))
            old[new], found[new] = best[new], rows[new]
            self._better[begin:end] += beaten

    def solved(self) -> Solved:
        """The answers, once every block has been compared."""
        groups, found = self._vocabulary.groups, self._found
        words = len(groups) + 1  # one number for each question and word
        wanted = self._right[1] * words + groups[self._right[0]]
        right = (found >= 0) & np.isin(np.arange(len(found)) * words + groups[found], wanted)
        ranks = np.where(right, 1, np.maximum(2, 1 + self._better))
        ranks[np.isnan(self._bar)] = 0
        scores = np.where(found >= 0, self._best, np.nan)
        if self._how == "add":  # the sum of cosines over the length of the target: its cosine
            a, b, c = (self._units[self._places[:, place]] for place in range(3))
            with np.errstate(divide="ignore", invalid="ignore"):
                scores = scores / np.linalg.norm(b - a + c, axis=1)
        return Solved(found, scores, ranks, right)
