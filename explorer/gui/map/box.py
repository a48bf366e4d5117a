"""The map's view box: what dragging and the wheel do, by tool."""

from __future__ import annotations

from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QColor, QPainterPath, QPen, QPolygonF
from PySide6.QtWidgets import QGraphicsPathItem
from typing_extensions import override

from explorer.gui.selecting_keys import how_of
from explorer.palettes import Rgb

TOOLS = ("pan", "zoom", "box", "lasso")
_LASSO_STEP = 3.0  # pixels between two corners

Button = Qt.MouseButton


class MapBox(pg.ViewBox):
    """A pyqtgraph view box with four tools. Places are its local pixels.

    swept: (corners as list of (x, y) pixels, what the rows inside do to the selection: "replace",
        "add", "remove" or "toggle") when a box or a lasso is finished; two corners for a box.
    turned: (dx, dy) pixels of a drag that turns a 3-D map.
    """

    swept = Signal(object, str)
    turned = Signal(float, float)

    def __init__(self) -> None:
        super().__init__(enableMenu=False, defaultPadding=0.0)
        self.tool = "pan"
        self.turnable = False
        self._trail: list[tuple[float, float]] = []
        self._given_up = False
        self._band = QGraphicsPathItem(self)
        self._band.setZValue(1000)
        self._band.hide()

    def set_band_colour(self, rgb: Rgb) -> None:
        """Colour of the rubber band and the lasso."""
        pen = QPen(QColor(*rgb), 1.2)
        pen.setCosmetic(True)
        self._band.setPen(pen)
        self._band.setBrush(QColor(*rgb, 28))

    @override
    def mouseDragEvent(self, ev: Any, axis: int | None = None) -> None:
        ev.accept()
        action = self._action(ev.button())
        if action == "turn":
            step = ev.pos() - ev.lastPos()
            self.turned.emit(float(step.x()), float(step.y()))
        elif action == "pan" or axis is not None:
            self._pan(ev)
        else:
            self._sweep(ev, action)

    @override
    def keyPressEvent(self, ev: Any) -> None:
        ev.ignore()  # pyqtgraph's zoom history keys are not ours

    def _action(self, button: Button) -> str:
        if button == Button.LeftButton and not (self.turnable and self.tool == "pan"):
            return self.tool
        turns = self.turnable and button != Button.MiddleButton
        return "turn" if turns else "pan"

    def _pan(self, ev: Any) -> None:
        per_pixel_x, per_pixel_y = self.viewPixelSize()
        step = ev.pos() - ev.lastPos()
        self._resetTarget()
        self.translateBy(x=-step.x() * per_pixel_x, y=step.y() * per_pixel_y)
        self.sigRangeChangedManually.emit(self.state["mouseEnabled"])

    def give_up(self) -> bool:
        """Ends the box or lasso that is being drawn; says whether there was one."""
        drawing = self._band.isVisible()
        self._band.hide()
        self._given_up = drawing
        return drawing

    def _sweep(self, ev: Any, action: str) -> None:
        start, here = ev.buttonDownPos(), ev.pos()
        if ev.isStart():
            self._trail, self._given_up = [(start.x(), start.y())], False
        if self._given_up:
            return
        if action == "lasso":
            self._trail_on(here)
        else:
            self._trail = [(start.x(), start.y()), (here.x(), here.y())]
        self._show_band(action)
        if ev.isFinish():
            self._band.hide()
            self._finish(action, how_of(ev.modifiers(), with_control="toggle"))

    def _trail_on(self, here: QPointF) -> None:
        x, y = self._trail[-1]
        if abs(here.x() - x) + abs(here.y() - y) >= _LASSO_STEP:
            self._trail.append((here.x(), here.y()))

    def _show_band(self, action: str) -> None:
        path = QPainterPath()
        if action == "lasso":
            path.addPolygon(QPolygonF([QPointF(*corner) for corner in self._trail]))
            path.closeSubpath()
        else:
            (x0, y0), (x1, y1) = self._trail
            path.addRect(min(x0, x1), min(y0, y1), abs(x1 - x0), abs(y1 - y0))
        self._band.setPath(path)
        self._band.show()

    def _finish(self, action: str, how: str) -> None:
        if action != "zoom":
            self.swept.emit(list(self._trail), how)
            return
        first, second = (self.mapToView(QPointF(*corner)) for corner in self._trail)
        if abs(self._trail[0][0] - self._trail[1][0]) > 3:
            self.setRange(
                xRange=sorted((first.x(), second.x())), yRange=sorted((first.y(), second.y()))
            )
            self.sigRangeChangedManually.emit(self.state["mouseEnabled"])
