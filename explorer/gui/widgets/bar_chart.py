"""Bars side by side that can be pointed at, walked along and chosen."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QToolTip, QWidget
from typing_extensions import override

from explorer.gui.theme import Theme
from explorer.gui.widgets.plain import plain_tooltip

ABOVE, BELOW = 18, 18  # pixels for words over the bars and under them
_HEIGHT = 132
_TEXT = 11  # pixels
_MOVES = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)


class BarChart(QWidget):
    """Columns of one width, from edge to edge; one of them is the current one.

    What is a chart says of how many bars it is (`count`), what each says (`words`), what a click
    does (`offer`, `choose`), and paints them (`paint`).
    """

    def __init__(
        self, name: str, title: str, tip: str, theme: Theme, parent: QWidget | None = None
    ) -> None:
        """name: of the object. title: for screen readers."""
        super().__init__(parent)
        self.theme = theme
        self.current = 0
        self.setObjectName(name)
        self.setAccessibleName(title)
        self.setToolTip(tip)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFixedHeight(_HEIGHT)
        theme.changed.connect(self.update)

    @property
    def count(self) -> int:
        """How many bars there are; nothing is painted for none."""
        raise NotImplementedError

    def words(self, place: int) -> str:
        """What a bar says."""
        raise NotImplementedError

    def offer(self, place: int) -> str:
        """What its tooltip says: its words, and what a click does."""
        raise NotImplementedError

    def choose(self, keys: Qt.KeyboardModifier) -> None:
        """The current bar was clicked, or Enter pressed on it."""
        raise NotImplementedError

    def paint(self, painter: QPainter) -> None:
        """Draws all of it; there is one bar at least."""
        raise NotImplementedError

    def bar(self, place: int) -> QRectF:
        """Where a bar can be clicked: its column, from top to bottom."""
        width = self.width() / max(1, self.count)
        return QRectF(place * width, 0, width, self.height())

    def go_to(self, place: int) -> None:
        """Makes a bar, or the nearest there is, the current one."""
        self.current = max(0, min(place, self.count - 1))
        self.setAccessibleDescription(self.words(self.current) if self.count else "")
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(200, _HEIGHT)

    # --- mouse and keys ---------------------------------------------------------------------------

    def _under(self, x: float) -> int | None:
        place = int(x * self.count / max(1, self.width()))
        return place if 0 <= place < self.count else None

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = self._under(event.position().x())
        if event.button() == Qt.MouseButton.LeftButton and place is not None:
            self.go_to(place)
            self.choose(event.modifiers())

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _MOVES:
            self.go_to(self.current + _MOVES[Qt.Key(event.key())])
        elif event.key() in _ENTER:
            if self.count:
                self.choose(event.modifiers())
        else:
            super().keyPressEvent(event)

    @override
    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            place = self._under(event.pos().x())
            if place is not None:
                text = plain_tooltip(self.offer(place)).replace("\n", "<br>")
                QToolTip.showText(event.globalPos(), text)
                return True
        return super().event(event)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        if not self.count:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = painter.font()
        font.setPixelSize(_TEXT)
        painter.setFont(font)
        self.paint(painter)
