"""A ghost point: where a vector that is in no row of the table belongs on the map."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget
from typing_extensions import override

from explorer.gui.map.frame import Frame
from explorer.gui.map.overlay import Overlay
from explorer.palettes import Rgb

F32 = npt.NDArray[np.float32]

RADIUS = 7.0  # pixels
_CROSS = 3.5
_REACH = 9.0
_EDGE = 14.0  # from the edge of the map to the arrow that points to a ghost beyond it
_MARGIN = 10.0
_ROOM = 0.04  # of a view that is made to hold a ghost, at each side
_RIM = 4.0  # so near the edge it would be cut off


@dataclass(frozen=True, eq=False)
class Ghost:
    """title: what it is. detail: how its place was found. place: float32 (2 or 3,), map
    coordinates; None where it has none, for the reason in `refusal`."""

    title: str
    detail: str = ""
    place: F32 | None = None
    refusal: str = ""


class GhostMark(Overlay):
    """A broken ring with a cross in it; at the edge, an arrow to one that lies beyond it; below, a
    line on one that has no place."""

    def __init__(self, parent: QGraphicsItem | None = None) -> None:
        super().__init__(parent)
        # Where on the flat picture a place of the map is drawn, float32 (2,).
        self.flat: Callable[[F32], F32] = lambda place: place
        self._ghost: Ghost | None = None
        self._frame: Frame | None = None
        self._place: QPointF | None = None
        self._font = QFont()
        self._font.setPixelSize(11)

    @property
    def ghost(self) -> Ghost | None:
        """What is marked."""
        return self._ghost

    @property
    def place(self) -> QPointF | None:
        """Where it lies, pixels, on the map or beyond its edge; None for nowhere."""
        return self._place

    @property
    def name(self) -> tuple[str, float, float] | None:
        """What it is called and where it lies, pixels, if it can be seen."""
        if self._ghost is None or self._place is None or not self.seen:
            return None
        return self._ghost.title, self._place.x(), self._place.y()

    @property
    def seen(self) -> bool:
        """Whether it lies within the map."""
        inside = QRectF(0, 0, *self.size).adjusted(_RIM, _RIM, -_RIM, -_RIM)
        return self._place is not None and inside.contains(self._place)

    def holds(self, place: QPointF) -> bool:
        """Whether the mouse is on it."""
        if self._place is None or not self.seen:
            return False
        away = place - self._place
        return math.hypot(away.x(), away.y()) <= _REACH

    def set_ghost(self, ghost: Ghost | None) -> None:
        """None for none."""
        self._ghost = ghost
        self.moved()

    def joined(self, view: QRectF) -> QRectF:
        """A part of the map, and so much beside it that the ghost is in it too."""
        if self._ghost is None or self._ghost.place is None:
            return view
        place = QPointF(*(float(one) for one in self.flat(self._ghost.place)))
        if view.contains(place):
            return view
        both = QRectF(
            QPointF(min(view.left(), place.x()), min(view.top(), place.y())),
            QPointF(max(view.right(), place.x()), max(view.bottom(), place.y())),
        )
        wide, high = _ROOM * both.width(), _ROOM * both.height()
        return both.adjusted(-wide, -high, wide, high)

    def set_frame(self, frame: Frame) -> None:
        self.spread((frame.width, frame.height))
        self._frame = frame
        self.moved()

    def moved(self) -> None:
        """It is drawn elsewhere, or another one is: the map was turned, or looked at otherwise."""
        ghost, frame, self._place = self._ghost, self._frame, None
        if ghost is not None and ghost.place is not None and frame is not None:
            x, y = frame.pixels(self.flat(ghost.place))
            if np.isfinite(x + y):
                self._place = QPointF(float(x), float(y))
        self.setVisible(ghost is not None)
        self.update()

    @override
    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if self._place is None:
            self._write_refusal(painter)
        elif self.seen:
            draw_ghost(painter, self._place, self._colours)
        else:
            self._draw_arrow(painter, self._place)

    def _draw_arrow(self, painter: QPainter, place: QPointF) -> None:
        """Points from the edge of the map to where the ghost lies."""
        width, height = self.size
        middle = QPointF(width / 2, height / 2)
        inside = QRectF(0, 0, width, height).adjusted(_EDGE, _EDGE, -_EDGE, -_EDGE)
        away = place - middle
        share = min(
            inside.width() / 2 / max(abs(away.x()), 1e-9),
            inside.height() / 2 / max(abs(away.y()), 1e-9),
        )
        tip, angle = middle + away * share, math.atan2(away.y(), away.x())
        corners = [tip + _towards(angle + turn) * 8.0 for turn in (0.0, 2.5, -2.5)]
        painter.setPen(QPen(QColor(*self._colours["halo"], 220), 2))
        painter.setBrush(QColor(*self._colours["selected"]))
        painter.drawPolygon(QPolygonF(corners))

    def _write_refusal(self, painter: QPainter) -> None:
        painter.setFont(self._font)
        metrics = QFontMetricsF(self._font)
        room = self.size[0] - 2 * _MARGIN
        refusal = "" if self._ghost is None else self._ghost.refusal
        if not refusal:
            return
        text = metrics.elidedText(refusal, Qt.TextElideMode.ElideRight, room)
        base = QPointF(_MARGIN, self.size[1] - _MARGIN)
        ground = QRectF(base.x(), base.y(), metrics.horizontalAdvance(text), 0)
        ground.adjust(-4, -metrics.ascent() - 2, 4, metrics.descent() + 2)
        painter.fillRect(ground, QColor(*self._colours["background"], 225))
        painter.setPen(QColor(*self._colours["text"]))
        painter.drawText(base, text)


def draw_ghost(painter: QPainter, place: QPointF, colours: Mapping[str, Rgb]) -> None:
    """The mark of a ghost, about a place in pixels, in the map's colours."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    halo = QPen(QColor(*colours["halo"], 220), 4.5)
    line = QPen(QColor(*colours["selected"]), 1.8)
    for pen in (halo, line):
        painter.setPen(pen)
        for dx, dy in ((_CROSS, 0.0), (0.0, _CROSS)):
            painter.drawLine(place - QPointF(dx, dy), place + QPointF(dx, dy))
        if pen is line:
            pen.setStyle(Qt.PenStyle.CustomDashLine)
            pen.setDashPattern([2.2, 1.5])
            painter.setPen(pen)
        painter.drawEllipse(place, RADIUS, RADIUS)


def _towards(angle: float) -> QPointF:
    return QPointF(math.cos(angle), math.sin(angle))
