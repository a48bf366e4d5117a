"""The point layer: every row of the map as a dot, in one cached picture.

The picture is made again only when the view, the coordinates or the colours change; selection,
hover and labels lie in layers above and never touch it.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget
from typing_extensions import override

from explorer.gui.map.cloud import Cloud
from explorer.gui.map.frame import Frame
from explorer.gui.map.ink import Ink
from explorer.gui.map.picture import Picture
from explorer.palettes import Colouring, Rgb

F32 = npt.NDArray[np.float32]
I64 = npt.NDArray[np.int64]

MODES = ("dots", "density")
_DIMMED = 0.45  # on a light map
_DIMMED_IN_THE_DARK = 0.6  # where the eye tells less of what is near black apart
_MIDDLE = 3 * 128  # of the sum of red, green and blue


class PointLayer(QGraphicsItem):
    """All dots, or some of them. Local coordinates are pixels of the plot's view box.

    transparent: whether the background is left out, for a layer that lies above another.
    """

    def __init__(self, parent: QGraphicsItem | None = None, *, transparent: bool = False) -> None:
        super().__init__(parent)
        self._cloud = Cloud()
        self._ink = Ink(transparent=transparent)
        self._picture = Picture(self._cloud, self._ink, transparent=transparent)
        self._frame: Frame | None = None
        self.dimmed = False

    @property
    def rows(self) -> I64:
        """The rows that have a dot, in drawing order."""
        return self._cloud.rows

    @property
    def mode(self) -> str:
        """One of MODES."""
        return self._picture.mode

    @property
    def radius(self) -> float:
        """Of a dot, pixels."""
        return self._picture.radius

    @property
    def greatest(self) -> int:
        """The end of the scale of a density picture; 0 before there is one."""
        return self._picture.greatest

    @property
    def mapped(self) -> int:
        """How often points were turned into pixels."""
        return self._picture.mapped

    def set_points(self, points: F32, depth: F32 | None = None, only: I64 | None = None) -> None:
        """float32 (rows, 2); see `Cloud.set_points`."""
        self._cloud.set_points(points, depth, only)
        self._ink.forget()
        self._touch("all")

    def set_colouring(self, colouring: Colouring, background: Rgb) -> None:
        """Colours only: no point is moved or mapped."""
        self._ink.background = background
        self._ink.set_colouring(colouring)
        self._touch("colours")

    def set_grey(self, grey: Rgb | None) -> None:
        """One colour for all dots, as the context of a selection; None for their own."""
        if grey != self._ink.grey:
            self._ink.grey = grey
            self._ink.forget()
            self._touch("colours")

    def set_ramp(self, ramp: npt.NDArray[np.uint8]) -> None:
        """uint8 (256, 3): colours of a density picture, few rows first."""
        self._ink.ramp = ramp
        self._touch("colours")

    def set_frame(self, frame: Frame) -> None:
        """Another part of the map, or another size."""
        if frame != self._frame:
            self.prepareGeometryChange()
            self._frame = frame
            self._touch("all")

    def set_radius(self, radius: float) -> None:
        if radius != self.radius:
            self._picture.radius = radius
            self._touch("all")

    def set_opacity(self, opacity: float) -> None:
        """Of one dot, in (0, 1]; where dots lie on each other less shines through."""
        if opacity != self._picture.opacity:
            self._picture.opacity = opacity
            self._touch("colours")

    def set_mode(self, mode: str) -> None:
        """ "dots", or "density": how many rows lie within a dot's radius of each pixel."""
        if mode != self._picture.mode:
            self._picture.mode = mode
            self._touch("all")

    def set_dimmed(self, dimmed: bool) -> None:
        """Pales every dot, for a selection to stand out; the picture is not made again."""
        if dimmed != self.dimmed:
            self.dimmed = dimmed
            self.update()

    def position(self, row: int) -> QPointF | None:
        """Where a row's dot lies, local pixels; None for a row without one."""
        place = self._cloud.place(row)
        if self._frame is None or place < 0:
            return None
        x, y = self._frame.pixels(self._cloud.xy[:, place])
        return QPointF(float(x), float(y))

    def positions(self, rows: I64) -> tuple[F32, F32]:
        """Local pixels of these rows' dots, NaN for rows without one: (rows,) each."""
        if self._frame is None or not len(self._cloud):
            return np.full(len(rows), np.nan, np.float32), np.full(len(rows), np.nan, np.float32)
        places = self._cloud.places(rows)
        x, y = self._frame.pixels(self._cloud.xy[:, places])
        x[places < 0] = y[places < 0] = np.nan
        return x, y

    def visible_rows(self) -> I64 | None:
        """Rows in view, in drawing order; None where they are too many to say."""
        if self._frame is not None:
            self._picture.render(self._frame)
        return None if self._picture.seen is None else self._cloud.rows[self._picture.seen]

    def in_view(self, rows: I64) -> npt.NDArray[np.bool_]:
        """Which of these rows' dots lie in view, bool (rows,)."""
        x, y = self.positions(rows)
        if self._frame is None:
            return np.zeros(len(rows), bool)
        return (x >= 0) & (x <= self._frame.width) & (y >= 0) & (y <= self._frame.height)

    def pick(self, x: float, y: float, reach: float = 4.0) -> int:
        """The row whose dot is seen at a place (local pixels), or the nearest within `reach`
        pixels of its border; -1 for none."""
        if self._frame is None:
            return -1
        self._picture.render(self._frame)
        near = self._picture.near(self._frame, x, y, reach + self.radius)
        if not len(near):
            return -1
        at_x, at_y = self._frame.pixels(self._cloud.xy[:, near])
        distance = (at_x - x) ** 2 + (at_y - y) ** 2
        if distance.min() > (reach + self.radius) ** 2:
            return -1
        # Of dots that lie on each other to the pixel the one on top is meant.
        best = np.flatnonzero(distance <= distance.min() + 0.25)[-1]
        return int(self._cloud.rows[near[best]])

    @override
    def boundingRect(self) -> QRectF:
        return QRectF(0, 0, self._frame.width, self._frame.height) if self._frame else QRectF()

    @override
    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionGraphicsItem,
        widget: QWidget | None = None,
    ) -> None:
        if self._frame is None or not len(self._cloud):
            return
        image = self._picture.render(self._frame, painter.device().devicePixelRatioF())
        if self.dimmed:
            painter.setOpacity(self._paleness)
        painter.drawImage(QPointF(0, 0), image)
        painter.setOpacity(1.0)

    @property
    def _paleness(self) -> float:
        """Opacity of dots that others stand out of."""
        return _DIMMED_IN_THE_DARK if sum(self._ink.background) < _MIDDLE else _DIMMED

    def render_picture(self, dpr: float = 1.0) -> QImage:
        """The picture, made again where something changed. dpr: device pixels per pixel."""
        return self._picture.render(self._frame, dpr) if self._frame is not None else QImage()

    def _touch(self, what: str) -> None:
        self._picture.touch(what)
        self.update()
