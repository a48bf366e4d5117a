"""The legend: what the colours mean, quietly in a corner of the map."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QImage,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from explorer.palettes import Colouring, map_colours
from explorer.tokens import shown

_PADDING = 10.0
_BAR = (150.0, 9.0)
_SWATCH = 5.0
_NAME_LENGTH = 22


class Legend(QWidget):
    """Colours and their names, or a colour bar with its two ends. Lets the mouse through."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("map_legend")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._colouring: Colouring | None = None
        self._title = ""
        self._colours = map_colours(False)
        self._title_font, self._font = QFont(self.font()), QFont(self.font())
        self._title_font.setPixelSize(12)
        self._title_font.setWeight(QFont.Weight.DemiBold)
        self._font.setPixelSize(11)
        self.hide()

    def set_dark(self, dark: bool) -> None:
        self._colours = map_colours(dark)
        self.update()

    def set_colouring(self, title: str, colouring: Colouring | None) -> None:
        """title: what the colours stand for. None or one colour hides the legend."""
        self._title, self._colouring = shown(title, 30) if title else "", colouring
        if colouring is not None and colouring.scale == "log":
            self._title += " (log scale)"
        needed = colouring is not None and bool(colouring.legend or colouring.ramp is not None)
        self.setVisible(needed)
        if colouring is not None and needed:
            self.setAccessibleName(_in_words(self._title, colouring))
            self.resize(self.sizeHint())
        self.update()

    @override
    def sizeHint(self) -> QSize:
        if self._colouring is None:
            return QSize(0, 0)
        title = QFontMetricsF(self._title_font)
        width = title.horizontalAdvance(self._title)
        if self._colouring.ramp is not None:
            width = max(width, _BAR[0])
            height = title.height() + 6 + _BAR[1] + 3 + self._line()
        else:
            width = max([width, *(self._entry_width(i) for i in range(len(self._labels())))])
            height = title.height() + 4 + len(self._labels()) * (self._line() + 3)
        return QSize(int(width + 2 * _PADDING) + 1, int(height + 2 * _PADDING) + 1)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        if self._colouring is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(*self._colours["axis"], 150), 1))
        painter.setBrush(QColor(*self._colours["background"], 225))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        metrics = QFontMetricsF(self._title_font)
        painter.setFont(self._title_font)
        painter.setPen(QColor(*self._colours["title"]))
        painter.drawText(QPointF(_PADDING, _PADDING + metrics.ascent()), self._title)
        painter.setFont(self._font)
        if self._colouring.ramp is not None:
            self._draw_bar(painter, _PADDING + metrics.height() + 6)
        else:
            self._draw_entries(painter, _PADDING + metrics.height() + 4)

    def _draw_bar(self, painter: QPainter, top: float) -> None:
        assert self._colouring is not None
        assert self._colouring.ramp is not None
        strip = np.ascontiguousarray(self._colouring.ramp[None])
        image = QImage(strip.data, 256, 1, 768, QImage.Format.Format_RGB888).copy()
        painter.drawImage(QRectF(_PADDING, top, *_BAR), image)
        base = top + _BAR[1] + 3 + QFontMetricsF(self._font).ascent()
        painter.setPen(QColor(*self._colours["text"]))
        low, middle, high = self._marks()
        metrics = QFontMetricsF(self._font)
        painter.drawText(QPointF(_PADDING, base), low)
        centre = _PADDING + _BAR[0] / 2 - metrics.horizontalAdvance(middle) / 2
        painter.drawText(QPointF(centre, base), middle)
        painter.drawText(QPointF(_PADDING + _BAR[0] - metrics.horizontalAdvance(high), base), high)

    def _draw_entries(self, painter: QPainter, top: float) -> None:
        assert self._colouring is not None
        metrics = QFontMetricsF(self._font)
        right = self.width() - _PADDING
        for entry, (label, count) in zip(self._colouring.legend, self._labels(), strict=True):
            middle = top + self._line() / 2
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(*entry.rgb))
            painter.drawEllipse(QPointF(_PADDING + _SWATCH, middle), _SWATCH - 0.5, _SWATCH - 0.5)
            base = top + metrics.ascent()
            painter.setPen(QColor(*self._colours["title"]))
            painter.drawText(QPointF(_PADDING + 3.2 * _SWATCH, base), label)
            painter.setPen(QColor(*self._colours["text"]))
            painter.drawText(QPointF(right - metrics.horizontalAdvance(count), base), count)
            top += self._line() + 3

    def _marks(self) -> tuple[str, str, str]:
        assert self._colouring is not None
        low, high = ends(self._colouring)
        return low, "0" if self._colouring.diverging else "", high

    def _labels(self) -> list[tuple[str, str]]:
        assert self._colouring is not None
        return [(shown(e.label, _NAME_LENGTH), f"{e.count:,}") for e in self._colouring.legend]

    def _entry_width(self, place: int) -> float:
        metrics = QFontMetricsF(self._font)
        label, count = self._labels()[place]
        return (
            3.2 * _SWATCH + metrics.horizontalAdvance(label) + 18 + metrics.horizontalAdvance(count)
        )

    def _line(self) -> float:
        return QFontMetricsF(self._font).height()


def number(value: float) -> str:
    """A number as a person writes it: 12,345, 0.42, -3."""
    if value == int(value) or abs(value) >= 1000:
        return f"{value:,.0f}".replace("-", "−")
    return f"{value:.3g}".replace("-", "−")


def ends(colouring: Colouring) -> tuple[str, str]:
    """What the two end colours of a ramp stand for: "≤ −60.7" where values lie beyond."""
    low, high = number(colouring.low), number(colouring.high)
    return (
        f"≤ {low}" if colouring.least < colouring.low else low,
        f"≥ {high}" if colouring.greatest > colouring.high else high,
    )


def whole_range(colouring: Colouring) -> str:
    """The least and the greatest number in words; "" for colours that are not of numbers."""
    if colouring.ramp is None:
        return ""
    return f"Values from {number(colouring.least)} to {number(colouring.greatest)}"


def _in_words(title: str, colouring: Colouring) -> str:
    if colouring.ramp is not None:
        return f"{title}: " + " to ".join(ends(colouring))
    return f"{title}: " + ", ".join(f"{e.label} {e.count:,}" for e in colouring.legend)
