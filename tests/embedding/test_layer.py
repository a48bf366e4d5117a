"""The settings of a layer: what they build, cost and say, and the code that does the same."""

import contextlib
import dataclasses
import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer.embedding import EmbeddingLayer, LayerParams
from explorer.embedding.initializers import INITIALIZERS
from explorer.embedding.layer import CONSTRAINTS
from explorer.errors import ParameterError
from explorer.params import fields_of
from explorer.table import Table
from explorer.vectors import Vectors

MATRIX = np.random.default_rng(0).normal(size=(10, 4)).astype(np.float32)
TABLE = Table(tuple("abcdefghij"), Vectors(MATRIX))

SETTINGS = [
    {},
    {"initializer": "normal", "scale": 0.3, "padding_idx": 3},
    {"initializer": "glorot uniform", "max_norm": 1.0},
    {"initializer": "glorot normal", "scale": 2.0, "max_norm": 1.0, "norm_type": math.inf},
    {"initializer": "zeros", "sparse": True},
    {"initializer": "table", "padding_idx": 0, "scale_grad_by_freq": True},
    {"initializer": "table", "regularizer": "l1", "penalty": 0.5, "constraint": "unit norm"},
    {"initializer": "table", "regularizer": "l2", "constraint": "max norm", "trainable": False},
    {"initializer": "table", "constraint": "non-negative", "mask": True, "padding_idx": 0},
]


@pytest.mark.parametrize("chosen", SETTINGS)
def test_the_lines_of_pytorch_make_the_same_layer(chosen):
    layer = EmbeddingLayer(10, 4, **chosen)
    built = layer.build(5, TABLE)
    names: dict = {"torch": torch, "table": MATRIX}
    exec(layer.pytorch(5), names)
    made = names["layer"]
    assert torch.equal(made.weight, built.weight)
    assert made.weight.requires_grad is built.weight.requires_grad is layer.trainable
    for name in ("padding_idx", "max_norm", "norm_type", "scale_grad_by_freq", "sparse"):
        assert getattr(made, name) == getattr(built, name)
    weight = built.weight.detach().numpy()
    if layer.regularizer != "none":
        assert names["penalty"].item() == pytest.approx(layer.regularization(weight), rel=1e-5)
    if layer.constraint != "none":
        names["constrain"]()
        found = made.weight.detach().numpy()
        np.testing.assert_allclose(found, layer.constrained(weight), rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize("rows", [10**12, 10**30])
def test_a_matrix_that_there_is_no_memory_for_is_refused(rows):
    with pytest.raises(ParameterError, match=f"it takes {4 * rows * 1000:,} bytes"):
        EmbeddingLayer(rows, 1000).build()


@given(st.sampled_from(SETTINGS), st.lists(st.lists(st.integers(0, 9), min_size=2, max_size=2)))
def test_what_is_built_looks_up_what_the_layer_does(chosen, ids):
    layer = EmbeddingLayer(10, 4, **chosen)
    built = layer.build(1, TABLE)
    weight = built.weight.detach().numpy().copy()
    wanted = np.array(ids, np.int64).reshape(-1, 2)
    with torch.no_grad():
        found = built(torch.from_numpy(wanted)).numpy()
    np.testing.assert_allclose(found, layer.lookup(weight, wanted), rtol=2e-6, atol=1e-7)


def test_initializers_spread_as_they_say():
    def weight(initializer: str, **more) -> np.ndarray:
        return EmbeddingLayer(400, 100, initializer=initializer, **more).weight(0)

    assert 0.0499 < np.abs(weight("uniform")).max() <= 0.05
    assert weight("normal").std() == pytest.approx(1, rel=0.02)
    limit = math.sqrt(6 / 500)
    assert limit * 0.999 < np.abs(weight("glorot uniform")).max() <= limit
    assert weight("glorot normal").std() == pytest.approx(math.sqrt(2 / 500), rel=0.02)
    assert not weight("zeros").any()
    assert weight("uniform", scale=3).std() == pytest.approx(math.sqrt(3), rel=0.02)


def test_a_seed_gives_the_same_rows_and_leaves_torchs_own_alone():
    layer = EmbeddingLayer(5, 3, initializer="normal")
    torch.manual_seed(1)
    state = torch.random.get_rng_state()
    first, again, other = layer.weight(7), layer.weight(7), layer.weight(8)
    layer.build(7)
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()
    assert torch.equal(torch.random.get_rng_state(), state)


def test_a_built_layer_does_not_share_the_tables_numbers():
    before = TABLE.vectors.to_numpy().copy()
    built = EmbeddingLayer.of(TABLE, padding_idx=2).build(table=TABLE)
    with torch.no_grad():
        built.weight.fill_(9)
    np.testing.assert_array_equal(TABLE.vectors.to_numpy(), before)


def test_a_padding_row_is_zero_masked_and_never_trained():
    layer = EmbeddingLayer(10, 4, padding_idx=3, mask=True)
    built = layer.build()
    assert not built.weight[3].any()
    built(torch.tensor([3, 1])).sum().backward()
    assert built.weight.grad[3].abs().sum() == 0
    assert layer.compute_mask([[3, 1]]).tolist() == [[False, True]]
    assert EmbeddingLayer(10, 4, padding_idx=3).compute_mask([3]) is None
    assert layer.lookup(MATRIX, 3).tolist() == [0, 0, 0, 0]


def test_constraints_by_hand():
    weight = np.array([[3.0, -4.0], [0.3, 0.4], [0, 0]])

    def constrained(name: str) -> np.ndarray:
        return EmbeddingLayer(3, 2, constraint=name, constraint_limit=2).constrained(weight)

    np.testing.assert_allclose(constrained("unit norm"), [[0.6, -0.8], [0.6, 0.8], [0, 0]], 1e-6)
    np.testing.assert_allclose(constrained("max norm"), [[1.2, -1.6], [0.3, 0.4], [0, 0]], 1e-6)
    assert constrained("non-negative").tolist() == [[3, 0], [0.3, 0.4], [0, 0]]
    assert constrained("none").tolist() == weight.tolist()


def test_regularizers_by_hand():
    weight = [[1.0, -2.0]]
    assert EmbeddingLayer(1, 2, regularizer="l1", penalty=0.1).regularization(weight) == (
        pytest.approx(0.3)
    )
    assert EmbeddingLayer(1, 2, regularizer="l2", penalty=0.1).regularization(weight) == (
        pytest.approx(0.5)
    )
    assert EmbeddingLayer(1, 2).regularization(weight) == 0


def test_the_summary_counts_what_is_trained():
    lines = EmbeddingLayer(1000, 64, padding_idx=0).summary((32, None)).splitlines()
    assert lines[0].split() == ["Layer", "(type)", "Output", "Shape", "Param", "#"]
    assert lines[2] == "embedding (Embedding)  (32, None, 64)   64,000"
    assert lines[4:7] == [
        "Total params: 64,000 (250.00 KB)",
        "Trainable params: 63,936 (249.75 KB)",
        "Non-trainable params: 64 (256.00 B)",
    ]
    assert "Padding: row 0, zero and never trained" in lines
    assert "(64,)" in EmbeddingLayer(2, 64).summary(())


def test_the_summary_of_a_frozen_layer_trains_nothing():
    told = EmbeddingLayer(10, 4, trainable=False, padding_idx=1).summary()
    assert "Trainable params: 0 (0.00 B)" in told
    assert "Non-trainable params: 40 (160.00 B)" in told


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"initializer": "glorot uniform"}, "GlorotUniform(seed=3)"),
        ({"initializer": "glorot uniform", "scale": 0.05}, "VarianceScaling(scale=0.0025, "),
        ({"initializer": "glorot normal"}, "distribution='untruncated_normal'"),  # as torch draws
    ],
)
def test_keras_draws_from_the_same_distribution(settings, told):
    assert told in EmbeddingLayer(10, 4, **settings).keras(3)


def test_the_lines_of_keras_say_what_keras_has_not():
    told = EmbeddingLayer(10, 4, padding_idx=0, mask=True, max_norm=1).keras()
    assert "mask_zero=True" in told
    assert "# Keras has no max_norm at a lookup" in told
    assert "# Keras has no padding row" in told


@pytest.mark.parametrize(
    ("chosen", "told"),
    [
        ({"rows": 0}, "holds nothing"),
        ({"dim": 0}, "holds nothing"),
        ({"padding_idx": 10}, "padding index 10 is no row"),
        ({"padding_idx": -1}, "padding index -1 is no row"),
        ({"initializer": "he"}, "no initializer 'he'"),
        ({"regularizer": "l3"}, "no regularizer 'l3'"),
        ({"constraint": "big"}, "no constraint 'big'"),
        ({"scale": -1.0}, "scale cannot be -1"),
        ({"penalty": math.nan}, "penalty cannot be nan"),
        ({"constraint_limit": math.inf}, "constraint limit cannot be inf"),
        ({"max_norm": -1.0}, "maximum norm cannot be -1"),
        ({"norm_type": 0.0}, "norm's p"),
        ({"sparse": True, "scale_grad_by_freq": True}, "sparse gradient cannot be scaled"),
    ],
)
def test_settings_that_make_no_sense_are_refused(chosen, told: str):
    with pytest.raises(ParameterError, match=told):
        EmbeddingLayer(**{"rows": 10, "dim": 4, **chosen})


_JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=4),
    st.binary(max_size=3),
    st.complex_numbers(),
    st.lists(st.one_of(st.integers(), st.text(max_size=2)), max_size=3),
    st.sampled_from(
        [{}, {1: 2}, object(), int, ..., 10**400, -(10**5000), np.array("a"), np.array([None, 1]),
         np.float32(2), np.int64(2), np.bool_(True), np.datetime64("2020-01-01"), np.ma.masked,
         torch.ones(2), torch.ones(2, dtype=torch.complex64), MATRIX, TABLE, range(3)]
    ),
)  # fmt: skip


@settings(max_examples=300)
@given(name=st.sampled_from([f.name for f in dataclasses.fields(EmbeddingLayer)]), value=_JUNK)
def test_settings_of_any_type_make_a_layer_or_are_refused_with_a_sentence(name, value):
    with contextlib.suppress(ParameterError):
        layer = EmbeddingLayer(**{"rows": 10, "dim": 4, name: value})
        assert layer.summary()
        assert layer.pytorch()
        assert layer.keras()
        assert hash(layer) == hash(layer.changed())
        if layer.parameters < 10_000:
            layer.build(0, TABLE)


@settings(max_examples=300)
@given(value=_JUNK, constraint=st.sampled_from(CONSTRAINTS))
def test_what_a_layer_is_given_may_be_anything(value, constraint):
    layer = EmbeddingLayer(10, 4, regularizer="l2", constraint=constraint, mask=True, padding_idx=0)
    for act in (
        layer.build, layer.weight, layer.regularization, layer.constrained, layer.summary,
        layer.compute_mask, layer.pytorch, layer.keras, EmbeddingLayer.of,
        lambda one: layer.lookup(one, [1]), lambda one: layer.lookup(MATRIX, one),
        lambda one: layer.changed(initializer="table").build(0, one),
    ):  # fmt: skip
        with contextlib.suppress(ParameterError), np.errstate(all="ignore"):
            act(value)


@pytest.mark.parametrize(
    ("chosen", "told"),
    [
        ({"rows": "ten"}, "The rows cannot be 'ten'. It is a whole number."),
        ({"dim": 4.0}, "The dim cannot be 4.0. It is a whole number."),
        ({"padding_idx": True}, "The padding index cannot be True. It is a whole number."),
        ({"max_norm": "1"}, "The max norm cannot be '1'. It is a number."),
        ({"mask": "no"}, "The mask cannot be 'no'. It is True or False."),
        ({"initializer": ["zeros"]}, "The initializer cannot be of the type list. It is a text."),
        ({"penalty": 10**400}, "The penalty cannot be so large a number. It is too large."),
    ],
)
def test_a_setting_of_another_type_is_named(chosen, told):
    with pytest.raises(ParameterError) as caught:
        EmbeddingLayer(**{"rows": 10, "dim": 4, **chosen})
    assert str(caught.value) == told


def test_numbers_of_numpy_are_taken_for_pythons():
    layer = EmbeddingLayer(np.int64(10), np.int32(4), max_norm=np.float32(1.5), mask=np.bool_(True))
    assert layer == EmbeddingLayer(10, 4, max_norm=1.5, mask=True)
    assert "max_norm=1.5" in layer.pytorch()


def test_a_table_is_needed_and_must_fit():
    with pytest.raises(ParameterError, match="needs a table"):
        EmbeddingLayer(10, 4, initializer="table").build()
    with pytest.raises(ParameterError, match=r"\(10, 4\), and the layer's matrix is \(9, 4\)"):
        EmbeddingLayer(9, 4, initializer="table").build(table=TABLE)


@pytest.mark.parametrize("seed", [-1, 2**64])
def test_a_seed_that_torch_does_not_take_is_refused(seed: int):
    with pytest.raises(ParameterError, match="seed"):
        EmbeddingLayer(2, 2).build(seed)


def test_the_form_makes_the_layer_it_shows():
    assert LayerParams().layer(10, 4) == EmbeddingLayer(10, 4, initializer="table")
    asked = LayerParams(padding_idx=0, max_norm=1.5, scale=0.1, initializer="uniform", mask=True)
    assert asked.layer(10, 4) == EmbeddingLayer(
        10, 4, padding_idx=0, max_norm=1.5, scale=0.1, mask=True
    )


@pytest.mark.parametrize("initializer", INITIALIZERS)
def test_every_initializer_can_be_chosen_and_is_told(initializer: str):
    layer = LayerParams(initializer=initializer).layer(10, 4)
    assert layer.weight(0, MATRIX).shape == (10, 4)
    assert "Initializer: " in layer.summary()
    assert "embeddings_initializer=" in layer.keras()


def test_every_field_of_the_form_explains_itself():
    assert all(field.info.help.endswith(".") for field in fields_of(LayerParams))
