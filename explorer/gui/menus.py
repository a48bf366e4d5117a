"""Menus, toolbar and shortcuts: each action is defined once and stands wherever it is used."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSize, Qt
from PySide6.QtGui import QAction, QActionGroup, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QMenu, QToolBar

from explorer.gui.center import MAP
from explorer.gui.center_pages import PAGES
from explorer.gui.dialogs import questions
from explorer.gui.state.maps import MOST
from explorer.gui.theme import Theme
from explorer.gui.wordings import ACTIONS, Wording
from explorer.settings import THEMES, Settings

if TYPE_CHECKING:
    from explorer.gui.main_window import MainWindow

_NEED_SELECTION = (
    *("select_none", "grow", "grow_mean", "on_map", "keep", "export_selection", "copy"),
)
_LEAST_ROWS = 3  # on a map that says anything
_NEED_TABLE = (
    *("labels", "save", "export", "picture", "figure", "project", "measure", "fit"),
    "add_map",
    *("select_all", "invert"),
)


class Menus(QObject):
    """The window's actions by name, and where they stand."""

    def __init__(self, window: MainWindow, theme: Theme, settings: Settings) -> None:
        super().__init__(window)
        self._window, self._theme = window, theme
        self.actions: dict[str, QAction] = {}
        self._themes: dict[str, QAction] = {}
        self._make_actions()
        self.show_graph()
        window.graphing.changed.connect(self.show_graph)
        self._recent = QMenu("Open &recent", window)
        self._recent.setObjectName("menu_recent")
        self._make_menus(settings)
        self._make_toolbar()
        self.show_recent(settings)

    def set_table_open(self, there: bool) -> None:
        """Actions that need a table are greyed without one."""
        for name in _NEED_TABLE:
            self.actions[name].setEnabled(there)

    def show_history(self) -> None:
        """Undo and redo are greyed where there is nothing to undo or redo."""
        session = self._window.session
        for name, there, word in (
            ("undo", session.undoing.can_undo, session.undoing.undo_word),
            ("redo", session.undoing.can_redo, session.undoing.redo_word),
        ):
            wording, action = ACTIONS[name], self.actions[name]
            action.setEnabled(there)
            action.setText(f"{wording.text} {word}".rstrip())
            tip = f"{wording.text.lstrip('&')} the {word} ({wording.keys})"
            action.setToolTip(tip if word else wording.tip)

    def show_selection(self) -> None:
        """What needs selected rows is greyed without them; isolating leads there and back."""
        session = self._window.session
        some, isolated = len(session.selection) > 0, session.isolated is not None
        for name in _NEED_SELECTION:
            self.actions[name].setEnabled(some)
        self.actions["project_selected"].setEnabled(len(session.selection) >= _LEAST_ROWS)
        wording, action = ACTIONS["show_all" if isolated else "isolate"], self.actions["isolate"]
        action.setEnabled(some or isolated)
        action.setText(wording.text)
        action.setToolTip(wording.tooltip)

    def show_graph(self) -> None:
        """The action of the neighbour graph bears a mark while that is drawn."""
        self.actions["graph"].setCheckable(True)
        self.actions["graph"].setChecked(self._window.graphing.on)

    def show_recent(self, settings: Settings) -> None:
        """Fills File > Open recent."""
        self._recent.clear()
        for name in settings.recent:
            path = Path(name)
            action = self._recent.addAction(path.name.replace("&", "&&"))
            action.setToolTip(name)
            action.triggered.connect(lambda _=False, path=path: self._window.files.open(path))
        self._recent.setEnabled(bool(settings.recent))

    def _add(self, name: str, wording: Wording, slot: Callable[[], object]) -> QAction:
        action = QAction(wording.text, self._window)
        action.setObjectName(f"action_{name}")
        if wording.keys:
            action.setShortcut(QKeySequence(wording.keys))
        action.setToolTip(wording.tooltip)
        action.setIconText(wording.text.replace("&", "").rstrip("…"))
        if wording.icon:
            self._theme.set_icon(action, f"mdi6.{wording.icon}")
        action.triggered.connect(lambda _=False: slot())
        self._window.addAction(action)
        self.actions[name] = action
        return action

    def _make_actions(self) -> None:
        for name, slot in self._slots().items():
            self._add(name, ACTIONS[name], slot)

    def _slots(self) -> dict[str, Callable[[], object]]:
        window = self._window
        return {
            "open": window.files.ask_open,
            "open_folder": window.files.ask_open_folder,
            "labels": window.files.ask_labels,
            "sample": lambda: window.files.open(None),
            "save": window.files.ask_save,
            "export": lambda: window.files.ask_export(),
            "picture": window.files.ask_picture,
            "figure": window.files.ask_figure,
            "quit": window.close,
            "find": lambda: window.show_dock("Tokens", window.tokens.search),
            "look_up": lambda: window.show_dock("Look up", window.lookup.text),
            "neighbours": lambda: window.show_dock("Neighbours", window.neighbors.query_line),
            "copy": self._copy_tokens,
            "select_all": window.selecting.all,
            "select_none": window.selecting.none,
            "invert": window.selecting.invert,
            "grow": window.selecting.grow,
            "grow_mean": lambda: window.selecting.grow("mean"),
            "on_map": window.selecting.shrink_to_map,
            "keep": window.show_kept,
            "export_selection": lambda: window.files.ask_export("selected"),
            "preferences": lambda: questions.show_preferences(window),
            "project": window.project,
            "project_selected": window.project_selected,
            "measure": self._measure,
            "train": lambda: window.show_dock("Train", window.training),
            "graph": lambda: window.graphing.set_on(not window.graphing.on),
            "fit": lambda: window.map.view.fit(),
            "add_map": window.session.maps.open,
            "close_map": lambda: window.session.maps.close(window.session.maps.active),
            "next_map": window.maps.go_on,
            "undo": window.session.undoing.undo,
            "redo": window.session.undoing.redo,
            "isolate": window.selecting.isolate,
            "shortcuts": lambda: questions.show_keys(window),
            "about": lambda: questions.show_about(window),
        }

    def _fill(self, menu: QMenu, *groups: tuple[str, ...]) -> None:
        """Adds actions by name, a line between the groups."""
        for place, group in enumerate(groups):
            if place:
                menu.addSeparator()
            menu.addActions([self.actions[name] for name in group])

    def _make_menus(self, settings: Settings) -> None:
        bar = self._window.menuBar()
        self._make_file_menu(bar.addMenu("&File"))
        self._fill(
            bar.addMenu("&Edit"),
            ("undo", "redo"),
            ("find", "look_up", "neighbours", "copy"),
            ("preferences",),
        )
        self._fill(
            bar.addMenu("&Select"),
            ("select_all", "select_none", "invert"),
            ("grow", "grow_mean", "on_map"),
            ("isolate", "project_selected", "keep", "export_selection"),
        )
        self._fill(bar.addMenu("&Table"), ("project", "measure", "train"))
        self._make_view_menu(bar.addMenu("&View"), settings)
        self._fill(bar.addMenu("&Help"), ("shortcuts", "about"))

    def _make_file_menu(self, menu: QMenu) -> None:
        self._fill(menu, ("open", "open_folder"))
        menu.addMenu(self._recent)
        self._fill(menu, ("sample",), ("labels", "save", "export", "picture", "figure"), ("quit",))

    def _make_view_menu(self, menu: QMenu, settings: Settings) -> None:
        self._fill(menu, ("fit", "graph", "add_map", "close_map", "next_map"))
        menu.addMenu(self._maps_menu())
        menu.addSeparator()
        self._add_pages(menu)
        for dock in self._window.docks.values():
            menu.addAction(dock.toggleViewAction())
        menu.addSeparator()
        menu.addAction(self._readable_action())
        menu.addSeparator()
        self._add_themes(menu, settings)

    def _maps_menu(self) -> QMenu:
        """Ctrl+1 to Ctrl+4."""
        menu = QMenu("&Go to map", self._window)
        menu.setObjectName("menu_maps")
        for place in range(MOST):
            number = place + 1
            wording = Wording(f"Map &{number}", "The keys go to this map", keys=f"Ctrl+{number}")
            go = partial(self._go_to_map, place)
            menu.addAction(self._add(f"map_{number}", wording, go))
        self._window.maps.opened.connect(lambda _: self._show_maps())
        self._window.session.maps.closed.connect(lambda _: self._show_maps())
        self._show_maps()
        return menu

    def _go_to_map(self, place: int) -> None:
        """From another page, too."""
        self._window.show_page(MAP)
        self._window.maps.go_to(place)

    def _add_pages(self, menu: QMenu) -> None:
        """The pages beside the map."""
        the_map = ("map", Wording(MAP, "The map, or the maps side by side", keys="Ctrl+Alt+M"))
        pages = [(page.name, Wording(page.title, page.tip, keys=page.keys)) for page in PAGES]
        for name, wording in (the_map, *pages):
            go = partial(self._window.show_page, wording.text)
            menu.addAction(self._add(f"page_{name}", wording, go))

    def _show_maps(self) -> None:
        """What speaks of further maps is greyed where there is one."""
        there = len(self._window.session.maps.all)
        for place in range(MOST):
            self.actions[f"map_{place + 1}"].setEnabled(place < there)
        for name in ("close_map", "next_map"):
            self.actions[name].setEnabled(there > 1)

    def _readable_action(self) -> QAction:
        action = QAction("&Readable tokens", self._window)
        action.setObjectName("action_readable")
        action.setToolTip("Show Ġthe as ␣the; searching takes both")
        action.setCheckable(True)
        action.setChecked(self._window.session.naming.readable)
        action.toggled.connect(self._window.session.naming.set_readable)
        return action

    def _add_themes(self, menu: QMenu, settings: Settings) -> None:
        group = QActionGroup(self)
        for wish in THEMES:
            action = menu.addAction(f"{wish.capitalize()} colours")
            action.setObjectName(f"action_theme_{wish}")
            action.setCheckable(True)
            action.setChecked(settings.theme == wish)
            action.triggered.connect(lambda _=False, wish=wish: self._choose_theme(wish))
            self._themes[wish] = action
            group.addAction(action)
        self._window.settings_changed.connect(lambda new: self._themes[new.theme].setChecked(True))

    def _choose_theme(self, wish: str) -> None:
        self._window.change_settings(replace(self._window.settings, theme=wish))

    def _make_toolbar(self) -> None:
        bar = QToolBar("Main", self._window)
        bar.setObjectName("toolbar")
        bar.setMovable(False)
        bar.setIconSize(QSize(18, 18))
        bar.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        for name in ("open", "train", "project", "export"):
            bar.addAction(self.actions[name])
            button = bar.widgetForAction(self.actions[name])
            button.setObjectName(f"toolbar_{name}")
            button.setAccessibleName(self.actions[name].iconText())
        self._window.addToolBar(bar)

    def _measure(self) -> None:
        """Measures the map, unless that was done, and shows what is known."""
        window = self._window
        window.show_dock("Quality")
        if window.session.belief.quality(window.session.maps.active) is None:
            window.measuring.measure()

    def _copy_tokens(self) -> None:
        QGuiApplication.clipboard().setText("\n".join(self._window.selecting.tokens()))
