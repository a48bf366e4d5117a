"""How long work says how far it is, and how it is stopped.

Every function that may take longer than a tenth of a second has a keyword `report: Report = silent`
and calls it at each checkpoint. That call may raise `Cancelled`; clean-up is `try/finally`, and
nobody tests a flag.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Progress:
    """One checkpoint of long work.

    done, total: how far, in the work's own unit; total 0 means that the end is not known.
    message: what is being done, in a few words.
    partial: a usable result so far, owned by the receiver (a copy, never a live array), or None.
    """

    done: float
    total: float
    message: str = ""
    partial: Any = None

    @property
    def fraction(self) -> float | None:
        """Share done in [0, 1], or None where the end is not known."""
        return min(1.0, self.done / self.total) if self.total > 0 else None


Report = Callable[[Progress], None]


class Cancelled(Exception):  # noqa: N818  (it is an answer to a wish, not an error)
    """Raised by a report to stop the work that calls it."""


def silent(progress: Progress) -> None:
    """The report of a caller who does not want to know."""


def part(report: Report, start: float, stop: float) -> Report:
    """A report for a part of the work: its 0..1 becomes start..stop of the whole."""

    def narrowed(progress: Progress) -> None:
        fraction = progress.fraction
        done = start if fraction is None else start + (stop - start) * fraction
        report(Progress(done, 1.0, progress.message, progress.partial))

    return narrowed
