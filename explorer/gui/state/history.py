"""Undo and redo of what the user looks at: selection, isolated rows, views of the maps."""

from __future__ import annotations

import weakref
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Rows = npt.NDArray[np.int64]

_DEEPEST = 200
# Selections of a million rows are 8 MB each: the oldest states go where all together are larger.
_MOST_BYTES = 2**27


@dataclass(frozen=True, eq=False)
class View:
    """Where a map was looked at: its ranges in map units, and for 3-D the camera's turn.

    scores: weakly, the array the ranges belong to: a view of another map's coordinates means
        nothing, and a history of moves must not keep maps that are gone.
    """

    ranges: tuple[float, float, float, float]
    turn: tuple[float, ...]
    scores: weakref.ref[npt.NDArray[np.float32]]

    def of(self, scores: npt.NDArray[np.float32]) -> bool:
        """Whether the ranges are of these coordinates."""
        return self.scores() is scores

    def same(self, other: View | None) -> bool:
        return (
            other is not None
            and self.scores() is not None
            and self.scores() is other.scores()
            and (self.ranges, self.turn) == (other.ranges, other.turn)
        )


@dataclass(frozen=True, eq=False)
class Look:
    """One state. isolated: the rows that are shown, None for all. views: by map."""

    selection: Rows
    isolated: Rows | None = None
    views: Mapping[int, View] = field(default_factory=dict)

    def same(self, other: Look) -> bool:
        return (
            np.array_equal(self.selection, other.selection)
            and _same_rows(self.isolated, other.isolated)
            and self.views.keys() == other.views.keys()
            and all(view.same(other.views[slot]) for slot, view in self.views.items())
        )

    def differs_in(self, other: Look) -> str:
        """What a step from one to the other is, in words: what undo and redo say of it."""
        if not _same_rows(self.isolated, other.isolated):
            return "isolation"
        if not np.array_equal(self.selection, other.selection):
            return "selection"
        return "view of the map"


def _same_rows(first: Rows | None, second: Rows | None) -> bool:
    if first is None or second is None:
        return first is second
    return np.array_equal(first, second)


class History:
    """The states before and after the one at hand; the oldest are forgotten."""

    def __init__(self) -> None:
        self._past: list[Look] = []
        self._future: list[Look] = []

    @property
    def before(self) -> Look | None:
        """What undo would bring back; None for nothing."""
        return self._past[-1] if self._past else None

    @property
    def after(self) -> Look | None:
        """What redo would bring back; None for nothing."""
        return self._future[-1] if self._future else None

    def clear(self) -> None:
        self._past.clear()
        self._future.clear()

    def note(self, before: Look) -> None:
        """`before` is left for a new state: what was undone cannot be redone any more."""
        self._past = [*self._past[1 - _DEEPEST :], before]
        self._future.clear()
        while len(self._past) > 1 and self._bytes() > _MOST_BYTES:
            del self._past[0]

    def _bytes(self) -> int:
        arrays = {id(look.selection): look.selection for look in self._past}
        arrays |= {
            id(look.isolated): look.isolated for look in self._past if look.isolated is not None
        }
        return sum(array.nbytes for array in arrays.values())

    def undo(self, now: Look) -> Look:
        """The state before, `now` being kept for redo. IndexError where there is none."""
        before = self._past.pop()
        self._future.append(now)
        return before

    def redo(self, now: Look) -> Look:
        """The state that was undone last. IndexError where there is none."""
        after = self._future.pop()
        self._past.append(now)
        return after
