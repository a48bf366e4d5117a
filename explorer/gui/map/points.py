"""The point layer: every row of the map as a dot, in one cached picture.

Few dots are drawn antialiased (sprites.py); many through the id buffer (raster.py). The picture is
made again only when the view, the coordinates or the colours change; selection, hover and labels
lie in layers above and never touch it.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget
from typing_extensions import override

from explorer.gui.map.raster import IdBuffer
from explorer.gui.map.sprites import Sprites
from explorer.palettes import Colouring, Rgb

F32 = npt.NDArray[np.float32]
I64 = npt.NDArray[np.int64]

# Above this many dots in view the id buffer is quicker than sprites (benchmarks/map.py).
SPRITE_LIMIT = 25_000
DIMMED = 0.45
_USUAL_AREA = 800_000.0  # square pixels


class Frame:
    """How map coordinates become pixels: a rectangle of the map on a rectangle of pixels."""

    __slots__ = ("bottom", "height", "left", "per_x", "per_y", "top", "width")

    def __init__(self, view: QRectF, width: float, height: float) -> None:
        self.left, self.bottom = view.left(), view.top()
        self.top = view.bottom()
        self.width, self.height = width, height
        self.per_x = width / view.width()
        self.per_y = height / view.height()

    def pixels(self, xy: F32, scale: float = 1.0) -> tuple[F32, F32]:
        """Pixels from the left and from the top of map coordinates; y of the map goes up."""
        x = (xy[0] - np.float32(self.left)) * np.float32(self.per_x * scale)
        y = (np.float32(self.top) - xy[1]) * np.float32(self.per_y * scale)
        return x, y

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Frame) and all(
            getattr(self, name) == getattr(other, name) for name in self.__slots__
        )

    __hash__ = None  # type: ignore[assignment]


class PointLayer(QGraphicsItem):
    """All dots, or some of them. Local coordinates are pixels of the plot's view box.

    transparent: whether the background is left out, for a layer that lies above another.
    """

    def __init__(self, parent: QGraphicsItem | None = None, *, transparent: bool = False) -> None:
        super().__init__(parent)
        self._transparent = transparent
        self._xy = np.empty((2, 0), np.float32)  # in drawing order
        self._rows = np.empty(0, np.int64)  # drawing order -> row
        self._places = np.empty(0, np.int64)  # row -> drawing order, -1 for rows without a place
        self._depth: F32 | None = None
        self._palette = np.full((1, 4), 128, np.uint8)
        self._codes = np.empty(0, np.uint16)  # by row
        self._drawn_codes = np.empty(0, np.uint16)  # in drawing order
        self._look_up: npt.NDArray[np.uint32] | None = None
        self._background: Rgb = (255, 255, 255)
        self._frame: Frame | None = None
        self._ids = IdBuffer()
        self._sprites = Sprites()
        self._image = QImage()
        self._stale = "all"
        self._dpr = 1.0
        self._seen = np.empty(0, np.int64)  # what sprites drew, in drawing order; empty for ids
        self._by_ids = False
        self._format = (
            QImage.Format.Format_ARGB32_Premultiplied if transparent else QImage.Format.Format_RGB32
        )
        self.radius = 3.0
        self.dimmed = False
        self.mapped = 0  # how often points were turned into pixels

    @property
    def count(self) -> int:
        """How many rows have a dot."""
        return self._xy.shape[1]

    def set_points(self, points: F32, depth: F32 | None = None, only: I64 | None = None) -> None:
        """points: float32 (rows, 2), NaN for rows without a place. depth: float32 (rows,), drawn
        from low (far) to high (near); None for a fixed shuffle, so that no part of the table
        always lies on top. only: the rows to draw, ascending; None for all."""
        if only is None:
            placed = np.flatnonzero(np.isfinite(points).all(axis=1))
        else:
            placed = only[np.isfinite(points[only]).all(axis=1)]
        if depth is not None:
            self._rows = placed[np.argsort(depth[placed], kind="stable")]
        elif len(placed) != len(self._rows) or self._depth is not None or not self._same(placed):
            self._rows = placed[np.random.default_rng(0).permutation(len(placed))]
        self._xy = np.ascontiguousarray(points[self._rows].T, dtype=np.float32)
        self._depth = None if depth is None else depth[self._rows]
        self._places = np.full(len(points), -1, np.int64)
        self._places[self._rows] = np.arange(len(self._rows))
        self._order_colours()
        self._touch("all")

    def set_colouring(self, colouring: Colouring, background: Rgb) -> None:
        """Colours only: no point is moved or mapped."""
        self._palette, self._codes = colouring.palette, colouring.codes
        self._background = background
        self._order_colours()
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

    def set_dimmed(self, dimmed: bool) -> None:
        """Pales every dot, for a selection to stand out; the picture is not made again."""
        if dimmed != self.dimmed:
            self.dimmed = dimmed
            self.update()

    def position(self, row: int) -> QPointF | None:
        """Where a row's dot lies, local pixels; None for a row without a place."""
        if self._frame is None or not 0 <= row < len(self._places) or self._places[row] < 0:
            return None
        x, y = self._frame.pixels(self._xy[:, self._places[row]])
        return QPointF(float(x), float(y))

    def visible_rows(self) -> I64 | None:
        """Rows in view, in drawing order; None where they are too many to say."""
        self.render_picture(self._dpr)
        return None if self._by_ids else self._rows[self._seen]

    def positions(self, rows: I64) -> tuple[F32, F32]:
        """Local pixels of these rows' dots, NaN for rows without a place: (rows,) each."""
        if self._frame is None or not self.count:
            return np.full(len(rows), np.nan, np.float32), np.full(len(rows), np.nan, np.float32)
        places = self._places[rows]
        x, y = self._frame.pixels(self._xy[:, places])
        x[places < 0] = y[places < 0] = np.nan
        return x, y

    def pick(self, x: float, y: float, reach: float = 4.0) -> int:
        """The row whose dot is seen at a place (local pixels), or the nearest within `reach`
        pixels of its border; -1 for none."""
        if self._frame is None:
            return -1
        self.render_picture(self._dpr)
        near = self._near(x, y, reach + self.radius)
        if not len(near):
            return -1
        at_x, at_y = self._frame.pixels(self._xy[:, near])
        distance = (at_x - x) ** 2 + (at_y - y) ** 2
        inside = distance <= (reach + self.radius) ** 2
        if not inside.any():
            return -1
        # Of dots that lie on each other to the pixel the one on top is meant.
        best = np.flatnonzero(distance <= distance.min() + 0.25)[-1]
        return int(self._rows[near[best]])

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
        if self._frame is None or not self.count:
            return
        self.render_picture(painter.device().devicePixelRatioF())
        if self.dimmed:
            painter.setOpacity(DIMMED)
        painter.drawImage(QPointF(0, 0), self._image)
        painter.setOpacity(1.0)

    def render_picture(self, dpr: float = 1.0) -> QImage:
        """The picture, made again where something changed. dpr: device pixels per pixel."""
        if dpr != self._dpr:
            self._dpr, self._stale = dpr, "all"
        if not self._stale or self._frame is None:
            return self._image
        width = max(1, round(self._frame.width * dpr))
        height = max(1, round(self._frame.height * dpr))
        if self._stale == "all":
            self._map(width, height, dpr)
        self._image = self._from_ids() if self._by_ids else self._from_sprites(width, height, dpr)
        self._image.setDevicePixelRatio(dpr)
        self._stale = ""
        return self._image

    # What follows is in device pixels.

    def _map(self, width: int, height: int, dpr: float) -> None:
        assert self._frame is not None
        self.mapped += 1
        x, y = self._frame.pixels(self._xy, dpr)
        margin = np.float32((self.radius + 2) * dpr)
        self._by_ids = False
        if _may_be_few(x, y, width, height):
            inside = (x > -margin) & (x < width + margin) & (y > -margin) & (y < height + margin)
            if np.count_nonzero(inside) <= SPRITE_LIMIT:
                self._seen = np.flatnonzero(inside)
                self._device = (x[self._seen], y[self._seen])
                return
        self._by_ids = True
        with np.errstate(invalid="ignore"):  # far outside an int32: it lands outside either way
            whole = np.floor(x, out=x).astype(np.int32), np.floor(y, out=y).astype(np.int32)
        self._ids.draw(*whole, width, height, round((self.radius - 0.5) * dpr))

    def _from_ids(self) -> QImage:
        if self._look_up is None:
            self._look_up = self._make_look_up()
        pixels, offset = self._ids.colours(self._look_up)
        stride = pixels.shape[1] * 4
        memory = pixels.reshape(-1).view(np.uint8)[offset * 4 :].data
        self._pixels = pixels  # the image borrows this memory
        return QImage(memory, self._ids.width, self._ids.height, stride, self._format)

    def _from_sprites(self, width: int, height: int, dpr: float) -> QImage:
        image = QImage(width, height, self._format)
        image.fill(QColor(*self._background, 0 if self._transparent else 255))
        self._sprites.prepare(self._palette, self._background, self.radius, dpr)
        painter = QPainter(image)
        codes = self._drawn_codes[self._seen]
        self._sprites.draw(painter, *self._device, codes, self._opacity())
        painter.end()
        return image

    def _opacity(self) -> F32 | float:
        """Far dots are paler."""
        if self._depth is None or not len(self._seen):
            return 1.0
        depth = self._depth[self._seen]
        low, high = float(self._depth[0]), float(self._depth[-1])
        return 0.45 + 0.55 * (depth - low) / max(high - low, 1e-30)

    def _near(self, x: float, y: float, reach: float) -> I64:
        """Drawing-order indices of dots seen around a place, ascending."""
        dpr = self._dpr
        if self._by_ids:
            return self._ids.near(round(x * dpr), round(y * dpr), int(np.ceil(reach * dpr))).astype(
                np.int64
            )
        if not len(self._seen):
            return self._seen
        at_x, at_y = self._device
        reach *= dpr
        close = (np.abs(at_x - x * dpr) <= reach) & (np.abs(at_y - y * dpr) <= reach)
        return self._seen[close]

    def _same(self, placed: I64) -> bool:
        """Whether these rows, ascending, are the ones drawn now."""
        last = int(placed[-1]) if len(placed) else -1
        return last < len(self._places) and bool((self._places[placed] >= 0).all())

    def _order_colours(self) -> None:
        usable = len(self._codes) == len(self._places)
        self._drawn_codes = (
            self._codes[self._rows] if usable else np.zeros(len(self._rows), np.uint16)
        )
        self._look_up = None

    def _make_look_up(self) -> npt.NDArray[np.uint32]:
        colours = _packed(self._palette)
        look_up = np.empty(len(self._drawn_codes) + 1, np.uint32)
        base = np.array([(*self._background, 255)], np.uint8)
        look_up[0] = 0 if self._transparent else _packed(base)[0]
        np.take(colours, self._drawn_codes, out=look_up[1:], mode="clip")
        return look_up

    def _touch(self, what: str) -> None:
        self._stale = "all" if "all" in (what, self._stale) else what
        self.update()


def _packed(colours: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint32]:
    """0xFFRRGGBB of RGBA."""
    wide = colours[:, :3].astype(np.uint32)
    packed: npt.NDArray[np.uint32] = wide @ np.array([1 << 16, 1 << 8, 1], np.uint32) | np.uint32(
        0xFF000000
    )
    return packed


def _may_be_few(x: F32, y: F32, width: int, height: int) -> bool:
    """Whether sprites come into question, by a sample: counting a million costs a millisecond."""
    if len(x) <= SPRITE_LIMIT:
        return True
    step = max(1, len(x) // 10_000)
    x, y = x[::step], y[::step]
    inside = np.count_nonzero((x >= 0) & (x < width) & (y >= 0) & (y < height))
    return bool(inside * step <= 1.2 * SPRITE_LIMIT)


def fitting_radius(rows: int, zoom: float = 1.0, area: float = _USUAL_AREA) -> float:
    """Dot radius in pixels: smaller the more crowded the map, growing slowly as one zooms in.

    zoom: how much larger the map is drawn than when it fits the view. area: of the map, square
    pixels.
    """
    crowd = max(rows * _USUAL_AREA / max(area, 1.0), 1.0)
    base = np.clip(12.5 * crowd**-0.155, 1.0, 5.5)
    return float(np.round(4 * np.clip(base * max(zoom, 1.0) ** 0.22, 1.0, 6.5)) / 4)
