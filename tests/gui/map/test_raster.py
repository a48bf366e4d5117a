import numpy as np
import pytest
from PySide6.QtCore import QRectF

from explorer.gui.map.frame import Frame
from explorer.gui.map.raster import MAX_RADIUS, Grid, Rasters, runs

WIDTH, HEIGHT = 80, 70


def rastered(x, y, radius=0):
    """Points of a map of which one unit is one pixel, y downwards here."""
    xy = np.array([x, HEIGHT - np.array(y, np.float64)], np.float32)
    frame = Frame(QRectF(0, 0, WIDTH, HEIGHT), WIDTH, HEIGHT)
    rasters = Rasters()
    rasters.map(Grid(WIDTH, HEIGHT, radius), xy, frame, 1.0)
    return rasters


def drawn(x, y, radius=0):
    """(rasters, number of the point seen in each pixel from 1 on)."""
    middle = np.array([x, y], np.float32) + 0.5
    rasters = rastered(*middle, radius)
    return rasters, rasters.colours(np.arange(len(x) + 1, dtype=np.uint32)).astype(int)


def test_each_point_is_seen_in_its_pixel():
    _, seen = drawn([0, 79, 5], [0, 69, 7])
    assert seen[0, 0] == 1
    assert seen[69, 79] == 2
    assert seen[7, 5] == 3
    assert np.count_nonzero(seen) == 3


def test_the_later_of_two_points_in_a_pixel_is_on_top():
    _, seen = drawn([5, 5], [6, 6])
    assert seen[6, 5] == 2


@pytest.mark.parametrize("radius", range(MAX_RADIUS + 1))
def test_a_dot_is_a_disc(radius):
    _, seen = drawn([40], [35], radius=radius)
    rows, columns = np.nonzero(seen)
    assert (np.hypot(rows - 35, columns - 40) <= radius + 0.4).all()
    assert len(rows) == sum((2 * half + 1) * len(lines) for half, lines in runs(radius))
    across, down = np.unique(columns - 40), np.unique(rows - 35)
    assert across.tolist() == down.tolist() == list(range(-radius, radius + 1))


def test_points_far_outside_are_not_drawn():
    far = [-(2**31), 2**31 - 1, -500, 81 + MAX_RADIUS]
    _, seen = drawn(far, [5, 5, 5, 5], radius=2)
    assert not seen.any()


def test_a_dot_just_outside_shows_its_rim():
    _, seen = drawn([-2], [10], radius=3)
    assert seen[10, 0] == 1
    assert seen[10, 2] == 0


def test_looking_around_a_pixel_finds_the_dots_there():
    buffer, _ = drawn([3, 10, 30], [3, 10, 10])
    assert buffer.near(9, 10, 2).tolist() == [1]
    assert buffer.near(6, 6, 4).tolist() == [0, 1]
    assert buffer.near(20, 25, 3).tolist() == []


@pytest.mark.parametrize("radius", [0, 1, 3, 9])
def test_counts_are_of_the_points_within_the_radius(radius):
    rng = np.random.default_rng(radius)
    x, y = rng.integers(-12, WIDTH + 12, 300), rng.integers(-12, HEIGHT + 12, 300)
    counted = rastered(x + 0.5, y + 0.5, radius).counts()
    columns, rows = np.meshgrid(np.arange(WIDTH), np.arange(HEIGHT))
    apart = np.hypot(columns[..., None] - x, rows[..., None] - y)
    # A disc is a stack of runs, each as wide as its row's circle of radius + 0.4.
    assert np.array_equal(counted, (apart <= radius + 0.4).sum(axis=2))


def test_a_dot_covers_the_pixels_it_is_counted_in():
    rasters, seen = drawn([20, 60], [30, 30], radius=4)
    assert np.array_equal(seen > 0, rasters.counts() > 0)
