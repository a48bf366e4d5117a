"""In what sense rows are near: which way, by which metric, in which space, how many."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSpinBox, QVBoxLayout, QWidget

from explorer.gui.fields.choice_box import METRIC_TITLES
from explorer.gui.fields.spin_box import SpinBox
from explorer.gui.widgets.named import named
from explorer.nearest import METRICS

NEAREST, REVERSE, MUTUAL = "nearest", "reverse", "mutual"
_WAYS = {
    NEAREST: ("Nearest", "The rows nearest to the query"),
    REVERSE: ("Reverse", "The rows that have this one among their k nearest"),
    MUTUAL: ("Mutual", "The rows among the k nearest of this one that have it among theirs"),
}
_SPACES = {
    "raw": ("Raw", "The table's own numbers: nothing is centred or scaled"),
    "centre": ("Centred", "The mean of all rows is subtracted first"),
    "unit": ("Unit", "Every row is scaled to length one first"),
    "remove": ("Remove top", "Centred, and the directions of greatest variance taken out"),
    "whiten": ("Whitened", "Centred, and every direction given the same variance"),
}
_NARROW, _WIDE = 56, 88  # pixels, of the boxes of numbers


class NearnessChoices(QWidget):
    """changed: another sense of near, or another number of neighbours, was chosen."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("neighbors_choices")
        self._way = self._box("way", "Which neighbours", "Whose neighbours are listed")
        for name, (title, tip) in _WAYS.items():
            self._add(self._way, name, title, tip)
        self._metric = self._box("metric", "Metric", "How nearness is measured")
        for metric in METRICS:
            self._metric.addItem(METRIC_TITLES[metric], metric)
        self._space = self._box("space", "Space", "What is done to the vectors first")
        for name, (title, tip) in _SPACES.items():
            self._add(self._space, name, title, tip)
        tip = "How many directions of greatest variance are taken out"
        self._removed = self._number("removed", "Components removed", tip, (1, 100), 3)
        self._removed.setFixedWidth(_NARROW)
        tip = "How many neighbours to list"
        self._k = self._number("k", "Number of neighbours", tip, (1, 1000), 12)
        self._k.setPrefix("k = ")
        self._k.setFixedWidth(_WIDE)
        self._arrange()
        self._show()
        for box in (self._way, self._metric, self._space):
            box.currentIndexChanged.connect(self._choose)

    # --- what is chosen -------------------------------------------------------------------------

    @property
    def way(self) -> str:
        """NEAREST, REVERSE or MUTUAL."""
        return str(self._way.currentData())

    @property
    def measure(self) -> str:
        """The metric: one of explorer.nearest.METRICS."""
        return str(self._metric.currentData())

    @property
    def space(self) -> str:
        """As explorer.spaces reads it; who is whose neighbour is known in the raw space only."""
        name = str(self._space.currentData())
        if self.way != NEAREST:
            return "raw"
        return f"remove {self._removed.value()}" if name == "remove" else name

    @property
    def k(self) -> int:
        return self._k.value()

    # --- its parts ------------------------------------------------------------------------------

    def _box(self, name: str, title: str, tip: str) -> QComboBox:
        box = named(QComboBox(self), f"neighbors_{name}", title, tip)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(6)
        return box

    def _add(self, box: QComboBox, name: str, title: str, tip: str) -> None:
        box.addItem(title, name)
        box.setItemData(box.count() - 1, tip, Qt.ItemDataRole.ToolTipRole)

    def _number(
        self, name: str, title: str, tip: str, bounds: tuple[int, int], value: int
    ) -> QSpinBox:
        box = named(SpinBox(self), f"neighbors_{name}", title, tip)
        box.setRange(*bounds)
        box.setValue(value)
        box.valueChanged.connect(self.changed)
        return box

    def _arrange(self) -> None:
        first, second = QHBoxLayout(), QHBoxLayout()
        for line in (first, second):
            line.setSpacing(8)
        first.addWidget(self._way, 1)
        first.addWidget(self._metric, 1)
        second.addWidget(self._space, 1)
        second.addWidget(self._removed)
        second.addWidget(self._k)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(first)
        layout.addLayout(second)

    def _choose(self) -> None:
        self._show()
        self.changed.emit()

    def _show(self) -> None:
        nearest = self.way == NEAREST
        self._space.setEnabled(nearest)
        self._space.setToolTip(
            self._space.currentData(Qt.ItemDataRole.ToolTipRole)
            if nearest
            else "Who is whose neighbour is found in the table's own numbers"
        )
        self._space.setProperty("strong", self.space != "raw")
        self._space.style().unpolish(self._space)
        self._space.style().polish(self._space)
        self._removed.setVisible(nearest and self._space.currentData() == "remove")
