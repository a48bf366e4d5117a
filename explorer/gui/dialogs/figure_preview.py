"""A small picture of a figure, as it would be saved now."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

_MARGIN = 12
_SHADOW = 6


class FigurePreview(QWidget):
    """Shows an image, or why there is none. resized: it has room for another size."""

    resized = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("figure_preview")
        self.setAccessibleName("Preview")
        self.setToolTip("What will be saved, drawn small")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._image: QImage | None = None
        self._text = ""
        self._waiting = False

    @property
    def pixels(self) -> tuple[int, int]:
        """Width and height that a picture may have, in pixels of the screen."""
        ratio, area = self.devicePixelRatioF(), self._area
        return max(1, int(area.width() * ratio)), max(1, int(area.height() * ratio))

    @property
    def image(self) -> QImage | None:
        """The picture that is shown."""
        return self._image

    @property
    def text(self) -> str:
        """What is shown in place of a picture."""
        return self._text

    def wait(self) -> None:
        """Another picture is on its way; the old one stays, paler."""
        self._waiting = True
        self.update()

    def show_image(self, image: npt.NDArray[np.uint8]) -> None:
        """image: uint8 (height, width, 4), RGBA."""
        height, width, _ = image.shape
        shown = QImage(image.data, width, height, 4 * width, QImage.Format.Format_RGBA8888)
        self._put(shown.copy(), "")

    def show_error(self, error: Exception) -> None:
        """Says why there is no picture."""
        self._put(None, str(error))

    def clear(self) -> None:
        self._put(None, "This map is empty: make one first.")

    def _put(self, image: QImage | None, text: str) -> None:
        self._image, self._text, self._waiting = image, text, False
        self.setAccessibleDescription(text)
        self.update()

    @property
    def _area(self) -> QRectF:
        return QRectF(self.rect()).adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)

    @override
    def sizeHint(self) -> QSize:
        return QSize(600, 480)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(320, 240)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.resized.emit()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setPen(Qt.PenStyle.NoPen)
        if self._image is not None:
            self._paint_image(painter, self._image)
        elif self._text or self._waiting:
            painter.setPen(self.palette().color(self.palette().ColorRole.PlaceholderText))
            words = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self._area, words, self._text or "Drawing…")

    def _paint_image(self, painter: QPainter, image: QImage) -> None:
        area = self._area
        fitting = QSize(image.width(), image.height()).scaled(
            area.size().toSize(), Qt.AspectRatioMode.KeepAspectRatio
        )
        place = QRectF(QPointF(0, 0), fitting.toSizeF())
        place.moveCenter(area.center())
        for far in range(_SHADOW, 0, -1):
            painter.setBrush(QColor(0, 0, 0, 7))
            painter.drawRoundedRect(place.adjusted(-far, -far + 2, far, far + 2), far, far)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(self.palette().color(self.palette().ColorRole.Mid))
        painter.drawRect(place)  # where paper and desk are both dark
        painter.setOpacity(0.55 if self._waiting else 1.0)
        painter.drawImage(place, image)
