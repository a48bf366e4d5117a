"""MapPanel: the map, its header and its legend, on the session's wires."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget
from typing_extensions import override

from explorer.errors import OutputError
from explorer.gui.history import View
from explorer.gui.map.candidates import Names
from explorer.gui.map.header import MapHeader
from explorer.gui.map.legend import Legend, number, whole_range
from explorer.gui.map.looking import Looking
from explorer.gui.map.view import MapView
from explorer.gui.session import Session
from explorer.palettes import Colouring, colour_values, plain
from explorer.paths import replacing
from explorer.projection import Projection
from explorer.projections import methods
from explorer.table import Column, Table
from explorer.tokens import shown

_HINT = "Open a table (Ctrl+O), drop a file here, or train one on the sample reviews (Ctrl+T)."
_CORNER = 14
_NO_ROWS = np.empty(0, np.int64)


class MapPanel(QWidget):
    """The scatter of one of the session's maps. Calls go up to the session, signals come down.

    number: of the map, as in Session.maps.
    save_asked: the user wants the picture in a file; `save_picture` writes it.
    """

    save_asked = Signal()

    def __init__(self, session: Session, number: int = 0, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("map_panel" if number == 0 else f"map_panel_{number}")
        self.number = number
        self._session = session
        self._dark = False
        self._shown: Projection | None = None
        self.header = MapHeader()
        self.view = MapView()
        self._looking = Looking(self.view)
        self._moved_by_hand = False
        self.legend = Legend(self.view)
        self.hint = QLabel(_HINT, self.view)
        self.hint.setObjectName("map_hint")
        self.hint.setTextFormat(Qt.TextFormat.PlainText)
        self.hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.hint.setWordWrap(True)
        self.hint.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addWidget(self.view, 1)
        for part in (self.view, self.view.viewport(), self.header):
            part.installEventFilter(self)
        self._wire()
        self._table_changed()
        self._colour_changed()

    def _wire(self) -> None:
        session, view, header = self._session, self.view, self.header
        session.table_changed.connect(self._table_changed)
        session.names_changed.connect(self._names_changed)
        session.maps.projection_changed.connect(self._map_changed)
        session.maps.view_changed.connect(self._look_again)
        self._looking.settled.connect(self._note_view)
        session.selection_changed.connect(self._selection_changed)
        session.neighbors_changed.connect(self._selection_changed)
        session.hover_changed.connect(self._hover_changed)
        session.colours.changed.connect(self._colour_changed)
        view.row_hovered.connect(session.hover)
        view.row_clicked.connect(self._clicked)
        view.rows_swept.connect(self._swept)
        view.cleared.connect(lambda: session.select([]))
        header.tool_chosen.connect(view.set_tool)
        header.fit_asked.connect(view.fit)
        header.colour_chosen.connect(session.colours.by)
        header.axes_chosen.connect(self._choose_axes)
        header.copy_asked.connect(self.copy_picture)
        header.save_asked.connect(self.save_asked)
        header.add_asked.connect(session.maps.open)
        header.close_asked.connect(lambda: session.maps.close(self.number))

    def set_dark(self, dark: bool) -> None:
        """Colours of the map for a light or a dark window."""
        self._dark = dark
        for part in (self.view, self.header, self.legend):
            part.set_dark(dark)
        self._colour_changed()

    def set_hint(self, text: str) -> None:
        """What an empty map says; "" for the usual advice."""
        self.hint.setText(text or _HINT)

    def picture(self) -> QImage:
        """The map with axes and legend, as it is seen."""
        return self.view.grab().toImage()

    def copy_picture(self) -> None:
        """Puts the picture on the clipboard."""
        QGuiApplication.clipboard().setImage(self.picture())

    def save_picture(self, path: Path) -> None:
        """Writes the picture as PNG. OutputError where the system says no."""
        with replacing(path) as temporary:
            if not self.picture().save(str(temporary), "PNG"):  # type: ignore[call-overload]
                raise OutputError(path, "the picture cannot be written.", "Choose another folder.")

    @property
    def projection(self) -> Projection | None:
        """What this map shows."""
        return self._session.maps.projection(self.number)

    def activate(self) -> None:
        """Panels speak of this map from now on."""
        self._session.maps.activate(self.number)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.MouseButtonPress, QEvent.Type.FocusIn):
            self.activate()
        if watched is self.view and event.type() in (QEvent.Type.Resize, QEvent.Type.Show):
            self._place_overlays()
        return super().eventFilter(watched, event)

    # Signals come down

    def _table_changed(self) -> None:
        table = self._session.table
        column = self._session.colours.column
        self.header.show_columns(table, column.name if column else "")
        self._names_changed()
        self._projection_changed()

    def _names_changed(self) -> None:
        if table := self._session.table:
            self.view.set_names(Names.of(self._session.names, table.importance))

    def _map_changed(self, number: int) -> None:
        if number == self.number:
            self._projection_changed()

    def _look_again(self, number: int) -> None:
        view = self._session.maps.views.get(self.number)
        if number == self.number and view is not None:
            self.view.look_at(view.ranges, view.turn)
            self._looking.rest()

    def _note_view(self) -> None:
        """Tells the session where the user looks; what the program did by itself is no step."""
        shown = self.projection
        if shown is None or not shown.complete:
            return
        by_hand = self.view.by_hand
        undoable, self._moved_by_hand = by_hand or self._moved_by_hand, by_hand
        view = View(*self.view.look, shown.scores)
        self._session.note_view(self.number, view, undoable=undoable)

    def _projection_changed(self) -> None:
        projection, before = self.projection, self._shown
        self._shown = projection
        # A run that was stopped hands its last frame down once more, as its result.
        stopped = bool(projection and before and projection.scores is before.scores)
        self.header.show_title(title_of(projection, stopped=stopped))
        self.header.show_axes(projection)
        self.hint.setVisible(projection is None)
        if projection is None:
            self.view.set_axis_titles(())
            self.view.set_coordinates(np.empty((0, 2), np.float32), locked=False)
            return
        meant = range(projection.dims if projection.meaningful_axes else 0)
        titles = tuple(_axis_title(projection, place) for place in meant)
        self.view.set_axis_titles(titles)
        self.view.set_coordinates(
            projection.coordinates,
            locked=not projection.meaningful_axes,
            live=_continues(before, projection),
        )
        self._selection_changed()

    def _selection_changed(self) -> None:
        near = self._session.neighbors
        self.view.set_selection(self._session.selection, near.rows if near else _NO_ROWS)

    def _hover_changed(self) -> None:
        row = self._session.hovered
        self.view.set_hovered(row, self._detail(row))

    def _colour_changed(self) -> None:
        table, column = self._session.table, self._session.colours.column
        colouring = self._colouring(table, column)
        self.view.set_colouring(colouring)
        self.header.show_colour(column.name if column else "", whole_range(colouring))
        self.legend.set_dark(self._dark)
        self.legend.set_colouring(column.name if column else "", colouring)
        self._place_overlays()

    # Calls go up

    def _clicked(self, row: int, how: str) -> None:
        if row >= 0 and how == "toggle":
            self._session.toggle(row)
        elif row >= 0:
            self._swept(np.array([row]), how)
        elif how == "replace":
            self._session.select([])

    def _swept(self, rows: np.ndarray, how: str) -> None:
        """how: "replace", "add" or "remove"."""
        session = self._session
        {"add": session.add, "remove": session.remove}.get(how, session.select)(rows)

    def _choose_axes(self, axes: tuple[int, ...]) -> None:
        projection = self.projection
        if projection is not None:
            turned = projection.with_axes(swapped(projection.axes, axes))
            self._session.set_projection(turned, self.number)

    def _colouring(self, table: Table | None, column: Column | None) -> Colouring:
        if table is None or column is None:
            return plain(len(table) if table else 0, dark=self._dark)
        return colour_values(column.values, numeric=column.numeric, dark=self._dark)

    def _detail(self, row: int) -> str:
        """The second line of the tip: the row, and its value in the colouring column."""
        column = self._session.colours.column
        if row < 0 or column is None:
            return f"row {row:,}"
        value = column.values[row]
        text = number(float(value)) if column.numeric and np.isfinite(value) else str(value)
        return f"row {row:,} · {shown(column.name, 30)} {shown(text, 60)}"

    def _place_overlays(self) -> None:
        self.legend.resize(self.legend.sizeHint())
        area = self.view.rect()
        self.legend.move(area.right() - self.legend.width() - _CORNER, _CORNER)
        self.hint.setGeometry(area.adjusted(40, 0, -40, 0))


def title_of(projection: Projection | None, *, stopped: bool = False) -> str:
    """One line that says what map this is and how far it may be believed.

    stopped: whether a partial projection is all that there will be.
    """
    if projection is None:
        return ""
    method = methods().get(projection.method)
    parts = [method.title if method else projection.method]
    if projection.dims == 3:
        parts[0] += " in 3-D"
    if projection.explained is not None:
        axes = projection.axes
        parts.append("components " + _joined([str(axis + 1) for axis in axes]))
        share = 100 * float(projection.explained[list(axes)].sum())
        parts.append("all rows are alike" if projection.alike else f"{share:.1f} % of the variance")
    if "perplexity" in projection.params:
        parts.append(f"perplexity {projection.params['perplexity']:g}")
    if projection.kl is not None:
        parts.append(f"KL {projection.kl:.2f}")
    return " · ".join(parts) + _progress(projection, stopped)


def _axis_title(projection: Projection, place: int) -> str:
    """The axis' title; in 3-D without the share in brackets, for which a compass has no room."""
    title = projection.axis_title(place)
    return title if projection.dims == 2 else title.partition(" (")[0]


def _progress(projection: Projection, stopped: bool) -> str:
    if projection.complete or projection.iterations is None:
        return ""
    total = projection.params.get("iterations")
    steps = f"{'stopped at ' if stopped else ''}{projection.iterations:,}"
    steps += f" of {total:,}" if total else ""
    return f" ({steps}, {projection.phase})" if projection.phase else f" ({steps})"


def swapped(before: tuple[int, ...], wished: tuple[int, ...]) -> tuple[int, ...]:
    """The wished axes; where one took a component from another, that one gets the component
    which became free."""
    free = [axis for axis in before if axis not in wished]
    axes = [
        free[0] if free and axis == old and wished.count(axis) > 1 else axis
        for axis, old in zip(wished, before, strict=True)
    ]
    return tuple(axes)


def _joined(words: list[str]) -> str:
    return ", ".join(words[:-1]) + " and " + words[-1]


def _continues(before: Projection | None, now: Projection) -> bool:
    """Whether `now` is the next frame of the same run, or of a table in training."""
    if before is None or before.method != now.method or before.axes != now.axes:
        return False
    trained_on = before.table is not now.table and before.table.tokens is now.table.tokens
    return trained_on or (before.table is now.table and not before.complete)
