"""Marks above the dots: rings and lines of the selection, and the tip at the mouse."""

from __future__ import annotations

from dataclasses import dataclass, field

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget
from typing_extensions import override

from explorer.gui.map.overlay import Overlay
from explorer.palettes import Rgb

_TIP_GAP = 12.0
_TIP_PADDING = (9.0, 6.0)
_MANY = 30  # of more selected rows the rings grow thin and pale, or they would hide the picture
_FAINTEST = 8 / 255
_STRONG = 0.82  # share of their colour that lines have; the rest is the background's
# Okabe & Ito's orange and purple, on light and on dark: neither is the colour of a selection.
_BELIEF: dict[str, tuple[Rgb, Rgb]] = {
    "missing": ((200, 120, 0), (240, 170, 40)),
    "false": ((160, 70, 130), (230, 150, 200)),
}


def ring_strength(count: int) -> float:
    """How strongly each of so many selected rows is ringed, in [0, 1]; 0 where none would show."""
    strength: float = min(1.0, (_MANY / max(1, count)) ** 1.5)
    return strength if strength >= _FAINTEST else 0.0


@dataclass(frozen=True)
class Marked:
    """Places of dots that are marked, pixels.

    chosen, near: selected dots and neighbours, to be ringed. missing: neighbours of the current
    dot that the map put far away. false: dots beside it that are no neighbours. origin: the
    current dot. source: where the lines to neighbours start: that, or the ghost point.
    """

    chosen: list[QPointF] = field(default_factory=list)
    near: list[QPointF] = field(default_factory=list)
    missing: list[QPointF] = field(default_factory=list)
    false: list[QPointF] = field(default_factory=list)
    origin: QPointF | None = None
    source: QPointF | None = None


class SelectionMarks(Overlay):
    """Rings around selected dots and neighbours, thin lines from the current dot to these; dashed
    ones to neighbours that lie far away, and broken rings about dots that only look near."""

    def __init__(self, parent: QGraphicsItem | None = None) -> None:
        super().__init__(parent)
        self._marked = Marked()
        self._strength = 1.0
        self._radius = 3.0

    def set_marks(
        self, size: tuple[float, float], marked: Marked, radius: float, strength: float = 1.0
    ) -> None:
        """size: of the map. radius: of the dots. Pixels. strength: of the rings about the chosen
        ones, as in `ring_strength`. Does not ask for a repaint: it is called on the way to one."""
        self.spread(size)
        self._marked, self._radius, self._strength = marked, radius, strength

    @override
    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        marked = self._marked
        if not (marked.chosen or marked.near) and marked.origin is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if marked.source is not None:
            # Qt takes seven times as long to draw a thousand lines that shine through.
            painter.setPen(QPen(self._paler("line"), 1.2))
            painter.drawLines([QLineF(marked.source, place) for place in marked.near])
        if marked.origin is not None:
            self._draw_belief(painter, marked.origin)
        painter.setPen(QPen(QColor(*self._colours["neighbor"]), 1.3))
        _rings(painter, marked.near, self._radius + 2)
        self._draw_rings(painter)

    def _draw_rings(self, painter: QPainter) -> None:
        """The current dot has a strong ring, however many are selected with it."""
        strength, colour = self._strength, QColor(*self._colours["selected"])
        if self._marked.origin is not None:
            painter.setPen(QPen(colour, 2.2))
            _rings(painter, [self._marked.origin], self._radius + 3.5)
        colour.setAlphaF(strength)
        painter.setPen(QPen(colour, 0.8 + 1.4 * strength))
        _rings(painter, self._marked.chosen, self._radius + 2 + 1.5 * strength)

    def _draw_belief(self, painter: QPainter, origin: QPointF) -> None:
        missing, false = (QColor(*self._belief(name)) for name in ("missing", "false"))
        pen = QPen(missing, 1.4, Qt.PenStyle.CustomDashLine)
        pen.setDashPattern([4, 3])
        painter.setPen(pen)
        for place in self._marked.missing:
            painter.drawLine(origin, place)
        painter.setPen(QPen(missing, 1.6))
        _rings(painter, self._marked.missing, self._radius + 2)
        pen = QPen(false, 1.6, Qt.PenStyle.CustomDashLine)
        pen.setDashPattern([1.5, 1.5])
        painter.setPen(pen)
        _rings(painter, self._marked.false, self._radius + 4)

    def _paler(self, name: str) -> QColor:
        """A colour of the map a little nearer to its background."""
        pairs = zip(self._colours[name], self._colours["background"], strict=True)
        return QColor(*(round(_STRONG * one + (1 - _STRONG) * other) for one, other in pairs))

    def _belief(self, name: str) -> Rgb:
        dark = sum(self._colours["background"]) < 3 * 128
        return _BELIEF[name][dark]


def _rings(painter: QPainter, places: list[QPointF], radius: float) -> None:
    for place in places:
        painter.drawEllipse(place, radius, radius)


class HoverMark(Overlay):
    """A ring around the dot under the mouse and its name beside it, as plain text.

    covered: what lies over the map, such as the legend: the tip stands beside it.
    """

    def __init__(self, parent: QGraphicsItem | None = None) -> None:
        super().__init__(parent)
        self.covered = QRectF()
        self._place = QPointF()
        self._radius = 3.0
        self._title = ""
        self._lines = ("", "")  # as they are written
        self._tip = QRectF()
        self._shown: object = None
        self._title_font, self._detail_font = QFont(), QFont()
        self._title_font.setPixelSize(13)
        self._title_font.setWeight(QFont.Weight.DemiBold)
        self._detail_font.setPixelSize(11)
        self.setVisible(False)

    @property
    def text(self) -> str:
        """What the tip says; "" while it is hidden."""
        return self._title if self.isVisible() else ""

    def show_at(
        self, place: QPointF, radius: float, title: str, detail: str, size: tuple[float, float]
    ) -> None:
        """place, radius: of the dot, pixels. size: of the map, inside which the tip stays."""
        shown = (place, radius, title, detail, size, QRectF(self.covered))
        if self.isVisible() and shown == self._shown:
            return  # another paint of the map for nothing
        self._shown = shown
        self.prepareGeometryChange()
        self._place, self._radius = place, radius
        self._title = title
        self._lines = self._fitting(title, detail, size[0] - 2 * (_TIP_PADDING[0] + 3))
        self._tip = self._tip_box(size)
        self.setVisible(True)
        self.update()

    @override
    def boundingRect(self) -> QRectF:
        reach = self._radius + 6
        ring = QRectF(self._place.x() - reach, self._place.y() - reach, 2 * reach, 2 * reach)
        return ring.united(self._tip.adjusted(-2, -2, 2, 3))

    @override
    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(*self._colours["strong"]), 1.8))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(self._place, self._radius + 2.2, self._radius + 2.2)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(0, 0, 0, 26))
        painter.drawRoundedRect(self._tip.adjusted(-1, 0, 1, 2), 6, 6)
        painter.setPen(QPen(QColor(*self._colours["tip_border"]), 1))
        painter.setBrush(QColor(*self._colours["tip"], 245))
        painter.drawRoundedRect(self._tip, 5, 5)
        self._write(painter)

    def _write(self, painter: QPainter) -> None:
        inner = self._tip.adjusted(_TIP_PADDING[0], _TIP_PADDING[1], 0, 0)
        title, detail = QFontMetricsF(self._title_font), QFontMetricsF(self._detail_font)
        painter.setPen(QColor(*self._colours["tip_text"]))
        painter.setFont(self._title_font)
        painter.drawText(inner.topLeft() + QPointF(0, title.ascent()), self._lines[0])
        if self._lines[1]:
            painter.setPen(QColor(*self._colours["text"]))
            painter.setFont(self._detail_font)
            below = title.height() + 1 + detail.ascent()
            painter.drawText(inner.topLeft() + QPointF(0, below), self._lines[1])

    def _fitting(self, title: str, detail: str, width: float) -> tuple[str, str]:
        """Both lines, with an ellipsis where the map is narrower than they are."""
        fonts, right = (self._title_font, self._detail_font), Qt.TextElideMode.ElideRight
        first, second = (
            QFontMetricsF(font).elidedText(text, right, width)
            for font, text in zip(fonts, (title, detail), strict=True)
        )
        return first, second

    def _tip_box(self, size: tuple[float, float]) -> QRectF:
        title, detail = QFontMetricsF(self._title_font), QFontMetricsF(self._detail_font)
        width = title.horizontalAdvance(self._lines[0])
        height = title.height()
        if self._lines[1]:
            width = max(width, detail.horizontalAdvance(self._lines[1]))
            height += 1 + detail.height()
        width, height = width + 2 * _TIP_PADDING[0], height + 2 * _TIP_PADDING[1]
        return self._beside_the_dot(round(width), round(height), size)

    def _beside_the_dot(self, width: float, height: float, size: tuple[float, float]) -> QRectF:
        """To the upper right of the dot, or at the next of its corners with room for the tip."""
        gap, x, y = self._radius + _TIP_GAP, self._place.x(), self._place.y()
        above, below = y - height - gap / 2, y + gap / 2
        corners = [
            QRectF(round(left) + 0.5, round(top) + 0.5, width, height)
            for top in (above, below)
            for left in (x + gap, x - gap - width)
        ]
        room = QRectF(2, 2, size[0] - 4, size[1] - 4)
        inside = [box for box in corners if room.contains(box)]
        free = [box for box in inside if not box.intersects(self.covered)]
        if free or inside:
            return (free or inside)[0]
        # Wider than the room on either side: as far over or under the dot as it has to be.
        left = max(room.left(), min(x + gap, room.right() - width))
        return QRectF(round(left) + 0.5, round(below if above < 2 else above) + 0.5, width, height)
