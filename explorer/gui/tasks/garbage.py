"""Searches for garbage, made in the window's thread and in no other.

Python looks for objects that hold only each other in whichever thread happens to allocate, and
keeps its lock meanwhile. In a lane a forgotten widget would be destroyed there, where Qt may wait
for the window's thread, which waits for the lock: nothing ever moves again. So Python's own
searches are off, and a timer of the window makes them.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock

from PySide6.QtCore import QObject, QTimer

_OFTEN = 100  # milliseconds
# A search through everything may take one part in so many of the time.
_SHARE = 100.0

_lock = Lock()
_imports = 0  # under way, which make thousands of objects that stay


class Searches(QObject):
    """Python's own searches are off while this one is at work.

    Young objects are searched by Python's own thresholds, all of them when that has not been done
    for a hundred times as long as it last took.
    """

    def __init__(
        self, parent: QObject | None = None, clock: Callable[[], float] = time.perf_counter
    ) -> None:
        super().__init__(parent)
        self.setObjectName("garbage_searches")
        self._clock = clock
        self._next_of_all = clock()
        gc.disable()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.look)
        self._timer.start(_OFTEN)

    def look(self) -> None:
        """Makes the search that is due, if any is."""
        if _imports:
            return
        due = [count > most for count, most in zip(gc.get_count(), gc.get_threshold(), strict=True)]
        begun = self._clock()
        if due[2] and begun >= self._next_of_all:
            gc.collect(2)
            ended = self._clock()
            self._next_of_all = ended + _SHARE * (ended - begun)
        elif due[1]:
            gc.collect(1)
        elif due[0]:
            gc.collect(0)

    def stop(self) -> None:
        """Leaves the searches to Python again."""
        self._timer.stop()
        gc.enable()


def search_here(parent: QObject) -> None:
    """From now on garbage is searched for in this thread, the parent's. May be called again."""
    if parent.findChild(Searches) is None:
        Searches(parent)


@contextmanager
def unsearched() -> Iterator[None]:
    """No search inside, for the import of a heavy library; what is there at its end is never
    searched (gc.freeze)."""
    global _imports
    with _lock:
        enabled = gc.isenabled()
        _imports += 1
        gc.disable()
    try:
        yield
    finally:
        with _lock:
            _imports -= 1
            if not _imports:
                gc.freeze()
            if enabled:
                gc.enable()
