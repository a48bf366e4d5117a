"""The steps of the descent: gradient descent with momentum and gains (Jacobs 1988; van der Maaten
2014, section 4), attraction exaggerated early on."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from explorer.descent.attraction import Attraction
from explorer.descent.repulsion import PairwiseRepulsion, Repulsion

if TYPE_CHECKING:
    from torch import Tensor

# Up to so many rows all pairs are quicker than a grid.
_FEW_ROWS = 1000
# Steps for which weights of attraction serve: the map ends as low (measured at 10,000 rows).
WEIGHTS_KEPT = 4
_MOMENTUM = 0.8
_LEAST_GAIN = 0.01
_GAIN_UP, _GAIN_DOWN = 0.2, 0.8

Pulse = Callable[[], None]


class Forces(Protocol):
    """Where a gradient comes from.

    `gradient` is float32 (n, dims): attraction times the exaggeration, less repulsion. It calls
    its pulse, which may raise, between its parts. `divergence` (nats) may take something from the
    last gradient; `settle` makes it exact for these places.
    """

    def gradient(self, places: Tensor, exaggeration: float, pulse: Pulse) -> Tensor: ...
    def settle(self, places: Tensor) -> None: ...
    def divergence(self, places: Tensor) -> float: ...


class GridForces:
    """The gradient in two dimensions, from weights of attraction that are kept for some steps."""

    def __init__(self, affinities: Any) -> None:
        few = affinities.shape[0] <= _FEW_ROWS
        self._attraction = Attraction(affinities)
        self._repulsion = PairwiseRepulsion() if few else Repulsion()
        self._age = WEIGHTS_KEPT

    def gradient(self, places: Tensor, exaggeration: float, pulse: Pulse) -> Tensor:
        x, y = places.T.contiguous()
        self._weigh(x, y, exaggeration)
        pull = self._attraction.force(places).mul_(exaggeration)
        pulse()
        self._repulsion.refresh(x, y)
        pulse()
        push = self._repulsion.force(x, y)
        return pull.sub_(push, alpha=1 / self._repulsion.normalisation)

    def _weigh(self, x: Tensor, y: Tensor, exaggeration: float) -> None:
        # Exaggerated, steps are too long for weights of the step before: rows flew off the map.
        if self._age >= WEIGHTS_KEPT or exaggeration != 1:
            self._attraction.refresh(x, y)
            self._age = 0
        self._age += 1

    def settle(self, places: Tensor) -> None:
        self._repulsion.refresh(*places.T.contiguous())

    def divergence(self, places: Tensor) -> float:
        x, y = places.T.contiguous()
        return self._attraction.divergence(x, y, self._repulsion.normalisation)


class Descent:
    """A descent under way. places: float32 (n, dims), moved by `step`.

    The places at the start are copied. The pulse is called several times in a step and may raise;
    the places are those of the last whole step then.
    """

    def __init__(self, start: Any, forces: Forces, pulse: Pulse) -> None:
        import torch

        self.places: Tensor = torch.from_numpy(np.array(start, dtype=np.float32))
        self._forces, self._pulse = forces, pulse
        self._update = torch.zeros_like(self.places)
        self._gains = torch.ones_like(self.places)

    def step(self, exaggeration: float, rate: float) -> None:
        """One step of this length (rows / exaggeration is usual) down the gradient."""
        import torch

        gradient = self._forces.gradient(self.places, exaggeration, self._pulse)
        self._pulse()
        same = self._update.sign() == gradient.sign()
        raised = self._gains + _GAIN_UP
        lowered = self._gains.mul_(_GAIN_DOWN).add_(_LEAST_GAIN)
        self._gains = torch.where(same, lowered, raised)
        gradient.mul_(self._gains)
        self._update.mul_(_MOMENTUM).sub_(gradient, alpha=rate)
        self.places.add_(self._update)
        # NumPy's sum does not depend on the number of threads.
        self.places.sub_(torch.from_numpy(self.places.numpy().mean(axis=0)))

    def divergence(self) -> float:
        """The divergence at the places as they are now, nearly."""
        return self._forces.divergence(self.places)

    def settle(self) -> None:
        """Makes the divergence that of these very places."""
        self._forces.settle(self.places)
