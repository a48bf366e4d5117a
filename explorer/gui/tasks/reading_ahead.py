"""The code of the pages beside the map, read while nothing else is done: half of a first look."""

from __future__ import annotations

import importlib
import sys
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QTimer

from explorer.gui import panels
from explorer.gui.tasks.jobs import Jobs

# All that is read takes 0.15 s, and waiting for a pause in the work took longer than a user did:
# who looked at the Layer page first found half of it unread, and waited 0.18 s.
_PAUSE = 50  # milliseconds
_TURN = 0.005  # seconds, after which no other is begun; the largest takes 0.01


class ReadingAhead(QObject):
    """Begins when it is made and ends when all is read; a table that is opened comes first.
    clock: seconds."""

    def __init__(
        self,
        jobs: Jobs,
        parent: QObject | None = None,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        super().__init__(parent)
        self._jobs, self._clock = jobs, clock
        self._unread = _largest_first()
        self._timer = QTimer(self)
        self._timer.setInterval(_PAUSE)
        self._timer.timeout.connect(self.read_some)
        self._timer.start()

    @property
    def over(self) -> bool:
        """Whether all is read."""
        return not self._timer.isActive()

    def read_some(self) -> None:
        """As many of those that nobody has read yet as there is time for, one at least."""
        if self._jobs.files.busy:
            return
        begun = self._clock()
        while self._unread:
            name = self._unread.pop()
            if name not in sys.modules:
                importlib.import_module(name)
                if self._clock() - begun > _TURN:
                    return
        self._timer.stop()


def _largest_first() -> list[str]:
    """The modules of the panels. Read from the end: the small ones are what the others are made
    of, and each brings few along then."""
    root = Path(panels.__path__[0])
    files = sorted(root.rglob("*.py"), key=lambda file: file.stat().st_size, reverse=True)
    parts = (file.relative_to(root).with_suffix("").parts for file in files)
    return [".".join((panels.__name__, *part)).removesuffix(".__init__") for part in parts]
