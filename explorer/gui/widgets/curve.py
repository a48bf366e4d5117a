"""The learning curve: loss of every step, and the validation figures of every epoch."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from explorer.gui.map.axes import unscaled
from explorer.gui.theme import Theme

_SMOOTHING = 50  # a moving mean over so many steps at the end of the curve


class Curve(pg.PlotWidget):
    """Loss against steps; the mean of an epoch's validation loss as dots."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setObjectName("training_curve")
        self.setAccessibleName("Learning curve")
        self.setToolTip("Line: training loss of each step. Dots: validation loss of each epoch.")
        self.setMenuEnabled(False)
        self.setMouseEnabled(False, False)
        self.hideButtons()
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._line = self.plot([], [])
        self._dots = self.plot([], [], pen=None, symbol="o", symbolSize=7)
        self.setLabel("left", "loss")
        self.setLabel("bottom", "step")
        theme.changed.connect(self._style)
        self._style()

    def show_losses(
        self,
        losses: npt.NDArray[np.float32],
        epoch_ends: Sequence[float],
        validation: Sequence[float],
    ) -> None:
        """losses: one a step. validation: one an epoch, drawn at the steps `epoch_ends`."""
        smooth = _smoothed(losses)
        self._line.setData(np.arange(1, len(smooth) + 1), smooth)
        self._dots.setData(list(epoch_ends), list(validation))

    def _style(self) -> None:
        colour = self._theme.colour
        self.setBackground(colour("panel"))
        self._line.setPen(pg.mkPen(colour("accent"), width=1.6))
        self._dots.setSymbolBrush(pg.mkBrush(colour("warning")))
        self._dots.setSymbolPen(pg.mkPen(colour("panel")))
        for name in ("left", "bottom"):
            axis = self.getAxis(name)
            axis.setPen(pg.mkPen(colour("border")))
            axis.setTextPen(pg.mkPen(colour("muted")))
            axis.setStyle(tickLength=-4)
            unscaled(axis)


def _smoothed(losses: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
    """Mean of the last steps at each step: a batch's loss alone is mostly noise."""
    sums = np.concatenate([[0.0], np.cumsum(losses, dtype=np.float64)])
    stops = np.arange(1, len(losses) + 1)
    starts = np.maximum(0, stops - _SMOOTHING)
    return (sums[stops] - sums[starts]) / np.maximum(1, stops - starts)
