import tracemalloc
from pathlib import Path

import numpy as np
import pytest

from explorer.vectors import Vectors

MATRIX = np.random.default_rng(0).normal(size=(10, 3))
NATIVE = {"f64": np.float64, "f32": np.float32, "f16": np.float16}


@pytest.mark.parametrize("name", NATIVE)
@pytest.mark.parametrize("order", ["<", ">"])
def test_native_numbers_keep_their_dtype_and_are_widened_on_demand(name: str, order: str):
    stored = MATRIX.astype(np.dtype(NATIVE[name]).newbyteorder(order))
    vectors = Vectors(stored)
    assert vectors.dtype == name
    assert vectors.nbytes == stored.nbytes
    rows = vectors.to_numpy()
    assert rows.dtype == np.dtype("=f4")
    assert np.array_equal(rows, stored.astype(np.float32))


@pytest.mark.parametrize(
    ("dtype", "torch_name", "width"),
    [
        ("bf16", "bfloat16", np.uint16),
        ("f8_e4m3", "float8_e4m3fn", np.uint8),
        ("f8_e5m2", "float8_e5m2", np.uint8),
    ],
)
def test_every_bit_pattern_is_the_number_that_torch_reads(dtype: str, torch_name: str, width: type):
    import torch

    count = 2 ** (8 * np.dtype(width).itemsize)
    bits = np.arange(count).astype(width).reshape(-1, 16)
    stored = torch.from_numpy(bits.view(f"i{np.dtype(width).itemsize}"))
    expected = stored.view(getattr(torch, torch_name)).float().numpy()
    assert np.array_equal(Vectors(bits, dtype).to_numpy(), expected, equal_nan=True)


@pytest.mark.parametrize(
    ("storage", "dtype"),
    [
        (np.zeros(3, np.float32), ""),
        (np.zeros((2, 2, 2), np.float32), ""),
        (np.zeros((2, 2), np.int32), ""),
        (np.zeros((2, 2), np.uint16), ""),
        (np.zeros((2, 2), np.uint16), "f8"),
    ],
)
def test_what_is_no_float_matrix_is_refused(storage: np.ndarray, dtype: str):
    with pytest.raises(ValueError, match="not a float matrix"):
        Vectors(storage, dtype)


def test_the_numbers_cannot_be_written_to():
    mine = MATRIX.astype(np.float32)
    vectors = Vectors(mine)
    for view in (vectors.to_numpy(), vectors.slice(2, 4), vectors.stored(0, 1), vectors.norms):
        with pytest.raises(ValueError, match="read-only"):
            view[0] = 0
    mine[0, 0] = 5  # the array of whoever made it is left as it was


def test_rows_are_copies_in_the_shape_of_their_numbers():
    vectors = Vectors(MATRIX.astype(np.float32))
    for ids in (3, [3], [[3, 1], [0, 0]]):
        rows = vectors.rows(ids)
        assert rows.shape == (*np.shape(ids), 3)
        assert np.array_equal(rows, MATRIX.astype(np.float32)[np.asarray(ids)])
        rows[...] = 0
    assert np.array_equal(vectors.to_numpy(), MATRIX.astype(np.float32))


@pytest.mark.parametrize("size", [1, 3, 5, 10, 99, None])
def test_blocks_cover_every_row_once_and_in_order(size: int | None):
    vectors = Vectors(MATRIX)
    starts, blocks = zip(*vectors.blocks(size), strict=True)
    assert np.array_equal(np.concatenate(blocks), vectors.to_numpy())
    assert list(starts) == list(range(0, 10, size or 10))


def test_an_empty_table_has_no_blocks_and_no_norms():
    vectors = Vectors(np.empty((0, 4), np.float32))
    assert list(vectors.blocks()) == []
    assert vectors.norms.shape == (0,)
    assert vectors.shape == (0, 4)


def test_norms_are_those_of_a_float64_sum():
    tiny = np.array([[1e-30, 1e-30], [3e30, 4e30], [0, 0]], dtype=np.float32)
    expected = np.sqrt((tiny.astype(np.float64) ** 2).sum(axis=1))
    assert np.allclose(Vectors(tiny).norms, expected, rtol=1e-14, atol=0)


def test_rows_with_nan_or_infinity_are_told_apart():
    matrix = np.array([[1, 2], [np.nan, 1], [np.inf, 0], [-np.inf, np.inf]], dtype=np.float32)
    assert Vectors(matrix).finite.tolist() == [True, False, False, False]


def test_float64_rows_are_judged_as_they_are_stored():
    vectors = Vectors(np.array([[1e200, 0.0], [1e-60, 0.0], [0.0, 0.0], [np.inf, 0.0]]))
    assert vectors.finite.tolist() == [True, True, True, False]
    assert vectors.beyond_float32.tolist() == [True, False, False, False]
    assert vectors.finite_float32.tolist() == [False, True, True, False]
    assert vectors.below_float32.tolist() == [False, True, False, False]
    assert vectors.norms.tolist() == [1e200, 1e-60, 0.0, np.inf]


def test_norms_neither_overflow_nor_vanish():
    wide = np.array([[3e200, 4e200], [3e-200, 4e-200], [1.5e308, 1.5e308], [3.0, 4.0]])
    vectors = Vectors(wide)
    np.testing.assert_allclose(vectors.norms, [5e200, 5e-200, np.inf, 5.0], rtol=1e-15)
    assert vectors.finite.all()


def test_exact_rows_keep_every_digit_of_float64():
    wide = np.array([[0.1, 1e-60], [1e200, 3.0]])
    exact = Vectors(wide.astype(">f8")).exact([1, 0])
    assert exact.dtype == np.float64
    np.testing.assert_array_equal(exact, wide[[1, 0]])


@pytest.mark.parametrize("dtype", ["f4", "f2"])
def test_exact_rows_of_narrower_tables_are_float32(dtype):
    matrix = np.array([[0.1, 2.0], [3.0, 4.0]], dtype=dtype)
    exact = Vectors(matrix).exact(1)
    assert exact.dtype == np.float32
    np.testing.assert_array_equal(exact, matrix[1])


def test_a_mapped_file_stays_mapped(tmp_path: Path):
    np.save(tmp_path / "table.npy", MATRIX)
    mapped = np.load(tmp_path / "table.npy", mmap_mode="r")
    assert Vectors(mapped).mapped
    assert Vectors(mapped[2:5]).mapped
    assert not Vectors(MATRIX).mapped
    assert Vectors(MATRIX, mapped=True).mapped


def test_a_few_rows_of_a_mapped_file_do_not_cost_the_whole(tmp_path: Path):
    np.save(tmp_path / "table.npy", np.zeros((50_000, 64), np.float16))
    vectors = Vectors(np.load(tmp_path / "table.npy", mmap_mode="r"))
    tracemalloc.start()
    vectors.rows([1, 40_000])
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 100_000
