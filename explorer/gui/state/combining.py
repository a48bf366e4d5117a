"""What becomes of a selection when rows are selected beside, out of or within it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from explorer.errors import ParameterError

Rows = npt.NDArray[np.int64]


def combined(selected: Rows, rows: Rows, how: str) -> Rows:
    """The selection afterwards, int64: what stays keeps its order, what comes is behind it.

    how: "replace" selects the rows alone, "add" also, "remove" no longer, "intersect" only those
    selected before, "toggle" adds those that were not and takes out those that were. Raises
    ParameterError for another word.
    """
    if how == "replace":
        return rows
    again = np.isin(selected, rows)
    if how == "remove":
        return selected[~again]
    if how == "intersect":
        return selected[again]
    if how not in ("add", "toggle"):
        raise ParameterError(f"Rows are not selected by {how!r}.")
    stays = selected if how == "add" else selected[~again]
    return np.concatenate([stays, np.setdiff1d(rows, selected)])
