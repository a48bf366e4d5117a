"""The map's two axes: plain titles, true numbers, quiet colours."""

from __future__ import annotations

import pyqtgraph as pg
from PySide6.QtGui import QColor

from explorer.palettes import Rgb

_WIDTH = 60  # pixels


def style_axes(plot: pg.PlotItem, titles: tuple[str, ...], colours: dict[str, Rgb]) -> None:
    """Shows both axes of a flat map with these titles; hides them for any other number."""
    for place, side in enumerate(("bottom", "left")):
        axis = plot.getAxis(side)
        title = titles[place] if len(titles) == 2 else ""
        axis.setVisible(bool(title))
        if title:
            axis.setLabel(_plain(title), color=QColor(*colours["text"]).name())
        axis.setPen(QColor(*colours["axis"]))
        axis.setTextPen(QColor(*colours["text"]))
        axis.setStyle(tickLength=-4, maxTickLevel=0)
        unscaled(axis)
    # A width of its own, or longer numbers would push the map aside while zooming.
    plot.getAxis("left").setWidth(_WIDTH)


def unscaled(axis: pg.AxisItem) -> None:
    """Makes an axis write its numbers as they are.

    Switching the SI prefix off is not enough: pyqtgraph then works out the scale once more (0.14,
    AxisItem.updateAutoSIPrefix) and keeps that of the range shown at the time.
    """
    axis.setSIPrefixEnableRanges(())
    axis.enableAutoSIPrefix(False)


def _plain(text: str) -> str:
    """pyqtgraph's axis labels are HTML."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
