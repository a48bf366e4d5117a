"""Where the axes of a 3-D map point, in a corner."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QRadialGradient
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget
from typing_extensions import override

from explorer.palettes import Rgb

_LENGTH = 34.0
_MARGIN = 62.0
_GAP = 12.0


class Compass(QGraphicsItem):
    """Three short axes with their names; hidden in a flat map."""

    def __init__(self, parent: QGraphicsItem | None = None) -> None:
        super().__init__(parent)
        self._directions = np.eye(3)
        self._names: tuple[str, ...] = ()
        self._colours: dict[str, Rgb] = {}
        self._font = QFont()
        self._font.setPixelSize(11)
        self.setVisible(False)

    def set_colours(self, colours: dict[str, Rgb]) -> None:
        self._colours = colours
        self.update()

    def set_height(self, height: float) -> None:
        """height: of the map, pixels."""
        self.setPos(_MARGIN, height - _MARGIN)

    def point(self, rotation: npt.NDArray[np.float64], names: tuple[str, ...]) -> None:
        """rotation: float64 (3, 3) of the camera. names: of the three axes."""
        self._directions, self._names = rotation.T, names
        self.setVisible(bool(names))
        self.update()

    @override
    def boundingRect(self) -> QRectF:
        return QRectF(-_MARGIN, -_MARGIN, 2 * _MARGIN, 2 * _MARGIN)

    @override
    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._font)
        metrics = QFontMetricsF(self._font)
        self._paint_ground(painter)
        # The axis that points away is drawn first, and paler.
        for axis in np.argsort(self._directions[:, 2]).tolist()[: len(self._names)]:
            right, up, near = self._directions[axis].tolist()
            name = self._names[axis]
            alpha = int(150 + 90 * near)
            painter.setPen(QPen(QColor(*self._colours["text"], alpha), 1.4))
            painter.drawLine(QPointF(0, 0), QPointF(right * _LENGTH, -up * _LENGTH))
            place = QPointF(right * (_LENGTH + _GAP), -up * (_LENGTH + _GAP))
            place -= QPointF(metrics.horizontalAdvance(name) / 2, -metrics.capHeight() / 2)
            painter.drawText(place, name)

    def _paint_ground(self, painter: QPainter) -> None:
        """Dots and names below pale towards the middle, so that the axes can be read."""
        ground = QRadialGradient(QPointF(0, 0), _MARGIN)
        ground.setColorAt(0.0, QColor(*self._colours["background"], 235))
        ground.setColorAt(0.75, QColor(*self._colours["background"], 225))
        ground.setColorAt(1.0, QColor(*self._colours["background"], 0))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawEllipse(QPointF(0, 0), _MARGIN, _MARGIN)
