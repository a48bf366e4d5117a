"""The code of the pages beside the map, read while nothing else is done: half of a first look."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

from PySide6.QtCore import QObject, QTimer

from explorer.gui import panels
from explorer.gui.tasks.jobs import Jobs

_PAUSE = 150  # milliseconds between two of them, each of which takes up to 10 to read


class ReadingAhead(QObject):
    """Begins when it is made and ends when all is read; what is under way comes first."""

    def __init__(self, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._unread = _largest_first()
        self._timer = QTimer(self)
        self._timer.setInterval(_PAUSE)
        self._timer.timeout.connect(self.read_one)
        self._timer.start()

    @property
    def over(self) -> bool:
        """Whether all is read."""
        return not self._timer.isActive()

    def read_one(self) -> None:
        """The next of what nobody has read yet, unless something is under way."""
        if any(lane.busy for lane in self._jobs.lanes):
            return
        while self._unread and self._unread[-1] in sys.modules:
            self._unread.pop()
        if self._unread:
            importlib.import_module(self._unread.pop())
        else:
            self._timer.stop()


def _largest_first() -> list[str]:
    """The modules of the panels. Read from the end: the small ones are what the others are made
    of, and each brings few along then."""
    root = Path(panels.__path__[0])
    files = sorted(root.rglob("*.py"), key=lambda file: file.stat().st_size, reverse=True)
    parts = (file.relative_to(root).with_suffix("").parts for file in files)
    return [".".join((panels.__name__, *part)).removesuffix(".__init__") for part in parts]
