"""Neighbours in columns, one a space, with lines from each token to itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget
from typing_extensions import override

from explorer.gui.panels.spaces.drawing import GAP, Drawing
from explorer.gui.panels.spaces.shifts import Entry, Slope, slopes_of
from explorer.gui.theme import Theme
from explorer.gui.widgets.plain import plain_tooltip

_LINE = 28  # pixels, of a neighbour; lower where there is less room
_LEAST_LINE = 18
_MOVES = {
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
}
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)

At = tuple[int, int]  # column and place


class SlopeChart(QWidget):
    """chosen: a row was clicked, or Enter pressed on it. pointed: the row that mouse or keys are
    on, -1 for none."""

    chosen = Signal(int)
    pointed = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._columns: list[list[Entry]] = []
        self._slopes: list[Slope] = []
        self._name: Callable[[int], str] = str
        self._tell: Callable[[int], str] = str
        self._at: At | None = None
        self._selected: frozenset[int] = frozenset()
        self.setObjectName("spaces_chart")
        self.setAccessibleName("Neighbours in several spaces")
        self.setToolTip("Click a token to select it; the arrow keys move, Enter selects")
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        theme.changed.connect(self.update)

    def show_columns(
        self,
        columns: Sequence[Sequence[Entry]],
        name: Callable[[int], str],
        tell: Callable[[int], str],
    ) -> None:
        """name: of a row. tell: all about it, for a tooltip."""
        self._columns = [list(column) for column in columns]
        self._slopes = slopes_of(self._columns)
        self._name, self._tell = name, tell
        self._at = None
        self.updateGeometry()
        self.update()

    def set_selected(self, rows: Sequence[int]) -> None:
        self._selected = frozenset(rows)
        self.update()

    @property
    def at(self) -> At | None:
        """(column, place) that mouse or keys are on."""
        return self._at

    @override
    def sizeHint(self) -> QSize:
        return QSize(560, _LINE * self._longest)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(300, _LEAST_LINE * self._longest)

    # --- where things are -------------------------------------------------------------------------

    @property
    def _longest(self) -> int:
        return max((len(column) for column in self._columns), default=1)

    @property
    def _height(self) -> float:
        """Of a line."""
        return min(_LINE, max(_LEAST_LINE, self.height() / self._longest))

    def column_area(self, column: int) -> QRectF:
        """Of a whole column, pixels."""
        count = max(1, len(self._columns))
        width = (self.width() - GAP * (count - 1)) / count
        return QRectF(column * (width + GAP), 0, width, self.height())

    def cell(self, at: At) -> QRectF:
        """Where a neighbour is written, pixels."""
        area = self.column_area(at[0])
        return QRectF(area.left(), at[1] * self._height, area.width(), self._height)

    def _under(self, place: QPointF) -> At | None:
        for column, entries in enumerate(self._columns):
            area = self.column_area(column)
            at = int(place.y() // self._height)
            if area.left() <= place.x() <= area.right() and 0 <= at < len(entries):
                return column, at
        return None

    def _entry(self, at: At) -> Entry:
        return self._columns[at[0]][at[1]]

    # --- mouse and keys ---------------------------------------------------------------------------

    def _point(self, at: At | None) -> None:
        if at != self._at:
            self._at = at
            self.update()
            row = -1 if at is None else self._entry(at).row
            self.setAccessibleDescription("" if at is None else self._tell(row))
            self.pointed.emit(row)

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = self._under(event.position())
        if at is not None and at != self._at:
            text = plain_tooltip(self._tell(self._entry(at).row))
            where, box = event.globalPosition().toPoint(), self.cell(at).toRect()
            QToolTip.showText(where, text, self, box)
        self._point(at)
        shape = Qt.CursorShape.ArrowCursor if at is None else Qt.CursorShape.PointingHandCursor
        self.setCursor(shape)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = self._under(event.position())
        if at is not None and event.button() == Qt.MouseButton.LeftButton:
            self._point(at)
            self.chosen.emit(self._entry(at).row)

    @override
    def leaveEvent(self, event: QEvent) -> None:
        if not self.hasFocus():
            self._point(None)

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if self._at is None:
            self._point(self._first())

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._point(None)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in _MOVES and self._columns:
            self._step(*_MOVES[key])
        elif key in _ENTER and self._at is not None:
            self.chosen.emit(self._entry(self._at).row)
        else:
            super().keyPressEvent(event)

    def _step(self, right: int, down: int) -> None:
        """Up and down in a column; left and right to the same token, else to the same place."""
        if self._at is None:
            self._point(self._first())
            return
        column, place = self._at
        goal = self._beside(column, right) if right else column
        if right and goal != column:
            row = self._entry((column, place)).row
            rows = [entry.row for entry in self._columns[goal]]
            place = rows.index(row) if row in rows else place
        last = len(self._columns[goal]) - 1
        self._point((goal, min(max(place + down, 0), last)))

    def _beside(self, column: int, step: int) -> int:
        """The next column, past spaces in which nothing could be compared; else the same one."""
        goal = column + step
        while 0 <= goal < len(self._columns) and not self._columns[goal]:
            goal += step
        return goal if 0 <= goal < len(self._columns) else column

    def _first(self) -> At | None:
        """The best neighbour of the first space that has one."""
        return next(((at, 0) for at, column in enumerate(self._columns) if column), None)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        lit = -1 if self._at is None else self._entry(self._at).row
        drawing = Drawing(painter, self._theme, self.font(), lit)
        for slope in self._slopes:
            ends = (slope.left, slope.start), (slope.left + 1, slope.stop)
            drawing.slope(self._entry(ends[0]).row, slope.shift, *map(self.cell, ends))
        for column, entries in enumerate(self._columns):
            for place, entry in enumerate(entries):
                chosen = entry.row in self._selected
                drawing.entry(self.cell((column, place)), entry, self._name(entry.row), chosen)
        if self.hasFocus() and self._at is not None:
            drawing.focus(self.cell(self._at))
