"""Pictures of one line a row: what it is called at the left, what is shown of it at the right."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from explorer.gui.panels.layer.painting import LEFT, RIGHT, SMALL, sized
from explorer.gui.panels.layer.picture import Picture, Spot
from explorer.gui.theme import Theme
from explorer.gui.widgets.plain import counted

LINE = 24  # pixels from one line to the next
FOOT = 20  # pixels of the line that tells what was left out
MOST = 24  # lines drawn of one picture
_NARROWEST, _WIDEST = 128, 240  # pixels of a name
_INSET = 4


@dataclass(frozen=True)
class Line:
    """One line. place: what stands first, such as "[0, 1]" or "". name: of the row. words: what
    the line shows, as a sentence."""

    row: int
    name: str
    words: str
    place: str = ""


class LinesPicture(Picture):
    """Lines of one height; those beyond MOST are counted at the foot."""

    PLACE = 0  # pixels of the place

    def __init__(self, theme: Theme, name: str, title: str, parent: QWidget | None = None) -> None:
        super().__init__(theme, name, title, parent)
        self._lines: list[Line] = []
        self._left_out = ""

    def show_lines(self, lines: list[Line], count: int) -> None:
        """The first of `count` lines, at most MOST of them."""
        self._lines = lines[:MOST]
        over = count - len(self._lines)
        self._left_out = f"and {counted(over, 'more row')}" if over > 0 else ""
        self.renew()

    @abstractmethod
    def draw_line(self, painter: QPainter, area: QRectF, place: int) -> None:
        """Draws line number `place` over the area right of its name."""

    def area_of(self, place: int) -> QRectF:
        """Where a line lies, over the whole width."""
        return QRectF(self.left, self.top + place * LINE, self.width() - self.left, LINE)

    @property
    def name_width(self) -> int:
        """Pixels of the name and the row's number."""
        return int(min(max(_NARROWEST, 0.17 * self.width()), _WIDEST))

    @property
    def left(self) -> int:
        """Pixels at the left of the lines that something else is drawn on."""
        return 0

    @property
    def top(self) -> int:
        """Pixels above the first line that something else is drawn on."""
        return 0

    @override
    def spots(self) -> list[Spot]:
        return [
            Spot(self.area_of(place), line.row, line.words)
            for place, line in enumerate(self._lines)
        ]

    @override
    def height_at(self, width: int) -> int:
        return self.top + len(self._lines) * LINE + (FOOT if self._left_out else 0)

    @override
    def draw(self, painter: QPainter) -> None:
        for place, line in enumerate(self._lines):
            area = self.area_of(place).adjusted(_INSET, 0, -_INSET, 0)
            self._draw_name(painter, area, line)
            rest = area.adjusted(self.PLACE + self.name_width + 12, 0, 0, 0)
            self.draw_line(painter, rest, place)
        if self._left_out:
            foot = self.area_of(len(self._lines)).adjusted(_INSET, 0, 0, FOOT - LINE)
            self.write(painter, foot, self._left_out, LEFT, "muted")

    def _draw_name(self, painter: QPainter, area: QRectF, line: Line) -> None:
        font = painter.font()
        painter.setFont(sized(font, SMALL))
        place = QRectF(area.left(), area.top(), self.PLACE, area.height())
        self.write(painter, place, line.place, LEFT, "muted")
        number = f"{line.row:,}" if line.row >= 0 else ""
        wide = painter.fontMetrics().horizontalAdvance(number)
        name = QRectF(area.left() + self.PLACE, area.top(), self.name_width, area.height())
        self.write(painter, name, number, RIGHT, "muted")
        painter.setFont(font)
        colour = "accent" if line.row in self._selected else "text"
        self.write(painter, name.adjusted(0, 0, -wide - 8, 0), line.name, LEFT, colour)
