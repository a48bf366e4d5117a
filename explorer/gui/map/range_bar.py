"""A colour bar whose two ends can be moved."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from explorer.gui.map.numbers import ends, number
from explorer.palettes import Colouring, Rgb

_WIDTH, _HEIGHT = 156.0, 9.0
_SIDE = 7.0  # room for the handles at the ends
_HANDLE = (13, 11)
_STEP = 0.02
_APART = 8.0  # pixels between the two numbers
_BEYOND = 0.08  # share of the bar: dragged so far past an end, a handle takes the last value
_PATIENCE = 40  # milliseconds between two tellings of a drag


class Handle(QWidget):
    """One end of the range. moved: to a share of the bar, which the bar may bound. let_go: done.
    reset: a double click, Home or Delete."""

    moved = Signal(float)
    let_go = Signal()
    reset = Signal()

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName(f"map_legend_{name}")
        self.setFixedSize(*_HANDLE)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.SizeHorCursor)
        self._colours: dict[str, Rgb] = {}
        self.share = 0.0

    def set_colours(self, colours: dict[str, Rgb]) -> None:
        self._colours = colours
        self.update()

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self.moved.emit((self.mapToParent(event.position()).x() - _SIDE) / _WIDTH)

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.let_go.emit()

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.reset.emit()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Down: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: 1}
        if event.key() in steps:
            self.moved.emit(self.share + _STEP * steps[Qt.Key(event.key())])
            self.let_go.emit()
        elif event.key() in (Qt.Key.Key_Home, Qt.Key.Key_Delete):
            self.reset.emit()
        else:
            super().keyPressEvent(event)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width, height = _HANDLE
        seized = self.hasFocus() or self.underMouse()
        painter.setPen(QPen(QColor(*self._colours["background"]), 1.0))
        painter.setBrush(QColor(*self._colours["band" if seized else "title"]))
        corners = [(width / 2, 0.5), (width - 2, 6), (width - 2, height - 1), (2, height - 1)]
        corners.append((2, 6))
        painter.drawPolygon(QPolygonF([QPointF(x, y) for x, y in corners]))


class RangeBar(QWidget):
    """The ramp of a colouring, its numbers, and two handles.

    range_changed: (low, high) in the column's unit. range_reset: the usual ends are wanted again.
    """

    range_changed = Signal(float, float)
    range_reset = Signal()

    def __init__(self, font: QFont, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFont(font)
        self.setObjectName("map_legend_range")
        self._colours: dict[str, Rgb] = {}
        self._colouring: Colouring | None = None
        self._domain = (0.0, 1.0)
        self._about: object = None
        self._wish = (0.0, 1.0)
        self.handles = (Handle("low", self), Handle("high", self))
        for place, handle in enumerate(self.handles):
            handle.moved.connect(lambda share, place=place: self._move(place, share))
            handle.let_go.connect(self._tell)
            handle.reset.connect(self.range_reset)
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(_PATIENCE)
        self._patience.timeout.connect(self._tell)

    def set_colours(self, colours: dict[str, Rgb]) -> None:
        self._colours = colours
        for handle in self.handles:
            handle.set_colours(colours)
        self.update()

    def set_colouring(self, about: str, colouring: Colouring, *, fixed: bool = False) -> None:
        """about: what is coloured: while it stays the same the bar reaches as far as before.
        fixed: whether the ends cannot be moved."""
        self._colouring = colouring
        key = (about, colouring.least, colouring.greatest, colouring.scale)
        if key != self._about or fixed:
            self._about, self._domain = key, (colouring.low, colouring.high)
        # It begins with the usual ends, and grows where they are moved outwards.
        low, high = self._domain
        self._domain = min(low, colouring.low), max(high, colouring.high)
        movable = not fixed and colouring.greatest > colouring.least
        values, names = (colouring.low, colouring.high), ("Lower", "Upper")
        for handle, value, name in zip(self.handles, values, names, strict=True):
            handle.setVisible(movable)
            handle.share = self._share(value)
            handle.setAccessibleName(f"{name} end of the colours: {number(value)}")
            handle.setToolTip(f"{name} end: {number(value)}. Drag it; double-click for the usual")
            handle.move(round(_SIDE + handle.share * _WIDTH - _HANDLE[0] / 2), int(_HEIGHT) - 2)
        self._wish = values
        self.update()

    @override
    def sizeHint(self) -> QSize:
        text = QFontMetricsF(self.font()).height()
        return QSize(int(_WIDTH + 2 * _SIDE), int(_HEIGHT + _HANDLE[1] + text))

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()  # the first half of a double click

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.range_reset.emit()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        if self._colouring is None or self._colouring.ramp is None:
            return
        painter = QPainter(self)
        strip = np.ascontiguousarray(self._colouring.ramp[self._places()][None])
        wide = strip.shape[1]
        image = QImage(strip.data, wide, 1, 3 * wide, QImage.Format.Format_RGB888).copy()
        painter.drawImage(QRectF(_SIDE, 0, _WIDTH, _HEIGHT), image)
        self._write(painter, self._colouring)

    def _places(self) -> np.ndarray:
        """Place in the ramp of each pixel of the bar: constant beyond the two ends."""
        low, high = (handle.share for handle in self.handles)
        share = np.linspace(0, 1, int(_WIDTH))
        inside = np.clip((share - low) / max(high - low, 1e-9), 0, 1)
        return (inside * 255).round().astype(int)

    def _write(self, painter: QPainter, colouring: Colouring) -> None:
        metrics = QFontMetricsF(self.font())
        painter.setFont(self.font())
        painter.setPen(QColor(*self._colours["text"]))
        base = self.height() - metrics.descent()
        low, high = (_SIDE + handle.share * _WIDTH for handle in self.handles)
        texts = [(low, ends(colouring)[0]), (high, ends(colouring)[1])]
        widths = [metrics.horizontalAdvance(text) for _, text in texts]
        boxes = spaced(texts, widths, _SIDE, _SIDE + _WIDTH)
        for left, (_, text) in zip(boxes, texts, strict=True):
            painter.drawText(QPointF(left, base), text)
        if colouring.zero is not None:
            zero = low + colouring.zero * (high - low)
            width = metrics.horizontalAdvance("0")
            gap = 6 + metrics.horizontalAdvance(texts[0][1]) + boxes[0], boxes[1] - 6
            if gap[0] < zero - width / 2 and zero + width / 2 < gap[1]:
                painter.drawText(QPointF(zero - width / 2, base), "0")

    def _move(self, place: int, share: float) -> None:
        low, high = self._wish
        if place == 0:
            low = self._end(share, 0.0, self.handles[1].share - _STEP)
        else:
            high = self._end(share, self.handles[0].share + _STEP, 1.0)
        self._wish = low, high
        self.handles[place].share = self._share(self._wish[place])
        if not self._patience.isActive():
            self._patience.start()

    def _end(self, share: float, least: float, most: float) -> float:
        """The value at a share of the bar, between two shares; well past the bar all values."""
        assert self._colouring is not None
        if share < -_BEYOND and least == 0.0:
            return min(self._colouring.least, self._domain[0])
        if share > 1 + _BEYOND and most == 1.0:
            return max(self._colouring.greatest, self._domain[1])
        return self._value(min(max(share, least), most))

    def _tell(self) -> None:
        self._patience.stop()
        if self._colouring and self._wish != (self._colouring.low, self._colouring.high):
            self.range_changed.emit(*self._wish)

    def _share(self, value: float) -> float:
        start, stop = (self._scaled(end) for end in self._domain)
        share = (self._scaled(value) - start) / (stop - start) if stop > start else 0.5
        return min(max(share, 0.0), 1.0)

    def _value(self, share: float) -> float:
        start, stop = (self._scaled(end) for end in self._domain)
        value = start + share * (stop - start)
        return math.exp(value) if self._logarithmic else value

    def _scaled(self, value: float) -> float:
        return math.log(max(value, 1e-300)) if self._logarithmic else value

    @property
    def _logarithmic(self) -> bool:
        return self._colouring is not None and self._colouring.scale == "log"


def spaced(
    texts: list[tuple[float, str]], widths: list[float], start: float, stop: float
) -> list[float]:
    """Left ends of two texts that stand under two places, between two ends, and apart."""
    first, second = (
        min(max(start, place - width / 2), stop - width)
        for (place, _), width in zip(texts, widths, strict=True)
    )
    overlap = first + widths[0] + _APART - second
    if overlap > 0:
        first = max(start, first - overlap / 2)
        second = min(first + widths[0] + _APART, stop - widths[1])
        first = min(first, second - _APART - widths[0])
    return [first, second]
