from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from explorer.reading.numbers import fault, parse_lines, parse_row

FIELDS = st.one_of(
    st.floats(width=32).map(repr),
    st.integers(-(10**6), 10**6).map(str),
    st.text("0123456789.+-eEnaif_x, \t", max_size=5),
).map(str.encode)


@given(st.lists(st.lists(FIELDS, min_size=2, max_size=2), min_size=1, max_size=4))
@example([[b" 0", b"0.0"]])
@example([[b"0", b"0.0 "]])
def test_the_fast_way_accepts_only_what_the_strict_one_does(rows):
    fast = parse_lines([b" ".join(row) for row in rows], 2)
    if fast is None:
        return
    assert not any(fault(row) for row in rows)
    np.testing.assert_array_equal(fast, [parse_row(row) for row in rows])


@pytest.mark.parametrize(
    "field", [b"1", b"-1.5", b"+.5", b"3.", b"1e-9", b"NaN", b"-inf", b"Infinity"]
)
def test_a_decimal_number_has_no_fault(field):
    assert fault([field]) == ""


@pytest.mark.parametrize("field", [b"", b"0x1p3", b"1_0", b"6e", b"1-2", b".", b"e5", "٣".encode()])
def test_what_python_or_c_might_take_for_a_number_is_none(field):
    assert "not a decimal number" in fault([b"1", field])


def test_a_decimal_comma_is_named():
    assert fault([b"1,5"]) == "'1,5' has a decimal comma"
