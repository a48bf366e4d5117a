"""Which rectangle of the map is to be seen."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QRectF

from explorer.extent import extent
from explorer.gui.map.camera import reach
from explorer.gui.map.ghost import GhostMark

F32 = npt.NDArray[np.float32]
I64 = npt.NDArray[np.int64]

_MARGIN = 0.06  # empty share of the map on each side
# Shares of a place that float32 can tell from it, with some room: about a place that all rows share
# in one direction, no less is shown of it.
_TOLD_APART = 2.0**-16
# Coordinates whose largest is between these can be squared, and the view can be ten thousand times
# as wide as they reach.
_LEAST, _MOST = 2.0**-40, 2.0**50
FARTHEST = 2.0**60  # what lies beyond, in the unit of what is drawn, is not drawn
_EASE = 0.3  # share of the way that a live map's range closes in with each frame


def bounds_of(coordinates: F32, *, whole: bool = False) -> QRectF:
    """The rectangle of the map that shows the rows, in a 3-D map from every side.

    coordinates: float32 (rows, 2 or 3), NaN for rows without a place. whole: also the few rows
    that lie far out, as `extent` has it.
    """
    if coordinates.shape[1] == 3:
        radius = reach(coordinates, whole=whole) or 1.0
        return _widened(-radius, -radius, radius, radius)
    if not np.isfinite(coordinates).all(axis=1).any():
        return QRectF(-1, -1, 2, 2)
    low, high = extent(coordinates, whole=whole)
    return _widened(*low.tolist(), *high.tolist())


def unit_of(coordinates: F32) -> float:
    """The power of two to divide coordinates by, so that what is drawn can be worked out in
    float32: 1 unless the numbers are very large or very small.

    coordinates: float32 (rows, axes), NaN for rows without a place.
    """
    flat = coordinates.ravel()
    largest = max(float(np.fmax.reduce(flat, initial=0)), -float(np.fmin.reduce(flat, initial=0)))
    if not 0 < largest < np.inf or _LEAST <= largest <= _MOST:
        return 1.0
    # What is small beside a few huge numbers is to stay a number itself.
    return float(2.0 ** np.floor(np.log2(largest / (_MOST if largest > 1 else 1))))


class Goal:
    """What is to be seen when the view is fitted: most rows, or, when it is `wide`, all."""

    def __init__(self, ghost: GhostMark) -> None:
        self.wide = False
        self._ghost = ghost
        self._most = self._all = QRectF(-1, -1, 2, 2)

    def measure(self, coordinates: F32, isolated: I64 | None, *, locked: bool) -> None:
        """coordinates: float32 (rows, 2 or 3). isolated: the rows shown, None for all. locked:
        whether both directions have one scale; where each is a measure of its own, rows that lie
        far out are those it is about."""
        shown = coordinates if isolated is None else coordinates[isolated]
        self._all = bounds_of(shown, whole=True)
        self._most = bounds_of(shown) if locked else self._all

    @property
    def rect(self) -> QRectF:
        """The rectangle, with the ghost in it when it is wide."""
        return self._ghost.joined(self._all) if self.wide else self._most

    def zoom(self, view: QRectF) -> float:
        """How much larger the rows are in a view than in one that is fitted."""
        return max(self._most.width() / view.width(), self._most.height() / view.height())


def eased(now: QRectF, goal: QRectF) -> QRectF:
    """The next range on the way: grows at once to hold the goal, shrinks little by little."""
    near = QRectF(
        now.topLeft() + (goal.topLeft() - now.topLeft()) * _EASE,
        now.bottomRight() + (goal.bottomRight() - now.bottomRight()) * _EASE,
    )
    return near.united(goal)


def _widened(left: float, low: float, right: float, high: float) -> QRectF:
    """The rectangle with a margin; never without width or height."""
    width, height = right - left, high - low
    centre_x, centre_y = (left + right) / 2, (low + high) / 2
    usual = width or height or 1.0
    width = width or max(usual, abs(centre_x) * _TOLD_APART)
    height = height or max(usual, abs(centre_y) * _TOLD_APART)
    width, height = width * (1 + 2 * _MARGIN), height * (1 + 2 * _MARGIN)
    return QRectF(centre_x - width / 2, centre_y - height / 2, width, height)
