"""The lines of PyTorch and of Keras that make a layer with given settings.

PyTorch's are to be run after `import torch` (and `table = ...` for the initializer "table"); they
leave `layer`, and where there are such settings `penalty`, to be added to the loss, and
`constrain()`, to be called after each step.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from explorer.embedding.code import written_number

if TYPE_CHECKING:
    from explorer.embedding.layer import EmbeddingLayer


def pytorch(layer: EmbeddingLayer, seed: int) -> str:
    """See EmbeddingLayer.pytorch."""
    return "\n".join(_pytorch_lines(layer, seed))


def _pytorch_lines(layer: EmbeddingLayer, seed: int) -> Iterator[str]:
    keywords = "".join(f", {name}={value}" for name, value in _pytorch_keywords(layer))
    yield f"layer = torch.nn.Embedding({layer.rows}, {layer.dim}{keywords})"
    yield _pytorch_start(layer, seed)
    if layer.padding_idx is not None:
        yield f"layer.weight.data[{layer.padding_idx}] = 0"
    if not layer.trainable:
        yield "layer.weight.requires_grad_(False)"
    if layer.regularizer != "none":
        size = "abs()" if layer.regularizer == "l1" else "square()"
        yield f"penalty = {layer.penalty!r} * layer.weight.{size}.sum()"
    if layer.constraint != "none":
        yield f"def constrain(): layer.weight.data = {_pytorch_constraint(layer)}"


def _pytorch_keywords(layer: EmbeddingLayer) -> Iterator[tuple[str, str]]:
    if layer.padding_idx is not None:
        yield "padding_idx", str(layer.padding_idx)
    if layer.max_norm is not None:
        yield "max_norm", written_number(layer.max_norm)
        if layer.norm_type != 2:
            yield "norm_type", written_number(layer.norm_type)
    for name in ("scale_grad_by_freq", "sparse"):
        if getattr(layer, name):
            yield name, "True"


def _pytorch_start(layer: EmbeddingLayer, seed: int) -> str:
    spread = written_number(layer.spread)
    generator = f"generator=torch.Generator().manual_seed({seed})"
    return {
        "uniform": f"torch.nn.init.uniform_(layer.weight, -{spread}, {spread}, {generator})",
        "normal": f"torch.nn.init.normal_(layer.weight, 0.0, {spread}, {generator})",
        "glorot uniform": f"torch.nn.init.xavier_uniform_(layer.weight, {spread}, {generator})",
        "glorot normal": f"torch.nn.init.xavier_normal_(layer.weight, {spread}, {generator})",
        "zeros": "torch.nn.init.zeros_(layer.weight)",
        "table": "layer.weight.data = torch.tensor(table, dtype=torch.float32)",
    }[layer.initializer]


def _pytorch_constraint(layer: EmbeddingLayer) -> str:
    weight = "layer.weight.data"
    if layer.constraint == "non-negative":
        return f"{weight}.clamp(min=0)"
    norms = f"{weight}.norm(dim=1, keepdim=True)"
    if layer.constraint == "unit norm":
        return f"{weight} / ({norms} + 1e-7)"
    limit = written_number(layer.constraint_limit)
    return f"{weight} * {norms}.clamp(max={limit}) / ({norms} + 1e-7)"


def keras(layer: EmbeddingLayer, seed: int) -> str:
    """See EmbeddingLayer.keras."""
    keywords = "".join(f", {name}={value}" for name, value in _keras_keywords(layer, seed))
    made = f"layer = tf.keras.layers.Embedding({layer.rows}, {layer.dim}{keywords})"
    return "\n".join([made, *(f"# Keras has no {what}" for what in _not_in_keras(layer))])


def _keras_keywords(layer: EmbeddingLayer, seed: int) -> Iterator[tuple[str, str]]:
    yield "embeddings_initializer", "tf.keras.initializers." + _keras_start(layer, seed)
    if layer.regularizer != "none":
        name = layer.regularizer.upper()
        yield "embeddings_regularizer", f"tf.keras.regularizers.{name}({layer.penalty!r})"
    if layer.constraint != "none":
        yield "embeddings_constraint", "tf.keras.constraints." + _keras_constraint(layer)
    if layer.mask and layer.padding_idx == 0:
        yield "mask_zero", "True"
    if not layer.trainable:
        yield "trainable", "False"


def _keras_start(layer: EmbeddingLayer, seed: int) -> str:
    spread = written_number(layer.spread)
    square = float(f"{layer.spread**2:.12g}")  # 0.0025, not 0.0025000000000000005
    glorot = f"scale={written_number(square)}, mode='fan_avg', seed={seed}"
    if layer.initializer == "glorot uniform" and layer.spread == 1:
        return f"GlorotUniform(seed={seed})"
    return {
        "uniform": f"RandomUniform(-{spread}, {spread}, seed={seed})",
        "normal": f"RandomNormal(0.0, {spread}, seed={seed})",
        "glorot uniform": f"VarianceScaling({glorot}, distribution='uniform')",
        "glorot normal": f"VarianceScaling({glorot}, distribution='untruncated_normal')",
        "zeros": "Zeros()",
        "table": "Constant(table)",
    }[layer.initializer]


def _keras_constraint(layer: EmbeddingLayer) -> str:
    return {
        "unit norm": "UnitNorm(axis=1)",
        "max norm": f"MaxNorm({written_number(layer.constraint_limit)}, axis=1)",
        "non-negative": "NonNeg()",
    }[layer.constraint]


def _not_in_keras(layer: EmbeddingLayer) -> Iterator[str]:
    if layer.padding_idx is not None:
        yield "padding row: its row 0 is trained like the others, and only masked"
    if layer.max_norm is not None:
        yield "max_norm at a lookup: MaxNorm constrains after each step"
    if layer.scale_grad_by_freq:
        yield "scale_grad_by_freq"
