"""The scree plot: how much of the variance each component has (Cattell 1966)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QToolTip, QWidget
from typing_extensions import override

from explorer.gui.theme import Theme
from explorer.gui.widgets.plain import plain_tooltip

_HEIGHT, _ABOVE, _BELOW = 132, 18, 18
_AXES = "xyz"
_HELP = (
    "Bars: share of the variance of each component. Line: of all up to there. Click a bar to put "
    "it on the x axis, with Shift on the y axis; or left, right and X, Y, Z."
)


class Scree(QWidget):
    """A bar for each component that was kept, a line for their sum, the drawn axes marked.

    chosen: (place, component): what is to be drawn on the x (0), y (1) or z (2) axis.
    """

    chosen = Signal(int, int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._shares: npt.NDArray[np.float64] = np.empty(0)
        self._axes: tuple[int, ...] = ()
        self._current = 0
        self.setObjectName("projection_scree")
        self.setAccessibleName("Scree plot")
        self.setToolTip(_HELP)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFixedHeight(_HEIGHT)
        theme.changed.connect(self.update)

    @override
    def sizeHint(self) -> QSize:
        return QSize(200, _HEIGHT)

    def show_shares(self, shares: npt.NDArray[np.float64], axes: Sequence[int]) -> None:
        """shares: of the whole variance, in [0, 1], one a component. axes: those drawn."""
        self._shares, self._axes = shares, tuple(axes)
        self._current = min(self._current, max(0, len(shares) - 1))
        self._describe()
        self.update()

    def bar(self, component: int) -> QRectF:
        """Where a component can be clicked: its column, from top to bottom."""
        width = self.width() / max(1, len(self._shares))
        return QRectF(component * width, 0, width, self.height())

    def _describe(self) -> None:
        if len(self._shares):
            self.setAccessibleDescription(self._words(self._current))

    def _words(self, component: int) -> str:
        share, together = self._shares[component], self._shares[: component + 1].sum()
        drawn = (
            f", on the {_AXES[self._axes.index(component)]} axis" if self._drawn(component) else ""
        )
        return (
            f"PC {component + 1}: {100 * share:.2f} % of the variance, "
            f"{100 * together:.1f} % up to here{drawn}"
        )

    def _drawn(self, component: int) -> bool:
        return component in self._axes

    def _choose(self, place: int) -> None:
        if place < len(self._axes) and len(self._shares):
            self.chosen.emit(place, self._current)

    def _go(self, component: int) -> None:
        self._current = max(0, min(component, len(self._shares) - 1))
        self._describe()
        self.update()

    # --- mouse and keys -------------------------------------------------------------------------

    def _under(self, x: float) -> int:
        return int(x * len(self._shares) / max(1, self.width()))

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        component = self._under(event.position().x())
        if event.button() == Qt.MouseButton.LeftButton and component < len(self._shares):
            self._go(component)
            shifted = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            self._choose(1 if shifted else 0)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        moves = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        axes = {Qt.Key.Key_X: 0, Qt.Key.Key_Y: 1, Qt.Key.Key_Z: 2}
        if key in moves:
            self._go(self._current + moves[Qt.Key(key)])
        elif key in axes:
            self._choose(axes[Qt.Key(key)])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._choose(1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 0)
        else:
            super().keyPressEvent(event)

    @override
    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            component = self._under(event.pos().x())
            if component < len(self._shares):
                text = f"{self._words(component)}\nClick: x axis. Shift+click: y axis."
                QToolTip.showText(event.globalPos(), plain_tooltip(text).replace("\n", "<br>"))
                return True
        return super().event(event)

    # --- painting -------------------------------------------------------------------------------

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        if not len(self._shares):
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = painter.font()
        font.setPixelSize(11)
        painter.setFont(font)
        for component in range(len(self._shares)):
            self._paint_bar(painter, component)
        self._paint_sum(painter)
        self._paint_words(painter)

    def _height_of(self, share: float, whole: float) -> float:
        room = self.height() - _ABOVE - _BELOW
        return room * share / whole if whole > 0 else 0.0

    def _paint_bar(self, painter: QPainter, component: int) -> None:
        column, drawn = self.bar(component), self._drawn(component)
        tall = self._height_of(self._shares[component], float(self._shares.max()))
        gap = min(2.0, column.width() / 5)
        foot = self.height() - _BELOW
        bar = QRectF(column.left() + gap, foot - tall, column.width() - 2 * gap, tall)
        painter.fillRect(bar, self._theme.colour("accent" if drawn else "bar"))
        if self.hasFocus() and component == self._current:
            painter.setPen(QPen(self._theme.colour("accent"), 1))
            painter.drawRect(column.adjusted(0.5, _ABOVE - 2, -0.5, -0.5))
        label = _AXES[self._axes.index(component)] if drawn else self._number(component)
        painter.setPen(self._colour("text" if drawn else "muted"))
        below = QRectF(column.center().x() - 15, foot + 1, 30, _BELOW - 1)
        painter.drawText(below, Qt.AlignmentFlag.AlignCenter, label)

    def _number(self, component: int) -> str:
        """Every component's number where there is room, else every fifth."""
        roomy = self.bar(0).width() >= 16
        return str(component + 1) if roomy or (component + 1) % 5 == 0 else ""

    def _paint_sum(self, painter: QPainter) -> None:
        """The line of sums, from nothing to all of the variance at the top."""
        foot, sums = self.height() - _BELOW, np.cumsum(self._shares)
        points = [
            QPointF(self.bar(place).center().x(), foot - self._height_of(float(total), 1.0))
            for place, total in enumerate(sums)
        ]
        painter.setPen(QPen(self._theme.colour("warning"), 1.6))
        painter.drawPolyline(QPolygonF(points))

    def _paint_words(self, painter: QPainter) -> None:
        share, together = 100 * float(self._shares.max()), 100 * float(self._shares.sum())
        area = QRectF(0, 0, self.width(), _ABOVE - 2)
        painter.setPen(self._colour("muted"))
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(area, Qt.AlignmentFlag.AlignLeft | middle, f"tallest bar {share:.1f} %")
        painter.setPen(self._colour("warning"))
        painter.drawText(area, Qt.AlignmentFlag.AlignRight | middle, f"sum {together:.1f} % of all")

    def _colour(self, name: str) -> QColor:
        return self._theme.colour(name)
