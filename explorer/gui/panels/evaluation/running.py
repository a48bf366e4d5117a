"""Lists of words that were chosen, and what a table was found to know of each."""

from __future__ import annotations

import weakref
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from explorer import pipeline
from explorer.errors import ExplorerError
from explorer.evaluation import Options, Result, list_path
from explorer.gui.state.session import Session
from explorer.gui.tasks.jobs import Lane
from explorer.progress import Progress, Report, part
from explorer.table import Table
from explorer.vectors import Vectors


@dataclass(frozen=True, eq=False)
class Chosen:
    """A list, and its result once there is one. error: why there is none. vectors (by a weak
    reference: results outlive a table), tokens, options: that the result, or the error, is of."""

    path: Path
    result: Result | None = None
    error: str = ""
    vectors: weakref.ref[Vectors] | None = field(default=None, repr=False)
    tokens: Sequence[str] | None = field(default=None, repr=False)
    options: Options | None = None

    @property
    def asked(self) -> bool:
        """Whether it was evaluated at all, by whatever table."""
        return self.result is not None or bool(self.error)

    def of(self, table: Table | None, options: Options) -> bool:
        """Whether the result is of these numbers and options."""
        vectors = self.vectors() if self.vectors is not None else None
        return table is not None and vectors is table.vectors and self.options == options


def evaluate(
    table: Table, lists: Sequence[Chosen], options: Options, report: Report
) -> tuple[Chosen, ...]:
    """Asks the table each list; one that cannot be read does not hold up the others.

    What was found so far is the `partial` of the reports."""
    done: list[Chosen] = []
    for place, chosen in enumerate(lists):
        within = part(report, place / len(lists), (place + 1) / len(lists))
        done.append(_evaluated(table, chosen, options, within))
        report(Progress(place + 1, len(lists), "Evaluating", tuple(done)))
    return tuple(done)


def _evaluated(table: Table, chosen: Chosen, options: Options, report: Report) -> Chosen:
    fresh = Chosen(
        chosen.path, vectors=weakref.ref(table.vectors), tokens=table.tokens, options=options
    )
    try:
        (result,) = pipeline.evaluate(
            table,
            chosen.path,
            case_sensitive=options.case_sensitive,
            how=options.how,
            restrict_vocab=options.restrict_vocab,
            count_unknown=options.count_unknown,
            report=report,
        )
    except ExplorerError as error:
        return replace(fresh, error=str(error))
    _ = result.misses  # worked out once, and here: a tenth of a second for questions-words
    return replace(fresh, result=result)


class Evaluations(QObject):
    """The lists that were chosen, in their order, and the lane that evaluates them.

    changed: lists came or went, or a result did. failed: an error to be shown.
    """

    changed = Signal()
    failed = Signal(object)

    def __init__(self, session: Session, lane: Lane, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self.lane = session, lane
        self.lists: tuple[Chosen, ...] = ()
        self._waiting: list[Path] = []  # to be evaluated, or being so
        self._options = Options()
        session.table_changed.connect(self._let_go)
        lane.progressed.connect(self._note)
        lane.succeeded.connect(self._finish)
        lane.failed.connect(self._fail)
        lane.cancelled.connect(lambda _: self._waiting.clear())

    def add(self, paths: Iterable[Path], options: Options) -> None:
        """Adds lists, those that are there already left as they are, and evaluates the new ones,
        after those that are being evaluated."""
        known = {chosen.path for chosen in self.lists}
        new = [path for path in dict.fromkeys(map(list_path, paths)) if path not in known]
        if new:
            self.lists += tuple(Chosen(path) for path in new)
            self.changed.emit()
            self._begin(new, options)

    def remove(self, place: int) -> None:
        """Takes a list away."""
        self.lists = self.lists[:place] + self.lists[place + 1 :]
        self.changed.emit()

    def run(self, options: Options) -> None:
        """Evaluates every list."""
        self._begin([chosen.path for chosen in self.lists], options)

    def _let_go(self) -> None:
        """Another table: the tokens of the old one are not kept for the sake of its results."""
        tokens = self._session.table.tokens if self._session.table is not None else None
        self.lists = tuple(
            chosen if chosen.tokens is tokens else replace(chosen, tokens=None)
            for chosen in self.lists
        )

    def _begin(self, paths: Iterable[Path], options: Options) -> None:
        table, self._options = self._session.table, options
        self._waiting += [path for path in paths if path not in self._waiting]
        wanted = [chosen for chosen in self.lists if chosen.path in self._waiting]
        if table is None or self.lane.busy or not wanted:
            return

        def work(report: Report) -> tuple[Chosen, ...]:
            return evaluate(table, wanted, options, report)

        self.lane.start("Evaluating", work)

    def _note(self, progress: Progress) -> None:
        if progress.partial is not None:
            self._adopt(progress.partial)

    def _adopt(self, found: Iterable[Chosen]) -> None:
        by_path = {chosen.path: chosen for chosen in found}
        self._waiting = [path for path in self._waiting if path not in by_path]
        self.lists = tuple(by_path.get(chosen.path, chosen) for chosen in self.lists)
        self.changed.emit()

    def _finish(self, found: tuple[Chosen, ...]) -> None:
        self._adopt(found)
        self._begin((), self._options)  # what was added meanwhile

    def _fail(self, error: Exception) -> None:
        self._waiting.clear()
        self.failed.emit(error)
