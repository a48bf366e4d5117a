"""The maps side by side: one, two in a row, then two rows."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from explorer.gui.map.panel import MapPanel
from explorer.gui.session import Session

_ROW = 2  # maps in a row


class MapGrid(QWidget):
    """A MapPanel for every map of the session. save_asked: the active map's picture is wanted.

    opened: a MapPanel that came; who wires something to every map does it there.
    """

    save_asked = Signal()
    opened = Signal(object)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("map_grid")
        self._session = session
        self._dark, self._iconless = False, True
        self._hint = ""
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

    def set_dark(self, dark: bool) -> None:
        self._dark = dark
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

    def _open(self, number: int) -> None:
        panel = MapPanel(self._session, number)
        panel.set_dark(self._dark)
        panel.set_hint(self._hint)
        panel.save_asked.connect(self._ask_save)
        if not self._iconless:
            panel.header.draw_icons()
        self._panels[number] = panel
        self._arrange()
        self.opened.emit(panel)

    def _close(self, number: int) -> None:
        panel = self._panels.pop(number)
        panel.hide()
        panel.setParent(None)
        panel.deleteLater()
        self._arrange()

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
            panel.header.show_company(
                len(self._panels), active=number == active, first=number == first
            )

    def _ask_save(self) -> None:
        self.save_asked.emit()
