"""Marks that tell categories apart without colour, in the order of palettes.SHAPES."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainterPath, QPolygonF

Floats = npt.NDArray[np.floating]

# Of the radius of a dot; chosen so that all cover about as many pixels as the dot does.
_SQUARE = 0.89
_TRIANGLE = 0.69  # from its middle to its sides
_CROSS = (1.15, 0.42)  # length and width of its arms
_RING = (0.82, 0.32)  # its middle line, half its thickness
REACH = 1.4  # no shape is wider


def distance(shape: int, dx: Floats, dy: Floats, radius: float) -> Floats:
    """How far places lie outside a shape, negative inside; y goes down. All in pixels."""
    across, down = np.abs(dx), np.abs(dy)
    if shape == 1:
        return np.maximum(across, down) - np.float32(_SQUARE * radius)
    if shape == 2:
        slope = np.float32(np.sqrt(0.75)) * across - np.float32(0.5) * dy
        return np.maximum(dy, slope) - np.float32(_TRIANGLE * radius)
    if shape == 3:
        return (across + down) / np.float32(np.sqrt(2)) - np.float32(_SQUARE * radius)
    if shape == 4:
        long, wide = (np.float32(share * radius) for share in _CROSS)
        level = np.maximum(across - long, down - wide)
        return np.minimum(level, np.maximum(across - wide, down - long))
    away = np.hypot(dx, dy)
    if shape == 5:
        middle, half = (np.float32(share * radius) for share in _RING)
        return np.abs(away - middle) - half
    return away - np.float32(radius)


def outline(shape: int, centre: QPointF, radius: float) -> QPainterPath:
    """The same shapes for a legend."""
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.WindingFill)
    if shape in (0, 5):
        path.setFillRule(Qt.FillRule.OddEvenFill)
        outer = radius if shape == 0 else (_RING[0] + _RING[1]) * radius
        path.addEllipse(centre, outer, outer)
        if shape == 5:
            inner = (_RING[0] - _RING[1]) * radius
            path.addEllipse(centre, inner, inner)
    elif shape == 4:
        long, wide = (share * radius for share in _CROSS)
        path.addRect(centre.x() - long, centre.y() - wide, 2 * long, 2 * wide)
        path.addRect(centre.x() - wide, centre.y() - long, 2 * wide, 2 * long)
    else:
        corners = {
            1: ((-1, -1), (1, -1), (1, 1), (-1, 1)),
            2: ((0, -2), (np.sqrt(3), 1), (-np.sqrt(3), 1)),
            3: ((0, -1), (1, 0), (0, 1), (-1, 0)),
        }[shape]
        size = radius * {1: _SQUARE, 2: _TRIANGLE, 3: _SQUARE * np.sqrt(2)}[shape]
        path.addPolygon(QPolygonF([centre + size * QPointF(x, y) for x, y in corners]))
        path.closeSubpath()
    return path
