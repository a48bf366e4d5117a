"""A vector as a strip of colours: negative orange, zero neutral, positive blue."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QImage, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget
from typing_extensions import override

from explorer.palettes import ramp_colours


def strip_image(vector: npt.NDArray[np.float32], *, dark: bool) -> QImage:
    """One pixel a number, on a diverging ramp whose ends are +- the largest absolute value."""
    finite = np.where(np.isfinite(vector), vector, 0).astype(np.float64)
    largest = float(np.abs(finite).max(initial=0.0)) or 1.0
    ramp = ramp_colours("diverging", dark=dark)
    colours = ramp[np.clip((finite / largest + 1) * 127.5, 0, 255).astype(np.uint8)]
    pixels = np.ascontiguousarray(colours)
    image = QImage(pixels.data, len(vector), 1, 3 * len(vector), QImage.Format.Format_RGB888)
    return image.copy()  # the image must own its pixels


def paint_strip(painter: QPainter, area: QRect, image: QImage) -> None:
    """Draws the strip over `area`, every number equally wide, no smoothing between them."""
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, image.width() > area.width())
    painter.drawImage(area, image)


class Strip(QWidget):
    """A vector strip that names the number under the mouse."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName("Vector as a colour strip")
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._vector = np.empty(0, dtype=np.float32)
        self._dark = False

    def set_vector(self, vector: npt.NDArray[np.float32]) -> None:
        """float32 (dim,); empty for none."""
        self._vector = vector
        self.update()

    def set_dark(self, dark: bool) -> None:
        self._dark = dark
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(200, 34)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        if not len(self._vector):
            return
        painter = QPainter(self)
        paint_strip(painter, self.rect(), strip_image(self._vector, dark=self._dark))

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if not len(self._vector):
            return
        place = int(event.position().x() * len(self._vector) / max(1, self.width()))
        place = min(max(place, 0), len(self._vector) - 1)
        text = f"dimension {place}: {self._vector[place]:.6g}"
        QToolTip.showText(event.globalPosition().toPoint(), text, self)
