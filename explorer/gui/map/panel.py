"""MapPanel: the map, its header and its legend, on the session's wires."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget
from typing_extensions import override

from explorer.errors import OutputError
from explorer.gui.map.belief_link import BeliefLink
from explorer.gui.map.candidates import Names
from explorer.gui.map.ghost_key import GhostKey
from explorer.gui.map.header import MapHeader
from explorer.gui.map.legend import Legend, number, whole_range
from explorer.gui.map.legend_link import LegendLink
from explorer.gui.map.looking import Looking
from explorer.gui.map.titles import axis_titles, continues, swapped, title_of
from explorer.gui.map.view import MapView
from explorer.gui.state.colours import FIELD
from explorer.gui.state.session import Session
from explorer.gui.tints import Tints
from explorer.paths import replacing
from explorer.projection import Projection
from explorer.settings import MapLook
from explorer.tokens import shown

_HINT = "Open a table (Ctrl+O), drop a file here, or train one on the sample reviews (Ctrl+T)."
_NO_MAP = "Choose a method in the Project panel (Ctrl+R)."
_NO_ROWS = np.empty(0, np.int64)


class MapPanel(QWidget):
    """The scatter of one of the session's maps. Calls go up to the session, signals come down.

    number: of the map, as in Session.maps. tints: the colours that all maps share; None for a map
    that is alone.
    save_asked: the user wants the picture in a file; `save_picture` writes it. figure_asked: or a
    figure, for a report. menu_asked: or a menu of what can be done, there on the screen.
    """

    menu_asked = Signal(QPoint)
    save_asked = Signal()
    figure_asked = Signal()

    def __init__(
        self,
        session: Session,
        number: int = 0,
        tints: Tints | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("map_panel" if number == 0 else f"map_panel_{number}")
        self.number = number
        self._session = session
        self._tints = tints or Tints(session, self)
        self._shown: Projection | None = None
        self.header = MapHeader()
        self.view = MapView()
        Looking(self.view, session, number)
        BeliefLink(session, self.view, number)
        self.legend = Legend(self.view)
        self.ghost_key = GhostKey(self.view)
        self._legend_link = LegendLink(session, self._tints, self.view, self.legend, self.ghost_key)
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
        self._hint = ""
        self._wire()
        self._table_changed()
        self._isolated_changed()
        self._colour_changed()

    def _wire(self) -> None:
        session, view, header = self._session, self.view, self.header
        session.table_changed.connect(self._table_changed)
        session.names_changed.connect(self._names_changed)
        session.maps.projection_changed.connect(self._map_changed)
        session.selection_changed.connect(self._selection_changed)
        session.neighbors_changed.connect(self._selection_changed)
        session.hover_changed.connect(self._hover_changed)
        session.isolated_changed.connect(self._isolated_changed)
        session.colours.columns_changed.connect(self._columns_changed)
        self._tints.changed.connect(self._colour_changed)
        view.row_hovered.connect(session.hover)
        view.row_clicked.connect(self._clicked)
        view.menu_asked.connect(self._ask_menu)
        view.rows_swept.connect(session.select)
        view.cleared.connect(lambda: session.select([]))
        header.tool_chosen.connect(view.set_tool)
        header.fit_asked.connect(view.fit)
        header.colour_chosen.connect(session.colours.by)
        header.axes_chosen.connect(self._choose_axes)
        header.copy_asked.connect(self.copy_picture)
        header.save_asked.connect(self.save_asked)
        header.figure_asked.connect(self.figure_asked)
        header.add_asked.connect(session.maps.open)
        header.close_asked.connect(lambda: session.maps.close(self.number))

    def set_dark(self, dark: bool) -> None:
        """Colours of the map for a light or a dark window."""
        for part in (self.view, self.header, self.legend, self.ghost_key):
            part.set_dark(dark)
        self._tints.set_dark(dark)

    def set_hint(self, text: str) -> None:
        """What an empty map says; "" for the usual advice."""
        self._hint = text
        self.hint.setText(text or (_NO_MAP if self._session.table is not None else _HINT))

    def set_look(self, look: MapLook) -> None:
        """How the dots and their names are drawn."""
        view = self.view
        view.set_dot_size(look.dot_size)
        view.set_opacity(look.opacity)
        view.set_mode("density" if look.density else "dots")
        view.set_labels_shown(look.labels)
        view.set_label_size(look.label_size)
        self._tints.set_shaped(look.shapes)

    def show_company(self, maps: int, *, active: bool, first: bool) -> None:
        """How many maps there are, whether panels speak of this one, and whether it is the first,
        which has the colours of all."""
        self.header.show_company(maps, active=active, first=first)
        self._legend_link.set_wished(first)

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

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.MouseButtonPress, QEvent.Type.FocusIn):
            self._session.maps.activate(self.number)
        if watched is self.view and event.type() in (QEvent.Type.Resize, QEvent.Type.Show):
            self._place_overlays()
        return super().eventFilter(watched, event)

    # Signals come down

    def _table_changed(self) -> None:
        self.set_hint(self._hint)
        self._columns_changed()
        self._names_changed()
        self._projection_changed()

    def _columns_changed(self) -> None:
        colours = self._session.colours
        own = self._session.table.columns if self._session.table else ()
        self.header.show_columns(list(own), list(colours.computed), colours.key)

    def _names_changed(self) -> None:
        if table := self._session.table:
            self.view.set_names(Names.of(self._session.names, table.importance))

    def _map_changed(self, number: int) -> None:
        if number == self.number:
            self._projection_changed()

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
        self.view.set_axis_titles(axis_titles(projection))
        self.view.set_coordinates(
            projection.coordinates,
            locked=projection.one_unit,
            live=continues(before, projection),
        )
        self._name_landmarks()
        if self.view.stage.isolated is not self._session.isolated:
            self._isolated_changed()  # the map had no rows to isolate any of
        self._selection_changed()

    def _selection_changed(self) -> None:
        selection, near = self._session.selection, self._session.neighbors
        of_ghost = near is not None and near.query_row is None
        # Those of the last of several rows would look as if they were selected too.
        shown = near is not None and (of_ghost or len(selection) == 1)
        rows = near.rows if near is not None and shown else _NO_ROWS
        self.view.set_selection(selection, rows, of_ghost=of_ghost)

    def _hover_changed(self) -> None:
        row = self._session.hovered
        # The other maps show the ring and the name.
        here = self.view.underMouse() or len(self._session.maps.all) == 1
        self.view.set_hovered(row, detail_of(self._session, row) if here else "")

    def _isolated_changed(self) -> None:
        self.view.set_isolated(self._session.isolated)

    def _colour_changed(self) -> None:
        colours, colouring = self._session.colours, self._tints.colouring
        self.view.set_colouring(colouring)
        self.view.set_receding(colours.key != FIELD)  # a field is of all rows
        self._name_landmarks()
        self.header.show_colour(colours.key, whole_range(colouring))

    def _name_landmarks(self) -> None:
        """Names stand first at what says most about the map: its clusters, the ends of its axes."""
        ends = self.projection.furthest if self.projection else _NO_ROWS
        self.view.set_label_rows(np.concatenate([self._session.colours.landmarks, ends]))

    # Calls go up

    def _clicked(self, row: int, how: str) -> None:
        if row >= 0:
            self._session.select([row], how)
        elif how == "replace":
            self._session.select([])

    def _ask_menu(self, row: int, place: QPoint) -> None:
        """A dot that is not selected is, first: the menu speaks of what is selected."""
        if row >= 0 and row not in self._session.selection:
            self._session.select([row])
        self.menu_asked.emit(place)

    def _choose_axes(self, axes: tuple[int, ...]) -> None:
        projection = self.projection
        if projection is not None:
            turned = projection.with_axes(swapped(projection.axes, axes))
            self._session.set_projection(turned, self.number)

    def _place_overlays(self) -> None:
        self._legend_link.place()
        self.hint.setGeometry(self.view.rect().adjusted(40, 0, -40, 0))


def detail_of(session: Session, row: int) -> str:
    """The second line of the tip: the row, and its value in the colouring column."""
    column = session.colours.column
    if row < 0 or column is None or session.colours.key == FIELD:
        return f"row {row:,}"
    value = column.values[row]
    text = number(float(value)) if column.numeric and np.isfinite(value) else str(value)
    return f"row {row:,} · {shown(column.name, 30)} {shown(text, 60)}"
