"""Antialiased round dots for small counts: one picture per colour and sub-pixel place.

A dot is drawn by copying a ready-made picture of it. Pictures exist for each colour at 4 x 4
sub-pixel places, so dots glide instead of hopping from pixel to pixel, and each has a thin edge
in the background's colour, so that neighbouring dots stay apart.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import shiboken6
from PySide6.QtGui import QImage, QPainter, QPixmap

PHASES = 4
_EDGE = 0.9  # device-independent pixels

F32 = npt.NDArray[np.float32]


class Sprites:
    """Ready-made pictures of dots, kept until colour, size or background change."""

    def __init__(self) -> None:
        self._key: object = None
        self._atlas = QPixmap()
        self._side = 0
        self._fragments = np.zeros((0, 10))

    def prepare(
        self, palette: npt.NDArray[np.uint8], edge: tuple[int, int, int], radius: float, dpr: float
    ) -> None:
        """palette: uint8 (colours, 4), RGBA. radius: device-independent pixels."""
        key = (palette.tobytes(), edge, radius, dpr)
        if key == self._key:
            return
        self._key = key
        inner, outer = disc_cover(radius * dpr, (radius + _EDGE) * dpr)
        self._side = inner.shape[-1]
        self._atlas = QPixmap.fromImage(_picture(palette, edge, inner, outer))

    def draw(
        self,
        painter: QPainter,
        x: F32,
        y: F32,
        codes: npt.NDArray[np.integer],
        opacity: F32 | float = 1.0,
    ) -> None:
        """Draws dots in this order, device pixels. codes: the palette's entry of each dot."""
        if not len(x):
            return
        if len(self._fragments) < len(x):
            self._fragments = np.zeros((len(x), 10))
        fragments = self._fragments[: len(x)]
        column, row, whole_x, whole_y = self._phase(x, y)
        fragments[:, 0] = whole_x
        fragments[:, 1] = whole_y
        fragments[:, 2] = (row * PHASES + column) * self._side
        fragments[:, 3] = codes.astype(np.int64) * self._side
        fragments[:, 4:6] = self._side
        fragments[:, 6:8] = 1.0
        fragments[:, 8] = 0.0
        fragments[:, 9] = opacity
        # Qt wants a C array of PixmapFragment, ten doubles each; NumPy's memory is one.
        first: Any = shiboken6.wrapInstance(fragments.ctypes.data, QPainter.PixmapFragment)
        painter.drawPixmapFragments(first, len(x), self._atlas)

    def _phase(self, x: F32, y: F32) -> tuple[npt.NDArray, ...]:
        fine_x = np.floor(x * PHASES + 0.5)
        fine_y = np.floor(y * PHASES + 0.5)
        pixel_x, pixel_y = np.floor(fine_x / PHASES), np.floor(fine_y / PHASES)
        column, row = fine_x - pixel_x * PHASES, fine_y - pixel_y * PHASES
        # Fragments are placed by their middle, and an odd side's middle is half a pixel in.
        return column, row, pixel_x + 0.5, pixel_y + 0.5


def disc_cover(inner: float, outer: float) -> tuple[F32, F32]:
    """How much of each pixel two discs cover, at every sub-pixel place: (16, side, side) each.

    Radii in pixels. The cover of a disc's border is taken as linear in the distance, which is
    within 2 % of the exact area for radii above 1.
    """
    half = int(np.ceil(outer + 1.0))  # the shifts are to the right: the left border is nearest
    pixels = np.arange(-half, half + 1, dtype=np.float32) + 0.5
    shift = np.arange(PHASES, dtype=np.float32) / PHASES
    dx = pixels[None, None, None, :] - shift[None, :, None, None]
    dy = pixels[None, None, :, None] - shift[:, None, None, None]
    distance = np.hypot(dx, dy).reshape(PHASES * PHASES, len(pixels), len(pixels))
    return (
        np.clip(inner + 0.5 - distance, 0, 1),
        np.clip(outer + 0.5 - distance, 0, 1),
    )


def _picture(
    palette: npt.NDArray[np.uint8], edge: tuple[int, int, int], inner: F32, outer: F32
) -> QImage:
    """One row of pictures per colour, one column per sub-pixel place; premultiplied ARGB."""
    strength = palette[:, 3].astype(np.float32) / 255
    fill = inner[None] * strength[:, None, None, None]
    rim = (outer - inner)[None] * np.float32(0.85) * np.ones_like(strength)[:, None, None, None]
    channels = []
    for channel in (2, 1, 0):  # Qt's ARGB32 lies in memory as blue, green, red, alpha
        colour = palette[:, channel].astype(np.float32)[:, None, None, None]
        channels.append(fill * colour + rim * edge[channel])
    channels.append((fill + rim) * 255)
    pixels = np.stack(channels, axis=-1).round().astype(np.uint8)
    colours, places, side, _, _ = pixels.shape
    sheet = np.ascontiguousarray(pixels.transpose(0, 2, 1, 3, 4)).reshape(
        colours * side, places * side, 4
    )
    image = QImage(
        sheet.data,
        places * side,
        colours * side,
        places * side * 4,
        QImage.Format.Format_ARGB32_Premultiplied,
    )
    return image.copy()  # owns its memory
