"""The colours of shards."""

from __future__ import annotations

from functools import cache

import numpy as np
from PySide6.QtGui import QColor

from explorer.palettes import colour_values


@cache
def shard_colours(count: int, *, dark: bool) -> tuple[QColor, ...]:
    """One colour a shard; they come again where there are more shards than colours."""
    names = np.array([f"{place:03}" for place in range(min(count, 12))])
    legend = colour_values(names, numeric=False, dark=dark).legend
    colours = [QColor(*entry.rgb) for entry in legend]
    return tuple(colours[place % len(colours)] for place in range(count))
