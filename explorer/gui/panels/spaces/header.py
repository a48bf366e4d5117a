"""What stands above the neighbours of one space: its name, what it does, how even it is."""

from __future__ import annotations

from math import isfinite

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from explorer.gui.fields.spin_box import SpinBox
from explorer.gui.panels.spaces.shifts import hundredths
from explorer.gui.theme import Theme
from explorer.gui.widgets.named import named
from explorer.gui.widgets.plain import plain_label, plain_tooltip
from explorer.spaces import parse_space

_SPACES = {
    "raw": ("Raw", "the numbers as stored"),
    "centre": ("Centred", "the mean row taken off"),
    "unit": ("Unit", "every row at length one"),
    "remove": ("Remove", "mean and {widest} taken off"),
    "whiten": ("Whitened", "every direction equally wide"),
}
_EVEN = "random pairs, cosine"
_TIP = (
    "Mean cosine of rows paired at random: 0 where they point everywhere alike, "
    "near 1 where all lean one way"
)


class SpaceHeader(QWidget):
    """changed: another space was chosen; `space` tells it."""

    changed = Signal()

    def __init__(self, number: int, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(f"spaces_header_{number}")
        # As wide as the column below, whatever stands in it.
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        tip = "What is done to the vectors before they are compared"
        self._box = named(QComboBox(self), f"spaces_space_{number}", f"Space {number + 1}", tip)
        self._box.setProperty("heading", True)
        for name, (title, _) in _SPACES.items():
            self._box.addItem(title, name)
        self._box.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self._box.setMinimumContentsLength(6)
        tip = "How many directions of greatest variance are taken out"
        self._count = SpinBox(self)
        named(
            self._count, f"spaces_count_{number}", f"Components removed in space {number + 1}", tip
        )
        self._count.setRange(1, 100)
        self._count.setValue(3)
        self._count.setFixedWidth(56)
        self._words = plain_label(f"spaces_words_{number}", "muted", wrap=True)
        self._words.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self._even = Evenness(theme, self)
        self._arrange()
        self._box.currentIndexChanged.connect(self._choose)
        self._count.valueChanged.connect(self._choose)
        self._show()

    @property
    def space(self) -> str:
        """As explorer.spaces reads it."""
        name = str(self._box.currentData())
        return f"remove {self._count.value()}" if name == "remove" else name

    def choose(self, space: str) -> None:
        """Shows this space, without telling."""
        chosen = parse_space(space)
        for widget in (self._box, self._count):
            widget.blockSignals(True)
        self._box.setCurrentIndex(self._box.findData(chosen.name))
        if chosen.count:
            self._count.setValue(chosen.count)
        for widget in (self._box, self._count):
            widget.blockSignals(False)
        self._show()

    def show_facts(self, words: str, cosine: float | None) -> None:
        """words: what was done, with what it amounted to. cosine: of random pairs; None for not
        known yet."""
        self._show()
        self._words.setToolTip(plain_tooltip(words))
        self._even.show_cosine(cosine)

    def show_missing(self, reason: str) -> None:
        """Why there are no neighbours in this space."""
        self._words.setText(reason)
        self._words.setToolTip(plain_tooltip(reason))
        self._even.show_cosine(None)

    def _arrange(self) -> None:
        line = QHBoxLayout()
        line.setSpacing(4)
        line.addWidget(self._box, 1)
        line.addWidget(self._count)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addLayout(line)
        layout.addWidget(self._words)
        layout.addStretch(1)
        layout.addWidget(self._even)

    def _choose(self) -> None:
        self._show()
        self.changed.emit()

    def _show(self) -> None:
        name = str(self._box.currentData())
        self._count.setVisible(name == "remove")
        count = self._count.value()
        widest = "widest direction" if count == 1 else f"{count} widest directions"
        self._words.setText(_SPACES[name][1].format(widest=widest))


class Evenness(QWidget):
    """The mean cosine of random pairs, as a number and on a scale from 0 to 1."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._cosine: float | None = None
        self.setToolTip(_TIP)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def show_cosine(self, cosine: float | None) -> None:
        self._cosine = cosine
        told = "not known yet" if cosine is None else hundredths(cosine)
        self.setAccessibleName(f"Mean cosine of random pairs: {told}")
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(120, 26)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = self.font()
        font.setPixelSize(11)
        painter.setFont(font)
        text = QRectF(0, 0, self.width(), 16)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setPen(self._theme.colour("muted"))
        painter.drawText(text, middle | Qt.AlignmentFlag.AlignLeft, _EVEN)
        painter.setPen(self._theme.colour("text"))
        number = "–" if self._cosine is None else hundredths(self._cosine)
        painter.drawText(text, middle | Qt.AlignmentFlag.AlignRight, number)
        scale = QRectF(0, 19, self.width(), 4)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour("hover"))
        painter.drawRoundedRect(scale, 2, 2)
        if self._cosine is not None and isfinite(self._cosine):
            scale.setWidth(scale.width() * min(1.0, abs(self._cosine)))
            painter.setBrush(self._theme.colour("accent"))
            painter.drawRoundedRect(scale, 2, 2)
