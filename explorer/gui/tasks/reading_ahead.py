"""The code of the pages beside the map, read while nothing else is done: half of a first look."""

from __future__ import annotations

import importlib
import pkgutil
import sys

from PySide6.QtCore import QObject, QTimer

from explorer.gui import panels
from explorer.gui.tasks.jobs import Jobs

_PAUSE = 400  # milliseconds between two of them, each of which takes up to 45 to read


class ReadingAhead(QObject):
    """Begins when it is made and ends when all is read; what is under way comes first."""

    def __init__(self, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
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
        names = (
            f"{panels.__name__}.{found.name}" for found in pkgutil.iter_modules(panels.__path__)
        )
        unread = [name for name in names if name not in sys.modules]
        if unread:
            importlib.import_module(unread[0])
        else:
            self._timer.stop()
