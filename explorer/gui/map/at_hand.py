"""The rows of a map that stand out."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

I64 = npt.NDArray[np.int64]

NO_ROWS: I64 = np.empty(0, np.int64)


@dataclass(frozen=True, eq=False)
class RowsAtHand:
    """int64 each. The last selected row is the current one.

    neighbors: of the current row, or, where `of_ghost`, of the ghost point. missing: neighbours of
    the current row that the map put far away. false: rows near it on the map that are none.
    """

    selection: I64 = field(default_factory=lambda: NO_ROWS)
    neighbors: I64 = field(default_factory=lambda: NO_ROWS)
    missing: I64 = field(default_factory=lambda: NO_ROWS)
    false: I64 = field(default_factory=lambda: NO_ROWS)
    of_ghost: bool = False

    @property
    def current(self) -> int:
        """The current row, -1 for none."""
        return int(self.selection[-1]) if len(self.selection) else -1

    def with_selection(self, selection: I64, neighbors: I64, *, of_ghost: bool) -> RowsAtHand:
        """Another selection; what was known of the current row goes where that changes."""
        chosen = replace(self, selection=selection, neighbors=neighbors, of_ghost=of_ghost)
        same = chosen.current == self.current
        return chosen if same else replace(chosen, missing=NO_ROWS, false=NO_ROWS)
