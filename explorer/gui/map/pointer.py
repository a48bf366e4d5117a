"""The mouse on the map becomes row numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtCore import QObject, QPoint, QPointF, Qt, Signal
from PySide6.QtGui import QGuiApplication

from explorer.gui.map.box import MapBox
from explorer.gui.map.stage import Stage
from explorer.gui.selecting_keys import how_of
from explorer.regions import rows_in_box, rows_in_polygon

_CLICK_REACH = 6.0  # pixels
_HOVER_REACH = 5.0


class Pointer(QObject):
    """Reads moves, clicks and sweeps in a view box that is in a scene. A name counts as its dot.

    row_hovered: the row under the mouse, -1 for none. row_clicked: (row or -1, what it does to
    the selection: "replace", "add", "remove" or "toggle"). rows_swept: (rows int64, "replace",
    "add" or "remove"). menu_asked: a right click: (row or -1, its place on the screen). fit_asked:
    a double click beside all dots.
    """

    row_hovered = Signal(int)
    row_clicked = Signal(int, str)
    rows_swept = Signal(object, str)
    menu_asked = Signal(int, QPoint)
    fit_asked = Signal()

    def __init__(self, box: MapBox, stage: Stage, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._box, self._stage = box, stage
        box.swept.connect(self._sweep)
        box.scene().sigMouseMoved.connect(self._move)
        box.scene().sigMouseClicked.connect(self._click)

    def _move(self, place: QPointF) -> None:
        dragging = QGuiApplication.mouseButtons() != Qt.MouseButton.NoButton
        on_ghost = not dragging and self._on_ghost(place)
        self.row_hovered.emit(-1 if dragging or on_ghost else self._row_at(place, _HOVER_REACH))
        self._stage.hovering.show_ghost(on_ghost)

    def _click(self, ev: Any) -> None:
        if ev.button() == Qt.MouseButton.RightButton:
            row = self._row_at(ev.scenePos(), _CLICK_REACH)
            self.menu_asked.emit(row, ev.screenPos().toPoint())
        if ev.button() != Qt.MouseButton.LeftButton:
            return
        row = self._row_at(ev.scenePos(), _CLICK_REACH)
        if row < 0 and self._on_ghost(ev.scenePos()):
            return  # a point that is looked at: what it is of stays selected
        if ev.double() and row < 0:
            self.fit_asked.emit()
            return
        self.row_clicked.emit(row, how_of(ev.modifiers(), with_control="toggle"))

    def _on_ghost(self, scene_place: QPointF) -> bool:
        return self._stage.ghost.holds(self._box.mapFromScene(scene_place))

    def _row_at(self, scene_place: QPointF, within: float) -> int:
        """Of the name that is written there, which lies over the dots; else of a dot nearby."""
        place = self._box.mapFromScene(scene_place)
        if not self._box.rect().contains(place):
            return -1
        named = self._stage.labels.row_at(place)
        return named if named >= 0 else self._stage.dots.pick(place.x(), place.y(), within)

    def _sweep(self, trail: list[tuple[float, float]], how: str) -> None:
        places = [self._box.mapToView(QPointF(*corner)) for corner in trail]
        corners = [(place.x(), place.y()) for place in places]
        points = self._stage.points
        if len(corners) == 2:
            rows = rows_in_box(points, *corners)
        else:
            rows = rows_in_polygon(points, corners)
        if self._stage.isolated is not None:
            rows = np.intersect1d(rows, self._stage.isolated, assume_unique=True)
        rank = self._stage.names.rank
        if len(rank) == len(points):
            # The last row is the one that panels speak of: let it be the most important.
            rows = rows[np.argsort(-rank[rows])]
        self.rows_swept.emit(rows, "add" if how == "toggle" else how)
