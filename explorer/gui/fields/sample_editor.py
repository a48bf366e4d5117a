"""A part of the rows, where only that is asked for."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from explorer.gui.fields.spin_box import SpinBox
from explorer.gui.widgets.named import named
from explorer.gui.widgets.plain import plain_label
from explorer.preparation import SAMPLINGS, Sample
from explorer.table import Table

_USUAL = 20_000
_NARROW = 96
_TIP = Qt.ItemDataRole.ToolTipRole
_TITLES = {
    "uniform": ("at random", "Every row has the same chance"),
    "frequency": ("by frequency", "Frequent tokens have more chance"),
    "most frequent": ("most frequent", "The most frequent tokens, without any chance"),
}


class SampleEditor(QWidget):
    """All rows, or how many and how they are drawn. changed: the user chose otherwise."""

    changed = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._rows = 0
        self._wanted = QCheckBox("Only a sample of the rows", self)
        self._size = SpinBox(self)
        self._by = QComboBox(self)
        self._note = plain_label(f"{name}_note", "muted", wrap=True)
        self._name(name)
        self._arrange()
        self._wanted.toggled.connect(self._changed)
        self._size.valueChanged.connect(self._changed)
        self._by.currentIndexChanged.connect(self._changed)
        self.show_table(None)

    def sample(self, seed: int) -> Sample | None:
        """The sample asked for, to be drawn with this seed; None for all rows."""
        if not self._wanted.isChecked() or self._size.value() >= self._rows:
            return None
        return Sample(self._size.value(), str(self._by.currentData()), seed)

    def show_table(self, table: Table | None) -> None:
        """How many rows there are, and whether their frequencies are known."""
        self._rows = len(table) if table is not None else 0
        self.blockSignals(True)
        self._size.setMaximum(max(1, self._rows))
        if not self._wanted.isChecked():
            self._size.setValue(min(_USUAL, max(1, self._rows // 2)))
        counted = table is not None and table.importance is not None
        items = self._by.model()
        assert isinstance(items, QStandardItemModel)
        for place, by in enumerate(SAMPLINGS):
            items.item(place).setEnabled(counted or by == "uniform")
        if not counted:
            self._by.setCurrentIndex(0)
        self._write()
        self.blockSignals(False)

    def show_sample(self, sample: Sample | None) -> None:
        """The sample that a map was made of, or none; that is no choice of the user."""
        self.blockSignals(True)
        self._wanted.setChecked(sample is not None)
        if sample is not None:
            self._size.setValue(sample.size)
            self._by.setCurrentIndex(SAMPLINGS.index(sample.by))
        self._write()
        self.blockSignals(False)

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
        for place, by in enumerate(SAMPLINGS):
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
        self._size.setEnabled(wanted)
        self._by.setEnabled(wanted)
        beyond = wanted and self._rows and self._size.value() >= self._rows
        if beyond:
            text = f"The table has {self._rows:,} rows, so all take part."
        elif wanted and self._by.currentData() != "most frequent":
            text = "Drawn with the map's seed: the same seed, the same rows."
        else:
            text = ""
        self._note.setText(text)
        self._note.setVisible(bool(text))
