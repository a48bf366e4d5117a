"""What is drawn over the dots of a map."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QGraphicsItem
from typing_extensions import override

from explorer.palettes import Rgb


class Overlay(QGraphicsItem):
    """As large as the map, or in a place of it; local coordinates are pixels of the view box."""

    def __init__(self, parent: QGraphicsItem | None = None) -> None:
        super().__init__(parent)
        self._size = (0.0, 0.0)
        self._colours: dict[str, Rgb] = {}

    @property
    def size(self) -> tuple[float, float]:
        """Of the map, pixels."""
        return self._size

    def set_colours(self, colours: dict[str, Rgb]) -> None:
        """Colours of the map (palettes.map_colours)."""
        self._colours = colours
        self.update()

    def spread(self, size: tuple[float, float]) -> None:
        """size: of the map, pixels. Does not ask for a repaint: it is called on the way to one."""
        if size != self._size:
            self.prepareGeometryChange()
            self._size = size

    @override
    def boundingRect(self) -> QRectF:
        return QRectF(0, 0, *self._size)
