"""A layer told as Keras' `summary()` does: name, output shape, parameters; then its settings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from explorer.embedding.layer import EmbeddingLayer


def summary(layer: EmbeddingLayer, ids_shape: tuple[int | None, ...]) -> str:
    """See EmbeddingLayer.summary."""
    sizes = (*ids_shape, layer.dim)
    shape = ", ".join("None" if size is None else str(size) for size in sizes)
    shape = f"({shape},)" if len(sizes) == 1 else f"({shape})"
    rows = [
        ("Layer (type)", "Output Shape", "Param #"),
        ("embedding (Embedding)", shape, f"{layer.parameters:,}"),
    ]
    first, second, third = (max(map(len, column)) for column in zip(*rows, strict=True))
    table = [f"{name:<{first}}  {out:<{second}}  {count:>{third}}" for name, out, count in rows]
    line = "─" * max(map(len, table))
    return "\n".join([table[0], line, table[1], line, *_totals(layer), "", *_settings(layer)])


def _totals(layer: EmbeddingLayer) -> Iterator[str]:
    fixed = layer.parameters - layer.trained
    yield f"Total params: {layer.parameters:,} ({_size(layer.parameters)})"
    yield f"Trainable params: {layer.trained:,} ({_size(layer.trained)})"
    yield f"Non-trainable params: {fixed:,} ({_size(fixed)})"


def _size(numbers: int) -> str:
    """Of float32 numbers, in the units that Keras' summary has."""
    size, unit = float(4 * numbers), 0
    while size >= 1024 and unit < 4:
        size, unit = size / 1024, unit + 1
    return f"{size:.2f} {('B', 'KB', 'MB', 'GB', 'TB')[unit]}"


def _settings(layer: EmbeddingLayer) -> Iterator[str]:
    yield f"Matrix: {layer.rows:,} rows x {layer.dim:,}"
    yield f"Initializer: {_initializer(layer)}"
    if layer.padding_idx is not None:
        masked = ", masked for the layers above" if layer.mask else ""
        yield f"Padding: row {layer.padding_idx:,}, zero and never trained{masked}"
    if layer.max_norm is not None:
        yield f"Max norm: {layer.max_norm:g}, p = {layer.norm_type:g}, at every lookup"
    if layer.regularizer != "none":
        yield f"Regularizer: {layer.regularizer.upper()}, {layer.penalty:g}"
    if layer.constraint != "none":
        limit = f" {layer.constraint_limit:g}" if layer.constraint == "max norm" else ""
        yield f"Constraint: {layer.constraint}{limit}, every row, after each step"
    if layer.scale_grad_by_freq:
        yield "Gradient: divided by how often a row was looked up"
    if layer.sparse:
        yield "Gradient: sparse, of the rows that were looked up"


def _initializer(layer: EmbeddingLayer) -> str:
    spread = f"{layer.spread:g}"
    return {
        "uniform": f"uniform between -{spread} and {spread}",
        "normal": f"normal, standard deviation {spread}",
        "glorot uniform": "Glorot uniform" + _gain(layer),
        "glorot normal": "Glorot normal" + _gain(layer),
        "zeros": "zeros",
        "table": "the rows of a table",
    }[layer.initializer]


def _gain(layer: EmbeddingLayer) -> str:
    return "" if layer.spread == 1 else f", times {layer.spread:g}"
