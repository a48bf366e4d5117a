"""What a right click on a map offers: what can be done with the selection, and with the picture."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QObject, QPoint
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from explorer.gui.map.grid import MapGrid
from explorer.gui.map.panel import MapPanel
from explorer.gui.state.session import Session
from explorer.tokens import shown

_OF_ROWS = (("copy", "keep", "export_selection"), ("grow", "graph", "isolate", "project_selected"))
_OF_ISOLATED = (("isolate",),)
_OF_PICTURE = ("picture", "figure")
_LONGEST = 40


class MapMenu(QObject):
    """The menu of all maps. actions: the window's, by name; each says by itself when it can be
    used, and what its keys are."""

    def __init__(
        self,
        session: Session,
        maps: MapGrid,
        actions: Mapping[str, QAction],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._maps, self._actions = session, maps, actions
        self.menu = QMenu(maps)
        self.menu.setObjectName("map_context")
        maps.opened.connect(self._serve)
        for panel in maps.panels:
            self._serve(panel)

    def _serve(self, panel: MapPanel) -> None:
        panel.menu_asked.connect(self._open)

    def _open(self, place: QPoint) -> None:
        self.menu.clear()
        if title := self._what():
            self.menu.addAction(title.replace("&", "&&")).setEnabled(False)
        for group in (*self._groups(), ("fit",)):
            self.menu.addActions([self._actions[name] for name in group])
            self.menu.addSeparator()
        copy = self.menu.addAction("Copy picture")
        copy.triggered.connect(lambda _=False: self._maps.active.copy_picture())
        self.menu.addActions([self._actions[name] for name in _OF_PICTURE])
        self.menu.popup(place)

    def _groups(self) -> tuple[tuple[str, ...], ...]:
        """What can be done with the rows that are selected, or isolated."""
        if len(self._session.selection):
            return _OF_ROWS
        return () if self._session.isolated is None else _OF_ISOLATED

    def _what(self) -> str:
        """What is selected, in a few words; "" for nothing."""
        row, others = self._session.current_row, len(self._session.selection) - 1
        if row is None:
            return ""
        token = shown(self._session.names[row], _LONGEST)
        return f"{token} and {others:,} more" if others else token
