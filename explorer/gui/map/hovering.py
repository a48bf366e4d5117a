"""What the tip at the mouse says: of a row, or of the ghost point."""

from __future__ import annotations

from explorer.gui.map.ghost import RADIUS, GhostMark
from explorer.gui.map.marks import HoverMark
from explorer.gui.map.naming import Naming
from explorer.gui.map.points import PointLayer
from explorer.tokens import shown

_LONGEST = 60


class Hovering:
    """Shows the tip where it belongs, wherever that goes."""

    def __init__(self, tip: HoverMark, dots: PointLayer, naming: Naming, ghost: GhostMark) -> None:
        self._tip, self._dots, self._naming, self._ghost = tip, dots, naming, ghost
        self._row, self._detail = -1, ""

    def show_row(self, row: int, detail: str = "") -> None:
        """Names a row at its dot; -1 for none."""
        self._row, self._detail = row, detail
        tokens = self._naming.names.tokens
        place = self._dots.position(row) if 0 <= row < len(tokens) else None
        if place is None:
            self._tip.setVisible(False)
            return
        title = shown(tokens[row], _LONGEST)
        self._tip.covered = self._naming.covered
        self._tip.show_at(place, self._dots.radius, title, detail, self._ghost.size)

    def show_ghost(self, wish: bool) -> None:
        """Says what the ghost point is, or no longer."""
        ghost, place = self._ghost.ghost, self._ghost.place
        if wish and place is not None and ghost is not None:
            title = shown(ghost.title, _LONGEST)
            self._tip.covered = self._naming.covered
            self._tip.show_at(place, RADIUS, title, ghost.detail, self._ghost.size)
        elif self._row < 0:
            self._tip.setVisible(False)

    def refresh(self) -> None:
        """The dots lie elsewhere now."""
        if self._row >= 0:
            self.show_row(self._row, self._detail)
