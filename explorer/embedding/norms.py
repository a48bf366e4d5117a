"""Rows shortened to a maximum norm, as `max_norm` of `torch.nn.Embedding` does it.

torch writes the shortened rows back into its matrix at every lookup; here the table is never
written to, and what is looked up is shortened on its way out.
"""

from __future__ import annotations

import math
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from explorer import arguments
from explorer.errors import ParameterError

Floats = TypeVar("Floats", bound=np.floating[Any])

# Added to the norm by torch (aten/src/ATen/native/Embedding.cpp, embedding_renorm_).
_TORCH_EPSILON = 1e-7


def check_norm(max_norm: float | None, norm_type: float) -> None:
    """Raises ParameterError for a negative maximum, or a p of the norm that is not above 0, and for
    what is no number."""
    norm_type = arguments.number("norm's p", norm_type)
    max_norm = None if max_norm is None else arguments.number("maximum norm", max_norm)
    if not norm_type > 0:  # NaN too
        raise ParameterError(
            f"The norm's p cannot be {norm_type:g}.", "It is 1, 2, inf or any number above 0."
        )
    if max_norm is not None and not max_norm >= 0:
        raise ParameterError(
            f"The maximum norm cannot be {max_norm:g}.", "It must be 0 or more; none leaves rows."
        )


def p_norms(rows: npt.NDArray[np.floating[Any]], p: float = 2.0) -> npt.NDArray[np.float64]:
    """(Σ |x|^p)^(1/p) along the last axis, the largest |x| for p = inf; float64 (...,).

    Raises ParameterError for a p that is not above 0, and for what has no axis."""
    check_norm(None, p)
    rows = arguments.numbers("rows", rows)
    if not rows.ndim:
        raise arguments.refused("rows", rows, "They are an array of one axis or more.")
    size = np.abs(rows.astype(np.float64))
    largest = size.max(axis=-1, initial=0.0)
    if math.isinf(p):
        return np.asarray(largest)
    # By the largest number first: |x|^p neither overflows nor vanishes, whatever p is.
    scale = np.where((largest > 0) & np.isfinite(largest), largest, 1.0)
    with np.errstate(over="ignore", invalid="ignore"):
        powers = (size / scale[..., None]) ** p
        return np.asarray(scale * powers.sum(axis=-1) ** (1.0 / p))


def shortened(
    rows: npt.NDArray[Floats], max_norm: float | None, norm_type: float = 2.0
) -> npt.NDArray[Floats]:
    """Rows whose p-norm is above max_norm scaled by max_norm / (norm + 1e-7), as torch does it;
    the others as they are. rows: (..., dim); the result is a copy of their dtype, or the rows
    themselves where max_norm is None. Raises ParameterError."""
    check_norm(max_norm, norm_type)
    if max_norm is None:
        return rows
    norms = p_norms(rows, norm_type)
    with np.errstate(invalid="ignore"):
        factor = np.where(norms > max_norm, max_norm / (norms + _TORCH_EPSILON), 1.0)
        return (rows * factor[..., None]).astype(rows.dtype)
