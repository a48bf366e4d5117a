"""MapView: the map itself, with its tools and options. Speaks of rows; knows no session."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent, QPaintEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from explorer.gui.map.candidates import Names
from explorer.gui.map.near_graph import Linked
from explorer.gui.map.plane import Plane
from explorer.gui.map.pointer import Pointer
from explorer.gui.map.spin import Spin
from explorer.palettes import Colouring

I64 = npt.NDArray[np.int64]


def configure() -> None:
    """Sets pyqtgraph up for the whole process; called once, by the app."""
    pg.setConfigOptions(antialias=True, imageAxisOrder="row-major")


class MapView(Plane):
    """A scatter of rows.

    row_hovered: the row under the mouse, -1 for none. row_clicked: (row or -1, one of box.HOWS).
    rows_swept: (rows int64, "replace", "add" or "remove") of a box or lasso. cleared: Escape.
    menu_asked: (row or -1, place on the screen), by the right button or the menu key.
    spinning_changed: whether a 3-D map turns by itself now. density_changed: what the colours of a
    density picture mean is another scale now, or nothing; see `density`.
    """

    row_hovered = Signal(int)
    row_clicked = Signal(int, str)
    rows_swept = Signal(object, str)
    cleared = Signal()
    menu_asked = Signal(int, QPoint)
    spinning_changed = Signal(bool)
    density_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("map_view")
        self.setAccessibleName("Map")
        self._pointer = Pointer(self._box, self.stage, self)
        self._pointer.row_hovered.connect(self.row_hovered)
        self._pointer.row_clicked.connect(self.row_clicked)
        self._pointer.rows_swept.connect(self.rows_swept)
        self._pointer.menu_asked.connect(self.menu_asked)
        self._pointer.fit_asked.connect(self.fit)
        self._spin = Spin(self._spin_on, self)
        self._spin.changed.connect(self.spinning_changed)
        self._told_density: tuple[float, int] | None = None
        self.set_dark(False)

    # What is shown

    def set_names(self, names: Names) -> None:
        self.stage.set_names(names)

    def set_colouring(self, colouring: Colouring) -> None:
        self.stage.set_colouring(colouring)

    def set_selection(self, selection: I64, neighbors: I64, *, of_ghost: bool = False) -> None:
        """Rows that stand out, the current one last, and the neighbours of this one, or of the
        ghost point."""
        self.stage.set_selection(selection, neighbors, of_ghost=of_ghost)

    def set_hovered(self, row: int, detail: str = "") -> None:
        """Names a row at its dot; -1 for none."""
        self.stage.hovering.show_row(row, detail)

    def set_belief(self, missing_rows: I64, false_rows: I64) -> None:
        """Of the current row: true neighbours that the map put far away, to which dashed lines
        lead, and rows near it on the map that are no neighbours, which get broken rings."""
        self.stage.set_belief(missing_rows, false_rows)

    def set_graph(self, linked: Linked | None) -> None:
        """The neighbours of some rows, and theirs, as lines over the dots; None for none."""
        self.stage.set_graph(linked)

    def set_label_rows(self, rows: I64) -> None:
        """Rows that are named before others, such as the centres of clusters."""
        self.stage.set_label_rows(rows)

    def set_receding(self, wish: bool) -> None:
        """Whether dots are paler, or grey, where others stand out of them."""
        self.stage.set_receding(wish)

    # How it is shown

    def set_tool(self, tool: str) -> None:
        """One of box.TOOLS: what dragging with the left button does."""
        self._box.tool = tool
        shape = Qt.CursorShape.ArrowCursor if tool == "pan" else Qt.CursorShape.CrossCursor
        self.viewport().setCursor(shape)

    def set_dot_size(self, factor: float) -> None:
        """0.25 to 4, of the size that fits the number of dots."""
        self.stage.set_dot_size(min(max(factor, 0.25), 4.0))

    def set_opacity(self, opacity: float) -> None:
        """0.05 to 1, of one dot."""
        self.stage.dots.set_opacity(min(max(opacity, 0.05), 1.0))

    def set_mode(self, mode: str) -> None:
        """ "dots", or "density": how many rows lie around each pixel."""
        self.stage.set_mode(mode)

    def set_label_size(self, pixels: int) -> None:
        """8 to 24, of ordinary names."""
        self.stage.set_label_size(pixels)

    def set_labels_shown(self, wish: bool) -> None:
        """Whether rows that do not stand out are named."""
        self.stage.set_labels_shown(wish)

    def set_auto_rotate(self, wish: bool) -> None:
        """Turns a 3-D map slowly, until the mouse is pressed on it."""
        self._spin.set_on(wish and self._box.turnable)

    @property
    def spinning(self) -> bool:
        """Whether a 3-D map turns by itself."""
        return self._spin.on

    @property
    def density(self) -> tuple[float, int] | None:
        """(reach, greatest): a density picture counts the rows within `reach` pixels, on a
        logarithmic scale from 1 to `greatest`; None for a picture of dots."""
        dots = self.stage.dots
        if dots.mode != "density" or not dots.greatest:
            return None
        return dots.radius, dots.greatest

    # Events

    @override
    def paintEvent(self, ev: QPaintEvent) -> None:
        super().paintEvent(ev)
        if self.density != self._told_density:
            self._told_density = self.density
            # Not from within the painting: whoever listens will want to paint.
            QTimer.singleShot(0, self.density_changed.emit)

    @override
    def keyPressEvent(self, ev: QKeyEvent) -> None:
        if ev.key() != Qt.Key.Key_Escape:
            super().keyPressEvent(ev)
        elif not self._box.give_up():
            self.cleared.emit()

    @override
    def contextMenuEvent(self, ev: QContextMenuEvent) -> None:
        # A right click is known once the button is up: dragging with it moves the map.
        if ev.reason() == QContextMenuEvent.Reason.Keyboard:
            self.menu_asked.emit(-1, self.mapToGlobal(self.rect().center()))
        ev.accept()

    @override
    def mousePressEvent(self, ev: QMouseEvent) -> None:
        self._spin.set_on(False)
        super().mousePressEvent(ev)

    @override
    def leaveEvent(self, ev: QEvent) -> None:
        super().leaveEvent(ev)
        self.row_hovered.emit(-1)

    def _spin_on(self, pixels: float) -> None:
        if not self._box.turnable:
            self._spin.set_on(False)
        elif self.isVisible():
            self.turn(pixels, 0.0)
