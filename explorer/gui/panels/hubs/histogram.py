"""How many rows are a neighbour how many times, as a histogram."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from explorer.gui.theme import Theme
from explorer.gui.widgets.bar_chart import ABOVE, BELOW, BarChart
from explorer.gui.widgets.plain import counted
from explorer.neighborhoods import Hubs

_BARS = 70
_TITLE = "How many rows are a neighbour how many times"
_HELP = (
    "How many rows (up, each step ten times as many) are a neighbour how many times (across). "
    "Click a bar, or left, right and Enter, to select its rows."
)


@dataclass(frozen=True)
class Bars:
    """low, high: times of the first and last count in each bar. rows: how many rows it holds."""

    low: tuple[int, ...]
    high: tuple[int, ...]
    rows: tuple[int, ...]


def bars(counts: npt.NDArray[np.int64], most: int = _BARS) -> Bars:
    """At most so many bars of one width, and before them one for the counts that are 0."""
    largest = int(counts.max(initial=0))
    width = max(1, -(-largest // most))
    starts = np.arange(1, max(1, largest) + 1, width)
    rows = np.bincount((counts[counts > 0] - 1) // width, minlength=len(starts))
    low = (0, *starts.tolist())
    high = (0, *(starts + width - 1).tolist())
    return Bars(low, high, (int((counts == 0).sum()), *rows.tolist()))


class CountsHistogram(BarChart):
    """A bar for each number of times; the mean marked. chosen: (least, most) times, of the bar
    whose rows are wanted."""

    chosen = Signal(int, int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__("hubs_histogram", _TITLE, _HELP, theme, parent)
        self._bars = Bars((), (), ())
        self._mean, self._largest = 0.0, 0

    def show_hubs(self, found: Hubs | None) -> None:
        """None for nothing."""
        counts = np.empty(0, np.int64) if found is None else found.counts[found.compared]
        self._bars = bars(counts) if len(counts) else Bars((), (), ())
        self._mean = float(counts.mean()) if len(counts) else 0.0
        self._largest = int(counts.max(initial=0))
        self.go_to(0)

    @property
    @override
    def count(self) -> int:
        return len(self._bars.rows)

    @override
    def words(self, place: int) -> str:
        """What a bar says: "10 to 13 times: 312 rows"."""
        low, high = self._bars.low[place], self._bars.high[place]
        times = f"{low:,} to {high:,}" if high > low else f"{low:,}"
        noun = "time" if high == 1 else "times"
        return f"{times} {noun}: {counted(self._bars.rows[place], 'row')}"

    @override
    def offer(self, place: int) -> str:
        return f"{self.words(place)}. Click to select them."

    @override
    def choose(self, keys: Qt.KeyboardModifier) -> None:
        if self._bars.rows[self.current]:
            self.chosen.emit(self._bars.low[self.current], self._bars.high[self.current])

    # --- painting ---------------------------------------------------------------------------------

    @override
    def paint(self, painter: QPainter) -> None:
        for place in range(self.count):
            self._paint_bar(painter, place)
        self._paint_mean(painter)
        self._paint_axis(painter)

    def _tall(self, rows: int) -> float:
        """On a logarithmic scale, so that one row is seen beside thousands."""
        room = self.height() - ABOVE - BELOW
        return room * float(np.log2(1 + rows) / np.log2(1 + max(self._bars.rows)))

    def _paint_bar(self, painter: QPainter, place: int) -> None:
        column, foot = self.bar(place), self.height() - BELOW
        gap = min(1.0, column.width() / 6)
        tall = self._tall(self._bars.rows[place])
        bar = QRectF(column.left() + gap, foot - tall, column.width() - 2 * gap, tall)
        painter.fillRect(bar, self.theme.colour("warning" if place == 0 else "accent"))
        if self.hasFocus() and place == self.current:
            painter.setPen(QPen(self.theme.colour("text"), 1))
            painter.drawRect(column.adjusted(0.5, ABOVE - 2, -0.5, -BELOW))

    def _at(self, times: float) -> float:
        """Where a number of times stands, pixels from the left; 0 in the middle of its bar."""
        width = self.bar(0).width()
        step = self._bars.high[-1] / max(1, self.count - 1)
        return width * (0.5 if times <= 0 else 1 + (times - 0.5) / max(step, 1e-9))

    def _paint_mean(self, painter: QPainter) -> None:
        x = self._at(self._mean)
        pen = QPen(self.theme.colour("muted"), 1, Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.drawLine(QPointF(x, ABOVE - 2), QPointF(x, self.height() - BELOW))
        words = QRectF(x + 4, 0, 120, ABOVE)
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(words, flags, f"mean {self._mean:.4g}")

    def _paint_axis(self, painter: QPainter) -> None:
        foot = self.height() - BELOW
        painter.setPen(QPen(self.theme.colour("border"), 1))
        painter.drawLine(QPointF(0, foot + 0.5), QPointF(self.width(), foot + 0.5))
        painter.setPen(self.theme.colour("warning"))
        below = QRectF(0, foot + 1, self.width(), BELOW - 1)
        flags = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(below, Qt.AlignmentFlag.AlignLeft | flags, "never")
        painter.setPen(self.theme.colour("muted"))
        right = Qt.AlignmentFlag.AlignRight | flags
        painter.drawText(below, right, f"{self._largest:,} times")
        # On the side where the mean is not, whose name stands beside it.
        far = (
            right if self._at(self._mean) < self.width() / 2 else Qt.AlignmentFlag.AlignLeft | flags
        )
        painter.drawText(QRectF(0, 0, self.width(), ABOVE), far, "rows, logarithmic")
