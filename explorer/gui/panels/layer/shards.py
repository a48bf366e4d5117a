"""Where each row lives when the table is cut into shards."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from explorer.gui.panels.layer.lines import Line, LinesPicture
from explorer.gui.panels.layer.painting import LEFT, SMALL, sized
from explorer.gui.panels.layer.shard_tints import shard_colours
from explorer.gui.theme import Theme
from explorer.gui.widgets.plain import counted

_HEAD, _TALL, _SPACE = 36, 112, 14
_TABLE = 0.16  # the whole table's share of the width
_ROOMY, _NARROW = 56, 18  # pixels of a shard: for its name and rows; for its number
_DEALT = 4  # pixels of one row in the picture of rows dealt out in turn


@dataclass(frozen=True)
class Home:
    """Where a row lives. formula: how that is worked out."""

    row: int
    name: str
    shard: int
    place: int
    formula: str


class ShardsPicture(LinesPicture):
    """The table in the colours of its shards, the shards beside it with the rows that are looked
    up in them, and below how each row's place is worked out."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, "layer_shards", "Shards", parent)
        self._homes: list[Home] = []
        self._sizes: list[int] = [0]
        self._dealt = True

    def show_homes(self, homes: list[Home], sizes: list[int], strategy: str, count: int) -> None:
        """count: rows looked up; `homes` are the first of them. sizes: rows of each shard.
        strategy: "mod" or "div"."""
        self._homes, self._sizes, self._dealt = homes, sizes, strategy == "mod"
        self.show_lines(
            [Line(home.row, home.name, f"{home.name}: {home.formula}") for home in homes],
            count,
        )

    @property
    @override
    def top(self) -> int:
        return _HEAD + _TALL + _SPACE

    @property
    def _colours(self) -> tuple[QColor, ...]:
        return shard_colours(len(self._sizes), dark=self.dark)

    def column(self, shard: int) -> QRectF:
        """Where a shard is drawn: as tall, beside the largest, as it has rows."""
        left = self.width() * _TABLE + 36
        step = (self.width() - left) / len(self._sizes)
        tall = _TALL * self._sizes[shard] / max(1, *self._sizes)
        return QRectF(
            left + shard * step, _HEAD, min(step * 0.9 if step < 60 else step - 8, 150), tall
        )

    @override
    def draw(self, painter: QPainter) -> None:
        font = painter.font()
        painter.setFont(sized(font, SMALL))
        self._draw_table(painter)
        for shard in range(len(self._sizes)):
            self._draw_shard(painter, shard)
        painter.setFont(font)
        super().draw(painter)

    def _draw_table(self, painter: QPainter) -> None:
        area = QRectF(0, _HEAD, self.width() * _TABLE, _TALL)
        head = QRectF(0, 0, area.width(), _HEAD / 2)
        self.write(painter, head, "the table")
        self.write(
            painter, head.translated(0, _HEAD / 2 - 3), f"{sum(self._sizes):,} rows", LEFT, "muted"
        )
        for top, tall, shard in self._bands(area):
            painter.fillRect(QRectF(area.left(), top, area.width(), tall), self._colours[shard])

    def _bands(self, area: QRectF) -> list[tuple[float, float, int]]:
        """(top, height, shard) of the table's bands: runs of rows, or rows dealt out in turn. Of
        more rows than there is room for so many are drawn as there is."""
        rows, shards = sum(self._sizes), len(self._sizes)
        if self._dealt:
            drawn = max(1, min(rows, int(area.height() / _DEALT)))
            tall = area.height() / drawn
            return [(area.top() + row * tall, tall, row % shards) for row in range(drawn)]
        bands, top = [], area.top()
        for shard, size in enumerate(self._sizes):
            tall = area.height() * size / max(1, rows)
            bands.append((top, tall, shard))
            top += tall
        return bands

    def _draw_shard(self, painter: QPainter, shard: int) -> None:
        area, colour = self.column(shard), self._colours[shard]
        self._draw_head(painter, area, shard)
        soft = QColor(colour)
        soft.setAlphaF(0.22)
        painter.fillRect(area, soft)
        painter.fillRect(QRectF(area.left(), area.top(), 3, area.height()), colour)
        for home in self._homes:
            if home.shard == shard:
                self._draw_home(painter, area, home, colour)

    def _draw_head(self, painter: QPainter, area: QRectF, shard: int) -> None:
        """What a shard is called: in full, by its number, or of many by every fourth number."""
        head = QRectF(area.left(), 0, area.width(), _HEAD / 2)
        if area.width() < _ROOMY:
            near = head.translated(0, _HEAD / 2 - 3)
            near.setWidth(max(24.0, area.width()))
            if area.width() >= _NARROW or shard % 4 == 0:
                self.write(painter, near, str(shard), LEFT, "muted")
            return
        self.write(painter, head, f"shard {shard}" if len(self._sizes) > 1 else "one shard")
        under = head.translated(0, _HEAD / 2 - 3)
        self.write(painter, under, counted(self._sizes[shard], "row"), LEFT, "muted")

    def _draw_home(self, painter: QPainter, area: QRectF, home: Home, colour: QColor) -> None:
        y = area.top() + (home.place + 0.5) / max(1, self._sizes[home.shard]) * area.height()
        pointed = home.row == self._pointed
        pen = QPen(self.colour("text") if pointed else colour, 3 if pointed else 2)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        painter.setPen(pen)
        painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))

    @override
    def draw_line(self, painter: QPainter, area: QRectF, place: int) -> None:
        home = self._homes[place]
        colour = self._colours[home.shard]
        dot = QRectF(area.left(), area.center().y() - 4, 8, 8)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawRoundedRect(dot, 2, 2)
        self.write(painter, area.adjusted(16, 0, 0, 0), home.formula, LEFT)
