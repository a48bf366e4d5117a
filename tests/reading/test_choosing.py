from __future__ import annotations

from pathlib import Path

import pytest

from explorer.errors import InputError
from explorer.reading.choosing import Tensor, pick, rank

BERT = {
    "embeddings.word_embeddings.weight": (30522, 384),
    "embeddings.position_embeddings.weight": (512, 384),
    "embeddings.token_type_embeddings.weight": (2, 384),
    "embeddings.LayerNorm.weight": (384,),
    "encoder.layer.0.intermediate.dense.weight": (1536, 384),
    "cls.predictions.decoder.weight": (30522, 384),
}
GPT2 = {
    "transformer.h.0.mlp.c_fc.weight": (768, 3072),
    "lm_head.weight": (50257, 768),
    "transformer.wpe.weight": (60000, 768),
    "transformer.wte.weight": (50257, 768),
}
T5 = {
    "encoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight": (32, 8),
    "encoder.block.0.layer.1.DenseReluDense.wi.weight": (40000, 512),
    "shared.weight": (32128, 512),
}
ELMO = {
    "_char_embedding_weights": (262, 4),
    "_elmo.token_embedder_tokens.weight": (213, 10),
    "_elmo._projection.weight": (16, 32),
}
WRAPPED = {
    "module._orig_mod.model.embed_tokens.weight": (100, 8),
    "module._orig_mod.model.layers.0.down.weight": (400, 8),
}


@pytest.mark.parametrize(
    ("shapes", "chosen"),
    [
        (BERT, "embeddings.word_embeddings.weight"),
        (GPT2, "transformer.wte.weight"),
        (T5, "shared.weight"),
        (ELMO, "_elmo.token_embedder_tokens.weight"),
        (WRAPPED, "module._orig_mod.model.embed_tokens.weight"),
        ({"a": (3, 2), "b": (9, 2)}, "b"),
    ],
)
def test_the_token_table_of_known_models_comes_first(shapes, chosen):
    tensors = [Tensor(name, shape, "f32", 0) for name, shape in shapes.items()]
    best = rank(Path("m"), tensors, named=False)[0]
    assert best.name == chosen
    assert best.reason


def test_a_row_for_each_token_counts_for_a_table_without_a_known_name():
    tensors = [Tensor("w1", (400, 8), "f32", 0), Tensor("w2", (100, 8), "f32", 0)]
    assert rank(Path("m"), tensors, named=False)[0].name == "w1"
    assert rank(Path("m"), tensors, named=False, vocabulary=100)[0].name == "w2"


@pytest.mark.parametrize(("name", "told"), [("w1", "tensor 'w1' has no rows"), ("", "the matrix")])
def test_a_tensor_that_is_no_table_is_refused_by_its_name(name, told):
    (candidate,) = rank(Path("m"), [Tensor(name, (0, 8), "f32", 0)], named=False)
    with pytest.raises(InputError, match=told):
        pick(Path("m"), [candidate], name)
