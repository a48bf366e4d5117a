"""What is looked up now: the words or ids typed, the layer's settings, and what comes of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, QTimer, Signal

from explorer import pipeline
from explorer.embedding.ids import IdsError, parse_ids, position_of
from explorer.embedding.one_hot import one_hot_lookup
from explorer.errors import ExplorerError
from explorer.gui.panels.layer.overview import Overview, overview
from explorer.gui.state.session import Session
from explorer.gui.tasks.jobs import Lane
from explorer.lookups import LEFT_OUT
from explorer.pipeline import LayerRun
from explorer.progress import Progress, Report, silent
from explorer.table import Table

_PAUSE = 120  # milliseconds without a key before a text is looked up
_MULTIPLICATIONS = 3 * 10**8  # of a product that is measured while one types
_WORDS = "a rare gem, not a perfect film"


@dataclass(frozen=True)
class Asked:
    """words: whether `text` is words, else ids. The rest: as for pipeline.look_into."""

    words: bool = True
    text: str = ""
    shards: int = 3
    strategy: str = "mod"
    padding_idx: int | None = None
    max_norm: float | None = None
    norm_type: float = 2.0


@dataclass(frozen=True, eq=False)
class Looked:
    """A lookup and the picture of the table that it was made in.

    before, after: norms of what each id looks up, float64 (ids,), as the table has it and as the
    result has it.
    """

    table: Table
    run: LayerRun
    overview: Overview
    asked: Asked
    before: npt.NDArray[np.float64]
    after: npt.NDArray[np.float64]


@dataclass(frozen=True)
class Example:
    """Something that can be looked up in a table. words: whether `text` is words, else ids."""

    words: bool
    text: str


class Looking(QObject):
    """Looks up what is asked, in its lane and only while the page is in sight.

    looked: Looked, or None where nothing is asked. failed: the error. stepped: pipeline.Step.
    suggested: an Example, where nothing was asked of a table as yet.
    """

    looked = Signal(object)
    failed = Signal(object)
    stepped = Signal(object)
    suggested = Signal(object)

    def __init__(self, session: Session, lane: Lane, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._lane = session, lane
        self.asked = Asked()
        self._found: Looked | None = None
        self._overview: tuple[Table, Overview] | None = None
        self._open, self._stale = False, True
        self._suggesting = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PAUSE)
        self._timer.timeout.connect(self._look)
        lane.progressed.connect(self._follow)
        lane.succeeded.connect(self._take)
        lane.failed.connect(self._fail)
        for signal in (session.table_changed, session.vectors_changed):
            signal.connect(self.renew)
            signal.connect(self._drop_old)

    @property
    def found(self) -> Looked | None:
        """The last lookup; None where there is none, or another one was asked for since."""
        return self._found

    @property
    def waiting(self) -> bool:
        """Whether a lookup is about to begin."""
        return self._timer.isActive()

    def ask(self, **changes: Any) -> None:
        """Other words, ids or settings; they are looked up when the typing pauses."""
        asked = replace(self.asked, **changes)
        if asked != self.asked:
            self.asked = asked
            self.renew()

    def suggest(self) -> None:
        """Looks for an example, unless something is asked until the page is in sight. In the lane:
        to know what words a table has may take reading its tokenizer."""
        self._suggesting = True
        self._lane.cancel()  # an example of another table
        self.renew()

    def renew(self) -> None:
        """Looks up once more, when the page is in sight."""
        self._stale, self._found = True, None
        if self._open:
            self._timer.start()

    def _drop_old(self) -> None:
        """A picture of other numbers would keep them in memory."""
        self._overview = None

    def set_open(self, seen: bool) -> None:
        """Whether the page is in sight."""
        self._open = seen
        if seen and self._stale:
            self._look()

    def take_step(self, **settings: Any) -> None:
        """One training step on what was looked up, with these settings of pipeline.training_step;
        nothing where nothing was looked up."""
        found = self._found
        if found is None:
            return

        def work(report: Report) -> object:
            return pipeline.training_step(found.table, found.run, report=report, **settings)

        self._lane.start("Training one step", work)

    def _look(self) -> None:
        self._timer.stop()
        self._stale = False
        table, asked, known = self._session.table, self.asked, self._overview
        if table is None or not asked.text.strip():
            self._lane.cancel()
            self.looked.emit(None)
            if table is not None and len(table) and self._suggesting:
                self._lane.start("Looking for an example", lambda report: example(table))
            return
        self._suggesting = False

        def work(report: Report) -> Looked:
            run = look(table, asked, report)
            drawn = known[1] if known and known[0] is table else overview(table, report)
            norms = run.norms_before.ravel(), run.norms.ravel()
            looked = Looked(table, run, drawn, asked, *norms)
            report(Progress(0, 1, "Multiplying", looked))
            return replace(looked, run=_with_product(looked, report))

        self._lane.start("Looking up", work)

    def _follow(self, progress: Progress) -> None:
        if isinstance(progress.partial, Looked):
            self._take(progress.partial)

    def _take(self, found: object) -> None:
        if isinstance(found, Example):
            if not self.asked.text.strip():  # nor typed while it was looked for
                self.suggested.emit(found)
                self._look()
        elif isinstance(found, Looked):
            if found.table is not self._session.table:
                return
            self._found = found
            self._overview = (found.table, found.overview)
            self.looked.emit(found)
        else:
            self.stepped.emit(found)

    def _fail(self, error: BaseException) -> None:
        self.failed.emit(error)


def look(table: Table, asked: Asked, report: Report = silent) -> LayerRun:
    """Looks up, without a product. Raises what pipeline.look_into and parse_ids do; an IdsError
    knows its place in the text."""
    try:
        return pipeline.look_into(
            table,
            asked.text if asked.words else parse_ids(asked.text),
            shards=asked.shards,
            strategy=asked.strategy,
            max_norm=asked.max_norm,
            norm_type=asked.norm_type,
            padding_idx=asked.padding_idx,
            one_hot=False,
            report=report,
        )
    except IdsError as error:
        if error.position is None and not asked.words:
            error.position = position_of(asked.text, error.place)
        raise


def _with_product(looked: Looked, report: Report) -> LayerRun:
    """The run, with what it costs as a product: that reads the whole table, and comes later."""
    product = one_hot_lookup(looked.table, looked.run.ids, most=_MULTIPLICATIONS, report=report)
    return replace(looked.run, one_hot=product.cost)


def example(table: Table) -> Example:
    """Of a table that has rows."""
    try:
        pieces = pipeline.lookup(table, _WORDS).pieces
    except ExplorerError:
        pieces = ()
    if pieces and all(piece.row is not None or piece.how == LEFT_OUT for piece in pieces):
        return Example(True, _WORDS)
    last = len(table) - 1
    pairs = ((2, 3), (1, 0), (8, 6))
    listed = ", ".join(f"[{min(one, last)}, {min(other, last)}]" for one, other in pairs)
    return Example(False, f"[{listed}]")
