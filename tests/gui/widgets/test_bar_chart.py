"""Bars that can be pointed at, walked along and chosen."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QHelpEvent, QPainter
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from explorer.gui.theme import Theme
from explorer.gui.widgets.bar_chart import BarChart


class Letters(BarChart):
    """A bar for each letter; notes which was chosen with which keys."""

    def __init__(self, letters: str) -> None:
        theme = Theme(QApplication.instance(), "light")  # type: ignore[arg-type]
        super().__init__("letters", "Letters", "A bar for each letter", theme)
        self.letters = letters
        self.chosen: list[tuple[str, bool]] = []

    @property
    def count(self) -> int:
        return len(self.letters)

    def words(self, place: int) -> str:
        return f"letter {self.letters[place]}"

    def offer(self, place: int) -> str:
        return f"{self.words(place)}\nclick <it>"

    def choose(self, keys: Qt.KeyboardModifier) -> None:
        shifted = bool(keys & Qt.KeyboardModifier.ShiftModifier)
        self.chosen.append((self.letters[self.current], shifted))

    def paint(self, painter: QPainter) -> None:
        for place in range(self.count):
            painter.fillRect(self.bar(place), Qt.GlobalColor.red)


@pytest.fixture
def chart(qtbot: QtBot, qapp: QApplication) -> Letters:
    made = Letters("abcd")
    qtbot.addWidget(made)
    made.resize(200, 132)
    with qtbot.waitExposed(made):
        made.show()
    return made


def test_a_click_chooses_the_bar_under_the_mouse_with_the_keys_held(
    chart: Letters, qtbot: QtBot
) -> None:
    place = chart.bar(2).center().toPoint()
    qtbot.mouseClick(chart, Qt.MouseButton.LeftButton, pos=place)
    qtbot.mouseClick(chart, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier, place)
    qtbot.mouseClick(chart, Qt.MouseButton.RightButton, pos=place)
    assert chart.chosen == [("c", False), ("c", True)]


def test_the_arrows_stop_at_the_ends_and_what_is_there_is_told(
    chart: Letters, qtbot: QtBot
) -> None:
    for key, told in (("Left", "a"), ("Right", "b"), *[("Right", letter) for letter in "cdd"]):
        qtbot.keyClick(chart, getattr(Qt.Key, f"Key_{key}"))
        assert chart.accessibleDescription() == f"letter {told}"
    qtbot.keyClick(chart, Qt.Key.Key_Space)
    assert chart.chosen == [("d", False)]


def test_the_tooltip_speaks_of_the_bar_in_plain_text(
    chart: Letters, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(QToolTip, "showText", lambda place, text: told.append(text))
    for x in (60, 199):
        where = QPoint(x, 20)
        event = QHelpEvent(QHelpEvent.Type.ToolTip, where, chart.mapToGlobal(where))
        QApplication.sendEvent(chart, event)
    assert told == [f"<span>letter {one}<br>click &lt;it&gt;</span>" for one in "bd"]


def test_without_bars_nothing_is_chosen_told_or_painted(chart: Letters, qtbot: QtBot) -> None:
    assert chart.grab().toImage().pixelColor(20, 60) == QColor("red")
    chart.letters = ""
    chart.go_to(0)
    qtbot.mouseClick(chart, Qt.MouseButton.LeftButton, pos=QPoint(20, 20))
    qtbot.keyClick(chart, Qt.Key.Key_Return)
    assert chart.chosen == []
    assert chart.accessibleDescription() == ""
    assert chart.grab().toImage().pixelColor(20, 60) != QColor("red")
