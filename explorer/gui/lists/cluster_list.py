"""The clusters that were found, as a list: colour, name, rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import (
    QObject,
    QPointF,
    Qt,
)
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap
from typing_extensions import override

from explorer.clusters import Clusters
from explorer.gui.lists.list_model import ListModel
from explorer.gui.map.shapes import outline
from explorer.gui.widgets.plain import counted
from explorer.palettes import OTHER, LegendEntry
from explorer.tokens import shown

_SIDE, _RADIUS, _SHARPNESS = 14, 4.6, 2


class ClusterModel(ListModel):
    """Colour on the map, name and size of each cluster; a ring where the map has other colours."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(("", "cluster", "rows"), (2,), parent)
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
    def length(self) -> int:
        return 0 if self._found is None else len(self._found)

    @override
    def text(self, place: int, column: int) -> str:
        name, size = self._cluster(place)
        return ("", shown(name, 40), f"{size:,}")[column]

    @override
    def tip(self, place: int) -> str:
        name, size = self._cluster(place)
        return f"{shown(name, 80)} · {counted(size, 'row')}"

    @override
    def other(self, place: int, column: int, role: int) -> Any:
        if role != Qt.ItemDataRole.DecorationRole or column != 0:
            return None
        return swatch(self._entries.get(self._cluster(place)[0]) or self._entries.get(OTHER))

    def _cluster(self, place: int) -> tuple[str, int]:
        """Name and size."""
        assert self._found is not None
        return self._found.names[place], self._found.sizes[place]


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
