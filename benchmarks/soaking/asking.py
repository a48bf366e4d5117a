"""Searching, and asking for neighbours: of tokens, of expressions, in many senses of near."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QWidget
from soaking.hands import Steps
from soaking.texts import PATTERNS, SEARCHES, expression
from soaking.topic import Action, Topic

from explorer.gui.fields.search_field import SearchField
from explorer.searching import MODES


class Asking(Topic):
    """Searching, and asking for neighbours: of tokens, of expressions, in many senses of near."""

    @property
    def all(self) -> dict[str, Action]:
        return {
            "search otherwise": (5, self._search),
            "query": (6, self._query),
            "clear the query": (3, self._clear),
            "sense of near": (5, self._sense),
            "neighbour": (3, self._go_on),
            "follow otherwise": (2, lambda: self._press_if_there("neighbors_follow")),
            "query as an axis": (2, self._axis),
            "compare spaces": (2, lambda: self._press_if_there("neighbors_compare")),
            "ghost while a map is made": (2, self._ghost),
        }

    def _search(self) -> Steps:
        """In any mode, what fits it and what does not."""
        self.window.show_dock("Tokens")
        line, field = self.window.tokens.search, self._find(SearchField, "tokens_search_field")
        field.set_mode(self.chance.choice(MODES))
        field.set_case(self.chance.random() < 0.3)
        yield from self.hands.type(line, self.chance.choice((*PATTERNS, *SEARCHES)))
        key = self.chance.choice((Qt.Key.Key_Return, Qt.Key.Key_Down, Qt.Key.Key_Escape, None))
        if key is not None:
            QTest.keyClick(line, key)
        yield 20

    def _query(self) -> Steps:
        self.window.show_dock("Neighbours")
        line = self.window.neighbors.query_line
        line.setFocus()
        yield from self.hands.type(line, expression(self.chance, self.window.session.table))
        if self.chance.random() < 0.7:
            QTest.keyClick(line, Qt.Key.Key_Return)
        yield self.chance.choice((0, 20, 300))

    def _clear(self) -> Steps:
        QTest.keyClick(self.window.neighbors.query_line, Qt.Key.Key_Escape)
        yield 5

    def _sense(self) -> Steps:
        """Which neighbours, by which metric, in which space."""
        self.window.show_dock("Neighbours")
        for name in self.chance.sample(("way", "metric", "space"), self.chance.randint(1, 3)):
            yield from self._choose(f"neighbors_{name}")
        self._set("neighbors_removed")
        yield self.chance.choice((5, 200))

    def _go_on(self) -> Steps:
        """A click on one of the neighbours."""
        self.window.show_dock("Neighbours")
        yield from self.hands.click_on(self._find(QWidget, "neighbors_list"))

    def _axis(self) -> Steps:
        button = self._find(QPushButton, "neighbors_axis")
        if button.isEnabled():
            self.chance.choice(button.menu().actions()).trigger()
        yield 20

    def _ghost(self) -> Steps:
        """A query before, while and after a map is made, in the plane or in space."""
        table, asking = self.window.session.table, self.window.querying
        asking.ask(expression(self.chance, table))
        yield 50
        self.window.commands.project(
            self.chance.choice(("tsne", "tsne", "pca")), dims=self.chance.choice((2, 3))
        )
        for _ in range(4):
            yield self.chance.choice((5, 50, 300))
            asking.ask(expression(self.chance, table))
        self.window.jobs.projection.cancel()
        yield 50
