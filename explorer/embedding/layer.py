"""An embedding layer by its settings, as Keras and PyTorch have them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from explorer import arguments
from explorer.embedding import layer_code, layer_summary
from explorer.embedding.gather import (
    Matrices,
    Matrix,
    embedding_lookup,
    gathered,
    row_count,
    vectors_of,
)
from explorer.embedding.ids import as_ids
from explorer.embedding.initializers import INITIALIZERS, SCALES, initial
from explorer.embedding.norms import check_norm, p_norms
from explorer.errors import ParameterError
from explorer.table import Table

if TYPE_CHECKING:
    import torch

REGULARIZERS = ("none", "l1", "l2")
CONSTRAINTS = ("none", "unit norm", "max norm", "non-negative")

_LARGEST = float(np.finfo(np.float32).max)
_KERAS_EPSILON = 1e-7  # keras.config.epsilon(), added to a norm before dividing by it


@dataclass(frozen=True)
class EmbeddingLayer:
    """The settings of a layer; nothing is made before `build`.

    rows, dim: of its matrix; each at least 1.
    initializer: one of INITIALIZERS. scale: for "uniform" the limit (0.05 by default, as in Keras),
        for "normal" the standard deviation (1 by default, as in PyTorch), for the two of Glorot a
        factor (1). "table": the rows that `build` is given.
    regularizer: "l1" adds penalty x the sum of |w| to the loss, "l2" penalty x the sum of w², both
        over the whole matrix, as in Keras.
    constraint: what is done to every row after a step: "unit norm", "max norm" (Euclidean, at most
        constraint_limit) or "non-negative"; Keras' constraints with axis=1.
    padding_idx: this row is zero and never trained; None for no such row.
    mask: whether ids equal to padding_idx are masked for the layers above (Keras' mask_zero).
    max_norm, norm_type: rows are scaled down to this norm when they are looked up, as in PyTorch.
    scale_grad_by_freq: a row's gradient is divided by how often it was looked up.
    sparse: the gradient holds the rows that were looked up, and no others.
    trainable: whether the matrix is trained at all.
    Raises ParameterError for settings of another type or outside their range, and for those that
    exclude each other.
    """

    rows: int
    dim: int
    initializer: str = "uniform"
    scale: float | None = None
    regularizer: str = "none"
    penalty: float = 0.01
    constraint: str = "none"
    constraint_limit: float = 2.0
    padding_idx: int | None = None
    mask: bool = False
    max_norm: float | None = None
    norm_type: float = 2.0
    scale_grad_by_freq: bool = False
    sparse: bool = False
    trainable: bool = True

    def __post_init__(self) -> None:
        for name, taken in _KINDS.items():
            value = getattr(self, name)
            if value is not None or name not in _OPTIONAL:
                object.__setattr__(self, name, taken(_in_words(name), value))
        _check_sizes(self)
        _check_choices(self)
        check_norm(self.max_norm, self.norm_type)
        if self.sparse and self.scale_grad_by_freq:
            raise ParameterError(
                "A sparse gradient cannot be scaled by frequency: PyTorch has no such backward.",
                "Choose one of the two.",
            )

    @staticmethod
    def of(table: Table, **settings: Any) -> EmbeddingLayer:
        """A layer that starts from a table. Raises ParameterError."""
        if not isinstance(table, Table):
            raise ParameterError("A layer starts from a table.", "explorer.open_table opens one.")
        return EmbeddingLayer(len(table), table.dim, **{"initializer": "table", **settings})

    @property
    def parameters(self) -> int:
        """How many numbers the matrix has."""
        return self.rows * self.dim

    @property
    def trained(self) -> int:
        """How many of them are trained: none of the padding row."""
        return (self.rows - (self.padding_idx is not None)) * self.dim if self.trainable else 0

    @property
    def spread(self) -> float:
        """`scale`, or where it is None what the initializer starts from."""
        return SCALES[self.initializer] if self.scale is None else self.scale

    def build(self, seed: int = 0, table: Matrices | None = None) -> torch.nn.Embedding:
        """The layer of PyTorch, float32. seed: 0..2^64-1, for initializers that draw numbers.

        table: (rows, dim), needed by the initializer "table". The global random state is not
        touched. Raises ParameterError."""
        import torch

        weight = torch.from_numpy(self.weight(seed, table))
        made: torch.nn.Embedding = torch.nn.Embedding.from_pretrained(  # type: ignore[no-untyped-call]
            weight,
            freeze=not self.trainable,
            padding_idx=self.padding_idx,
            max_norm=self.max_norm,
            norm_type=self.norm_type,
            scale_grad_by_freq=self.scale_grad_by_freq,
            sparse=self.sparse,
        )
        return made

    def weight(self, seed: int = 0, table: Matrices | None = None) -> npt.NDArray[np.float32]:
        """The matrix that `build` starts from, float32 (rows, dim); the padding row is zero."""
        if self.initializer == "table":
            weight = _copy_of(table, (self.rows, self.dim))
        else:
            weight = initial(self.initializer, self.spread, (self.rows, self.dim), seed)
        if self.padding_idx is not None:
            weight[self.padding_idx] = 0
        return weight

    def lookup(self, weight: Matrices, ids: Any) -> Matrix:
        """The layer's output for ids of any shape, from a matrix: padding zero, max_norm kept."""
        wanted = as_ids(ids)
        found = embedding_lookup(weight, wanted, "mod", self.max_norm, self.norm_type)
        if self.padding_idx is not None:
            found[wanted == self.padding_idx] = 0
        return found

    def compute_mask(self, ids: Any) -> npt.NDArray[np.bool_] | None:
        """True for ids that are not padding, in their shape; None where nothing is masked."""
        if not self.mask or self.padding_idx is None:
            return None
        return np.asarray(as_ids(ids) != self.padding_idx)

    def regularization(self, weight: npt.ArrayLike) -> float:
        """What the regularizer adds to the loss, summed in float64. Raises ParameterError."""
        wide = arguments.numbers("weight", weight).astype(np.float64)
        if self.regularizer == "none":
            return 0.0
        with np.errstate(over="ignore"):  # beyond float64 it is infinite
            each = np.abs(wide) if self.regularizer == "l1" else wide**2
            return float(self.penalty * each.sum())

    def constrained(self, weight: Matrix) -> Matrix:
        """The matrix as the constraint leaves it after a step; a copy of its dtype.

        Raises ParameterError for anything but a matrix of numbers.
        """
        weight = arguments.numbers("weight", weight)
        if weight.ndim != 2:
            raise ParameterError(f"The weight is a matrix, not of shape {weight.shape}.")
        if self.constraint == "none":
            return weight.copy()
        if self.constraint == "non-negative":
            return np.maximum(weight, 0)
        norms = p_norms(weight)[:, None]
        wanted = np.minimum(norms, self.constraint_limit) if self.constraint == "max norm" else 1.0
        return np.asarray((weight * (wanted / (norms + _KERAS_EPSILON))).astype(weight.dtype))

    def summary(self, ids_shape: tuple[int | None, ...] = (None, None)) -> str:
        """Name, output shape and parameters in the manner of Keras, and the settings in words.

        ids_shape: of what is looked up; None where it is not known, as of a batch. Raises
        ParameterError."""
        given: Any = ids_shape
        sizes = given if isinstance(given, list | tuple) else (given,)
        known = [None if size is None else arguments.whole("shape", size) for size in sizes]
        return layer_summary.summary(self, tuple(known))

    def pytorch(self, seed: int = 0) -> str:
        """Lines of PyTorch that make this layer; see embedding.layer_code."""
        return layer_code.pytorch(self, arguments.whole("seed", seed))

    def keras(self, seed: int = 0) -> str:
        """Lines of Keras that make this layer, as far as Keras has its settings."""
        return layer_code.keras(self, arguments.whole("seed", seed))

    def changed(self, **settings: Any) -> EmbeddingLayer:
        """The same with other settings."""
        return replace(self, **settings)


_KINDS: dict[str, Callable[[str, Any], Any]] = {
    **dict.fromkeys(("rows", "dim", "padding_idx"), arguments.whole),
    **dict.fromkeys(
        ("scale", "penalty", "constraint_limit", "max_norm", "norm_type"), arguments.number
    ),
    **dict.fromkeys(("initializer", "regularizer", "constraint"), arguments.text),
    **dict.fromkeys(("mask", "scale_grad_by_freq", "sparse", "trainable"), arguments.flag),
}
_OPTIONAL = ("scale", "padding_idx", "max_norm")  # None is none


def _in_words(name: str) -> str:
    return {"padding_idx": "padding index"}.get(name, name.replace("_", " "))


def _check_sizes(layer: EmbeddingLayer) -> None:
    if layer.rows < 1 or layer.dim < 1:
        raise ParameterError(f"A matrix of {layer.rows:,} x {layer.dim:,} holds nothing.")
    if layer.padding_idx is not None and not 0 <= layer.padding_idx < layer.rows:
        raise ParameterError(
            f"The padding index {layer.padding_idx:,} is no row.",
            f"The rows are 0 to {layer.rows - 1:,}.",
        )
    for what, number in (
        ("scale", layer.scale),
        ("penalty", layer.penalty),
        ("constraint limit", layer.constraint_limit),
    ):
        if number is not None and not 0 <= number <= _LARGEST:
            hint = "It is a number from 0 up, and a float32."
            raise ParameterError(f"The {what} cannot be {number:g}.", hint)


def _check_choices(layer: EmbeddingLayer) -> None:
    for what, chosen, choices in (
        ("initializer", layer.initializer, INITIALIZERS),
        ("regularizer", layer.regularizer, REGULARIZERS),
        ("constraint", layer.constraint, CONSTRAINTS),
    ):
        if chosen not in choices:
            told = ", ".join(choices)
            raise ParameterError(f"There is no {what} {chosen!r}.", f"There are: {told}.")


def _copy_of(table: Matrices | None, shape: tuple[int, int]) -> npt.NDArray[np.float32]:
    """A float32 copy of a table as a layer may write into it."""
    if table is None:
        raise ParameterError("The initializer 'table' needs a table to start from.")
    if (vectors := vectors_of(table)) is not None:
        matrix = np.array(vectors.to_numpy(), dtype=np.float32)
    else:
        matrix = gathered(table, np.arange(row_count(table))).astype(np.float32)
    if matrix.shape != shape:
        raise ParameterError(f"The table is {matrix.shape}, and the layer's matrix is {shape}.")
    return matrix
