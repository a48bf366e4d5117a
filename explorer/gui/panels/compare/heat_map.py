"""A matrix of cosines as colours: every token with every other."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFont,
    QFontMetricsF,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from explorer.gui.panels.compare.plan import GAP, PRINTED, Plan
from explorer.gui.theme import Theme
from explorer.palettes import ramp_colours

F64 = npt.NDArray[np.float64]
Pair = tuple[int, int]

_TEXT = 12  # pixels
_MOVES = {
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
}
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
_FOUND = 9  # pixels, the least mark round a cell
_GAPPED = 12  # pixels, the least cell that is set apart from the next


class HeatMap(QWidget):
    """Cells, names on two sides, a colour bar. Places are those of the matrix, from 0.

    pointed: (row, column) of the cell that the mouse or the keys are on; None for none.
    chosen: (row, column) of a cell that was clicked, or Enter pressed on.
    """

    pointed = Signal(object)
    chosen = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._values: F64 = np.empty((0, 0))
        self._names: list[str] = []
        self._odd: int | None = None
        self._at: Pair | None = None
        self._plan = Plan.of(1, 1, ())
        self.setObjectName("compare_heat_map")
        self.setAccessibleName("Similarity matrix")
        self.setToolTip(
            "Click a cell to select its two tokens; the arrow keys move from cell to cell"
        )
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        theme.changed.connect(self.update)

    @override
    def sizeHint(self) -> QSize:
        return QSize(520, 420)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(240, 200)

    def show_matrix(self, values: F64, names: Sequence[str], odd: int | None = None) -> None:
        """values: float64 (n, n), cosines, NaN where a row has no direction. names: of the n rows.
        odd: the place that is marked."""
        self._values, self._names, self._odd = values, list(names), odd
        self._place()
        self._point(None)

    @property
    def plan(self) -> Plan:
        """Where everything is now."""
        return self._plan

    @property
    def at(self) -> Pair | None:
        """The cell that mouse or keys are on."""
        return self._at

    @property
    def reach(self) -> float:
        """The cosine at the ends of the colours: no cell off the diagonal is beyond it."""
        off = np.abs(self._values[~np.eye(len(self._values), dtype=bool)])
        known = off[np.isfinite(off)]
        largest = float(known.max()) if len(known) else 1.0
        return min(1.0, max(0.1, math.ceil(10 * largest - 1e-9) / 10))

    def picture(self, scale: float = 2.0) -> QPixmap:
        """The map as it stands, on its background, `scale` pixels for one of the screen."""
        pixmap = QPixmap(self.size() * scale)
        pixmap.setDevicePixelRatio(scale)
        pixmap.fill(self._theme.colour("panel"))
        painter = QPainter(pixmap)
        self._paint(painter, marked=False)
        painter.end()
        return pixmap

    # --- mouse and keys ---------------------------------------------------------------------------

    def _point(self, at: Pair | None) -> None:
        self._at = at
        self.update()
        self.pointed.emit(at)

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = self._plan.at(event.position()) if self._names else None
        if at != self._at:
            self._point(at)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = self._plan.at(event.position()) if self._names else None
        if event.button() == Qt.MouseButton.LeftButton and at is not None:
            self._point(at)
            self.chosen.emit(at)

    @override
    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        if not self.hasFocus():
            self._point(None)

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if (
            self._at is None
            and len(self._names) > 1
            and event.reason() != Qt.FocusReason.MouseFocusReason
        ):
            self._point((1, 0))

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._point(None)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if not self._names:
            super().keyPressEvent(event)
        elif key in _MOVES:
            down, right = _MOVES[Qt.Key(key)]
            row, column = self._at or (0, 0)
            last = len(self._names) - 1
            self._point((min(max(row + down, 0), last), min(max(column + right, 0), last)))
        elif key in _ENTER and self._at is not None:
            self.chosen.emit(self._at)
        else:
            super().keyPressEvent(event)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        measure = QFontMetricsF(self._font(strong=True))
        widths = [measure.horizontalAdvance(name) for name in self._names]
        self._plan = Plan.of(self.width(), self.height(), widths)
        self.update()

    # --- painting ---------------------------------------------------------------------------------

    def _font(self, *, strong: bool = False, size: int = _TEXT) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(size)
        font.setBold(strong)
        return font

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self._paint(painter, marked=True)
        painter.end()

    def _paint(self, painter: QPainter, *, marked: bool) -> None:
        if not self._names:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
        self._paint_cells(painter)
        self._paint_names(painter, marked=marked)
        self._paint_bar(painter)
        if marked and self._at is not None:
            self._paint_mark(painter, self._at)

    def _paint_mark(self, painter: QPainter, at: Pair) -> None:
        """Round the cell that is pointed at, never smaller than an eye finds."""
        cell = self._plan.rect(*at).adjusted(0, 0, -1, -1)
        more = max(0.0, (_FOUND - cell.width()) / 2)
        painter.setPen(QPen(self._theme.colour("text"), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(cell.adjusted(-more, -more, more, more))

    def _colours(self) -> npt.NDArray[np.uint8]:
        """uint8 (n, n, 3). The diagonal is 1 whatever the table: it is left grey."""
        ramp = ramp_colours("diverging", dark=self._theme.dark)
        shares = np.clip(self._values / self.reach / 2 + 0.5, 0, 1)
        codes = np.nan_to_num(shares * 255, nan=0.0).round().astype(np.uint8)
        colours = ramp[codes]
        grey = self._theme.colour("hover")
        blank = np.eye(len(codes), dtype=bool) | ~np.isfinite(self._values)
        colours[blank] = grey.red(), grey.green(), grey.blue()
        return colours

    def _paint_cells(self, painter: QPainter) -> None:
        plan, colours = self._plan, np.ascontiguousarray(self._colours())
        if plan.cell < _GAPPED:
            image = QImage(
                colours.data, plan.count, plan.count, 3 * plan.count, QImage.Format.Format_RGB888
            )
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
            painter.drawImage(plan.area, image)
            return
        painter.setFont(self._font(size=11))
        for row in range(plan.count):
            for column in range(plan.count):
                colour = QColor(*colours[row, column].tolist())
                cell = plan.rect(row, column).adjusted(0, 0, -1, -1)
                painter.fillRect(cell, colour)
                if plan.cell >= PRINTED and row != column:
                    self._paint_number(painter, cell, self._values[row, column], colour)

    def _paint_number(self, painter: QPainter, cell: QRectF, value: float, on: QColor) -> None:
        light = 0.299 * on.red() + 0.587 * on.green() + 0.114 * on.blue() > 140
        painter.setPen(QColor("#1b2028" if light else "#f4f5f7"))
        painter.drawText(cell, Qt.AlignmentFlag.AlignCenter, short(value))

    def _paint_names(self, painter: QPainter, *, marked: bool) -> None:
        row, column = self._at if marked and self._at is not None else (None, None)
        self._paint_side(painter, row, self._paint_beside)
        self._paint_side(painter, column, self._paint_above)

    def _paint_side(
        self, painter: QPainter, here: int | None, paint: Callable[[QPainter, int, str], None]
    ) -> None:
        """The names of one side: the one pointed at, the odd one out, and others that have room."""
        plan, stress = self._plan, [place for place in (here, self._odd) if place is not None]
        for place in range(plan.count):
            if place not in stress:
                near = any(abs(place - other) < plan.every for other in stress)
                if place % plan.every or near:
                    continue
            colour = "muted" if place not in stress else "text" if place == here else "warning"
            font = self._font(strong=place in stress)
            painter.setFont(font)
            painter.setPen(self._theme.colour(colour))
            measure, right = QFontMetricsF(font), Qt.TextElideMode.ElideRight
            paint(painter, place, measure.elidedText(self._names[place], right, plan.longest))

    def _paint_beside(self, painter: QPainter, place: int, text: str) -> None:
        plan = self._plan
        middle = plan.top + (place + 0.5) * plan.cell
        area = QRectF(plan.left - GAP - plan.longest - 8, middle - 10, plan.longest + 8, 20)
        painter.drawText(area, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)

    def _paint_above(self, painter: QPainter, place: int, text: str) -> None:
        plan = self._plan
        painter.save()
        painter.translate(QPointF(plan.left + (place + 0.5) * plan.cell, plan.top - 6))
        painter.rotate(-45)
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(QRectF(0, -10, plan.longest + 4, 20), flags, text)
        painter.restore()

    def _paint_bar(self, painter: QPainter) -> None:
        bar = self._plan.bar
        ramp = np.ascontiguousarray(ramp_colours("diverging", dark=self._theme.dark)[::-1])
        image = QImage(ramp.data, 1, 256, 3, QImage.Format.Format_RGB888)
        painter.drawImage(bar, image)
        painter.setFont(self._font(size=11))
        painter.setPen(self._theme.colour("muted"))
        for share, value in ((0.0, self.reach), (0.5, 0.0), (1.0, -self.reach)):
            middle = bar.top() + share * bar.height()
            middle = min(max(middle, bar.top() + 6), bar.bottom() - 6)
            area = QRectF(bar.right() + 6, middle - 10, 40, 20)
            flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(area, flags, signed(value))


def signed(value: float) -> str:
    """A cosine with a minus that is as wide as a digit: "−0.4"."""
    return f"{value:.1f}".replace("-", "−")


def short(value: float) -> str:
    """A cosine for a cell: ".43", "−.12", "–" for none."""
    if not math.isfinite(value):
        return "–"
    text = f"{value:.2f}".replace("-", "−")
    return text if text in ("1.00", "−1.00") else text.replace("0.", ".", 1).replace("−.00", ".00")
