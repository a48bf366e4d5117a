"""The legend of a map on the session's wires: what it shows, and what pressing it does."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QObject, QRect
from typing_extensions import override

from explorer.gui.map.ghost_key import GhostKey
from explorer.gui.map.legend import Legend
from explorer.gui.map.view import MapView
from explorer.gui.state.session import Session
from explorer.gui.tints import Tints
from explorer.palettes import Colouring

_PLACED = (QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.Hide)
_CORNER = 14  # pixels to the corner of the map
_APART = 6


class LegendLink(QObject):
    """Fills a legend and places it, and under it the line on the ghost point. Pressed entries
    isolate rows; moved ends and other numbers of categories change the tints, which all maps share.
    """

    def __init__(
        self, session: Session, tints: Tints, view: MapView, legend: Legend, ghost_key: GhostKey
    ) -> None:
        super().__init__(legend)
        self._session, self._tints = session, tints
        self._view, self._legend, self._ghost_key = view, legend, ghost_key
        self._wished = True
        for part in (legend, ghost_key):
            part.installEventFilter(self)
        view.ghost_changed.connect(lambda: ghost_key.set_ghost(view.ghost))
        legend.category_clicked.connect(self._isolate)
        legend.range_changed.connect(tints.span)
        legend.range_reset.connect(tints.span_as_usual)
        legend.limit_changed.connect(lambda count: tints.name_categories(count))
        tints.changed.connect(self.show_colours)
        view.density_changed.connect(self.show_colours)
        session.isolated_changed.connect(self._mark_isolated)
        self.show_colours()

    def set_wished(self, wished: bool) -> None:
        """Whether this map is to have a legend at all."""
        if wished != self._wished:
            self._wished = wished
            self.show_colours()

    def show_colours(self) -> None:
        """The colours as they are now."""
        self._legend.set_density(self._view.density if self._wished else None)
        if self._wished:
            self._legend.set_colouring(self._tints.title, self._tints.colouring)
        else:
            self._legend.set_colouring("", None)
        self._mark_isolated()
        self.place()

    def place(self) -> None:
        """In the corner of the map, as large as it has to be."""
        legend = self._legend
        legend.set_room(self._view.size())
        legend.resize(legend.sizeHint())
        self._to_corner()

    def _to_corner(self) -> None:
        right, top = self._view.rect().right() - _CORNER, _CORNER
        for part in (self._legend, self._ghost_key):
            part.move(right - part.width(), top)
            if part.isVisibleTo(self._view):
                top += part.height() + _APART

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.Hide):
            self._to_corner()
        if event.type() in _PLACED:
            self._view.set_covered(self._covered())
        return super().eventFilter(watched, event)

    def _covered(self) -> QRect:
        """What the two lie over, in pixels of the map."""
        covered = QRect()
        for part in (self._legend, self._ghost_key):
            if part.isVisibleTo(self._view):
                covered = covered.united(part.geometry())
        return covered

    def _isolate(self, _: str, code: int) -> None:
        rows = None if code < 0 else np.flatnonzero(self._tints.colouring.codes == code)
        self._session.isolate(rows)

    def _mark_isolated(self) -> None:
        if self._wished:
            label = category_of(self._session.isolated, self._tints.colouring)
            self._legend.set_isolated(label)


def category_of(rows: npt.NDArray[np.int64] | None, colouring: Colouring) -> str:
    """The label of the legend's category that has these rows (int64) and no others; "" for none."""
    if rows is None or not len(rows) or rows[-1] >= len(colouring.codes):
        return ""
    codes = colouring.codes[rows]
    for entry in colouring.legend:
        if entry.count == len(rows) and (codes == entry.code).all():
            return entry.label
    return ""
