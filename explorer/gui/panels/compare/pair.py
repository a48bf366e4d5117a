"""Two tokens: how similar they are, and how similar two of this table usually are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from explorer.gui.theme import Theme
from explorer.gui.widgets.middle import across
from explorer.gui.widgets.plain import plain_label

F64 = npt.NDArray[np.float64]

_ALIKE = 1e-9  # cosines that differ by no more are the same pair's, but for rounding
_BINS = 60
_BELOW = 20  # pixels under the bars, for the scale
_ABOVE = 20  # over them, for the mark's number


@dataclass(frozen=True, eq=False)
class Pair:
    """names: of the two. cosine: of them, NaN where one has no direction. usual: float64, cosines
    of random pairs of the table, ascending. seed: they were drawn with."""

    names: tuple[str, str]
    cosine: float
    usual: F64
    seed: int

    @property
    def more_than(self) -> float:
        """Share of the random pairs that are less similar, in [0, 1]."""
        below = np.searchsorted(self.usual, self.cosine - _ALIKE)
        return float(below) / max(1, len(self.usual))

    def words(self) -> str:
        """What the number means in this table."""
        if not np.isfinite(self.cosine):
            return "One of the two has no direction: no cosine can be told."
        if not len(self.usual):
            return ""
        share = 100 * self.more_than
        told = f"{share:.1f} %"
        if share > 99.9:
            told = "all" if self.more_than == 1 else "more than 99.9 %"
        elif share < 0.1:
            told = "none" if self.more_than == 0 else "less than 0.1 %"
        return (
            f"More similar than {told} of {len(self.usual):,} pairs of rows drawn at random "
            f"(seed {self.seed}); half of them are above {float(np.median(self.usual)):.2f}."
        ).replace("-", "−")


class PairView(QWidget):
    """One number, what it means, and where it lies among the others."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("compare_pair")
        self._names = plain_label("compare_pair_names", "muted")
        self._number = plain_label("compare_pair_cosine", "number")
        self._words = plain_label("compare_pair_words", wrap=True)
        self._spread = Spread(theme, self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addStretch(1)
        layout.addWidget(self._names, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addWidget(self._number, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addLayout(across(self._words, 480))
        layout.addSpacing(8)
        layout.addWidget(self._spread, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(2)

    def show_pair(self, pair: Pair) -> None:
        self._names.setText(" · ".join(pair.names))
        known = np.isfinite(pair.cosine)
        self._number.setText(f"{pair.cosine:.3f}".replace("-", "−") if known else "–")
        self._words.setText(pair.words())
        self._spread.show_pair(pair if known and len(pair.usual) else None)


class Spread(QWidget):
    """Cosines of random pairs as bars, the pair as a mark among them."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("compare_spread")
        self.setAccessibleName("Cosines of random pairs")
        self.setToolTip("How many random pairs are how similar; the line is this pair")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._theme = theme
        self._pair: Pair | None = None
        theme.changed.connect(self.update)

    @override
    def sizeHint(self) -> QSize:
        return QSize(480, 150)

    def show_pair(self, pair: Pair | None) -> None:
        self._pair = pair
        self.setVisible(pair is not None)
        if pair is not None:
            self.setAccessibleDescription(pair.words())
        self.update()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        if self._pair is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = painter.font()
        font.setPixelSize(11)
        painter.setFont(font)
        low, high = span_of(self._pair)
        self._paint_bars(painter, self._pair.usual, low, high)
        self._paint_scale(painter, low, high)
        self._paint_mark(painter, self._pair.cosine, low, high)

    def _paint_bars(self, painter: QPainter, usual: F64, low: float, high: float) -> None:
        counts, _ = np.histogram(usual, bins=_BINS, range=(low, high))
        wide, room = self.width() / _BINS, self.height() - _ABOVE - _BELOW
        foot, colour = self.height() - _BELOW, self._theme.colour("bar")
        for place, count in enumerate(counts.tolist()):
            tall = room * count / max(1, int(counts.max()))
            tall = max(tall, 1.0) if count else 0.0
            painter.fillRect(QRectF(place * wide, foot - tall, wide - 1, tall), colour)

    def _paint_scale(self, painter: QPainter, low: float, high: float) -> None:
        foot = self.height() - _BELOW
        painter.setPen(QPen(self._theme.colour("border"), 1))
        painter.drawLine(QPointF(0, foot + 0.5), QPointF(self.width(), foot + 0.5))
        painter.setPen(self._theme.colour("muted"))
        for value in (-1.0, -0.5, 0.0, 0.5, 1.0):
            if low <= value <= high:
                middle = self._x(value, low, high)
                middle = min(max(middle, 14.0), self.width() - 14.0)
                area = QRectF(middle - 20, foot + 3, 40, _BELOW - 3)
                text = f"{value:g}".replace("-", "−")
                painter.drawText(area, Qt.AlignmentFlag.AlignCenter, text)

    def _paint_mark(self, painter: QPainter, cosine: float, low: float, high: float) -> None:
        middle = self._x(cosine, low, high)
        painter.setPen(QPen(self._theme.colour("accent"), 2))
        painter.drawLine(QPointF(middle, _ABOVE), QPointF(middle, self.height() - _BELOW))
        area = QRectF(min(max(middle - 40, 0.0), self.width() - 80.0), 0, 80, _ABOVE - 2)
        text = f"{cosine:.2f}".replace("-", "−")
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, text)

    def _x(self, value: float, low: float, high: float) -> float:
        return (value - low) / (high - low) * (self.width() - 2) + 1


def span_of(pair: Pair) -> tuple[float, float]:
    """What the bars stretch over: from the least, -1 at most, to 1."""
    least = min(float(pair.usual[0]), pair.cosine, 0.0)
    return (-1.0 if least < -0.5 else -0.5), 1.0
