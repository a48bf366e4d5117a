"""The scree plot: how much of the variance each component has (Cattell 1966)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from explorer.gui.theme import Theme
from explorer.gui.widgets.bar_chart import ABOVE, BELOW, BarChart

_AXES = "xyz"
_AXIS_KEYS = {Qt.Key.Key_X: 0, Qt.Key.Key_Y: 1, Qt.Key.Key_Z: 2}
_HELP = (
    "Bars: share of the variance of each component. Line: of all up to there. Click a bar to put "
    "it on the x axis, with Shift on the y axis; or left, right and X, Y, Z."
)


class Scree(BarChart):
    """A bar for each component that was kept, a line for their sum, the drawn axes marked.

    chosen: (place, component): what is to be drawn on the x (0), y (1) or z (2) axis.
    """

    chosen = Signal(int, int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__("projection_scree", "Scree plot", _HELP, theme, parent)
        self._shares: npt.NDArray[np.float64] = np.empty(0)
        self._axes: tuple[int, ...] = ()
        self._spread = "variance"

    def show_shares(
        self, shares: npt.NDArray[np.float64], axes: Sequence[int], spread: str = "variance"
    ) -> None:
        """shares: of the whole variance, or what `spread` calls it, in [0, 1], one a component.
        axes: those drawn."""
        self._shares, self._axes, self._spread = shares, tuple(axes), spread
        self.go_to(self.current)

    @property
    @override
    def count(self) -> int:
        return len(self._shares)

    @override
    def words(self, place: int) -> str:
        share, together = self._shares[place], self._shares[: place + 1].sum()
        drawn = f", on the {_AXES[self._axes.index(place)]} axis" if self._drawn(place) else ""
        return (
            f"PC {place + 1}: {100 * share:.2f} % of the {self._spread}, "
            f"{100 * together:.1f} % up to here{drawn}"
        )

    @override
    def offer(self, place: int) -> str:
        return f"{self.words(place)}\nClick: x axis. Shift+click: y axis."

    @override
    def choose(self, keys: Qt.KeyboardModifier) -> None:
        self._put_on(1 if keys & Qt.KeyboardModifier.ShiftModifier else 0)

    def _put_on(self, axis: int) -> None:
        if axis < len(self._axes) and self.count:
            self.chosen.emit(axis, self.current)

    def _drawn(self, component: int) -> bool:
        return component in self._axes

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _AXIS_KEYS:
            self._put_on(_AXIS_KEYS[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    # --- painting -------------------------------------------------------------------------------

    @override
    def paint(self, painter: QPainter) -> None:
        for component in range(self.count):
            self._paint_bar(painter, component)
        self._paint_sum(painter)
        self._paint_words(painter)

    def _height_of(self, share: float, whole: float) -> float:
        room = self.height() - ABOVE - BELOW
        return room * share / whole if whole > 0 else 0.0

    def _paint_bar(self, painter: QPainter, component: int) -> None:
        column, drawn = self.bar(component), self._drawn(component)
        tall = self._height_of(self._shares[component], float(self._shares.max()))
        gap = min(2.0, column.width() / 5)
        foot = self.height() - BELOW
        bar = QRectF(column.left() + gap, foot - tall, column.width() - 2 * gap, tall)
        painter.fillRect(bar, self.theme.colour("accent" if drawn else "bar"))
        if self.hasFocus() and component == self.current:
            painter.setPen(QPen(self.theme.colour("accent"), 1))
            painter.drawRect(column.adjusted(0.5, ABOVE - 2, -0.5, -0.5))
        label = _AXES[self._axes.index(component)] if drawn else self._number(component)
        painter.setPen(self.theme.colour("text" if drawn else "muted"))
        below = QRectF(column.center().x() - 15, foot + 1, 30, BELOW - 1)
        painter.drawText(below, Qt.AlignmentFlag.AlignCenter, label)

    def _number(self, component: int) -> str:
        """Every component's number where there is room, else every fifth."""
        roomy = self.bar(0).width() >= 16
        return str(component + 1) if roomy or (component + 1) % 5 == 0 else ""

    def _paint_sum(self, painter: QPainter) -> None:
        """The line of sums, from nothing to all of the variance at the top."""
        foot, sums = self.height() - BELOW, np.cumsum(self._shares)
        points = [
            QPointF(self.bar(place).center().x(), foot - self._height_of(float(total), 1.0))
            for place, total in enumerate(sums)
        ]
        painter.setPen(QPen(self.theme.colour("warning"), 1.6))
        painter.drawPolyline(QPolygonF(points))

    def _paint_words(self, painter: QPainter) -> None:
        share, together = 100 * float(self._shares.max()), 100 * float(self._shares.sum())
        area = QRectF(0, 0, self.width(), ABOVE - 2)
        painter.setPen(self.theme.colour("muted"))
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(area, Qt.AlignmentFlag.AlignLeft | middle, f"tallest bar {share:.1f} %")
        painter.setPen(self.theme.colour("warning"))
        painter.drawText(area, Qt.AlignmentFlag.AlignRight | middle, f"sum {together:.1f} % of all")
