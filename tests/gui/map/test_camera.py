import numpy as np
import pytest

from explorer.gui.map.camera import Camera

NOTHING = np.float32("nan")


def looked(camera, rows=200):
    coordinates = np.random.default_rng(0).normal(size=(rows, 3)).astype(np.float32)
    coordinates[4] = NOTHING
    camera.centre_on(coordinates)
    return coordinates, *camera.look()


def test_turning_keeps_every_distance():
    camera = Camera()
    camera.turn(70, -30)
    coordinates, points, depth = looked(camera)
    seen = np.column_stack([points, depth])
    apart = np.linalg.norm(coordinates[10:] - coordinates[9], axis=1)
    assert np.linalg.norm(seen[10:] - seen[9], axis=1) == pytest.approx(apart, rel=1e-4)


def test_what_is_seen_is_the_rotation_about_the_middle():
    camera = Camera()
    coordinates, points, depth = looked(camera)
    placed = np.isfinite(coordinates[:, 0])
    low, high = coordinates[placed].min(axis=0), coordinates[placed].max(axis=0)
    expected = (coordinates - (low + high) / 2) @ camera.rotation.T
    assert points[placed] == pytest.approx(expected[placed, :2], abs=1e-4)
    assert depth[placed] == pytest.approx(expected[placed, 2], abs=1e-4)
    assert np.isnan(points[4]).all()


def test_a_drag_to_the_right_and_back_ends_where_it_began():
    camera = Camera()
    before = camera.rotation.copy()
    camera.turn(120, 0)
    camera.turn(-120, 0)
    assert camera.rotation == pytest.approx(before)
