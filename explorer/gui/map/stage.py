"""Everything that is drawn on the map, in layers: dots, chosen dots, marks, labels, the tip."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QGraphicsItem

from explorer.gui.map.candidates import Candidates, Names
from explorer.gui.map.compass import Compass
from explorer.gui.map.frame import Frame, fitting_radius
from explorer.gui.map.labels import CHOSEN, NEAR, ORDINARY, LabelLayer
from explorer.gui.map.marks import HoverMark, Marked, SelectionMarks, ring_strength
from explorer.gui.map.points import PointLayer
from explorer.palettes import Colouring, Rgb, dimmed, map_colours, plain, ramp_colours
from explorer.tokens import shown

F32 = npt.NDArray[np.float32]
I64 = npt.NDArray[np.int64]

_TIP_LENGTH = 60
_NAMED = 40  # selected rows that are named first
_BOLD = 12  # a larger selection is named in a lighter hand
_CONTEXT = 2  # of so many selected rows the others are only their context, and grey
NO_ROWS = np.empty(0, np.int64)


@dataclass(frozen=True, eq=False)
class RowsAtHand:
    """Rows that stand out, int64 each. The last selected one is the current one.

    neighbors: of the current row. missing, false: see `Stage.set_belief`. named: rows with a name.
    """

    selection: I64 = field(default_factory=lambda: NO_ROWS)
    neighbors: I64 = field(default_factory=lambda: NO_ROWS)
    missing: I64 = field(default_factory=lambda: NO_ROWS)
    false: I64 = field(default_factory=lambda: NO_ROWS)
    named: I64 = field(default_factory=lambda: NO_ROWS)

    @property
    def current(self) -> int:
        """The current row, -1 for none."""
        return int(self.selection[-1]) if len(self.selection) else -1


class Stage:
    """The layers of one map, and the questions put to them."""

    def __init__(self, parent: QGraphicsItem) -> None:
        self.dots = PointLayer(parent)
        self.chosen = PointLayer(parent, transparent=True)
        self.marks = SelectionMarks(parent)
        self.labels = LabelLayer(parent)
        self.tip = HoverMark(parent)
        self.compass = Compass(parent)
        layers = (self.dots, self.chosen, self.marks, self.labels, self.compass, self.tip)
        for height, layer in enumerate(layers):
            layer.setZValue(10 + height)
        self._candidates = Candidates()
        self._points = np.empty((0, 2), np.float32)
        self._depth: F32 | None = None
        self._isolated: I64 | None = None
        self._rows = RowsAtHand()
        self._size = (0.0, 0.0)
        self._zoom = self._factor = 1.0
        self._last_scale = self._scale = (0.0, 0.0)
        self._hovered: tuple[int, str] = (-1, "")
        self._colouring: Colouring | None = None
        self.stale = True
        self.set_dark(False)

    @property
    def names(self) -> Names:
        return self._candidates.names

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
        for layer in (self.marks, self.labels, self.compass, self.tip):
            layer.set_colours(self.colours)
        self.dots.set_ramp(ramp_colours("density", dark=dark))
        if self._colouring is not None:
            self.set_colouring(self._colouring)
        self._show_context()

    def set_names(self, names: Names) -> None:
        self._candidates.set_names(names)
        self.labels.forget_places()
        self._touch()

    def set_points(self, points: F32, depth: F32 | None) -> None:
        if self._isolated is not None and len(points) != len(self._points):
            self._isolated = None  # rows of another table
        self._points, self._depth = points, depth
        self.dots.set_points(points, depth, only=self._isolated)
        self._candidates.moved()
        self._show_chosen()

    def set_isolated(self, rows: I64 | None) -> None:
        """Only these rows are drawn, picked and named, int64 ascending; None for all."""
        self._isolated = None if rows is None else rows[rows < len(self._points)]
        self.dots.set_points(self._points, self._depth, only=self._isolated)
        self._candidates.moved()
        self.labels.forget_places()
        self._resize_dots()
        self._show_chosen()

    def set_colouring(self, colouring: Colouring) -> None:
        self._colouring = colouring
        for layer in (self.dots, self.chosen):
            layer.set_colouring(colouring, self.colours["background"])

    def set_selection(self, selection: I64, neighbors: I64) -> None:
        """Rows that stand out; the last selected one is the one whose neighbours these are."""
        current = selection[-1:].tolist() != self._rows.selection[-1:].tolist()
        belief = {"missing": NO_ROWS, "false": NO_ROWS} if current else {}
        self._rows = replace(self._rows, selection=selection, neighbors=neighbors, **belief)
        self._show_chosen()

    def set_belief(self, missing: I64, false: I64) -> None:
        """Of the current row, int64: neighbours that the map put far away, and rows near it on the
        map that are none. Empty where the current row changes."""
        self._rows = replace(self._rows, missing=missing, false=false)
        self._touch()

    def set_label_rows(self, rows: I64) -> None:
        """Rows that are named before all but the selected ones and their neighbours."""
        self._rows = replace(self._rows, named=rows)
        self._touch()

    # How it is shown

    def set_dot_size(self, factor: float) -> None:
        """Of the size that fits the number of dots; 1 for that."""
        self._factor = factor
        self._resize_dots()

    def set_opacity(self, opacity: float) -> None:
        """Of one dot, in (0, 1]; those that stand out keep theirs."""
        self.dots.set_opacity(opacity)

    def set_mode(self, mode: str) -> None:
        """One of points.MODES."""
        self.dots.set_mode(mode)
        self._touch()

    def set_label_size(self, pixels: int) -> None:
        """Of ordinary names; the selected ones' are a little larger."""
        self.labels.set_size(pixels)
        self._touch()

    def set_frame(self, frame: Frame, zoom: float) -> None:
        self._size, self._zoom = (frame.width, frame.height), zoom
        self.compass.set_height(frame.height)
        for layer in (self.dots, self.chosen):
            layer.set_frame(frame)
        self._scale = (frame.per_x, frame.per_y)
        self._resize_dots()

    def hover(self, row: int, detail: str = "") -> None:
        """Names a row at its dot, wherever this goes; -1 for none."""
        self._hovered = row, detail
        place = self.dots.position(row) if row >= 0 else None
        if place is None:
            self.tip.setVisible(False)
            return
        title = shown(self.names.tokens[row], _TIP_LENGTH)
        self.tip.show_at(place, self.dots.radius, title, detail, self._size)

    def refresh(self) -> None:
        """Places marks and labels for what is about to be painted."""
        if not self.stale or not self._size[0]:
            return
        self.stale = False
        rows = self._rows
        strength = ring_strength(len(rows.selection))
        self.marks.set_marks(
            self._size,
            Marked(
                self._places(rows.selection[:-1] if strength else NO_ROWS),
                self._places(rows.neighbors),
                self._places(rows.missing),
                self._places(rows.false),
                self.dots.position(rows.current),
            ),
            self.dots.radius,
            strength,
        )
        self._arrange_labels()
        if self._hovered[0] >= 0:
            self.hover(*self._hovered)

    def _resize_dots(self) -> None:
        area = self._size[0] * self._size[1]
        radius = fitting_radius(self.dots.count, self._zoom, area, self._factor)
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
        several = len(self._rows.selection) >= _CONTEXT and self.chosen.count > 0
        self.dots.set_grey(self._grey if several else None)
        self.dots.set_dimmed(self.chosen.count > 0 and not several)
        self.labels.paled = self.chosen.count > 0

    def _arrange_labels(self) -> None:
        kinds = self._special()
        rows = np.array([*kinds, *self._ordinary(kinds)], dtype=np.int64)
        rows = rows[rows < min(len(self.names.tokens), len(self._points))]
        rows = rows[self.dots.in_view(rows)]
        x, y = self.dots.positions(rows)
        candidates = [
            (row, self._candidates.text(row), kinds.get(row, ORDINARY)) for row in rows.tolist()
        ]
        self.labels.arrange(self._size, candidates, x, y, self.dots.radius)
        self._last_scale = self._scale

    def _special(self) -> dict[int, int]:
        """Rows named before all others, and how: the current one, others selected, neighbours,
        then those asked for."""
        selection = self._rows.selection
        kinds = dict.fromkeys(selection[-1:].tolist(), CHOSEN)
        few = len(selection) <= _BOLD
        for row in selection[::-1][:_NAMED].tolist():
            kinds.setdefault(row, CHOSEN if few else NEAR)
        for rows in (self._rows.neighbors, self._rows.missing, self._rows.false, self._rows.named):
            for row in rows.tolist():
                kinds.setdefault(row, NEAR)
        return kinds

    def _ordinary(self, kinds: dict[int, int]) -> list[int]:
        """Rows worth a name, best first; but those that have one lead, unless one zooms out."""
        ordered = self._candidates.in_view(self.dots, self._points, self._scale)
        if self._scale >= self._last_scale:
            kept = [label.row for label in self.labels.labels if label.kind == ORDINARY]
            ordered = kept + ordered
        return [row for row in dict.fromkeys(ordered) if row not in kinds]

    def _places(self, rows: I64) -> list[QPointF]:
        places = (self.dots.position(row) for row in rows.tolist())
        return [place for place in places if place is not None]

    def _touch(self) -> None:
        self.stale = True
        for layer in (self.marks, self.labels):
            layer.update()


def context_grey(dark: bool) -> Rgb:
    """The colour of dots that are only the context of others."""
    red, green, blue, _ = dimmed(plain(1, dark=dark), np.zeros(1, bool), dark=dark).rgba[0].tolist()
    return red, green, blue
