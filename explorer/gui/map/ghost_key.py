"""What the ghost point on a map is: its mark and its name, in a line under the legend."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractScrollArea, QSizePolicy, QWidget
from typing_extensions import override

from explorer.gui.map.ghost import RADIUS, Ghost, draw_ghost
from explorer.gui.widgets.plain import plain_tooltip
from explorer.palettes import map_colours
from explorer.tokens import shown

_PADDING = 10
_GAP = 8.0
_WIDEST = 220.0  # pixels of a name
_LONGEST = 120  # characters


class GhostKey(QWidget):
    """Hidden where there is no ghost, or one without a place; the tip says how it was placed."""

    def __init__(self, parent: QAbstractScrollArea) -> None:
        # A scroll area would keep the events that its viewport is to have.
        super().__init__(parent.viewport())
        self.setObjectName("map_ghost_key")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._ghost: Ghost | None = None
        self._colours = map_colours(False)
        self._font = QFont(self.font())
        self._font.setPixelSize(11)
        self.hide()

    def set_dark(self, dark: bool) -> None:
        self._colours = map_colours(dark)
        self.update()

    def set_ghost(self, ghost: Ghost | None) -> None:
        """None for none."""
        self._ghost = ghost if ghost is not None and ghost.place is not None else None
        if self._ghost is not None:
            title = shown(self._ghost.title, _LONGEST)
            self.setAccessibleName(f"Query on the map: {title}")
            self.setAccessibleDescription(self._ghost.detail)
            self.setToolTip(plain_tooltip(f"{title}: {self._ghost.detail}"))
            self.resize(self.sizeHint())
        self.setVisible(self._ghost is not None)
        self.update()

    @property
    def name(self) -> str:
        """What is written, shortened where it is long; "" for no ghost."""
        if self._ghost is None:
            return ""
        title = shown(self._ghost.title, _LONGEST)
        metrics = QFontMetricsF(self._font)
        return metrics.elidedText(title, Qt.TextElideMode.ElideRight, _WIDEST)

    @override
    def sizeHint(self) -> QSize:
        metrics = QFontMetricsF(self._font)
        width = 2 * _PADDING + 2 * RADIUS + _GAP + metrics.horizontalAdvance(self.name)
        return QSize(int(width) + 1, int(max(metrics.height(), 2 * RADIUS)) + 10)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(*self._colours["axis"], 150), 1))
        painter.setBrush(QColor(*self._colours["background"], 225))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        draw_ghost(painter, QPointF(_PADDING + RADIUS, self.height() / 2), self._colours)
        metrics = QFontMetricsF(self._font)
        base = (self.height() - metrics.height()) / 2 + metrics.ascent()
        painter.setFont(self._font)
        painter.setPen(QColor(*self._colours["title"]))
        painter.drawText(QPointF(_PADDING + 2 * RADIUS + _GAP, base), self.name)
