"""A matrix of cosines as colours: every token with every other."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from explorer.gui.panels.compare.drawing import EMPTY, Drawing, Matrix, Pair, font_of
from explorer.gui.panels.compare.plan import Plan
from explorer.gui.theme import Theme

_MOVES = {
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
}
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)


class HeatMap(QWidget):
    """Cells, names on two sides, a colour bar. Places are those of the matrix, from 0.

    pointed: (row, column) of the cell that the mouse or the keys are on; None for none.
    chosen: (row, column) of a cell that was clicked, or Enter pressed on.
    """

    pointed = Signal(object)
    chosen = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._matrix = EMPTY
        self._at: Pair | None = None
        self._plan = Plan.of(1, 1, ())
        self.setObjectName("compare_heat_map")
        self.setAccessibleName("Similarity matrix")
        self.setToolTip(
            "Click a cell to select its two tokens; the arrow keys move from cell to cell"
        )
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        theme.changed.connect(self.update)

    @override
    def sizeHint(self) -> QSize:
        return QSize(520, 420)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(240, 200)

    def show_matrix(self, matrix: Matrix) -> None:
        """Another matrix, in place of the one that is shown."""
        self._matrix = matrix
        self._place()
        self._point(None)

    @property
    def matrix(self) -> Matrix:
        """What is shown."""
        return self._matrix

    @property
    def plan(self) -> Plan:
        """Where everything is now."""
        return self._plan

    @property
    def at(self) -> Pair | None:
        """The cell that mouse or keys are on."""
        return self._at

    def picture(self, scale: float = 2.0) -> QPixmap:
        """The map as it stands, on its background, `scale` pixels for one of the screen."""
        pixmap = QPixmap(self.size() * scale)
        pixmap.setDevicePixelRatio(scale)
        pixmap.fill(self._theme.colour("panel"))
        painter = QPainter(pixmap)
        self._drawing().paint(painter, None)
        painter.end()
        return pixmap

    # --- mouse and keys ---------------------------------------------------------------------------

    def _point(self, at: Pair | None) -> None:
        self._at = at
        self.setAccessibleDescription(self._matrix.words(at) if at is not None else "")
        self.update()
        self.pointed.emit(at)

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = self._plan.at(event.position()) if self._matrix.names else None
        if at != self._at:
            self._point(at)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = self._plan.at(event.position()) if self._matrix.names else None
        if event.button() == Qt.MouseButton.LeftButton and at is not None:
            self._point(at)
            self.chosen.emit(at)

    @override
    def event(self, event: QEvent) -> bool:
        """Over a cell the foot of the page says what it is: no tip covers its neighbours."""
        if event.type() == QEvent.Type.ToolTip and self._at is not None:
            event.ignore()
            return True
        return super().event(event)

    @override
    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        if not self.hasFocus():
            self._point(None)

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if (
            self._at is None
            and len(self._matrix.names) > 1
            and event.reason() != Qt.FocusReason.MouseFocusReason
        ):
            self._point((1, 0))

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._point(None)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if not self._matrix.names:
            super().keyPressEvent(event)
        elif key in _MOVES:
            down, right = _MOVES[Qt.Key(key)]
            row, column = self._at or (0, 0)
            last = len(self._matrix.names) - 1
            self._point((min(max(row + down, 0), last), min(max(column + right, 0), last)))
        elif key in _ENTER and self._at is not None:
            self.chosen.emit(self._at)
        else:
            super().keyPressEvent(event)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        measure = QFontMetricsF(font_of(self.font(), strong=True))
        widths = [measure.horizontalAdvance(name) for name in self._matrix.names]
        self._plan = Plan.of(self.width(), self.height(), widths)
        self.update()

    def _drawing(self) -> Drawing:
        return Drawing(self._matrix, self._plan, self._theme, self.font())

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self._drawing().paint(painter, self._at)
        painter.end()
