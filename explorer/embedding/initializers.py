"""What the rows of a layer are before they are trained.

Glorot: Glorot and Bengio 2010, Understanding the difficulty of training deep feedforward neural
networks. Its limits depend on rows + dim, so it does not matter which of them counts as the inputs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from explorer import arguments
from explorer.errors import ParameterError

if TYPE_CHECKING:
    import torch

INITIALIZERS = ("uniform", "normal", "glorot uniform", "glorot normal", "zeros", "table")

# Keras' uniform reaches to 0.05, PyTorch's layer has a standard deviation of 1.
SCALES = {
    "uniform": 0.05,
    "normal": 1.0,
    "glorot uniform": 1.0,
    "glorot normal": 1.0,
    "zeros": 0.0,
    "table": 1.0,
}


def initial(
    initializer: str, scale: float, shape: tuple[int, int], seed: int
) -> npt.NDArray[np.float32]:
    """A new float32 matrix. The numbers are those that torch.nn.init draws from a generator with
    this seed. Raises ParameterError for a seed that torch does not take, and for a matrix that
    there is no memory for."""
    import torch

    seed = arguments.whole("seed", seed)
    if not 0 <= seed < 2**64:
        raise ParameterError(f"The seed cannot be {seed}.", "It is between 0 and 2^64 - 1.")
    generator, weight = torch.Generator().manual_seed(seed), _zeros(shape)
    if initializer == "uniform":
        torch.nn.init.uniform_(weight, -scale, scale, generator=generator)
    elif initializer == "normal":
        torch.nn.init.normal_(weight, 0.0, scale, generator=generator)
    elif initializer == "glorot uniform":
        torch.nn.init.xavier_uniform_(weight, scale, generator=generator)
    elif initializer == "glorot normal":
        torch.nn.init.xavier_normal_(weight, scale, generator=generator)
    return np.asarray(weight.numpy())


def _zeros(shape: tuple[int, int]) -> torch.Tensor:
    import torch

    rows, dim = shape
    try:
        return torch.zeros(shape)
    except (RuntimeError, TypeError, MemoryError) as error:  # TypeError: sizes beyond int64
        raise ParameterError(
            f"There is no memory for a matrix of {rows:,} x {dim:,}: it takes "
            f"{4 * rows * dim:,} bytes.",
            "Choose fewer rows, or fewer numbers in each.",
        ) from error
