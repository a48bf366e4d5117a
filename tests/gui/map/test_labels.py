import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

from explorer.gui.map.labels import CHOSEN, ORDINARY, LabelLayer
from explorer.palettes import map_colours

SIZE = (400.0, 300.0)
names = st.text(min_size=1, max_size=12)
dot = st.tuples(st.floats(0, 400, width=32), st.floats(0, 300, width=32), names, st.booleans())


@pytest.fixture
def layer(qapp):
    made = LabelLayer()
    made.set_colours(map_colours(dark=False))
    return made


def arranged(layer, dots):
    candidates = [
        (row, text, CHOSEN if chosen else ORDINARY) for row, (_, _, text, chosen) in enumerate(dots)
    ]
    x = np.array([dot[0] for dot in dots], np.float32)
    y = np.array([dot[1] for dot in dots], np.float32)
    layer.arrange(SIZE, candidates, x, y, 3.0)
    return layer.labels


@settings(max_examples=40)
@given(dots=st.lists(dot, max_size=40))
def test_no_label_lies_over_another_or_beyond_the_map(qapp, dots):
    layer = LabelLayer()
    labels = arranged(layer, dots)
    for one, other in itertools.combinations(labels, 2):
        assert not one.box.intersects(other.box)
    for label in labels:
        assert label.box.left() >= 0
        assert label.box.top() >= 0
        assert label.box.right() <= SIZE[0]
        assert label.box.bottom() <= SIZE[1]


def test_of_two_names_that_want_one_place_the_first_gets_it(layer):
    crowd = [(200.0, 150.0, "first", False)] + [(200.0, 150.0, "later", False)] * 20
    assert arranged(layer, crowd)[0].text == "first"
    assert len(layer.labels) < len(crowd)


def test_a_label_does_not_cover_a_selected_dot(layer):
    labels = arranged(layer, [(100.0, 100.0, "chosen", True), (90.0, 100.0, "other", False)])
    other = next(label for label in labels if label.text == "other")
    assert not other.box.contains(100.0, 100.0)


def test_no_label_is_put_under_what_lies_over_the_map(layer):
    layer.covered = QRectF(110, 80, 290, 60)
    labels = arranged(layer, [(100.0, 100.0, "beside", False), (300.0, 100.0, "under", False)])
    assert [label.text for label in labels] == ["beside"]
    assert not labels[0].box.intersects(layer.covered)


def test_the_name_of_the_current_row_comes_even_before_what_lies_over_the_map(layer):
    layer.covered = QRectF(0, 0, *SIZE)
    labels = arranged(layer, [(100.0, 100.0, "current", True), (300.0, 100.0, "under", False)])
    assert [label.text for label in labels] == ["current"]


def test_markup_is_drawn_as_the_letters_it_is_made_of(layer):
    bold, _ = layer.size_of("<b>x</b>", ORDINARY)
    plain, _ = layer.size_of("x", ORDINARY)
    assert bold > 3 * plain


def test_labels_leave_ink(layer):
    arranged(layer, [(100.0, 100.0, "word", False), (200.0, 100.0, "日本語 🎬", True)])
    image = QImage(400, 300, QImage.Format.Format_RGB32)
    image.fill(0xFFFFFFFF)
    painter = QPainter(image)
    layer.paint(painter, None)
    painter.end()
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(300, 400, 4)
    assert (pixels[90:112, 100:160] < 128).any()
    assert (pixels[:80] == 255).all()
