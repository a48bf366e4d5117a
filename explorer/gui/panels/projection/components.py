"""The components of a map: how much each of them shows, and which tokens stretch the drawn ones."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from explorer.extremes import extremes
from explorer.gui.state.session import Session
from explorer.gui.theme import Theme
from explorer.gui.widgets.plain import plain_label, plain_tooltip
from explorer.gui.widgets.scree import Scree
from explorer.gui.widgets.when_seen import WhenSeen
from explorer.projection import Projection

_ENDS = 5  # tokens shown at each end of an axis
_ROW = Qt.ItemDataRole.UserRole
_AXES = "xyz"


class ComponentsView(WhenSeen):
    """Of the active map. Nothing is computed while it is folded away."""

    def __init__(self, session: Session, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("projection_components")
        self._session = session
        self._scree = Scree(theme, self)
        self._summary = plain_label("projection_scree_summary", "muted", wrap=True)
        self._titles = [plain_label(f"projection_ends_title_{axis}") for axis in _AXES]
        self._ends = [Ends(f"projection_ends_{axis}", self) for axis in _AXES]
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self._scree)
        layout.addWidget(self._summary)
        for title, ends in zip(self._titles, self._ends, strict=True):
            layout.addWidget(title)
            layout.addWidget(ends)
            ends.row_chosen.connect(lambda row: session.select([row]))
        self._scree.chosen.connect(self._put)
        session.projection_changed.connect(self._refresh)
        session.names_changed.connect(self._refresh)
        self._refresh()

    def _refresh(self) -> None:
        self.when_seen(self._show)

    def _show(self) -> None:
        projection = self._session.projection
        if projection is None or projection.explained is None:
            return
        self._scree.show_shares(projection.explained, projection.axes, projection.spread)
        self._summary.setText(_summary(projection))
        for place, (title, ends) in enumerate(zip(self._titles, self._ends, strict=True)):
            there = place < projection.dims
            title.setVisible(there)
            ends.setVisible(there)
            if there:
                component = projection.axes[place]
                title.setText(f"{_AXES[place]}: what stretches PC {component + 1}")
                rows, scores = extremes(projection.scores[:, component], _ENDS)
                names = [self._session.names.of(int(row)) for row in rows]
                ends.show_ends(rows.tolist(), scores.tolist(), names)

    def _put(self, place: int, component: int) -> None:
        """Draws a component on an axis; one that was drawn on another axis changes places."""
        projection = self._session.projection
        if projection is None or place >= projection.dims:
            return
        axes = list(projection.axes)
        if component in axes:
            axes[axes.index(component)] = axes[place]
        axes[place] = component
        if tuple(axes) != projection.axes:
            self._session.set_projection(projection.with_axes(tuple(axes)))


def _summary(projection: Projection) -> str:
    assert projection.explained is not None
    kept = projection.scores.shape[1]
    spectrum = projection.spectrum
    total = kept if spectrum is None else len(spectrum)
    text = f"{kept} of {total:,} components were kept."
    if spectrum is not None and (spectrum > 0).any():
        half = int((spectrum.cumsum() < 0.5 * spectrum.sum()).sum()) + 1
        text += f" {half} {'has' if half == 1 else 'have'} half of the {projection.spread}."
    return text


class Ends(QTableWidget):
    """The tokens at both ends of an axis: the lowest at the left, the highest at the right.

    row_chosen: the row of a token that was clicked.
    """

    row_chosen = Signal(int)

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(0, 2, parent)
        self.setObjectName(name)
        self.setAccessibleName("Tokens at the ends of the axis")
        self.setToolTip("Click a token, or press Enter on it, to select its row")
        self.setHorizontalHeaderLabels(["− end", "+ end"])
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(22)
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for signal in (self.itemClicked, self.itemActivated):
            signal.connect(lambda item: self.row_chosen.emit(item.data(_ROW)))

    def show_ends(self, rows: Sequence[int], scores: Sequence[float], names: Sequence[str]) -> None:
        """Rows, their scores and names, from the highest score to the lowest."""
        half = min(_ENDS, (len(rows) + 1) // 2)
        high, low = range(half), range(len(rows) - 1, half - 1, -1)
        self.setRowCount(half)
        self.clearContents()
        for column, places in enumerate((low, high)):
            for line, place in enumerate(places):
                item = QTableWidgetItem(names[place])
                item.setData(_ROW, rows[place])
                item.setToolTip(plain_tooltip(f"{names[place]} · {scores[place]:.3f}"))
                self.setItem(line, column, item)
        self.setFixedHeight(22 * half + self.horizontalHeader().sizeHint().height() + 2)
