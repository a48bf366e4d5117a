"""Paintings whose parts stand for rows: pointed at, chosen, walked through."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import (
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QToolTip, QWidget
from typing_extensions import override

from explorer.gui.panels.layer.painting import Painting
from explorer.gui.theme import Theme
from explorer.gui.widgets.plain import plain_tooltip


@dataclass(frozen=True)
class Spot:
    """A part of a picture that stands for a row. words: what it shows, as a sentence."""

    area: QRectF
    row: int
    words: str


class Picture(Painting):
    """row_pointed: the row under the mouse, -1 for none. row_chosen: clicked, or Enter."""

    row_pointed = Signal(int)
    row_chosen = Signal(int)

    def __init__(self, theme: Theme, name: str, title: str, parent: QWidget | None = None) -> None:
        super().__init__(theme, name, title, parent)
        self._current = 0
        self._pointed = -1
        self._selected: frozenset[int] = frozenset()
        self.setToolTip("Click a row to select it, right-click to copy the picture")
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    @abstractmethod
    def spots(self) -> list[Spot]:
        """The parts that stand for rows, as they lie now."""

    def renew(self) -> None:
        """After what it shows has changed."""
        self._current, self._pointed = 0, -1
        self.fit()
        self._describe()
        self.update()

    def mark(self, rows: frozenset[int]) -> None:
        """Shows which rows are selected."""
        if rows != self._selected:
            self._selected = rows
            self.update()

    # --- painting -------------------------------------------------------------------------------

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self.prepare(painter)
        spots = self.spots()
        self._paint_backgrounds(painter, spots)
        self.draw(painter)
        if self.hasFocus() and self._current < len(spots):
            painter.setPen(QPen(self.colour("accent"), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(spots[self._current].area.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)

    def _paint_backgrounds(self, painter: QPainter, spots: list[Spot]) -> None:
        """The row under the mouse, wherever it stands in the picture."""
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.colour("hover"))
        for spot in spots:
            if spot.row == self._pointed:
                painter.drawRoundedRect(spot.area, 4, 4)

    # --- mouse and keys -------------------------------------------------------------------------

    def _under(self, x: float, y: float) -> int:
        """The place of the spot there, or -1."""
        for place, spot in enumerate(self.spots()):
            if spot.area.contains(x, y):
                return place
        return -1

    def point(self, row: int) -> None:
        """Shows which row is pointed at, here or in another picture; -1 for none."""
        if row != self._pointed:
            self._pointed = row
            self.update()

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        place = self._under(event.position().x(), event.position().y())
        self.row_pointed.emit(self.spots()[place].row if place >= 0 else -1)
        self.setCursor(
            Qt.CursorShape.PointingHandCursor if place >= 0 else Qt.CursorShape.ArrowCursor
        )

    @override
    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.row_pointed.emit(-1)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = self._under(event.position().x(), event.position().y())
        if event.button() == Qt.MouseButton.LeftButton and place >= 0:
            self._go(place)
            self.row_chosen.emit(self.spots()[place].row)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, spots = Qt.Key(event.key()), self.spots()
        moves = {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Up: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Down: 1,
        }
        if key in moves and spots:
            self._go(max(0, min(self._current + moves[key], len(spots) - 1)))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and spots:
            self.row_chosen.emit(spots[self._current].row)
        else:
            super().keyPressEvent(event)

    def _go(self, place: int) -> None:
        self._current = place
        self._describe()
        self.update()

    def _describe(self) -> None:
        spots = self.spots()
        said = spots[self._current].words if self._current < len(spots) else ""
        self.setAccessibleDescription(said)

    @override
    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            place = self._under(event.pos().x(), event.pos().y())
            words = self.spots()[place].words if place >= 0 else ""
            if words:
                QToolTip.showText(event.globalPos(), plain_tooltip(words))
                return True
        return super().event(event)
