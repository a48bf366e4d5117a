"""Numbers at the ends of a colour bar."""

from __future__ import annotations

import pytest

from explorer.gui.map.numbers import number


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (-3.0, "−3"),
        (0.4249, "0.425"),
        (12_345.6, "12,346"),
        (1_015_328_000, "1,015,328,000"),
        (-1.99e38, "−1.99e+38"),
        (3e-31, "3e−31"),
    ],
)
def test_numbers_are_written_as_people_write_them(value: float, text: str) -> None:
    assert number(value) == text
