"""What the lookup returns: one strip an id, in the order and the nesting of the ids."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from explorer.gui.panels.layer.lines import Line, LinesPicture
from explorer.gui.theme import Theme
from explorer.gui.widgets.heat import heat_image, paint_heat


class ResultPicture(LinesPicture):
    """Each strip is one row of the result, at its place in it."""

    PLACE = 64

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, "layer_result", "The result", parent)
        self._numbers = np.empty((0, 0), np.float32)
        self._largest = 1.0
        self._strips: list[QImage] = []
        theme.changed.connect(self._colour)

    def show_result(self, lines: list[Line], numbers: np.ndarray, largest: float) -> None:
        """numbers: float32 (n, dim), the first of them one a line. largest: what the ends of the
        ramp stand for."""
        self._numbers, self._largest = numbers, largest
        self.show_lines(lines, len(numbers))
        self._colour()

    def _colour(self) -> None:
        shown = self._numbers[: len(self._lines)]
        self._strips = [heat_image(row[None, :], self._largest, dark=self.dark) for row in shown]
        self.update()

    @override
    def draw_line(self, painter: QPainter, area: QRectF, place: int) -> None:
        paint_heat(painter, area.adjusted(0, 4, 0, -4), self._strips[place], self.colour("warning"))
