"""Type a text and see what an embedding layer looks up for it, piece by piece."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QHeaderView,
    QLineEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from explorer import pipeline
from explorer.errors import ExplorerError
from explorer.gui.plain import counted, plain_label, plain_tooltip, token_text
from explorer.gui.session import Session
from explorer.gui.strip import paint_strip, strip_image
from explorer.gui.theme import Theme
from explorer.lookups import Lookup, Piece
from explorer.table import Table

_Index = QModelIndex | QPersistentModelIndex
_VECTOR = Qt.ItemDataRole.UserRole
_HEADER = ("piece", "row", "vector")
_HOW = Qt.ItemDataRole.UserRole + 1


class PieceModel(QAbstractTableModel):
    """The pieces of a typed text: characters, row, what was done, vector."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._table: Table | None = None
        self._pieces: tuple[Piece, ...] = ()

    def show_lookup(self, table: Table | None, pieces: tuple[Piece, ...]) -> None:
        self.beginResetModel()
        self._table, self._pieces = table, pieces
        self.endResetModel()

    def piece_at(self, place: int) -> Piece:
        return self._pieces[place]

    @override
    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008  (Qt's signature)
        return 0 if parent.isValid() else len(self._pieces)

    @override
    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(_HEADER)

    @override
    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if role == Qt.ItemDataRole.TextAlignmentRole and section == 1:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return _HEADER[section]
        return None

    @override
    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if self._table is None or not index.isValid():
            return None
        piece = self._pieces[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            row = "–" if piece.row is None else f"{piece.row:,}"
            return (_way(piece), row, "")[index.column()]
        if role == _HOW and index.column() == 0:
            return piece.how
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() == 1:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tooltip(_sentence(piece))
        if role == _VECTOR and index.column() == 2 and piece.row is not None:
            return self._table.vectors.rows(piece.row)
        return None


def _way(piece: Piece) -> str:
    """The piece, and the token it looks up where that is spelt differently."""
    if piece.token is None or piece.token == piece.piece:
        return token_text(piece.piece)
    return f"{token_text(piece.piece, 40)} → {token_text(piece.token)}"


def _sentence(piece: Piece) -> str:
    if piece.row is None:
        return f"{token_text(piece.piece)}: {piece.how}; no row is looked up"
    token = token_text(piece.token or "")
    return f"{token_text(piece.piece)} looks up row {piece.row:,}, {token} ({piece.how})"


class _PieceDelegate(QStyledItemDelegate):
    """Two lines: the piece, and quietly below it what was done."""

    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        blank = QStyleOptionViewItem(option)
        self.initStyleOption(blank, index)
        blank.text = ""  # the style draws what lies under the lines
        widget = blank.widget
        widget.style().drawControl(QStyle.ControlElement.CE_ItemViewItem, blank, painter, widget)
        area = option.rect.adjusted(8, 3, -2, -3)
        for row, (text, colour) in enumerate(((index.data(), "text"), (index.data(_HOW), "muted"))):
            painter.setPen(self._theme.colour(colour))
            line = area.adjusted(0, row * area.height() // 2, 0, (row - 1) * area.height() // 2)
            fitting = option.fontMetrics.elidedText(text, Qt.TextElideMode.ElideRight, line.width())
            painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, fitting)


class _StripDelegate(QStyledItemDelegate):
    """Paints the vector of a piece as a strip."""

    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        super().paint(painter, option, index)
        vector = index.data(_VECTOR)
        if vector is not None:
            area = option.rect.adjusted(4, 9, -4, -9)
            paint_strip(painter, area, strip_image(vector, dark=self._theme.dark))


class LookupPanel(QWidget):
    """A line to type in and a table of its pieces; selecting pieces selects their rows."""

    def __init__(self, session: Session, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("lookup_panel")
        self._session = session
        self.text = self._text_field()
        self._model = PieceModel(self)
        self._view = self._list(theme)
        self._note = plain_label("lookup_note", "muted", wrap=True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 8, 12, 10)
        layout.setSpacing(7)
        layout.addWidget(self.text)
        layout.addWidget(self._view, 1)
        layout.addWidget(self._note)
        session.table_changed.connect(self._look_up)
        session.vectors_changed.connect(lambda: self._view.viewport().update())
        theme.changed.connect(lambda: self._view.viewport().update())
        self._look_up()

    def _text_field(self) -> QLineEdit:
        field = QLineEdit(self)
        field.setObjectName("lookup_text")
        field.setAccessibleName("Text to look up")
        field.setToolTip("Type a text to see the pieces and rows it looks up (Ctrl+L)")
        field.setPlaceholderText("Type a text, such as: not a bad film")
        field.setClearButtonEnabled(True)
        field.textChanged.connect(self._look_up)
        field.returnPressed.connect(self._select_all)
        return field

    def _list(self, theme: Theme) -> QTableView:
        view = QTableView(self)
        view.setObjectName("lookup_pieces")
        view.setAccessibleName("Pieces")
        view.setToolTip("The pieces of the text; select one to see its row everywhere")
        view.setModel(self._model)
        view.setItemDelegateForColumn(0, _PieceDelegate(theme, view))
        view.setItemDelegateForColumn(2, _StripDelegate(theme, view))
        view.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        view.setShowGrid(False)
        view.setWordWrap(False)
        view.setTabKeyNavigation(False)
        view.verticalHeader().hide()
        view.verticalHeader().setDefaultSectionSize(42)
        header = view.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        header.setResizeContentsPrecision(0)  # widths from the pieces in sight
        header.setMinimumSectionSize(30)
        header.resizeSection(2, 84)
        view.selectionModel().selectionChanged.connect(self._select)
        return view

    def _look_up(self) -> None:
        table, text = self._session.table, self.text.text()
        found = Lookup("", ())
        if table is not None and text:
            try:
                found = pipeline.lookup(table, text)
            except ExplorerError as error:
                self._say(str(error), ())
                return
        self._say(_summary(found), found.pieces)

    def _say(self, note: str, pieces: tuple[Piece, ...]) -> None:
        self._model.show_lookup(self._session.table, pieces)
        self._note.setText(note)

    def _select(self) -> None:
        chosen = self._view.selectionModel().selectedRows()
        pieces = [self._model.piece_at(index.row()) for index in chosen]
        rows = [piece.row for piece in pieces if piece.row is not None]
        if rows:
            self._session.select(list(dict.fromkeys(rows)))

    def _select_all(self) -> None:
        self._view.selectAll()


def _summary(found: Lookup) -> str:
    if not found.text:
        return "Each piece shows its row, what was done with it, and its vector."
    missing = sum(piece.row is None for piece in found.pieces)
    rows = len(found.rows)
    line = f"{counted(len(found.pieces), 'piece')}, {counted(rows, 'row')} looked up"
    return f"{line}; {missing} without a row" if missing else line
