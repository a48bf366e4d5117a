"""How lists are asked: case, method, how many rows, what unknown words count."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QSpinBox, QWidget

from explorer.analogies import TITLES
from explorer.evaluation import Options
from explorer.gui.fields.choice_box import choice_box
from explorer.gui.fields.spin_box import SpinBox
from explorer.gui.widgets.named import named

_METHODS = tuple((title, how) for how, title in TITLES.items())


class OptionsEditor(QWidget):
    """changed: some option is another one."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("evaluation_options")
        self._how = self._method_box()
        self._rows = self._rows_box()
        self._case = self._check(
            "Case counts", "evaluation_case", "Whether Paris and paris are different words"
        )
        self._unknown = self._check(
            "Unknown words count",
            "evaluation_unknown",
            "Lines with a word that the table has not count as wrong, or as a cosine of 0",
        )
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        for widget in (self._how, self._rows, self._case, self._unknown):
            layout.addWidget(widget)
        layout.addStretch(1)

    def _method_box(self) -> QComboBox:
        tip = "How analogies are solved: by adding cosines, or by multiplying them"
        box = choice_box("evaluation_how", "Method for analogies", tip, _METHODS, self)
        box.currentIndexChanged.connect(lambda _: self.changed.emit())
        return box

    def _rows_box(self) -> QSpinBox:
        tip = "Ask the first so many rows only: vocabularies begin with frequent words"
        box = named(SpinBox(self), "evaluation_rows", "First rows of the table", tip)
        box.setRange(0, 100_000_000)
        box.setSpecialValueText("all rows")
        box.setPrefix("first ")
        box.setSingleStep(10_000)
        box.setGroupSeparatorShown(True)
        box.setFixedWidth(132)
        box.setKeyboardTracking(False)
        box.valueChanged.connect(lambda _: self.changed.emit())
        return box

    def _check(self, text: str, name: str, tip: str) -> QCheckBox:
        box = named(QCheckBox(text, self), name, text, tip)
        box.toggled.connect(lambda _: self.changed.emit())
        return box

    @property
    def options(self) -> Options:
        """As they are set now."""
        return Options(
            case_sensitive=self._case.isChecked(),
            how=str(self._how.currentData()),
            restrict_vocab=self._rows.value() or None,
            count_unknown=self._unknown.isChecked(),
        )
