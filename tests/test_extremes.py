import numpy as np
import pytest

from explorer.extremes import extremes


def test_the_highest_and_the_lowest_are_found_and_what_is_not_finite_is_passed_over():
    scores = np.random.default_rng(0).normal(size=300).astype(np.float32)
    scores[[5, 7]] = np.nan, np.inf
    rows, values = extremes(scores, 4)
    known = np.setdiff1d(np.arange(300), [5, 7])
    order = known[np.argsort(scores[known])]
    assert rows.tolist() == [*order[::-1][:4], *order[:4][::-1]]
    np.testing.assert_array_equal(values, scores[rows])


@pytest.mark.parametrize("decimals", [1, 7])
def test_the_extremes_of_many_rows_are_those_of_all_of_them_sorted(decimals):
    random = np.random.default_rng(0)
    scores = np.round(random.normal(size=60_000), decimals)
    scores[random.integers(len(scores), size=500)] = np.nan
    finite = np.flatnonzero(np.isfinite(scores))
    expected = finite[np.argsort(-scores[finite], kind="stable")]

    assert extremes(scores, 7)[0].tolist() == [*expected[:7], *expected[-7:]]


def test_the_extremes_of_few_rows_name_each_once():
    scores = np.array([1.0, np.nan, 3.0, 1.0])
    rows, values = extremes(scores, 10)
    assert rows.tolist() == [2, 0, 3]
    assert values.tolist() == [3, 1, 1]
    assert extremes(scores, 1)[0].tolist() == [2, 3]
