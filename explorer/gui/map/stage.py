"""Everything that is drawn on the map, in layers: dots, chosen dots, marks, labels, the tip."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QGraphicsItem

from explorer.gui.map.compass import Compass
from explorer.gui.map.labels import CHOSEN, NEAR, ORDINARY, LabelLayer
from explorer.gui.map.marks import HoverMark, SelectionMarks, ring_strength
from explorer.gui.map.points import Frame, PointLayer, fitting_radius
from explorer.palettes import Colouring, map_colours
from explorer.tokens import shown

F32 = npt.NDArray[np.float32]
I64 = npt.NDArray[np.int64]

_NAME_LENGTH = 24
_TIP_LENGTH = 60
_NAMED = 40  # selected rows that are named first
_BOLD = 12  # a larger selection is named in a lighter hand
_LEADERS = 20_000
_CANDIDATES = 600
_TILE = (130.0, 60.0)  # pixels: every part of the map of this size is offered a name of its own
_PER_TILE = 5


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


class Stage:
    """The layers of one map, and the questions put to them."""

    def __init__(self, parent: QGraphicsItem) -> None:
        self.dots = PointLayer(parent)
        self.chosen = PointLayer(parent, transparent=True)
        self.marks = SelectionMarks(parent)
        self.labels = LabelLayer(parent)
        self.tip = HoverMark(parent)
        self.compass = Compass(parent)
        layers = (self.dots, self.chosen, self.marks, self.labels, self.compass, self.tip)
        for height, layer in enumerate(layers):
            layer.setZValue(10 + height)
        self._names = Names((), np.empty(0, np.int64))
        self._points = np.empty((0, 2), np.float32)
        self._depth: F32 | None = None
        self._selection = np.empty(0, np.int64)
        self._neighbors = np.empty(0, np.int64)
        self._size = (0.0, 0.0)
        self._last_scale = (0.0, 0.0)
        self._scale = self._last_scale
        self._hovered: tuple[int, str] = (-1, "")
        self._colouring: Colouring | None = None
        self.stale = True
        self.set_dark(False)

    @property
    def names(self) -> Names:
        return self._names

    @property
    def points(self) -> F32:
        """float32 (rows, 2), as drawn."""
        return self._points

    def set_dark(self, dark: bool) -> None:
        self.colours = map_colours(dark)
        for layer in (self.marks, self.labels, self.compass, self.tip):
            layer.set_colours(self.colours)
        if self._colouring is not None:
            self.set_colouring(self._colouring)

    def set_names(self, names: Names) -> None:
        self._names = names
        self._leaders = np.argsort(names.rank)[:_LEADERS]
        self._touch()

    def set_points(self, points: F32, depth: F32 | None) -> None:
        self._points, self._depth = points, depth
        self.dots.set_points(points, depth)
        self._show_chosen()

    def set_colouring(self, colouring: Colouring) -> None:
        self._colouring = colouring
        for layer in (self.dots, self.chosen):
            layer.set_colouring(colouring, self.colours["background"])

    def set_selection(self, selection: I64, neighbors: I64) -> None:
        """Rows that stand out; the last selected one is the one whose neighbours these are."""
        self._selection, self._neighbors = selection, neighbors
        self._show_chosen()

    def set_frame(self, frame: Frame, zoom: float) -> None:
        radius = fitting_radius(self.dots.count, zoom, frame.width * frame.height)
        self._size = (frame.width, frame.height)
        self.compass.set_height(frame.height)
        for layer in (self.dots, self.chosen):
            layer.set_radius(radius)
            layer.set_frame(frame)
        self._scale = (frame.per_x, frame.per_y)
        self._touch()

    def hover(self, row: int, detail: str = "") -> None:
        """Names a row at its dot, wherever this goes; -1 for none."""
        self._hovered = row, detail
        place = self.dots.position(row) if row >= 0 else None
        if place is None:
            self.tip.setVisible(False)
            return
        title = shown(self._names.tokens[row], _TIP_LENGTH)
        self.tip.show_at(place, self.dots.radius, title, detail, self._size)

    def refresh(self) -> None:
        """Places marks and labels for what is about to be painted."""
        if not self.stale or not self._size[0]:
            return
        self.stale = False
        strength = ring_strength(len(self._selection))
        others = self._selection[:-1] if strength else self._selection[:0]
        self.marks.set_marks(
            self._size,
            self._places(others),
            self._places(self._neighbors),
            self.dots.position(int(self._selection[-1])) if len(self._selection) else None,
            self.dots.radius,
            strength,
        )
        self._arrange_labels()
        if self._hovered[0] >= 0:
            self.hover(*self._hovered)

    def _show_chosen(self) -> None:
        marked = np.zeros(len(self._points), dtype=bool)
        for rows in (self._selection, self._neighbors):
            marked[rows[rows < len(marked)]] = True
        chosen = np.flatnonzero(marked)
        self.chosen.set_points(self._points, self._depth, only=chosen)
        self.dots.set_dimmed(len(chosen) > 0)
        self.labels.paled = len(chosen) > 0
        self._touch()

    def _arrange_labels(self) -> None:
        kinds = self._special()
        first = list(kinds)
        rows = np.array([*first, *self._ordinary(kinds)], dtype=np.int64)
        rows = rows[rows < len(self._names.tokens)]
        x, y = self.dots.positions(rows)
        seen = np.isfinite(x) & (x >= 0) & (x <= self._size[0]) & (y >= 0) & (y <= self._size[1])
        candidates = [
            (row, shown(self._names.tokens[row], _NAME_LENGTH), kinds.get(row, ORDINARY))
            for row in rows[seen].tolist()
        ]
        self.labels.arrange(self._size, candidates, x[seen], y[seen], self.dots.radius)
        self._last_scale = self._scale

    def _special(self) -> dict[int, int]:
        """Rows named before all others, and how: the current one, others selected, neighbours."""
        kinds = dict.fromkeys(self._selection[-1:].tolist(), CHOSEN)
        few = len(self._selection) <= _BOLD
        for row in self._selection[::-1][:_NAMED].tolist():
            kinds.setdefault(row, CHOSEN if few else NEAR)
        for row in self._neighbors.tolist():
            kinds.setdefault(row, NEAR)
        return kinds

    def _ordinary(self, kinds: dict[int, int]) -> list[int]:
        """Rows worth a label, best first; while panning, those that have one lead."""
        visible = self.dots.visible_rows()
        rows = self._spread(self._leaders if visible is None else visible)
        if self._scale == self._last_scale:
            rows = [label.row for label in self.labels.labels] + rows
        return [row for row in dict.fromkeys(rows) if row not in kinds]

    def _spread(self, rows: I64) -> list[int]:
        """The most important row of each tile of the map, then the second of each, and so on.

        Tiles are fixed to the map, not to the window, so panning changes none of this.
        """
        points = self._points[rows]
        rows = rows[np.isfinite(points[:, 0])]
        points = points[np.isfinite(points[:, 0])]
        across = np.floor(points[:, 0] * (self._scale[0] / _TILE[0])).astype(np.int64)
        down = np.floor(points[:, 1] * (self._scale[1] / _TILE[1])).astype(np.int64)
        tile = (across * 1_000_003 + down) % (1 << 20)
        rank = self._names.rank[rows]
        by_tile = np.argsort((tile << 32) | rank)
        tile, rank, rows = tile[by_tile], rank[by_tile], rows[by_tile]
        first = np.r_[True, tile[1:] != tile[:-1]] if len(tile) else np.empty(0, bool)
        start = np.flatnonzero(first)
        turn = np.arange(len(tile)) - np.repeat(start, np.diff(np.r_[start, len(tile)]))
        kept = turn < _PER_TILE
        order = np.lexsort((rank[kept], turn[kept]))[:_CANDIDATES]
        chosen: list[int] = rows[kept][order].tolist()
        return chosen

    def _places(self, rows: Sequence[int] | I64) -> list[QPointF]:
        places = (self.dots.position(int(row)) for row in rows)
        return [place for place in places if place is not None]

    def _touch(self) -> None:
        self.stale = True
        for layer in (self.marks, self.labels):
            layer.update()
