"""Questions to a table: what a text looks up, what lies near."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from explorer import lookups, nearest
from explorer.lookups import Lookup
from explorer.nearest import Neighbors
from explorer.progress import Report, silent
from explorer.table import Table


def lookup(table: Table, text: str) -> Lookup:
    """What a typed text looks up, piece by piece. Raises InputError for a broken tokenizer."""
    return lookups.lookup(table, text)


def neighbors(
    table: Table,
    query: str | int | npt.NDArray[np.floating[Any]],
    k: int = 10,
    metric: str = "cosine",
    *,
    report: Report = silent,
) -> Neighbors:
    """The k nearest rows of a token, a row number or a vector (dim,), in the raw space.

    Raises NotFoundError for an unknown token, ParameterError for a row or vector without a
    direction or a metric that does not exist.
    """
    row = table.row_of(query) if isinstance(query, str) else query
    return nearest.neighbors(table, row, k, metric, report=report)
