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
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPixmap
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget
from typing_extensions import override

from explorer.gui.map.overlay import Overlay
from explorer.gui.map.sides import SIDES, Dots, beside
from explorer.palettes import Rgb

_CELL = 3  # pixels
_HALO = 3.0
# How far from a letter its halo is drawn, how strong each time, how often round.
_ROUNDS = ((_HALO, 60, 12), (_HALO / 2, 170, 8))
_RIM = 1.0  # of a dot that a label may touch: cells are coarse
# Square pixels of map for each ordinary label: where few dots are in view, and where many are.
_AREAS = (5_000.0, 15_000.0)
_EACH = 200  # dots in view: of so few each is to be seen, whatever its neighbour is called
_CACHED = 400  # pictures of names, 10 to 20 KB each; about 50 are in sight at once

F32 = npt.NDArray[np.float32]

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

    def take(self, box: QRectF, *, rim: float = 0.0) -> bool:
        """Takes the box if it lies on the map and is free, but for a rim of so many pixels; says
        whether it was."""
        if box.left() < 0 or box.top() < 0:
            return False
        if box.right() > self.width or box.bottom() > self.height:
            return False
        cells = self._cells(box)
        inside = self._cells(box.adjusted(rim, rim, -rim, -rim)) if rim else cells
        if self._taken[inside].any():
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


class _Anchor(NamedTuple):
    """A name that is wanted at a dot, x and y in pixels. clear: its sides without other dots."""

    row: int
    text: str
    kind: int
    x: float
    y: float
    clear: list[int]


def _gap(radius: float, kind: int) -> float:
    """Between the centre of a dot and its label: what stands out has a ring."""
    return radius + (5 if kind else 2)


@dataclass(slots=True)
class Label:
    """A name and where it stands. kind: ORDINARY, NEAR (a neighbour) or CHOSEN (selected).
    side: which of the places around its dot it has. pale: whether it is, once others stand out."""

    row: int
    text: str
    kind: int
    box: QRectF
    side: int = 0
    pale: bool = False


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
        self._steady = False
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
        self.forget_places()

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

    def row_at(self, place: QPointF) -> int:
        """The row whose name is written there; -1 for none."""
        return next((label.row for label in self.labels if label.box.contains(place)), -1)

    def forget_places(self) -> None:
        """The rows are others now: no label is to stay where it is."""
        self.labels = []

    def arrange(
        self,
        size: tuple[float, float],
        candidates: Sequence[tuple[int, str, int]],
        x: F32,
        y: F32,
        radius: float,
        dots: tuple[F32, F32] | None = None,
        *,
        steady: bool = False,
    ) -> None:
        """Places as many candidates as fit.

        size: of the map, pixels. candidates: (row, text, kind), most important first.
        x, y: their dots, pixels. dots: those of all rows in view, where they are few: ordinary
        labels stand beside them, but for the first ones where there is no room; None for many.
        steady: the map is only moved, so that labels stay as they were. Does not ask for a
        repaint: it is called on the way to one.
        """
        self.spread(size)
        sides = self._clear_sides(candidates, x, y, radius, dots)
        places = zip(candidates, x.tolist(), y.tolist(), sides, strict=True)
        anchors = [_Anchor(*candidate, *place) for candidate, *place in places]
        # A label that stays keeps its side of the dot, or it would hop about as others come and go.
        self._sides = {label.row: label.side for label in self.labels}
        self._steady = steady
        self.labels = []
        ground = self._ground(anchors, radius)
        if anchors and anchors[0].kind == CHOSEN:
            first = anchors.pop(0)
            if not self._place(ground, first, radius):
                # The current row's name comes before even the dots that should stay in sight.
                ground = Ground(*size)
                self._place(ground, first, radius)
                ground.block(self.covered)
        few, usual = (int(size[0] * size[1] / (area * self._scale**1.5)) for area in _AREAS)
        left = usual if dots is None else few
        leaders = usual if dots is not None and len(dots[0]) > _EACH else 0
        for anchor in anchors:
            if anchor.kind != ORDINARY:
                self._place(ground, anchor, radius)
            elif left > 0:
                left -= self._place(ground, anchor, radius, covering=leaders > 0)
                leaders -= 1

    def _clear_sides(
        self,
        candidates: Sequence[tuple[int, str, int]],
        x: F32,
        y: F32,
        radius: float,
        dots: tuple[F32, F32] | None,
    ) -> list[list[int]]:
        """For each candidate the sides on which it covers none of the dots; where these are None,
        all sides."""
        if dots is None or not candidates:
            return [list(range(len(SIDES)))] * len(candidates)
        boxes = np.array([self.size_of(text, kind) for _, text, kind in candidates], np.float32)
        gaps = np.array([_gap(radius, kind) for _, _, kind in candidates], np.float32)
        clear = Dots(*dots, radius - _RIM, self._size).clear_of(x, y, boxes, gaps)
        return [np.flatnonzero(sides).tolist() for sides in clear]

    def _ground(self, anchors: Sequence[_Anchor], radius: float) -> Ground:
        """A map on which no label may cover the dots that stand out, or be covered itself."""
        ground = Ground(*self._size)
        ground.block(self.covered)
        for anchor in anchors:
            if anchor.kind != ORDINARY:
                x, y = anchor.x - radius, anchor.y - radius
                ground.block(QRectF(x, y, 2 * radius, 2 * radius))
        return ground

    def _place(
        self, ground: Ground, anchor: _Anchor, radius: float, *, covering: bool = True
    ) -> bool:
        """covering: the name may lie over other dots where it has to."""
        width, height = self.size_of(anchor.text, anchor.kind)
        gap = _gap(radius, anchor.kind)
        usual = self._sides.get(anchor.row, -1)
        sides = [usual, *anchor.clear] if self._steady or usual in anchor.clear else anchor.clear
        if covering:
            sides = [*sides, *range(len(SIDES))]
        for side in dict.fromkeys(sides):
            if side < 0:
                continue
            box = beside(side, anchor.x, anchor.y, width, height, gap)
            # What fitted still fits, whichever cells its ends fall into now.
            if ground.take(box, rim=_CELL if self._steady and side == usual else 0):
                self.labels.append(Label(anchor.row, anchor.text, anchor.kind, box, side))
                return True
        return False

    @override
    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        dpr = painter.device().devicePixelRatioF()
        for label in self.labels:
            painter.setOpacity(0.45 if self.paled and label.pale else 1.0)
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
