"""Bags equal torch's embedding_bag, forward and backward."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn import functional

from explorer.embedding import bag_gradient, embedding_lookup_sparse, lookup_gradient
from explorer.embedding.bags import Bags
from explorer.embedding.ids import IdsError
from explorer.errors import ParameterError

ROWS, DIM = 12, 3
MATRIX = np.random.default_rng(0).normal(size=(ROWS, DIM)).astype(np.float32)

_BAGS = st.lists(st.lists(st.integers(0, ROWS - 1), max_size=5), min_size=1, max_size=5)
_COMBINERS = st.sampled_from(["sum", "mean", "sqrtn"])


def flat(bags: list[list[int]]) -> tuple[torch.Tensor, torch.Tensor]:
    """(ids, offsets) as torch has them."""
    ids = torch.tensor([row for bag in bags for row in bag], dtype=torch.long)
    return ids, torch.tensor(np.cumsum([0, *map(len, bags)])[:-1], dtype=torch.long)


def weights_for(bags: list[list[int]], seed: int) -> list[list[float]]:
    random = np.random.default_rng(seed)
    return [random.uniform(0.1, 2, len(bag)).astype(np.float32).tolist() for bag in bags]


def divided(bags, weights, combiner: str) -> torch.Tensor:
    """Weights over their bag's divisor: torch has weights for sums only."""
    shares = []
    for one in weights:
        numbers = torch.tensor(one)
        divisor = {"sum": 1, "mean": numbers.sum(), "sqrtn": numbers.square().sum().sqrt()}
        shares.append(numbers / divisor[combiner])
    return torch.cat([torch.empty(0), *shares])


@given(_BAGS, st.sampled_from(["sum", "mean"]), st.sampled_from([None, 0, 3]))
def test_bags_without_weights_are_torchs(bags, combiner: str, padding_idx):
    ids, offsets = flat(bags)
    weight = torch.from_numpy(MATRIX).requires_grad_()
    wanted = functional.embedding_bag(ids, weight, offsets, mode=combiner, padding_idx=padding_idx)
    found = embedding_lookup_sparse(MATRIX, bags, combiner=combiner, padding_idx=padding_idx)
    np.testing.assert_allclose(found, wanted.detach().numpy(), rtol=1e-5, atol=1e-6)
    upstream = np.random.default_rng(1).normal(size=wanted.shape).astype(np.float32)
    wanted.backward(torch.from_numpy(upstream))
    made = bag_gradient(upstream, bags, combiner=combiner, rows=ROWS, padding_idx=padding_idx)
    np.testing.assert_allclose(made.dense(), weight.grad.numpy(), rtol=1e-4, atol=1e-6)


@given(_BAGS, _COMBINERS, st.integers(0, 9))
def test_weighted_bags_are_torchs_forward_and_backward(bags, combiner: str, seed: int):
    ids, offsets = flat(bags)
    weights = weights_for(bags, seed)
    weight = torch.from_numpy(MATRIX).requires_grad_()
    shares = divided(bags, weights, combiner)
    wanted = functional.embedding_bag(ids, weight, offsets, mode="sum", per_sample_weights=shares)
    found = embedding_lookup_sparse(MATRIX, bags, weights, combiner)
    np.testing.assert_allclose(found, wanted.detach().numpy(), rtol=1e-5, atol=1e-6)
    upstream = np.random.default_rng(2).normal(size=wanted.shape).astype(np.float32)
    wanted.backward(torch.from_numpy(upstream))
    made = bag_gradient(upstream, bags, weights, combiner, rows=ROWS)
    np.testing.assert_allclose(made.dense(), weight.grad.numpy(), rtol=1e-4, atol=1e-6)
    assert made.rows.tolist() == sorted(set(ids.tolist()))


@given(_BAGS, _COMBINERS)
def test_max_norm_shortens_the_rows_of_bags_too(bags, combiner: str):
    short = functional.embedding(
        torch.arange(ROWS), torch.from_numpy(MATRIX.copy()), max_norm=1.0
    ).numpy()
    found = embedding_lookup_sparse(MATRIX, bags, combiner=combiner, max_norm=1.0)
    wanted = embedding_lookup_sparse(short, bags, combiner=combiner)
    np.testing.assert_allclose(found, wanted, rtol=1e-5, atol=1e-6)


def test_the_combiners_by_hand():
    matrix, ids, weights = np.array([[1.0], [10.0]]), [[0, 1], []], [[3, 4], []]
    assert embedding_lookup_sparse(matrix, ids, weights, "sum").tolist() == [[43], [0]]
    found = embedding_lookup_sparse(matrix, ids, weights, "mean")
    np.testing.assert_allclose(found, [[43 / 7], [0]])
    found = embedding_lookup_sparse(matrix, ids, weights, "sqrtn")
    np.testing.assert_allclose(found, [[43 / 5], [0]])


def test_the_sparse_gradient_of_the_tutorials():
    made = lookup_gradient(np.ones((2, 3, 4), np.float32), [[1, 2, 4], [4, 3, 2]], rows=10)
    assert made.rows.tolist() == [1, 2, 3, 4]
    assert made.repeats.tolist() == [1, 2, 1, 2]
    assert made.values.tolist() == [[1] * 4, [2] * 4, [1] * 4, [2] * 4]
    assert made.shape == (10, 4)
    layer = torch.nn.Embedding(10, 4, sparse=True)
    layer(torch.tensor([[1, 2, 4], [4, 3, 2]])).sum().backward()
    coalesced = layer.weight.grad.coalesce()
    assert coalesced.indices().tolist() == [made.rows.tolist()]
    assert coalesced.values().tolist() == made.values.tolist()


@given(st.lists(st.integers(0, ROWS - 1), max_size=12), st.booleans(), st.sampled_from([None, 2]))
def test_a_lookups_gradient_is_autograds(ids, by_frequency: bool, padding_idx):
    weight = torch.from_numpy(MATRIX).requires_grad_()
    found = functional.embedding(
        torch.tensor(ids, dtype=torch.long),
        weight,
        padding_idx=padding_idx,
        scale_grad_by_freq=by_frequency,
    )
    upstream = np.random.default_rng(3).normal(size=(len(ids), DIM)).astype(np.float32)
    found.backward(torch.from_numpy(upstream))
    made = lookup_gradient(
        upstream, ids, rows=ROWS, padding_idx=padding_idx, scale_grad_by_freq=by_frequency
    )
    np.testing.assert_allclose(made.dense(), weight.grad.numpy(), rtol=1e-5, atol=1e-6)
    assert made.rows.tolist() == sorted(set(ids) - {padding_idx})


def test_weights_that_cancel_out_give_zeros_and_no_gradient_in_size():
    found = embedding_lookup_sparse(MATRIX, [[0, 1]], [[1, -1]], "mean")
    assert found.tolist() == [[0.0] * DIM]
    made = bag_gradient(np.ones((1, DIM)), [[0, 1]], [[1, -1]], "mean", rows=ROWS)
    assert not made.values.any()


def test_no_examples_at_all_are_no_vectors():
    assert embedding_lookup_sparse(MATRIX, []).shape == (0, DIM)
    assert bag_gradient(np.ones((0, DIM)), [], rows=ROWS).rows.tolist() == []


def test_an_array_is_one_bag_a_line():
    found = embedding_lookup_sparse(MATRIX, np.array([[0, 1], [2, 2]]), combiner="sum")
    np.testing.assert_allclose(found, [MATRIX[0] + MATRIX[1], 2 * MATRIX[2]], rtol=1e-6)
    assert len(Bags.of(np.array([[0, 1], [2, 2]]))) == 2


@pytest.mark.parametrize(
    ("ids", "weights", "combiner", "told"),
    [
        ([1, 2], None, "sum", r"\[0\] is an id, and an example is one list"),
        ([[[1]]], None, "sum", r"\[0\] holds lists"),
        ("12", None, "sum", "Bags are lists of ids"),
        ([[1]], None, "max", "no combiner 'max'"),
        ([[1, 2]], [[1]], "sum", r"\[0\] has 1 weight for 2 ids"),
        ([[1]], [], "sum", "1 examples, and not as many lists of weights"),
        ([[1]], [["a"]], "sum", "are not numbers"),
        ([[1]], [[float("nan")]], "sum", "not all finite"),
        ([[99]], None, "sum", "Id 99"),
    ],
)
def test_what_is_no_bag_is_told(ids, weights, combiner: str, told: str):
    with pytest.raises(ParameterError, match=told):
        embedding_lookup_sparse(MATRIX, ids, weights, combiner)


def test_a_gradient_of_another_shape_is_refused():
    with pytest.raises(ParameterError, match="not that of ids"):
        lookup_gradient(np.ones((2, 3)), [1, 2, 3], rows=ROWS)
    with pytest.raises(ParameterError, match="not that of 1 examples"):
        bag_gradient(np.ones((2, 3)), [[1]], rows=ROWS)
    with pytest.raises(IdsError):
        lookup_gradient(np.ones((1, 3)), [ROWS], rows=ROWS)


@pytest.mark.parametrize("scale", [1e-320, 1e-200, 1.0, 1e300])
@pytest.mark.parametrize("combiner", ["mean", "sqrtn"])
def test_shares_do_not_depend_on_the_scale_of_the_weights(scale: float, combiner: str):
    shares = Bags.of([[1, 2]], [[3 * scale, 4 * scale]], combiner).shares
    wanted = {"mean": [3 / 7, 4 / 7], "sqrtn": [3 / 5, 4 / 5]}[combiner]
    np.testing.assert_allclose(shares, wanted, rtol=1e-3)


@pytest.mark.parametrize(
    ("bags", "padding_idx", "told"),
    [
        ([[1, 2], [], [3, 99]], None, r"Id 99 at \[2\]\[1\] is out of range"),
        ([[0, 0, -1]], 0, r"Id -1 at \[0\]\[2\]"),
    ],
)
def test_an_id_out_of_range_is_named_with_its_place_in_the_bags(bags, padding_idx, told: str):
    with pytest.raises(IdsError, match=told):
        embedding_lookup_sparse(MATRIX, bags, padding_idx=padding_idx)
    upstream = np.ones((len(bags), DIM))
    with pytest.raises(IdsError, match=told):
        bag_gradient(upstream, bags, rows=ROWS, padding_idx=padding_idx)


def test_a_masked_id_is_in_no_bag():
    ids = np.ma.array([[2, 3], [1, 0]], mask=[[False, True], [False, False]])
    with pytest.raises(IdsError, match=r"The id at \[0\]\[1\] is masked"):
        embedding_lookup_sparse(np.eye(4), ids)
    with pytest.raises(IdsError, match=r"masked"):
        embedding_lookup_sparse(np.eye(4), list(ids))
