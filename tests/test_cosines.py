import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer import cosines as module
from explorer.cosines import cosines, random_cosines
from explorer.progress import Cancelled
from explorer.vectors import Vectors


def exact(matrix: np.ndarray, row: int) -> np.ndarray:
    wide = matrix.astype(np.float64)
    return wide @ wide[row] / (np.linalg.norm(wide, axis=1) * np.linalg.norm(wide[row]))


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 300), st.integers(1, 40), st.integers(0, 2**31 - 1))
def test_cosines_are_those_of_float64(rows: int, dim: int, seed: int):
    matrix = np.random.default_rng(seed).normal(size=(rows, dim)).astype(np.float32)
    row = seed % rows
    np.testing.assert_allclose(cosines(Vectors(matrix), row), exact(matrix, row), atol=2e-6)


@pytest.mark.parametrize("dtype", [np.float16, np.float64])
def test_a_table_of_another_width_gives_the_same(dtype: type):
    matrix = np.random.default_rng(3).normal(size=(50, 7)).astype(dtype)
    np.testing.assert_allclose(cosines(Vectors(matrix), 4), exact(matrix, 4), atol=2e-6)


def test_many_blocks_at_once_give_the_same(monkeypatch: pytest.MonkeyPatch):
    matrix = np.random.default_rng(3).normal(size=(1003, 16)).astype(np.float32)
    monkeypatch.setattr(module, "_NUMBERS", 16 * 100)
    monkeypatch.setattr(module, "_ALONE", 0)
    np.testing.assert_allclose(cosines(Vectors(matrix), 8), exact(matrix, 8), atol=2e-6)


def test_rows_without_a_direction_have_no_cosine():
    matrix = np.ones((5, 3), np.float32)
    matrix[1], matrix[2, 0], matrix[3, 1] = 0, np.nan, np.inf
    found = cosines(Vectors(matrix), 0)
    assert np.isnan(found[1:4]).all()
    assert found[[0, 4]] == pytest.approx(1)
    for row in (1, 2, 3):
        assert np.isnan(cosines(Vectors(matrix), row)).all()


def test_very_large_and_very_small_rows_keep_their_direction():
    matrix = np.array([[1e-20, 0], [1e30, 1e30], [0, 3], [-1e-30, 0]], np.float32)
    np.testing.assert_allclose(
        cosines(Vectors(matrix), 0), [1, np.sqrt(0.5), 0, -1], rtol=1e-6, atol=1e-12
    )


def test_no_cosine_is_beyond_one():
    matrix = np.full((1000, 64), 0.1, np.float32)
    assert np.abs(cosines(Vectors(matrix), 0)).max() <= 1


def test_comparing_stops_where_the_report_says_so():
    def stop(_: object) -> None:
        raise Cancelled

    matrix = np.ones((2000, 200), np.float32)
    with pytest.raises(Cancelled):
        cosines(Vectors(matrix), 0, stop)
    with pytest.raises(Cancelled):
        cosines(Vectors(matrix[:10]), 0, stop)


def test_random_pairs_are_of_different_rows_and_come_out_the_same_again() -> None:
    vectors = Vectors(np.eye(50, dtype=np.float32))
    found = random_cosines(vectors, 3000, seed=4)
    assert len(found) == 3000
    assert not found.any()  # any row with itself would be 1

    lean = Vectors(np.random.default_rng(0).normal(size=(90, 5)).astype(np.float32) + 1)
    first = random_cosines(lean, 500, seed=1)
    np.testing.assert_array_equal(first, random_cosines(lean, 500, seed=1))
    assert (np.diff(first) >= 0).all()
    assert 0.2 < np.median(first) < 0.8


def test_random_pairs_leave_out_rows_without_a_direction() -> None:
    vectors = Vectors(np.array([[1, 0], [1, 0], [0, 0], [np.nan, 1]], np.float32))
    assert set(random_cosines(vectors, 400).tolist()) == {1.0}
    assert not len(random_cosines(Vectors(np.ones((1, 2), np.float32))))
