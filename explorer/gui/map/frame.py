"""How the map lies on the screen: which part of it is seen, and how large its dots are."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QRectF

F32 = npt.NDArray[np.float32]

_USUAL_AREA = 800_000.0  # square pixels
_LARGEST = 26.0
_FAR_AWAY = np.float32(1e12)  # pixels: its square is a float32 too


class Frame:
    """How map coordinates become pixels: a rectangle of the map on a rectangle of pixels."""

    __slots__ = ("bottom", "height", "left", "per_x", "per_y", "right", "top", "width")

    def __init__(self, view: QRectF, width: float, height: float) -> None:
        self.left, self.bottom = view.left(), view.top()
        self.right, self.top = view.right(), view.bottom()
        self.width, self.height = width, height
        self.per_x = width / view.width()
        self.per_y = height / view.height()

    def pixels(self, xy: F32, scale: float = 1.0) -> tuple[F32, F32]:
        """Pixels from the left and from the top of map coordinates; y of the map goes up.

        What is further away than any screen is told to be so far away.
        """
        with np.errstate(over="ignore"):
            x = (xy[0] - np.float32(self.left)) * np.float32(self.per_x * scale)
            y = (np.float32(self.top) - xy[1]) * np.float32(self.per_y * scale)
        return np.clip(x, -_FAR_AWAY, _FAR_AWAY), np.clip(y, -_FAR_AWAY, _FAR_AWAY)

    def holds(self, xy: F32, margin: float) -> npt.NDArray[np.bool_]:
        """Which map coordinates, float32 (2, n), are seen or within `margin` pixels of it."""
        x, y = margin / self.per_x, margin / self.per_y
        inside = xy[0] > np.float32(self.left - x)
        for seen in (
            xy[0] < np.float32(self.right + x),
            xy[1] > np.float32(self.bottom - y),
            xy[1] < np.float32(self.top + y),
        ):
            inside &= seen
        return inside

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Frame) and all(
            getattr(self, name) == getattr(other, name) for name in self.__slots__
        )

    __hash__ = None  # type: ignore[assignment]


def fitting_radius(
    rows: int, zoom: float = 1.0, area: float = _USUAL_AREA, factor: float = 1.0
) -> float:
    """Dot radius in pixels: smaller the more crowded the map, growing slowly as one zooms in.

    zoom: how much larger the map is drawn than when it fits the view. area: of the map, square
    pixels. factor: what the user makes of it.
    """
    crowd = max(rows * _USUAL_AREA / max(area, 1.0), 1.0)
    base = np.clip(12.5 * crowd**-0.155, 1.0, 5.5)
    usual = np.clip(base * max(zoom, 1.0) ** 0.22, 1.0, 6.5)
    return float(np.round(4 * np.clip(usual * factor, 0.5, _LARGEST)) / 4)
