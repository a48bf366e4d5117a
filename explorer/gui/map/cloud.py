"""The rows of a map that have a place, in the order in which they are drawn."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

F32 = npt.NDArray[np.float32]
I64 = npt.NDArray[np.int64]

_DEPTHS = 65_535  # steps of depth: sixteen bits are what NumPy sorts by radix


class Cloud:
    """Map coordinates of rows. The last one drawn lies on top.

    xy: float32 (2, drawn). rows: int64 (drawn,), the row of each. depth: float32 (drawn,), high is
    near; None for a flat map. All in drawing order.
    """

    def __init__(self) -> None:
        self.xy: F32 = np.empty((2, 0), np.float32)
        self.rows: I64 = np.empty(0, np.int64)
        self.depth: F32 | None = None
        self._places: I64 = np.empty(0, np.int64)  # row -> drawing order, -1 without a place

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def table_rows(self) -> int:
        """How many rows there are, those without a place included."""
        return len(self._places)

    def set_points(self, points: F32, depth: F32 | None, only: I64 | None) -> None:
        """points: float32 (rows, 2), NaN for rows without a place. depth: float32 (rows,), drawn
        from low (far) to high (near); None for a fixed shuffle, so that no part of the table
        always lies on top. only: the rows to draw, ascending; None for all."""
        placed = _placed(points, only)
        if depth is not None:
            self.rows = placed[_by_depth(depth[placed])]
        elif self.depth is not None or not self._same(placed, len(points)):
            self.rows = placed[np.random.default_rng(0).permutation(len(placed))]
        self.xy = np.stack([np.take(points[:, axis], self.rows) for axis in (0, 1)])
        self.depth = None if depth is None else depth[self.rows]
        self._places = np.full(len(points), -1, np.int64)
        self._places[self.rows] = np.arange(len(self.rows))

    def place(self, row: int) -> int:
        """Where in the drawing order a row is; -1 for one that is not drawn."""
        return int(self._places[row]) if 0 <= row < len(self._places) else -1

    def places(self, rows: I64) -> I64:
        """`place` of several rows, each below `table_rows`."""
        return self._places[rows]

    def nearness(self, drawn: I64) -> F32:
        """How near these are, in [0, 1], 1 for the nearest of the map; a flat map is all near."""
        if self.depth is None or not len(drawn):
            return np.ones(len(drawn), np.float32)
        low, high = float(self.depth.min()), float(self.depth.max())
        return (self.depth[drawn] - np.float32(low)) / np.float32(max(high - low, 1e-30))

    def _same(self, placed: I64, count: int) -> bool:
        """Whether these rows, ascending, are the ones drawn now."""
        if len(placed) != len(self.rows) or count != len(self._places):
            return False
        return bool((self._places[placed] >= 0).all())


def _placed(points: F32, only: I64 | None) -> I64:
    """Rows, ascending, that have a place."""
    some = points if only is None else points[only]
    # Whether x + y is finite is asked in half the time of asking both; an overflow is no place.
    with np.errstate(over="ignore", invalid="ignore"):
        found = np.flatnonzero(np.isfinite(some[:, 0] + some[:, 1]))
    return found if only is None else only[found]


def _by_depth(depth: F32) -> I64:
    """Order from far to near, by one of 65,536 depths."""
    if not len(depth):
        return np.empty(0, np.int64)
    low, high = float(depth.min()), float(depth.max())
    steps = (depth - np.float32(low)) * np.float32(_DEPTHS / max(high - low, 1e-30))
    return np.argsort(np.minimum(steps, _DEPTHS).astype(np.uint16), kind="stable")
