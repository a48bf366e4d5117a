"""How evenly the rows of a table point in all directions."""

from __future__ import annotations

from explorer.cosines import random_cosines
from explorer.errors import ParameterError
from explorer.pipeline.seeds import check_seed
from explorer.progress import Report, silent
from explorer.spaces import parse_space
from explorer.table import Table

_MOST_PAIRS = 100_000_000  # 1.6 GB of row numbers


def mean_random_cosine(
    table: Table, space: str = "raw", *, pairs: int = 10_000, seed: int = 0, report: Report = silent
) -> float:
    """The mean cosine of rows paired at random, in [-1, 1]: the anisotropy of Ethayarajh 2019
    (arXiv:1909.00512). Zero where they point everywhere alike, near one where all lean one way.

    space: as explorer.spaces.parse_space reads it. NaN for a table without two rows that have a
    direction. Raises ParameterError for a space that does not exist, and for no pairs or more than
    a hundred million.
    """
    check_seed(seed)
    if not 1 <= pairs <= _MOST_PAIRS:
        raise ParameterError(
            f"{pairs:,} pairs cannot be drawn.", f"Draw between 1 and {_MOST_PAIRS:,} of them."
        )
    cosines = random_cosines(table.vectors, pairs, seed, report, space=parse_space(space))
    return float(cosines.mean()) if len(cosines) else float("nan")
