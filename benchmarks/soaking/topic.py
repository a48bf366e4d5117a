"""What all topics of actions share: the window, the dice, the hands, and finding a part by name."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import TypeVar

from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QComboBox,
    QDoubleSpinBox,
    QSpinBox,
    QWidget,
)
from soaking.hands import Hands, Steps

from explorer.gui.main_window import MainWindow

W = TypeVar("W", bound=QWidget)

# How often among the others, and what is done.
Action = tuple[int, Callable[[], Steps]]


class Topic:
    """Some of what a user may do."""

    def __init__(self, window: MainWindow, chance: random.Random) -> None:
        self.window, self.chance = window, chance
        self.hands = Hands(window, chance)

    @property
    def all(self) -> dict[str, Action]:
        """name -> action."""
        raise NotImplementedError

    def _menu(self, name: str) -> Steps:
        """An action of the menus; a greyed one does nothing."""
        self.window.menus.actions[name].trigger()
        yield 5

    def _find(self, kind: type[W], name: str) -> W:
        found = self.window.findChild(kind, name)
        assert found is not None, name
        return found

    def _choose(self, name: str) -> Steps:
        """Any entry of a box."""
        box = self._find(QComboBox, name)
        box.setCurrentIndex(self.chance.randrange(box.count()))
        yield 15

    def _press(self, name: str) -> None:
        self._find(QAbstractButton, name).click()

    def _press_if_there(self, name: str, share: float = 1.0) -> Steps:
        """A button that can be seen and pressed now; in this share of the cases."""
        button = self._find(QAbstractButton, name)
        if button.isVisible() and button.isEnabled() and self.chance.random() < share:
            button.click()
        yield 15

    def _set(self, name: str) -> None:
        """A number box to its least, something usual, or its most."""
        box = self._find(QAbstractSpinBox, name)
        assert isinstance(box, QSpinBox | QDoubleSpinBox)
        usual = int(min(box.maximum(), box.minimum() + self.chance.randint(0, 12)))
        box.setValue(self.chance.choice((int(box.minimum()), usual, usual, int(box.maximum()))))
