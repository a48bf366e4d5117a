"""The pieces of a typed text, and how they are told."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from typing_extensions import override

from explorer import pipeline
from explorer.gui.widgets.plain import plain_tooltip, token_text
from explorer.gui.widgets.strip import told_broken
from explorer.lookups import EXACT, LEFT_OUT, MISSING, UNKNOWN, Piece
from explorer.table import Table
from explorer.tokens import readings

_Index = QModelIndex | QPersistentModelIndex
CARD = Qt.ItemDataRole.UserRole


class Card(NamedTuple):
    """What is painted of a piece.

    lines: (left, right), top down: the piece (and the token, where that is spelt differently) and
        its row; what was done, and the norm of the vector; count and rank, where a column tells.
    level: "" where all is well, "warning" for a piece without a row of its own, "muted" for one
        that was left out.
    """

    lines: tuple[tuple[str, str], ...]
    level: str
    vector: npt.NDArray[np.float32] | None


class PieceModel(QAbstractListModel):
    """The pieces of a typed text: characters, row, what was done, standing, vector."""

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
    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if self._table is None or not index.isValid():
            return None
        piece = self._pieces[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return _sentence(self._table, piece)
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tooltip(_sentence(self._table, piece))
        return card_of(self._table, piece) if role == CARD else None


def card_of(table: Table, piece: Piece) -> Card:
    """What is painted of a piece."""
    level = {MISSING: "warning", UNKNOWN: "warning", LEFT_OUT: "muted"}.get(piece.how, "")
    if piece.row is None:
        return Card(((token_text(piece.piece, 40), ""), (piece.how, "")), level, None)
    stands, vector = pipeline.standing(table, piece.row), table.vectors.rows(piece.row)
    size = told_broken(vector) or f"norm {stands.norm:,.4g}"
    lines = [(_way(piece), f"row {piece.row:,}"), (piece.how, size)]
    if stands.count is not None:
        lines.append((f"count {stands.count:,.10g}", f"rank {stands.rank:,}"))
    return Card(tuple(lines), level, vector)


def _way(piece: Piece) -> str:
    """The piece, and the token it looks up where that is spelt differently."""
    if piece.token is None or piece.piece in readings(piece.token):
        return token_text(piece.piece)
    return f"{token_text(piece.piece, 40)} → {token_text(piece.token)}"


def _sentence(table: Table, piece: Piece) -> str:
    if piece.row is None:
        return f"{token_text(piece.piece)}: {piece.how}; no row is looked up"
    found = f"{token_text(piece.piece)} looks up row {piece.row:,}"
    if piece.how != EXACT:
        found += f", {token_text(piece.token or '')} ({piece.how})"
    broken = told_broken(table.vectors.rows(piece.row))
    return f"{found}; of its {table.dim:,} numbers {broken}" if broken else found
