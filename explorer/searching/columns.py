"""Short texts byte by byte: the first bytes of all, the second bytes of all that have one, ..."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

_LONGEST = 48  # bytes; few tokens are longer, and each column takes a step


class Columns:
    """rows: int64, the texts of at most 48 bytes, the longest first. bytes: of each place in a
    text, the bytes of all texts that reach so far, in that order."""

    def __init__(self, utf8: npt.NDArray[np.uint8], bounds: npt.NDArray[np.int64]) -> None:
        sizes = np.diff(bounds)
        short = np.flatnonzero(sizes <= _LONGEST)
        self.rows = short[np.argsort(-sizes[short], kind="stable")]
        starts, longer_first = bounds[:-1][self.rows], sizes[self.rows]
        self.bytes: list[bytes] = []
        for place in range(int(longer_first[0]) if len(self.rows) else 0):
            reaching = int(np.searchsorted(-longer_first, -place))
            self.bytes.append(utf8[starts[:reaching] + place].tobytes())
