"""Labels: from the texts of a label column to class numbers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from explorer.collation import natural

_NEGATIVE = {"negative", "neg", "0", "-1", "false", "no"}
_POSITIVE = {"positive", "pos", "1", "+1", "true", "yes"}


def classes(labels: Sequence[str]) -> tuple[npt.NDArray[np.int64], tuple[str, ...]]:
    """(int64 class of every label, the class names): known spellings are negative 0, positive 1;
    any others are numbered in their natural order. Case and outer spaces do not count."""
    plain = [label.strip().casefold() for label in labels]
    found = set(plain)
    if found <= _NEGATIVE | _POSITIVE:
        numbers = np.array([label in _POSITIVE for label in plain], dtype=np.int64)
        return numbers, ("negative", "positive")
    names = sorted(found, key=natural)
    place = {name: number for number, name in enumerate(names)}
    return np.array([place[label] for label in plain], dtype=np.int64), tuple(names)
