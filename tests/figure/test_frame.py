"""Where rows stand on the page."""

import numpy as np
import pytest

from explorer.figure.axes import _ticks
from explorer.figure.frame import Frame, rotation_of, view_of
from explorer.figure.key import number
from explorer.figure.look import FigureParams
from explorer.figure.paper import Box

WIDE = Box(10, 20, 410, 120)


def frame_of(places, box=WIDE, rotation=None):
    rotation = np.eye(3) if rotation is None else rotation
    return Frame(view_of(np.array(places, dtype=np.float32), rotation), box)


def test_distances_are_to_one_scale_in_every_direction():
    frame = frame_of([[0, 0], [3, 0], [0, 4]])
    a, b, c = frame.points
    assert np.linalg.norm(b - a) / 3 == pytest.approx(np.linalg.norm(c - a) / 4)
    assert np.linalg.norm(b - c) / 5 == pytest.approx(frame.scale)


def test_all_rows_lie_within_the_frame_with_some_air():
    frame = frame_of(np.random.default_rng(0).normal(size=(200, 2)))
    assert frame.inside.all()
    assert frame.points[:, 1].min() > 20
    assert frame.points[:, 1].max() < 120


def test_a_row_far_out_is_beyond_and_does_not_squeeze_the_others():
    places = np.random.default_rng(0).normal(size=(200, 2))
    places[5] = (0, 1e6)
    frame = frame_of(places)
    assert frame.beyond == 1
    assert not frame.inside[5]
    assert np.delete(frame.points[:, 1], 5).std() > 10


def test_about_rows_in_one_place_the_frame_holds_one_unit():
    low, high = frame_of([[7, 3], [7, 3]]).span(1)
    assert (low + high) / 2 == pytest.approx(3)
    assert 1 < high - low < 1.2


def test_rows_without_a_place_are_nowhere():
    frame = frame_of([[0, 0], [np.nan, np.nan], [1, 1]])
    assert frame.inside.tolist() == [True, False, True]
    assert frame.beyond == 0


def test_the_numbers_along_an_axis_are_those_of_the_map():
    frame = frame_of([[-2, -1], [2, 1]])
    low, high = frame.span(1)
    assert frame.place(np.array([[0, low]]))[0, 1] == pytest.approx(WIDE.bottom)
    assert frame.place(np.array([[0, high]]))[0, 1] == pytest.approx(WIDE.top)


def test_a_rotation_keeps_lengths_and_what_is_near_has_the_greater_depth():
    rotation = rotation_of(FigureParams(azimuth=35.0, elevation=20.0))
    assert rotation @ rotation.T == pytest.approx(np.eye(3))
    eye = rotation[2]
    assert eye[1] == pytest.approx(np.sin(np.radians(20)))  # above the plane of x and z
    view = view_of(np.array([eye, -eye], dtype=np.float32), rotation)
    assert view.depth[0] > view.depth[1]


def test_the_box_of_a_turned_map_holds_all_of_its_rows():
    places = np.random.default_rng(0).normal(size=(300, 3))
    frame = frame_of(places, rotation=rotation_of(FigureParams()))
    assert frame.inside.all()
    corners = frame.place(frame.view.box)
    assert (frame.points.min(axis=0) >= corners.min(axis=0) - 1e-3).all()
    assert (frame.points.max(axis=0) <= corners.max(axis=0) + 1e-3).all()


@pytest.mark.parametrize("unit", [1e-30, 1e-15, 1e-3, 1.0, 1e6, 1e30])
def test_the_numbers_along_an_axis_are_round_and_differ_in_any_unit(unit):
    ticks = np.array(_ticks(-2.1 * unit, 3.3 * unit))
    assert np.diff(ticks) == pytest.approx(np.full(len(ticks) - 1, ticks[1] - ticks[0]))
    assert len({number(value) for value in ticks}) == len(ticks) >= 4
