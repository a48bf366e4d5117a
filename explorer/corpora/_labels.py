"""Labels: from the texts of a label column to class numbers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

_NEGATIVE = {"negative", "neg", "0", "-1", "false", "no"}
_POSITIVE = {"positive", "pos", "1", "+1", "true", "yes"}


def classes(labels: Sequence[str]) -> tuple[npt.NDArray[np.int64], tuple[str, ...]]:
    """(int64 class of every label, the class names): known spellings are negative 0, positive 1;
    any others are numbered in their sorted order. Case and outer spaces do not count."""
    plain = [label.strip().casefold() for label in labels]
    found = set(plain)
    if found <= _NEGATIVE | _POSITIVE:
        numbers = np.array([label in _POSITIVE for label in plain], dtype=np.int64)
        return numbers, ("negative", "positive")
    names = sorted(found, key=_order)
    place = {name: number for number, name in enumerate(names)}
    return np.array([place[label] for label in plain], dtype=np.int64), tuple(names)


def _order(name: str) -> tuple[float, str]:
    """Numbers by their value, then texts by the alphabet."""
    return (float(name), "") if name.isdecimal() else (float("inf"), name)
