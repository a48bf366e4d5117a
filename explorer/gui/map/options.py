"""How maps are drawn: a small card with sliders, over the maps, while they are looked at."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QSlider,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from explorer.gui.widgets.named import named
from explorer.gui.widgets.plain import plain_label
from explorer.settings import LOOK_RANGES, MapLook

_WIDTH = 288
_GAP = 4
_LINE = 20
_DOUBLING = 10  # steps of the slider of sizes


class Options(QFrame):
    """A card that stays until it is closed: the maps follow every move, and can be moved below it.

    changed: a MapLook. rotate_asked: whether maps in 3-D are to turn by themselves.
    """

    changed = Signal(object)
    rotate_asked = Signal(bool)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("map_options_card")
        self.setAccessibleName("Look of the maps")
        self.setProperty("role", "card")
        self._ground = parent
        self._look = MapLook()
        self._caller: QWidget | None = None
        self._kind = self._kinds()
        low, high = (round(_DOUBLING * math.log2(end)) for end in LOOK_RANGES["dot_size"])
        self._size = self._slider("map_dot_size", "Size of the dots", low, high)
        self._opacity = self._slider("map_opacity", "Opacity of a dot, percent", 5, 100)
        smallest, largest = (round(end) for end in LOOK_RANGES["label_size"])
        self._letters = self._slider("map_label_size", "Size of the names", smallest, largest)
        self._shapes = _box("map_shapes", "Shapes for categories", "Beside their colours")
        tip = "Off: only rows that stand out are named"
        self._labels = _box("map_labels", "Names on the map", tip)
        self._rotate = _box("map_rotate", "Turn maps in 3-D", "Until one is pressed")
        self._usual = self._button("As usual", "map_look_usual", "The look maps have at first")
        self._close = self._button("Close", "map_options_close", "Close this card (Esc)")
        self._said = {
            slider: plain_label(f"{slider.objectName()}_value", "muted")
            for slider in (self._size, self._opacity, self._letters)
        }
        self._arrange()
        self._wire()
        self.set_look(self._look)
        self.set_turnable(False)
        self.hide()

    def set_look(self, look: MapLook) -> None:
        """Shows this look; nothing is told."""
        self._look = look
        editors: dict[Any, Any] = {
            self._size: round(_DOUBLING * math.log2(look.dot_size)),
            self._opacity: round(100 * look.opacity),
            self._letters: look.label_size,
        }
        boxes = {self._shapes: look.shapes, self._labels: look.labels}
        for editor in (*editors, *boxes, self._kind):
            editor.blockSignals(True)
        for slider, value in editors.items():
            slider.setValue(value)
        for box, checked in boxes.items():
            box.setChecked(checked)
        self._kind.setCurrentIndex(int(look.density))
        for editor in (*editors, *boxes, self._kind):
            editor.blockSignals(False)
        self._say()

    def set_turnable(self, there: bool) -> None:
        """Whether some map is in 3-D."""
        self._rotate.setEnabled(there)

    def set_rotating(self, rotating: bool) -> None:
        """Whether some map turns by itself; nothing is told."""
        self._rotate.blockSignals(True)
        self._rotate.setChecked(rotating)
        self._rotate.blockSignals(False)

    def toggle(self, caller: QWidget) -> None:
        """Opens below the button that asked, or closes."""
        if self.isVisible():
            self.close_card()
            return
        self._caller = caller
        self.place()
        self.show()
        self.raise_()
        self._kind.setFocus(Qt.FocusReason.PopupFocusReason)

    def place(self) -> None:
        """Below the button that asked, and within the maps."""
        if self._caller is None:
            return
        self.resize(_WIDTH, self.sizeHint().height())
        below = QPoint(self._caller.width() - _WIDTH, self._caller.height() + _GAP)
        corner = self._caller.mapTo(self._ground, below)
        most = self._ground.height() - self.height() - _GAP
        self.move(max(_GAP, corner.x()), max(_GAP, min(corner.y(), most)))

    def leave(self) -> None:
        """Goes with the map whose button asked for it."""
        self.hide()
        self._caller = None

    def close_card(self) -> None:
        """Goes, and hands the keys back to where they were."""
        self.hide()
        if self._caller is not None:
            self._caller.setFocus(Qt.FocusReason.PopupFocusReason)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_card()
        else:
            super().keyPressEvent(event)

    def _kinds(self) -> QComboBox:
        tip = "A dot for each row, or how many rows lie around each place"
        box = named(QComboBox(self), "map_kind", "What is drawn", tip)
        box.addItems(["Dots", "Density"])
        return box

    def _slider(self, name: str, accessible: str, low: int, high: int) -> QSlider:
        slider = named(QSlider(Qt.Orientation.Horizontal, self), name, accessible, accessible)
        slider.setRange(low, high)
        slider.setPageStep(max(1, (high - low) // 8))
        return slider

    def _button(self, text: str, name: str, tip: str) -> QPushButton:
        button = named(QPushButton(text, self), name, text, tip)
        button.setAutoDefault(False)
        return button

    def _arrange(self) -> None:
        title = plain_label("map_options_title", "title")
        title.setText("Look of the maps")
        form = QFormLayout()
        form.setHorizontalSpacing(12)
        form.setVerticalSpacing(8)
        form.addRow("Draw", self._kind)
        lines = {slider: self._beside(slider) for slider in self._said}
        form.addRow("Dot size", lines[self._size])
        form.addRow("Opacity", lines[self._opacity])
        form.addRow(self._shapes)
        form.addRow(self._labels)
        form.addRow("Name size", lines[self._letters])
        form.addRow(self._rotate)
        form.labelForField(self._kind).setMinimumHeight(self._kind.sizeHint().height())
        for line in lines.values():
            form.labelForField(line).setMinimumHeight(_LINE)
        foot = QHBoxLayout()
        foot.addWidget(self._usual)
        foot.addStretch(1)
        foot.addWidget(self._close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 12, 14, 12)
        layout.setSpacing(10)
        layout.addWidget(title)
        layout.addLayout(form)
        layout.addLayout(foot)

    def _beside(self, slider: QSlider) -> QHBoxLayout:
        line, said = QHBoxLayout(), self._said[slider]
        said.setMinimumWidth(said.fontMetrics().horizontalAdvance("0.00 ×"))
        said.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        line.addWidget(slider, 1)
        line.addWidget(said)
        return line

    def _wire(self) -> None:
        self._kind.currentIndexChanged.connect(lambda at: self._change(density=at == 1))
        self._size.valueChanged.connect(lambda at: self._change(dot_size=2 ** (at / _DOUBLING)))
        self._opacity.valueChanged.connect(lambda at: self._change(opacity=at / 100))
        self._letters.valueChanged.connect(lambda at: self._change(label_size=at))
        self._shapes.toggled.connect(lambda on: self._change(shapes=on))
        self._labels.toggled.connect(lambda on: self._change(labels=on))
        self._rotate.toggled.connect(self.rotate_asked)
        self._usual.clicked.connect(lambda: self._start_over())
        self._close.clicked.connect(lambda: self.close_card())

    def _change(self, **fields: Any) -> None:
        self._look = replace(self._look, **fields)
        self._say()
        self.changed.emit(self._look)

    def _start_over(self) -> None:
        self.set_look(MapLook())
        self.changed.emit(self._look)

    def _say(self) -> None:
        look = self._look
        self._said[self._size].setText(f"{look.dot_size:.3g} ×")
        self._said[self._opacity].setText(f"{100 * look.opacity:.0f} %")
        self._said[self._letters].setText(f"{look.label_size} px")
        self._opacity.setEnabled(not look.density)
        self._shapes.setEnabled(not look.density)


def _box(name: str, text: str, tip: str) -> QCheckBox:
    return named(QCheckBox(text), name, text, tip)
