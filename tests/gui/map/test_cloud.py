import numpy as np
import pytest

from explorer.gui.map.cloud import Cloud

NOTHING = np.float32("nan")


@pytest.fixture
def points():
    made = np.random.default_rng(0).normal(size=(50, 2)).astype(np.float32)
    made[7], made[9, 1], made[11, 0] = NOTHING, NOTHING, np.inf
    return made


def test_every_row_with_a_place_is_drawn_once(points):
    cloud = Cloud()
    cloud.set_points(points, None, None)
    assert sorted(cloud.rows.tolist()) == [row for row in range(50) if row not in (7, 9, 11)]
    assert np.array_equal(cloud.xy.T, points[cloud.rows])
    assert cloud.place(7) == -1
    assert cloud.rows[cloud.place(8)] == 8


def test_moving_the_rows_keeps_their_order(points):
    cloud = Cloud()
    cloud.set_points(points, None, None)
    before = cloud.rows.copy()
    cloud.set_points(points + 1, None, None)
    assert np.array_equal(cloud.rows, before)
    assert np.array_equal(cloud.xy.T, points[before] + 1)


def test_rows_that_gain_a_place_are_drawn(points):
    cloud = Cloud()
    cloud.set_points(points, None, None)
    cloud.set_points(np.nan_to_num(points, posinf=0), None, None)
    assert len(cloud) == 50


def test_the_near_are_drawn_after_the_far(points):
    depth = np.random.default_rng(1).normal(size=50).astype(np.float32)
    cloud = Cloud()
    cloud.set_points(points, depth, None)
    drawn = depth[cloud.rows]
    assert (np.diff(drawn) >= -1e-3).all()
    near = cloud.nearness(np.arange(len(cloud)))
    assert near.min() == 0
    assert near.max() == pytest.approx(1)


def test_only_some_rows_are_drawn_where_only_they_are_asked_for(points):
    cloud = Cloud()
    cloud.set_points(points, None, np.array([3, 7, 20]))
    assert sorted(cloud.rows.tolist()) == [3, 20]
    assert cloud.place(4) == -1
