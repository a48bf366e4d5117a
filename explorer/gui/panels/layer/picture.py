"""Painted pictures whose parts stand for rows: pointed at, chosen, walked through, copied."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFont,
    QGuiApplication,
    QHelpEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QMenu, QSizePolicy, QToolTip, QWidget
from typing_extensions import override

from explorer.gui.plain import plain_tooltip
from explorer.gui.theme import Theme

_SHARPNESS = 2  # pixels of a copied picture for one on the screen
_MARGIN = 12  # round a copied picture
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
MIDDLE = Qt.AlignmentFlag.AlignCenter
SMALL, NORMAL = 11, 12  # pixels of text


@dataclass(frozen=True)
class Spot:
    """A part of a picture that stands for a row. words: what it shows, as a sentence."""

    area: QRectF
    row: int
    words: str


class Picture(QWidget):
    """row_pointed: the row under the mouse, -1 for none. row_chosen: clicked, or Enter. copied: it
    is on the clipboard."""

    row_pointed = Signal(int)
    row_chosen = Signal(int)
    copied = Signal()

    def __init__(self, theme: Theme, name: str, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._current = 0
        self._pointed = -1
        self._selected: frozenset[int] = frozenset()
        self.title = title
        self.setObjectName(name)
        self.setAccessibleName(title)
        self.setToolTip("Click a row to select it, right-click to copy the picture")
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    @abstractmethod
    def spots(self) -> list[Spot]:
        """The parts that stand for rows, as they lie now."""

    @abstractmethod
    def draw(self, painter: QPainter) -> None:
        """Draws all of it over the widget's area."""

    @abstractmethod
    def height_at(self, width: int) -> int:
        """Pixels that it needs from top to bottom."""

    def renew(self) -> None:
        """After what it shows has changed."""
        self._current, self._pointed = 0, -1
        self._fit()
        self._describe()
        self.update()

    def mark(self, rows: frozenset[int]) -> None:
        """Shows which rows are selected."""
        if rows != self._selected:
            self._selected = rows
            self.update()

    def image(self) -> QImage:
        """The picture as it is seen, at twice the pixels, on its background."""
        size = self.size() + QSize(2 * _MARGIN, 2 * _MARGIN)
        image = QImage(size * _SHARPNESS, QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(_SHARPNESS)
        image.fill(self.colour("panel"))
        painter = QPainter(image)
        painter.translate(_MARGIN, _MARGIN)
        self._prepare(painter)
        self.draw(painter)
        painter.end()
        return image

    def copy(self) -> None:
        """Puts the picture on the clipboard."""
        QGuiApplication.clipboard().setImage(self.image())
        self.copied.emit()

    def colour(self, name: str) -> QColor:
        """A colour of the theme."""
        return self._theme.colour(name)

    @property
    def dark(self) -> bool:
        return self._theme.dark

    # --- size -----------------------------------------------------------------------------------

    @override
    def sizeHint(self) -> QSize:
        return QSize(360, self.height_at(max(self.width(), 360)))

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        tall = max(1, self.height_at(self.width()))
        if tall != self.height() or tall != self.minimumHeight():
            self.setFixedHeight(tall)

    # --- painting -------------------------------------------------------------------------------

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self._prepare(painter)
        spots = self.spots()
        self._paint_backgrounds(painter, spots)
        self.draw(painter)
        if self.hasFocus() and self._current < len(spots):
            painter.setPen(QPen(self.colour("accent"), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(spots[self._current].area.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)

    def _prepare(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(sized(self.font(), NORMAL))

    def _paint_backgrounds(self, painter: QPainter, spots: list[Spot]) -> None:
        """The row under the mouse, wherever it stands in the picture."""
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.colour("hover"))
        for spot in spots:
            if spot.row == self._pointed:
                painter.drawRoundedRect(spot.area, 4, 4)

    def write(
        self,
        painter: QPainter,
        area: QRectF,
        text: str,
        how: Qt.AlignmentFlag = LEFT,
        colour: str = "text",
    ) -> None:
        """One line of text in a colour of the theme, ended by an ellipsis where it is too long."""
        painter.setPen(self.colour(colour))
        mode = Qt.TextElideMode.ElideRight
        fitting = painter.fontMetrics().elidedText(text, mode, int(area.width()) + 1)
        painter.drawText(area, how, fitting)

    # --- mouse and keys -------------------------------------------------------------------------

    def _under(self, x: float, y: float) -> int:
        """The place of the spot there, or -1."""
        for place, spot in enumerate(self.spots()):
            if spot.area.contains(x, y):
                return place
        return -1

    def point(self, row: int) -> None:
        """Shows which row is pointed at, here or in another picture; -1 for none."""
        if row != self._pointed:
            self._pointed = row
            self.update()

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        place = self._under(event.position().x(), event.position().y())
        self.row_pointed.emit(self.spots()[place].row if place >= 0 else -1)
        self.setCursor(
            Qt.CursorShape.PointingHandCursor if place >= 0 else Qt.CursorShape.ArrowCursor
        )

    @override
    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.row_pointed.emit(-1)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = self._under(event.position().x(), event.position().y())
        if event.button() == Qt.MouseButton.LeftButton and place >= 0:
            self._go(place)
            self.row_chosen.emit(self.spots()[place].row)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, spots = Qt.Key(event.key()), self.spots()
        moves = {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Up: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Down: 1,
        }
        if key in moves and spots:
            self._go(max(0, min(self._current + moves[key], len(spots) - 1)))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and spots:
            self.row_chosen.emit(spots[self._current].row)
        else:
            super().keyPressEvent(event)

    def _go(self, place: int) -> None:
        self._current = place
        self._describe()
        self.update()

    def _describe(self) -> None:
        spots = self.spots()
        said = spots[self._current].words if self._current < len(spots) else ""
        self.setAccessibleDescription(said)

    @override
    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            place = self._under(event.pos().x(), event.pos().y())
            words = self.spots()[place].words if place >= 0 else ""
            if words:
                QToolTip.showText(event.globalPos(), plain_tooltip(words))
                return True
        return super().event(event)

    @override
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("Copy picture", self.copy)
        menu.popup(event.globalPos())


def sized(font: QFont, pixels: int, *, bold: bool = False) -> QFont:
    """The same font at so many pixels."""
    other = QFont(font)
    other.setPixelSize(pixels)
    if bold:
        other.setWeight(QFont.Weight.DemiBold)
    return other
