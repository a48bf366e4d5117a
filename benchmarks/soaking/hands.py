"""Mouse, wheel and keys on the window, event by event: between two of them the window goes on."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QPushButton,
    QTabBar,
    QToolButton,
    QWidget,
)
from soaking.texts import SEARCHES, TEXTS

from explorer.gui.center import MAP
from explorer.gui.main_window import MainWindow
from explorer.gui.map.view import MapView

# Milliseconds until the next step.
Steps = Iterator[int]

Key = Qt.KeyboardModifier
Left = Qt.MouseButton.LeftButton
MODIFIERS = (
    Key.NoModifier,
    Key.NoModifier,
    Key.ShiftModifier,
    Key.AltModifier,
    Key.ControlModifier,
)
# Buttons that ask for a file and wait for the answer.
_ASKING = ("evaluation_add", "evaluation_export", "compare_export")
_FRAME = 12  # milliseconds between two moves of a hand


class Hands:
    """random: decides where to; the window's active map is where."""

    def __init__(self, window: MainWindow, chance: random.Random) -> None:
        self._window, self.chance = window, chance

    @property
    def view(self) -> MapView:
        return self._window.map.view

    def _go_to_the_map(self) -> Steps:
        """Where another page is in its place."""
        if self._window.center.current != MAP:
            self._window.show_page(MAP)
            yield _FRAME

    def place(self) -> QPoint:
        """A place on the active map's dots, for the most part."""
        area = self.view.viewport().rect()
        return QPoint(
            round(area.width() * self.chance.uniform(0.1, 0.95)),
            round(area.height() * self.chance.uniform(0.05, 0.9)),
        )

    def click(self, keys: Key) -> Steps:
        """On the map."""
        yield from self._go_to_the_map()
        handle, place = self._window.windowHandle(), self._in_window(self.place())
        QTest.mouseMove(handle, place)
        yield _FRAME
        QTest.mouseClick(handle, Left, keys, place)
        yield _FRAME

    def drag(self, tool: str, keys: Key, corners: int) -> Steps:
        """Drags over the map by way of so many places."""
        yield from self._go_to_the_map()
        view, handle = self.view, self._window.windowHandle()
        view.set_tool(tool)
        way = [self._in_window(self.place()) for _ in range(corners)]
        QTest.mousePress(handle, Left, keys, way[0])
        yield _FRAME
        for start, stop in itertools.pairwise(way):
            for share in range(1, 6):
                QTest.mouseMove(handle, start + (stop - start) * (share / 5))
                yield _FRAME
        QTest.mouseRelease(handle, Left, keys, way[-1])
        yield _FRAME
        view.set_tool("pan")

    def sweep_over(self) -> Steps:
        """Moves over the dots without a button."""
        yield from self._go_to_the_map()
        start, stop = self._in_window(self.place()), self._in_window(self.place())
        for share in range(20):
            QTest.mouseMove(self._window.windowHandle(), start + (stop - start) * (share / 20))
            yield _FRAME

    def wheel(self) -> Steps:
        yield from self._go_to_the_map()
        place = self.place()
        direction = self.chance.choice((-120, 120))
        for _ in range(self.chance.randint(1, 6)):
            QApplication.sendEvent(self.view.viewport(), self._turned(place, direction))
            yield _FRAME

    def keys(self, *names: Qt.Key) -> Steps:
        """On the map."""
        yield from self._go_to_the_map()
        for name in names:
            QTest.keyClick(self.view, name, self.chance.choice((Key.NoModifier, Key.ShiftModifier)))
            yield _FRAME

    def type(self, field: QLineEdit, text: str) -> Steps:
        """Letter by letter; a long text is pasted."""
        if len(text) > 12:
            field.setText(text)
            yield _FRAME
            return
        field.clear()
        for letter in text:
            field.insert(letter)
            yield _FRAME

    # --- on any part ------------------------------------------------------------------------------

    def click_on(self, part: QWidget) -> Steps:
        """Somewhere on a part, where it is in sight."""
        ground = part.viewport() if isinstance(part, QAbstractScrollArea) else part
        if ground.isVisible() and ground.isEnabled():
            QTest.mouseClick(ground, Left, self.chance.choice(MODIFIERS), self._on(ground))
        yield _FRAME

    def sweep_on(self, part: QWidget) -> Steps:
        """Moves over a part without a button, where it is in sight."""
        for _ in range(6 if part.isVisible() else 0):
            QTest.mouseMove(part, self._on(part))
            yield _FRAME

    def use_something(self, page: QWidget) -> Steps:
        """Whatever can be clicked, chosen, set or typed in."""
        parts = [part for part in page.findChildren(QWidget) if self._usable(part)]
        part = self.chance.choice(parts) if parts else page
        if isinstance(part, QComboBox):
            part.setCurrentIndex(self.chance.randrange(max(1, part.count())))
        elif isinstance(part, QAbstractSpinBox):
            part.stepBy(self.chance.choice((-1, 1, 10)))
        elif isinstance(part, QTabBar):
            part.setCurrentIndex(self.chance.randrange(part.count()))
        elif isinstance(part, QLineEdit):
            yield from self.type(part, self.chance.choice((*TEXTS, *SEARCHES)))
        elif isinstance(part, QAbstractButton):
            part.click()
        else:
            yield from self.sweep_on(part)
            yield from self.click_on(part)
        yield _FRAME

    def _usable(self, part: QWidget) -> bool:
        """Whether it can be used now, and asks for no file and opens no menu, which would wait."""
        name = part.objectName()
        menu = isinstance(part, QToolButton | QPushButton) and part.menu() is not None
        named = bool(name) and not name.startswith("qt_") and name not in _ASKING
        return named and part.isVisible() and part.isEnabled() and not menu

    def _on(self, part: QWidget) -> QPoint:
        return QPoint(
            self.chance.randrange(max(1, part.width())),
            self.chance.randrange(max(1, part.height())),
        )

    def _in_window(self, place: QPoint, widget: QWidget | None = None) -> QPoint:
        return (widget or self.view.viewport()).mapTo(self._window, place)

    def _turned(self, place: QPoint, by: int) -> QWheelEvent:
        there = QPointF(self.view.viewport().mapToGlobal(place))
        return QWheelEvent(
            QPointF(place),
            there,
            QPoint(),
            QPoint(0, by),
            Qt.MouseButton.NoButton,
            Key.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
