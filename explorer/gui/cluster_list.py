"""The clusters that were found, as a list: colour, name, rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPointF,
    Qt,
)
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap
from typing_extensions import override

from explorer.clusters import Clusters
from explorer.gui.map.shapes import outline
from explorer.gui.plain import counted, plain_tooltip
from explorer.palettes import OTHER, LegendEntry
from explorer.tokens import shown

_Index = QModelIndex | QPersistentModelIndex
_SIDE, _RADIUS, _SHARPNESS = 14, 4.6, 2
_Right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class ClusterModel(QAbstractTableModel):
    """Colour on the map, name and size of each cluster; a ring where the map has other colours."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._found: Clusters | None = None
        self._entries: Mapping[str, LegendEntry] = {}

    def show_clusters(self, found: Clusters | None) -> None:
        self.beginResetModel()
        self._found = found
        self.endResetModel()

    def show_colours(self, entries: Mapping[str, LegendEntry]) -> None:
        """entries: of the map's legend, by label; none where other things colour the map."""
        if entries != self._entries:
            self._entries = entries
            if count := self.rowCount():
                self.dataChanged.emit(self.index(0, 0), self.index(count - 1, 0))

    @override
    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008  (Qt's signature)
        return 0 if parent.isValid() or self._found is None else len(self._found)

    @override
    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else 3

    @override
    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if role == Qt.ItemDataRole.TextAlignmentRole and section == 2:
            return _Right
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return ("", "cluster", "rows")[section]
        return None

    @override
    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if self._found is None or not index.isValid():
            return None
        place, column = index.row(), index.column()
        name, size = self._found.names[place], self._found.sizes[place]
        if role == Qt.ItemDataRole.DisplayRole:
            return ("", shown(name, 40), f"{size:,}")[column]
        if role == Qt.ItemDataRole.TextAlignmentRole and column == 2:
            return _Right
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tooltip(f"{shown(name, 80)} · {counted(size, 'row')}")
        if role == Qt.ItemDataRole.DecorationRole and column == 0:
            return swatch(self._entries.get(name) or self._entries.get(OTHER))
        return None


def swatch(entry: LegendEntry | None) -> QPixmap:
    """The mark that stands in the legend, or a thin ring where there is none."""
    picture = QPixmap(_SIDE * _SHARPNESS, _SIDE * _SHARPNESS)
    picture.setDevicePixelRatio(_SHARPNESS)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    centre = QPointF(_SIDE / 2, _SIDE / 2)
    if entry is None:
        painter.setPen(QPen(QColor(128, 128, 128), 1))
        painter.drawEllipse(centre, _RADIUS, _RADIUS)
    else:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(*entry.rgb))
        painter.drawPath(outline(entry.shape, centre, _RADIUS))
    painter.end()
    return picture
