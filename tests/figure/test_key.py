import pytest

from explorer.figure.key import number


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (12345.0, "12,345"),
        (1234.5, "1,234"),
        (0.42, "0.42"),
        (-3.0, "−3"),
        (-0.0, "0"),
        (1e300, "1e+300"),
        (-2.5e20, "−2.5e+20"),
        (1e-7, "1e−07"),
    ],
)
def test_numbers_are_written_short(value, written):
    assert number(value) == written
