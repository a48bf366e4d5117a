"""A form made from a parameter set: one editor per field."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QLineEdit,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from explorer.params import ParamField, Params, fields_of

# One width for all forms of a panel, so that their fields stand below one another.
LABEL_WIDTH = 118
_WIDEST_INT = 2**31 - 1


class Form(QWidget):
    """Editors for the fields of a Params class; advanced ones fold away.

    changed: a value was edited. `values` gives what was edited, by name, ready for the pipeline.
    """

    changed = Signal()

    def __init__(self, params: type[Params], name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(f"{name}_form")
        self._read: dict[str, Callable[[], Any]] = {}
        fields = fields_of(params)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self._rows([f for f in fields if not f.info.advanced], name))
        advanced = [f for f in fields if f.info.advanced]
        if advanced:
            self._add_advanced(layout, self._rows(advanced, name), name)

    def values(self) -> dict[str, Any]:
        """Every parameter by name."""
        return {name: read() for name, read in self._read.items()}

    def _rows(self, fields: list[ParamField], name: str) -> QWidget:
        box = QWidget(self)
        form = QFormLayout(box)
        form.setContentsMargins(0, 0, 0, 0)
        form.setHorizontalSpacing(10)
        form.setVerticalSpacing(6)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for field in fields:
            editor, self._read[field.name] = _editor(field, self.changed.emit)
            editor.setObjectName(f"{name}_{field.name}")
            editor.setAccessibleName(field.label)
            editor.setToolTip(field.info.help)
            if field.type is bool:  # it says its own name beside its box
                form.addRow(editor)
            else:
                form.addRow(field.label, editor)
                label = form.labelForField(editor)
                label.setToolTip(field.info.help)
                label.setMinimumSize(LABEL_WIDTH, editor.sizeHint().height())
        return box

    def _add_advanced(self, layout: QVBoxLayout, box: QWidget, name: str) -> None:
        button = QToolButton(self)
        button.setObjectName(f"{name}_more")
        button.setText("More settings ▸")
        button.setAccessibleName("More settings")
        button.setToolTip("Show the settings that rarely need a change")
        button.setCheckable(True)
        box.hide()

        def fold(shown: bool) -> None:
            box.setVisible(shown)
            button.setText("Fewer settings ▾" if shown else "More settings ▸")

        button.toggled.connect(fold)
        layout.addWidget(button)
        layout.addWidget(box)


def _editor(field: ParamField, changed: Callable[[], None]) -> tuple[QWidget, Callable[[], Any]]:
    if field.info.choices:
        return _choice(field, changed)
    makers = {bool: _flag, int: _whole, float: _real, str: _text}
    return makers[field.type](field, changed)


def _choice(field: ParamField, changed: Callable[[], None]) -> tuple[QWidget, Callable[[], Any]]:
    box = QComboBox()
    box.addItems(list(field.info.choices))
    box.setCurrentText(field.default)
    box.currentTextChanged.connect(lambda _: changed())
    return box, box.currentText


def _flag(field: ParamField, changed: Callable[[], None]) -> tuple[QWidget, Callable[[], Any]]:
    box = QCheckBox(field.label)
    box.setChecked(field.default)
    box.toggled.connect(lambda _: changed())
    return box, box.isChecked


def _text(field: ParamField, changed: Callable[[], None]) -> tuple[QWidget, Callable[[], Any]]:
    line = QLineEdit(field.default)
    line.setPlaceholderText(field.info.special_text or "recognised by itself")
    line.textChanged.connect(lambda _: changed())
    return line, line.text


def _whole(field: ParamField, changed: Callable[[], None]) -> tuple[QWidget, Callable[[], Any]]:
    spin = QSpinBox()
    low, high = field.info.minimum, field.info.maximum
    spin.setRange(
        int(low) if low is not None else -_WIDEST_INT,
        int(high) if high is not None else _WIDEST_INT,
    )
    spin.setGroupSeparatorShown(True)
    _say_special(spin, field)
    spin.setValue(field.default)
    spin.valueChanged.connect(lambda _: changed())
    return spin, spin.value


def _real(field: ParamField, changed: Callable[[], None]) -> tuple[QWidget, Callable[[], Any]]:
    spin = QDoubleSpinBox()
    low, high = field.info.minimum, field.info.maximum
    spin.setDecimals(_decimals(field.default))
    spin.setRange(low if low is not None else -1e9, high if high is not None else 1e9)
    spin.setStepType(QDoubleSpinBox.StepType.AdaptiveDecimalStepType)
    _say_special(spin, field)
    spin.setValue(field.default)
    spin.valueChanged.connect(lambda _: changed())
    return spin, spin.value


def _decimals(default: float) -> int:
    """Enough to turn the default by a hundredth of itself."""
    return 2 if default == 0 else max(1, 2 - math.floor(math.log10(abs(default))))


def _say_special(spin: QSpinBox | QDoubleSpinBox, field: ParamField) -> None:
    """Qt shows a special text at the minimum only."""
    info = field.info
    if info.special is not None and info.minimum is not None and info.special <= info.minimum:
        spin.setMinimum(type(field.default)(info.special))
        spin.setSpecialValueText(info.special_text)
    if info.unit:
        spin.setSuffix(f" {info.unit}")
