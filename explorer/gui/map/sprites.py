"""Antialiased marks for small counts: one picture per colour, shape and sub-pixel place.

A dot is drawn by copying a ready-made picture of it. Pictures exist for each colour at 4 x 4
sub-pixel places, so dots glide instead of hopping from pixel to pixel, and each has a thin edge
in the background's colour, so that neighbouring dots stay apart. Large dots have fewer places: a
step of half a pixel is not seen on them, and the pictures would fill the memory.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from weakref import WeakValueDictionary

import numpy as np
import numpy.typing as npt
import shiboken6
from PySide6.QtGui import QImage, QPainter, QPixmap

from explorer.gui.map.shapes import REACH, distance
from explorer.palettes import SHAPES

_PHASES = ((8.0, 4), (24.0, 2), (np.inf, 1))  # up to so many device pixels of radius, places a side
_EDGE = 0.9  # device-independent pixels
_TALLEST = 32_000  # pixels that Qt can address in a picture
_STEPS = 128  # of distance in a pixel: a share of it is right to one of 256 shades

F32 = npt.NDArray[np.float32]
I64 = npt.NDArray[np.int64]
U8 = npt.NDArray[np.uint8]
U32 = npt.NDArray[np.uint32]


@dataclass(frozen=True, eq=False)
class Atlas:
    """One row of pictures per colour and shape, one column per sub-pixel place.

    side: of a picture, device pixels. phases: sub-pixel places a side. shapes: rows a colour.
    """

    pixmap: QPixmap
    side: int
    phases: int
    shapes: int


# What some layer of some map holds; several maps, and their layers, draw the same dots.
_held: WeakValueDictionary[object, Atlas] = WeakValueDictionary()


class Sprites:
    """Ready-made pictures of dots, kept until colour, size or background change."""

    def __init__(self) -> None:
        self._kept: dict[object, Atlas] = {}
        self._atlas = Atlas(QPixmap(), 1, 1, 1)
        self._fragments = np.zeros((0, 10))

    def prepare(
        self,
        palette: U8,
        edge: tuple[int, int, int],
        radius: float,
        dpr: float,
        *,
        shaped: bool = False,
    ) -> None:
        """palette: uint8 (colours, 4), RGBA. radius: device-independent pixels. shaped: whether
        there are to be other marks than dots."""
        key = (palette.tobytes(), edge, radius, dpr, shaped)
        # The one before is kept: dots turn grey, and take their colours again.
        atlas = self._kept.pop(key, None) or _held.get(key)
        if atlas is None:
            atlas = _held[key] = _atlas(palette, edge, radius * dpr, _EDGE * dpr, shaped)
        self._kept = {**dict(list(self._kept.items())[-1:]), key: atlas}
        self._atlas = atlas

    def draw(
        self,
        painter: QPainter,
        x: F32,
        y: F32,
        codes: npt.NDArray[np.integer],
        opacity: F32 | float = 1.0,
        shapes: U8 | None = None,
    ) -> None:
        """Draws dots in this order, device pixels. codes: the palette's entry of each dot.
        shapes: places in palettes.SHAPES."""
        if not len(x):
            return
        if len(self._fragments) < len(x):
            self._fragments = np.zeros((len(x), 10))
        fragments = self._fragments[: len(x)]
        atlas, side = self._atlas, self._atlas.side
        column, row, whole_x, whole_y = _phase(x, y, atlas.phases)
        line = codes.astype(np.int64) * atlas.shapes
        if shapes is not None and atlas.shapes > 1:
            line += shapes
        fragments[:, 0] = whole_x
        fragments[:, 1] = whole_y
        fragments[:, 2] = (row * atlas.phases + column) * side
        fragments[:, 3] = line * side
        fragments[:, 4:6] = side
        fragments[:, 6:8] = 1.0
        fragments[:, 8] = 0.0
        fragments[:, 9] = opacity
        # Qt wants a C array of PixmapFragment, ten doubles each; NumPy's memory is one.
        first: Any = shiboken6.wrapInstance(fragments.ctypes.data, QPainter.PixmapFragment)
        painter.drawPixmapFragments(first, len(x), atlas.pixmap)


def _phase(x: F32, y: F32, phases: int) -> tuple[npt.NDArray, ...]:
    """Sub-pixel place across and down, and the middle of the picture, of each dot."""
    fine_x = np.floor(x * phases + 0.5)
    fine_y = np.floor(y * phases + 0.5)
    pixel_x, pixel_y = np.floor(fine_x / phases), np.floor(fine_y / phases)
    column, row = fine_x - pixel_x * phases, fine_y - pixel_y * phases
    # Fragments are placed by their middle, and an odd side's middle is half a pixel in.
    return column, row, pixel_x + 0.5, pixel_y + 0.5


def phases_for(radius: float) -> int:
    """How many sub-pixel places a side a dot of this radius, device pixels, is drawn at."""
    return next(phases for most, phases in _PHASES if radius <= most)


def outside(shape: int, radius: float, edge: float, phases: int) -> F32:
    """How far each pixel's middle lies outside a shape, at every sub-pixel place: (phases *
    phases, side, side), negative inside. Wide enough for its edge. Device pixels."""
    # The edge reaches out twice as far at a triangle's corners.
    reach = radius + edge if shape == 0 else REACH * radius + 2 * edge
    half = int(np.ceil(reach + 1.0))  # the shifts are to the right: the left border is nearest
    pixels = np.arange(-half, half + 1, dtype=np.float32) + 0.5
    shift = np.arange(phases, dtype=np.float32) / phases
    dx = pixels[None, None, None, :] - shift[None, :, None, None]
    dy = pixels[None, None, :, None] - shift[:, None, None, None]
    away: F32 = distance(shape, dx, dy, radius).reshape(phases**2, len(pixels), len(pixels))
    return away


def covered(away: F32, edge: float) -> tuple[F32, F32]:
    """How much of a pixel so far outside a shape it covers, without and with its edge.

    The cover of a border is taken as linear in the distance, which is within 4 % of a disc's exact
    area for radii of 1.5 and more.
    """
    return np.clip(0.5 - away, 0, 1), np.clip(0.5 + np.float32(edge) - away, 0, 1)


def _atlas(
    palette: U8, border: tuple[int, int, int], radius: float, edge: float, shaped: bool
) -> Atlas:
    """radius, edge: device pixels."""
    phases = phases_for(radius)
    shapes = range(len(SHAPES) if shaped else 1)
    steps = [_steps(outside(shape, radius, edge, phases), edge) for shape in shapes]
    side = max(part.shape[-1] for part in steps)
    if len(palette) * len(steps) * side > _TALLEST:
        steps = steps[:1]
    # (shapes, side, places * side): the shapes of a colour below each other
    picture = np.stack([_framed(part, side).swapaxes(0, 1) for part in steps])
    width, height = phases**2 * side, len(palette) * len(steps) * side
    image = QImage(width, height, QImage.Format.Format_ARGB32_Premultiplied)
    pixels = np.frombuffer(image.bits(), np.uint32).reshape(len(palette), -1)
    np.take(_shades(palette, border, edge), picture.ravel(), axis=1, out=pixels, mode="clip")
    return Atlas(QPixmap.fromImage(image), side, phases, len(steps))


def _steps(away: F32, edge: float) -> I64:
    """The distances as places in a row of `_shades`."""
    return np.rint((away + np.float32(0.5)) * _STEPS).clip(0, _last_step(edge)).astype(np.int64)


def _last_step(edge: float) -> int:
    """From here on nothing is covered."""
    return int(np.ceil((1 + edge) * _STEPS))


def _framed(part: I64, side: int) -> I64:
    """The same in the middle of a larger square."""
    more = (side - part.shape[-1]) // 2
    return np.pad(part, ((0, 0), (more, more), (more, more)), mode="edge")


def _shades(palette: U8, edge: tuple[int, int, int], width: float) -> U32:
    """Pixels of each colour at every step outwards, premultiplied 0xAARRGGBB: (colours, steps).

    width: of the edge, device pixels.
    """
    steps = np.arange(_last_step(width) + 1, dtype=np.float32) / np.float32(_STEPS)
    inner, outer = covered(steps - np.float32(0.5), width)
    # In memory blue comes first, as Qt has it on every usual processor.
    fills = palette[:, [2, 1, 0, 3]].astype(np.float32, order="C")
    fills[:, :3] *= fills[:, 3:] / 255
    border = np.array([*edge[::-1], 255], np.float32) * np.float32(0.85)
    shades = inner[:, None] * fills[:, None, :] + (outer - inner)[:, None] * border
    return np.rint(shades, out=shades).astype(np.uint8).view(np.uint32)[..., 0]
