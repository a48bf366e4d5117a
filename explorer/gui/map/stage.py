"""Everything that is drawn on the map, in layers: dots, chosen dots, marks, labels, the tip."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QGraphicsItem

from explorer.gui.map.at_hand import NO_ROWS, RowsAtHand
from explorer.gui.map.candidates import Names
from explorer.gui.map.compass import Compass
from explorer.gui.map.frame import Frame, fitting_radius
from explorer.gui.map.ghost import Ghost, GhostMark
from explorer.gui.map.hovering import Hovering
from explorer.gui.map.labels import LabelLayer
from explorer.gui.map.marks import HoverMark, Marked, SelectionMarks, ring_strength
from explorer.gui.map.naming import Naming
from explorer.gui.map.near_graph import GraphLines, Linked
from explorer.gui.map.points import PointLayer
from explorer.palettes import Colouring, Rgb, dimmed, map_colours, plain, ramp_colours

F32 = npt.NDArray[np.float32]
I64 = npt.NDArray[np.int64]

_CONTEXT = 2  # of so many selected rows the others are only their context, and grey


class Stage:
    """The layers of one map, and the questions put to them."""

    def __init__(self, parent: QGraphicsItem) -> None:
        self.dots = PointLayer(parent)
        self.graph = GraphLines(parent)
        self.chosen = PointLayer(parent, transparent=True)
        self.marks = SelectionMarks(parent)
        self.labels = LabelLayer(parent)
        self.naming = Naming(self.labels, self.dots)
        self.ghost = GhostMark(parent)
        self.tip = HoverMark(parent)
        self.hovering = Hovering(self.tip, self.dots, self.naming, self.ghost)
        self.compass = Compass(parent)
        marks = (self.marks, self.ghost, self.labels)
        layers = (self.dots, self.graph, self.chosen, *marks, self.compass, self.tip)
        for height, layer in enumerate(layers):
            layer.setZValue(10 + height)
        self._points = np.empty((0, 2), np.float32)
        self._depth: F32 | None = None
        self._isolated: I64 | None = None
        self._rows = RowsAtHand()
        self._size = (0.0, 0.0)
        self._zoom = self._factor = 1.0
        self._scale = (0.0, 0.0)
        self._colouring: Colouring | None = None
        self._receding = True
        self.stale = True
        self.set_dark(False)

    @property
    def names(self) -> Names:
        return self.naming.names

    @property
    def points(self) -> F32:
        """float32 (rows, 2), as drawn."""
        return self._points

    @property
    def isolated(self) -> I64 | None:
        """The rows that are drawn, ascending; None for all."""
        return self._isolated

    # What is shown

    def set_dark(self, dark: bool) -> None:
        self.colours = map_colours(dark)
        self._grey = context_grey(dark)
        marks = (self.marks, self.ghost, self.graph)
        for layer in (*marks, self.labels, self.compass, self.tip):
            layer.set_colours(self.colours)
        self.dots.set_ramp(ramp_colours("density", dark=dark))
        if self._colouring is not None:
            self.set_colouring(self._colouring)
        self._show_context()

    def set_names(self, names: Names) -> None:
        self.naming.set_names(names)
        self._touch()

    def set_points(self, points: F32, depth: F32 | None) -> None:
        if self._isolated is not None and len(points) != len(self._points):
            self._isolated = None  # rows of another table
        self._points, self._depth = points, depth
        self.dots.set_points(points, depth, only=self._isolated)
        self.naming.moved()
        self.ghost.moved()
        self._show_chosen()

    def set_isolated(self, rows: I64 | None) -> None:
        """Only these rows are drawn, picked and named, int64 ascending; None for all."""
        self._isolated = None if rows is None else rows[rows < len(self._points)]
        self.dots.set_points(self._points, self._depth, only=self._isolated)
        self.naming.moved()
        self.labels.forget_places()
        self._resize_dots()
        self._show_chosen()

    def set_colouring(self, colouring: Colouring) -> None:
        self._colouring = colouring
        for layer in (self.dots, self.chosen):
            layer.set_colouring(colouring, self.colours["background"])

    def set_selection(self, selection: I64, neighbors: I64, *, of_ghost: bool = False) -> None:
        """Rows that stand out; the neighbours are those of the last selected row, or of the ghost
        point."""
        self._rows = self._rows.with_selection(selection, neighbors, of_ghost=of_ghost)
        self._show_chosen()

    def set_ghost(self, ghost: Ghost | None) -> None:
        """A point beside the rows; None for none."""
        self.ghost.set_ghost(ghost)
        self._touch()

    def set_belief(self, missing: I64, false: I64) -> None:
        """Of the current row, int64: neighbours that the map put far away, and rows near it on the
        map that are none. Empty where the current row changes."""
        self._rows = replace(self._rows, missing=missing, false=false)
        self._touch()

    def set_graph(self, linked: Linked | None) -> None:
        """The neighbours of some rows as lines; None for none."""
        self.graph.set_linked(linked)
        self.naming.set_linked(NO_ROWS if linked is None else linked.rows)
        self._touch()

    def set_label_rows(self, rows: I64) -> None:
        """See `Naming.set_rows`."""
        self.naming.set_rows(rows)
        self._touch()

    def set_receding(self, wish: bool) -> None:
        """Whether dots are paler, or grey, where others stand out of them."""
        if wish != self._receding:
            self._receding = wish
            self._show_context()

    # How it is shown

    def set_dot_size(self, factor: float) -> None:
        """Of the size that fits the number of dots; 1 for that."""
        self._factor = factor
        self._resize_dots()

    def set_mode(self, mode: str) -> None:
        """One of points.MODES."""
        self.dots.set_mode(mode)
        self._touch()

    def set_label_size(self, pixels: int) -> None:
        """Of ordinary names; the selected ones' are a little larger."""
        self.labels.set_size(pixels)
        self._touch()

    def set_labels_shown(self, wish: bool) -> None:
        """See `Naming.set_shown`."""
        self.naming.set_shown(wish)
        self._touch()

    def set_frame(self, frame: Frame, zoom: float) -> None:
        self._size, self._zoom = (frame.width, frame.height), zoom
        self.compass.set_height(frame.height)
        for layer in (self.dots, self.chosen):
            layer.set_frame(frame)
        self._scale = (frame.per_x, frame.per_y)
        self.ghost.set_frame(frame)
        self._resize_dots()

    def refresh(self) -> None:
        """Places marks and labels for what is about to be painted."""
        if not self.stale or not self._size[0]:
            return
        self.stale = False
        rows = self._rows
        strength = ring_strength(len(rows.selection))
        current = self.dots.position(rows.current)
        self.marks.set_marks(
            self._size,
            Marked(
                _places(self.dots, rows.selection[:-1] if strength else NO_ROWS),
                _places(self.dots, rows.neighbors),
                _places(self.dots, rows.missing),
                _places(self.dots, rows.false),
                current,
                self.ghost.place if rows.of_ghost else current,
            ),
            self.dots.radius,
            strength,
        )
        self.graph.place(self.dots, self._size)
        self.naming.arrange(self._points, rows, self._size, self._scale, self.ghost.name)
        self._pale_names()
        self.hovering.refresh()

    def _pale_names(self) -> None:
        """Names of the context recede with its dots; of a large selection most rows have ordinary
        names, and are not to look left out."""
        others = [label for label in self.labels.labels if self.naming.of_context(label)]
        x, _ = self.chosen.positions(np.array([label.row for label in others], np.int64))
        for label, left_out in zip(others, np.isnan(x).tolist(), strict=True):
            label.pale = left_out

    def _resize_dots(self) -> None:
        area = self._size[0] * self._size[1]
        radius = fitting_radius(len(self.dots.rows), self._zoom, area, self._factor)
        for layer in (self.dots, self.chosen):
            layer.set_radius(radius)
        self._touch()

    def _show_chosen(self) -> None:
        marked = np.zeros(len(self._points), dtype=bool)
        for rows in (self._rows.selection, self._rows.neighbors):
            marked[rows[rows < len(marked)]] = True
        if self._isolated is not None:
            drawn = np.zeros(len(marked), dtype=bool)
            drawn[self._isolated] = True
            marked &= drawn
        self.chosen.set_points(self._points, self._depth, only=np.flatnonzero(marked))
        self._show_context()
        self._touch()

    def _show_context(self) -> None:
        """One selected row stands out of paler dots, several of grey ones."""
        context = self._receding and len(self.chosen.rows) > 0
        several = context and len(self._rows.selection) >= _CONTEXT
        self.dots.set_grey(self._grey if several else None)
        self.dots.set_dimmed(context and not several)
        self.labels.paled = context  # pale names on dots that are not pale could not be read

    def _touch(self) -> None:
        self.stale = True
        for layer in (self.graph, self.marks, self.labels):
            layer.update()


def _places(dots: PointLayer, rows: I64) -> list[QPointF]:
    places = (dots.position(row) for row in rows.tolist())
    return [place for place in places if place is not None]


def context_grey(dark: bool) -> Rgb:
    """The colour of dots that are only the context of others."""
    red, green, blue, _ = dimmed(plain(1, dark=dark), np.zeros(1, bool), dark=dark).rgba[0].tolist()
    return red, green, blue
