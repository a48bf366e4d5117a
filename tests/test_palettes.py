import numpy as np
import pytest

from explorer.palettes import (
    MISSING,
    OTHER,
    colour_values,
    map_colours,
    plain,
    ramp_colours,
)

both_themes = pytest.mark.parametrize("dark", [False, True])


def texts(*values):
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array


def lightness(rgb):
    """CIE L*, from sRGB."""
    linear = (np.asarray(rgb, float) / 255) ** 2.2
    luminance = linear @ (0.2126, 0.7152, 0.0722)
    return 116 * np.cbrt(luminance) - 16


def test_one_colour_is_one_colour():
    colouring = plain(5, dark=False)
    assert colouring.rgba.shape == (5, 4)
    assert len(np.unique(colouring.rgba, axis=0)) == 1
    assert colouring.legend == ()


@both_themes
def test_categories_are_ranked_by_how_many_rows_have_them(dark):
    colouring = colour_values(texts("b", "a", "b", "c", "a", "b"), numeric=False, dark=dark)
    assert [(entry.label, entry.count) for entry in colouring.legend] == [
        ("b", 3),
        ("a", 2),
        ("c", 1),
    ]
    assert tuple(colouring.rgba[0][:3]) == colouring.legend[0].rgb


def test_equally_frequent_categories_keep_their_colours_whatever_the_order_of_rows():
    one = colour_values(texts("x", "y", "z"), numeric=False, dark=False)
    other = colour_values(texts("z", "x", "y"), numeric=False, dark=False)
    assert one.legend == other.legend


def test_what_goes_beyond_the_limit_is_other():
    values = texts(*[f"c{place:02d}" for place in range(12)], "c00", "")
    colouring = colour_values(values, numeric=False, dark=False)
    labels = [entry.label for entry in colouring.legend]
    assert len(labels) == 10
    assert labels[-2:] == [OTHER, MISSING]
    assert sum(entry.count for entry in colouring.legend) == len(values)
    assert len({entry.rgb for entry in colouring.legend}) == 10


@both_themes
def test_a_row_without_a_number_is_grey(dark):
    colouring = colour_values(np.array([1.0, np.nan, 3.0, np.inf]), numeric=True, dark=dark)
    assert (colouring.rgba[1] == colouring.rgba[3]).all()
    red, green, blue = colouring.rgba[1][:3].astype(int)
    assert max(red, green, blue) - min(red, green, blue) < 25


def test_one_outlier_does_not_flatten_the_rest():
    values = np.r_[np.linspace(1, 2, 1000), 1e6]
    colouring = colour_values(values, numeric=True, dark=False)
    assert colouring.high < 3
    assert len(np.unique(colouring.codes[:1000])) > 200


def test_numbers_on_both_sides_of_zero_diverge_from_zero():
    values = np.array([-1.0, -0.5, 0.0, 0.5, 4.0] * 10)
    colouring = colour_values(values, numeric=True, dark=False)
    assert colouring.diverging
    assert colouring.low == -colouring.high
    red, _, blue = colouring.rgba[0][:3].astype(int)
    assert red > blue, "negative is warm"
    red, _, blue = colouring.rgba[4][:3].astype(int)
    assert blue > red, "positive is cool"
    assert colouring.codes[2] in (127, 128)


def test_word_counts_are_shown_on_a_log_scale():
    counts = (1e6 / np.arange(1, 5001)).astype(np.int64)
    assert colour_values(counts, numeric=True, dark=False).scale == "log"


def test_evenly_spread_numbers_are_shown_on_a_linear_scale():
    assert colour_values(np.linspace(5, 9, 500), numeric=True, dark=False).scale == "linear"


@pytest.mark.parametrize("values", [np.full(7, 3.0), np.full(7, np.nan), np.empty(0), np.zeros(4)])
def test_a_column_that_does_not_vary_has_one_colour(values):
    colouring = colour_values(values, numeric=True, dark=False)
    assert colouring.rgba.shape == (len(values), 4)
    assert len(np.unique(colouring.codes)) <= 1


@both_themes
@pytest.mark.parametrize("name", ["viridis", "cividis"])
def test_the_lightness_of_a_ramp_only_rises(name, dark):
    assert (np.diff(lightness(ramp_colours(name, dark=dark))) > -0.35).all()


@both_themes
@pytest.mark.parametrize("name", ["viridis", "cividis", "diverging"])
def test_no_end_of_a_ramp_vanishes_into_the_background(name, dark):
    background = lightness(map_colours(dark)["background"])
    assert (abs(lightness(ramp_colours(name, dark=dark)) - background) > 12).all()


def test_the_same_values_give_the_same_colours():
    values = np.random.default_rng(0).normal(size=200)
    first, second = (colour_values(values, numeric=True, dark=True) for _ in range(2))
    assert np.array_equal(first.rgba, second.rgba)
