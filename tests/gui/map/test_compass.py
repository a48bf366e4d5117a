import numpy as np
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QStyleOptionGraphicsItem

from explorer.gui.map.compass import Compass
from explorer.palettes import map_colours


def test_what_lies_under_the_compass_fades_into_the_background(qapp):
    compass, colours = Compass(), map_colours(True)
    compass.set_colours(colours)
    compass.point(np.eye(3), ("PC 1", "PC 2", "PC 3"))
    canvas = QImage(200, 200, QImage.Format.Format_RGB32)
    canvas.fill(QColor(255, 255, 255))
    painter = QPainter(canvas)
    painter.translate(100, 100)
    compass.paint(painter, QStyleOptionGraphicsItem())
    painter.end()
    background = colours["background"]
    assert canvas.pixelColor(80, 120).red() < background[0] + 40  # between the axes
    assert canvas.pixelColor(5, 5).red() == 255
