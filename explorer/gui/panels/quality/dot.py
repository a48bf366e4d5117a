"""What the active map says of the current row's neighbours, and what is so."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from explorer.gui.state.names import Names
from explorer.gui.widgets.named import named
from explorer.gui.widgets.plain import plain_label, plain_tooltip
from explorer.quality import Believed

_ROW = Qt.ItemDataRole.UserRole
_NAME_LENGTH = 22
_MARGIN = 6  # pixels of a list beside its lines
_MISSING_TIP = "Near in the table and far on the map, the one drawn farthest off first"
_FALSE_TIP = "Near on the map and far in the table, the nearest on the map first"


class DotView(QWidget):
    """A sentence and two lists. row_chosen: a row to go to."""

    row_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("quality_dot")
        self._sentence = plain_label("quality_dot_sentence", wrap=True)
        self._missing_title = plain_label("quality_missing_title", "muted")
        self._false_title = plain_label("quality_false_title", "muted")
        self._missing = self._list("quality_missing", "True neighbours that are missing here")
        self._false = self._list("quality_false", "Rows near here that are no neighbours")
        self._lists = QWidget(self)
        self._arrange()

    def show_believed(self, believed: Believed | None, names: Names, hint: str) -> None:
        """What the map says of a row; where there is nothing to say, `hint` says why."""
        self._lists.setVisible(believed is not None)
        if believed is None:
            self._sentence.setText(hint)
            return
        k = believed.k
        kept = round(believed.kept * k)
        name = names.of(believed.row, _NAME_LENGTH)
        self._sentence.setText(f"{kept} of {k} true neighbours are near ‘{name}’ here.")
        self._missing_title.setText(f"missing ({len(believed.missing)})")
        self._false_title.setText(f"false ({len(believed.false)})")
        ranks = dict(zip(believed.true_rows.tolist(), believed.map_ranks.tolist(), strict=True))
        _fill(self._missing, believed.missing.tolist(), ranks, names, "neighbour on the map")
        ranks = dict(zip(believed.map_rows.tolist(), believed.true_ranks.tolist(), strict=True))
        _fill(self._false, believed.false.tolist(), ranks, names, "neighbour in the table")
        lines = max(1, len(believed.missing), len(believed.false))
        for view in (self._missing, self._false):
            line = view.sizeHintForRow(0) if view.count() else view.fontMetrics().height()
            view.setFixedHeight(lines * line + _MARGIN)

    def _list(self, name: str, title: str) -> QListWidget:
        view = named(
            QListWidget(self), name, title, f"{title}; click one, or press Enter on it, to go there"
        )
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.setUniformItemSizes(True)
        view.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.itemClicked.connect(lambda item: self.row_chosen.emit(item.data(_ROW)))
        view.itemActivated.connect(lambda item: self.row_chosen.emit(item.data(_ROW)))
        return view

    def _arrange(self) -> None:
        self._missing_title.setToolTip(_MISSING_TIP)
        self._false_title.setToolTip(_FALSE_TIP)
        pair = QHBoxLayout(self._lists)
        pair.setContentsMargins(0, 0, 0, 0)
        for title, view in (
            (self._missing_title, self._missing),
            (self._false_title, self._false),
        ):
            side = QVBoxLayout()
            side.setSpacing(2)
            side.addWidget(title)
            side.addWidget(view)
            side.addStretch(1)
            pair.addLayout(side, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self._sentence)
        layout.addWidget(self._lists)


def _fill(
    view: QListWidget, rows: list[int], ranks: dict[int, int], names: Names, where: str
) -> None:
    view.clear()
    for row in rows:
        item = QListWidgetItem(names.of(row, _NAME_LENGTH))
        item.setData(_ROW, row)
        tip = f"{names.of(row)} · row {row:,} · {_ordinal(ranks[row])} {where}"
        item.setToolTip(plain_tooltip(tip))
        view.addItem(item)


def _ordinal(rank: int) -> str:
    last = "th" if 10 <= rank % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(rank % 10, "th")
    return f"{rank:,}{last}"
