"""Which rows stand at the ends: the highest and the lowest of some scores."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

F32 = npt.NDArray[np.float32]
Rows = npt.NDArray[np.int64]

# Scores whose ends are found first, to leave most of the others out.
_SOME = 10_000


def extremes(scores: npt.NDArray[np.floating], count: int = 10) -> tuple[Rows, F32]:
    """The rows of the `count` highest and the `count` lowest of these scores (rows,).

    Returns (rows, scores), int64 and float32, from the highest to the lowest, equal ones by row;
    rows that are not finite are not among them, and none is there twice.
    """
    finite = np.flatnonzero(np.isfinite(scores))
    if len(finite) > _SOME and 0 < count <= _SOME // 2:
        # Sorting all of a million takes a tenth of a second; what the ends of some of them leave
        # out cannot be at the ends of all.
        values = scores[finite]
        some = np.sort(values[:: len(values) // _SOME])
        finite = finite[(values <= some[count - 1]) | (values >= some[-count])]
    order = finite[np.argsort(-scores[finite], kind="stable")]
    if len(order) > 2 * count:
        order = np.concatenate([order[:count], order[len(order) - count :]])
    return order, scores[order].astype(np.float32)
