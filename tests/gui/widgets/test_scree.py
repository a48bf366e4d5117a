from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from explorer.gui.theme import Theme
from explorer.gui.widgets.scree import Scree


@pytest.fixture
def scree(qtbot: QtBot, qapp: QApplication) -> Scree:
    made = Scree(Theme(qapp, "light"))
    qtbot.addWidget(made)
    made.resize(250, 132)
    made.show_shares(np.array([0.5, 0.2, 0.1, 0.05, 0.01]), (0, 1))
    with qtbot.waitExposed(made):
        made.show()
    return made


@pytest.mark.parametrize(
    ("modifier", "place"),
    [(Qt.KeyboardModifier.NoModifier, 0), (Qt.KeyboardModifier.ShiftModifier, 1)],
)
def test_clicking_a_bar_asks_for_its_component_on_an_axis(
    scree: Scree, qtbot: QtBot, modifier: Qt.KeyboardModifier, place: int
) -> None:
    middle = scree.bar(3).center().toPoint()
    with qtbot.waitSignal(scree.chosen) as asked:
        qtbot.mouseClick(scree, Qt.MouseButton.LeftButton, modifier, middle)

    assert asked.args == [place, 3]


def test_the_keyboard_reaches_every_bar_and_axis_there_is(scree: Scree, qtbot: QtBot) -> None:
    asked: list[tuple[int, int]] = []
    scree.chosen.connect(lambda place, component: asked.append((place, component)))
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_X, Qt.Key.Key_Y, Qt.Key.Key_Z):
        qtbot.keyClick(scree, key)

    assert asked == [(0, 2), (1, 2)]  # there is no third axis on a flat map
    assert scree.accessibleDescription().startswith("PC 3: 10.00 % of the variance, 80.0 %")


def test_what_the_shares_are_of_is_told(scree: Scree) -> None:
    scree.show_shares(np.array([0.5, 0.2]), (0, 1), "mean square")
    assert scree.words(1) == "PC 2: 20.00 % of the mean square, 70.0 % up to here, on the y axis"


def test_the_bars_of_drawn_components_have_a_colour_of_their_own(scree: Scree) -> None:
    picture = scree.grab().toImage()
    ratio = picture.devicePixelRatio()

    def foot(component: int) -> str:
        middle = scree.bar(component).center()
        return picture.pixelColor(int(middle.x() * ratio), int((132 - 20) * ratio)).name()

    scree.show_shares(np.array([0.5, 0.2, 0.1, 0.05, 0.01]), (0, 1))
    assert foot(0) != foot(2)


def test_a_map_without_variance_is_drawn_without_bars(scree: Scree, qtbot: QtBot) -> None:
    scree.show_shares(np.zeros(3), (0, 1))

    assert not scree.grab().isNull()
