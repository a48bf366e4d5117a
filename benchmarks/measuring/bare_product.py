"""What comparing all rows with all takes at the least: their product, of which nothing is made."""

from __future__ import annotations

import numpy as np

from explorer.vectors import F32

_BLOCK = 512


def some_points(rows: int, dim: int) -> F32:
    """Rows drawn at random, wider in the first directions than in the last."""
    points = np.random.default_rng(0).standard_normal((rows, dim), dtype=np.float32)
    points *= np.linspace(2, 0.5, dim, dtype=np.float32)
    return points


def bare_product(points: F32) -> None:
    """Multiplies the rows with themselves, block by block."""
    products = np.empty((_BLOCK, len(points)), dtype=np.float32)
    for start in range(0, len(points), _BLOCK):
        block = points[start : start + _BLOCK]
        np.matmul(block, points.T, out=products[: len(block)])
