import numpy as np
import pytest
from PySide6.QtGui import QImage, QPainter

from explorer.gui.map.shapes import outline
from explorer.gui.map.sprites import Sprites, covered, outside, phases_for
from explorer.palettes import SHAPES

pytestmark = pytest.mark.usefixtures("qapp")  # a pixmap needs one


def cover(shape, radius, edge, phases):
    return covered(outside(shape, radius, edge, phases), edge)


PALETTE = np.array([(0, 0, 0, 255), (200, 0, 0, 255)], np.uint8)


def drawn(x, y, codes, *, radius=4.0, shapes=None):
    image = QImage(60, 40, QImage.Format.Format_RGB32)
    image.fill(0xFFFFFFFF)
    sprites = Sprites()
    sprites.prepare(PALETTE, (255, 255, 255), radius, 1.0, shaped=shapes is not None)
    painter = QPainter(image)
    places = np.array(x, np.float32), np.array(y, np.float32)
    shapes = None if shapes is None else np.array(shapes, np.uint8)
    sprites.draw(painter, *places, np.array(codes), 1.0, shapes)
    painter.end()
    return np.frombuffer(image.constBits(), np.uint8).reshape(40, 60, 4)[..., 2::-1].astype(float)


@pytest.mark.parametrize("radius", [1.5, 4.0, 9.0, 26.0])
def test_a_disc_covers_its_area_wherever_it_lies(radius):
    inner, outer = cover(0, radius, 1.0, phases_for(radius))
    assert inner.sum(axis=(1, 2)) == pytest.approx(np.pi * radius**2, rel=0.05)
    assert outer.sum(axis=(1, 2)) == pytest.approx(np.pi * (radius + 1) ** 2, rel=0.03)


@pytest.mark.parametrize("shape", range(len(SHAPES)))
def test_every_shape_covers_about_as_much_as_a_dot(shape):
    inner, outer = cover(shape, 6.0, 1.0, 4)
    assert inner.sum(axis=(1, 2)) == pytest.approx(np.pi * 36, rel=0.3)
    assert (outer[:, [0, -1], :] == 0).all(), "it is cut off above or below"
    assert (outer[:, :, [0, -1]] == 0).all(), "it is cut off at a side"


def test_shapes_differ_from_each_other():
    covers = [cover(shape, 6.0, 0.0, 1)[0][0] for shape in range(1, len(SHAPES))]
    for place, one in enumerate(covers):
        for other in covers[place + 1 :]:
            assert np.abs(one - other).sum() > 12


def test_a_dot_is_centred_on_its_place():
    for x, y in ((20.0, 20.0), (20.25, 19.75), (20.5, 20.5)):
        ink = 255 - drawn([x], [y], [0])[..., 0]
        rows, columns = np.indices(ink.shape) + 0.5
        assert (ink * columns).sum() / ink.sum() == pytest.approx(x, abs=0.02)
        assert (ink * rows).sum() / ink.sum() == pytest.approx(y, abs=0.02)


def test_each_dot_has_its_colour_and_shape():
    pixels = drawn([15, 40], [20, 20], [1, 0], shapes=[0, SHAPES.index("ring")])
    assert pixels[20, 15].tolist() == [200, 0, 0]
    assert pixels[20, 40].tolist() == [255, 255, 255], "a ring is open in the middle"
    assert pixels[20, 36].max() < 60


@pytest.mark.parametrize("shape", range(len(SHAPES)))
def test_the_legend_draws_the_shape_of_the_map(qapp, shape):
    from PySide6.QtCore import QPointF

    path = outline(shape, QPointF(0, 0), 10.0)
    away, _ = cover(shape, 10.0, 0.0, 1)
    half = away.shape[-1] // 2
    for row in range(0, 2 * half, 3):
        for column in range(0, 2 * half, 3):
            strength = away[0, row, column]
            if strength in (0.0, 1.0):
                place = QPointF(column - half + 0.5, row - half + 0.5)
                assert path.contains(place) == bool(strength)
