"""What a map is to be made with: method, parameters, preprocessing, sample, seed."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QVBoxLayout,
    QWidget,
)

from explorer.gui.fields.expression_field import ExpressionField
from explorer.gui.fields.expressions import Expressions
from explorer.gui.fields.form import Form, seed_row
from explorer.gui.fields.sample_editor import SampleEditor
from explorer.gui.fields.spin_box import seed_box
from explorer.gui.fields.steps_editor import StepsEditor, in_words
from explorer.gui.theme import Theme
from explorer.gui.widgets.fold import Fold
from explorer.gui.widgets.middle import at_the_top
from explorer.gui.widgets.named import named
from explorer.gui.widgets.pages import Pages
from explorer.gui.widgets.plain import plain_label
from explorer.gui.widgets.upright import Upright
from explorer.preparation import Sample, parse_steps
from explorer.projection import Projection
from explorer.projections import Method, methods
from explorer.table import Table

_AXES = "axes"  # the method whose parameters are expressions
_DEEP = ("z", "z_dim")  # parameters of the third direction


class Choices(QWidget):
    """The editors of all of that. Each method keeps the parameters and steps chosen for it.

    changed: something was chosen otherwise.
    """

    changed = Signal()

    def __init__(
        self,
        theme: Theme,
        expressions: Expressions,
        below: QWidget,
        parent: QWidget | None = None,
    ) -> None:
        """below: shown under the editors, and scrolled with them."""
        super().__init__(parent)
        self.setObjectName("projection_choices")
        self._methods = list(methods().values())
        self._steps_of: dict[str, str | None] = {}
        self._method = self._method_box()
        self._dims = self._dims_box()
        self._summary = plain_label("projection_summary", "muted", wrap=True)
        self._lacks = plain_label("projection_lacks", "warning", wrap=True)
        self._lacks.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._forms = Pages(self)
        self._form_of = {
            method.name: self._page(method, theme, expressions) for method in self._methods
        }
        self._begin = self._begin_box()
        self._seed = seed_box("projection_seed", "The same seed makes the same map again", self)
        self._steps = StepsEditor("projection_steps", self)
        self._steps_fold = Fold("Preprocessing", "projection_steps_fold", self._steps, self)
        self._steps_fold.button.setToolTip("What is done to the vectors first, in order")
        self._sample = SampleEditor("projection_sample", self)
        self._sample_fold = Fold("Rows", "projection_sample_fold", self._sample, self)
        self._sample_fold.button.setToolTip("Which rows take part: all, or a sample")
        self._arrange(below)
        self._wire()
        self._show_dims()
        self._show_method()

    # --- what is chosen -------------------------------------------------------------------------

    @property
    def method(self) -> Method:
        return self._methods[self._method.currentIndex()]

    @property
    def dims(self) -> int:
        """2 or 3."""
        return int(self._dims.currentData())

    @property
    def seed(self) -> int:
        return self._seed.value()

    @property
    def sample(self) -> Sample | None:
        return self._sample.sample(self.seed)

    @property
    def steps(self) -> str | None:
        """As pipeline.project takes them: None for the method's own."""
        return self._steps.choice

    @property
    def params(self) -> dict[str, Any]:
        """The method's parameters by name."""
        return self._form_of[self.method.name].values()

    @property
    def begins_from_map(self) -> bool:
        """Whether the run is to begin where the active map has its dots."""
        return self._begin.isChecked() and self._begin.isEnabled() and self.method.startable

    # --- what is shown --------------------------------------------------------------------------

    def show_table(self, table: Table | None) -> None:
        """Another table, of so many rows."""
        self._sample.show_table(table)
        self._write()

    def show_selection(self, rows: npt.NDArray[np.int64]) -> None:
        """The rows, int64, that a map of those selected would be made of."""
        self._sample.show_selection(rows)

    def offer_start(self, shown: Projection | None) -> None:
        """The map that a run could begin from: one of as many dimensions."""
        self._begin.setEnabled(shown is not None and shown.dims == self.dims)

    def show_making(self, shown: Projection) -> None:
        """What a map was made with, in place of what is chosen now."""
        names = [method.name for method in self._methods]
        if shown.method not in names:
            return
        usual = parse_steps(self._methods[names.index(shown.method)].steps)
        steps = parse_steps(shown.steps)
        self._steps_of[shown.method] = None if steps == usual else in_words(steps)
        self._method.setCurrentIndex(names.index(shown.method))
        self._dims.setCurrentIndex(self._dims.findData(shown.dims))
        self._seed.setValue(shown.seed)
        self._form_of[shown.method].set_values(shown.params)
        self._sample.show_sample(shown.sample)
        self._show_method()

    def use_axis(self, axis: str, expression: str) -> None:
        """Chooses semantic axes, with this expression for the axis "x", "y" or "z"."""
        names = [method.name for method in self._methods]
        self._method.setCurrentIndex(names.index(_AXES))
        if axis == "z":
            self._dims.setCurrentIndex(self._dims.findData(3))
        self._form_of[_AXES].set_values({axis: expression})

    # --- its parts ------------------------------------------------------------------------------

    def _method_box(self) -> QComboBox:
        tip = "How the rows are laid out on the map"
        box = named(QComboBox(self), "projection_method", "Projection method", tip)
        for method in self._methods:
            box.addItem(f"{method.title} (not installed)" if method.lacks else method.title)
        return box

    def _dims_box(self) -> QComboBox:
        tip = "A flat map, or one that can be turned"
        box = named(QComboBox(self), "projection_dims", "Dimensions", tip)
        box.addItem("2-D", 2)
        box.addItem("3-D", 3)
        return box

    def _page(self, method: Method, theme: Theme, expressions: Expressions) -> Form:
        form = Form(
            method.params,
            f"projection_{method.name}",
            self,
            expression=lambda: ExpressionField(expressions, theme),
        )
        self._forms.addWidget(at_the_top(form))
        form.changed.connect(self.changed)
        return form

    def _begin_box(self) -> QCheckBox:
        tip = "The dots begin where the active map has them"
        return named(
            QCheckBox("Begin from the map at hand", self),
            "projection_begin",
            "Begin from the map at hand",
            tip,
        )

    def _arrange(self, below: QWidget) -> None:
        line, content = QHBoxLayout(), QWidget()
        line.addWidget(self._method, 1)
        line.addWidget(self._dims)
        inner = QVBoxLayout(content)
        inner.setContentsMargins(0, 0, 4, 0)
        for widget in (self._summary, self._lacks, self._forms, self._begin):
            inner.addWidget(widget)
        self._seed_line = seed_row(self._seed)
        inner.addLayout(self._seed_line)
        for under in (self._steps_fold, self._sample_fold, below):
            inner.addWidget(under)
        inner.addStretch(1)
        scroll = Upright(self)
        scroll.setObjectName("projection_scroll")
        scroll.setWidget(content)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(7)
        layout.addLayout(line)
        layout.addWidget(scroll, 1)

    def _wire(self) -> None:
        self._method.currentIndexChanged.connect(self._show_method)
        self._steps.changed.connect(self._keep_steps)
        self._sample.changed.connect(self._write)
        self._dims.currentIndexChanged.connect(self._show_dims)

    def _keep_steps(self) -> None:
        self._steps_of[self.method.name] = self._steps.choice
        self._write()

    def _show_method(self) -> None:
        method = self.method
        self._forms.setCurrentIndex(self._method.currentIndex())
        self._summary.setText(method.summary)
        self._lacks.setText(f"{method.title} is not installed. {method.lacks}")
        self._lacks.setVisible(bool(method.lacks))
        self._begin.setVisible(method.startable)
        self._steps.show_method(method.steps, method.reason, self._steps_of.get(method.name))
        self._write()

    def _show_dims(self) -> None:
        for form in self._form_of.values():
            for name in _DEEP:
                form.show_field(name, self.dims == 3)
        self.changed.emit()

    def _write(self) -> None:
        """What is folded away is told beside its title; the seed is shown where it matters."""
        drawn = self.sample is not None and self.sample.drawn
        self._seed_line.setRowVisible(self._seed, self.method.chance or drawn)
        own = " (its own)" if self._steps.choice is None else ""
        self._steps_fold.set_note(f"{in_words(self._steps.steps)}{own}")
        self._sample_fold.set_note(self._sample.words)
        self.changed.emit()
