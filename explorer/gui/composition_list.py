"""What the selected rows have in common, column by column, beside all rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QHeaderView, QTableView, QWidget
from typing_extensions import override

from explorer.composition import Share, Spread
from explorer.gui.plain import plain_tooltip, token_text
from explorer.gui.token_model import style_token_list
from explorer.table import Column

_Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True)
class _Line:
    """One line. heading: whether it names the column of the lines below it."""

    text: str
    here: str = ""
    overall: str = ""
    tip: str = ""
    heading: bool = False


class CompositionModel(QAbstractTableModel):
    """Value, how it stands in the selection, how it stands among all rows."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines: list[_Line] = []

    def show_columns(self, columns: Iterable[tuple[Column, list[Share] | Spread]]) -> None:
        self.beginResetModel()
        self._lines = [line for column, found in columns for line in _lines_of(column, found)]
        self.endResetModel()

    @override
    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008  (Qt's signature)
        return 0 if parent.isValid() else len(self._lines)

    @override
    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else 3

    @override
    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if role == Qt.ItemDataRole.TextAlignmentRole and section:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return ("column", "selected", "all rows")[section]
        return None

    @override
    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        line = self._lines[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return (line.text, line.here, line.overall)[index.column()]
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tooltip(line.tip) if line.tip else None
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column():
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.FontRole and line.heading and index.column() == 0:
            font = QFont()
            font.setBold(True)
            return font
        return None


class CompositionList(QTableView):
    """The lines of a CompositionModel, to be read."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("selection_columns")
        self.setAccessibleName("Columns of the selected rows")
        self.setToolTip("The most frequent values of the selected rows beside all rows; means")
        self._model = CompositionModel(self)
        self.setModel(self._model)
        style_token_list(self)
        header = self.horizontalHeader()
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.ResizeToContents)
        self.setSelectionMode(QTableView.SelectionMode.SingleSelection)

    def show_columns(self, columns: Iterable[tuple[Column, list[Share] | Spread]]) -> None:
        self._model.show_columns(columns)


def _lines_of(column: Column, found: list[Share] | Spread) -> Iterable[_Line]:
    name = token_text(column.name, 30)
    if isinstance(found, Spread):
        tip = f"{name}: mean of the selected rows, and of all rows"
        yield _Line(f"{name}, mean", _number(found.here), _number(found.overall), tip)
        return
    yield _Line(name, heading=True)
    for share in found:
        tip = (
            f"{token_text(share.value)}: {100 * share.here / share.rows:.1f} % of the selected "
            f"rows, {100 * share.overall / share.total:.1f} % of all rows "
            f"({share.lift:.1f} times as often)"
        )
        yield _Line(
            "   " + token_text(share.value, 40), f"{share.here:,}", f"{share.overall:,}", tip
        )


def _number(value: float) -> str:
    return "–" if value != value else f"{value:,.4g}"
