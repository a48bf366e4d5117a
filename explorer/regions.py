"""Which rows lie where: geometry on (rows, 2) coordinates and nothing else.

Rows with a NaN coordinate have no place, so nothing here ever selects them.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Points = npt.NDArray[np.floating]
Rows = npt.NDArray[np.int64]


def rows_in_box(points: Points, first: tuple[float, float], second: tuple[float, float]) -> Rows:
    """Rows inside the box between two opposite corners, its border included, ascending int64.

    points: float (rows, 2).
    """
    low = np.minimum(first, second)
    high = np.maximum(first, second)
    x, y = points[:, 0], points[:, 1]
    inside = (x >= low[0]) & (x <= high[0]) & (y >= low[1]) & (y <= high[1])
    return np.flatnonzero(inside)


def rows_in_polygon(points: Points, corners: Sequence[tuple[float, float]]) -> Rows:
    """Rows inside a closed polygon by the even-odd rule, ascending int64.

    points: float (rows, 2). corners: at least 3; the last is joined to the first. The polygon may
    cross itself; what it surrounds twice is outside.

    Each edge looks only at the rows between its two heights, found in one sorted list, so a lasso
    of hundreds of corners costs little more than one of ten (crossing number: Shimrat 1962).
    """
    if len(corners) < 3:
        return np.empty(0, np.int64)
    polygon = np.asarray(corners, dtype=np.float64)
    near = rows_in_box(points, tuple(polygon.min(axis=0)), tuple(polygon.max(axis=0)))
    by_height = near[np.argsort(points[near, 1], kind="stable")]
    x = points[by_height, 0].astype(np.float64)
    y = points[by_height, 1].astype(np.float64)
    inside = np.zeros(len(near), dtype=bool)
    for start, stop in zip(polygon, np.roll(polygon, -1, axis=0), strict=True):
        _cross(inside, x, y, start, stop)
    return np.sort(by_height[inside])


def _cross(
    inside: npt.NDArray[np.bool_],
    x: npt.NDArray[np.float64],
    y: npt.NDArray[np.float64],
    start: npt.NDArray[np.float64],
    stop: npt.NDArray[np.float64],
) -> None:
    """Turns `inside` over for the rows that lie left of one edge; y is ascending."""
    (x0, y0), (x1, y1) = (start, stop) if start[1] <= stop[1] else (stop, start)
    # Half open in height: a row level with a corner is counted by one of its two edges.
    span = slice(*np.searchsorted(y, (y0, y1)))
    if y0 < y1:
        edge = x0 + (y[span] - y0) * ((x1 - x0) / (y1 - y0))
        inside[span] ^= x[span] < edge
