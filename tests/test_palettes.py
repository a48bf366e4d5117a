import numpy as np
import pytest

from explorer.errors import ParameterError
from explorer.palettes import (
    MISSING,
    OTHER,
    colour_values,
    dimmed,
    map_colours,
    most_categories,
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


def test_equally_frequent_categories_stand_in_their_natural_order():
    shuffled = texts("10", "2", "part 10", "-1", "part 9", "1.5")
    legend = colour_values(shuffled, numeric=False, dark=False).legend
    assert [entry.label for entry in legend] == ["-1", "1.5", "2", "10", "part 9", "part 10"]


def test_what_goes_beyond_eight_of_many_categories_is_other():
    values = texts(*[f"c{place:02d}" for place in range(13)], "c00", "")
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
    (entry,) = colouring.legend
    assert (entry.label, entry.count) == (MISSING, 2)
    assert (colouring.codes == entry.code).tolist() == [False, True, False, True]
    assert entry.rgb == (red, green, blue)


def test_a_column_without_any_number_has_no_ramp():
    colouring = colour_values(np.array([np.nan, -np.inf]), numeric=True, dark=False)
    assert colouring.ramp is None
    assert [(entry.label, entry.count) for entry in colouring.legend] == [(MISSING, 2)]


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


def numbered(count):
    """One row of each of so many categories, the first the most frequent."""
    return texts(*[f"c{place:03d}" for place in range(count) for _ in range(count - place)])


def test_twelve_categories_all_have_a_colour():
    colouring = colour_values(numbered(12), numeric=False, dark=False)
    assert len({entry.rgb for entry in colouring.legend}) == 12
    assert colouring.folded == 0


def test_a_higher_limit_names_more_categories_and_keeps_the_colours_of_the_first():
    few, many = (
        colour_values(numbered(30), numeric=False, dark=False, limit=limit) for limit in (8, 20)
    )
    assert [entry.label for entry in many.legend][-1] == OTHER
    assert len(many.legend) == 21
    assert [entry.rgb for entry in many.legend][:8] == [entry.rgb for entry in few.legend][:8]
    assert (few.folded, many.folded) == (22, 10)


@pytest.mark.parametrize(("limit", "named"), [(-3, 1), (0, 1), (1000, most_categories())])
def test_a_limit_beyond_the_colours_there_are_takes_the_nearest_that_can_be(limit, named):
    colouring = colour_values(numbered(80), numeric=False, dark=True, limit=limit)
    assert len(colouring.legend) == named + 1
    assert colouring.folded == 80 - named


def test_a_legend_entry_knows_the_code_of_its_rows():
    values = texts("b", "a", "", "b")
    colouring = colour_values(values, numeric=False, dark=False)
    for entry in colouring.legend:
        rows = np.flatnonzero(colouring.codes == entry.code)
        assert len(rows) == entry.count
        assert {values[row] or MISSING for row in rows} == {entry.label}


def test_the_ends_of_a_ramp_can_be_set():
    values = np.linspace(0, 10, 101)
    colouring = colour_values(values, numeric=True, dark=False, low=2, high=4)
    assert (colouring.low, colouring.high) == (2, 4)
    assert (colouring.least, colouring.greatest) == (0, 10)
    assert set(colouring.codes[:20]) == {0}
    assert set(colouring.codes[41:]) == {255}
    assert colouring.codes[30] in (127, 128)


def test_one_end_of_a_ramp_can_be_set_alone():
    values = np.linspace(0, 10, 101)
    usual = colour_values(values, numeric=True, dark=False)
    colouring = colour_values(values, numeric=True, dark=False, high=5)
    assert (colouring.low, colouring.high) == (usual.low, 5)


def test_a_diverging_ramp_keeps_the_colours_of_its_numbers_when_its_near_end_is_moved():
    values = np.linspace(-4, 4, 801)
    whole, narrow = (
        colour_values(values, numeric=True, dark=False, low=low, high=4) for low in (-4, -1)
    )
    shown = values >= -1
    apart = whole.rgba[shown].astype(int) - narrow.rgba[shown].astype(int)
    assert abs(apart).max() <= 4
    assert whole.zero == 0.5
    assert narrow.zero == pytest.approx(0.2)


def test_a_diverging_ramp_that_does_not_reach_zero_has_no_place_for_it():
    values = np.linspace(-4, 4, 801)
    colouring = colour_values(values, numeric=True, dark=False, low=1, high=4)
    assert colouring.diverging
    assert colouring.zero is None


@pytest.mark.parametrize("ramp", ["viridis", "cividis"])
def test_a_ramp_that_is_asked_for_is_taken_for_numbers_around_zero_too(ramp):
    colouring = colour_values(np.linspace(-1, 3, 50), numeric=True, dark=False, ramp=ramp)
    assert not colouring.diverging
    assert np.array_equal(colouring.ramp, ramp_colours(ramp, dark=False))
    assert colouring.low < 0 < colouring.high


def test_positive_numbers_on_a_diverging_ramp_take_its_positive_half():
    colouring = colour_values(np.linspace(1, 3, 50), numeric=True, dark=False, ramp="diverging")
    assert colouring.diverging
    red, _, blue = colouring.rgba[:, :3].astype(int).T
    assert (blue > red).all()


def test_the_low_end_of_a_log_scale_stays_above_zero():
    counts = (1e6 / np.arange(1, 5001)).astype(np.int64)
    colouring = colour_values(counts, numeric=True, dark=False, low=0, high=1000)
    assert colouring.scale == "log"
    assert colouring.low == counts.min()
    assert len(np.unique(colouring.codes)) > 100


@pytest.mark.parametrize("wrong", [{"low": 3, "high": 1}, {"low": np.nan}, {"ramp": "jet"}])
def test_a_ramp_that_cannot_be_is_refused(wrong):
    with pytest.raises(ParameterError):
        colour_values(np.arange(5.0), numeric=True, dark=False, **wrong)


@both_themes
def test_rows_that_are_not_chosen_turn_into_grey_context(dark):
    colouring = colour_values(numbered(5), numeric=False, dark=dark)
    chosen = colouring.codes == 0
    result = dimmed(colouring, chosen, dark=dark)
    assert (result.rgba[chosen] == colouring.rgba[chosen]).all()
    (grey,) = np.unique(result.rgba[~chosen], axis=0)
    assert int(np.ptp(grey[:3])) < 20
    distance = abs(lightness(grey[:3]) - lightness(map_colours(dark)["background"]))
    assert 5 < distance < 20
    assert result.legend == colouring.legend


def test_every_row_is_a_dot_unless_shapes_are_asked_for():
    assert colour_values(texts("a", "b"), numeric=False, dark=False).shapes is None


def test_categories_take_shapes_in_turn_and_other_and_missing_are_dots():
    values = texts(*numbered(9), "")
    colouring = colour_values(values, numeric=False, dark=False, shaped=True, limit=7)
    shapes = {entry.label: entry.shape for entry in colouring.legend}
    assert list(shapes.values()) == [0, 1, 2, 3, 4, 5, 0, 0, 0]
    expected = [shapes[OTHER] if v in ("c007", "c008") else shapes[v or MISSING] for v in values]
    assert colouring.shapes.tolist() == expected


@pytest.mark.parametrize("ramp", ["automatic", "viridis", "cividis", "diverging"])
def test_the_largest_numbers_there_are_have_the_colours_of_the_ends(ramp):
    values = np.array([-1.7e308, 0.0, 1.7e308])
    found = colour_values(values, numeric=True, dark=False, ramp=ramp, low=-1.7e308, high=1.7e308)
    assert found.codes.tolist() == [0, 128, 255]
