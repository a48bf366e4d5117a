"""Pictures painted in the colours of the theme, as tall as they need to be, copied by a click."""

from __future__ import annotations

from abc import abstractmethod

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFont,
    QGuiApplication,
    QImage,
    QPainter,
    QResizeEvent,
)
from PySide6.QtWidgets import QMenu, QSizePolicy, QWidget
from typing_extensions import override

from explorer.gui.theme import Theme

_SHARPNESS = 2  # pixels of a copied picture for one on the screen
_MARGIN = 12  # round a copied picture
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
MIDDLE = Qt.AlignmentFlag.AlignCenter
SMALL, NORMAL = 11, 12  # pixels of text


class Painting(QWidget):
    """name: of the object. title: for screen readers. copied: it is on the clipboard."""

    copied = Signal()

    def __init__(self, theme: Theme, name: str, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.title = title
        self.setObjectName(name)
        self.setAccessibleName(title)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    @abstractmethod
    def draw(self, painter: QPainter) -> None:
        """Draws all of it over the widget's area."""

    @abstractmethod
    def height_at(self, width: int) -> int:
        """Pixels that it needs from top to bottom."""

    def image(self) -> QImage:
        """The picture as it is seen, at twice the pixels, on its background."""
        size = self.size() + QSize(2 * _MARGIN, 2 * _MARGIN)
        image = QImage(size * _SHARPNESS, QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(_SHARPNESS)
        image.fill(self.colour("panel"))
        painter = QPainter(image)
        painter.translate(_MARGIN, _MARGIN)
        self.prepare(painter)
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
        self.fit()

    def fit(self) -> None:
        """Takes the height that it needs."""
        tall = max(1, self.height_at(self.width()))
        if tall != self.height() or tall != self.minimumHeight():
            self.setFixedHeight(tall)

    # --- painting -------------------------------------------------------------------------------

    def prepare(self, painter: QPainter) -> None:
        """Smooth lines, and text of the ordinary size."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(sized(self.font(), NORMAL))

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
