"""Names on the map: the important ones first, never one over another.

Placement is greedy (Christensen, Marks & Shieber 1995, "An empirical study of algorithms for
point-feature label placement", section 3.1) on a grid of small cells: a label takes the first of
its places whose cells are all free.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPixmap
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget
from typing_extensions import override

from explorer.gui.map.overlay import Overlay
from explorer.palettes import Rgb

_CELL = 3  # pixels
_HALO = 3.0
# How far from a letter its halo is drawn, how strong each time, how often round.
_ROUNDS = ((_HALO, 60, 12), (_HALO / 2, 170, 8))
_AREA_PER_LABEL = 15_000.0  # square pixels of map for each ordinary label
_CACHED = 400  # pictures of names, 10 to 20 KB each; about 50 are in sight at once

ORDINARY, NEAR, CHOSEN = 0, 1, 2
SIZES = (8, 24)  # pixels
_USUAL_SIZE = 11
_SHARES = (1.0, 1.09, 1.27)  # of that size, by kind
_WEIGHTS = (QFont.Weight.Normal, QFont.Weight.Medium, QFont.Weight.Bold)


class Ground:
    """Which cells of the map are taken."""

    def __init__(self, width: float, height: float) -> None:
        self.width, self.height = width, height
        self._taken = np.zeros((int(height // _CELL) + 2, int(width // _CELL) + 2), dtype=bool)

    def take(self, box: QRectF) -> bool:
        """Takes the box if it lies on the map and is free; says whether it was."""
        if box.left() < 0 or box.top() < 0:
            return False
        if box.right() > self.width or box.bottom() > self.height:
            return False
        cells = self._cells(box)
        if self._taken[cells].any():
            return False
        self._taken[cells] = True
        return True

    def block(self, box: QRectF) -> None:
        """Takes the box whatever is there: no label is put upon it. An empty one takes nothing."""
        if not box.isEmpty():
            self._taken[self._cells(box)] = True

    def _cells(self, box: QRectF) -> tuple[slice, slice]:
        left, top = max(0, int(box.left() // _CELL)), max(0, int(box.top() // _CELL))
        right, bottom = int(box.right() // _CELL) + 1, int(box.bottom() // _CELL) + 1
        return slice(top, max(bottom, top)), slice(left, max(right, left))


# Where a label lies beside its dot: right, left, above, below, then the corners. In gaps and whole
# widths and heights of the label from the dot to its upper left corner.
_SIDES = (
    ((1.0, 0.0), (0.0, -0.5)),
    ((-1.0, -1.0), (0.0, -0.5)),
    ((0.0, -0.5), (-1.0, -1.0)),
    ((0.0, -0.5), (1.0, 0.0)),
    ((0.6, 0.0), (-0.6, -1.0)),
    ((0.6, 0.0), (0.6, 0.0)),
    ((-0.6, -1.0), (-0.6, -1.0)),
    ((-0.6, -1.0), (0.6, 0.0)),
)


def beside(side: int, x: float, y: float, width: float, height: float, gap: float) -> QRectF:
    """One of the eight places of a label around its dot."""
    (gaps_x, widths), (gaps_y, heights) = _SIDES[side]
    left, top = x + gaps_x * gap + widths * width, y + gaps_y * gap + heights * height
    return QRectF(left, top, width, height)


@dataclass(slots=True)
class Label:
    """A name and where it stands. kind: ORDINARY, NEAR (a neighbour) or CHOSEN (selected).
    side: which of the places around its dot it has."""

    row: int
    text: str
    kind: int
    box: QRectF
    side: int = 0


class LabelLayer(Overlay):
    """Paints labels.

    covered: what lies over the map, such as the legend: no label is put under it.
    """

    def __init__(self, parent: QGraphicsItem | None = None) -> None:
        super().__init__(parent)
        self.labels: list[Label] = []
        self.covered = QRectF()
        self._sides: dict[int, int] = {}
        self._scale = 1.0
        self.paled = False
        self._fonts = [QFont(), QFont(), QFont()]
        self._pixmaps: OrderedDict[tuple[str, int, float], QPixmap] = OrderedDict()
        self._widths: dict[tuple[str, int], float] = {}
        self.set_size(_USUAL_SIZE)

    def set_size(self, pixels: int) -> None:
        """Height of the letters of ordinary names, 8 to 24; those of selected rows are larger and
        bold."""
        pixels = min(max(pixels, SIZES[0]), SIZES[1])
        self._scale = pixels / _USUAL_SIZE
        for font, share, weight in zip(self._fonts, _SHARES, _WEIGHTS, strict=True):
            font.setPixelSize(round(pixels * share))
            font.setWeight(weight)
        self._metrics = [QFontMetricsF(font) for font in self._fonts]
        self._forget()

    @override
    def set_colours(self, colours: dict[str, Rgb]) -> None:
        super().set_colours(colours)
        self._forget()

    def size_of(self, text: str, kind: int) -> tuple[float, float]:
        """Pixels that a label takes."""
        key = (text, kind)
        if key not in self._widths:
            self._widths[key] = self._metrics[kind].horizontalAdvance(text)
        return self._widths[key] + 2, self._metrics[kind].height()

    def forget_places(self) -> None:
        """The rows are others now: no label is to stay where it is."""
        self.labels = []

    def arrange(
        self,
        size: tuple[float, float],
        candidates: Sequence[tuple[int, str, int]],
        x: npt.NDArray[np.float32],
        y: npt.NDArray[np.float32],
        radius: float,
    ) -> None:
        """Places as many candidates as fit.

        size: of the map, pixels. candidates: (row, text, kind), most important first.
        x, y: their dots, pixels. Does not ask for a repaint: it is called on the way to one.
        """
        self.spread(size)
        anchors = list(zip(candidates, x.tolist(), y.tolist(), strict=True))
        # A label that stays keeps its side of the dot, or it would hop about as others come and go.
        self._sides = {label.row: label.side for label in self.labels}
        self.labels = []
        ground = self._ground(anchors, radius)
        if anchors and anchors[0][0][2] == CHOSEN:
            first = anchors.pop(0)
            if not self._place(ground, *first, radius):
                # The current row's name comes before even the dots that should stay in sight.
                ground = Ground(*size)
                self._place(ground, *first, radius)
                ground.block(self.covered)
        left = int(size[0] * size[1] / (_AREA_PER_LABEL * self._scale**1.5))
        for candidate, at_x, at_y in anchors:
            if candidate[2] == ORDINARY and left <= 0:
                break
            placed = self._place(ground, candidate, at_x, at_y, radius)
            left -= placed and candidate[2] == ORDINARY

    def _ground(
        self, anchors: list[tuple[tuple[int, str, int], float, float]], radius: float
    ) -> Ground:
        """A map on which no label may cover the dots that stand out, or be covered itself."""
        ground = Ground(*self._size)
        ground.block(self.covered)
        for (_, _, kind), x, y in anchors:
            if kind != ORDINARY:
                ground.block(QRectF(x - radius, y - radius, 2 * radius, 2 * radius))
        return ground

    def _place(
        self, ground: Ground, candidate: tuple[int, str, int], x: float, y: float, radius: float
    ) -> bool:
        row, text, kind = candidate
        width, height = self.size_of(text, kind)
        gap = radius + (5 if kind else 2)
        usual = self._sides.get(row, 0)
        for side in dict.fromkeys((usual, *range(len(_SIDES)))):
            box = beside(side, x, y, width, height, gap)
            if ground.take(box):
                self.labels.append(Label(row, text, kind, box, side))
                return True
        return False

    @override
    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        dpr = painter.device().devicePixelRatioF()
        for label in self.labels:
            painter.setOpacity(0.45 if self.paled and label.kind == ORDINARY else 1.0)
            pixmap = self._pixmap(label.text, label.kind, dpr)
            corner = label.box.topLeft() - QPointF(_HALO, _HALO)
            # Whole device pixels keep the letters sharp.
            painter.drawPixmap(
                QPointF(round(corner.x() * dpr) / dpr, round(corner.y() * dpr) / dpr), pixmap
            )
        painter.setOpacity(1.0)

    def _pixmap(self, text: str, kind: int, dpr: float) -> QPixmap:
        key = (text, kind, dpr)
        if key in self._pixmaps:
            self._pixmaps.move_to_end(key)
            return self._pixmaps[key]
        while len(self._pixmaps) >= _CACHED:
            self._pixmaps.popitem(last=False)
        self._pixmaps[key] = pixmap = self._drawn(text, kind, dpr)
        return pixmap

    def _drawn(self, text: str, kind: int, dpr: float) -> QPixmap:
        """The text with a soft halo of the background's colour. drawText takes plain text."""
        width, height = self.size_of(text, kind)
        pixmap = QPixmap(
            int(np.ceil((width + 2 * _HALO) * dpr)), int(np.ceil((height + 2 * _HALO) * dpr))
        )
        pixmap.setDevicePixelRatio(dpr)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        base = QPointF(_HALO + 1, _HALO + self._metrics[kind].ascent())
        painter.setFont(self._fonts[kind])
        # The text itself, drawn round about: a stroke along its outline takes twenty times as long.
        for radius, alpha, turns in _ROUNDS:
            painter.setPen(QColor(*self._colours["halo"], alpha))
            for turn in range(turns):
                angle = 2 * math.pi * turn / turns
                away = QPointF(radius * math.cos(angle), radius * math.sin(angle))
                painter.drawText(base + away, text)
        painter.setPen(QColor(*self._colours["label" if kind == ORDINARY else "strong"]))
        painter.drawText(base, text)
        painter.end()
        return pixmap

    def _forget(self) -> None:
        self._pixmaps.clear()
        self._widths.clear()
        self.update()
