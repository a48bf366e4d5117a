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
from explorer.settings import THEMES, Settings

if TYPE_CHECKING:
    from explorer.gui.main_window import MainWindow

# name -> text, keys, icon (Material Design Icons), tip
_ACTIONS = {
    "open": ("&Open…", "Ctrl+O", "folder-open-outline", "Open a table"),
    "open_folder": ("Open a &folder…", "Ctrl+Shift+O", "", "Open a model or projector folder"),
    "labels": ("&Attach labels…", "", "", "Name the rows by a TSV or CSV file, one line a row"),
    "sample": ("Open the &sample table", "", "", "Open the table that comes with the product"),
    "save": ("&Save table as…", "Ctrl+S", "content-save-outline", "Save the table as safetensors"),
    "export": (
        "&Export coordinates…",
        "Ctrl+E",
        "table-arrow-right",
        "Write rows, tokens, coordinates and columns as CSV or Parquet",
    ),
    "picture": ("Save &picture…", "Ctrl+P", "image-outline", "Save the map as it is seen"),
    "figure": (
        "Save &figure…",
        "Ctrl+Shift+P",
        "",
        "Draw the map for a report or a slide: PDF, SVG or PNG, with title, legend and caption",
    ),
    "quit": ("&Quit", "Ctrl+Q", "", "Close the window"),
    "find": ("&Find a token", "Ctrl+F", "", "Search the tokens"),
    "look_up": ("&Look up a text", "Ctrl+L", "text-search", "See what a typed text looks up"),
    "neighbours": (
        "&Neighbours of…",
        "Ctrl+J",
        "",
        "Ask for the neighbours of a token or an expression",
    ),
    "copy": ("&Copy tokens", "Ctrl+Shift+C", "", "Copy the selected tokens, one a line"),
    "select_all": ("&All rows shown", "Ctrl+A", "", "Select every row that is shown"),
    "select_none": ("&None", "Ctrl+Shift+A", "", "Clear the selection"),
    "invert": ("&Invert", "Ctrl+Shift+I", "", "Select the rows shown that are not selected"),
    "grow": (
        "&Grow by neighbours",
        "Ctrl+G",
        "",
        "Add the nearest rows of every selected row, by cosine; how many, says the Selection panel",
    ),
    "grow_mean": (
        "Grow round the &mean",
        "Ctrl+Shift+G",
        "",
        "Add the rows nearest to the mean of the selected ones, by cosine",
    ),
    "on_map": ("Only those on the &map", "", "", "Unselect rows without a place on the active map"),
    "keep": ("&Keep by name…", "Ctrl+K", "", "Keep the selected rows under a name, also for later"),
    "export_selection": (
        "&Export the selection…",
        "Ctrl+Shift+E",
        "",
        "Write row, token, coordinates and columns of the selected rows",
    ),
    "preferences": ("&Preferences…", "Ctrl+,", "", "Colours, and the memory a table may take"),
    "project": (
        "&Make the map",
        "Ctrl+R",
        "chart-scatter-plot",
        "Project all rows as the Project panel says; again to stop",
    ),
    "measure": (
        "How far to &believe the map",
        "Ctrl+B",
        "",
        "Measure how many neighbours the map keeps",
    ),
    "train": ("&Train a table…", "Ctrl+T", "school-outline", "Train a table on reviews"),
    "graph": (
        "Neighbour &graph",
        "Ctrl+Alt+G",
        "",
        "Draw lines from the selected rows to their nearest, and from these to theirs",
    ),
    "fit": ("&Fit the map", "Ctrl+0", "", "Show all rows"),
    "add_map": ("Another &map", "Ctrl+M", "", "Open another map of the table, beside this one"),
    "close_map": ("&Close this map", "Ctrl+Shift+M", "", "Close the active map"),
    "next_map": ("&Next map", "F6", "", "The keys go to the next map"),
    "undo": ("&Undo", "Ctrl+Z", "", "Undo the last selection, isolation or move of a map"),
    "redo": ("&Redo", "Ctrl+Shift+Z", "", "Do again what was undone"),
    "isolate": (
        "&Isolate the selection",
        "Ctrl+I",
        "",
        "Show the selected rows only",
    ),
    "shortcuts": ("&Keys and mouse", "F1", "", "What keys and mouse do"),
    "about": ("&About", "", "", "Version and licence"),
}

_NEED_SELECTION = (
    *("select_none", "grow", "grow_mean", "on_map", "keep", "export_selection", "copy"),
)
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
        self._make_file_menu()
        self._make_other_menus(settings)
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
            text, keys, _, tip = _ACTIONS[name]
            action = self.actions[name]
            action.setEnabled(there)
            action.setText(f"{text} {word}".rstrip())
            action.setToolTip(f"{text.lstrip('&')} the {word} ({keys})" if word else tip)

    def show_selection(self) -> None:
        """What needs selected rows is greyed without them; isolating leads there and back."""
        session = self._window.session
        some, isolated = len(session.selection) > 0, session.isolated is not None
        for name in _NEED_SELECTION:
            self.actions[name].setEnabled(some)
        text, keys, _, tip = _ACTIONS["isolate"]
        action = self.actions["isolate"]
        action.setEnabled(some or isolated)
        action.setText("&Show all rows" if isolated else text)
        action.setToolTip("Show all rows again (Ctrl+I)" if isolated else f"{tip} ({keys})")

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

    def _add(
        self, name: str, text: str, keys: str, icon: str, tip: str, slot: Callable[[], object]
    ) -> QAction:
        action = QAction(text, self._window)
        action.setObjectName(f"action_{name}")
        if keys:
            action.setShortcut(QKeySequence(keys))
        plain = text.replace("&", "").rstrip("…")
        action.setToolTip(f"{tip} ({keys})" if keys else tip)
        action.setIconText(plain)
        if icon:
            self._theme.set_icon(action, f"mdi6.{icon}")
        action.triggered.connect(lambda _=False: slot())
        self._window.addAction(action)
        self.actions[name] = action
        return action

    def _make_actions(self) -> None:
        for name, slot in self._slots().items():
            text, keys, icon, tip = _ACTIONS[name]
            self._add(name, text, keys, icon, tip, slot)

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

    def _make_file_menu(self) -> None:
        menu = self._window.menuBar().addMenu("&File")
        menu.addAction(self.actions["open"])
        menu.addAction(self.actions["open_folder"])
        menu.addMenu(self._recent)
        menu.addAction(self.actions["sample"])
        menu.addSeparator()
        for name in ("labels", "save", "export", "picture", "figure"):
            menu.addAction(self.actions[name])
        menu.addSeparator()
        menu.addAction(self.actions["quit"])

    def _make_other_menus(self, settings: Settings) -> None:
        bar = self._window.menuBar()
        edit = bar.addMenu("&Edit")
        for name in ("undo", "redo"):
            edit.addAction(self.actions[name])
        edit.addSeparator()
        for name in ("find", "look_up", "neighbours", "copy"):
            edit.addAction(self.actions[name])
        edit.addSeparator()
        edit.addAction(self.actions["preferences"])
        self._make_select_menu()
        table = bar.addMenu("&Table")
        for name in ("project", "measure", "train"):
            table.addAction(self.actions[name])
        view = bar.addMenu("&View")
        for name in ("fit", "graph", "add_map", "close_map", "next_map"):
            view.addAction(self.actions[name])
        view.addMenu(self._maps_menu())
        view.addSeparator()
        self._add_pages(view)
        for dock in self._window.docks.values():
            view.addAction(dock.toggleViewAction())
        view.addSeparator()
        view.addAction(self._readable_action())
        view.addSeparator()
        self._add_themes(view, settings)
        help_menu = bar.addMenu("&Help")
        for name in ("shortcuts", "about"):
            help_menu.addAction(self.actions[name])

    def _make_select_menu(self) -> None:
        menu = self._window.menuBar().addMenu("&Select")
        for group in (
            ("select_all", "select_none", "invert"),
            ("grow", "grow_mean", "on_map"),
            ("isolate", "keep", "export_selection"),
        ):
            for name in group:
                menu.addAction(self.actions[name])
            menu.addSeparator()

    def _maps_menu(self) -> QMenu:
        """Ctrl+1 to Ctrl+4."""
        menu = QMenu("&Go to map", self._window)
        menu.setObjectName("menu_maps")
        for place in range(MOST):
            go = partial(self._window.maps.go_to, place)
            tip = "The keys go to this map"
            menu.addAction(
                self._add(f"map_{place + 1}", f"Map &{place + 1}", f"Ctrl+{place + 1}", "", tip, go)
            )
        self._window.maps.opened.connect(lambda _: self._show_maps())
        self._window.session.maps.closed.connect(lambda _: self._show_maps())
        self._show_maps()
        return menu

    def _add_pages(self, menu: QMenu) -> None:
        """The pages beside the map."""
        go_to = self._window.show_page
        pages = [(MAP, "map", "Ctrl+Alt+M", "The map, or the maps side by side")]
        pages += [(page.title, page.name, page.keys, page.tip) for page in PAGES]
        for title, name, keys, tip in pages if PAGES else ():
            menu.addAction(self._add(f"page_{name}", title, keys, "", tip, partial(go_to, title)))

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
