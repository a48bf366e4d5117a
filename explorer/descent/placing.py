"""New points in a map that stays as it is (Policar et al. 2021, doi:10.1007/s10994-021-06043-1).

Each begins at the mean of its neighbours' places and takes some steps down a gradient of its own:
its neighbours in the map pull it, everything in the map pushes it, and the new ones do not see
each other, so that a point lies where it would lie alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from explorer.descent.repulsion import Repulsion
from explorer.progress import Progress, Report, silent
from explorer.vectors import F32

if TYPE_CHECKING:
    from torch import Tensor

Rows = npt.NDArray[np.int64]

_STEPS = 100
_RATE = 0.1
_MOMENTUM = 0.8
_LONGEST_GRADIENT = 0.25


def weighted_means(places: F32, neighbors: Rows, weights: F32) -> F32:
    """Mean places of neighbours, float32 (m, dims). neighbors, weights: (m, k), rows of sum one."""
    means: F32 = np.einsum("mk,mkd->md", weights, places[neighbors], dtype=np.float32)
    return means


def placed(places: F32, neighbors: Rows, weights: F32, report: Report = silent) -> F32:
    """Places of new points, float32 (m, dims), in the map `places`, float32 (n, dims), finite.

    neighbors: int64 (m, k), their neighbours among the rows of the map; weights: float32 (m, k),
    conditional affinities. In three dimensions they stay at the mean of their neighbours.
    """
    begin = weighted_means(places, neighbors, weights)
    if places.shape[1] != 2 or not len(begin):
        return begin
    return _settled(places, begin, neighbors, weights, report)


def _settled(places: F32, begin: F32, neighbors: Rows, weights: F32, report: Report) -> F32:
    import torch

    push = Repulsion()
    push.refresh(*_axes(places))
    where, update = torch.from_numpy(begin.copy()), torch.zeros(begin.shape)
    near, weigh = torch.from_numpy(places[neighbors]), torch.from_numpy(weights)[..., None]
    for step in range(_STEPS):
        report(Progress(step, _STEPS, "Placing the points"))
        gradient = _gradient(where, near, weigh, push)
        length = gradient.norm(dim=1, keepdim=True)
        gradient *= (_LONGEST_GRADIENT / length.clamp_(min=1e-12)).clamp_(max=1)
        update = update.mul_(_MOMENTUM).sub_(gradient, alpha=_RATE)
        where += update
    settled: F32 = where.numpy()
    return settled


def _gradient(where: Tensor, near: Tensor, weigh: Tensor, push: Repulsion) -> Tensor:
    apart = where[:, None] - near
    close = weigh / (1 + (apart * apart).sum(-1, keepdim=True))
    x, y = where.T.contiguous()
    away = push.force(x, y) / push.sums(x, y).clamp_(min=1)[:, None]
    return (close * apart).sum(1) - away


def _axes(places: F32) -> Any:
    import torch

    return torch.from_numpy(np.ascontiguousarray(places.T, dtype=np.float32))
