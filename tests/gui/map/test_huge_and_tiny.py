"""Numbers near the ends of float32 are drawn as all others, whatever is done with the map."""

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QApplication

from explorer.gui.map.bounds import bounds_of, unit_of
from explorer.gui.map.frame import Frame
from explorer.gui.map.ghost import Ghost
from explorer.projection import Projection

ROWS = 60
LARGEST = np.finfo(np.float32).max


def scattered(dims):
    places = np.random.default_rng(2).normal(size=(ROWS, dims)).astype(np.float32)
    return places / np.abs(places).max()


def beside(places, value):
    """The same with the last axis constant."""
    changed = places.copy()
    changed[:, -1] = value
    return changed


def with_far(places, value):
    changed = places.copy()
    changed[:2] = [[value], [-value]]
    return changed


CASES = {
    "the largest": lambda places: places * LARGEST,
    "1e38": lambda places: places * np.float32(1e38),
    "1e-38": lambda places: places * np.float32(1e-38),
    "below normal": lambda places: places * np.float32(1e-44),
    "one place": lambda places: np.full_like(places, 7),
    "one huge place": lambda places: np.full_like(places, LARGEST),
    "a huge constant": lambda places: beside(places, LARGEST),
    "a small constant": lambda places: beside(places, 1e-38),
    "two far rows": lambda places: with_far(places, LARGEST),
    "holes": lambda places: np.where(np.arange(ROWS)[:, None] % 3, places, np.nan),
    "no place at all": lambda places: np.full_like(places, np.nan),
}


@pytest.fixture
def shown(panel, session, table):
    def show(coordinates):
        dims = coordinates.shape[1]
        titles = tuple("abc"[:dims])
        made = Projection(table, coordinates, tuple(range(dims)), "as-is", {}, 0, titles=titles)
        session.set_projection(made)
        QApplication.processEvents()
        panel.grab()
        return panel.view

    return show


@pytest.mark.parametrize("dims", [2, 3])
@pytest.mark.parametrize("case", CASES)
def test_the_map_is_drawn_moved_and_selected_in_without_a_complaint(
    shown, panel, session, case, dims
):
    coordinates = CASES[case](scattered(dims))
    view = shown(coordinates)
    session.select([3])
    view.set_ghost(Ghost("far", place=np.full(dims, LARGEST)))
    view.set_belief(np.array([0, 4]), np.array([5]))
    for act in (
        panel.grab,
        lambda: view.zoom(1e-4),
        lambda: view.zoom(1e8),
        view.fit,
        view.fit,
        lambda: view.turn(30, 20),
        lambda: view.set_mode("density"),
    ):
        act()
        panel.grab()
    drawn = np.isfinite(coordinates).all(axis=1).sum()
    assert len(view.stage.dots.rows) == drawn


@pytest.mark.parametrize("size", [LARGEST, 1e20, 1e-20, 1e-38])
def test_dots_lie_on_the_screen_as_those_of_a_map_of_usual_numbers(shown, size):
    # Powers of two, so that nothing is rounded.
    usual = np.round(scattered(2) * 64) / 64
    size = np.float32(2.0 ** np.floor(np.log2(float(size))))
    rows = np.arange(ROWS)
    expected = np.array(shown(usual).stage.dots.positions(rows))
    np.testing.assert_allclose(shown(usual * size).stage.dots.positions(rows), expected, atol=0.01)


def test_the_axes_tell_the_numbers_of_the_map(shown):
    view = shown(scattered(2) * np.float32(1e38))
    view.grab()
    axis = view.plotItem.getAxis("bottom")
    spacing, values = axis.tickValues(*axis.range, 500)[0]
    told = [float(text) for text in axis.tickStrings(values, axis.scale, spacing)]
    assert 1e37 < max(told) < 2e38


def test_a_ghost_that_cannot_be_drawn_beside_the_rows_says_so(shown):
    view = shown(scattered(2))
    view.set_ghost(Ghost("near", place=np.array([3, 3], np.float32)))
    assert view.ghost.place is not None
    view.set_ghost(Ghost("far", place=np.array([0, LARGEST])))
    assert view.ghost.place is None
    assert view.ghost.refusal == "far: it lies too far from all rows to be drawn."


def test_usual_numbers_are_drawn_in_their_own_unit():
    for size in (1e-10, 1, 1e10):
        assert unit_of(scattered(2) * np.float32(size)) == 1
    assert unit_of(np.full((3, 2), np.nan, np.float32)) == 1
    assert unit_of(np.empty((0, 2), np.float32)) == 1


def test_a_direction_without_extent_is_shown_as_wide_as_float32_tells():
    flat = bounds_of(np.array([[0, 1e6], [1, 1e6]], np.float32))
    assert np.float32(flat.top()) < 1e6 < np.float32(flat.bottom())


def test_what_lies_far_beyond_the_screen_has_pixels_that_can_be_squared():
    x, y = Frame(QRectF(0, 0, 1e-9, 1e-9), 500, 500).pixels(np.array([1e30, -1e38], np.float32))
    assert np.isfinite([x**2 + y**2]).all()
    assert x > 1e9
    assert y > 1e9
