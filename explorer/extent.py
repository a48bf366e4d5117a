"""How far a map reaches: the box around its rows, with or without the few that lie far out."""

from __future__ import annotations

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
    placed = coordinates[np.isfinite(coordinates).all(axis=1)]
    if not len(placed):
        nothing = np.zeros(coordinates.shape[1], np.float32)
        return nothing, nothing
    least, most = placed.min(axis=0), placed.max(axis=0)
    if whole or len(placed) < _FEW_ROWS:
        return least, most
    # Rounded inwards, so that in a small map too the outermost row is beyond.
    start = np.percentile(placed, _SHARES[0], axis=0, method="higher").astype(np.float32)
    stop = np.percentile(placed, _SHARES[1], axis=0, method="lower").astype(np.float32)
    span = stop - start
    low = np.where(start - least > _FAR * span, start - _ROOM * span, least)
    high = np.where(most - stop > _FAR * span, stop + _ROOM * span, most)
    return np.where(span > 0, low, least), np.where(span > 0, high, most)
