"""Which rows are worth a name on the map, and in which order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from explorer.gui.map.points import PointLayer
from explorer.tokens import shown

F32 = npt.NDArray[np.float32]
I64 = npt.NDArray[np.int64]

_LEADERS = 20_000
_CANDIDATES = 300
_NAME_LENGTH = 24
_TILE = (130.0, 60.0)  # pixels: every part of the map of this size is offered a name of its own
_PER_TILE = 5
_TILES = 1 << 20


@dataclass(frozen=True, eq=False)
class Names:
    """What the dots are called. rank: int64 (rows,), 0 for the most important row."""

    tokens: Sequence[str]
    rank: I64

    @staticmethod
    def of(tokens: Sequence[str], importance: npt.NDArray | None) -> Names:
        """importance: number (rows,), high first; None for the order of the rows."""
        rank = np.arange(len(tokens))
        if importance is not None:
            key = np.nan_to_num(np.asarray(importance, np.float64), nan=-np.inf)
            rank = np.empty(len(tokens), np.int64)
            rank[np.argsort(-key, kind="stable")] = np.arange(len(tokens))
        return Names(tokens, rank)


class Candidates:
    """Puts the rows of a map in the order in which they are to be named.

    The order is kept until the scale changes: panning changes none of it.
    """

    def __init__(self) -> None:
        self.names = Names((), np.empty(0, np.int64))
        self._texts: dict[int, str] = {}
        self._leaders: I64 | None = None
        self._drawn = (0, 0, 0)
        self._ordered: I64 | None = None
        self._scale = (0.0, 0.0)

    def set_names(self, names: Names) -> None:
        self.names = names
        self._texts.clear()
        self._leaders = self._ordered = None

    def moved(self) -> None:
        """The rows are drawn in other places; perhaps others are drawn."""
        self._ordered = None

    def text(self, row: int) -> str:
        """What a row is called on the map."""
        if row not in self._texts:
            if len(self._texts) > 50_000:
                self._texts.clear()
            self._texts[row] = shown(self.names.tokens[row], _NAME_LENGTH)
        return self._texts[row]

    def in_view(self, dots: PointLayer, points: F32, scale: tuple[float, float]) -> list[int]:
        """Rows worth a name, best first, at most 300.

        points: float32 (rows, 2), of the map. scale: pixels per unit of the map, across and down.
        """
        if len(dots.rows) > _LEADERS and (seen := dots.visible_rows()) is not None:
            return self._spread(seen, points, scale)[:_CANDIDATES].tolist()
        if self._ordered is None or scale != self._scale:
            self._ordered, self._scale = self._spread(self._some(dots), points, scale), scale
        return self._ordered[dots.in_view(self._ordered)][:_CANDIDATES].tolist()

    def _some(self, dots: PointLayer) -> I64:
        """All rows that are drawn; where they are too many, the most important of them."""
        rows, rank = dots.rows, self.names.rank
        # Turning a map draws the same rows in another order.
        drawn = len(rows), int(rows.sum()), int(np.bitwise_xor.reduce(rows))
        if self._leaders is None or drawn != self._drawn:
            self._drawn = drawn
            rows = rows[rows < len(rank)]
            if len(rows) > _LEADERS:
                rows = rows[np.argpartition(rank[rows], _LEADERS)[:_LEADERS]]
            self._leaders = rows
        return self._leaders

    def _spread(self, rows: I64, points: F32, scale: tuple[float, float]) -> I64:
        rows = rows[rows < len(self.names.rank)]
        return spread(rows, points[rows], self.names.rank[rows], scale)


def spread(rows: I64, points: F32, rank: I64, scale: tuple[float, float]) -> I64:
    """The most important row of each tile of the map, then the second of each, and so on.

    rows: int64, candidates. points: float32 (rows, 2), their map coordinates, finite. rank: int64,
    their importance, 0 first. scale: pixels per unit of the map, across and down.

    Tiles are fixed to the map, not to the window, and halve each time the map is drawn twice as
    large: so panning changes none of this, and who leads a tile still leads after zooming in.
    """
    if not len(rows):
        return rows
    across = _numbers(points[:, 0], _tile(scale[0], _TILE[0]))
    down = _numbers(points[:, 1], _tile(scale[1], _TILE[1]))
    tile = (across * 1_000_003 + down) % _TILES
    by_tile = np.argsort((tile << 32) | rank)
    tile, rank, rows = tile[by_tile], rank[by_tile], rows[by_tile]
    start = np.flatnonzero(np.r_[True, tile[1:] != tile[:-1]])
    turn = np.arange(len(tile)) - np.repeat(start, np.diff(np.r_[start, len(tile)]))
    kept = turn < _PER_TILE
    return rows[kept][np.lexsort((rank[kept], turn[kept]))]


def _numbers(places: F32, tile: float) -> I64:
    """Number of the tile of each place, counted round: it fits an integer however far it is."""
    return np.mod(np.floor(places.astype(np.float64) / tile), _TILES).astype(np.int64)


def _tile(per_unit: float, pixels: float) -> float:
    """The size of a tile in units of the map: a power of two, near so many pixels."""
    return float(2.0 ** np.round(np.log2(pixels / per_unit)))
