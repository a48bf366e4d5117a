"""The whole table as a picture of some hundred lines, each one row shown as it is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from explorer.progress import Progress, Report, silent
from explorer.table import Table

_LINES, _COLUMNS = 240, 512
_BATCH = 60  # rows between two reports: of a mapped file every row may wait for the disk


@dataclass(frozen=True, eq=False)
class Overview:
    """rows: int64 (lines,), the rows drawn, evenly spread over the table. numbers: float32
    (lines, columns). count, dim: of the table; columns are spread over `dim` likewise."""

    rows: npt.NDArray[np.int64]
    numbers: npt.NDArray[np.float32]
    count: int
    dim: int

    @property
    def words(self) -> str:
        """What is drawn of the table."""
        whole = f"{self.count:,} × {self.dim:,}"
        if len(self.rows) == self.count:
            return f"{whole}, every row drawn"
        return f"{whole}; {len(self.rows):,} rows drawn, evenly spread"


def overview(table: Table, report: Report = silent) -> Overview:
    """Reads no more than _LINES rows, however large the table is."""
    count, dim = len(table), table.dim
    rows = np.unique(np.linspace(0, count - 1, min(count, _LINES)).astype(np.int64))
    columns = np.unique(np.linspace(0, dim - 1, min(dim, _COLUMNS)).astype(np.int64))
    parts = []
    for start in range(0, len(rows), _BATCH):
        report(Progress(start, len(rows), "Drawing the table"))
        parts.append(table.vectors.rows(rows[start : start + _BATCH])[:, columns])
    numbers = np.concatenate(parts) if parts else np.empty((0, len(columns)), np.float32)
    return Overview(rows, numbers, count, dim)
