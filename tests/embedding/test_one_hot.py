"""The same rows by a product, and what it costs."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn import functional

from explorer.embedding import one_hot, one_hot_lookup
from explorer.embedding.ids import IdsError
from explorer.progress import Cancelled, Progress
from explorer.vectors import Vectors

MATRIX = np.random.default_rng(0).normal(size=(30, 5)).astype(np.float32)


@given(st.lists(st.lists(st.integers(0, 29), min_size=2, max_size=2), max_size=4))
def test_the_product_gives_the_rows_bit_for_bit(ids: list[list[int]]):
    found = one_hot_lookup(MATRIX, np.array(ids, np.int64).reshape(-1, 2))
    ids_of_torch = torch.tensor(ids, dtype=torch.long).reshape(-1, 2)
    wanted = functional.one_hot(ids_of_torch, 30).float() @ torch.from_numpy(MATRIX)
    np.testing.assert_array_equal(found.result, wanted.numpy())
    assert found.cost.same
    assert found.cost.measured == found.cost.ids == 2 * len(ids)


def test_the_bytes_are_those_of_the_matrices_by_hand():
    cost = one_hot_lookup(MATRIX, [[1, 2], [3, 4]]).cost
    assert (cost.ids, cost.rows, cost.dim) == (4, 30, 5)
    assert cost.matrix_bytes == 4 * 30 * 4
    assert cost.bytes == 4 * 30 * 4 + 30 * 5 * 4
    assert cost.gather_bytes == 4 * 5 * 4 + 4 * 8
    assert cost.seconds > 0
    assert cost.gather_seconds > 0


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_a_product_block_by_block_is_that_of_the_whole(monkeypatch, dtype):
    monkeypatch.setattr(one_hot, "_CELLS", 12)  # four blocks of three rows for four ids
    matrix = MATRIX.astype(dtype)
    for params in (matrix, Vectors(matrix), [matrix[0::2], matrix[1::2]]):
        found = one_hot_lookup(params, [0, 29, 3, 3])
        np.testing.assert_array_equal(found.result, matrix[[0, 29, 3, 3]])
        assert found.cost.same


def test_a_product_of_too_much_is_measured_on_some_of_the_ids():
    found = one_hot_lookup(MATRIX, np.arange(20), most=30 * 5 * 4)
    assert found.cost.measured == 4
    assert found.result.shape == (4, 5)
    assert found.cost.matrix_bytes == 20 * 30 * 4
    assert one_hot_lookup(MATRIX, np.arange(20), most=0).cost.measured == 1


def test_one_nan_in_the_table_spoils_the_product_and_that_is_said():
    matrix = MATRIX.copy()
    matrix[7] = np.nan
    assert not one_hot_lookup(matrix, [1, 2]).cost.same
    matrix[7] = np.inf
    assert not one_hot_lookup(matrix, [1, 2]).cost.same


def test_no_matrix_of_ids_by_rows_is_ever_held(monkeypatch):
    largest = []

    def zeros(shape, dtype, made=np.zeros):
        largest.append(int(np.prod(shape)))
        return made(shape, dtype)

    monkeypatch.setattr(one_hot.np, "zeros", zeros)
    ids = np.zeros(100, np.int64)
    one_hot_lookup(np.ones((100_000, 2), np.float32), ids, most=10**8)
    assert max(largest) <= 2**22


def test_a_long_product_can_be_stopped():
    def stop(progress: Progress) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        one_hot_lookup(MATRIX, [1], report=stop)


def test_ids_out_of_range_are_told_before_anything_is_multiplied():
    with pytest.raises(IdsError, match="Id 30"):
        one_hot_lookup(MATRIX, [30])
