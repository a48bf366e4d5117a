import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer.analogies import METHODS, solve
from explorer.errors import ExplorerError, ParameterError
from explorer.progress import Cancelled
from explorer.table import Table, numbered_tokens
from explorer.vectors import Vectors


def table_of(matrix) -> Table:
    return Table(numbered_tokens(len(matrix)), Vectors(np.asarray(matrix)))


def by_definition(matrix, positive, negative, how):
    """Scores of every row, straight from the papers."""
    wide = np.asarray(matrix, dtype=np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        units = wide / np.linalg.norm(wide, axis=1)[:, None]
    plus, minus = units[list(positive)], units[list(negative)]
    if how == "add":
        target = plus.sum(axis=0) - minus.sum(axis=0)
        return units @ (target / np.linalg.norm(target))
    shifted = [(1 + units @ one) / 2 for one in plus], [(1 + units @ one) / 2 for one in minus]
    return np.prod(shifted[0], axis=0) / (np.prod(shifted[1], axis=0) + 1e-6)


@pytest.mark.parametrize("how", METHODS)
@settings(max_examples=40)
@given(
    rows=st.integers(5, 400),
    dim=st.integers(2, 30),
    parts=st.tuples(st.integers(1, 3), st.integers(0, 2)),
    k=st.integers(1, 20),
    seed=st.integers(0, 2**31 - 1),
)
def test_the_answers_are_those_of_the_definition(how, rows, dim, parts, k, seed):
    random = np.random.default_rng(seed)
    matrix = random.normal(size=(rows, dim)).astype(np.float32)
    chosen = random.choice(rows, sum(parts), replace=False)
    positive, negative = chosen[: parts[0]], chosen[parts[0] :]
    scores = by_definition(matrix, positive, negative, how)
    table = table_of(matrix)
    found = solve(table, matrix[positive], matrix[negative], k, how=how, exclude=chosen.tolist())
    assert not set(found.rows.tolist()) & set(chosen.tolist())
    np.testing.assert_allclose(found.scores, scores[found.rows], rtol=1e-9, atol=1e-12)
    others = np.delete(scores, chosen)
    np.testing.assert_allclose(found.scores, np.sort(others)[::-1][:k], rtol=1e-9, atol=1e-12)


def test_a_known_answer_worked_by_hand():
    # a = (1, 0), b = (0, 1), c = (1, 0): b - a + c = (0, 1).
    table = table_of(np.float32([[1, 0], [0, 2], [3, 0], [0, 5], [4, 3]]))
    vectors = table.vectors.to_numpy()
    found = solve(table, [vectors[1], vectors[2]], [vectors[0]], exclude=(0, 1, 2))
    assert found.rows.tolist() == [3, 4]
    assert found.scores.tolist() == pytest.approx([1.0, 0.6])
    found = solve(table, [vectors[1], vectors[2]], [vectors[0]], how="mul", exclude=(0, 1, 2))
    # Row 3: cosines 1, 0 and 0 shifted to 1, 1/2, 1/2. Row 4: 0.6, 0.8, 0.8 to 0.8, 0.9, 0.9.
    assert found.rows.tolist() == [3, 4]
    expected = [1 * 0.5 / (0.5 + 1e-6), 0.8 * 0.9 / (0.9 + 1e-6)]
    assert found.scores.tolist() == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("how", METHODS)
def test_the_length_of_a_vector_does_not_matter(how):
    random = np.random.default_rng(0)
    matrix = random.normal(size=(50, 6))
    scaled = matrix * 10.0 ** random.integers(-30, 30, 50)[:, None]
    plain = solve(table_of(matrix), matrix[1:3], matrix[:1], 20, how=how, exclude=(0, 1, 2))
    other = solve(table_of(scaled), scaled[1:3], scaled[:1], 20, how=how, exclude=(0, 1, 2))
    assert plain.rows.tolist() == other.rows.tolist()
    np.testing.assert_allclose(plain.scores, other.scores, rtol=1e-9)


@pytest.mark.parametrize("how", METHODS)
def test_equal_rows_come_in_their_order(how):
    matrix = np.repeat(np.random.default_rng(1).normal(size=(4, 9)), 5, axis=0)
    found = solve(table_of(matrix), [matrix[5], matrix[10]], [matrix[0]], 15, how=how)
    first = [rows[np.argsort(rows)].tolist() for rows in np.split(found.rows, 3)]
    assert [rows.tolist() for rows in np.split(found.rows, 3)] == first


@pytest.mark.parametrize("how", METHODS)
def test_rows_without_a_direction_are_left_out_and_told(how):
    matrix = np.random.default_rng(2).normal(size=(20, 4)).astype(np.float32)
    matrix[5], matrix[6, 1] = 0, np.nan
    found = solve(table_of(matrix), matrix[1:3], matrix[:1], 50, how=how, exclude=(0, 1, 2))
    assert sorted(found.rows.tolist()) == [3, 4, *range(7, 20)]
    assert [note.rows for note in found.left_out] == [(6,), (5,)]


def test_more_answers_than_rows_are_all_rows():
    matrix = np.eye(3, dtype=np.float32)
    assert len(solve(table_of(matrix), matrix[:1], [], 10, how="mul", exclude=(0,)).rows) == 2


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"how": "plus"}, "no method 'plus'"),
        ({"k": 0}, "cannot be 0"),
        ({"k": 0, "how": "mul"}, "cannot be 0"),
        ({"positive": []}, "needs a vector"),
        ({"positive": [[0.0, 0.0]]}, "no direction"),
        ({"negative": [[np.inf, 0.0]]}, "no direction"),
        ({"positive": [[1.0, 2.0, 3.0]]}, "does not fit"),
        ({"positive": [[1.0, 0.0]], "negative": [[3.0, 0.0]]}, "cancel each other"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_words(change, message):
    asked = {"positive": [[1.0, 0.0]], "negative": [[0.0, 1.0]], "k": 3} | change
    with pytest.raises(ParameterError, match=message):
        solve(table_of(np.eye(2)), **asked)


@pytest.mark.parametrize("how", METHODS)
def test_an_analogy_can_be_stopped(how):
    def stop(progress):
        raise Cancelled

    with pytest.raises(Cancelled):
        solve(table_of(np.eye(3)), [[1.0, 0, 0]], [[0, 1.0, 0]], how=how, report=stop)


@settings(max_examples=60)
@given(
    vectors=st.lists(st.lists(st.floats(width=64), min_size=0, max_size=4), min_size=1, max_size=3),
    k=st.integers(-2, 5),
    how=st.sampled_from([*METHODS, "", "cosine"]),
)
def test_whatever_is_asked_nothing_but_our_errors_is_raised(vectors, k, how):
    table = table_of(np.random.default_rng(0).normal(size=(9, 3)))
    try:
        found = solve(table, vectors[:2], vectors[2:], k, how=how)
    except ExplorerError:
        return
    assert np.isfinite(found.scores).all()
