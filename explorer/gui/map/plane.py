"""Plane: where the map lies in its view, how it is moved and turned, and its axes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from explorer.gui.map.axes import style_axes
from explorer.gui.map.bounds import FARTHEST, Goal, eased, unit_of
from explorer.gui.map.box import MapBox
from explorer.gui.map.camera import Camera
from explorer.gui.map.frame import Frame
from explorer.gui.map.ghost import Ghost
from explorer.gui.map.stage import Stage
from explorer.gui.map.steering import steer

F32 = npt.NDArray[np.float32]
I64 = npt.NDArray[np.int64]


class Plane(pg.PlotWidget):
    """A view of coordinates that can be moved, zoomed and, in 3-D, turned.

    Arrow keys move a flat map and turn one in 3-D (with Shift they move it too), + and - zoom,
    Home fits. ghost_changed: there is another point beside the rows, or none.
    """

    ghost_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        self._box = MapBox()
        super().__init__(parent, viewBox=self._box, enableMenu=False)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.plotItem.hideButtons()
        self.stage = Stage(self._box)
        self._coordinates = np.empty((0, 2), np.float32)
        self._camera = Camera()
        self._unit = 1.0  # of what is drawn, in those of the map
        self.stage.ghost.flat = self._flat
        self._goal = Goal(self.stage.ghost)
        self._covered = QRect()
        self._locked = True
        self._by_hand = False
        self._axis_titles: tuple[str, ...] = ()
        self._box.sigRangeChanged.connect(self._follow)
        self._box.sigResized.connect(self._resized)
        self._box.sigRangeChangedManually.connect(self._note_hand)
        self._box.turned.connect(self.turn)

    # What is shown

    def set_coordinates(self, coordinates: F32, *, locked: bool, live: bool = False) -> None:
        """float32 (rows, 2 or 3), NaN for rows without a place.

        locked: whether both directions have one scale. live: whether this is one of a row of
        frames, which the view follows gently unless it was moved by hand.
        """
        same_kind = coordinates.shape == self._coordinates.shape
        self._set_unit(unit_of(coordinates))
        self._coordinates = self._drawn(coordinates)
        ghost = self.stage.ghost.ghost
        if ghost and ghost.place is not None and len(ghost.place) != coordinates.shape[1]:
            self.set_ghost(None)  # it was of the picture before
        self._box.turnable = coordinates.shape[1] == 3
        self._locked = locked
        self._box.setAspectLocked(locked or self._box.turnable)
        if self._box.turnable:
            self._camera.centre_on(self._coordinates)
        self._place_points()
        self._goal.measure(self._coordinates, self.stage.isolated, locked=self._locked)
        if not (live and same_kind):
            self.stage.labels.forget_places()  # another map has other leaders
            self._fit(wide=False)
        elif not self._by_hand:
            self._box.setRange(eased(self._box.viewRect(), self._goal.rect), padding=0)
        self._follow()

    def set_isolated(self, rows: I64 | None) -> None:
        """Only these rows are drawn, picked and named, int64 ascending; None for all. The view
        stays; fitting it shows these rows."""
        self.stage.set_isolated(rows)
        self._goal.measure(self._coordinates, self.stage.isolated, locked=self._locked)
        self._follow()

    def set_covered(self, covered: QRect) -> None:
        """What lies over the map, in pixels of this widget: no name is put there."""
        if covered != self._covered:
            self._covered = covered
            self._follow()

    def set_ghost(self, ghost: Ghost | None) -> None:
        """A point beside the rows; None for none."""
        if ghost and ghost.place is not None and not self._near(ghost.place):
            told = f"{ghost.title}: it lies too far from all rows to be drawn."
            ghost = replace(ghost, place=None, refusal=told)
        if ghost is not self.stage.ghost.ghost:
            self.stage.set_ghost(ghost)
            self.ghost_changed.emit()

    @property
    def ghost(self) -> Ghost | None:
        """The point beside the rows."""
        return self.stage.ghost.ghost

    def set_axis_titles(self, titles: tuple[str, ...]) -> None:
        """Titles of x, y (and z); none where places on the axes have no meaning."""
        self._axis_titles = titles
        style_axes(self.plotItem, titles, self.stage.colours)
        self._point_compass()

    def set_dark(self, dark: bool) -> None:
        self.stage.set_dark(dark)
        self.setBackground(QColor(*self.stage.colours["background"]))
        self._box.set_band_colour(self.stage.colours["band"])
        style_axes(self.plotItem, self._axis_titles, self.stage.colours)

    # Where it is looked at

    def fit(self) -> None:
        """Shows the rows, but for the few that lie far out; asked again, all, and the ghost."""
        self._fit(wide=not self._by_hand and not self._goal.wide)

    @property
    def by_hand(self) -> bool:
        """Whether the user has moved the view since it last showed everything."""
        return self._by_hand

    @property
    def look(self) -> tuple[tuple[float, float, float, float], tuple[float, ...]]:
        """Where the map is looked at: (left, right, low, high) and the camera's rotation, row by
        row, for a 3-D map; see `look_at`."""
        view = self._box.viewRect()
        ranges = (view.left(), view.right(), view.top(), view.bottom())
        turn = tuple(self._camera.rotation.ravel().tolist()) if self._box.turnable else ()
        return ranges, turn

    @property
    def rotation(self) -> npt.NDArray[np.float64] | None:
        """How a 3-D map is turned, float64 (3, 3): its rows are screen right, screen up and
        towards the eye. None for a flat map."""
        return self._camera.rotation.copy() if self._box.turnable else None

    def look_at(self, ranges: tuple[float, float, float, float], turn: tuple[float, ...]) -> None:
        """Looks at the map as `look` told."""
        left, right, low, high = ranges
        self._by_hand = True
        if self._box.turnable and turn:
            self._camera.rotation = np.array(turn).reshape(3, 3)
            self._place_points()
            self._point_compass()
        self._box.setRange(QRectF(left, low, right - left, high - low), padding=0)
        self._follow()

    def turn(self, dx: float, dy: float) -> None:
        """Turns a 3-D map by a drag of so many pixels."""
        if self._box.turnable:
            self._camera.turn(dx, dy)
            self._place_points()
            self._point_compass()
            self._follow()

    def zoom(self, factor: float) -> None:
        """factor: new width of the view over the old one."""
        self._by_hand = True
        self._box.scaleBy((factor, factor))

    def pan(self, right: float, up: float) -> None:
        """Moves the view by shares of its width and height."""
        self._by_hand = True
        view = self._box.viewRect()
        self._box.translateBy(x=right * view.width(), y=up * view.height())

    def show_row(self, row: int) -> None:
        """Moves the view, at the same scale, so that a row's dot is in it."""
        place = self.stage.dots.position(row)
        if place is None or self._box.rect().adjusted(20, 20, -20, -20).contains(place):
            return
        x, y = self.stage.points[row].tolist()
        view = self._box.viewRect()
        view.moveCenter(QPointF(x, y))
        self._by_hand = True
        self._box.setRange(view, padding=0)

    # Events

    @override
    def paintEvent(self, ev: QPaintEvent) -> None:
        self.stage.refresh()
        super().paintEvent(ev)

    @override
    def keyPressEvent(self, ev: QKeyEvent) -> None:
        if not steer(self, ev):
            super().keyPressEvent(ev)

    # Range and frame

    def _place_points(self) -> None:
        if self._coordinates.shape[1] == 3:
            self.stage.set_points(*self._camera.look())
        else:
            self.stage.set_points(self._coordinates, None)

    def _set_unit(self, unit: float) -> None:
        self._unit = unit
        for side in ("bottom", "left"):
            self.plotItem.getAxis(side).setScale(unit)

    def _drawn(self, coordinates: F32) -> F32:
        """Coordinates of the map in the units of what is drawn."""
        if self._unit == 1:
            return coordinates
        with np.errstate(over="ignore"):  # a ghost may lie beyond all rows
            return coordinates / np.float32(self._unit)

    def _near(self, place: F32) -> bool:
        """Whether a place of the map can be drawn together with the rows."""
        return bool((np.abs(self._drawn(place)) <= FARTHEST).all())

    def _flat(self, place: F32) -> F32:
        """Where a place of the map, float32 (2 or 3,), is drawn, float32 (2,)."""
        return self._camera.flat(self._drawn(place))

    def _fit(self, *, wide: bool) -> None:
        self._by_hand, self._goal.wide = False, wide
        self._box.setRange(self._goal.rect, padding=0)

    def _resized(self) -> None:
        if not self._by_hand:
            self._box.setRange(self._goal.rect, padding=0)
        self._follow()

    def _note_hand(self) -> None:
        self._by_hand = True

    def _follow(self) -> None:
        """Brings the layers to the view's range."""
        view, size = self._box.viewRect(), self._box.rect()
        if size.width() < 1 or size.height() < 1 or not view.width() or not view.height():
            return
        covered = self._box.mapFromScene(self.mapToScene(self._covered)).boundingRect()
        self.stage.labels.covered = covered
        frame = Frame(view, size.width(), size.height())
        self.stage.set_frame(frame, self._goal.zoom(view))

    def _point_compass(self) -> None:
        deep = len(self._axis_titles) == 3
        self.stage.compass.point(self._camera.rotation, self._axis_titles if deep else ())
