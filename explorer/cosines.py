"""The cosine of one row with every row of a table, as stored: what colours a map live."""

from __future__ import annotations

import numpy as np

from explorer.parallel import over_blocks
from explorer.progress import Progress, Report, silent
from explorer.vectors import F32, Vectors

_NUMBERS = 2**20  # in a block: 4 MiB of float32, which stays near the core that reads it
_ALONE = 2**18  # fewer numbers than this are done before threads have started


def cosines(vectors: Vectors, row: int, report: Report = silent) -> F32:
    """Cosine similarity of every row with `row`, float32 (rows,) in [-1, 1].

    NaN for rows without a direction (zeros), or with NaN, infinite numbers or such as float32 does
    not hold; for every row where `row` itself is one. One pass over the table, block by block; no
    copy of it is made. The error is that of a float32 dot product.
    """
    found = np.full(len(vectors), np.nan, dtype=np.float32)
    query = vectors.exact(row).astype(np.float64)
    norms = vectors.norms
    if not 0 < norms[row] < np.inf:
        return found
    direction = (query / norms[row]).astype(np.float32)
    size = max(1, _NUMBERS // max(1, vectors.dim))

    def fill(start: int, stop: int) -> None:
        with np.errstate(all="ignore"):
            found[start:stop] = (vectors.slice(start, stop) @ direction) / norms[start:stop]

    if len(vectors) * vectors.dim <= _ALONE:
        for start in range(0, len(vectors), size):
            report(Progress(start, len(vectors), "Comparing"))
            fill(start, min(start + size, len(vectors)))
    else:
        over_blocks(len(vectors), size, fill, report, "Comparing")
    found[~np.isfinite(found)] = np.nan
    return np.clip(found, -1, 1, out=found)
