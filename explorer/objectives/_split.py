"""The part of a corpus that is held out."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Rows = npt.NDArray[np.int64]


def stratified_split(labels: npt.NDArray[np.int64], share: float, seed: int) -> tuple[Rows, Rows]:
    """(rows to train on, rows to validate on), each shuffled; every label keeps its share.

    share: of the rows to hold out, in [0, 1). A label with one row only is never held out.
    """
    rng = np.random.default_rng(seed)
    training, held_out = [], []
    for label in np.unique(labels):
        rows = rng.permutation(np.flatnonzero(labels == label))
        count = min(round(share * len(rows)), len(rows) - 1)
        held_out.append(rows[:count])
        training.append(rows[count:])
    return rng.permutation(np.concatenate(training)), rng.permutation(np.concatenate(held_out))
