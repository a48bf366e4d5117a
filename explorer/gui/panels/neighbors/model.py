"""Neighbours as a list: rank, token, score with a bar."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    Qt,
)
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)
from typing_extensions import override

from explorer.gui.names import Names
from explorer.gui.plain import plain_tooltip
from explorer.gui.theme import Theme
from explorer.nearest import Neighbors

Index = QModelIndex | QPersistentModelIndex
_SHARE = Qt.ItemDataRole.UserRole  # length of the score's bar, 0..1
_SCORE = 112  # pixels
_SPACES = {"raw": "", "centre": "centred", "unit": "unit", "whiten": "whitened"}


class NeighborModel(QAbstractTableModel):
    """Rank, token and score of each neighbour."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._names = Names(None)
        self._found: Neighbors | None = None

    def show_neighbors(self, names: Names, found: Neighbors | None) -> None:
        self.beginResetModel()
        self._names, self._found = names, found
        self.endResetModel()

    def row_at(self, place: int) -> int:
        """The table's row at a place of the list."""
        assert self._found is not None
        return int(self._found.rows[place])

    @override
    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  (Qt's signature)
        return 0 if parent.isValid() or self._found is None else len(self._found.rows)

    @override
    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else 3

    @override
    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if role == Qt.ItemDataRole.TextAlignmentRole and section != 1:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return ("", "token", self._score_title)[section]
        return None

    @property
    def _score_title(self) -> str:
        """A space other than the raw one is not to be overlooked."""
        if self._found is None:
            return "score"
        space = _SPACES.get(self._found.space, self._found.space.replace("remove", "top") + " out")
        return f"{self._found.metric}, {space}" if space else self._found.metric

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if self._found is None or not index.isValid():
            return None
        place, column = index.row(), index.column()
        row, score = self.row_at(place), float(self._found.scores[place])
        if role == Qt.ItemDataRole.DisplayRole:
            return (str(place + 1), self._names.of(row), f"{score:.4f}")[column]
        if role == Qt.ItemDataRole.TextAlignmentRole and column != 1:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tooltip(self._in_full(row, score))
        return self._share(score) if role == _SHARE and column == 2 else None

    def _in_full(self, row: int, score: float) -> str:
        assert self._found is not None
        space = "" if self._found.space == "raw" else f" ({self._found.space})"
        return f"{self._names.of(row)} · row {row:,} · {self._found.metric} {score:.6f}{space}"

    def _share(self, score: float) -> float:
        """Bars compare within the list: the best one is full, for a distance the shortest."""
        assert self._found is not None
        best = float(self._found.scores[0])
        if self._found.metric == "cosine":
            return max(0.0, score)
        if self._found.metric == "euclidean":
            return best / score if score > 0 else 1.0
        return max(0.0, score / best) if best > 0 else 0.0


class _BarDelegate(QStyledItemDelegate):
    """A quiet bar behind the score."""

    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        share = index.data(_SHARE)
        if share is not None:
            area: QRect = option.rect.adjusted(4, 4, -2, -4)
            area.setLeft(area.right() - int(area.width() * min(1.0, share)))
            painter.fillRect(area, self._theme.colour("bar"))
        super().paint(painter, option, index)


def neighbor_list(model: NeighborModel, theme: Theme, parent: QWidget) -> QTableView:
    """The view of the list."""
    view = QTableView(parent)
    view.setObjectName("neighbors_list")
    view.setAccessibleName("Neighbours")
    view.setToolTip("Click a neighbour, or press Enter on it, to go there")
    view.setModel(model)
    view.setItemDelegateForColumn(2, _BarDelegate(theme, view))
    view.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
    view.setSelectionMode(QTableView.SelectionMode.SingleSelection)
    view.setShowGrid(False)
    view.setWordWrap(False)
    view.setTabKeyNavigation(False)
    view.verticalHeader().hide()
    view.verticalHeader().setDefaultSectionSize(24)
    _set_columns(view.horizontalHeader())
    return view


def _set_columns(header: QHeaderView) -> None:
    header.setHighlightSections(False)
    header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    header.setMinimumSectionSize(30)
    # Widths from the rows in sight: measuring 1,000 takes a tenth of a second.
    header.setResizeContentsPrecision(0)
    header.setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
    header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
    header.resizeSection(2, _SCORE)
