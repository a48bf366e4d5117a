"""The pages beside the map: going there, and working with what is there."""

from __future__ import annotations

import random
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QTabBar, QWidget
from soaking.hands import Steps
from soaking.texts import IDS, TEXTS, token
from soaking.topic import Action, Topic

from explorer.gui.center_pages import PAGES
from explorer.gui.main_window import MainWindow


class OnPages(Topic):
    """folder: where word lists and exports go."""

    def __init__(self, window: MainWindow, chance: random.Random, folder: Path) -> None:
        super().__init__(window, chance)
        self._folder = folder

    @property
    def all(self) -> dict[str, Action]:
        return {
            "go to a page": (5, self._go),
            "go back to the map": (6, self._back),
            "use a page": (12, self._use),
            "spaces": (3, self._spaces),
            "compare tokens": (4, self._compare),
            "analogy": (4, self._analogy),
            "layer": (5, self._layer),
            "a training step": (2, self._step),
            "evaluate": (3, self._evaluate),
            "evaluate in the end": (1, self._evaluate_all),
            "hubs": (2, self._hubs),
            "near duplicates": (1, self._duplicates),
            "neighbour graph": (2, self._graph),
        }

    def _page(self, title: str) -> QWidget:
        return self.window.show_page(title)

    def _token(self) -> str:
        return token(self.chance, self.window.session.table)

    def _go(self) -> Steps:
        self._page(self.chance.choice(PAGES).title)
        yield self.chance.choice((0, 20, 400))

    def _back(self) -> Steps:
        self._page("Map")
        yield 10

    def _use(self) -> Steps:
        """Anything that can be used on the page in sight."""
        title = self.window.center.current
        page = self._page(title if title != "Map" else self.chance.choice(PAGES).title)
        yield 20
        for _ in range(3):
            yield from self.hands.use_something(page)

    def _spaces(self) -> Steps:
        page = self._page("Spaces")
        for number in self.chance.sample(range(3), 2):
            yield from self._choose(f"spaces_space_{number}")
            self._set(f"spaces_count_{number}")
        yield from self._choose("spaces_metric")
        yield from self.hands.sweep_on(self._find(QWidget, "spaces_chart"))
        yield from self.hands.click_on(self._find(QWidget, "spaces_chart"))
        page.copy()
        yield 5

    def _compare(self) -> Steps:
        page = self._page("Compare")
        names = [self._token() for _ in range(self.chance.choice((0, 1, 2, 5, 40)))]
        text = self.chance.choice((", ".join(names), ", ".join(names), "@selection", *TEXTS))
        yield from self.hands.type(self._find(QLineEdit, "compare_tokens"), text)
        yield self.chance.choice((0, 400))
        yield from self._choose("compare_order")
        yield from self.hands.sweep_on(self._find(QWidget, "compare_heat_map"))
        yield from self.hands.click_on(self._find(QWidget, "compare_heat_map"))
        if self.chance.random() < 0.3:
            self._press("compare_copy")
            page.export(self._folder / "similarity.csv")
        yield 5

    def _analogy(self) -> Steps:
        self._page("Analogies")
        if self.chance.random() < 0.3:
            self._press_if_there(f"analogies_example_{self.chance.randint(1, 3)}")
        else:
            for letter in "abc":
                text = self._token() if self.chance.random() < 0.9 else self.chance.choice(TEXTS)
                yield from self.hands.type(self._find(QLineEdit, f"analogies_{letter}"), text)
        yield self.chance.choice((0, 400))
        yield from self._press_if_there("analogies_query", 0.3)

    def _layer(self) -> Steps:
        """Words or ids, shards, padding and norms."""
        self._page("Layer")
        kind, texts = self.chance.choice((("words", TEXTS), ("ids", IDS)))
        self._press(f"layer_kind_{kind}")
        yield from self.hands.type(self._find(QLineEdit, "layer_text"), self.chance.choice(texts))
        yield self.chance.choice((0, 300))
        for name in self.chance.sample(("shard_count", "padding", "max_norm"), 2):
            self._set(f"layer_{name}")
            yield 15
        self._press(f"layer_strategy_{self.chance.choice(('mod', 'div'))}")
        yield from self._choose("layer_norm_type")
        yield self.chance.choice((5, 200))

    def _step(self) -> Steps:
        self._page("Layer")
        self._press("layer_kind_words")
        yield from self.hands.type(
            self._find(QLineEdit, "layer_text"), "not a bad film, not at all"
        )
        yield 300
        yield from self._choose("layer_objective")
        self._press("layer_take_step")
        yield self.chance.choice((5, 300))
        self._press("layer_copy_code")

    # --- lists of words ---------------------------------------------------------------------------

    def _list(self) -> Path:
        """A list written for the table at hand, with some lines that are wrong."""
        kind = self.chance.choice(("pairs", "analogies", "junk"))
        path = self._folder / f"{kind} {self.chance.randrange(3)}.txt"
        words = [[self._token().split("\n")[0] for _ in range(4)] for _ in range(60)]
        if kind == "pairs":
            lines = [f"{a}\t{b}\t{self.chance.uniform(0, 10):.2f}" for a, b, _, _ in words]
        else:
            lines = [": one", *(" ".join(row) for row in words[:30])]
            lines += [": two", *(" ".join(row) for row in words[30:])]
        if kind == "junk":
            lines = [self.chance.choice(TEXTS) for _ in range(5)]
        path.write_text("\n".join(lines), encoding="utf-8")
        return path

    def _evaluate(self) -> Steps:
        page = self._page("Evaluate")
        page.add([self._list() for _ in range(self.chance.randint(1, 2))])
        yield self.chance.choice((0, 50, 600))
        if self.chance.random() < 0.5:
            page.run_or_stop()
        yield from self.hands.click_on(self._find(QWidget, "evaluation_results"))
        yield from self.hands.click_on(self._find(QWidget, "evaluation_misses_view"))
        page.export(self._folder / "misses.csv")
        yield 5
        if self.chance.random() < 0.5:
            page.remove()
        yield 5

    def _evaluate_all(self) -> Steps:
        """And waits for the end."""
        page = self._page("Evaluate")
        page.add([self._list()])
        for _ in range(100):
            if self.window.jobs.evaluation.busy:
                yield 50
        yield from self._choose("evaluation_how")

    # --- hubs -------------------------------------------------------------------------------------

    def _hubs(self) -> Steps:
        self._page("Hubs")
        self._find(QTabBar, "hubs_tabs").setCurrentIndex(0)
        self._set("hubs_k")
        yield from self._choose("hubs_metric")
        if not self.window.jobs.hubs.busy:
            self._press("hubs_run")
        yield self.chance.choice((20, 500, 2500))
        yield from self._press_if_there("hubs_colour")
        yield from self._press_if_there(self.chance.choice(("hubs_often", "hubs_never")))
        yield from self.hands.click_on(self._find(QWidget, "hubs_histogram"))
        yield from self.hands.click_on(self._find(QWidget, "hubs_list"))

    def _duplicates(self) -> Steps:
        self._page("Hubs")
        self._find(QTabBar, "hubs_tabs").setCurrentIndex(1)
        self._press("duplicates_run")
        yield self.chance.choice((20, 500, 2500))
        yield from self.hands.click_on(self._find(QWidget, "duplicates_list"))
        QTest.keyClick(self._find(QWidget, "duplicates_list"), Qt.Key.Key_Down)
        yield 10

    def _graph(self) -> Steps:
        """Lines between the selection and its neighbours, on and off."""
        self.window.graphing.set_on(not self.window.graphing.on)
        yield self.chance.choice((10, 300))
