"""The legend: what the colours mean, quietly in a corner of the map."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Signal
from PySide6.QtGui import (
    QColor,
    QEnterEvent,
    QFont,
    QFontMetricsF,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QSizePolicy, QWidget
from typing_extensions import override

from explorer.gui.map.legend_entry import EntryButton, SignButton
from explorer.gui.map.numbers import ends, number, whole_range
from explorer.gui.map.range_bar import RangeBar
from explorer.palettes import Colouring, LegendEntry, map_colours, most_categories, ramp_colours
from explorer.tokens import shown

__all__ = ["Legend", "ends", "number", "whole_range"]

_PADDING = 10
_SIDE = 6  # less beside parts that have a margin of their own
_BAR_DROP = 3
_PER_COLUMN = 24
_MOST = 0.55  # of the map's height: a legend that is taller is folded up
_WIDEST = 0.45  # of its width
_FOLD_TIP = "Show or hide what the colours mean"


class Legend(QWidget):
    """Colours and their names, or a colour bar with its two ends.

    The mouse goes through to the map, except where it is on an entry, a handle or a button.

    category_clicked: (label, its code in the colouring) of an entry whose rows alone are wanted;
    ("", -1) for all rows again.
    range_changed: (low, high) that the colours are to span; range_reset: the usual ones.
    limit_changed: how many categories are to be named beside "Other".
    """

    category_clicked = Signal(str, int)
    range_changed = Signal(float, float)
    range_reset = Signal()
    limit_changed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        # A scroll area would keep the events that its viewport is to have.
        super().__init__(parent.viewport() if isinstance(parent, QAbstractScrollArea) else parent)
        self._over = parent
        self.setObjectName("map_legend")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._colouring: Colouring | None = None
        self._density: tuple[float, int] | None = None
        self._title = self._name = self._isolated = ""
        self._dark = False
        self._colours = map_colours(False)
        self._title_font, self._font = QFont(self.font()), QFont(self.font())
        self._title_font.setPixelSize(12)
        self._title_font.setWeight(QFont.Weight.DemiBold)
        self._font.setPixelSize(11)
        self._entries: list[EntryButton] = []
        self._bar = RangeBar(self._font, self)
        self._bar.range_changed.connect(self.range_changed)
        self._bar.range_reset.connect(self.range_reset)
        self._fewer = self._sign("−", "map_legend_fewer", "Name fewer categories")
        self._more = self._sign("+", "map_legend_more", "Name more categories")
        self._fold = SignButton("▾", "map_legend_fold", _FOLD_TIP, self._font, self)
        self._fold.resize(self._fold.sizeHint())
        self._fold.setCheckable(True)
        self._fold.clicked.connect(self._keep_open)
        self._kept_open: bool | None = None
        self._room = QSize(10_000, 10_000)
        self._fewer.clicked.connect(lambda: self.limit_changed.emit(self._named - 1))
        self._more.clicked.connect(lambda: self.limit_changed.emit(self._named + 1))
        self.hide()

    def _sign(self, sign: str, name: str, tip: str) -> SignButton:
        button = SignButton(sign, name, tip, self._font, self)
        button.resize(button.sizeHint())
        button.setAutoRepeat(True)
        return button

    @property
    def isolated(self) -> str:
        """The label of the category that is shown alone; "" for none."""
        return self._isolated

    def set_dark(self, dark: bool) -> None:
        self._dark, self._colours = dark, map_colours(dark)
        self._bar.set_colours(self._colours)
        for button in (self._fewer, self._more, self._fold, *self._entries):
            button.set_colours(self._colours)
        self.update()

    def set_colouring(self, title: str, colouring: Colouring | None) -> None:
        """title: what the colours stand for. None or one colour hides the legend."""
        if title != self._name:
            self._isolated = ""
        self._name, self._colouring = title, colouring
        self._show()

    def set_density(self, density: tuple[float, int] | None) -> None:
        """(reach, greatest) of a density picture, as MapView.density has it, in place of the
        colours of the rows; None for these again."""
        self._density = density
        self._show()

    def set_isolated(self, label: str) -> None:
        """Marks the category that is shown alone; "" for none."""
        self._isolated = label
        for entry in self._entries:
            entry.setChecked(entry.entry.label == label)
            entry.paled = bool(label)
            entry.update()

    def set_room(self, room: QSize) -> None:
        """The size of the map. A legend that would hide most of it folds up, unless the user has
        said whether it is to be open."""
        if room != self._room:
            self._room = room
            self._show()

    @property
    def folded(self) -> bool:
        """Whether only the title is shown."""
        return self._large if self._kept_open is None else not self._kept_open

    @property
    def _large(self) -> bool:
        if self._shown is None:
            return False
        body = self._open_body()
        tall = bool(self._entries) and body.height() > _MOST * self._room.height()
        return tall or body.width() > _WIDEST * self._room.width()

    @override
    def sizeHint(self) -> QSize:
        if self._shown is None:
            return QSize(0, 0)
        width = QFontMetricsF(self._title_font).horizontalAdvance(self._title)
        signs = (self._fewer, self._more, self._fold)
        if beside := sum(sign.isVisibleTo(self) for sign in signs):
            width += 8 + 20 * beside
        body = QSize(0, 0) if self.folded else self._open_body()
        return QSize(
            int(max(width + 2 * _PADDING, body.width() + 2 * _SIDE)) + 1,
            int(self._top() + body.height() + _PADDING - 3),
        )

    @override
    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        # Qt does not tell a widget that the mouse is on its child now, and a dot below would stay
        # named.
        if self._over is not None:
            QApplication.sendEvent(self._over, QEvent(QEvent.Type.Leave))

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        self._arrange()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(*self._colours["axis"], 150), 1))
        painter.setBrush(QColor(*self._colours["background"], 225))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        painter.setFont(self._title_font)
        painter.setPen(QColor(*self._colours["title"]))
        base = _PADDING - 2 + QFontMetricsF(self._title_font).ascent()
        painter.drawText(QPointF(_PADDING, base), self._title)

    @property
    def _shown(self) -> Colouring | None:
        """What the legend explains now; None for nothing."""
        if self._density is not None:
            return _of_density(self._density[1], dark=self._dark)
        colouring = self._colouring
        return colouring if colouring and (colouring.legend or colouring.ramp is not None) else None

    def _show(self) -> None:
        colouring = self._shown
        self.setVisible(colouring is not None)
        if colouring is None:
            return
        self._title = _title(self._name, self._density, colouring)
        bar = colouring.ramp is not None
        if bar:
            self._bar.set_colouring(self._name, colouring, fixed=self._density is not None)
        self._fill(colouring)
        self._show_limit(colouring)
        self._fold.setVisible(self._large or self.folded or not bar)
        self._fold.setChecked(not self.folded)
        unfolded = not self.folded  # asked once: the answer takes a look at every entry
        self._bar.setVisible(bar and unfolded)
        for entry in self._entries:
            entry.setVisible(unfolded)
        self.set_dark(self._dark)
        self.set_isolated(self._isolated)
        self.setAccessibleName(_in_words(self._title, colouring))
        self.resize(self.sizeHint())
        self._arrange()

    def _fill(self, colouring: Colouring) -> None:
        """Entries as the colouring has them; made anew only where they differ."""
        if [entry.entry for entry in self._entries] == list(colouring.legend):
            return
        for entry in self._entries:
            entry.hide()  # it is deleted later, and painted until then
            entry.deleteLater()
        self._entries = [EntryButton(entry, self._font, self) for entry in colouring.legend]
        for entry in self._entries:
            entry.clicked.connect(lambda _=False, entry=entry.entry: self._press(entry))
            entry.show()

    def _keep_open(self, wish: bool) -> None:
        self._kept_open = wish
        self._show()

    def _press(self, entry: LegendEntry) -> None:
        back = entry.label == self._isolated
        self.set_isolated("" if back else entry.label)
        self.category_clicked.emit(self._isolated, -1 if back else entry.code)

    def _show_limit(self, colouring: Colouring) -> None:
        has_other = colouring.folded > 0
        named = colouring.ramp is None and (has_other or self._named > 2)
        adjustable = bool(colouring.legend) and named and not self.folded
        for button in (self._fewer, self._more):
            button.setVisible(adjustable)
        self._fewer.setEnabled(self._named > 1)
        self._more.setEnabled(has_other and self._named < most_categories())

    @property
    def _named(self) -> int:
        """How many categories have a name of their own."""
        if self._colouring is None:
            return 0
        others = len(self._colouring.palette) - 2  # "Other" and "No value" come last
        return sum(entry.code < others for entry in self._colouring.legend)

    def _top(self) -> float:
        return _PADDING + QFontMetricsF(self._title_font).height() + 2

    def _open_body(self) -> QSize:
        rows, columns, size = self._columns()
        entries = QSize(columns * size.width(), rows * size.height())
        if self._shown is None or self._shown.ramp is None:
            return entries
        bar = self._bar.sizeHint()
        if not self._entries:
            return bar
        below = bar.height() + entries.height() + _BAR_DROP
        return QSize(max(bar.width(), entries.width()), below)

    def _columns(self) -> tuple[int, int, QSize]:
        """(rows, columns, size of an entry)."""
        count = max(1, len(self._entries))
        columns = math.ceil(count / _PER_COLUMN)
        sizes = [entry.sizeHint() for entry in self._entries] or [QSize(0, 0)]
        size = QSize(max(size.width() for size in sizes), sizes[0].height())
        return math.ceil(count / columns), columns, size

    def _arrange(self) -> None:
        top = int(self._top())
        self._bar.move(_SIDE - 3, top + _BAR_DROP)
        self._bar.resize(self._bar.sizeHint())
        if self._bar.isVisibleTo(self):
            top = self._bar.geometry().bottom() + 1
        rows, columns, size = self._columns()
        width = (self.width() - 2 * _SIDE) // columns
        for place, entry in enumerate(self._entries):
            column, row = divmod(place, rows)
            entry.move(_SIDE + column * width, top + row * size.height())
            entry.resize(width, size.height())
        left = self.width() - _SIDE + 2
        for sign in (self._fold, self._more, self._fewer):
            if sign.isVisibleTo(self):
                left -= 20
                sign.move(left, 5)


def _title(name: str, density: tuple[float, int] | None, colouring: Colouring) -> str:
    title = shown(name, 30) if name else ""
    if density is not None:
        title = f"Rows within {density[0]:.3g} pixels"
    return f"{title} (log scale)" if colouring.scale == "log" else title


def _of_density(greatest: int, *, dark: bool) -> Colouring:
    """What `RangeBar` is to show of a density picture."""
    nothing = np.zeros((0, 4), np.uint8), np.zeros(0, np.uint16)
    ramp = ramp_colours("density", dark=dark)
    high = float(greatest)
    return Colouring(*nothing, low=1.0, high=high, ramp=ramp, scale="log", least=1.0, greatest=high)


def _in_words(title: str, colouring: Colouring) -> str:
    words = [f"{entry.label} {entry.count:,}" for entry in colouring.legend]
    if colouring.ramp is not None:
        words.insert(0, " to ".join(ends(colouring)))
    return f"{title}: " + ", ".join(words)
