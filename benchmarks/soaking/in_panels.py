"""Docks at both sides."""

from __future__ import annotations

from PySide6.QtWidgets import QSpinBox
from soaking.hands import Steps
from soaking.texts import SEARCHES, TEXTS
from soaking.topic import Action, Topic


class InPanels(Topic):
    """Docks at both sides."""

    @property
    def all(self) -> dict[str, Action]:
        return {
            "search": (6, self._search),
            "look up": (6, self._look_up),
            "neighbours": (4, self._neighbours),
            "readable": (1, self._readable),
            "dock": (8, self._dock),
        }

    def _search(self) -> Steps:
        self.window.show_dock("Tokens")
        search = self.window.tokens.search
        yield from self.hands.type(search, self.chance.choice(SEARCHES))
        if self.chance.random() < 0.3:
            self.window.tokens.select_found()
            yield 20

    def _look_up(self) -> Steps:
        self.window.show_dock("Look up")
        yield from self.hands.type(self.window.lookup.text, self.chance.choice(TEXTS))
        if self.chance.random() < 0.3:
            self.window.lookup.text.returnPressed.emit()
            yield 20

    def _neighbours(self) -> Steps:
        self.window.show_dock("Neighbours")
        yield from self._choose("neighbors_metric")
        box = self._find(QSpinBox, "neighbors_k")
        box.setValue(self.chance.choice((1, 12, 100, 1000)))
        yield 20

    def _readable(self) -> Steps:
        self.window.session.naming.set_readable(not self.window.session.naming.readable)
        yield 20

    def _dock(self) -> Steps:
        self.window.show_dock(self.chance.choice(list(self.window.docks)))
        yield 20
