"""Neighbours in columns, one a space, with lines from each token to itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFont,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget
from typing_extensions import override

from explorer.gui.panels.spaces.shifts import DOWN, NEW, SAME, UP, Entry, Slope, slopes_of
from explorer.gui.plain import plain_tooltip
from explorer.gui.theme import Theme

_LINE = 28  # pixels, of a neighbour; lower where there is less room
_LEAST_LINE = 18
GAP = 56  # between two columns, where the lines run
_RANK, _MARK = 26, 46
_PADDING = 4
_USUAL, _SMALL = 13, 11  # pixels, of the letters
_COLOURS = {SAME: "muted", UP: "rise", DOWN: "warning", NEW: "accent"}
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
        if self._at is None and self._columns and self._columns[0]:
            self._point((0, 0))

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
        column, place = self._at or (0, 0)
        goal = min(max(column + right, 0), len(self._columns) - 1)
        if right and goal != column:
            row = self._entry((column, place)).row
            rows = [entry.row for entry in self._columns[goal]]
            place = rows.index(row) if row in rows else place
        last = len(self._columns[goal]) - 1
        self._point((goal, min(max(place + down, 0), last)) if last >= 0 else None)

    # --- painting ---------------------------------------------------------------------------------

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        lit = -1 if self._at is None else self._entry(self._at).row
        for slope in self._slopes:
            self._draw_slope(painter, slope, lit)
        for column, entries in enumerate(self._columns):
            for place, entry in enumerate(entries):
                self._draw_entry(painter, (column, place), entry, lit)
        if self.hasFocus() and self._at is not None:
            painter.setPen(QPen(self._theme.colour("accent"), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(self.cell(self._at).adjusted(0.5, 1.5, -0.5, -1.5), 4, 4)

    def _draw_slope(self, painter: QPainter, slope: Slope, lit: int) -> None:
        start = self.cell((slope.left, slope.start))
        stop = self.cell((slope.left + 1, slope.stop))
        begin = QPointF(start.right(), start.center().y())
        end = QPointF(stop.left(), stop.center().y())
        path, bend = QPainterPath(begin), QPointF(GAP * 0.45, 0)
        path.cubicTo(begin + bend, end - bend, end)
        here = self._entry((slope.left, slope.start)).row == lit
        colour = QColor(self._theme.colour(_COLOURS[slope.shift]))
        colour.setAlphaF(1.0 if here else 0.35 if lit >= 0 or slope.shift == SAME else 0.75)
        painter.setPen(QPen(colour, 2.4 if here else 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(path)

    def _draw_entry(self, painter: QPainter, at: At, entry: Entry, lit: int) -> None:
        cell = self.cell(at)
        inner = cell.adjusted(0, 1, 0, -1)
        ground = self._ground(entry, lit)
        if ground:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.colour(ground))
            painter.drawRoundedRect(inner, 4, 4)
        right, left = Qt.AlignmentFlag.AlignRight, Qt.AlignmentFlag.AlignLeft
        rank = QRectF(cell.left(), cell.top(), _RANK, cell.height())
        mark = QRectF(cell.right() - _MARK - _PADDING, cell.top(), _MARK, cell.height())
        token = cell.adjusted(_RANK + 8, 0, -_PADDING - (_MARK if entry.mark else 0), 0)
        self._write(painter, rank, str(entry.rank), right, "muted")
        name = "accent" if entry.shift == NEW else "text"
        self._write(painter, token, self._name(entry.row), left, name, strong=entry.shift == NEW)
        self._write(painter, mark, entry.mark, right, _COLOURS[entry.shift], small=True)
        if entry.leaves:
            self._draw_leaving(painter, cell, entry.leaves)

    def _draw_leaving(self, painter: QPainter, cell: QRectF, text: str) -> None:
        """By how far a token falls out of the next list, above the lines that cross there."""
        beyond = QRectF(cell.right() + 3, cell.top(), GAP - 6, cell.height())
        font = QFont(self.font())
        font.setPixelSize(_SMALL)
        wide = min(beyond.width(), QFontMetricsF(font).horizontalAdvance(text) + 6)
        ground = QRectF(beyond.left(), cell.center().y() - 8, wide, 16)
        painter.fillRect(ground, self._theme.colour("panel"))
        beyond.adjust(3, 0, 0, 0)
        self._write(painter, beyond, text, Qt.AlignmentFlag.AlignLeft, "error", small=True)

    def _ground(self, entry: Entry, lit: int) -> str:
        if entry.row in self._selected:
            return "accent_soft"
        return "hover" if entry.row == lit else ""

    def _write(
        self,
        painter: QPainter,
        area: QRectF,
        text: str,
        side: Qt.AlignmentFlag,
        colour: str,
        *,
        small: bool = False,
        strong: bool = False,
    ) -> None:
        font = QFont(self.font())
        font.setPixelSize(_SMALL if small else _USUAL)
        if strong:
            font.setWeight(QFont.Weight.DemiBold)
        painter.setFont(font)
        painter.setPen(self._theme.colour(colour))
        fitting = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, area.width())
        flags = side | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
        painter.drawText(area, int(flags), fitting)
