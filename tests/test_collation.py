"""Texts with numbers in them, in the order in which people count."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.collation import natural


@pytest.mark.parametrize(
    "ordered",
    [
        ["-10", "-2", "0", "2", "10", "100"],
        ["0.25", "0.5", "1", "1.75", "word"],
        ["chapter 9", "chapter 10", "chapter 10b", "chapter 010c"],
        ["", " ", "a", "a1", "a1b", "b"],
        ["v1.2.9", "v1.2.10", "v1.10.0"],
        ["x" + "9" * 5000, "x1" + "0" * 5000],
    ],
)
def test_numbers_count_by_their_value(ordered):
    shuffled = ordered[::-1]
    assert sorted(shuffled, key=natural) == ordered


def test_equal_values_in_other_digits_stand_together():
    assert sorted(["2", "01", "1", "1.0"], key=natural) == ["01", "1", "1.0", "2"]


@given(st.lists(st.text(alphabet="ab-.+ 0123456789٣²é", max_size=8), unique=True))
def test_any_texts_have_one_order(texts):
    others = texts[::-1]
    assert sorted(texts, key=natural) == sorted(others, key=natural)
