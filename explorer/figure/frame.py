"""From coordinates to places on the page: a 3-D map is turned first, and scales are alike on both
axes, so that distances are true in every direction."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import product

import numpy as np
import numpy.typing as npt

from explorer.extent import extent
from explorer.figure.look import FigureParams
from explorer.figure.paper import Box

F32 = npt.NDArray[np.float32]
F64 = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

# Share of the frame that stays empty around the outermost dots.
_AIR = 0.035


@dataclass(frozen=True, eq=False)
class View:
    """A map as it is seen: what lies where before it has a place on the page.

    flat: float64 (rows, 2), NaN for rows without a place. depth: float64 (rows,), near is high;
        None for a map of two axes. low, high: corners of what is to be shown, (2,).
    box: float64 (8, 2), corners of the box around a 3-D map, in the order of binary numbers.
    directions: float64 (axes, 3), where each axis points: right, up, near. middle: float64 (axes,),
        what a 3-D map is turned about.
    """

    flat: F64
    low: F64
    high: F64
    depth: F64 | None = None
    box: F64 | None = None
    directions: F64 | None = None
    middle: F64 | None = None

    def flat_of(self, place: F32) -> F64:
        """Where a place of the map, (axes,), is seen, float64 (2,)."""
        if self.directions is None or self.middle is None:
            return place.astype(np.float64)
        turned: F64 = (place - self.middle) @ self.directions
        return turned[:2]


def view_of(coordinates: F32, rotation: F64, *, whole: bool = False) -> View:
    """The map seen along its third axis after `rotation`, float64 (3, 3), whose rows are screen
    right, screen up and towards the eye. Two axes are seen as they are.

    The few rows that lie far from all others may be outside of `low` and `high`; whole: never.
    """
    low, high = (corner.astype(np.float64) for corner in extent(coordinates, whole=whole))
    if coordinates.shape[1] == 2:
        return View(coordinates.astype(np.float64), low, high)
    middle = (low + high) / 2
    turned = (coordinates - middle) @ rotation.T
    corners = (np.array(list(product(*zip(low, high, strict=True)))) - middle) @ rotation.T
    box = corners[:, :2]
    return View(
        turned[:, :2],
        box.min(axis=0),
        box.max(axis=0),
        turned[:, 2],
        box,
        rotation.T.copy(),
        middle,
    )


def rotation_of(params: FigureParams) -> F64:
    """The rotation (3, 3) of the angles of a figure."""
    return _about(0, np.radians(params.elevation)) @ _about(1, np.radians(params.azimuth))


def _about(axis: int, angle: float) -> F64:
    """Rotation about the screen's x (0) or y (1) axis, by radians."""
    cos, sin = np.cos(angle), np.sin(angle)
    if axis == 0:
        return np.array([[1, 0, 0], [0, cos, -sin], [0, sin, cos]])
    return np.array([[cos, 0, sin], [0, 1, 0], [-sin, 0, cos]])


@dataclass(frozen=True, eq=False)
class Frame:
    """A view within a rectangle of the page."""

    view: View
    box: Box

    @cached_property
    def scale(self) -> float:
        """Points of the page in one unit of the map."""
        span = self.view.high - self.view.low
        room = np.array([self.box.width, self.box.height]) * (1 - 2 * _AIR)
        wide = span > 0
        # Where all rows lie in one place, the frame holds one unit about it.
        return float((room[wide] / span[wide]).min() if wide.any() else room.min())

    def place(self, flat: F64) -> F64:
        """Points of the page (n, 2) for places of the view (n, 2)."""
        centre = np.array(
            [self.box.left + self.box.width / 2, self.box.bottom + self.box.height / 2]
        )
        placed: F64 = (flat - (self.view.low + self.view.high) / 2) * self.scale + centre
        return placed

    @cached_property
    def points(self) -> F64:
        """Where each row is on the page, (rows, 2); NaN without a place."""
        return self.place(self.view.flat)

    @cached_property
    def inside(self) -> Mask:
        """Rows that lie within the rectangle, (rows,)."""
        x, y = self.points.T
        with np.errstate(invalid="ignore"):
            across = (x >= self.box.left) & (x <= self.box.right)
            within: Mask = across & (y >= self.box.bottom) & (y <= self.box.top)
        return within

    @property
    def beyond(self) -> int:
        """How many rows with a place lie outside of the rectangle."""
        return int(np.isfinite(self.points).all(axis=1).sum() - self.inside.sum())

    def span(self, axis: int) -> tuple[float, float]:
        """What the rectangle holds of an axis of the map (0 or 1), in the map's units."""
        middle = float(self.view.low[axis] + self.view.high[axis]) / 2
        half = (self.box.height if axis else self.box.width) / 2 / self.scale
        return middle - half, middle + half
