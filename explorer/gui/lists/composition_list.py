"""What the selected rows have in common, column by column, beside all rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QTableView, QWidget
from typing_extensions import override

from explorer.composition import Share, Spread
from explorer.gui.lists.copying import copies_lines
from explorer.gui.lists.list_model import ListModel, style_list
from explorer.gui.widgets.plain import token_text
from explorer.table import Column


@dataclass(frozen=True)
class _Line:
    """One line. heading: whether it names the column of the lines below it."""

    text: str
    here: str = ""
    overall: str = ""
    tip: str = ""
    heading: bool = False


class CompositionModel(ListModel):
    """Value, how it stands in the selection, how it stands among all rows."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(("column", "selected", "all rows"), (1, 2), parent)
        self._lines: list[_Line] = []

    def show_columns(self, columns: Iterable[tuple[Column, list[Share] | Spread]]) -> None:
        self.beginResetModel()
        self._lines = [line for column, found in columns for line in _lines_of(column, found)]
        self.endResetModel()

    @override
    def length(self) -> int:
        return len(self._lines)

    @override
    def text(self, place: int, column: int) -> str:
        line = self._lines[place]
        return (line.text, line.here, line.overall)[column]

    @override
    def tip(self, place: int) -> str:
        return self._lines[place].tip

    @override
    def other(self, place: int, column: int, role: int) -> Any:
        if role != Qt.ItemDataRole.FontRole or column != 0 or not self._lines[place].heading:
            return None
        font = QFont()
        font.setBold(True)
        return font


class CompositionList(QTableView):
    """The lines of a CompositionModel, to be read."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("selection_columns")
        self.setAccessibleName("Columns of the selected rows")
        self.setToolTip("The most frequent values of the selected rows beside all rows; means")
        self._model = CompositionModel(self)
        self.setModel(self._model)
        style_list(self, fitted=(1, 2))
        self.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        copies_lines(self)

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
