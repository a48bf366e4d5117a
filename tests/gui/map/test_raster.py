import numpy as np
import pytest

from explorer.gui.map.raster import MAX_RADIUS, IdBuffer, runs


def drawn(x, y, width=40, height=30, radius=0):
    """The colours image, cut to what is shown; entry n of the look-up is n."""
    buffer = IdBuffer()
    buffer.draw(np.array(x, np.int32), np.array(y, np.int32), width, height, radius)
    pixels, offset = buffer.colours(np.arange(len(x) + 1, dtype=np.uint32))
    stride = pixels.shape[1]
    top, left = divmod(offset, stride)
    return buffer, pixels[top : top + height, left : left + width]


def test_each_point_is_seen_in_its_pixel():
    _, seen = drawn([0, 39, 5], [0, 29, 7])
    assert seen[0, 0] == 1
    assert seen[29, 39] == 2
    assert seen[7, 5] == 3
    assert np.count_nonzero(seen) == 3


def test_the_later_of_two_points_in_a_pixel_is_on_top():
    _, seen = drawn([5, 5], [6, 6])
    assert seen[6, 5] == 2


@pytest.mark.parametrize("radius", range(MAX_RADIUS + 1))
def test_a_dot_is_a_disc(radius):
    _, seen = drawn([20], [15], radius=radius)
    rows, columns = np.nonzero(seen)
    assert (np.hypot(rows - 15, columns - 20) <= radius + 0.4).all()
    assert len(rows) == sum((2 * half + 1) * len(lines) for half, lines in runs(radius))
    across, down = np.unique(columns - 20), np.unique(rows - 15)
    assert across.tolist() == down.tolist() == list(range(-radius, radius + 1))


def test_points_far_outside_are_not_drawn():
    far = [-(2**31), 2**31 - 1, -500, 41 + MAX_RADIUS]
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
