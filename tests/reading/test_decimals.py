import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.reading.decimals import AFTER, BEFORE, decimals

PLAIN = re.compile(rb"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)")
NUMBERS = st.from_regex(r"\A[+-]?[0-9]{0,17}(\.[0-9]{0,17})?\Z")
ALMOST = st.text("0123456789.+-eE,/ainf\x80", max_size=18)


def read(fields):
    text = b"7" * (BEFORE - 1) + b" " + b"".join(field + b" " for field in fields) + b"7" * AFTER
    lengths = np.array([len(field) for field in fields])
    ends = BEFORE + np.cumsum(lengths + 1) - 1
    return decimals(np.frombuffer(text, np.uint8), ends, lengths)


def plain(field):
    return PLAIN.fullmatch(field) is not None and len(field.lstrip(b"+-")) <= 16


@given(st.lists(NUMBERS | ALMOST, min_size=1, max_size=20))
def test_plain_numbers_have_the_value_of_float_and_all_else_is_told(texts):
    fields = [text.encode("latin-1") for text in texts]
    values, found = read(fields)
    assert found.tolist() == [plain(field) for field in fields]
    expected = [float(field) if plain(field) else 0.0 for field in fields]
    np.testing.assert_array_equal(
        np.where(found, values, 0.0).view("u8"), np.array(expected).view("u8")
    )


@pytest.mark.parametrize(
    "field",
    ["9999999999999999", "9007199254740993", "123456789.012345", ".000000000000001", "-0.0"],
)
def test_the_longest_plain_numbers_are_rounded_as_float_rounds_them(field):
    values, found = read([field.encode()])
    assert found.all()
    assert str(values[0]) == str(float(field))


@pytest.mark.parametrize("decimals_kept", range(10))
def test_numbers_as_tables_are_written_with_are_exact(decimals_kept):
    numbers = np.random.default_rng(decimals_kept).normal(scale=30, size=2000)
    fields = [f"{number:.{decimals_kept}f}".encode() for number in numbers]
    values, found = read(fields)
    assert found.all()
    np.testing.assert_array_equal(values, [float(field) for field in fields])


@pytest.mark.parametrize(
    "field", ["", "-", ".", "-.", "--1", "1,5", "1/5", "1:5", "1.2.3", "1.2345678.9012", "1e5",
              "12345678901234567", "1\xb2", "1-2", "nan", "0x1"]
)  # fmt: skip
def test_what_is_no_plain_number_is_told(field):
    _, found = read([b"1.5", field.encode("latin-1"), b"2"])
    assert found.tolist() == [True, False, True]
