"""What the next run is expected to take, worked out beside the window's thread."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from explorer import pipeline
from explorer.errors import ExplorerError
from explorer.gui.tasks.jobs import Jobs
from explorer.gui.tasks.making import expected
from explorer.preparation import Sample
from explorer.progress import Report
from explorer.table import Table

_PAUSE = 200  # milliseconds without a change


@dataclass(frozen=True, eq=False)
class Wish:
    """What would be run now."""

    table: Table
    method: str
    dims: int
    sample: Sample | None
    params: dict[str, Any]


class Expectation(QObject):
    """told: how long the run that is wished for will take, in words; "" where it is no matter.

    The first estimate times the parts of a run, which another run would falsify: none is made
    while maps or tables are.
    """

    told = Signal(str)

    def __init__(
        self, jobs: Jobs, wish: Callable[[], Wish | None], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._jobs, self._wish = jobs, wish
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PAUSE)
        self._timer.timeout.connect(self._ask)
        jobs.estimate.succeeded.connect(lambda words: self.told.emit(words))
        jobs.estimate.failed.connect(lambda _: self.told.emit(""))
        for lane in (jobs.projection, jobs.training):
            lane.busy_changed.connect(lambda busy: None if busy else self.refresh())

    def refresh(self) -> None:
        """Something changed that the answer may depend on."""
        self._timer.start()

    def _ask(self) -> None:
        wish = self._wish()
        if wish is None or self._jobs.projection.busy or self._jobs.training.busy:
            self._jobs.estimate.cancel()
            self.told.emit("")
            return

        def work(report: Report) -> str:
            return _in_words(wish)

        self._jobs.estimate.start("Estimating", work)


def _in_words(wish: Wish) -> str:
    try:
        cost = pipeline.estimate(
            wish.table, wish.method, dims=wish.dims, sample=wish.sample, **wish.params
        )
    except ExplorerError:  # the run itself will tell
        return ""
    return expected(cost)
