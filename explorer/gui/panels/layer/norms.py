"""Norms before and after the padding row and the bound on norms."""

from __future__ import annotations

import math
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from explorer.gui.panels.layer.lines import Line, LinesPicture
from explorer.gui.panels.layer.painting import LEFT, SMALL, sized
from explorer.gui.theme import Theme
from explorer.gui.widgets.plain import decimal

_NUMBERS, _HEAD = 148, 20


@dataclass(frozen=True)
class Norm:
    """A row's norm before and after. padding: whether it is the padding row."""

    row: int
    name: str
    before: float
    after: float
    padding: bool = False

    @property
    def broken(self) -> bool:
        """Whether the row holds NaN or infinite numbers."""
        return not math.isfinite(self.before)

    @property
    def words(self) -> str:
        """What happens to it."""
        if self.padding:
            return "zeros: padding"
        if self.broken:
            return "not a number" if math.isnan(self.before) else "infinite"
        if math.isclose(self.before, self.after, rel_tol=1e-6):
            return f"{decimal(self.before, 3)}, kept"
        return f"{decimal(self.before, 3)} → {decimal(self.after, 3)}"


class NormsPicture(LinesPicture):
    """Pale bars for the norms in the table, strong ones for those in the result."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, "layer_norms", "Norms before and after", parent)
        self._norms: list[Norm] = []
        self._bound: float | None = None

    def show_norms(self, norms: list[Norm], bound: float | None, count: int) -> None:
        """count: rows looked up; `norms` are of the first. bound: the greatest norm allowed; None
        for no bound."""
        self._norms, self._bound = norms, bound
        self.show_lines(
            [Line(norm.row, norm.name, f"{norm.name}: {norm.words}") for norm in norms], count
        )

    @property
    @override
    def top(self) -> int:
        return _HEAD if self._bound is not None else 0

    @property
    def _greatest(self) -> float:
        finite = [norm.before for norm in self._norms if math.isfinite(norm.before)]
        return max([*finite, self._bound or 0.0]) or 1.0

    @override
    def draw(self, painter: QPainter) -> None:
        super().draw(painter)
        if self._bound is None or not self._lines:
            return
        area = self.area_of(0)
        left = area.left() + 4 + self.PLACE + self.name_width + 12
        x = left + self._room(area.right() - 4 - left) * self._bound / self._greatest
        foot = self.area_of(len(self._lines) - 1).bottom()
        painter.setPen(QPen(self.colour("warning"), 1, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(x, _HEAD), QPointF(x, foot))
        font = painter.font()
        painter.setFont(sized(font, SMALL))
        wide = 120.0
        words = QRectF(min(x - wide / 2, self.width() - wide), 0, wide, _HEAD)
        self.write(
            painter, words, f"max norm {self._bound:g}", Qt.AlignmentFlag.AlignCenter, "warning"
        )
        painter.setFont(font)

    def _room(self, width: float) -> float:
        return max(1.0, width - _NUMBERS)

    @override
    def draw_line(self, painter: QPainter, area: QRectF, place: int) -> None:
        norm, room = self._norms[place], self._room(area.width())
        painter.setPen(Qt.PenStyle.NoPen)
        for value, tall, colour in ((norm.before, 12, "bar"), (norm.after, 6, "accent")):
            wide = room * min(value, self._greatest) / self._greatest if math.isfinite(value) else 0
            painter.setBrush(self.colour(colour))
            bar = QRectF(area.left(), area.center().y() - tall / 2, wide, tall)
            painter.drawRoundedRect(bar, 2, 2)
        words = QRectF(area.right() - _NUMBERS + 12, area.top(), _NUMBERS - 12, area.height())
        usual = "muted" if norm.words.endswith("kept") else "text"
        broken = norm.broken and not norm.padding
        self.write(painter, words, norm.words, LEFT, "warning" if broken else usual)
