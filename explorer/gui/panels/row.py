"""The selected row: its token, its facts, its numbers as a strip and as values to copy."""

from __future__ import annotations

import numpy as np
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from explorer.gui.fields.buttons import push_button
from explorer.gui.state.session import Session
from explorer.gui.theme import Theme
from explorer.gui.widgets.elided import ElidedLabel
from explorer.gui.widgets.plain import counted, decimal, plain_label, plain_tooltip, token_text
from explorer.gui.widgets.strip import Strip, told_broken
from explorer.table import Table


class RowPanel(QWidget):
    """Speaks of the row selected last."""

    def __init__(self, session: Session, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("row_panel")
        self._session = session
        self._token = ElidedLabel("row_token", self, "title")
        self._place = plain_label("row_place", "badge")
        self._values: dict[str, QLabel] = {}
        self._facts = QFormLayout()
        self._facts.setHorizontalSpacing(14)
        self._facts.setVerticalSpacing(2)
        self._strip = Strip("row_strip", theme, self)
        self._range = ElidedLabel("row_range", self, "muted")
        self._copy = self._copy_button()
        self._hint = plain_label("row_hint", "muted", wrap=True)
        self._hint.setText("Click a dot, or a token in the list, to see its row of the table.")
        self._arrange()
        for signal in (
            session.table_changed,
            session.names_changed,
            session.selection_changed,
            session.vectors_changed,
        ):
            signal.connect(self._show)
        self._show()

    def _copy_button(self) -> QPushButton:
        button = push_button(
            "row_copy", "Copy values", "Copy the numbers of this row, separated by tabs", self
        )
        button.clicked.connect(self._copy_values)
        return button

    def _arrange(self) -> None:
        title = QHBoxLayout()
        title.addWidget(self._token, 1)
        title.addWidget(self._place)
        foot = QHBoxLayout()
        foot.addWidget(self._range, 1)
        foot.addWidget(self._copy)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 10, 12, 10)
        layout.setSpacing(7)
        layout.addLayout(title)
        layout.addLayout(self._facts)
        layout.addWidget(self._strip)
        layout.addLayout(foot)
        layout.addWidget(self._hint)
        layout.addStretch(1)

    def _show(self) -> None:
        table, row = self._session.table, self._session.current_row
        there = table is not None and row is not None
        for widget in (self._token, self._place, self._strip, self._range, self._copy):
            widget.setVisible(there)
        self._hint.setVisible(not there)
        if table is not None and row is not None:
            self._show_row(table, row)
        else:
            self._show_facts({})

    def _show_row(self, table: Table, row: int) -> None:
        self._token.setText(self._session.names.of(row, 24))
        self._token.setToolTip(plain_tooltip(token_text(table.tokens[row], 200)))
        others = len(self._session.selection) - 1
        self._place.setText(f"row {row:,}" + (f" · +{others:,} selected" if others else ""))
        vector = table.vectors.rows(row)
        self._strip.set_vector(vector)
        self._range.setText(_range_line(vector))
        self._range.setToolTip(self._range.text())
        self._show_facts(_facts(table, row))

    def _show_facts(self, facts: dict[str, str]) -> None:
        """By name. Labels are made for another table only: dressing them takes milliseconds, and a
        click is to be answered at once."""
        if list(facts) != list(self._values):
            while self._facts.rowCount():
                self._facts.removeRow(0)
            self._values = {name: self._added(name) for name in facts}
        for name, value in facts.items():
            self._values[name].setText(value)
            self._values[name].setToolTip(plain_tooltip(value))

    def _added(self, name: str) -> QLabel:
        title = plain_label(f"row_fact_{name}_title", "muted")
        value = ElidedLabel(f"row_fact_{name}", self)
        title.setText(token_text(name, 16))
        title.setToolTip(plain_tooltip(token_text(name)))
        self._facts.addRow(title, value)
        return value

    def _copy_values(self) -> None:
        table, row = self._session.table, self._session.current_row
        if table is not None and row is not None:
            values = table.vectors.exact(row)
            QGuiApplication.clipboard().setText("\t".join(str(value) for value in values))


def _facts(table: Table, row: int) -> dict[str, str]:
    """What is known of a row, by name."""
    facts = {} if "norm" in table.columns else {"norm": decimal(table.vectors.norms[row], 4)}
    for name, column in table.columns.items():
        value = column.values[row]
        facts[name] = _number(value) if column.numeric else token_text(str(value), 200)
    return facts


def _number(value: float | np.number) -> str:
    whole = isinstance(value, int | np.integer)
    return (f"{value:,}" if whole else f"{value:,.4g}").replace("-", "−")


def _range_line(vector: np.ndarray) -> str:
    finite = vector[np.isfinite(vector)]
    if not len(finite):
        return f"{counted(len(vector), 'number')}, none finite"
    least, greatest = (decimal(end, 3) for end in (finite.min(), finite.max()))
    span = least if len(vector) == 1 else f"{least} to {greatest}"
    told = (counted(len(vector), "number"), told_broken(vector), span)
    return ", ".join(filter(None, told))
