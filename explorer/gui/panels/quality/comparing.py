"""Whether another map, or another seed, tells the same neighbours."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from explorer.gui.state.belief import Compared
from explorer.gui.tasks.measuring import Measuring
from explorer.gui.widgets.named import named
from explorer.gui.widgets.plain import plain_label
from explorer.pipeline import title_of
from explorer.projection import Projection

_ANOTHER_SEED = -1
_NOTHING = "There is no other map yet: View > Another map (Ctrl+M) opens one."
_WHAT = "Compare who is whose neighbour on two maps; maps are then coloured by what both tell."


class CompareView(QWidget):
    """asked: the number of the map to compare with. another_seed_asked: make one first."""

    asked = Signal(int)
    another_seed_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("quality_compare")
        tip = "The map to compare the active one with"
        self._other = named(QComboBox(self), "quality_other", "Map to compare with", tip)
        self._run = named(
            QPushButton("Compare", self), "quality_compare_run", "Compare two maps", _WHAT
        )
        self._run.clicked.connect(self._ask)
        self._result = plain_label("quality_compare_result", wrap=True)
        self._arrange()

    def show_choices(self, maps: dict[int, str], next_seed: int | None) -> None:
        """maps: the others by number, as they are called. next_seed: of the same map made again;
        None where a seed does not matter."""
        before = self._other.currentData()
        self._other.clear()
        for number, name in maps.items():
            self._other.addItem(name, number)
        if next_seed is not None:
            self._other.addItem(f"the same with seed {next_seed}", _ANOTHER_SEED)
        self._other.setCurrentIndex(max(0, self._other.findData(before)))
        for part in (self._other, self._run):
            part.setEnabled(self._other.count() > 0)

    def show_compared(self, compared: Compared | None) -> None:
        """What came of it; None where nothing was compared."""
        if compared is None:
            nothing = _NOTHING if self._other.count() == 0 else _WHAT
            self._result.setText(nothing)
            return
        found, first, second = compared.agreement, compared.first, compared.second
        self._result.setText(
            f"{called(first)} and {called(second)}: of the rows that are among the {found.k} "
            f"nearest on either map, {100 * found.mean:.0f} % are on both (mean of all rows). "
            "The colours tell it row by row."
        )

    def _ask(self) -> None:
        number = self._other.currentData()
        if number == _ANOTHER_SEED:
            self.another_seed_asked.emit()
        elif number is not None:
            self.asked.emit(number)

    def _arrange(self) -> None:
        line = QHBoxLayout()
        line.addWidget(self._other, 1)
        line.addWidget(self._run)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addLayout(line)
        layout.addWidget(self._result)


def called(projection: Projection) -> str:
    """A map by its method, and by its seed where that decides what it looks like."""
    seed = f" (seed {projection.seed})" if Measuring.by_chance(projection) else ""
    return f"{title_of(projection)}{seed}"
