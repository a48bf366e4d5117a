import numpy as np
import pytest

from explorer.composition import Composition, Share, Spread
from explorer.table import Column


def text(name, values):
    return Column.from_text(name, values)


KIND = text("kind", ["noun"] * 5 + ["verb"] * 3 + ["x", "y"])


def found(column, rows, **how):
    return [answer for _, answer in Composition([column]).of(np.array(rows), **how)]


def test_the_most_frequent_values_of_the_selection_stand_first_beside_all_rows():
    assert found(KIND, [4, 5, 6, 9]) == [
        [
            Share("verb", 2, 3, 4, 10),
            Share("y", 1, 1, 4, 10),
            Share("noun", 1, 5, 4, 10),
        ]
    ]


def test_the_lift_is_how_many_times_more_often_a_value_stands_there():
    (shares,) = found(KIND, [5, 6])
    assert shares[0].lift == pytest.approx((2 / 2) / (3 / 10))


def test_a_numeric_column_is_told_by_its_means_without_what_is_missing():
    column = Column("lean", np.array([1.0, np.nan, 3.0, np.inf]))
    assert found(column, [0, 1]) == [Spread(1.0, 2.0)]
    (empty,) = found(column, [1])
    assert np.isnan(empty.here)


def test_a_column_of_one_value_a_row_tells_nothing():
    assert found(text("note", list("abcdefghij")), [1, 2]) == []


def test_a_column_counted_once_tells_of_another_selection_too():
    composition = Composition([KIND])
    list(composition.of(np.array([0])))
    ((_, shares),) = composition.of(np.array([8]))
    assert [share.value for share in shares] == ["x"]
