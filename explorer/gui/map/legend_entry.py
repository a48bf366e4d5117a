"""The parts of a legend that can be pressed: an entry, and a small button with a sign."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget
from typing_extensions import override

from explorer.gui.map.shapes import outline
from explorer.palettes import LegendEntry, Rgb
from explorer.tokens import shown

_SWATCH = 5.0
_NAME_LENGTH = 22
_INDENT = 3.2 * _SWATCH
_GAP = 18.0
_PALED = 0.4


class Pressable(QAbstractButton):
    """A button in the map's colours: bare, but for a ground under the mouse and a focus frame."""

    def __init__(self, font: QFont, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFont(font)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        # A click leaves the keys with the map.
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._colours: dict[str, Rgb] = {}

    def set_colours(self, colours: dict[str, Rgb]) -> None:
        self._colours = colours
        self.update()

    def paint_ground(self, painter: QPainter) -> None:
        """What tells that the button can be pressed, is pressed, or has the keys."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.isEnabled() and (self.underMouse() or self.isChecked()):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(*self._colours["axis"], 110 if self.isChecked() else 70))
            painter.drawRoundedRect(QRectF(self.rect()), 4, 4)
        if self.hasFocus():
            painter.setPen(QPen(QColor(*self._colours["band"]), 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)


class EntryButton(Pressable):
    """One category: its colour, its name, how many rows it has. Checked while it is isolated."""

    def __init__(self, entry: LegendEntry, font: QFont, parent: QWidget) -> None:
        super().__init__(font, parent)
        self.entry = entry
        self.paled = False
        name = shown(entry.label, 40)
        self.setObjectName(f"map_legend_entry_{entry.code}")
        self.setCheckable(True)
        self.setAccessibleName(f"{name}, {entry.count:,} rows")
        self.setToolTip(f"Show only {name}; again: all rows")
        self._label, self._count = shown(entry.label, _NAME_LENGTH), f"{entry.count:,}"
        metrics = QFontMetricsF(font)
        width = metrics.horizontalAdvance(self._label) + metrics.horizontalAdvance(self._count)
        # A legend asks each of its entries several times when anything about it changes.
        self._size = QSize(int(_INDENT + width + _GAP) + 9, int(metrics.height()) + 4)

    @override
    def sizeHint(self) -> QSize:
        return self._size

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self.paint_ground(painter)
        painter.setOpacity(_PALED if self.paled and not self.isChecked() else 1.0)
        metrics = QFontMetricsF(self.font())
        base = (self.height() - metrics.height()) / 2 + metrics.ascent()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(*self.entry.rgb))
        centre = QPointF(4 + _SWATCH, self.height() / 2)
        painter.drawPath(outline(self.entry.shape, centre, _SWATCH - 0.5))
        painter.setFont(self.font())
        painter.setPen(QColor(*self._colours["title"]))
        painter.drawText(QPointF(4 + _INDENT, base), self._label)
        painter.setPen(QColor(*self._colours["text"]))
        right = self.width() - 4 - metrics.horizontalAdvance(self._count)
        painter.drawText(QPointF(right, base), self._count)


class SignButton(Pressable):
    """A small button with a sign: −, + or ▾, and ▴ for that while it is checked."""

    def __init__(self, sign: str, name: str, tip: str, font: QFont, parent: QWidget) -> None:
        super().__init__(font, parent)
        self.setText(sign)
        self.setObjectName(name)
        self.setAccessibleName(tip)
        self.setToolTip(tip)

    @override
    def sizeHint(self) -> QSize:
        return QSize(18, 18)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self.paint_ground(painter)
        colour = QColor(*self._colours["title"])
        colour.setAlphaF(1.0 if self.isEnabled() else 0.3)
        painter.setPen(QPen(colour, 1.4))
        middle = QPointF(self.rect().center()) + QPointF(0.5, 0.5)
        if self.text() == "▾":
            rise = QPointF(0, -2 if self.isChecked() else 2)
            painter.drawLine(middle - QPointF(4, 0) - rise, middle + rise)
            painter.drawLine(middle + rise, middle + QPointF(4, 0) - rise)
            return
        painter.drawLine(middle - QPointF(4, 0), middle + QPointF(4, 0))
        if self.text() == "+":
            painter.drawLine(middle - QPointF(0, 4), middle + QPointF(0, 4))
