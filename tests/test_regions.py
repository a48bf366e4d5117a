import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from explorer.regions import rows_in_box, rows_in_polygon

coordinate = st.floats(-10, 10, width=32)
points_lists = st.lists(st.tuples(coordinate, coordinate), max_size=40)


def as_points(pairs):
    return np.array(pairs, dtype=np.float32).reshape(-1, 2)


def inside_by_crossings(x, y, corners):
    """Even-odd rule, one point at a time."""
    inside = False
    for (x0, y0), (x1, y1) in zip(corners, corners[1:] + corners[:1], strict=True):
        if (y0 > y) != (y1 > y) and x < x0 + (y - y0) * (x1 - x0) / (y1 - y0):
            inside = not inside
    return inside


@given(points_lists, coordinate, coordinate, coordinate, coordinate)
def test_a_box_holds_exactly_the_rows_between_its_corners(pairs, x0, y0, x1, y1):
    expected = [
        row
        for row, (x, y) in enumerate(pairs)
        if min(x0, x1) <= x <= max(x0, x1) and min(y0, y1) <= y <= max(y0, y1)
    ]
    assert rows_in_box(as_points(pairs), (x0, y0), (x1, y1)).tolist() == expected


def test_a_lasso_holds_the_rows_that_counting_crossings_finds():
    rng = np.random.default_rng(3)
    points = rng.normal(size=(400, 2)).astype(np.float32)
    for corners_wanted in (3, 4, 7, 60):
        corners = [tuple(corner) for corner in rng.normal(size=(corners_wanted, 2)).tolist()]
        expected = [
            row for row, (x, y) in enumerate(points.tolist()) if inside_by_crossings(x, y, corners)
        ]
        assert rows_in_polygon(points, corners).tolist() == expected


def test_a_row_level_with_a_corner_is_counted_once():
    points = as_points([(0.5, 1.0), (5.0, 1.0)])
    diamond = [(0.0, 1.0), (1.0, 0.0), (2.0, 1.0), (1.0, 2.0)]
    assert rows_in_polygon(points, diamond).tolist() == [0]


def test_a_lasso_of_two_corners_holds_nothing():
    assert rows_in_polygon(as_points([(0, 0)]), [(-1, -1), (1, 1)]).tolist() == []


def test_rows_without_a_place_are_never_selected():
    points = as_points([(np.nan, 0), (0, np.nan), (0, 0)])
    everything = [(-9.0, -9.0), (9.0, -9.0), (9.0, 9.0), (-9.0, 9.0)]
    assert rows_in_box(points, everything[0], everything[2]).tolist() == [2]
    assert rows_in_polygon(points, everything).tolist() == [2]
