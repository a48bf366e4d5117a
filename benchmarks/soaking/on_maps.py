"""The maps under mouse, wheel and keys, and how they look."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from soaking.hands import MODIFIERS, Steps
from soaking.topic import Action, Topic

from explorer.gui.state.colours import FIELD
from explorer.settings import MapLook


class OnMaps(Topic):
    """The maps under mouse, wheel and keys, and how they look."""

    @property
    def all(self) -> dict[str, Action]:
        menu = self._menu
        return {
            "drag": (10, lambda: self.hands.drag("pan", self._keys(), 2)),
            "zoom box": (3, lambda: self.hands.drag("zoom", MODIFIERS[0], 2)),
            "wheel": (10, self.hands.wheel),
            "arrow keys": (6, self._arrows),
            "fit": (4, lambda: menu("fit")),
            "lasso": (8, lambda: self.hands.drag("lasso", self._keys(), 4)),
            "box": (8, lambda: self.hands.drag("box", self._keys(), 2)),
            "click": (14, lambda: self.hands.click(self._keys())),
            "hover": (12, self.hands.sweep_over),
            "escape": (2, lambda: self.hands.keys(Qt.Key.Key_Escape)),
            "recolour": (10, self._recolour),
            "hover field": (4, self._hover_field),
            "theme": (3, self._theme),
            "look": (5, self._look),
            "turn by itself": (2, self._rotate),
            "legend": (3, self._legend),
            "copy picture": (1, self._copy_picture),
        }

    def _keys(self) -> Qt.KeyboardModifier:
        return self.chance.choice(MODIFIERS)

    def _arrows(self) -> Steps:
        key = Qt.Key
        names = (key.Key_Left, key.Key_Right, key.Key_Up, key.Key_Down, key.Key_Plus, key.Key_Minus)
        yield from self.hands.keys(*self.chance.choices(names, k=4))

    def _recolour(self) -> Steps:
        colours = self.window.session.colours
        colours.by(self.chance.choice(["", FIELD, *colours.columns]))
        yield 20

    def _hover_field(self) -> Steps:
        self.window.session.colours.by(FIELD)
        yield from self.hands.sweep_over()

    def _theme(self) -> Steps:
        theme = self.chance.choice(("light", "dark"))
        self.window.change_settings(replace(self.window.settings, theme=theme))
        yield 20

    def _look(self) -> Steps:
        look = MapLook(
            dot_size=self.chance.uniform(0.25, 4),
            opacity=self.chance.uniform(0.05, 1),
            density=self.chance.random() < 0.3,
            shapes=self.chance.random() < 0.5,
            labels=self.chance.random() < 0.8,
            label_size=self.chance.randint(8, 24),
        )
        self.window.maps.set_look(look)
        yield 20

    def _rotate(self) -> Steps:
        self.hands.view.set_auto_rotate(True)
        yield 150
        self.hands.view.set_auto_rotate(False)

    def _legend(self) -> Steps:
        """Clicks somewhere on the legend of the first map."""
        legend = self.window.maps.panels[0].legend
        area = legend.rect()
        if legend.isVisible() and area.height() > 20:
            place = QPoint(area.width() // 2, self.chance.randrange(5, area.height() - 5))
            QTest.mouseClick(legend.childAt(place) or legend, Qt.MouseButton.LeftButton)
        yield 20

    def _copy_picture(self) -> Steps:
        self.window.map.copy_picture()
        yield 5
