"""What is named on the map: what stands out, what was asked for, then what fits."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QRectF

from explorer.gui.map.at_hand import NO_ROWS, RowsAtHand
from explorer.gui.map.candidates import Candidates, Names
from explorer.gui.map.labels import CHOSEN, NEAR, ORDINARY, Label, LabelLayer
from explorer.gui.map.points import PointLayer
from explorer.tokens import shown

F32 = npt.NDArray[np.float32]
I64 = npt.NDArray[np.int64]

_NAMED = 40  # selected rows that are named first
_NEAREST = 100  # neighbours that are; a thousand would take a tenth of a second to place
GHOST = -1  # what a label of the ghost point has for its row
_GHOST_LENGTH = 48
_FEW = 600  # dots in view: as many are named as have room beside the dots
_OFFERED = 300  # ordinary names at once
_LOOKED_THROUGH = 20_000  # rows; of more, those that were drawn are asked for
_BOLD = 12  # a larger selection is named in a lighter hand


class Naming:
    """Fills the layer of labels with the names of dots."""

    def __init__(self, labels: LabelLayer, dots: PointLayer) -> None:
        self._labels, self._dots = labels, dots
        self._candidates = Candidates()
        self._asked: I64 = NO_ROWS
        self._context: frozenset[int] = frozenset()
        self._linked: I64 = NO_ROWS
        self._ordinary_too = True
        self._last_scale = (0.0, 0.0)
        self._were_few = False

    @property
    def names(self) -> Names:
        return self._candidates.names

    @property
    def covered(self) -> QRectF:
        """What lies over the map, pixels: neither names nor tips are put under it."""
        return self._labels.covered

    def set_names(self, names: Names) -> None:
        self._candidates.set_names(names)
        self._labels.forget_places()

    def set_rows(self, rows: I64) -> None:
        """Rows that are named before all but the selected ones and their neighbours."""
        self._asked = rows
        self._context = frozenset(rows.tolist())

    def of_context(self, label: Label) -> bool:
        """Whether the name is of a row that neither was selected nor answers to one that was."""
        return label.kind == ORDINARY or (label.kind == NEAR and label.row in self._context)

    def set_linked(self, rows: I64) -> None:
        """Rows of a graph, the first of which are named before those asked for."""
        self._linked = rows[:_NEAREST]

    def set_shown(self, wish: bool) -> None:
        """Whether rows are named that neither stand out nor were asked for."""
        self._ordinary_too = wish

    def moved(self) -> None:
        """The dots lie elsewhere now, or others are drawn."""
        self._candidates.moved()

    def arrange(
        self,
        points: F32,
        rows: RowsAtHand,
        size: tuple[float, float],
        scale: tuple[float, float],
        ghost: tuple[str, float, float] | None = None,
    ) -> None:
        """Places labels. points: float32 (rows, 2), as drawn. size: of the view, pixels. scale:
        pixels per unit of the map, across and down. ghost: name and place, pixels, of the ghost
        point, which is named before all others."""
        # Moving a map changes its scale too, by a rounding.
        pairs = zip(scale, self._last_scale, strict=True)
        steady = all(math.isclose(now, before, rel_tol=1e-6) for now, before in pairs)
        scale = self._last_scale if steady else scale
        kinds = self._special(rows)
        ordinary = self._ordinary(points, scale) if self._ordinary_too else []
        few = self._few_in_view(steady) if self._ordinary_too else None
        self._were_few = few is not None
        every = () if few is None else few.tolist()
        ordinary = list(dict.fromkeys([*ordinary, *every]))[:_OFFERED]
        wanted = np.array(list(dict.fromkeys([*kinds, *ordinary])), dtype=np.int64)
        wanted = wanted[wanted < min(len(self.names.tokens), len(points))]
        wanted = wanted[self._dots.in_view(wanted)]
        x, y = self._dots.positions(wanted)
        candidates = [
            (row, self._candidates.text(row), kinds.get(row, ORDINARY)) for row in wanted.tolist()
        ]
        if ghost is not None:
            name, right, down = ghost
            candidates.insert(0, (GHOST, shown(name, _GHOST_LENGTH), CHOSEN))
            x, y = np.insert(x, 0, right), np.insert(y, 0, down)
        dots = None if few is None else self._dots.positions(few)
        self._labels.arrange(size, candidates, x, y, self._dots.radius, dots, steady=steady)
        self._last_scale = scale

    def _few_in_view(self, steady: bool) -> I64 | None:
        """The rows in view, the most important first; None where they are not few. While the map
        is only moved (steady), a few stay few up to twice as many: names are not to come and go."""
        dots, rank = self._dots, self.names.rank
        rows = dots.rows if len(dots.rows) <= _LOOKED_THROUGH else dots.visible_rows()
        if rows is None:
            return None
        rows = rows[dots.in_view(rows) & (rows < len(rank))]
        most = 2 * _FEW if steady and self._were_few else _FEW
        return rows[np.argsort(rank[rows])] if len(rows) <= most else None

    def _special(self, rows: RowsAtHand) -> dict[int, int]:
        """Rows named before all others, and how: the current one, others selected, neighbours,
        those of a graph, then those asked for."""
        kinds = dict.fromkeys(rows.selection[-1:].tolist(), CHOSEN)
        few = len(rows.selection) <= _BOLD
        for row in rows.selection[::-1][:_NAMED].tolist():
            kinds.setdefault(row, CHOSEN if few else NEAR)
        near = rows.neighbors[:_NEAREST]
        for others in (near, rows.missing, rows.false, self._linked, self._asked):
            for row in others.tolist():
                kinds.setdefault(row, NEAR)
        return kinds

    def _ordinary(self, points: F32, scale: tuple[float, float]) -> list[int]:
        """Rows worth a name, best first; but those that have one lead, unless one zooms out."""
        ordered = self._candidates.in_view(self._dots, points, scale)
        if scale >= self._last_scale:
            kept = [label.row for label in self._labels.labels if label.kind == ORDINARY]
            ordered = kept + ordered
        return ordered
