import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QStyleOptionGraphicsItem

from explorer.gui.map import picture as picture_module
from explorer.gui.map.frame import Frame, fitting_radius
from explorer.gui.map.points import PointLayer
from explorer.palettes import Colouring, plain

WIDTH, HEIGHT = 300, 200
VIEW = QRectF(0, 0, 300, 200)  # one unit of the map is one pixel
WHITE = (255, 255, 255)


def layer_of(coordinates, *, depth=None, only=None, transparent=False):
    layer = PointLayer(transparent=transparent)
    layer.set_points(np.array(coordinates, np.float32), depth, only)
    layer.set_colouring(plain(len(coordinates), dark=False), WHITE)
    layer.set_frame(Frame(VIEW, WIDTH, HEIGHT))
    return layer


def pixels_of(layer, dpr=1.0):
    image = layer.render_picture(dpr)
    memory = np.frombuffer(image.constBits(), np.uint8)
    rows = memory.reshape(image.height(), -1) if len(memory) % image.height() == 0 else None
    if rows is None or rows.shape[1] != image.width() * 4:
        image = image.copy()
        rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1)
    return rows.reshape(image.height(), image.width(), 4)[..., 2::-1].astype(int)


@pytest.fixture(params=["sprites", "ids"])
def technique(request, monkeypatch, qapp):
    if request.param == "ids":
        monkeypatch.setattr(picture_module, "SPRITE_LIMIT", 0)
    return request.param


def grid():
    x, y = np.meshgrid(np.arange(20, 300, 40), np.arange(20, 200, 40))
    return np.stack([x.ravel(), y.ravel()], axis=1).astype(np.float32) + 0.5


def test_every_dot_is_picked_where_it_lies(technique):
    layer = layer_of(grid())
    for row, (x, y) in enumerate(grid().tolist()):
        assert layer.pick(x, HEIGHT - y) == row
        assert layer.pick(x + 4, HEIGHT - y - 3) == row


def test_nothing_is_picked_between_dots(technique):
    layer = layer_of(grid())
    assert layer.pick(40.5, 159.5) == -1
    assert layer.pick(-50, -50) == -1


def test_the_nearer_of_two_dots_is_picked(technique):
    layer = layer_of([(100.5, 100.5), (106.5, 100.5)])
    assert layer.pick(102, 99.5) == 0
    assert layer.pick(105, 99.5) == 1


def test_dots_are_coloured_by_their_rows(technique):
    coordinates = grid()
    layer = layer_of(coordinates)
    palette = np.array([(250, 0, 0, 255), (0, 0, 250, 255)], np.uint8)
    codes = (np.arange(len(coordinates)) % 2).astype(np.uint16)
    layer.set_colouring(Colouring(palette, codes), WHITE)
    pixels = pixels_of(layer)
    for row, (x, y) in enumerate(coordinates.tolist()):
        assert pixels[int(HEIGHT - y), int(x)].tolist() == palette[row % 2, :3].tolist()


def test_rows_without_a_place_are_neither_drawn_nor_picked(technique):
    layer = layer_of([(np.nan, 50), (50, np.nan), (150.5, 100.5)])
    pixels = pixels_of(layer)
    inked = (pixels != 255).any(axis=2)
    assert inked[:, 140:162].any()
    assert not inked[:, :140].any()
    assert layer.pick(50, 150) == -1
    assert layer.position(0) is None
    assert layer.pick(150, 100) == 2


def test_recolouring_maps_no_point_again(technique):
    layer = layer_of(grid())
    before = pixels_of(layer)
    mapped = layer.mapped
    layer.set_colouring(plain(len(grid()), dark=True), WHITE)
    after = pixels_of(layer)
    assert layer.mapped == mapped
    assert not np.array_equal(before, after)


def test_dimming_does_not_make_the_picture_again(technique):
    layer = layer_of(grid())
    layer.render_picture()
    mapped, image = layer.mapped, layer.render_picture().cacheKey()
    layer.set_dimmed(True)
    assert layer.mapped == mapped
    assert layer.render_picture().cacheKey() == image


def test_dimmed_dots_keep_more_of_their_strength_on_a_dark_map(technique):
    left = []
    for background, ink in ((WHITE, 0), ((0, 0, 0), 255)):
        layer = layer_of([(150.5, 100.5)])
        palette = np.array([(ink, ink, ink, 255)], np.uint8)
        layer.set_colouring(Colouring(palette, np.zeros(1, np.uint16)), background)
        layer.set_dimmed(True)
        canvas = QImage(WIDTH, HEIGHT, QImage.Format.Format_RGB32)
        canvas.fill(QColor(*background))
        painter = QPainter(canvas)
        layer.paint(painter, QStyleOptionGraphicsItem())
        painter.end()
        left.append(abs(canvas.pixelColor(150, 99).red() - background[0]) / 255)
    assert 0.4 < left[0] < 0.5 < left[1] < 0.8


def test_a_dot_has_the_same_size_on_a_finer_screen(technique):
    coarse = (pixels_of(layer_of([(150.5, 100.5)])) != 255).any(axis=2)
    fine = (pixels_of(layer_of([(150.5, 100.5)]), dpr=2.0) != 255).any(axis=2)
    assert fine.shape == (2 * HEIGHT, 2 * WIDTH)
    assert fine.sum() == pytest.approx(4 * coarse.sum(), rel=0.45)


def test_only_the_rows_asked_for_are_drawn(technique):
    layer = layer_of(grid(), only=np.array([3]), transparent=True)
    x, y = grid()[3].tolist()
    assert layer.pick(x, HEIGHT - y) == 3
    assert layer.position(2) is None


def test_the_nearer_in_depth_lies_on_top(technique):
    place = [(100.5, 100.5), (100.5, 100.5)]
    assert layer_of(place, depth=np.array([5.0, 1.0], np.float32)).pick(100, 100) == 0
    assert layer_of(place, depth=np.array([1.0, 5.0], np.float32)).pick(100, 100) == 1


def test_new_coordinates_replace_the_old_ones(technique):
    layer = layer_of([(50.5, 50.5), (90.5, 90.5)])
    layer.set_points(np.array([(150.5, 50.5), (90.5, 90.5)], np.float32))
    assert layer.pick(50, 150) == -1
    assert layer.pick(150, 150) == 0


def test_dots_shrink_with_their_number_and_grow_with_the_zoom():
    sizes = [fitting_radius(rows) for rows in (10, 1000, 10_000, 100_000, 1_000_000)]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] > sizes[-1] >= 1.0
    assert fitting_radius(10_000, zoom=20) > fitting_radius(10_000)


def test_grey_context_recolours_without_mapping_a_point_again(technique):
    layer = layer_of(grid())
    before = pixels_of(layer)
    mapped = layer.mapped
    layer.set_grey((200, 201, 202))
    pixels = pixels_of(layer)
    x, y = grid()[3].tolist()
    assert pixels[int(HEIGHT - y), int(x)].tolist() == [200, 201, 202]
    layer.set_grey(None)
    assert layer.mapped == mapped
    assert np.array_equal(pixels_of(layer), before)


def test_dots_on_each_other_let_less_shine_through(technique):
    layer = layer_of([(50.5, 100.5), (150.5, 100.5), (150.5, 100.5)])
    palette = np.array([(0, 0, 0, 255)], np.uint8)
    layer.set_colouring(Colouring(palette, np.zeros(3, np.uint16)), WHITE)
    layer.set_opacity(0.5)
    shown = on_white(layer)
    assert shown[99, 50] == pytest.approx(127.5, abs=2)
    assert shown[99, 150] == pytest.approx(63.75, abs=2)
    assert shown[99, 100] == 255


def on_white(layer):
    """The red channel of the layer's picture on a white ground."""
    image = QImage(WIDTH, HEIGHT, QImage.Format.Format_RGB32)
    image.fill(0xFFFFFFFF)
    painter = QPainter(image)
    layer.paint(painter, None)
    painter.end()
    return np.frombuffer(image.constBits(), np.uint8).reshape(HEIGHT, WIDTH, 4)[..., 2]


def test_a_density_picture_is_stronger_where_more_rows_lie(technique):
    layer = layer_of([(50.5, 100.5), *[(150.5, 100.5)] * 40])
    ramp = np.repeat(np.arange(255, -1, -1, dtype=np.uint8)[:, None], 3, axis=1)
    layer.set_ramp(ramp)
    layer.set_mode("density")
    pixels = pixels_of(layer)[..., 0]
    assert layer.greatest == 50
    assert pixels[99, 50] == 255  # one row: the first colour of the ramp
    assert pixels[99, 150] == pytest.approx(255 * (1 - np.log(40) / np.log(50)), abs=1)
    assert pixels[99, 100] == 255
    assert layer.pick(150, 99) > 0


def test_dots_are_picked_in_a_density_picture_too(technique):
    layer = layer_of(grid())
    layer.set_mode("density")
    x, y = grid()[5].tolist()
    assert layer.pick(x, HEIGHT - y) == 5


@pytest.mark.parametrize("radius", [0.5, 4.0, 20.0])
def test_dots_of_any_size_are_drawn_as_large_as_asked(technique, radius):
    layer = layer_of([(150.5, 100.5)])
    layer.set_radius(radius)
    inked = (pixels_of(layer) != 255).any(axis=2)
    assert inked.any(axis=0).sum() == pytest.approx(2 * radius + 1, abs=2)


def test_the_size_asked_for_multiplies_the_fitting_one():
    assert fitting_radius(10_000, factor=2) == pytest.approx(2 * fitting_radius(10_000), abs=0.25)
    assert fitting_radius(10, factor=4) > 20
