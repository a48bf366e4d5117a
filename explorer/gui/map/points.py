"""The point layer: every row of the map as a dot, in one cached picture.

Few dots are drawn antialiased (sprites.py); many through the id buffer (raster.py); or each pixel
shows how many rows lie around it. The picture is made again only when the view, the coordinates or
the colours change; selection, hover and labels lie in layers above and never touch it.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from numpy.lib.stride_tricks import as_strided
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget
from typing_extensions import override

from explorer.gui.map.cloud import Cloud
from explorer.gui.map.frame import Frame
from explorer.gui.map.ink import Ink, let_through, rounded_up
from explorer.gui.map.raster import MAX_RADIUS, Grid, Rasters
from explorer.gui.map.sprites import Sprites
from explorer.palettes import Colouring, Rgb

F32 = npt.NDArray[np.float32]
I64 = npt.NDArray[np.int64]
U32 = npt.NDArray[np.uint32]

# Above this many dots in view the id buffer is quicker than sprites (benchmarks/map.py).
SPRITE_LIMIT = 25_000
MODES = ("dots", "density")
_DIMMED = 0.45
_FARTHEST = 0.45  # opacity of the farthest dot of a 3-D map

Format = QImage.Format


class PointLayer(QGraphicsItem):
    """All dots, or some of them. Local coordinates are pixels of the plot's view box.

    transparent: whether the background is left out, for a layer that lies above another.
    """

    def __init__(self, parent: QGraphicsItem | None = None, *, transparent: bool = False) -> None:
        super().__init__(parent)
        self._transparent = transparent
        self._solid = Format.Format_ARGB32_Premultiplied if transparent else Format.Format_RGB32
        self._cloud = Cloud()
        self._ink = Ink(transparent=transparent)
        self._frame: Frame | None = None
        self._rasters, self._sprites = Rasters(), Sprites()
        self._seen: I64 | None = np.empty(0, np.int64)  # in view, in drawing order; None for many
        self._image = QImage()
        self._pixels = np.empty((0, 0), np.uint32)  # what the image borrows
        self._stale = "all"
        self._dpr = 1.0
        self._mode = MODES[0]
        self._opacity = 1.0
        self.radius = 3.0
        self.dimmed = False
        self.greatest = 0  # the end of the scale of a density picture; 0 before there is one
        self.mapped = 0  # how often points were turned into pixels

    @property
    def count(self) -> int:
        """How many rows have a dot."""
        return len(self._cloud)

    @property
    def rows(self) -> I64:
        """The rows that have a dot, in drawing order."""
        return self._cloud.rows

    @property
    def mode(self) -> str:
        """One of MODES."""
        return self._mode

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
            self.radius = radius
            self._touch("all")

    def set_opacity(self, opacity: float) -> None:
        """Of one dot, in (0, 1]; where dots lie on each other less shines through."""
        if opacity != self._opacity:
            self._opacity = opacity
            self._touch("colours")

    def set_mode(self, mode: str) -> None:
        """ "dots", or "density": how many rows lie within a dot's radius of each pixel."""
        if mode != self._mode:
            self._mode = mode
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
        self.render_picture(self._dpr)
        return None if self._seen is None else self._cloud.rows[self._seen]

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
        self.render_picture(self._dpr)
        near = self._near(x, y, reach + self.radius)
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
        self.render_picture(painter.device().devicePixelRatioF())
        if self.dimmed:
            painter.setOpacity(_DIMMED)
        painter.drawImage(QPointF(0, 0), self._image)
        painter.setOpacity(1.0)

    def render_picture(self, dpr: float = 1.0) -> QImage:
        """The picture, made again where something changed. dpr: device pixels per pixel."""
        if dpr != self._dpr:
            self._dpr, self._stale = dpr, "all"
        if not self._stale or self._frame is None:
            return self._image
        if self._stale == "all":
            self._map(self._frame)
        if self._mode == "density":
            self._image = self._from_counts()
        else:
            self._image = self._from_ids() if self._seen is None else self._from_sprites()
        self._image.setDevicePixelRatio(dpr)
        self._stale = ""
        return self._image

    # What follows is in device pixels.

    def _map(self, frame: Frame) -> None:
        self.mapped += 1
        self._seen = self._few_in_view(frame)
        if self._seen is None or self._mode == "density":
            reach = round(max(0.0, self.radius - 0.5) * self._dpr)
            grid = Grid(*self._device_size(frame), min(reach, MAX_RADIUS))
            self._rasters.map(grid, self._cloud.xy, frame, self._dpr)

    def _device_size(self, frame: Frame) -> tuple[int, int]:
        return max(1, round(frame.width * self._dpr)), max(1, round(frame.height * self._dpr))

    def _few_in_view(self, frame: Frame) -> I64 | None:
        """Dots in view, in drawing order; None where they are more than sprites are for."""
        xy, margin = self._cloud.xy, self.radius + 2
        step = max(1, xy.shape[1] // 10_000)
        # By a sample first: counting a million costs milliseconds.
        if np.count_nonzero(frame.holds(xy[:, ::step], 0)) * step > 1.2 * SPRITE_LIMIT:
            return None
        seen = np.flatnonzero(frame.holds(xy, margin))
        return seen if len(seen) <= SPRITE_LIMIT else None

    def _from_ids(self) -> QImage:
        pixels = self._rasters.colours(self._ink.look_up(self._cloud))
        if self._opacity < 1.0:
            pixels = let_through(pixels, self._rasters.counts(), self._opacity)
            return self._borrowing(pixels, Format.Format_ARGB32)
        return self._borrowing(pixels, self._solid)

    def _from_counts(self) -> QImage:
        around = self._rasters.counts()
        self.greatest = rounded_up(int(around.max()))
        pixels = np.take(self._ink.by_count(self.greatest), around)
        return self._borrowing(pixels, Format.Format_RGB32)

    def _from_sprites(self) -> QImage:
        assert self._frame is not None
        assert self._seen is not None
        image = QImage(*self._device_size(self._frame), self._solid)
        image.fill(QColor(*self._ink.background, 0 if self._transparent else 255))
        self._sprites.prepare(self._ink.palette, self._ink.background, self.radius, self._dpr)
        x, y = self._frame.pixels(self._cloud.xy[:, self._seen], self._dpr)
        # Far dots are paler.
        near = _FARTHEST + (1 - _FARTHEST) * self._cloud.nearness(self._seen)
        codes = self._ink.codes(self._cloud)[self._seen]
        painter = QPainter(image)
        self._sprites.draw(painter, x, y, codes, near * np.float32(self._opacity))
        painter.end()
        return image

    def _borrowing(self, pixels: U32, kind: QImage.Format) -> QImage:
        """An image that lies on these pixels, uint32 (height, width), each row in one stretch."""
        self._pixels = pixels
        height, width = pixels.shape
        stride = pixels.strides[0]
        memory = as_strided(pixels.view(np.uint8), ((height - 1) * stride + width * 4,), (1,))
        return QImage(memory.data, width, height, stride, kind)

    def _near(self, x: float, y: float, reach: float) -> I64:
        """Drawing-order indices of dots seen around a place, ascending."""
        if self._seen is None:
            far = int(np.ceil(reach * self._dpr))
            return self._rasters.near(round(x * self._dpr), round(y * self._dpr), far)
        assert self._frame is not None
        at_x, at_y = self._frame.pixels(self._cloud.xy[:, self._seen])
        close = (np.abs(at_x - x) <= reach) & (np.abs(at_y - y) <= reach)
        return self._seen[close]

    def _touch(self, what: str) -> None:
        self._stale = "all" if "all" in (what, self._stale) else what
        self.update()
