"""One picture of a cloud of points, by the technique that its number asks for.

Few dots are drawn antialiased (sprites.py); many through the id buffer (raster.py); or each pixel
shows how many rows lie around it.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from numpy.lib.stride_tricks import as_strided
from PySide6.QtGui import QColor, QImage, QPainter

from explorer.gui.map.cloud import Cloud
from explorer.gui.map.frame import Frame
from explorer.gui.map.ink import Ink, let_through, rounded_up
from explorer.gui.map.raster import MAX_RADIUS, Grid, Rasters
from explorer.gui.map.sprites import Sprites

I64 = npt.NDArray[np.int64]
U32 = npt.NDArray[np.uint32]

# Above this many dots in view the id buffer is quicker than sprites (benchmarks/map.py).
SPRITE_LIMIT = 25_000
_FARTHEST = 0.45  # opacity of the farthest dot of a 3-D map

Format = QImage.Format


class Picture:
    """Dots of a cloud in a frame, made again where something changed: see `touch`.

    transparent: whether the background is left out. radius: of a dot, pixels. mode: "dots" or
    "density". opacity: of one dot. greatest: the end of the scale of a density picture, 0 before
    there is one. mapped: how often points were turned into pixels.
    """

    def __init__(self, cloud: Cloud, ink: Ink, *, transparent: bool) -> None:
        self._cloud, self._ink = cloud, ink
        self._transparent = transparent
        self._solid = Format.Format_ARGB32_Premultiplied if transparent else Format.Format_RGB32
        self._rasters, self._sprites = Rasters(), Sprites()
        self._frame: Frame | None = None
        self._dpr = 1.0
        self._seen: I64 | None = np.empty(0, np.int64)
        self._image = QImage()
        self._pixels = np.empty((0, 0), np.uint32)  # what the image borrows
        self._stale = "all"
        self.radius = 3.0
        self.mode = "dots"
        self.opacity = 1.0
        self.greatest = 0
        self.mapped = 0

    @property
    def seen(self) -> I64 | None:
        """Drawing-order indices of the dots in view; None where they are too many to say."""
        return self._seen

    def touch(self, what: str) -> None:
        """ "all": other points, another frame or size; "colours": only other colours."""
        self._stale = "all" if "all" in (what, self._stale) else what

    def render(self, frame: Frame, dpr: float | None = None) -> QImage:
        """dpr: device pixels per pixel; None for as many as before."""
        if dpr is not None and dpr != self._dpr:
            self._dpr, self._stale = dpr, "all"
        if not self._stale:
            return self._image
        if self._stale == "all":
            self._map(frame)
        if self.mode == "density":
            self._image = self._from_counts()
        else:
            self._image = self._from_ids() if self._seen is None else self._from_sprites(frame)
        self._image.setDevicePixelRatio(self._dpr)
        self._stale = ""
        return self._image

    def near(self, frame: Frame, x: float, y: float, reach: float) -> I64:
        """Drawing-order indices of dots seen around a place, ascending."""
        if self._seen is None:
            far = int(np.ceil(reach * self._dpr))
            return self._rasters.near(round(x * self._dpr), round(y * self._dpr), far)
        at_x, at_y = frame.pixels(self._cloud.xy[:, self._seen])
        close = (np.abs(at_x - x) <= reach) & (np.abs(at_y - y) <= reach)
        return self._seen[close]

    # What follows is in device pixels.

    def _map(self, frame: Frame) -> None:
        self.mapped += 1
        self._seen = self._few_in_view(frame)
        if self._seen is None or self.mode == "density":
            reach = round(max(0.0, self.radius - 0.5) * self._dpr)
            grid = Grid(*self._size_of(frame), min(reach, MAX_RADIUS))
            self._rasters.map(grid, self._cloud.xy, frame, self._dpr)

    def _size_of(self, frame: Frame) -> tuple[int, int]:
        return max(1, round(frame.width * self._dpr)), max(1, round(frame.height * self._dpr))

    def _few_in_view(self, frame: Frame) -> I64 | None:
        """Dots in view, in drawing order; None where they are more than sprites are for."""
        xy = self._cloud.xy
        step = max(1, xy.shape[1] // 10_000)
        # By a sample first: counting a million costs milliseconds.
        if np.count_nonzero(frame.holds(xy[:, ::step], 0)) * step > 1.2 * SPRITE_LIMIT:
            return None
        seen = np.flatnonzero(frame.holds(xy, self.radius + 2))
        return seen if len(seen) <= SPRITE_LIMIT else None

    def _from_ids(self) -> QImage:
        pixels = self._rasters.colours(self._ink.look_up(self._cloud))
        if self.opacity < 1.0:
            pixels = let_through(pixels, self._rasters.counts(), self.opacity)
            return self._borrowing(pixels, Format.Format_ARGB32)
        return self._borrowing(pixels, self._solid)

    def _from_counts(self) -> QImage:
        around = self._rasters.counts()
        self.greatest = rounded_up(int(around.max()))
        pixels = np.take(self._ink.by_count(self.greatest), around)
        return self._borrowing(pixels, Format.Format_RGB32)

    def _from_sprites(self, frame: Frame) -> QImage:
        assert self._seen is not None
        image = QImage(*self._size_of(frame), self._solid)
        image.fill(QColor(*self._ink.background, 0 if self._transparent else 255))
        ink, shapes = self._ink, self._ink.shapes(self._cloud)
        shaped = shapes is not None
        self._sprites.prepare(ink.palette, ink.background, self.radius, self._dpr, shaped=shaped)
        x, y = frame.pixels(self._cloud.xy[:, self._seen], self._dpr)
        # Far dots are paler.
        near = _FARTHEST + (1 - _FARTHEST) * self._cloud.nearness(self._seen)
        codes = ink.codes(self._cloud)[self._seen]
        seen_shapes = None if shapes is None else shapes[self._seen]
        painter = QPainter(image)
        self._sprites.draw(painter, x, y, codes, near * np.float32(self.opacity), seen_shapes)
        painter.end()
        return image

    def _borrowing(self, pixels: U32, kind: QImage.Format) -> QImage:
        """An image that lies on these pixels, uint32 (height, width), each row in one stretch."""
        self._pixels = pixels
        height, width = pixels.shape
        stride = pixels.strides[0]
        memory = as_strided(pixels.view(np.uint8), ((height - 1) * stride + width * 4,), (1,))
        return QImage(memory.data, width, height, stride, kind)
