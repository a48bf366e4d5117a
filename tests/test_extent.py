import numpy as np
import pytest

from explorer.extent import extent


def cloud(rows=2000, dims=2):
    return np.random.default_rng(3).normal(size=(rows, dims)).astype(np.float32)


@pytest.mark.parametrize("rows", [2, 60, 2000])
def test_a_map_without_far_rows_is_shown_whole(rows):
    places = cloud(rows)
    low, high = extent(places)
    assert low.tolist() == places.min(axis=0).tolist()
    assert high.tolist() == places.max(axis=0).tolist()


@pytest.mark.parametrize("rows", [60, 2000])
def test_a_row_flung_far_away_does_not_squeeze_the_others(rows):
    places = cloud(rows)
    places[0] = 5000, -70
    low, high = extent(places)
    assert high[0] < 6
    assert low[1] > -6
    kept = ((places >= low) & (places <= high)).all(axis=1)
    assert kept.mean() > 0.95


def test_the_whole_holds_the_far_row_too():
    places = cloud()
    places[0] = 5000, -70
    low, high = extent(places, whole=True)
    assert (low[1], high[0]) == (-70, 5000)


def test_each_direction_is_judged_by_itself():
    places = cloud()
    places[0] = 5000, 0
    low, high = extent(places)
    assert (low[1], high[1]) == (places[:, 1].min(), places[:, 1].max())
    assert low[0] == places[:, 0].min(), "only the side with the far row gives way"


def test_of_a_few_rows_none_is_left_out():
    places = np.array([[0, 0], [1, 1], [2, 0], [900, 5]], np.float32)
    assert extent(places)[1].tolist() == [900, 5]


def test_rows_without_a_place_do_not_count():
    places = cloud()
    places[5] = np.nan
    assert np.isfinite(extent(places)).all()
    assert np.array_equal(extent(np.full((3, 2), np.nan, np.float32)), np.zeros((2, 2)))
