"""The nearest rows of the selected one, over the whole table, in the table's own numbers."""

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
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QSpinBox,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from explorer import pipeline
from explorer.gui.jobs import Jobs
from explorer.gui.names import Names
from explorer.gui.plain import plain_label, plain_tooltip
from explorer.gui.session import Session
from explorer.gui.spin_box import SpinBox
from explorer.gui.theme import Theme
from explorer.nearest import METRICS, Neighbors
from explorer.progress import Report

_Index = QModelIndex | QPersistentModelIndex
_SHARE = Qt.ItemDataRole.UserRole  # length of the score's bar, 0..1
_TITLES = {"cosine": "Cosine", "euclidean": "Euclidean", "dot": "Dot product"}


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
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return ("", "token", self._found.metric if self._found else "score")[section]
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
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tooltip(
                f"{self._names.of(row)} · row {row:,} · {self._found.metric} {score:.6f}"
            )
        return self._share(score) if role == _SHARE and column == 2 else None

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
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        share = index.data(_SHARE)
        if share is not None:
            area: QRect = option.rect.adjusted(4, 4, -2, -4)
            area.setLeft(area.right() - int(area.width() * min(1.0, share)))
            painter.fillRect(area, self._theme.colour("bar"))
        super().paint(painter, option, index)


class NeighborsPanel(QWidget):
    """Asks for neighbours when the selection changes; clicking one goes there."""

    def __init__(
        self, session: Session, jobs: Jobs, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("neighbors_panel")
        self._session = session
        self._lane = jobs.query
        self._model = NeighborModel(self)
        self._metric = self._metric_box()
        self._k = self._k_box()
        self._view = self._list(theme)
        self._note = plain_label("neighbors_note", "muted", wrap=True)
        self._arrange()
        session.selection_changed.connect(self._ask)
        session.vectors_changed.connect(self._ask)
        session.table_changed.connect(self._ask)
        session.neighbors_changed.connect(self._show)
        session.names_changed.connect(self._show)
        self._lane.succeeded.connect(session.set_neighbors)
        self._lane.failed.connect(self._tell)
        self._show()

    def _metric_box(self) -> QComboBox:
        box = QComboBox(self)
        box.setObjectName("neighbors_metric")
        box.setAccessibleName("Metric")
        box.setToolTip("How nearness is measured, in the raw vectors")
        for metric in METRICS:
            box.addItem(_TITLES[metric], metric)
        box.currentIndexChanged.connect(self._ask)
        return box

    def _k_box(self) -> QSpinBox:
        box = SpinBox(self)
        box.setObjectName("neighbors_k")
        box.setAccessibleName("Number of neighbours")
        box.setToolTip("How many neighbours to list")
        box.setRange(1, 1000)
        box.setValue(12)
        box.setPrefix("k = ")
        box.valueChanged.connect(self._ask)
        return box

    def _list(self, theme: Theme) -> QTableView:
        view = QTableView(self)
        view.setObjectName("neighbors_list")
        view.setAccessibleName("Neighbours")
        view.setToolTip("Click a neighbour, or press Enter on it, to go there")
        view.setModel(self._model)
        view.setItemDelegateForColumn(2, _BarDelegate(theme, view))
        view.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        view.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        view.setShowGrid(False)
        view.setWordWrap(False)
        view.setTabKeyNavigation(False)
        view.verticalHeader().hide()
        view.verticalHeader().setDefaultSectionSize(24)
        header = view.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setMinimumSectionSize(30)
        # Widths from the rows in sight: measuring 1,000 takes a tenth of a second.
        header.setResizeContentsPrecision(0)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        header.resizeSection(2, 96)
        view.clicked.connect(self._go)
        view.activated.connect(self._go)
        return view

    def _arrange(self) -> None:
        line = QHBoxLayout()
        line.addWidget(self._metric, 1)
        line.addWidget(self._k)
        space = plain_label("neighbors_space", "badge")
        space.setText("raw vectors")
        space.setToolTip("Nothing is centred or normalised first: these are the table's numbers")
        line.addWidget(space)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 8, 12, 10)
        layout.setSpacing(7)
        layout.addLayout(line)
        layout.addWidget(self._view, 1)
        layout.addWidget(self._note)
        layout.addStretch(0)

    def _ask(self) -> None:
        table, row = self._session.table, self._session.current_row
        if table is None or row is None:
            self._lane.cancel()
            self._show()
            return
        self._session.set_neighbors(None)  # the old list is of another metric, or another row
        k, metric = self._k.value(), str(self._metric.currentData())

        def work(report: Report) -> Neighbors:
            return pipeline.neighbors(table, row, k, metric, report=report)

        self._lane.start("Finding neighbours", work)

    def _show(self) -> None:
        found = self._session.neighbors
        self._model.show_neighbors(self._session.names, found)
        if found is not None:
            self._note.setText(" ".join(note.message for note in found.left_out))
        elif self._session.current_row is None:
            self._note.setText("The nearest rows of the selected token stand here.")
        else:
            self._note.setText("")
        self._note.setVisible(bool(self._note.text()))
        self._view.setVisible(self._session.current_row is not None)

    def _tell(self, error: Exception) -> None:
        self._note.setText(str(error))
        self._note.show()

    def _go(self, index: QModelIndex) -> None:
        self._session.select([self._model.row_at(index.row())])
