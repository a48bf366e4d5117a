"""What the user may set for all tables and days: theme, memory for a table, measuring maps; and
what is kept between them."""

from __future__ import annotations

import os

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from explorer import cache
from explorer.errors import ParameterError
from explorer.gui.widgets.named import named
from explorer.gui.widgets.plain import plain_label, size_text
from explorer.reading.memory import VARIABLE, machine_memory, memory_budget
from explorer.settings import MEMORY_SHARES, THEMES, Settings

_STEP = 5
_WIDTH = 460
_MEMORY_TIP = "The most that one table may take where it cannot stay in its file"


class Preferences(QDialog):
    """changed: a field of Settings and its new value, at every change; nothing waits for the
    dialog to be closed."""

    changed = Signal(str, object)

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("preferences")
        self.setWindowTitle("Preferences")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._theme = self._themes(settings.theme)
        self._share = self._shares(settings.memory_share)
        self._measure = self._measure_box(settings.measure_maps)
        self._kept = plain_label("preferences_kept_amount")
        self._forget = self._forget_button()
        self._amount = plain_label("preferences_memory_amount")
        widest = self._amount.fontMetrics().horizontalAdvance("95 % · 000.0 GB")
        self._amount.setMinimumWidth(widest)
        self._arrange()
        self._show_amount(self._share.value())
        self._show_kept()
        self.setFixedWidth(_WIDTH)

    def show_settings(self, settings: Settings) -> None:
        """Follows what was set elsewhere."""
        self._theme.setCurrentIndex(self._theme.findData(settings.theme))

    def _themes(self, wish: str) -> QComboBox:
        tip = "Light or dark colours, or those of the desktop"
        box = named(QComboBox(self), "preferences_theme", "Colours", tip)
        for theme in THEMES:
            box.addItem("As the desktop" if theme == "system" else theme.capitalize(), theme)
        box.setCurrentIndex(box.findData(wish))
        box.currentIndexChanged.connect(lambda _: self.changed.emit("theme", box.currentData()))
        return box

    def _shares(self, share: float) -> QSlider:
        low, high = (round(100 * bound) for bound in MEMORY_SHARES)
        slider = QSlider(Qt.Orientation.Horizontal, self)
        named(
            slider,
            "preferences_memory",
            "Memory for a table, percent of the machine's",
            _MEMORY_TIP,
        )
        slider.setRange(low, high)
        slider.setSingleStep(1)
        slider.setPageStep(_STEP)
        slider.setValue(round(100 * share))
        slider.setTracking(False)  # settings are remembered once it is let go
        slider.sliderMoved.connect(self._show_amount)
        slider.valueChanged.connect(self._show_amount)
        slider.valueChanged.connect(
            lambda percent: self.changed.emit("memory_share", percent / 100)
        )
        slider.setEnabled(VARIABLE not in os.environ)
        return slider

    def _measure_box(self, wish: bool) -> QCheckBox:
        tip = "Takes about a second in the background after each map; up to 6,000 rows"
        box = QCheckBox("Measure ho&w far maps of small tables may be believed", self)
        named(box, "preferences_measure", "Measure maps of small tables by themselves", tip)
        box.setChecked(wish)
        box.toggled.connect(lambda checked: self.changed.emit("measure_maps", checked))
        return box

    def _forget_button(self) -> QPushButton:
        tip = "Neighbours of all rows, once found, are kept to be there at once again"
        button = QPushButton("Forget", self)
        named(button, "preferences_forget", "Forget the neighbours that are kept", tip)
        button.setAutoDefault(False)
        button.clicked.connect(self._clear)
        return button

    def _clear(self) -> None:
        cache.clear()
        self._show_kept()

    def _show_kept(self) -> None:
        held = cache.size()
        self._kept.setText(f"Neighbours found before: {size_text(held) if held else 'none'} kept")
        self._forget.setEnabled(held > 0)

    def _arrange(self) -> None:
        memory = QHBoxLayout()
        memory.setSpacing(10)
        memory.addWidget(self._share, 1)
        memory.addWidget(self._amount)
        kept = QHBoxLayout()
        kept.setSpacing(10)
        kept.addWidget(self._kept, 1)
        kept.addWidget(self._forget)
        form = QFormLayout()
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(12)
        form.addRow(self._label("&Colours", self._theme), self._theme)
        form.addRow(self._label("&Memory for a table", self._share), memory)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 14, 16, 14)
        layout.setSpacing(12)
        layout.addLayout(form)
        layout.addWidget(self._note())
        layout.addWidget(self._measure)
        layout.addLayout(kept)
        layout.addWidget(self._buttons())

    @staticmethod
    def _label(text: str, editor: QWidget) -> QLabel:
        label = QLabel(text)
        label.setBuddy(editor)
        label.setMinimumHeight(editor.sizeHint().height())  # in the middle, beside its editor
        return label

    def _note(self) -> QLabel:
        note = plain_label("preferences_memory_note", "muted", wrap=True)
        text = "Files that can be mapped (safetensors, .npy) take none. Others are read, and those "
        note.setText(text + "that would need more are refused. It holds for the next table opened.")
        if VARIABLE in os.environ:
            note.setText(f"{VARIABLE} is set in the environment, and comes first.")
        return note

    def _buttons(self) -> QDialogButtonBox:
        box = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        tip = "Everything set here holds already"
        named(box.button(QDialogButtonBox.StandardButton.Close), "preferences_close", "Close", tip)
        box.rejected.connect(self.close)
        return box

    def _show_amount(self, percent: int) -> None:
        try:
            amount = size_text(memory_budget(percent / 100))
        except ParameterError as error:  # nonsense in the environment
            amount = str(error)
        share = "" if VARIABLE in os.environ else f"{percent} % · "
        self._amount.setText(f"{share}{amount}")
        self._amount.setToolTip(f"Of this machine's {size_text(machine_memory())}")
