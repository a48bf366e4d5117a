"""The measures of the active map, a line for each size of neighbourhood."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from explorer.gui.state.belief import Measured
from explorer.gui.widgets.plain import plain_label, plain_tooltip
from explorer.quality import Quality

_HEADS = {
    "k": "How many neighbours of each row are looked at",
    "trustworthiness": "Are rows that lie near on the map near in the table? 1: all of them. About "
    "0.5: as on a map drawn at random. Low: groups on the map that are none.",
    "continuity": "Do rows that are near in the table lie near on the map? 1: all of them. About "
    "0.5: as on a map drawn at random. Low: neighbours were torn apart.",
    "kept": "How many of the k nearest rows in the table are among the k nearest on the map, on "
    "average",
}
_UNMEASURED = "Not measured yet."
_MOST_SIZES = 3


class NumbersView(QWidget):
    """Shows a Quality, or why there is none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("quality_numbers")
        self._note = plain_label("quality_note", "muted", wrap=True)
        self._table = QWidget(self)
        self._cells = [
            [plain_label(f"quality_{size}_{place}") for place in range(len(_HEADS))]
            for size in range(_MOST_SIZES)
        ]
        self._arrange()

    def show_measured(self, measured: Measured | None) -> None:
        """What is known of the active map; None where it was not measured."""
        quality = measured.quality if measured else None
        self._table.setVisible(quality is not None)
        if quality is None:
            self._note.setText(measured.refusal if measured else _UNMEASURED)
        else:
            self._show(quality)

    def _show(self, quality: Quality) -> None:
        lines = zip(
            quality.ks, quality.trustworthiness, quality.continuity, quality.kept, strict=True
        )
        texts = [(f"{k}", f"{t:.3f}", f"{c:.3f}", f"{100 * kept:.1f} %") for k, t, c, kept in lines]
        for size, labels in enumerate(self._cells):
            for place, label in enumerate(labels):
                label.setText(texts[size][place] if size < len(texts) else "")
                label.setVisible(size < len(texts))
        self._note.setText(" ".join((_compared(quality), *quality.notes)))

    def _arrange(self) -> None:
        grid = QGridLayout(self._table)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(3)
        for place, (name, tip) in enumerate(_HEADS.items()):
            head = plain_label(f"quality_head_{place}", "muted")
            head.setText(name)
            head.setToolTip(plain_tooltip(tip))
            self._put(grid, head, 0, place)
            for line, labels in enumerate(self._cells, 1):
                labels[place].setToolTip(plain_tooltip(tip))
                self._put(grid, labels[place], line, place)
        for place in range(1, len(_HEADS)):
            grid.setColumnStretch(place, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        for part in (self._table, self._note):
            layout.addWidget(part)

    @staticmethod
    def _put(grid: QGridLayout, label: QLabel, line: int, place: int) -> None:
        side = Qt.AlignmentFlag.AlignRight if place else Qt.AlignmentFlag.AlignLeft
        label.setAlignment(side | Qt.AlignmentFlag.AlignVCenter)
        grid.addWidget(label, line, place)


def _compared(quality: Quality) -> str:
    """Which rows the numbers are of."""
    if quality.sampled:
        return (
            f"Of {quality.sampled:,} rows drawn with seed {quality.seed}, against all "
            f"{quality.rows:,}; {quality.metric}, raw vectors."
        )
    return f"Exact, over {quality.rows:,} rows; {quality.metric}, raw vectors."
