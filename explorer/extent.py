"""How far a map reaches: the box around its rows, with or without the few that lie far out."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

F32 = npt.NDArray[np.float32]

_SHARES = (0.5, 99.5)  # percentiles: what lies beyond may be left out
# In spans between the two: how far out is far, and how much room is kept where far rows are left
# out. A normal cloud of 100,000 rows reaches 0.33 spans beyond.
_FAR = 0.4
_ROOM = 0.15
_FEW_ROWS = 50  # of fewer rows none is left out


def extent(coordinates: F32, *, whole: bool = False) -> tuple[F32, F32]:
    """(low, high), float32 (dims,): the corners of the box to be shown.

    coordinates: float32 (rows, dims), NaN for rows without a place. On each side the box holds
    every row, unless a few far ones would squeeze the others together: then it ends at the 0.5th
    or 99.5th percentile, with some room. whole: leave none out.
    All zero where no row has a place.
    """
    placed = _placed(coordinates)
    if not len(placed[0]):
        nothing = np.zeros(coordinates.shape[1], np.float32)
        return nothing, nothing
    ends = [_ends(values, whole=whole) for values in placed]
    low, high = np.array(ends, np.float32).T
    return low, high


def _placed(coordinates: F32) -> list[F32]:
    """The values of each direction of the rows that have a place. A direction at a time: NumPy
    reads long columns twenty times faster than many short rows."""
    columns = [np.ascontiguousarray(column) for column in coordinates.T]
    known = np.isfinite(columns[0])
    for column in columns[1:]:
        known &= np.isfinite(column)
    return columns if known.all() else [column[known] for column in columns]


def _ends(values: F32, *, whole: bool) -> tuple[float, float]:
    least, most = float(values.min()), float(values.max())
    if whole or len(values) < _FEW_ROWS:
        return least, most
    # Rounded inwards, so that in a small map too the outermost row is beyond.
    last = len(values) - 1
    places = math.ceil(_SHARES[0] / 100 * last), math.floor(_SHARES[1] / 100 * last)
    start, stop = np.partition(values, places)[list(places)].tolist()
    span = stop - start
    if not span > 0:
        return least, most
    low = start - _ROOM * span if start - least > _FAR * span else least
    high = stop + _ROOM * span if most - stop > _FAR * span else most
    return low, high
