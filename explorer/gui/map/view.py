"""MapView: the map itself, with its axes, tools and keys. Speaks of rows; knows no session."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from explorer.gui.map.box import MapBox
from explorer.gui.map.camera import Camera, reach
from explorer.gui.map.extent import extent
from explorer.gui.map.pointer import Pointer
from explorer.gui.map.points import Frame
from explorer.gui.map.stage import Names, Stage
from explorer.palettes import Colouring

F32 = npt.NDArray[np.float32]
I64 = npt.NDArray[np.int64]

_MARGIN = 0.06  # empty share of the map on each side
_AXIS_WIDTH = 60  # pixels
_ZOOM_STEP = 0.8
_PAN_STEP = 0.12
_EASE = 0.3  # share of the way that a live map's range closes in with each frame

Key = Qt.Key


def configure() -> None:
    """Sets pyqtgraph up for the whole process; called once, by the app."""
    pg.setConfigOptions(antialias=True, imageAxisOrder="row-major")


class MapView(pg.PlotWidget):
    """A scatter of rows.

    row_hovered: the row under the mouse, -1 for none. row_clicked: (row or -1, toggle).
    rows_swept: (rows int64, add) of a box or lasso. cleared: Escape.
    """

    row_hovered = Signal(int)
    row_clicked = Signal(int, bool)
    rows_swept = Signal(object, bool)
    cleared = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        self._box = MapBox()
        super().__init__(parent, viewBox=self._box, enableMenu=False)
        self.setObjectName("map_view")
        self.setAccessibleName("Map")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.plotItem.hideButtons()
        # A width of its own, or longer numbers would push the map aside while zooming.
        self.plotItem.getAxis("left").setWidth(_AXIS_WIDTH)
        self.stage = Stage(self._box)
        self._pointer = Pointer(self._box, self.stage, self)
        self._coordinates = np.empty((0, 2), np.float32)
        self._camera = Camera()
        self._bounds = self._whole = QRectF(-1, -1, 2, 2)
        self._by_hand = False
        self._wide = False
        self._axis_titles: tuple[str, ...] = ()
        self._wire()
        self.set_dark(False)

    def _wire(self) -> None:
        box = self._box
        box.sigRangeChanged.connect(self._follow)
        box.sigResized.connect(self._resized)
        box.sigRangeChangedManually.connect(self._note_hand)
        box.turned.connect(self.turn)
        pointer = self._pointer
        pointer.row_hovered.connect(self.row_hovered)
        pointer.row_clicked.connect(self.row_clicked)
        pointer.rows_swept.connect(self.rows_swept)
        pointer.fit_asked.connect(self.fit)

    # What is shown

    def set_names(self, names: Names) -> None:
        self.stage.set_names(names)

    def set_coordinates(self, coordinates: F32, *, locked: bool, live: bool = False) -> None:
        """float32 (rows, 2 or 3), NaN for rows without a place.

        locked: whether both directions have one scale. live: whether this is one of a row of
        frames, which the view follows gently unless it was moved by hand.
        """
        same_kind = coordinates.shape == self._coordinates.shape
        self._coordinates = coordinates
        self._box.turnable = coordinates.shape[1] == 3
        self._box.setAspectLocked(locked or self._box.turnable)
        if self._box.turnable:
            self._camera.centre_on(coordinates)
        self._place_points()
        self._bounds = bounds_of(coordinates)
        self._whole = bounds_of(coordinates, whole=True)
        if not (live and same_kind):
            self._fit(wide=False)
        elif not self._by_hand:
            self._box.setRange(eased(self._box.viewRect(), self._goal), padding=0)
        self._follow()

    def set_colouring(self, colouring: Colouring) -> None:
        self.stage.set_colouring(colouring)

    def set_selection(self, selection: I64, neighbors: I64) -> None:
        self.stage.set_selection(selection, neighbors)

    def set_hovered(self, row: int, detail: str = "") -> None:
        self.stage.hover(row, detail)

    def set_axis_titles(self, titles: tuple[str, ...]) -> None:
        """Titles of x, y (and z); none where places on the axes have no meaning."""
        self._axis_titles = titles
        self._style_axes()
        self._point_compass()

    def set_tool(self, tool: str) -> None:
        """One of box.TOOLS: what dragging with the left button does."""
        self._box.tool = tool
        shape = Qt.CursorShape.ArrowCursor if tool == "pan" else Qt.CursorShape.CrossCursor
        self.viewport().setCursor(shape)

    def set_dark(self, dark: bool) -> None:
        self.stage.set_dark(dark)
        self.setBackground(QColor(*self.stage.colours["background"]))
        self._box.set_band_colour(self.stage.colours["band"])
        self._style_axes()

    def fit(self) -> None:
        """Shows the rows, but for the few that lie far out; asked again, these too."""
        self._fit(wide=not self._by_hand and not self._wide)

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
        steps = {
            Key.Key_Left: (-1, 0),
            Key.Key_Right: (1, 0),
            Key.Key_Up: (0, 1),
            Key.Key_Down: (0, -1),
        }
        key = ev.key()
        if key in steps:
            self.pan(*(_PAN_STEP * step for step in steps[Key(key)]))
        elif key in (Key.Key_Plus, Key.Key_Equal):
            self.zoom(_ZOOM_STEP)
        elif key in (Key.Key_Minus, Key.Key_Underscore):
            self.zoom(1 / _ZOOM_STEP)
        elif key in (Key.Key_0, Key.Key_Home):
            self.fit()
        elif key == Key.Key_Escape:
            self.cleared.emit()
        else:
            super().keyPressEvent(ev)

    @override
    def leaveEvent(self, ev: QEvent) -> None:
        super().leaveEvent(ev)
        self.row_hovered.emit(-1)

    # Range and frame

    def _place_points(self) -> None:
        if self._coordinates.shape[1] == 3:
            self.stage.set_points(*self._camera.look(self._coordinates))
        else:
            self.stage.set_points(self._coordinates, None)

    @property
    def _goal(self) -> QRectF:
        return self._whole if self._wide else self._bounds

    def _fit(self, *, wide: bool) -> None:
        self._by_hand, self._wide = False, wide
        self._box.setRange(self._goal, padding=0)

    def _resized(self) -> None:
        if not self._by_hand:
            self._box.setRange(self._goal, padding=0)
        self._follow()

    def _note_hand(self) -> None:
        self._by_hand = True

    def _follow(self) -> None:
        """Brings the layers to the view's range."""
        view, size = self._box.viewRect(), self._box.rect()
        if size.width() < 1 or size.height() < 1 or not view.width() or not view.height():
            return
        zoom = max(self._bounds.width() / view.width(), self._bounds.height() / view.height())
        self.stage.set_frame(Frame(view, size.width(), size.height()), zoom)

    def _point_compass(self) -> None:
        deep = len(self._axis_titles) == 3
        self.stage.compass.point(self._camera.rotation, self._axis_titles if deep else ())

    def _style_axes(self) -> None:
        colours = self.stage.colours
        for place, side in enumerate(("bottom", "left")):
            axis = self.plotItem.getAxis(side)
            title = self._axis_titles[place] if len(self._axis_titles) == 2 else ""
            axis.setVisible(bool(title))
            if title:
                axis.setLabel(_plain(title), color=QColor(*colours["text"]).name())
            axis.setPen(QColor(*colours["axis"]))
            axis.setTextPen(QColor(*colours["text"]))
            axis.setStyle(tickLength=-4, maxTickLevel=0)
            unscaled(axis)


def unscaled(axis: pg.AxisItem) -> None:
    """Makes an axis write its numbers as they are.

    Switching the SI prefix off is not enough: pyqtgraph then works out the scale once more (0.14,
    AxisItem.updateAutoSIPrefix) and keeps that of the range shown at the time.
    """
    axis.setSIPrefixEnableRanges(())
    axis.enableAutoSIPrefix(False)


def bounds_of(coordinates: F32, *, whole: bool = False) -> QRectF:
    """The rectangle of the map that shows the rows, in a 3-D map from every side.

    coordinates: float32 (rows, 2 or 3), NaN for rows without a place. whole: also the few rows
    that lie far out, as `extent` has it.
    """
    if coordinates.shape[1] == 3:
        radius = reach(coordinates, whole=whole) or 1.0
        return _widened(-radius, -radius, radius, radius)
    if not np.isfinite(coordinates).all(axis=1).any():
        return QRectF(-1, -1, 2, 2)
    low, high = extent(coordinates, whole=whole)
    return _widened(*low.tolist(), *high.tolist())


def eased(now: QRectF, goal: QRectF) -> QRectF:
    """The next range on the way: grows at once to hold the goal, shrinks little by little."""
    near = QRectF(
        now.topLeft() + (goal.topLeft() - now.topLeft()) * _EASE,
        now.bottomRight() + (goal.bottomRight() - now.bottomRight()) * _EASE,
    )
    return near.united(goal)


def _widened(left: float, low: float, right: float, high: float) -> QRectF:
    """The rectangle with a margin; never without width or height."""
    width, height = right - left, high - low
    width = width or height or 1.0
    height = height or width
    centre_x, centre_y = (left + right) / 2, (low + high) / 2
    width, height = width * (1 + 2 * _MARGIN), height * (1 + 2 * _MARGIN)
    return QRectF(centre_x - width / 2, centre_y - height / 2, width, height)


def _plain(text: str) -> str:
    """pyqtgraph's axis labels are HTML."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
