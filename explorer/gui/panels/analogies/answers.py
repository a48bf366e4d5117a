"""The answers of one method: rank, token, score."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QHeaderView, QTableView, QWidget
from typing_extensions import override

from explorer.gui.bars import SHARE, BarDelegate
from explorer.gui.names import Names
from explorer.gui.plain import plain_tooltip
from explorer.gui.theme import Theme
from explorer.nearest import Neighbors

_Index = QModelIndex | QPersistentModelIndex
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class AnswerModel(QAbstractTableModel):
    """Answers in the order of their scores."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._names = Names(None)
        self._found: Neighbors | None = None

    def show_answers(self, names: Names, found: Neighbors | None) -> None:
        self.beginResetModel()
        self._names, self._found = names, found
        self.endResetModel()

    def row_at(self, place: int) -> int:
        """The table's row at a place of the list."""
        assert self._found is not None
        return int(self._found.rows[place])

    @override
    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008  (Qt's signature)
        return 0 if parent.isValid() or self._found is None else len(self._found.rows)

    @override
    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else 3

    @override
    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if role == Qt.ItemDataRole.TextAlignmentRole and section != 1:
            return _RIGHT
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return ("", "token", "score")[section]
        return None

    @override
    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if self._found is None or not index.isValid():
            return None
        place, column = index.row(), index.column()
        row, score = self.row_at(place), float(self._found.scores[place])
        if role == Qt.ItemDataRole.DisplayRole:
            return (str(place + 1), self._names.of(row), f"{score:.4f}")[column]
        if role == Qt.ItemDataRole.TextAlignmentRole and column != 1:
            return _RIGHT
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tooltip(
                f"{self._names.of(row)} · row {row:,} · {self._found.metric} {score:.6f}"
            )
        return self._share(score) if role == SHARE and column == 2 else None

    def _share(self, score: float) -> float:
        """Bars compare within the list: the best one is full."""
        assert self._found is not None
        best = float(self._found.scores[0])
        return max(0.0, score / best) if best > 0 else 0.0


class AnswerList(QTableView):
    """The model's lines, to be clicked. name: of the object. title: for screen readers."""

    def __init__(self, name: str, title: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(title)
        self.setToolTip("Click an answer, or press Enter on it, to select its row")
        self.answers = AnswerModel(self)
        self.setModel(self.answers)
        self.setItemDelegateForColumn(2, BarDelegate(theme, self))
        self.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(24)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setMinimumSectionSize(28)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Fixed)
        header.resizeSection(0, 40)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.Fixed)
        header.resizeSection(2, 92)
