"""Rasters of the points: which one is seen in every pixel, and how many lie around it.

Points become pixels by arithmetic on whole arrays. In the id buffer each writes its number into an
image, the image is grown by the dot radius, and colours come last, by one look-up a pixel. The cost
is nearly all per pixel, so a million points cost little more than ten thousand, and a new colouring
or a question "what is here?" never touches the points.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from explorer.gui.map.frame import Frame

F32 = npt.NDArray[np.float32]
I32 = npt.NDArray[np.int32]
I64 = npt.NDArray[np.int64]
U32 = npt.NDArray[np.uint32]

MAX_RADIUS = 26
_USUAL_PAD = 7
_BLOCK = 1 << 15  # points at a time: what is worked on stays in the processor's cache


@dataclass(frozen=True, slots=True)
class Grid:
    """The pixels of an image and of a border around it, wide enough for dots of this radius.

    width, height, radius: device pixels.
    """

    width: int
    height: int
    radius: int = 0

    @property
    def pad(self) -> int:
        return max(_USUAL_PAD, self.radius + 1)

    @property
    def shape(self) -> tuple[int, int]:
        """(rows, columns), the border included."""
        return self.height + 2 * self.pad, self.width + 2 * self.pad

    @property
    def inner(self) -> tuple[slice, slice]:
        """Where the image itself lies."""
        return slice(self.pad, self.pad + self.height), slice(self.pad, self.pad + self.width)

    def places(self, xy: F32, frame: Frame, out: I64 | None = None, scale: float = 1.0) -> I64:
        """The pixel of each point, int64 (points,), counted through the grid's rows.

        xy: float32 (2, points) of the map, any finite numbers. What lies outside lands in the
        outermost ring. out: memory for the result, kept from frame to frame: fresh memory costs
        more than the arithmetic. scale: device pixels per pixel of the frame.
        """
        count = xy.shape[1]
        places = np.empty(count, np.int64) if out is None or len(out) != count else out
        rows, columns = self.shape
        line = np.empty(min(_BLOCK, count), np.float32)
        down = np.empty(min(_BLOCK, count), np.int64)
        for start in range(0, count, _BLOCK):
            stop = min(start + _BLOCK, count)
            value, above, place = line[: stop - start], down[: stop - start], places[start:stop]
            np.subtract(np.float32(frame.top), xy[1, start:stop], out=value)
            self._whole(value, frame.per_y * scale, rows, above)
            np.subtract(xy[0, start:stop], np.float32(frame.left), out=value)
            self._whole(value, frame.per_x * scale, columns, place)
            np.multiply(above, columns, out=above)
            np.add(place, above, out=place)
        return places

    def _whole(self, value: F32, scale: float, size: int, out: I64) -> None:
        """Distances from the image's border, in units of the map, as whole pixels of the grid."""
        with np.errstate(over="ignore"):
            np.multiply(value, np.float32(scale), out=value)
        np.add(value, np.float32(self.pad), out=value)
        np.clip(value, 0, size - 1, out=value)
        np.copyto(out, value, casting="unsafe")


class IdBuffer:
    """Numbers of the points seen in each pixel: 0 for none, n + 1 for the n-th point.

    Where dots meet, the higher number is on top. Arrays are kept from frame to frame.
    """

    def __init__(self) -> None:
        self._grid = Grid(0, 0)
        self._ids = np.zeros((0, 0), np.int32)
        self._wide = np.zeros((0, 0), np.int32)
        self._grown = np.zeros((0, 0), np.int32)
        self._pixels = np.zeros((0, 0), np.uint32)
        self._numbers = np.empty(0, np.int32)

    def draw(self, grid: Grid, places: I64) -> None:
        """Puts points, as `Grid.places` has them, into a fresh image, as discs of its radius."""
        self._resize(grid)
        if len(self._numbers) != len(places):
            self._numbers = np.arange(1, len(places) + 1, dtype=np.int32)
        self._ids.fill(0)
        self._ids.reshape(-1)[places] = self._numbers
        _wipe_ring(self._ids)
        self._grow(grid.radius)

    def colours(self, look_up: U32) -> U32:
        """uint32 (height, width), a part of the padded image. look_up: uint32 (points + 1,),
        entry 0 for the background."""
        np.take(look_up, self._ids, out=self._pixels, mode="clip")
        return self._pixels[self._grid.inner]

    def near(self, x: int, y: int, reach: int) -> I64:
        """Indices of the points seen within `reach` pixels of a pixel, each once, ascending."""
        pad = self._grid.pad
        left, top = max(0, x - reach + pad), max(0, y - reach + pad)
        patch = self._ids[top : max(0, y + reach + pad + 1), left : max(0, x + reach + pad + 1)]
        found = np.unique(patch)
        return (found[found > 0] - 1).astype(np.int64)

    def _resize(self, grid: Grid) -> None:
        if grid.shape != self._ids.shape:
            self._ids = np.zeros(grid.shape, np.int32)
            self._wide = np.zeros(grid.shape, np.int32)
            self._grown = np.zeros(grid.shape, np.int32)
            self._pixels = np.zeros(grid.shape, np.uint32)
        self._grid = grid

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


class Rasters:
    """One set of points on a grid; each raster is made when it is first asked for."""

    def __init__(self) -> None:
        self.grid = Grid(0, 0)
        self._places: I64 = np.empty(0, np.int64)
        self._ids = IdBuffer()
        self._drawn = False

    def map(self, grid: Grid, xy: F32, frame: Frame, scale: float) -> None:
        """Turns points into pixels, as `Grid.places` does."""
        self.grid, self._drawn = grid, False
        self._places = grid.places(xy, frame, self._places, scale)

    def colours(self, look_up: U32) -> U32:
        """`IdBuffer.colours`."""
        self._draw()
        return self._ids.colours(look_up)

    def near(self, x: int, y: int, reach: int) -> I64:
        """`IdBuffer.near`."""
        self._draw()
        return self._ids.near(x, y, reach)

    def counts(self) -> I32:
        """How many dots lie on each pixel, int32 (height, width)."""
        return counts(self.grid, self._places)

    def _draw(self) -> None:
        if not self._drawn:
            self._ids.draw(self.grid, self._places)
            self._drawn = True


def counts(grid: Grid, places: I64) -> I32:
    """How many points lie within the grid's radius of each pixel, int32 (height, width): as many
    as have a disc there. places: as `Grid.places` has them."""
    rows, columns = grid.shape
    once = np.bincount(places, minlength=rows * columns).astype(np.int32).reshape(rows, columns)
    _wipe_ring(once)
    # Every run of a disc is a difference of two running sums.
    sums = np.zeros((rows, columns + 1), np.int32)
    np.cumsum(once, axis=1, out=sums[:, 1:])
    pad, width, height = grid.pad, grid.width, grid.height
    total = np.zeros((height, width), np.int32)
    for half, lines in runs(grid.radius):
        stop, start = pad + half + 1, pad - half
        wide = sums[:, stop : stop + width] - sums[:, start : start + width]
        for line in lines:
            total += wide[pad + line : pad + line + height]
    return total


def runs(radius: int) -> list[tuple[int, list[int]]]:
    """A pixel disc as (half-width, rows that are this wide), narrowest first."""
    rows = np.arange(-radius, radius + 1)
    halves = np.sqrt(np.maximum((radius + 0.4) ** 2 - rows**2, 0)).astype(int)
    return [(int(half), rows[halves == half].tolist()) for half in sorted(set(halves.tolist()))]


def _wipe_ring(image: I32) -> None:
    image[[0, -1]] = 0
    image[:, [0, -1]] = 0


def _over(target: I32, source: I32, down: int, right: int) -> None:
    """target = max(target, source moved down and right)."""
    height, width = target.shape
    to = target[max(down, 0) : height + min(down, 0), max(right, 0) : width + min(right, 0)]
    of = source[max(-down, 0) : height + min(-down, 0), max(-right, 0) : width + min(-right, 0)]
    np.maximum(to, of, out=to)
