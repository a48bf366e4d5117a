"""What a user may do, each as steps between which the window goes on."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QDialog, QSpinBox, QWidget
from soaking.hands import MODIFIERS, Hands, Steps

from explorer.gui.colours import FIELD
from explorer.gui.main_window import MainWindow
from explorer.projections import methods
from explorer.settings import MapLook

_TEXTS = (
    *("not a bad film", "the", "zzzzqqq", "", "#12", '"good" - "bad"', "Ünïcödé", "1e5 007"),
    "<b>bold</b><img src=file:///etc/passwd>&amp;",
    "\u202eabc\u202c \u200b\u200d\ufeff\u0000\u0007",
    "👩‍👩‍👧‍👦🏳️‍🌈 नमस्ते שלום 中文",
    "a" * 20_000,
    "the " * 5_000,
    "%s %n {0} {{x}} \\x00 '; DROP TABLE--",
)
W = TypeVar("W", bound=QWidget)
_SEARCHES = ("a", "the", "film", "(", "ing", "é", ".*", "\\", "<b>", "zzzzqq", "")
_QUICK = {
    "pca": {},
    "tsne": {"iterations": 30},
    "umap": {"epochs": 20},
    "axes": {},
    "as-is": {},
}


class Actions:
    """tables: what File > Open may open; None is the sample. folder: where exports go."""

    def __init__(
        self,
        window: MainWindow,
        chance: random.Random,
        tables: list[Path | None],
        folder: Path,
    ) -> None:
        self.window, self.chance, self.tables, self.folder = window, chance, tables, folder
        self.hands = Hands(window, chance)

    @property
    def all(self) -> dict[str, tuple[int, Callable[[], Steps]]]:
        """name -> (how often among the others, the action)."""
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
            "project": (8, self._project),
            "project as chosen": (2, self._project_as_chosen),
            "project and stop": (5, self._project_and_stop),
            "choose a method": (4, self._choose_method),
            "axes of the map": (3, self._axes),
            "open a map": (4, lambda: menu("add_map")),
            "close a map": (4, lambda: menu("close_map")),
            "go to a map": (4, lambda: menu("next_map")),
            "undo": (8, lambda: menu("undo")),
            "redo": (5, lambda: menu("redo")),
            "isolate": (4, lambda: menu("isolate")),
            "select all": (2, lambda: menu("select_all")),
            "select none": (2, lambda: menu("select_none")),
            "invert": (3, lambda: menu("invert")),
            "grow": (3, lambda: menu(self.chance.choice(("grow", "grow_mean")))),
            "on the map": (1, lambda: menu("on_map")),
            "copy tokens": (2, lambda: menu("copy")),
            "copy picture": (1, self._copy_picture),
            "keep": (3, self._keep),
            "kept": (3, self._kept),
            "search": (6, self._search),
            "look up": (6, self._look_up),
            "neighbours": (4, self._neighbours),
            "readable": (1, self._readable),
            "dock": (8, self._dock),
            "page of the selection": (3, self._page),
            "open a table": (2, self._open),
            "export": (2, self._export),
            "figure": (1, self._figure),
            "export dialog": (1, lambda: self._dialog("export", "export_selection")),
            "figure dialog": (1, lambda: self._dialog("figure")),
            "keys": (1, lambda: self._dialog("shortcuts")),
            "legend": (3, self._legend),
            "clusters": (3, self._clusters),
            "quality": (3, self._quality),
            "colour by kept": (2, self._colour_by_kept),
            "compare maps": (2, self._compare),
            "train": (1, self._train),
            "preferences": (1, self._preferences),
        }

    # --- the map ----------------------------------------------------------------------------------

    def _keys(self) -> Qt.KeyboardModifier:
        return self.chance.choice(MODIFIERS)

    def _menu(self, name: str) -> Steps:
        """An action of the menus; a greyed one does nothing."""
        self.window.menus.actions[name].trigger()
        yield 5

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

    def _copy_picture(self) -> Steps:
        self.window.map.copy_picture()
        yield 5

    # --- making maps ------------------------------------------------------------------------------

    def _project(self) -> Steps:
        names = [name for name, method in methods().items() if not method.lacks]
        name = self.chance.choice(names)
        table = self.window.session.table
        how: dict[str, object] = dict(_QUICK.get(name, {}))
        if name == "axes" and table is not None:
            how["axes"] = [f"#{self.chance.randrange(len(table))}" for _ in "xy"]
        self.window.commands.project(
            name,
            dims=2 if name == "axes" else self.chance.choice((2, 2, 3)),
            seed=self.chance.randrange(5),
            steps=self.chance.choice((None, "none", "centre", "unit")),
            **how,
        )
        yield self.chance.choice((10, 100, 600))

    def _project_as_chosen(self) -> Steps:
        self.window.project()
        yield self.chance.choice((10, 300, 1500))

    def _project_and_stop(self) -> Steps:
        self.window.commands.project("tsne", dims=self.chance.choice((2, 2, 3)))
        yield self.chance.choice((0, 5, 50, 300, 1200))
        self.window.jobs.projection.cancel()
        yield 5

    def _choose_method(self) -> Steps:
        self.window.show_dock("Project")
        yield from self._choose("projection_method")
        yield from self._choose("projection_dims")

    def _axes(self) -> Steps:
        shown = self.window.session.projection
        if shown is not None and shown.scores.shape[1] > shown.dims:
            chosen = self.chance.sample(range(shown.scores.shape[1]), shown.dims)
            self.window.map.header.axes_chosen.emit(tuple(chosen))
        yield 10

    # --- panels -----------------------------------------------------------------------------------

    def _dock(self) -> Steps:
        self.window.show_dock(self.chance.choice(list(self.window.docks)))
        yield 20

    def _page(self) -> Steps:
        self.window.show_dock("Selection")
        pages = self.window.selection.pages
        pages.setCurrentIndex(self.chance.randrange(pages.count()))
        yield 20

    def _search(self) -> Steps:
        self.window.show_dock("Tokens")
        search = self.window.tokens.search
        yield from self.hands.type(search, self.chance.choice(_SEARCHES))
        if self.chance.random() < 0.3:
            self.window.tokens.select_found()
            yield 20

    def _look_up(self) -> Steps:
        self.window.show_dock("Look up")
        yield from self.hands.type(self.window.lookup.text, self.chance.choice(_TEXTS))
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
        self.window.session.set_readable(not self.window.session.readable)
        yield 20

    def _keep(self) -> Steps:
        if self.window.keeper.ready and len(self.window.session.selection):
            self.window.keeper.keep(f"kept {self.chance.randrange(5)}")
        yield 10

    def _kept(self) -> Steps:
        kept = list(self.window.session.kept.all)
        if kept and self.chance.random() < 0.3:
            self.window.keeper.delete(kept[0])
            self.window.keeper.restore()
        elif kept:
            name = self.chance.choice(kept)
            how = self.chance.choice(("replace", "add", "remove", "intersect"))
            self.window.selecting.take(self.window.session.kept.all[name], how)
        yield 10

    def _clusters(self) -> Steps:
        self.window.show_dock("Clusters")
        yield from self._choose("clusters_method")
        self._press("clusters_run")
        yield self.chance.choice((10, 400))

    def _quality(self) -> Steps:
        self.window.show_dock("Quality")
        self._press("quality_run")
        yield self.chance.choice((10, 400))

    def _colour_by_kept(self) -> Steps:
        self.window.measuring.colour_by_kept()
        yield 100

    def _compare(self) -> Steps:
        numbers = self.window.session.maps.all
        self.window.measuring.compare(numbers[0], numbers[-1])
        yield 100

    # --- files ------------------------------------------------------------------------------------

    def _open(self) -> Steps:
        self.window.commands.forget_unsaved()
        self.window.files.open(self.chance.choice(self.tables))
        yield 300

    def _export(self) -> Steps:
        kind = self.chance.choice(("csv", "parquet"))
        if not self.window.jobs.export.busy:
            self.window.commands.export(self.folder / f"map.{kind}")
        yield 50

    def _figure(self) -> Steps:
        kind = self.chance.choice(("svg", "png"))
        if not self.window.jobs.export.busy:
            self.window.commands.draw(self.folder / f"map.{kind}")
        yield 50

    def _dialog(self, *names: str) -> Steps:
        """Opens a dialog that is no question, and closes it again."""
        yield from self._menu(self.chance.choice(names))
        yield self.chance.choice((50, 600))
        for dialog in self.window.findChildren(QDialog):
            dialog.close()
        yield 20

    def _legend(self) -> Steps:
        """Clicks somewhere on the legend of the first map."""
        legend = self.window.maps.panels[0].legend
        area = legend.rect()
        if legend.isVisible() and area.height() > 20:
            place = QPoint(area.width() // 2, self.chance.randrange(5, area.height() - 5))
            QTest.mouseClick(legend.childAt(place) or legend, Qt.MouseButton.LeftButton)
        yield 20

    def _train(self) -> Steps:
        self.window.show_dock("Train")
        yield from self._choose("training_objective")
        self.window.training.start_or_stop()
        yield self.chance.choice((50, 1000, 4000))
        self.window.jobs.training.cancel()
        self.window.commands.forget_unsaved()
        yield 20

    def _preferences(self) -> Steps:
        share = self.chance.uniform(0.3, 0.8)
        measured = self.chance.random() < 0.5
        settings = replace(self.window.settings, memory_share=share, measure_maps=measured)
        self.window.change_settings(settings)
        yield 5

    # --- parts ------------------------------------------------------------------------------------

    def _find(self, kind: type[W], name: str) -> W:
        found = self.window.findChild(kind, name)
        assert found is not None, name
        return found

    def _choose(self, name: str) -> Steps:
        box = self._find(QComboBox, name)
        box.setCurrentIndex(self.chance.randrange(box.count()))
        yield 15

    def _press(self, name: str) -> None:
        self._find(QAbstractButton, name).click()
