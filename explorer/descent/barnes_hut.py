"""Attraction and repulsion by openTSNE's Barnes-Hut tree (Policar et al. 2024,
doi:10.18637/jss.v109.i03): the quicker way in three dimensions, where a fine grid is too large."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from torch import Tensor

_THETA = 0.5


class TreeForces:
    """The gradient in three dimensions (or two), with the same face as `steps.GridForces`."""

    def __init__(self, affinities: Any, threads: int) -> None:
        self._affinities = affinities.astype(np.float64)
        self._threads = threads

    def gradient(self, places: Tensor, exaggeration: float, pulse: Any) -> Tensor:
        """Attraction times the exaggeration, less repulsion: float32 (n, dims)."""
        import torch

        return torch.from_numpy(self._evaluated(places, exaggeration, False)[1].astype(np.float32))

    def settle(self, places: Tensor) -> None:
        """The divergence is always exact."""

    def divergence(self, places: Tensor) -> float:
        """The Kullback-Leibler divergence (nats)."""
        return float(self._evaluated(places, 1.0, True)[0])

    def _evaluated(self, places: Tensor, exaggeration: float, wanted: bool) -> Any:
        from openTSNE.tsne import kl_divergence_bh

        pull = self._affinities
        if exaggeration != 1:
            pull = pull.copy()
            pull.data *= exaggeration
        where = places.numpy().astype(np.float64)
        return kl_divergence_bh(
            where,
            pull,
            1,
            {"theta": _THETA},
            should_eval_error=wanted,
            n_jobs=self._threads,
        )
