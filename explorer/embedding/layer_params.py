"""The settings of a layer as a form or a command line shows them."""

from __future__ import annotations

from dataclasses import dataclass

from explorer.embedding.initializers import INITIALIZERS
from explorer.embedding.layer import CONSTRAINTS, REGULARIZERS, EmbeddingLayer
from explorer.params import Params, param

_NONE = "none"


@dataclass(frozen=True)
class LayerParams(Params):
    """What `layer` turns into an EmbeddingLayer; -1 and 0 stand for None where they say so."""

    initializer: str = param("table", choices=INITIALIZERS, help="What the rows start from.")
    scale: float = param(
        0.0,
        minimum=0,
        maximum=1000,
        special=0,
        special_text="usual",
        help="Limit of uniform, standard deviation of normal, factor of Glorot's.",
    )
    padding_idx: int = param(
        -1,
        label="Padding index",
        minimum=-1,
        special=-1,
        special_text=_NONE,
        help="A row that is zero and never trained.",
    )
    mask: bool = param(
        False, label="Mask padding", help="Hide padding from the layers above (mask_zero)."
    )
    max_norm: float = param(
        0.0,
        minimum=0,
        special=0,
        special_text=_NONE,
        help="Rows are scaled down to this norm when they are looked up.",
    )
    norm_type: float = param(
        2.0, label="Norm's p", minimum=0.01, help="1, 2, ...: which norm max norm means."
    )
    regularizer: str = param(
        _NONE, choices=REGULARIZERS, help="What the sizes of the numbers add to the loss."
    )
    penalty: float = param(0.01, minimum=0, maximum=1000, help="Factor of the regularizer.")
    constraint: str = param(
        _NONE, choices=CONSTRAINTS, help="What is done to every row after each step."
    )
    constraint_limit: float = param(
        2.0, minimum=0, maximum=1000, help="The constraint's largest norm."
    )
    scale_grad_by_freq: bool = param(
        False,
        label="Scale gradient by frequency",
        help="Divide a row's gradient by how often it was looked up.",
    )
    sparse: bool = param(
        False, label="Sparse gradient", help="A gradient of the rows that were looked up only."
    )

    def layer(self, rows: int, dim: int) -> EmbeddingLayer:
        """The layer with these settings. Raises ParameterError, as for a padding index that is no
        row."""
        return EmbeddingLayer(
            rows,
            dim,
            initializer=self.initializer,
            scale=self.scale or None,
            regularizer=self.regularizer,
            penalty=self.penalty,
            constraint=self.constraint,
            constraint_limit=self.constraint_limit,
            padding_idx=None if self.padding_idx < 0 else self.padding_idx,
            mask=self.mask,
            max_norm=self.max_norm or None,
            norm_type=self.norm_type,
            scale_grad_by_freq=self.scale_grad_by_freq,
            sparse=self.sparse,
        )
