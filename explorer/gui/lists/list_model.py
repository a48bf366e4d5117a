"""What the lists of the window share: a model of lines, and the look of the view."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QHeaderView, QTableView
from typing_extensions import override

from explorer.gui.widgets.plain import plain_tooltip

Index = QModelIndex | QPersistentModelIndex
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class ListModel(QAbstractTableModel):
    """Lines of text in columns. titles: of the columns. numbers: places of those set right.

    A list says how many lines it has, their text and their tips; what else a view wants of it (a
    bar, a colour, a font) it gives in `other`. It begins and ends a reset around a change.
    """

    def __init__(
        self, titles: Sequence[str], numbers: Collection[int] = (), parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.titles, self._numbers = tuple(titles), frozenset(numbers)

    def length(self) -> int:
        """How many lines there are."""
        raise NotImplementedError

    def text(self, place: int, column: int) -> str:
        """What stands in a line, in a column."""
        raise NotImplementedError

    def copied(self, place: int, column: int) -> str:
        """The same for the clipboard: numbers are written as other programs read them."""
        text = self.text(place, column).strip()
        return text.replace("−", "-").replace(",", "") if column in self._numbers else text

    def tip(self, place: int) -> str:
        """All of a line in words; "" for no tip."""
        return ""

    def other(self, place: int, column: int, role: int) -> Any:
        """What a view is told in any other role."""
        return None

    @override
    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  (Qt's signature)
        return 0 if parent.isValid() else self.length()

    @override
    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.titles)

    @override
    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if role == Qt.ItemDataRole.TextAlignmentRole and section in self._numbers:
            return RIGHT
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self.titles[section]
        return None

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        place, column = index.row(), index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return self.text(place, column)
        if role == Qt.ItemDataRole.TextAlignmentRole and column in self._numbers:
            return RIGHT
        if role == Qt.ItemDataRole.ToolTipRole:
            tip = self.tip(place)
            return plain_tooltip(tip).replace("\n", "<br>") if tip else None
        return self.other(place, column, role)


def choose_lines(view: QTableView, choose: Callable[[int], None]) -> None:
    """Calls `choose` with the place of a line that is clicked, or that the arrow keys come to; that
    the list gets the keys chooses none. Its model is set already."""

    def step(now: QModelIndex, before: QModelIndex) -> None:
        if before.isValid() and now.isValid() and view.hasFocus():
            choose(now.row())

    view.clicked.connect(lambda index: choose(index.row()))
    view.selectionModel().currentRowChanged.connect(step)


def style_list(
    view: QTableView,
    *,
    stretch: int = 0,
    fitted: Collection[int] = (),
    fixed: Mapping[int, int] | None = None,
    movable: Mapping[int, int] | None = None,
) -> None:
    """Makes a view look and move like the other lists; its model is set already.

    stretch: the column that takes what is left. fitted: columns as wide as the lines in sight want
    them. fixed, movable: widths in pixels of columns that keep theirs, or that the user may drag.
    """
    view.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
    view.setShowGrid(False)
    view.setWordWrap(False)
    view.setTabKeyNavigation(False)
    view.verticalHeader().hide()
    view.verticalHeader().setDefaultSectionSize(24)
    header = view.horizontalHeader()
    header.setHighlightSections(False)
    header.setDefaultAlignment(_LEFT)
    # Widths from the rows in sight: measuring 250,000 would freeze the window.
    header.setResizeContentsPrecision(0)
    modes = QHeaderView.ResizeMode
    header.setSectionResizeMode(stretch, modes.Stretch)
    for column in fitted:
        header.setSectionResizeMode(column, modes.ResizeToContents)
    for mode, widths in ((modes.Fixed, fixed), (modes.Interactive, movable)):
        for column, wide in (widths or {}).items():
            header.setSectionResizeMode(column, mode)
            header.resizeSection(column, wide)
