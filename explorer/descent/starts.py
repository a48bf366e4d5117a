"""Where a descent begins: tiny, so that the first forces decide what parts from what."""

from __future__ import annotations

import numpy as np

from explorer.vectors import F32

_DEVIATION = 1e-4
_JITTER = 0.01


def principal_start(points: F32, dims: int, seed: int) -> F32:
    """The first principal plane, made tiny: float32 (n, dims).

    points: float32 (n, components), along principal components (Kobak and Berens 2019).
    """
    start = np.zeros((len(points), dims), dtype=np.float32)
    start[:, : points.shape[1]] = points[:, :dims]
    return made_tiny(start, seed)


def made_tiny(start: F32, seed: int) -> F32:
    """Centred, of the usual deviation along x, and shaken a little, so that equal rows can part."""
    wide = start.astype(np.float64)
    wide -= wide.mean(axis=0)
    deviation = float(wide[:, 0].std())
    if deviation > 0:
        wide *= _DEVIATION / deviation
    shake = np.random.default_rng(seed).normal(size=wide.shape)
    wide += _DEVIATION * (_JITTER if deviation > 0 else 1.0) * shake
    return wide.astype(np.float32)
