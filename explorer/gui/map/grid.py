"""The maps side by side: one, two in a row, then two rows."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget
from typing_extensions import override

from explorer.gui.map.options import Options
from explorer.gui.map.panel import MapPanel
from explorer.gui.state.session import Session
from explorer.gui.tints import Tints
from explorer.settings import MapLook

_ROW = 2  # maps in a row


class MapGrid(QWidget):
    """A MapPanel for every map of the session. save_asked, figure_asked: the active map's
    picture, or a figure of it, is wanted.

    opened: a MapPanel that came; who wires something to every map does it there.
    """

    save_asked = Signal()
    figure_asked = Signal()
    opened = Signal(object)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("map_grid")
        self._session = session
        self.tints = Tints(session, self)
        self._dark, self._iconless = False, True
        self._hint = ""
        self._look = MapLook()
        self._panels: dict[int, MapPanel] = {}
        self._rows = [QSplitter(Qt.Orientation.Horizontal) for _ in range(_ROW)]
        self._column = QSplitter(Qt.Orientation.Vertical)
        for place, row in enumerate(self._rows):
            row.setObjectName(f"map_row_{place}")
            row.setChildrenCollapsible(False)
            self._column.addWidget(row)
        self._column.setObjectName("map_rows")
        self._column.setChildrenCollapsible(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._column)
        self._options = Options(self)
        self._options.changed.connect(self.set_look)
        self._options.rotate_asked.connect(self._rotate)
        session.maps.projection_changed.connect(self._show_depth)
        session.maps.opened.connect(self._open)
        session.maps.closed.connect(self._close)
        session.maps.active_changed.connect(self._show_company)
        for number in session.maps.all:
            self._open(number)

    @property
    def panels(self) -> tuple[MapPanel, ...]:
        """In the order they were opened."""
        return tuple(self._panels.values())

    @property
    def active(self) -> MapPanel:
        """The map that panels speak of."""
        return self._panels[self._session.maps.active]

    @property
    def look(self) -> MapLook:
        """How the maps are drawn now."""
        return self._look

    def set_look(self, look: MapLook) -> None:
        """Draws every map so, those opened later too."""
        self._look = look
        self._options.set_look(look)
        for panel in self.panels:
            panel.set_look(look)

    def go_to(self, place: int) -> None:
        """The keys go to a map, in the order they were opened; nothing where there are fewer."""
        if place < len(self._panels):
            panel = self.panels[place]
            panel.view.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self._session.maps.activate(panel.number)

    def go_on(self) -> None:
        """The keys go to the next map; to the active one where they are elsewhere."""
        panels = self.panels
        here = panels.index(self.active)
        self.go_to((here + self.active.view.hasFocus()) % len(panels))

    def set_dark(self, dark: bool) -> None:
        self._dark = dark
        self.tints.set_dark(dark)
        for panel in self.panels:
            panel.set_dark(dark)

    def set_hint(self, text: str) -> None:
        """What an empty map says; "" for the usual advice."""
        self._hint = text
        for panel in self.panels:
            panel.set_hint(text)

    def draw_icons(self) -> None:
        """Called once the window is seen."""
        self._iconless = False
        for panel in self.panels:
            panel.header.draw_icons()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._options.place()

    def _open(self, number: int) -> None:
        panel = MapPanel(self._session, number, self.tints)
        panel.set_dark(self._dark)
        panel.set_hint(self._hint)
        panel.set_look(self._look)
        panel.save_asked.connect(self._ask_save)
        panel.figure_asked.connect(self.figure_asked)
        button = panel.header.button("options")
        panel.header.options_asked.connect(lambda: self._options.toggle(button))
        panel.view.spinning_changed.connect(self._show_depth)
        if not self._iconless:
            panel.header.draw_icons()
        self._panels[number] = panel
        self._arrange()
        self.opened.emit(panel)

    def _close(self, number: int) -> None:
        panel = self._panels.pop(number)
        had_keys = panel.isAncestorOf(self.focusWidget())
        self._options.leave()
        panel.hide()
        panel.setParent(None)
        panel.deleteLater()
        self._arrange()
        self._show_depth()
        if had_keys:
            self.panels[-1].view.setFocus()

    def _arrange(self) -> None:
        for place, panel in enumerate(self.panels):
            row = self._rows[place // _ROW]
            if row.indexOf(panel) != place % _ROW:
                row.insertWidget(place % _ROW, panel)
        for row in self._rows:
            row.setVisible(row.count() > 0)
            row.setSizes([1000] * row.count())
        self._column.setSizes([1000] * _ROW)
        self._show_company()

    def _show_company(self) -> None:
        active = self._session.maps.active
        first = next(iter(self._panels))
        for number, panel in self._panels.items():
            panel.show_company(len(self._panels), active=number == active, first=number == first)

    def _rotate(self, wish: bool) -> None:
        for panel in self.panels:
            panel.view.set_auto_rotate(wish)

    def _show_depth(self) -> None:
        """Whether there is a map that could turn, and whether one does."""
        shown = [panel.projection for panel in self.panels]
        self._options.set_turnable(any(one is not None and one.dims == 3 for one in shown))
        self._options.set_rotating(any(panel.view.spinning for panel in self.panels))

    def _ask_save(self) -> None:
        self.save_asked.emit()
