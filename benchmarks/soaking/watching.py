"""What must not happen while the window is used: exceptions, warnings, stalls, growing memory."""

from __future__ import annotations

import ctypes
import faulthandler
import gc
import logging
import os
import re
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QWidget

TICK = 0.010
NOTED = 0.060  # seconds; shorter gaps are told in no table
_PACKAGE = f"{os.sep}explorer{os.sep}"


@dataclass(frozen=True)
class Stall:
    """A gap between two ticks of the window's timer. seconds: its length; running: how much of it
    the window's thread had a core; queued: how much it waited for one that others had.
    where: what the window was in, and what the lanes were in, in the midst of it."""

    seconds: float
    running: float
    queued: float
    action: str
    lanes: str
    where: str


class StallWatch(QObject):
    """Ticks every 10 ms in the window's thread, and notes what was under way when it could not."""

    def __init__(self, lanes: Callable[[], str], parent: QObject) -> None:
        super().__init__(parent)
        self.action = "start"
        self.stalls: list[Stall] = []
        self.ticks = 0
        self._lanes = lanes
        self._main = threading.get_ident()
        self._seen = ""
        self._last, self._cpu = time.monotonic(), _scheduled()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(round(TICK * 1000))
        self._timer.timeout.connect(self._tick)
        self._timer.start()
        self._page = tempfile.TemporaryFile("w+")  # noqa: SIM115  (as long as this)
        self._over = threading.Event()
        threading.Thread(target=self._look, name="stall-watch", daemon=True).start()

    def stop(self) -> None:
        self._over.set()
        self._timer.stop()

    def _tick(self) -> None:
        now, cpu = time.monotonic(), _scheduled()
        gap, self.ticks = now - self._last, self.ticks + 1
        if gap > NOTED:
            running, queued = cpu[0] - self._cpu[0], cpu[1] - self._cpu[1]
            stall = Stall(gap, running, queued, self.action, self._lanes(), self._seen)
            self.stalls.append(stall)
        self._last, self._cpu, self._seen = now, cpu, ""

    def _look(self) -> None:
        """In a thread of its own: where everybody is while the window does not tick."""
        while not self._over.wait(0.015):
            if time.monotonic() - self._last > NOTED * 0.7 and not self._seen:
                self._seen = self._everybody()

    def _everybody(self) -> str:
        """Where the window and the lanes are. Not by `sys._current_frames`: a frame that is held
        keeps a painter alive beyond its paintEvent, which Qt does not survive."""
        self._page.seek(0)
        self._page.truncate()
        faulthandler.dump_traceback(self._page, all_threads=True)
        self._page.seek(0)
        names = {thread.ident: thread.name for thread in threading.enumerate()}
        places = []
        for part in re.split(r"\n(?=Thread|Current)", self._page.read()):
            ident = int(part.split("0x", 1)[1].split(" ", 1)[0], 16) if "0x" in part else 0
            name = "window" if ident == self._main else names.get(ident, "")
            place = _place(part)
            if name == "window" or (name.startswith("lane") and place != "–"):
                places.append(f"{name} {place}")
        return "; ".join(places)


def _place(trace: str) -> str:
    """The innermost line of this product, and the innermost of all where that is another's."""
    calls = re.findall(r'File "([^"]+)", line (\d+) in (\S+)', trace)
    for depth, (name, line, function) in enumerate(calls):
        if _PACKAGE in name:
            own = f"{Path(name).stem}.{function}:{line}"
            return own if not depth else f"{own} > {Path(calls[0][0]).stem}"
    return "–"


def _scheduled() -> tuple[float, float]:
    """Seconds the first thread of this process has run, and has waited for a core; (0, 0) where
    the system does not tell."""
    try:
        running, queued, _ = Path("/proc/self/schedstat").read_text().split()
    except OSError:
        return 0.0, 0.0
    return int(running) / 1e9, int(queued) / 1e9


class Others:
    """What other programs take of the machine, from when this is made."""

    def __init__(self) -> None:
        self._begin = self._now()

    @property
    def cores(self) -> float:
        """On average; 0 where the system does not tell."""
        busy, own, now = (a - b for a, b in zip(self._now(), self._begin, strict=True))
        return max(0.0, (busy - own) / now)

    def _now(self) -> tuple[float, float, float]:
        return self._busy(), time.process_time(), time.monotonic()

    @staticmethod
    def _busy() -> float:
        """Seconds of all cores that were not idle."""
        try:
            times = Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:]
        except OSError:
            return 0.0
        user, nice, system = (int(time) for time in times[:3])
        return (user + nice + system) / os.sysconf("SC_CLK_TCK")


class Complaints(logging.Handler):
    """Exceptions nobody caught, warnings of Qt and of Python, and errors in the log."""

    def __init__(self, under_way: Callable[[], str]) -> None:
        super().__init__(logging.ERROR)
        self.found: list[str] = []
        self._under_way = under_way
        sys.excepthook = lambda *what: self._exception("exception", *what)
        threading.excepthook = lambda a: self._exception(
            "in a thread", a.exc_type, a.exc_value, a.exc_traceback
        )
        sys.unraisablehook = lambda a: self._exception(
            "not raisable", a.exc_type, a.exc_value, a.exc_traceback
        )
        logging.getLogger().addHandler(self)
        logging.captureWarnings(True)
        logging.getLogger("py.warnings").addFilter(self._python_warning)
        qInstallMessageHandler(self._qt)

    def look_at(self, window: QWidget) -> None:
        """A text may have made the window too wide for its screen."""
        wanted, there = window.minimumSizeHint().width(), window.screen().availableSize().width()
        if wanted > there:
            self._note(f"the window asks for {wanted:,} pixels of a screen {there:,} wide")

    def emit(self, record: logging.LogRecord) -> None:
        trace = logging.Formatter().formatException(record.exc_info) if record.exc_info else ""
        self._note(f"log: {record.getMessage()} {trace}")

    def _note(self, text: str) -> None:
        self.found.append(f"[{self._under_way()}] {text}")
        print(self.found[-1], file=sys.stderr, flush=True)

    def _exception(self, kind: str, *what: Any) -> None:
        self._note(f"{kind}: " + logging.Formatter().formatException(what))  # type: ignore[arg-type]

    def _python_warning(self, record: logging.LogRecord) -> bool:
        self._note(f"warning: {record.getMessage()}")
        return False

    def _qt(self, kind: QtMsgType, _context: object, message: str | None) -> None:
        if kind not in (QtMsgType.QtDebugMsg, QtMsgType.QtInfoMsg):
            calls = traceback.extract_stack()[-5:-1]
            where = " < ".join(f"{Path(call.filename).stem}:{call.lineno}" for call in calls[::-1])
            self._note(f"Qt: {message} ({where})")


def resident() -> float:
    """Megabytes of memory this process holds, once what can be given back is given back."""
    for _ in range(3):
        gc.collect()
    if sys.platform == "linux":
        ctypes.CDLL(None).malloc_trim(0)
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
