"""A vector as a strip of colours: negative orange, zero neutral, positive blue; hatched: none."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QRect, QRectF, QSize
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget
from typing_extensions import override

from explorer.gui.theme import Theme
from explorer.gui.widgets.heat import heat_image, paint_heat
from explorer.gui.widgets.plain import counted

_NARROW = 4.0  # pixels, in which a hatch would not be seen

F32 = npt.NDArray[np.float32]


def paint_strip(painter: QPainter, area: QRect, vector: F32, theme: Theme) -> None:
    """Draws a vector over `area`, every number equally wide, on a ramp whose ends are +- the
    largest absolute value. What is not finite is hatched, or filled where it is too narrow."""
    finite = np.isfinite(vector)
    largest = float(np.abs(vector[finite]).max(initial=0.0)) or 1.0
    broken = theme.colour("warning")
    image = heat_image(vector[None, :], largest, dark=theme.dark)
    paint_heat(painter, QRectF(area), image, broken)
    if not finite.all():
        _fill_narrow(painter, QRectF(area), finite, broken)


def _fill_narrow(
    painter: QPainter, area: QRectF, finite: npt.NDArray[np.bool_], colour: QColor
) -> None:
    """Fills runs of open numbers that are a few pixels wide, each with a pixel at least."""
    edges = np.flatnonzero(np.diff(np.concatenate([[True], finite, [True]]).astype(np.int8)))
    scale = area.width() / len(finite)
    for start, stop in edges.reshape(-1, 2).tolist():
        if (wide := (stop - start) * scale) < _NARROW:
            left = area.left() + start * scale
            painter.fillRect(QRectF(left, area.top(), max(1.0, wide), area.height()), colour)


def told_number(value: float) -> str:
    """A number of a vector in words, where it is none."""
    if math.isnan(value):
        return "not a number"
    if math.isinf(value):
        return "infinite" if value > 0 else "minus infinite"
    return f"{value:.6g}"


def told_broken(vector: F32) -> str:
    """How many numbers of a vector are not finite; "" where all are."""
    count = int((~np.isfinite(vector)).sum())
    return f"{count:,} not finite" if count else ""


class Strip(QWidget):
    """A vector strip that names the number under the mouse."""

    def __init__(self, name: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName("Vector as a colour strip")
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._theme = theme
        self._vector = np.empty(0, dtype=np.float32)
        theme.changed.connect(self.update)

    def set_vector(self, vector: F32) -> None:
        """float32 (dim,); empty for none."""
        self._vector = vector
        told = (counted(len(vector), "number"), told_broken(vector)) if len(vector) else ()
        self.setAccessibleDescription(", ".join(filter(None, told)))
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(200, 34)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        if len(self._vector):
            paint_strip(QPainter(self), self.rect(), self._vector, self._theme)

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if len(self._vector):
            told = self.told_at(event.position().x())
            QToolTip.showText(event.globalPosition().toPoint(), told, self)

    def told_at(self, x: float) -> str:
        """What stands at so many pixels from the left, where there is a vector."""
        place = int(x * len(self._vector) / max(1, self.width()))
        place = min(max(place, 0), len(self._vector) - 1)
        return f"dimension {place}: {told_number(float(self._vector[place]))}"
