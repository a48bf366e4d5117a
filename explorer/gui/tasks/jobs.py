"""Lanes of background work: the only threads of the window.

One lane per kind of work, one thread per lane, and in a lane the newest job wins. Whatever a job
reports or returns crosses to the window's thread through one queued signal; what belongs to an
older job is dropped there, so a stale result cannot arrive.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal, Slot

from explorer.errors import ExplorerError
from explorer.gui.tasks.freed_memory import FreedMemory
from explorer.progress import Cancelled, Progress, Report

Work = Callable[[Report], Any]

_log = logging.getLogger(__name__)
_REPORT_SECONDS = 0.05  # a progress signal at most 20 times a second
_NICENESS = 10  # beyond the window's own
_LEAST_FAVOURABLE = 19  # nice(1)


class Lane(QObject):
    """One kind of work. Exactly one of succeeded, failed, cancelled ends every job.

    progressed: Progress. succeeded: what the work returned. failed: the exception.
    cancelled: the last `Progress.partial` that was not None, or None.
    busy_changed: whether a job is running.
    """

    progressed = Signal(object)
    succeeded = Signal(object)
    failed = Signal(object)
    cancelled = Signal(object)
    busy_changed = Signal(bool)
    _message = Signal(int, str, object)

    def __init__(
        self,
        name: str,
        parent: QObject | None = None,
        *,
        stands_back: bool = True,
        quiet: bool = False,
    ) -> None:
        """stands_back: whether the window's own thread has a core first. Not for what is over in a
        moment, and looked for on the screen. quiet: whether no progress is shown of work that is
        over before an eye could read a bar, or that was not asked for."""
        super().__init__(parent)
        self.quiet = quiet
        self.setObjectName(name)
        self._pool = ThreadPoolExecutor(
            max_workers=1,
            thread_name_prefix=f"lane-{name}",
            initializer=_stand_back if stands_back else None,
        )
        self._ticket = 0
        self._closed = False
        self._event: threading.Event | None = None
        self._partial: object = None
        self._freed = FreedMemory()
        self.title = ""
        self._message.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    @property
    def busy(self) -> bool:
        return self._event is not None

    def start(self, title: str, work: Work) -> None:
        """Runs `work(report)` in the lane's thread; a job under way is cancelled first. After
        `close` nothing is run: a timer may still ring while the window goes."""
        self.cancel()
        if self._closed:
            return
        self._ticket += 1
        self._event = threading.Event()
        self._partial = None
        self.title = title
        self.busy_changed.emit(True)
        self._pool.submit(self._run, self._ticket, self._event, work)

    def cancel(self) -> None:
        """Stops the job under way, if any: answers at once, the thread follows when it can."""
        if self._event is None:
            return
        self._event.set()
        partial = self._partial
        self._end()
        self.cancelled.emit(partial)

    def stop(self) -> None:
        """Tells the job under way to end and hears no more of it; for the end of the program."""
        if self._event is not None:
            self._event.set()
            self._end()

    def close(self) -> None:
        """Stops and waits for the thread."""
        self.stop()
        self._closed = True
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _end(self) -> None:
        self._ticket += 1  # whatever the thread still sends is stale from here on
        self._event = None
        self._partial = None
        self.busy_changed.emit(False)

    def _run(self, ticket: int, event: threading.Event, work: Work) -> None:
        try:
            result = work(self._reporter(ticket, event))
        except Cancelled:
            self._message.emit(ticket, "cancelled", None)
        except BaseException as error:  # the edge: every failure, a library's panic too, is told
            if not isinstance(error, ExplorerError):
                _log.error("%s failed", self.title, exc_info=error)
            self._message.emit(ticket, "failed", error)
        else:
            self._message.emit(ticket, "succeeded", result)
        self._freed.give_back()

    def _reporter(self, ticket: int, event: threading.Event) -> Report:
        last = 0.0

        def report(progress: Progress) -> None:
            nonlocal last
            if event.is_set():
                raise Cancelled
            now = time.monotonic()
            # Partial results are thinned by those who make them; none may be lost here.
            if progress.partial is not None or now - last >= _REPORT_SECONDS:
                last = now
                self._message.emit(ticket, "progressed", progress)

        return report

    @Slot(int, str, object)
    def _deliver(self, ticket: int, kind: str, value: object) -> None:
        if ticket != self._ticket or self._event is None:
            return
        if kind == "progressed":
            self._note(value)
            return
        partial = self._partial
        self._end()
        {"succeeded": self.succeeded, "failed": self.failed, "cancelled": self.cancelled}[
            kind
        ].emit(partial if kind == "cancelled" else value)

    def _note(self, progress: object) -> None:
        if isinstance(progress, Progress) and progress.partial is not None:
            self._partial = progress.partial
        self.progressed.emit(progress)


def _stand_back() -> None:
    """Lets the window's thread have a core before the thread that calls this, and before those
    which that begins from now on (they inherit it).

    Only Linux has a niceness for each thread (setpriority(2), notes); elsewhere the call would
    hold back the window as well. With all cores busy the window waited up to 0.3 s for one of
    them while a map was measured, and 0.1 s with this (benchmarks/soak.py).
    """
    if sys.platform == "linux":
        thread = threading.get_native_id()
        with suppress(OSError):
            niceness = os.getpriority(os.PRIO_PROCESS, thread) + _NICENESS
            os.setpriority(os.PRIO_PROCESS, thread, min(niceness, _LEAST_FAVOURABLE))


class Jobs(QObject):
    """The lanes of the window, each made here and nowhere else."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lanes: list[Lane] = []
        self.files = self._lane("files")  # opening
        self.saving = self._lane("saving")
        self.training = self._lane("training")
        self.projection = self._lane("projection")
        self.export = self._lane("export")
        self.growing = self._lane("growing")  # of the selection
        self.clusters = self._lane("clusters")
        self.hubs = self._lane("hubs")
        self.duplicates = self._lane("duplicates")  # rows nearly the same
        self.quality = self._lane("quality")
        self.evaluation = self._lane("evaluation")
        self.reverse = self._lane("reverse")  # neighbours, and mutual ones
        self._make_quiet()

    def _make_quiet(self) -> None:
        """Those that answer while the user types or points."""
        self.asking = self._quiet("asking")  # what the query comes to
        self.query = self._quiet("query", stands_back=False)
        self.ghost = self._quiet("ghost")  # where the query lies on the maps
        self.spaces = self._quiet("spaces")  # its neighbours in several
        self.estimate = self._quiet("estimate")
        self.completion = self._quiet("completion")
        self.checking = self._quiet("checking")
        self.keeping = self._quiet("keeping")  # of selections
        self.field = self._quiet("field")  # nearness to the row pointed at
        self.belief = self._quiet("belief")  # in the current row's dot
        self.preview = self._quiet("preview")  # of a figure
        self.layer = self._quiet("layer")  # what an embedding layer does
        self.graph = self._quiet("graph")  # the selection's neighbours and theirs
        self.comparing = self._quiet("comparing")  # of tokens
        self.analogies = self._quiet("analogies")
        self.examples = self._quiet("examples")  # of analogies
        self.search = self._quiet("search")  # of tokens
        self.spelling = self._quiet("spelling")  # of pieces that are no tokens
        self.spelling_of_unknown = self._quiet("spelling_of_unknown")  # words to compare

    def _lane(self, name: str, *, stands_back: bool = True, quiet: bool = False) -> Lane:
        lane = Lane(name, self, stands_back=stands_back, quiet=quiet)
        self._lanes.append(lane)
        return lane

    def _quiet(self, name: str, *, stands_back: bool = True) -> Lane:
        return self._lane(name, stands_back=stands_back, quiet=True)

    @property
    def lanes(self) -> tuple[Lane, ...]:
        """All of them, those first whose progress is shown."""
        return tuple(self._lanes)

    def close(self) -> None:
        """Cancels everything and waits for the threads; called once, when the window closes."""
        for lane in self.lanes:
            lane.stop()
        for lane in self.lanes:
            lane.close()
