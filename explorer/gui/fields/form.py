"""A form made from a parameter set: one editor per field."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from explorer.gui.fields.spin_box import DoubleSpinBox, SpinBox
from explorer.gui.widgets.fold import Fold
from explorer.params import ParamField, Params, fields_of

# One width for all forms of a panel, so that their fields stand below one another.
_LABEL_WIDTH = 118
_WIDEST_INT = 2**31 - 1
_NARROWEST = 80  # pixels, of an editor


@dataclass(frozen=True)
class _Editor:
    """A widget, and its value: read, and set."""

    widget: QWidget
    read: Callable[[], Any]
    write: Callable[[Any], None]


class Form(QWidget):
    """Editors for the fields of a Params class; advanced ones fold away.

    expression: makes the widget of a field whose text is an expression, with text, setText,
    setPlaceholderText and textChanged; where there is none, such a field is a line like any other.
    omit: fields that have no editor here.
    changed: a value was edited. `values` gives what was edited, by name, ready for the pipeline.
    """

    changed = Signal()

    def __init__(
        self,
        params: type[Params],
        name: str,
        parent: QWidget | None = None,
        *,
        expression: Callable[[], QWidget] | None = None,
        omit: Collection[str] = (),
    ) -> None:
        super().__init__(parent)
        self.setObjectName(f"{name}_form")
        self._expression = expression
        self._editors: dict[str, _Editor] = {}
        self._parts: dict[str, tuple[QWidget, ...]] = {}  # of the field's row
        fields = [field for field in fields_of(params) if field.name not in omit]
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self._rows([f for f in fields if not f.info.advanced], name))
        advanced = [f for f in fields if f.info.advanced]
        if advanced:
            fold = Fold("More settings", f"{name}_more", self._rows(advanced, name))
            fold.button.setToolTip("Show the settings that rarely need a change")
            layout.addWidget(fold)

    def values(self) -> dict[str, Any]:
        """Every parameter by name."""
        return {name: editor.read() for name, editor in self._editors.items()}

    def set_values(self, values: Mapping[str, Any]) -> None:
        """Shows these parameters; those that the form has not are passed over."""
        for name, editor in self._editors.items():
            if name in values:
                editor.write(values[name])

    def show_field(self, name: str, shown: bool) -> None:
        """Shows or hides the editor of a field, with its label; nothing where there is none."""
        for part in self._parts.get(name, ()):
            part.setVisible(shown)

    def _rows(self, fields: list[ParamField], name: str) -> QWidget:
        box, form = QWidget(self), rows_of_form()
        form.setContentsMargins(0, 0, 0, 0)
        box.setLayout(form)
        for field in fields:
            editor = self._editor(field)
            self._editors[field.name] = editor
            widget = editor.widget
            named = widget.focusProxy() or widget
            named.setObjectName(f"{name}_{field.name}")
            named.setAccessibleName(field.label)
            named.setToolTip(field.info.help)
            if field.type is bool:  # it says its own name beside its box
                form.addRow(widget)
                self._parts[field.name] = (widget,)
            elif field.info.expression and self._expression:  # longer than a number
                self._parts[field.name] = (_above(form, field, widget), widget)
            else:
                label = add_row(form, field.label, widget)
                label.setToolTip(field.info.help)
                self._parts[field.name] = (label, widget)
        return box

    def _editor(self, field: ParamField) -> _Editor:
        changed = self.changed.emit
        if field.info.expression and self._expression:
            return _text_editor(self._expression(), field, changed)
        if field.info.choices:
            return _choice(field, changed)
        makers = {bool: _flag, int: _whole, float: _real, str: _text}
        return makers[field.type](field, changed)


def rows_of_form() -> QFormLayout:
    """For rows that are to look like those of a form."""
    rows = QFormLayout()
    rows.setHorizontalSpacing(10)
    rows.setVerticalSpacing(6)
    rows.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    return rows


def add_row(rows: QFormLayout, title: str, editor: QWidget) -> QWidget:
    """Adds an editor that stands below those of other forms; its label."""
    rows.addRow(title, editor)
    label = rows.labelForField(editor)
    label.setMinimumSize(_LABEL_WIDTH, (editor.focusProxy() or editor).sizeHint().height())
    return label


def seed_row(box: QWidget) -> QFormLayout:
    """The seed of a run, below a form."""
    rows = rows_of_form()
    add_row(rows, "Seed", box)
    return rows


def _above(form: QFormLayout, field: ParamField, widget: QWidget) -> QLabel:
    """A label in a row of its own, and the field over the whole width below it."""
    label = QLabel(field.label)
    label.setToolTip(field.info.help)
    label.setBuddy(widget)
    form.addRow(label)
    form.addRow(widget)
    return label


def _choice(field: ParamField, changed: Callable[[], None]) -> _Editor:
    box = QComboBox()
    box.addItems(list(field.info.choices))
    box.setCurrentText(field.default)
    box.currentTextChanged.connect(lambda _: changed())
    return _Editor(box, box.currentText, box.setCurrentText)


def _flag(field: ParamField, changed: Callable[[], None]) -> _Editor:
    box = QCheckBox(field.label)
    box.setChecked(field.default)
    box.toggled.connect(lambda _: changed())
    return _Editor(box, box.isChecked, box.setChecked)


def _text(field: ParamField, changed: Callable[[], None]) -> _Editor:
    return _text_editor(QLineEdit(), field, changed)


def _text_editor(line: Any, field: ParamField, changed: Callable[[], None]) -> _Editor:
    """line: a QLineEdit, or a widget that speaks like one."""
    line.setText(field.default)
    line.setPlaceholderText(field.info.special_text or "automatic")
    line.textChanged.connect(lambda _: changed())
    return _Editor(line, line.text, line.setText)


def _whole(field: ParamField, changed: Callable[[], None]) -> _Editor:
    spin = SpinBox()
    low, high = field.info.minimum, field.info.maximum
    spin.setRange(
        int(low) if low is not None else -_WIDEST_INT,
        int(high) if high is not None else _WIDEST_INT,
    )
    spin.setGroupSeparatorShown(True)
    _say_special(spin, field)
    spin.setValue(field.default)
    spin.valueChanged.connect(lambda _: changed())
    return _Editor(spin, spin.value, spin.setValue)


def _real(field: ParamField, changed: Callable[[], None]) -> _Editor:
    spin = DoubleSpinBox()
    low, high = field.info.minimum, field.info.maximum
    spin.setDecimals(_decimals(field.default))
    spin.setRange(low if low is not None else -1e9, high if high is not None else 1e9)
    spin.setStepType(QDoubleSpinBox.StepType.AdaptiveDecimalStepType)
    _say_special(spin, field)
    spin.setValue(field.default)
    spin.valueChanged.connect(lambda _: changed())
    return _Editor(spin, spin.value, spin.setValue)


def _decimals(default: float) -> int:
    """Enough to turn the default by a hundredth of itself."""
    return 2 if default == 0 else max(1, 2 - math.floor(math.log10(abs(default))))


def _say_special(spin: QSpinBox | QDoubleSpinBox, field: ParamField) -> None:
    """Qt shows a special text at the minimum only."""
    info = field.info
    spin.setMinimumWidth(_NARROWEST)  # not the room of the largest number there is
    if info.special is not None and info.minimum is not None and info.special <= info.minimum:
        spin.setMinimum(type(field.default)(info.special))
        spin.setSpecialValueText(info.special_text)
    if info.unit:
        spin.setSuffix(f" {info.unit}")
