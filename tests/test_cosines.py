import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer import pipeline, products
from explorer.cosines import (
    LARGEST_MATRIX,
    cosine,
    cosines,
    odd_one_out,
    random_cosines,
    similarity_matrix,
)
from explorer.errors import NotFoundError, ParameterError
from explorer.progress import Cancelled
from explorer.spaces import fit, parse_space
from explorer.table import Table, numbered_tokens
from explorer.vectors import Vectors


def exact(matrix: np.ndarray, row: int) -> np.ndarray:
    wide = matrix.astype(np.float64)
    return wide @ wide[row] / (np.linalg.norm(wide, axis=1) * np.linalg.norm(wide[row]))


@settings(max_examples=25)
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
    monkeypatch.setattr(products, "_NUMBERS", 16 * 100)
    monkeypatch.setattr(products, "_ALONE", 0)
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


# --- some rows with one another -----------------------------------------------------------------


def table_of(matrix) -> Table:
    return Table(numbered_tokens(len(matrix)), Vectors(np.asarray(matrix)))


@settings(max_examples=30)
@given(st.integers(1, 40), st.integers(1, 20), st.integers(0, 2**31 - 1))
def test_the_matrix_holds_the_cosine_of_every_pair(rows: int, dim: int, seed: int):
    random = np.random.default_rng(seed)
    matrix = random.normal(size=(50, dim)).astype(np.float32)
    chosen = random.choice(50, rows, replace=False)
    found = similarity_matrix(table_of(matrix), chosen.tolist())
    assert found.rows.tolist() == chosen.tolist()
    expected = [[cosine(matrix[one], matrix[other]) for other in chosen] for one in chosen]
    np.testing.assert_allclose(found.values, expected, atol=1e-14)
    assert (np.diagonal(found.values) == 1).all()
    assert (found.values == found.values.T).all()


def test_two_cosines_worked_by_hand():
    assert cosine([3, 4], [4, 3]) == pytest.approx(24 / 25, abs=1e-15)
    assert cosine([1e-200, 0], [-1e250, 0]) == -1.0
    assert np.isnan(cosine([0, 0], [1, 0]))


def test_clustered_rows_stand_beside_those_they_are_like():
    random = np.random.default_rng(0)
    matrix = np.repeat(np.eye(4), 6, axis=0) + 0.01 * random.normal(size=(24, 4))
    shuffled = random.permutation(24)
    found = similarity_matrix(table_of(matrix), shuffled.tolist(), "clustered")
    assert sorted(found.rows.tolist()) == list(range(24))
    kinds = found.rows // 6
    assert np.count_nonzero(np.diff(kinds)) == 3
    plain = similarity_matrix(table_of(matrix), found.rows)
    np.testing.assert_array_equal(found.values, plain.values)


def test_a_row_without_a_direction_is_nan_in_the_matrix_and_last_in_its_order():
    matrix = np.random.default_rng(1).normal(size=(6, 3))
    matrix[2] = 0
    found = similarity_matrix(table_of(matrix), range(6), "clustered")
    assert found.rows[-1] == 2
    assert found.without_direction.tolist() == [2]
    assert np.isnan(found.values[-1]).all()
    assert np.isnan(found.values[:, -1]).all()
    assert len(found.pairs) == 10


@pytest.mark.parametrize(
    ("rows", "order", "error", "message"),
    [
        ([0, 9], "given", NotFoundError, "no row 9"),
        ([-1], "given", NotFoundError, "no row -1"),
        ([], "given", ParameterError, "matrix of 0 rows"),
        ([0, 1], "sorted", ParameterError, "no order 'sorted'"),
    ],
)
def test_a_matrix_that_cannot_be_made_is_refused(rows, order, error, message):
    with pytest.raises(error, match=message):
        similarity_matrix(table_of(np.eye(3)), rows, order)


def test_a_matrix_of_too_many_rows_is_refused():
    table = table_of(np.ones((LARGEST_MATRIX + 1, 1)))
    with pytest.raises(ParameterError, match="2,001 rows"):
        similarity_matrix(table, range(LARGEST_MATRIX + 1))


def test_the_odd_one_out_is_the_one_farthest_from_the_mean_of_directions():
    # Units (1, 0), (0.8, 0.6), (0, 1), whatever their lengths; their mean is (0.6, 16/30).
    table = table_of([[9.0, 0.0], [4.0, 3.0], [0.0, 0.1]])
    found = odd_one_out(table, [2, 0, 1, 2])
    mean = np.array([0.6, 1.6 / 3])
    expected = np.array([[0, 1], [1, 0], [0.8, 0.6]]) @ (mean / np.linalg.norm(mean))
    assert found.row == 2
    assert found.rows.tolist() == [2, 0, 1]
    np.testing.assert_allclose(found.scores, expected, atol=1e-15)


@pytest.mark.parametrize(
    ("matrix", "rows", "message"),
    [
        ([[1.0, 0.0], [0.0, 1.0]], [0, 1, 0], "Among 2 different rows"),
        ([[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]], [0, 1, 2], "Row 2 .* is all zeros"),
        ([[1.0, 0.0], [0.0, 1.0], [np.nan, 0.0]], [0, 1, 2], "holds NaN"),
        ([[1.0, 0.0], [-1.0, 0.0], [0.0, 1.0], [0.0, -1.0]], [0, 1, 2, 3], "cancel each other"),
    ],
)
def test_rows_among_which_none_is_odd_are_refused(matrix, rows, message):
    with pytest.raises(ParameterError, match=message):
        odd_one_out(table_of(matrix), rows)


@pytest.mark.parametrize("space", ["raw", "unit", "centre", "remove 2", "whiten"])
def test_random_cosines_in_a_space_are_those_of_an_explicit_copy(space):
    random = np.random.default_rng(5)
    matrix = random.normal(size=(40, 6)) * [5, 3, 1, 1, 1, 1] + 2
    table = table_of(matrix)
    chosen = parse_space(space)
    copy = fit(table.vectors, chosen).through(table.vectors.to_numpy().astype(np.float64))
    expected = random_cosines(Vectors(copy), 500, 3)
    found = random_cosines(table.vectors, 500, 3, space=chosen)
    np.testing.assert_allclose(found, expected, atol=1e-6)


def test_rows_that_lean_one_way_are_even_once_centred():
    matrix = np.random.default_rng(1).normal(size=(300, 20)) + 2
    table = table_of(matrix)
    assert pipeline.mean_random_cosine(table) > 0.6
    assert abs(pipeline.mean_random_cosine(table, "centre")) < 0.05
    assert np.isnan(pipeline.mean_random_cosine(table_of([[0.0, 0.0], [0.0, 0.0]])))


@pytest.mark.parametrize("row", [-1, 3, 10**30, -(10**30)])
def test_a_row_that_is_not_there_is_refused_however_large(row: int):
    table = table_of(np.eye(3, dtype=np.float32))
    with pytest.raises(NotFoundError, match="There is no row"):
        similarity_matrix(table, [0, row])
