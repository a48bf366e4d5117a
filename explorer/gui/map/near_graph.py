"""The neighbour graph of the selection, drawn over the dots: who is near to whom, in two steps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QLineF, QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget
from typing_extensions import override

from explorer.gui.map.overlay import Overlay
from explorer.gui.map.points import PointLayer

I64 = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Linked:
    """A graph as the map draws it. edges: int64 (m, 2), rows. mutual: bool (m,), whether both have
    each other among their nearest. first: bool (m,), whether an edge starts at a row asked for.
    rows: int64, all rows of the graph, those asked for first, then step by step."""

    rows: I64
    edges: I64
    mutual: Mask
    first: Mask


class GraphLines(Overlay):
    """Lines between the dots of a graph: strong where the rows have each other, thin where only
    one has the other, pale in the second step."""

    def __init__(self, parent: QGraphicsItem | None = None) -> None:
        super().__init__(parent)
        self._linked: Linked | None = None
        self._near: Mask = np.empty(0, np.bool_)
        self._lines: dict[tuple[bool, bool], list[QLineF]] = {}
        self._dots: list[tuple[QPointF, bool]] = []
        self._radius = 3.0

    @property
    def count(self) -> int:
        """How many lines are drawn."""
        return sum(len(lines) for lines in self._lines.values())

    def set_linked(self, linked: Linked | None) -> None:
        """None for no graph. See `place`."""
        self._linked = linked
        if linked is not None:
            self._near = np.isin(linked.rows, linked.edges[linked.first])
        self.update()

    def place(self, dots: PointLayer, size: tuple[float, float]) -> None:
        """Where the dots are now; edges of rows without a dot are not drawn. Does not ask for a
        repaint: it is called on the way to one."""
        self.spread(size)
        self._radius = dots.radius
        self._lines, self._dots = {}, []
        if self._linked is None:
            return
        ends = [dots.positions(side) for side in self._linked.edges.T]
        lines = np.stack([*ends[0], *ends[1]], axis=1)
        kinds = 2 * self._linked.mutual + self._linked.first
        kinds[~np.isfinite(lines).all(axis=1)] = -1
        for kind in range(4):
            some = lines[kinds == kind].tolist()
            self._lines[kind > 1, kind % 2 == 1] = [QLineF(*line) for line in some]
        x, y = dots.positions(self._linked.rows)
        there = np.isfinite(x)
        drawn = zip(x[there].tolist(), y[there].tolist(), self._near[there].tolist(), strict=True)
        self._dots = [(QPointF(right, down), first) for right, down, first in drawn]

    @override
    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        if not self._dots:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for kind in self._lines:  # the strongest last
            painter.setPen(self._pen(*kind))
            painter.drawLines(self._lines[kind])
        painter.setPen(QPen(QColor(*self._colours["background"]), 1.0))
        painter.setBrush(QColor(*self._colours["neighbor"]))
        for place, near in self._dots:
            radius = self._radius + 0.5 if near else 0.8 * self._radius
            painter.drawEllipse(place, radius, radius)

    def _pen(self, mutual: bool, first: bool) -> QPen:
        colour = QColor(*self._colours["neighbor"])
        colour.setAlphaF((0.9 if first else 0.65) if mutual else (0.6 if first else 0.4))
        pen = QPen(colour, 1.8 if mutual else 1.0)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        return pen
