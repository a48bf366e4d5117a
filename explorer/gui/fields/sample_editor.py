"""A part of the rows, where only that is asked for."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from explorer.gui.fields.spin_box import SpinBox
from explorer.gui.widgets.named import named
from explorer.gui.widgets.plain import plain_label
from explorer.preparation import CHOSEN, SAMPLINGS, Sample
from explorer.table import Table

Rows = npt.NDArray[np.int64]

_USUAL = 20_000
_NARROW = 96
_TIP = Qt.ItemDataRole.ToolTipRole
_TITLES = {
    "uniform": ("at random", "Every row has the same chance"),
    "frequency": ("by frequency", "Frequent tokens have more chance"),
    "most frequent": ("most frequent", "The most frequent tokens, without any chance"),
    CHOSEN: ("those selected", "The rows that are selected when this is chosen"),
}
_CHOSEN_PLACE = len(SAMPLINGS)


class SampleEditor(QWidget):
    """All rows, or how many and how they are drawn, or those selected. changed: the user chose
    otherwise."""

    changed = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._rows = 0
        self._selected: Rows = np.empty(0, np.int64)
        self._taken: Sample | None = None  # of the rows that were selected when they were asked for
        self._wanted = QCheckBox("Only a sample of the rows", self)
        self._size = SpinBox(self)
        self._by = QComboBox(self)
        self._note = plain_label(f"{name}_note", "muted", wrap=True)
        self._name(name)
        self._arrange()
        self._wanted.toggled.connect(self._changed)
        self._size.valueChanged.connect(self._changed)
        self._by.currentIndexChanged.connect(self._changed)
        self._by.activated.connect(lambda _: self._take_selected())
        self.show_table(None)

    def sample(self, seed: int) -> Sample | None:
        """The sample asked for, to be drawn with this seed; None for all rows."""
        if not self._wanted.isChecked():
            return None
        if self._of_selected:
            return self._taken
        if self._size.value() >= self._rows:
            return None
        return Sample(self._size.value(), str(self._by.currentData()), seed)

    def show_table(self, table: Table | None) -> None:
        """How many rows there are, and whether their frequencies are known."""
        before, self._rows = self._rows, len(table) if table is not None else 0
        self.blockSignals(True)
        if self._rows != before:
            self._forget_taken()
        self._size.setMaximum(max(1, self._rows))
        if not self._wanted.isChecked():
            self._size.setValue(min(_USUAL, max(1, self._rows // 2)))
        counted = table is not None and table.importance is not None
        items = self._by.model()
        assert isinstance(items, QStandardItemModel)
        for place, by in enumerate(SAMPLINGS):
            items.item(place).setEnabled(counted or by == "uniform")
        if not counted and not self._of_selected:
            self._by.setCurrentIndex(0)
        self._write()
        self.blockSignals(False)

    def show_sample(self, sample: Sample | None) -> None:
        """The sample that a map was made of, or none; that is no choice of the user."""
        self.blockSignals(True)
        self._wanted.setChecked(sample is not None)
        if sample is not None:
            if sample.by == CHOSEN:
                self._taken = sample
            else:
                self._size.setValue(sample.size)
            self._by.setCurrentIndex((*SAMPLINGS, CHOSEN).index(sample.by))
            self._offer_selected()
        self._write()
        self.blockSignals(False)

    def show_selection(self, rows: Rows) -> None:
        """The rows, int64, that are meant once those selected are asked for."""
        self._selected = rows
        self._offer_selected()

    @property
    def _of_selected(self) -> bool:
        """Whether the rows are those that were selected."""
        return self._by.currentData() == CHOSEN

    def _take_selected(self) -> None:
        """Choosing it again takes those that are selected by then."""
        if self._of_selected and len(self._selected):
            self._taken = Sample.of(self._selected)
            self._changed()

    def _forget_taken(self) -> None:
        self._taken = None
        if self._of_selected:
            self._by.setCurrentIndex(0)
        self._offer_selected()

    def _offer_selected(self) -> None:
        items = self._by.model()
        assert isinstance(items, QStandardItemModel)
        there = len(self._selected) > 0 or self._taken is not None
        items.item(_CHOSEN_PLACE).setEnabled(there)

    @property
    def words(self) -> str:
        """ "20,000 of 400,000 rows", or "all rows"."""
        asked = self.sample(0)
        return "all rows" if asked is None else f"{asked.size:,} of {self._rows:,} rows"

    def _name(self, name: str) -> None:
        for widget, part, title, tip in (
            (self._wanted, "wanted", "Only a sample", "Leave rows out, to see a map sooner"),
            (self._size, "size", "Rows in the sample", "How many rows are drawn"),
            (self._by, "by", "How rows are drawn", "Which rows have more chance to be drawn"),
        ):
            named(widget, f"{name}_{part}", title, tip)
        # Side by side in a narrow panel: neither may ask for the room of its longest text.
        self._size.setMinimumWidth(_NARROW)
        self._by.setMinimumWidth(_NARROW)
        self._by.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self._size.setRange(1, _USUAL)
        self._size.setValue(_USUAL)
        self._size.setGroupSeparatorShown(True)
        self._size.setSuffix(" rows")
        for place, by in enumerate((*SAMPLINGS, CHOSEN)):
            title, tip = _TITLES[by]
            self._by.addItem(title, by)
            self._by.setItemData(place, tip, _TIP)

    def _arrange(self) -> None:
        line = QHBoxLayout()
        line.addWidget(self._size, 1)
        line.addWidget(self._by, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(5)
        layout.addWidget(self._wanted)
        layout.addLayout(line)
        layout.addWidget(self._note)

    def _changed(self) -> None:
        self._write()
        self.changed.emit()

    def _write(self) -> None:
        wanted = self._wanted.isChecked()
        self._size.setVisible(not self._of_selected)
        self._size.setEnabled(wanted)
        self._by.setEnabled(wanted)
        text = self._what_is_meant() if wanted else ""
        self._note.setText(text)
        self._note.setVisible(bool(text))

    def _what_is_meant(self) -> str:
        if self._of_selected and self._taken is not None:
            rows = f"{self._taken.size:,} rows" if self._taken.size > 1 else "1 row"
            return f"{rows}, as they were selected. Choose it again for those selected now."
        if self._rows and self._size.value() >= self._rows:
            return f"The table has {self._rows:,} rows, so all take part."
        if self._by.currentData() == "most frequent":
            return ""
        return "Drawn with the map's seed: the same seed, the same rows."
