"""Which places around a dot are free of other dots."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF

from explorer.gui.map.sides import SIDES, Dots, beside

SIZE = (400.0, 300.0)
WIDTH, HEIGHT, GAP, REACH = 60.0, 14.0, 8.0, 4.0


def clear_sides(x, y, which=0):
    x, y = np.array(x, np.float32), np.array(y, np.float32)
    boxes = np.array([[WIDTH, HEIGHT]], np.float32)
    dots = Dots(x, y, REACH, SIZE)
    own = slice(which, which + 1)
    return dots.clear_of(x[own], y[own], boxes, np.array([GAP], np.float32))[0]


def test_a_dot_alone_can_be_named_on_every_side():
    assert clear_sides([200], [150]).all()


@pytest.mark.parametrize("side", range(len(SIDES)))
def test_a_dot_where_the_name_would_stand_takes_that_side(side):
    box = beside(side, 200, 150, WIDTH, HEIGHT, GAP)
    other = box.center()
    assert not clear_sides([200, other.x()], [150, other.y()])[side]


def test_a_side_is_clear_where_no_other_centre_is_near_its_box():
    rng = np.random.default_rng(3)
    x, y = rng.uniform(0, 400, 80), rng.uniform(0, 300, 80)
    for which in range(80):
        clear = clear_sides(x, y, which)
        for side in range(len(SIDES)):
            box = beside(side, x[which], y[which], WIDTH, HEIGHT, GAP)
            others = [QPointF(*place) for place in np.delete(np.c_[x, y], which, axis=0).tolist()]
            if clear[side]:
                assert not any(box.contains(place) for place in others)
            else:  # the cells are coarse: at most two of them further than the reach
                wide = box.adjusted(-REACH - 6, -REACH - 6, REACH + 6, REACH + 6)
                assert any(wide.contains(place) for place in others)


def test_names_at_the_edges_of_the_map_are_looked_at_too():
    assert clear_sides([0, 400], [0, 300]).all()
    assert clear_sides([0, 400], [0, 300], 1).all()
