"""The id buffer: an image that holds, for every pixel, which point is seen there.

Points become pixels by arithmetic on whole arrays, each writes its number into an int32 image,
the image is grown by the dot radius, and colours come last, by one look-up a pixel. The cost is
nearly all per pixel, so a million points cost little more than ten thousand, and a new colouring
or a question "what is here?" never touches the points.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

F32 = npt.NDArray[np.float32]
I32 = npt.NDArray[np.int32]
U32 = npt.NDArray[np.uint32]

MAX_RADIUS = 6


class IdBuffer:
    """Numbers of the points seen in each pixel: 0 for none, n + 1 for the n-th point.

    Where dots meet, the higher number is on top. Arrays are kept from frame to frame: fresh memory
    costs more than the arithmetic.
    """

    def __init__(self) -> None:
        self.width = self.height = 0
        self._pad = MAX_RADIUS + 1
        self._ids = np.zeros((0, 0), np.int32)
        self._wide = np.zeros((0, 0), np.int32)
        self._grown = np.zeros((0, 0), np.int32)
        self._pixels = np.zeros((0, 0), np.uint32)
        self._numbers = np.empty(0, np.int32)

    def draw(self, x: I32, y: I32, width: int, height: int, radius: int) -> None:
        """Puts points into a fresh image.

        x, y: int32 (points,), pixels from the left and from the top; any value is allowed.
        radius: dot radius in pixels, 0 to MAX_RADIUS.
        """
        self._resize(width, height)
        pad, stride = self._pad, width + 2 * self._pad
        # What lies outside lands in the outermost ring, which is wiped after.
        place = np.clip(y, -pad, height + pad - 1)
        place += pad
        place *= stride
        place += np.clip(x, -pad, width + pad - 1)
        place += pad
        if len(self._numbers) != len(x):
            self._numbers = np.arange(1, len(x) + 1, dtype=np.int32)
        self._ids.fill(0)
        self._ids.reshape(-1)[place] = self._numbers
        self._wipe_ring()
        self._grow(min(radius, MAX_RADIUS))

    def colours(self, look_up: U32) -> tuple[U32, int]:
        """(image, offset): uint32 (height + padding, width + padding) and where its first shown
        pixel lies. look_up: uint32 (points + 1,), entry 0 for the background."""
        np.take(look_up, self._ids, out=self._pixels, mode="clip")
        return self._pixels, self._pad * (self.width + 2 * self._pad) + self._pad

    def near(self, x: int, y: int, reach: int) -> I32:
        """Indices of the points seen within `reach` pixels of a pixel, each once, ascending."""
        left, top = max(0, x - reach + self._pad), max(0, y - reach + self._pad)
        patch = self._ids[top : y + reach + self._pad + 1, left : x + reach + self._pad + 1]
        found: I32 = np.unique(patch)
        return found[found > 0] - np.int32(1)

    def _resize(self, width: int, height: int) -> None:
        if (width, height) == (self.width, self.height):
            return
        self.width, self.height = width, height
        shape = (height + 2 * self._pad, width + 2 * self._pad)
        self._ids = np.zeros(shape, np.int32)
        self._wide = np.zeros(shape, np.int32)
        self._grown = np.zeros(shape, np.int32)
        self._pixels = np.zeros(shape, np.uint32)

    def _wipe_ring(self) -> None:
        self._ids[[0, -1]] = 0
        self._ids[:, [0, -1]] = 0

    def _grow(self, radius: int) -> None:
        """Spreads every number over a disc, the greatest winning.

        A disc is a stack of horizontal runs. A copy is widened pixel by pixel to each run's
        half-width, narrowest first, and laid over the rows that have this run.
        """
        if radius == 0:
            return
        np.copyto(self._wide, self._ids)
        self._grown.fill(0)
        reached = 0
        for half, rows in runs(radius):
            for step in range(reached + 1, half + 1):
                _over(self._wide, self._ids, 0, step)
                _over(self._wide, self._ids, 0, -step)
            reached = half
            for row in rows:
                _over(self._grown, self._wide, row, 0)
        self._ids, self._grown = self._grown, self._ids


def runs(radius: int) -> list[tuple[int, list[int]]]:
    """A pixel disc as (half-width, rows that are this wide), narrowest first."""
    rows = np.arange(-radius, radius + 1)
    halves = np.sqrt(np.maximum((radius + 0.4) ** 2 - rows**2, 0)).astype(int)
    return [(int(half), rows[halves == half].tolist()) for half in sorted(set(halves.tolist()))]


def _over(target: I32, source: I32, down: int, right: int) -> None:
    """target = max(target, source moved down and right)."""
    height, width = target.shape
    to = target[max(down, 0) : height + min(down, 0), max(right, 0) : width + min(right, 0)]
    of = source[max(-down, 0) : height + min(-down, 0), max(-right, 0) : width + min(-right, 0)]
    np.maximum(to, of, out=to)
