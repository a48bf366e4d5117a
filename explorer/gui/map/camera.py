"""Looking at a 3-D map: a rotation of its coordinates, drawn by the same flat layers."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from explorer.extent import extent

F32 = npt.NDArray[np.float32]

_TURN_PER_PIXEL = 0.008  # radians: a drag across half a window turns the map half round


class Camera:
    """An orientation. Rows of `rotation` are screen right, screen up and towards the eye."""

    def __init__(self) -> None:
        self.rotation = _about(0, -0.35) @ _about(1, 0.6)
        self._columns = np.empty((3, 0), np.float32)
        self._middle = np.zeros(3, np.float32)

    def centre_on(self, coordinates: F32) -> None:
        """Looks at these rows, float32 (rows, 3), NaN for rows without a place, and turns about
        their middle from now on."""
        self._middle = middle(coordinates)
        self._columns = np.ascontiguousarray((coordinates - self._middle).T)

    def turn(self, dx: float, dy: float) -> None:
        """Turns by a drag of (dx, dy) pixels, y downwards, about the axes of the screen."""
        self.rotation = (
            _about(0, dy * _TURN_PER_PIXEL) @ _about(1, dx * _TURN_PER_PIXEL) @ (self.rotation)
        )

    def look(self) -> tuple[F32, F32]:
        """(points, depth): float32 (rows, 2) on the screen and float32 (rows,), near is high."""
        points = np.empty((self._columns.shape[1], 2), np.float32)
        for axis in (0, 1):
            points[:, axis] = self._along(axis)
        return points, self._along(2)

    def flat(self, place: F32) -> F32:
        """Where a point, float32 (3,), lies on the screen, as `look` has the rows: float32 (2,);
        one of a flat map, float32 (2,), where it is."""
        if len(place) == 2:
            return place
        turned: F32 = (self.rotation[:2] @ (place - self._middle)).astype(np.float32)
        return turned

    def _along(self, axis: int) -> F32:
        """Places along an axis of the screen. By hand: a product of matrices as thin as these
        costs BLAS more in waking its threads than in work."""
        first, second, third = self.rotation[axis].astype(np.float32)
        place = first * self._columns[0]
        place += second * self._columns[1]
        place += third * self._columns[2]
        return place


def middle(coordinates: F32) -> F32:
    """Centre of the box around the placed rows but those far out, float32 (dims,)."""
    low, high = extent(coordinates)
    return ((low + high) / 2).astype(np.float32)


def reach(coordinates: F32, *, whole: bool = False) -> float:
    """Radius of the ball about `middle` that holds the placed rows; whole: those far out too."""
    right, up, near = (coordinates - middle(coordinates)).T
    distance = np.hypot(np.hypot(right, up), near)  # no square, which could overflow
    return float(extent(distance[:, None], whole=whole)[1][0])


def _about(axis: int, angle: float) -> npt.NDArray[np.float64]:
    """Rotation about the screen's x (0) or y (1) axis."""
    cos, sin = np.cos(angle), np.sin(angle)
    if axis == 0:
        return np.array([[1, 0, 0], [0, cos, -sin], [0, sin, cos]])
    return np.array([[cos, 0, sin], [0, 1, 0], [-sin, 0, cos]])
