"""A lookup equals torch's, however the matrix is shared out and whatever the ids' shape."""

import contextlib
import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from torch.nn import functional

from explorer.embedding import (
    embedding_lookup,
    embedding_lookup_sparse,
    one_hot_lookup,
    split,
)
from explorer.embedding.ids import IdsError
from explorer.embedding.norms import p_norms, shortened
from explorer.errors import ParameterError
from explorer.table import Table
from explorer.vectors import Vectors

_STRATEGIES = st.sampled_from(["mod", "div"])
_SHAPES = st.lists(st.integers(0, 4), max_size=3).map(tuple)


@st.composite
def lookups(draw):
    """(matrix, ids): up to 40 rows x 6, ids of up to three dimensions, repeated by chance."""
    rows, dim = draw(st.integers(1, 40)), draw(st.integers(1, 6))
    matrix = np.random.default_rng(draw(st.integers(0, 9))).normal(size=(rows, dim))
    matrix[draw(st.integers(0, rows - 1))] = 0
    ids = draw(hnp.arrays(np.int64, draw(_SHAPES), elements=st.integers(0, rows - 1)))
    return matrix.astype(np.float32), ids


@given(lookups(), st.integers(1, 7), _STRATEGIES)
def test_shards_give_the_rows_of_the_whole_and_torch_the_same(case, shards: int, strategy: str):
    matrix, ids = case
    parts = [matrix[rows] for rows in split(len(matrix), shards, strategy)]
    found = embedding_lookup(parts, ids, strategy)
    wanted = functional.embedding(torch.from_numpy(ids), torch.from_numpy(matrix)).numpy()
    assert found.dtype == np.float32
    np.testing.assert_array_equal(found, wanted)
    np.testing.assert_array_equal(embedding_lookup(matrix, ids), wanted)


@given(lookups(), st.sampled_from([1.0, 2.0, math.inf, 0.5, 3.0]), st.floats(0.05, 5.0))
def test_max_norm_is_torchs_for_every_norm(case, p: float, limit: float):
    matrix, ids = case
    weight = torch.from_numpy(matrix.copy())
    wanted = functional.embedding(torch.from_numpy(ids), weight, max_norm=limit, norm_type=p)
    found = embedding_lookup(matrix, ids, max_norm=limit, norm_type=p)
    np.testing.assert_allclose(found, wanted.numpy(), rtol=2e-6, atol=1e-7)


@given(lookups(), st.integers(1, 7), _STRATEGIES)
def test_max_norm_with_shards_is_that_of_the_whole(case, shards: int, strategy: str):
    matrix, ids = case
    parts = [matrix[rows] for rows in split(len(matrix), shards, strategy)]
    found = embedding_lookup(parts, ids, strategy, max_norm=1.0)
    np.testing.assert_array_equal(found, embedding_lookup(matrix, ids, max_norm=1.0))


def test_known_rows_by_hand():
    matrix = np.arange(20, dtype=np.float32).reshape(10, 2)
    mod = [matrix[[0, 3, 6, 9]], matrix[[1, 4, 7]], matrix[[2, 5, 8]]]
    div = [matrix[0:4], matrix[4:7], matrix[7:10]]
    wanted = [[[4, 5], [6, 7]], [[2, 3], [0, 1]], [[16, 17], [12, 13]]]
    ids = [[2, 3], [1, 0], [8, 6]]
    assert embedding_lookup(mod, ids, "mod").tolist() == wanted
    assert embedding_lookup(div, ids, "div").tolist() == wanted
    assert embedding_lookup(div, ids, "mod").tolist() != wanted


def test_a_row_longer_than_max_norm_is_scaled_by_hand():
    matrix = np.array([[3.0, 4.0], [0.3, 0.4], [0.0, 0.0]])
    found = embedding_lookup(matrix, [0, 1, 2], max_norm=1.0)
    np.testing.assert_allclose(found, [[0.6, 0.8], [0.3, 0.4], [0, 0]], rtol=1e-6)
    found = embedding_lookup(matrix, [0], max_norm=1.0, norm_type=1)
    np.testing.assert_allclose(found, [[3 / 7, 4 / 7]], rtol=1e-6)
    found = embedding_lookup(matrix, [0], max_norm=1.0, norm_type=math.inf)
    np.testing.assert_allclose(found, [[0.75, 1.0]], rtol=1e-6)


def test_nothing_is_written_to_the_matrix_and_nothing_shares_it():
    matrix = np.full((3, 2), 5.0, np.float32)
    for ids in (1, [1], [[1, 1]]):
        found = embedding_lookup(matrix, ids, max_norm=1.0)
        found[...] = 9
        embedding_lookup(matrix, ids)[...] = 9
    assert (matrix == 5).all()


def test_tables_vectors_and_tensors_are_looked_up_too():
    matrix = np.random.default_rng(0).normal(size=(4, 3)).astype(np.float32)
    vectors = Vectors(matrix)
    table = Table(("a", "b", "c", "d"), vectors)
    for params in (vectors, table, torch.from_numpy(matrix), [torch.from_numpy(matrix)]):
        np.testing.assert_array_equal(embedding_lookup(params, [[3, 0]]), matrix[[[3, 0]]])
    trained = torch.nn.Parameter(torch.from_numpy(matrix))
    np.testing.assert_array_equal(embedding_lookup(trained, torch.tensor([1])), matrix[[1]])
    half = torch.from_numpy(matrix).bfloat16()
    np.testing.assert_array_equal(embedding_lookup(half, 2), half[2].float().numpy())


def test_every_dtype_comes_out_as_it_is_or_as_float32():
    for dtype in (np.float16, np.float32, np.float64):
        assert embedding_lookup(np.ones((2, 2), dtype), [0], max_norm=1).dtype == dtype
    half = Table(("a",), Vectors(np.array([[0x3F80]], np.uint16), "bf16"))
    assert embedding_lookup(half, 0).tolist() == [1.0]


@pytest.mark.parametrize(
    ("params", "ids", "told"),
    [
        (np.ones((2, 2)), [2], r"Id 2 at \[0\] is out of range\. The rows are 0 to 1\."),
        (np.ones((2, 2)), [[0, -1]], r"Id -1 at \[0\]\[1\] is out of range"),
        (np.ones((2, 2), int), [0], "a float matrix, not int64"),
        (np.ones(2), [0], r"of shape \(2,\)"),
        ([], [0], "no shard"),
        ([np.ones((1, 2)), np.ones((3, 2))], [0], "Shards of 1, 3 rows"),
        (np.ones((2, 2)), [[0], [0, 1]], r"\[1\] has 2 ids where \[0\] has 1"),
    ],
)
def test_what_cannot_be_looked_up_is_told(params, ids, told: str):
    with pytest.raises(ParameterError, match=told):
        embedding_lookup(params, ids)


@pytest.mark.parametrize("settings", [{"max_norm": -1.0}, {"norm_type": 0.0}, {"norm_type": -1}])
def test_norms_that_there_are_not_are_refused_whatever_the_ids(settings):
    with pytest.raises(ParameterError):
        embedding_lookup(np.ones((2, 2)), [], **settings)


def test_a_strategy_that_there_is_not_is_refused_for_one_shard_too():
    with pytest.raises(ParameterError, match="no partition strategy 'row'"):
        embedding_lookup(np.ones((2, 2)), [0], "row")


def test_ids_in_a_matrix_without_rows_are_out_of_range():
    assert embedding_lookup(np.ones((0, 3)), []).shape == (0, 3)
    with pytest.raises(IdsError, match="has no rows"):
        embedding_lookup(np.ones((0, 3)), [0])


_ANY = st.one_of(
    st.integers(),
    st.floats(),
    st.text(max_size=3),
    st.none(),
    st.recursive(st.integers(-2, 3), lambda inner: st.lists(inner, max_size=3), max_leaves=8),
)


@given(_ANY)
def test_any_ids_give_rows_or_an_error_of_ours(ids):
    try:
        found = embedding_lookup(np.ones((3, 2)), ids)
    except ParameterError:
        return
    assert found.shape[-1] == 2


@given(st.floats(0.01, 60), st.lists(st.floats(-1e150, 1e150), min_size=1, max_size=5))
def test_norms_neither_overflow_nor_vanish(p: float, numbers: list[float]):
    found = float(p_norms(np.array([numbers]), p)[0])
    largest = max(map(abs, numbers))
    assert found >= largest * (1 - 1e-9)
    assert found > 0 or largest == 0


def test_rows_with_nan_or_infinity_stay_as_torch_leaves_them():
    rows = np.array([[math.nan, 1.0], [math.inf, 1.0]], np.float32)
    weight = torch.from_numpy(rows.copy())
    wanted = functional.embedding(torch.tensor([0, 1]), weight, max_norm=0.5)
    np.testing.assert_array_equal(shortened(rows, 0.5), wanted.numpy())


@pytest.mark.parametrize(
    "junk",
    [None, 1, 2.5, "a", b"x", object(), int, {}, 10**400, np.array("a"), [["a"], 1], [1, 2], 1j],
)
def test_arguments_of_any_type_are_refused_with_a_sentence(junk):
    matrix, bags = np.ones((5, 3), np.float32), [[1, 2], [3]]
    for call in (
        lambda: embedding_lookup(junk, [1]),
        lambda: embedding_lookup(matrix, [1], junk),
        lambda: embedding_lookup(matrix, [1], max_norm=junk),
        lambda: embedding_lookup(matrix, [1], norm_type=junk),
        lambda: embedding_lookup_sparse(matrix, junk),
        lambda: embedding_lookup_sparse(matrix, bags, junk),
        lambda: embedding_lookup_sparse(matrix, bags, None, junk),
        lambda: embedding_lookup_sparse(matrix, bags, padding_idx=junk),
        lambda: one_hot_lookup(matrix, [1], most=junk),
    ):
        with contextlib.suppress(ParameterError):
            call()
