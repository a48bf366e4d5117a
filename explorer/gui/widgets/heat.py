"""Numbers as colours: negative orange, zero neutral, positive blue, what is no number hatched."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter

from explorer.palettes import ramp_colours

_TAIL = 99.5  # percent: numbers beyond take the end colours, or one of them would pale all others


def reach(numbers: npt.NDArray[np.floating]) -> float:
    """What the ends of the ramp stand for, on both sides of zero: above zero."""
    finite = np.abs(numbers[np.isfinite(numbers)])
    return float(np.percentile(finite, _TAIL)) or 1.0 if finite.size else 1.0


def heat_image(numbers: npt.NDArray[np.floating], largest: float, *, dark: bool) -> QImage:
    """One pixel a number (lines, columns), on a ramp from -largest to +largest; NaN and infinite
    ones are left open."""
    finite = np.isfinite(numbers)
    sound = np.where(finite, numbers, 0).astype(np.float64)
    shares = np.clip((sound / largest + 1) * 127.5, 0, 255).astype(np.uint8)
    height, width = shares.shape
    if finite.all():
        pixels = np.ascontiguousarray(ramp_colours("diverging", dark=dark)[shares])
        image = QImage(pixels.data, width, height, 3 * width, QImage.Format.Format_RGB888)
    else:
        pixels = np.zeros((height, width, 4), np.uint8)
        pixels[finite, :3] = ramp_colours("diverging", dark=dark)[shares[finite]]
        pixels[finite, 3] = 255
        image = QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_RGBA8888)
    return image.copy()  # the image must own its pixels


def paint_heat(painter: QPainter, area: QRectF, image: QImage, broken: QColor) -> None:
    """Draws the numbers over `area`, smoothed only where there are more of them than pixels.

    broken: what those that are left open are hatched with; grey would be read as zero.
    """
    crowded = image.width() > area.width() or image.height() > area.height()
    painter.save()
    if image.hasAlphaChannel():
        painter.fillRect(area, QBrush(broken, Qt.BrushStyle.BDiagPattern))
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, crowded)
    painter.drawImage(area, image)
    painter.restore()
