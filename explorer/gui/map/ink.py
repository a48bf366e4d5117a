"""What colour the dots of a layer have: look-ups from points, or from counts, to pixels."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from explorer.gui.map.cloud import Cloud
from explorer.palettes import Colouring, Rgb

U8 = npt.NDArray[np.uint8]
U16 = npt.NDArray[np.uint16]
U32 = npt.NDArray[np.uint32]
I32 = npt.NDArray[np.int32]

_OPAQUE = np.uint32(0xFF000000)
_LEVELS = 255


class Ink:
    """Palette and codes of a layer's rows, and the pixels that come of them.

    transparent: whether the background is left out, for a layer that lies above another.
    """

    def __init__(self, *, transparent: bool = False) -> None:
        self.background: Rgb = (255, 255, 255)
        self.grey: Rgb | None = None  # the one colour of all dots while they are only a context
        self.ramp: U8 = np.repeat(np.arange(256, dtype=np.uint8)[:, None], 3, axis=1)
        self._transparent = transparent
        self._palette: U8 = np.full((1, 4), 128, np.uint8)
        self._codes: U16 = np.empty(0, np.uint16)  # by row
        self._shapes: U8 | None = None  # by row
        self._drawn: U16 | None = None
        self._look_up: U32 | None = None

    @property
    def palette(self) -> U8:
        """uint8 (colours, 4), RGBA."""
        if self.grey is None:
            return self._palette
        return np.array([(*self.grey, 255)], np.uint8)

    def set_colouring(self, colouring: Colouring) -> None:
        self._palette, self._codes = colouring.palette, colouring.codes
        self._shapes = colouring.shapes
        self.forget()

    def forget(self) -> None:
        """Another order of drawing, or other colours."""
        self._drawn = self._look_up = None

    def codes(self, cloud: Cloud) -> U16:
        """The palette's entry of each dot, in drawing order."""
        if self.grey is not None or len(self._codes) != cloud.table_rows:
            return np.zeros(len(cloud), np.uint16)
        if self._drawn is None:
            self._drawn = np.take(self._codes, cloud.rows)
        return self._drawn

    def shapes(self, cloud: Cloud) -> U8 | None:
        """Places in palettes.SHAPES of each dot, in drawing order; None where all are dots."""
        if self._shapes is None or len(self._shapes) != cloud.table_rows:
            return None
        return np.take(self._shapes, cloud.rows)

    def look_up(self, cloud: Cloud) -> U32:
        """Pixels of each dot, uint32 (drawn + 1,); entry 0 for the background."""
        if self._look_up is None:
            look_up = np.empty(len(cloud) + 1, np.uint32)
            np.take(packed(self.palette), self.codes(cloud), out=look_up[1:], mode="clip")
            look_up[0] = (
                0 if self._transparent else packed(np.array([self.background], np.uint8))[0]
            )
            self._look_up = look_up
        return self._look_up

    def by_count(self, greatest: int) -> U32:
        """Pixels of 0 to `greatest` rows on a logarithmic scale, uint32 (greatest + 1,)."""
        numbers = np.arange(1, greatest + 1)
        level = np.log(numbers) / math.log(greatest) if greatest > 1 else np.ones(1)
        ramp = self.ramp if self.grey is None else _towards(self.background, self.grey)
        colours = ramp[(level * _LEVELS).round().astype(np.int64)]
        return packed(np.concatenate([np.array([self.background], np.uint8), colours]))


def packed(colours: U8) -> U32:
    """0xFFRRGGBB of RGB or RGBA, (n, 3 or 4)."""
    wide = colours[:, :3].astype(np.uint32)
    pixels: U32 = wide @ np.array([1 << 16, 1 << 8, 1], np.uint32) | _OPAQUE
    return pixels


def let_through(pixels: U32, covering: I32, opacity: float) -> U32:
    """The pixels with the opacity of as many see-through dots as cover each.

    pixels: uint32 (height, width), opaque. covering: int32 (height, width), dots on each pixel.
    opacity: of one dot, in [0, 1]; n of them let (1 - opacity)^n through. The result is
    0xAARRGGBB, not premultiplied. The colour is that of the dot on top.
    """
    enough = min(255, math.ceil(math.log(1 / 510) / math.log(1 - min(opacity, 0.99))))
    covered = 1 - (1 - opacity) ** np.arange(enough + 1)
    alpha = (covered * 255).round().astype(np.uint32) << np.uint32(24)
    seen = np.take(alpha, covering, mode="clip")
    seen |= pixels & ~_OPAQUE
    return seen


def rounded_up(count: int) -> int:
    """The next of 1, 2, 5, 10, 20, 50, ...: a scale that stays while one looks around."""
    tens = 1
    while True:
        for step in (1, 2, 5):
            if step * tens >= count:
                return step * tens
        tens *= 10


def _towards(start: Rgb, stop: Rgb) -> U8:
    """256 colours between two, the first already apart from `start`."""
    share = np.linspace(0.25, 1.0, 256)[:, None]
    return (np.array(start) * (1 - share) + np.array(stop) * share).round().astype(np.uint8)
