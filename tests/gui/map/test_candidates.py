import numpy as np
import pytest

from explorer.gui.map.candidates import Names, spread


def cloud(rows=3000):
    points = np.random.default_rng(0).normal(size=(rows, 2)).astype(np.float32)
    return np.arange(rows), points, np.random.default_rng(1).permutation(rows)


def test_the_most_important_row_comes_first():
    rows, points, rank = cloud()
    assert spread(rows, points, rank, (100.0, 100.0))[0] == np.argmin(rank)


def test_every_part_of_the_map_is_offered_a_name_before_any_gets_two():
    rows, points, rank = cloud()
    points[:10] += 100  # a far group of unimportant rows
    rank[:10] += len(rank)
    ordered = spread(rows, points, rank, (20.0, 20.0)).tolist()
    assert min(ordered.index(row) for row in range(10) if row in ordered) < 200


def test_who_leads_a_part_of_the_map_still_leads_after_zooming_in():
    rows, points, rank = cloud()
    coarse = spread(rows, points, rank, (60.0, 60.0))[:20]
    finer = spread(rows, points, rank, (240.0, 240.0))
    lead = len(np.unique(np.floor(points * 8), axis=0))
    assert set(coarse.tolist()) <= set(finer[:lead].tolist())


@pytest.mark.parametrize("scale", [1e-6, 1.0, 1e6])
def test_any_scale_gives_each_row_once(scale):
    rows, points, rank = cloud(200)
    ordered = spread(rows, points / np.float32(scale), rank, (100 * scale, 100 * scale))
    assert len(set(ordered.tolist())) == len(ordered) > 20


def test_places_far_beyond_the_view_are_put_in_order_too():
    rows, points, rank = cloud(50)
    far = spread(rows, points * np.float32(1e30), rank, (100.0, 100.0))
    assert far[0] == np.argmin(rank)


def test_no_rows_have_no_order():
    nothing = np.empty(0, np.int64)
    assert not len(spread(nothing, np.empty((0, 2), np.float32), nothing, (1.0, 1.0)))


def test_rank_follows_importance_and_unknown_importance_comes_last():
    assert Names.of(["a", "b", "c"], np.array([1, np.nan, 5])).rank.tolist() == [1, 2, 0]
