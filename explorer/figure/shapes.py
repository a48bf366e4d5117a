"""Marks that tell categories apart without colour, in the order of palettes.SHAPES."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

# matplotlib's marker and its size, in diameters of a dot, at which it covers about as much.
_MARKERS = (("o", 1.0), ("s", 0.89), ("^", 1.1), ("D", 0.89), ("P", 1.15))
_RING = (1.14, 0.44)  # size of the ring, and the hole's share of it
_CORNERS = 60


def marker_of(shape: int) -> tuple[Any, float]:
    """matplotlib's marker for a place in palettes.SHAPES, and its size in diameters of a dot."""
    return _MARKERS[shape] if shape < len(_MARKERS) else (_ring(), _RING[0])


@cache
def _ring() -> Any:
    """A ring as an area: an outline would take its width from elsewhere."""
    from matplotlib.path import Path

    angles = np.linspace(0, 2 * np.pi, _CORNERS)
    circle = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    # The other way round, the inner circle is a hole.
    return Path.make_compound_path(
        Path(circle, closed=True), Path(_RING[1] * circle[::-1], closed=True)
    )
