"""How long some work takes, by the clock and of the processors."""

from __future__ import annotations

import time
from collections.abc import Callable


def seconds(work: Callable[[], object]) -> tuple[float, float]:
    """By the clock, and of all processors together."""
    begin, begin_cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - begin, time.process_time() - begin_cpu


class Least:
    """The least of the seconds of some work that is done several times, in turn with others'."""

    def __init__(self, work: Callable[[], object]) -> None:
        self._work = work
        self.clock = self.processors = float("inf")

    def take(self) -> None:
        """Does it once more."""
        clock, processors = seconds(self._work)
        self.clock, self.processors = min(self.clock, clock), min(self.processors, processors)


def least(work: Callable[[], object], repeats: int) -> tuple[float, float]:
    """The least seconds by the clock, and the least of the processors."""
    times = Least(work)
    for _ in range(repeats):
        times.take()
    return times.clock, times.processors
