"""Strips of colours: numbers that are none are drawn, and told, as what they are."""

import numpy as np
import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QImage, QPainter

from explorer.gui.theme import Theme
from explorer.gui.widgets.strip import Strip, paint_strip, told_number

NAN, INF = float("nan"), float("inf")


def painted(qapp, theme: str, numbers: list[float], wide: int) -> QImage:
    image = QImage(wide, 24, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    paint_strip(painter, QRect(0, 0, wide, 24), np.float32(numbers), Theme(qapp, theme))
    painter.end()
    return image


def colours(image: QImage, first: int, last: int) -> set[str]:
    return {
        image.pixelColor(x, y).name() for x in range(first, last) for y in range(image.height())
    }


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_what_is_no_number_is_hatched_and_not_the_colour_of_zero(qapp, theme):
    image = painted(qapp, theme, [1, NAN, 0, INF, -1], 100)
    warning = Theme(qapp, theme).colour("warning").name()
    zero = colours(image, 42, 58)
    assert len(zero) == 1
    for first in (22, 62):
        assert warning in colours(image, first, first + 16)
        assert len(colours(image, first, first + 16)) > 1
        assert not zero & colours(image, first, first + 16)


@pytest.mark.parametrize("count", [400, 4000])
def test_a_single_broken_number_among_many_is_seen(qapp, count):
    numbers = np.ones(count)
    numbers[count // 2] = NAN
    image = painted(qapp, "light", numbers.tolist(), 200)
    assert Theme(qapp, "light").colour("warning").name() in colours(image, 98, 102)
    assert len(colours(image, 0, 90)) == 1


def test_broken_numbers_do_not_stretch_the_ramp(qapp):
    assert colours(painted(qapp, "light", [1, -1, INF], 90), 5, 25) == colours(
        painted(qapp, "light", [1, -1, 0], 90), 5, 25
    )


def test_the_number_under_the_mouse_is_told_in_words_where_it_is_none(qtbot, qapp):
    strip = Strip("strip", Theme(qapp, "light"))
    qtbot.addWidget(strip)
    strip.resize(100, 34)
    strip.set_vector(np.float32([0.5, NAN, INF, -INF]))
    told = [strip.told_at(x) for x in (10, 30, 60, 99)]
    assert told == [
        "dimension 0: 0.5",
        "dimension 1: not a number",
        "dimension 2: infinite",
        "dimension 3: minus infinite",
    ]
    assert told_number(-2.0) == "-2"


def test_the_description_counts_what_is_not_finite(qtbot, qapp):
    strip = Strip("strip", Theme(qapp, "light"))
    qtbot.addWidget(strip)
    strip.set_vector(np.float32([0.5, NAN, INF]))
    assert strip.accessibleDescription() == "3 numbers, 2 not finite"
    strip.set_vector(np.float32([0.5, 1]))
    assert strip.accessibleDescription() == "2 numbers"
    strip.set_vector(np.empty(0, np.float32))
    assert strip.accessibleDescription() == ""
