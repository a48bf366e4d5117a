"""The push of all rows on each other, by interpolation on a grid.

As in FIt-SNE (Linderman et al. 2019, doi:10.1038/s41592-018-0308-4) the sums over all pairs become
a convolution on a regular grid, by FFT. Unlike there, one potential is enough: the force
sum_j q_ij^2 (y_i - y_j) is -1/2 of the gradient of sum_j q_ij, so a density is spread on the grid,
convolved once, and the potential's slope is read, as in the smooth particle-mesh Ewald method
(Essmann et al. 1995, doi:10.1063/1.470117): cubic B-splines, whose smoothing is divided out of the
kernel. One transform forth and one back instead of four each, in single precision: a constant,
which has no slope, is taken off the kernel first, so that small differences keep their digits.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from torch import Tensor

# Between nodes, in units of the kernel's width. Measured at 10,000 rows: 0.5 ends 2 to 3 % higher,
# 0.2 and 0.25 end no lower.
_SPACING = 0.3
_FEWEST_NODES = 64
# A grid above this size costs more than all the rest, so distant strays make it coarser instead.
_MOST_NODES = 1536
_COARSER = 1.05
_LEAST_EXTENT = 1e-30
# Nodes beyond the outermost points, under their splines.
_MARGIN = 3
_ORDER = 4  # nodes per axis under a cubic B-spline
# Points at once: their stencils stay in the cache.
_POINTS = 1 << 14


class Repulsion:
    """The push at places in the plane: `refresh` first, then `force` of these points or others."""

    def __init__(self) -> None:
        self._kernel: _Kernel | None = None
        self._grid: _Grid | None = None
        self._potential: Tensor | None = None
        self.normalisation = 0.0
        """The sum of q over all ordered pairs of different points, at the last refresh."""

    def refresh(self, x: Tensor, y: Tensor) -> None:
        """Finds the potential of points at x, y: float32 (n,)."""
        self._grid = grid = _Grid.over(x, y)
        if self._kernel is None or self._kernel.grid_key != grid.key:
            self._kernel = _Kernel(grid)
        density = self._kernel.density.zero_()
        for stencil in _stencils(x, y, grid):
            nodes = stencil.nodes.reshape(-1).long()
            density.view(-1).scatter_add_(0, nodes, stencil.weights().reshape(-1))
        self._potential = self._kernel.convolve()
        # NumPy's sum does not depend on the number of threads.
        total = float((density * self._potential).numpy().sum(dtype=np.float64))
        self.normalisation = total + self._kernel.constant * len(x) ** 2 - len(x)

    @property
    def nodes(self) -> int:
        """Nodes per axis of the grid, at the last refresh."""
        assert self._grid is not None
        return self._grid.nodes

    def force(self, x: Tensor, y: Tensor) -> Tensor:
        """sum over j of q_ij^2 (y_i - y_j), float32 (n, 2)."""
        import torch

        assert self._grid is not None
        assert self._potential is not None
        force = torch.empty(len(x), 2)
        for stencil in _stencils(x, y, self._grid):
            stencil.slope(self._potential, out=force[stencil.points])
        return force.mul_(-0.5 / self._grid.spacing)

    def sums(self, x: Tensor, y: Tensor) -> Tensor:
        """sum over j of q_ij, float32 (n,): the potential itself, for points of another set."""
        import torch

        assert self._grid is not None
        assert self._potential is not None
        assert self._kernel is not None
        read = [s.value(self._potential) for s in _stencils(x, y, self._grid)]
        return torch.cat(read) + self._kernel.constant * self._grid.points


class PairwiseRepulsion:
    """The push of a few rows, pair by pair: for some hundreds the quicker way, and for some tens
    the only one, as on a grid each row pushes itself a little."""

    def __init__(self) -> None:
        self.normalisation = 0.0
        """The sum of q over all ordered pairs of different points, at the last refresh."""
        self._force: Tensor | None = None

    def refresh(self, x: Tensor, y: Tensor) -> None:
        import torch

        across, up = x[:, None] - x, y[:, None] - y
        near = 1 / (1 + across * across + up * up)
        self.normalisation = float(near.numpy().sum(dtype=np.float64)) - len(x)
        near *= near
        self._force = torch.stack([(near * across).sum(1), (near * up).sum(1)], dim=1)

    def force(self, x: Tensor, y: Tensor) -> Tensor:
        """sum over j of q_ij^2 (y_i - y_j), float32 (n, 2), at the last refresh."""
        assert self._force is not None
        return self._force.clone()


@dataclass(frozen=True)
class _Grid:
    """nodes: per axis. left, bottom: where node 0 lies. points: how many were spread on it."""

    nodes: int
    spacing: float
    left: float
    bottom: float
    points: int

    @classmethod
    def over(cls, x: Tensor, y: Tensor) -> _Grid:
        """A grid with a margin about these points."""
        (left, right), (bottom, top) = (_ends(x), _ends(y))
        extent = max(right - left, top - bottom, _LEAST_EXTENT)
        nodes, spacing, inside = nodes_for(extent), _SPACING, nodes_for(extent) - 2 * _MARGIN
        if nodes == _FEWEST_NODES:
            spacing = extent / inside
        while extent > spacing * inside:  # in steps, so that the kernel is found again
            spacing *= _COARSER
        reach = (nodes - 1) * spacing
        left, bottom = (left + right - reach) / 2, (bottom + top - reach) / 2
        return cls(nodes, spacing, left, bottom, len(x))

    @property
    def key(self) -> tuple[int, float]:
        return self.nodes, self.spacing


def _ends(values: Tensor) -> tuple[float, float]:
    least, most = values.aminmax()
    return float(least), float(most)


def nodes_for(extent: float) -> int:
    """Nodes per axis of the grid over a map that is so wide."""
    wanted = math.ceil(extent / _SPACING) + 2 * _MARGIN
    return min(_MOST_NODES, _transformable(max(_FEWEST_NODES, wanted)))


def grid_bytes(nodes: int) -> int:
    """Bytes of a grid: the kernel's spectrum, that of the density in two copies, and the rest."""
    return 2 * nodes * (nodes + 1) * (4 + 2 * 8) + 40 * nodes**2


def _transformable(nodes: int) -> int:
    """The next size that has small factors only, of those some 6 % apart."""
    steps = (16, 18, 20, 24, 27, 30)
    scale = 1
    while nodes > steps[-1] * scale:
        scale *= 2
    if scale == 1:
        return nodes
    return next(step * scale for step in steps if step * scale >= nodes)


class _Kernel:
    """1 / (1 + r^2) less a constant, between the nodes of a grid, ready for products."""

    def __init__(self, grid: _Grid) -> None:
        import scipy.fft
        import torch

        self.grid_key = grid.key
        self.constant = 1 / (1 + (grid.nodes * grid.spacing / 2) ** 2)
        squares = (np.arange(grid.nodes + 1) * grid.spacing) ** 2
        radii = squares[:, None] + squares
        # In a form that keeps the digits of a small difference.
        kernel = (1 - self.constant * (1 + radii)) / (1 + radii)
        # Even in both directions, so a cosine transform of a quarter is the Fourier transform.
        transformed = scipy.fft.dctn(kernel, type=1)
        smoothing = (2 + np.cos(np.pi * np.arange(grid.nodes + 1) / grid.nodes)) / 3
        transformed /= np.multiply.outer(smoothing**2, smoothing**2)
        quarter = torch.from_numpy(transformed.astype(np.float32))
        self._spectrum = torch.cat([quarter, quarter[1:-1].flip(0)])[..., None]
        self.density = torch.zeros(grid.nodes, 2 * grid.nodes)
        """Charges at the nodes, (nodes, 2 nodes): the second half stays zero."""
        self._potential = torch.empty_like(self.density)
        self._padded = torch.zeros(2 * grid.nodes, grid.nodes + 1, dtype=torch.complex64)
        self._transformed = torch.empty_like(self._padded)

    def convolve(self) -> Tensor:
        """The potential of the density, (nodes, 2 nodes), of which the first half counts.

        Zeros keep the ends from meeting. All buffers are used again: new memory would cost more
        than the transforms.
        """
        import torch

        nodes, whole = len(self.density), self._transformed
        torch.fft.rfft(self.density, dim=1, out=self._padded[:nodes])
        torch.fft.fft(self._padded, dim=0, out=whole)
        torch.view_as_real(whole).mul_(self._spectrum)
        torch.fft.ifft(whole, dim=0, out=whole)
        torch.fft.irfft(whole[:nodes], n=2 * nodes, dim=1, out=self._potential)
        return self._potential


@dataclass(frozen=True)
class _Stencil:
    """Nodes about some points, and what each counts. across, up: weights (4, n) along x and y."""

    points: slice
    nodes: Tensor
    across: Tensor
    up: Tensor
    offsets: tuple[Tensor, Tensor]

    def weights(self) -> Tensor:
        return self.across[:, None] * self.up[None]

    def value(self, potential: Tensor) -> Tensor:
        return ((self._read(potential) * self.up).sum(1) * self.across).sum(0)

    def slope(self, potential: Tensor, *, out: Tensor) -> None:
        """The potential's slope per node at each point, into (n, 2)."""
        import torch

        read = self._read(potential)
        down_x, down_y = (_spline_slopes(offset) for offset in self.offsets)
        torch.sum((read * self.up).sum(1).mul_(down_x), 0, out=out[:, 0])
        torch.sum((read * down_y).sum(1).mul_(self.across), 0, out=out[:, 1])

    def _read(self, potential: Tensor) -> Tensor:
        flat = potential.view(-1).index_select(0, self.nodes.reshape(-1))
        return flat.view(_ORDER, _ORDER, -1)


def _stencils(x: Tensor, y: Tensor, grid: _Grid) -> Iterator[_Stencil]:
    import torch

    steps = torch.arange(_ORDER, dtype=torch.int32)
    beside = (steps[:, None] * 2 * grid.nodes + steps).reshape(-1, 1)
    for start in range(0, len(x), _POINTS):
        points = slice(start, min(len(x), start + _POINTS))
        column, right = _cell(x[points], grid.left, grid)
        row, above = _cell(y[points], grid.bottom, grid)
        corner = (column - 1) * (2 * grid.nodes) + (row - 1)
        across, up = _spline(right), _spline(above)
        yield _Stencil(points, corner + beside, across, up, (right, above))


def _cell(values: Tensor, start: float, grid: _Grid) -> tuple[Tensor, Tensor]:
    """The node before each value (int32), and how far behind it in [0, 1)."""
    import torch

    place = ((values - start) / grid.spacing).clamp_(1, grid.nodes - 3)
    node = place.floor()
    return node.to(torch.int32), place.sub_(node)


def _spline(t: Tensor) -> Tensor:
    """The four cubic B-splines about a point t behind a node, (4, n)."""
    import torch

    square, rest = t * t, 1 - t
    cube = square * t
    return torch.stack(
        [
            rest * rest * rest / 6,
            cube / 2 - square + 2 / 3,
            (square + t - cube) / 2 + 1 / 6,
            cube / 6,
        ]
    )


def _spline_slopes(t: Tensor) -> Tensor:
    import torch

    square, rest = t * t, 1 - t
    return torch.stack([rest * rest / -2, 1.5 * square - 2 * t, t - 1.5 * square + 0.5, square / 2])
