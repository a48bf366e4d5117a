"""A figure for a report or a slide: how it is to look, beside a small picture of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from explorer.figure import FigureParams, GhostPoint
from explorer.gui.dialogs.action_box import ActionBox
from explorer.gui.dialogs.figure_preview import FigurePreview
from explorer.gui.fields.form import Form, add_row, rows_of_form
from explorer.gui.state.session import Session
from explorer.gui.tasks.jobs import Lane
from explorer.gui.widgets.named import named
from explorer.gui.widgets.plain import counted, token_text
from explorer.progress import Report
from explorer.projection import Projection
from explorer.table import Column

Rotation = npt.NDArray[np.float64]

_SIZE = (1160, 660)
_FORM_WIDTH = 372
_PAUSE = 150  # milliseconds without a change before a picture is drawn
_AS_ON_MAP, _ONE_COLOUR = "\x00map", "\x00one"
_OUT, _NAMED, _NOTHING = "out", "named", "nothing"
# Turned with the mouse, in the window.
_TURNED_ON_THE_MAP = ("azimuth", "elevation")


@dataclass(frozen=True, eq=False)
class Seen:
    """How the map at hand is seen in the window. rotation: as draw_map has it, None for a flat
    map. span: the ends that were given to the ramp of its colours, None for the usual ones. ghost:
    the query's point on it, None for none."""

    rotation: Rotation | None
    span: tuple[float, float] | None = None
    ghost: GhostPoint | None = None


class FigureDialog(QDialog):
    """asked: keywords of pipeline.draw. It stays open until it is closed.

    lane: where the small picture is drawn. seen: how the map at hand is seen now.
    """

    asked = Signal(object)

    def __init__(
        self,
        session: Session,
        lane: Lane,
        seen: Callable[[], Seen],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("figure_dialog")
        self.setWindowTitle("Save a figure")
        self._session, self._lane, self._seen = session, lane, seen
        self._title = self._title_line()
        self._colour = self._box(
            "figure_colour", "Colour", "What the colours of the dots stand for"
        )
        self._selection = self._box("figure_selection", "Selection", _SELECTION_TIP)
        self._marking = ""  # how the user wants the selection, once it was said
        self._only = QCheckBox(self)
        self._only.setObjectName("figure_only")
        self._only.setToolTip("Draw the isolated rows only, in the colours of the whole map")
        self._only.setChecked(True)
        self._ghost = QCheckBox("The query, as its ghost point", self)
        self._ghost.setObjectName("figure_ghost")
        self._ghost.setToolTip("Mark the query on the map, and name it below")
        self._ghost.setChecked(True)
        self._form = Form(FigureParams, "figure", self, omit=_TURNED_ON_THE_MAP)
        self._preview = FigurePreview(self)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_PAUSE)
        self._arrange()
        self._wire()
        self.resize(*_SIZE)

    def how(self) -> dict[str, Any]:
        """What was chosen, as keywords of pipeline.draw."""
        session, wish = self._session, self._selection.currentData()
        rows = session.selection
        quality = session.belief.quality(session.maps.active)
        look, seen = self._form.values(), self._seen()
        return {
            "colour_by": self._column(),
            "span": seen.span if self._colour.currentData() == _AS_ON_MAP else None,
            "selection": rows if wish == _OUT else None,
            "label_rows": rows[::-1][: look["labels_count"]] if wish == _NAMED else None,
            "only": session.isolated if self._only.isChecked() else None,
            "ghost": seen.ghost if self._ghost.isChecked() else None,
            "rotation": seen.rotation,
            "title": self._title.text().strip(),
            "quality": quality.verdict() if quality else "",
            **look,
        }

    # --- building -------------------------------------------------------------------------------

    def _title_line(self) -> QLineEdit:
        line = named(QLineEdit(self), "figure_title", "Title", "What stands above the map")
        line.setMaxLength(200)
        return line

    def _box(self, name: str, label: str, tip: str) -> QComboBox:
        box = named(QComboBox(self), name, label, tip)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(12)
        return box

    def _arrange(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(10)
        left.addWidget(self._settings(), 1)
        left.addWidget(self._buttons())
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 14, 16, 14)
        layout.setSpacing(16)
        layout.addLayout(left)
        layout.addWidget(self._preview, 1)

    def _settings(self) -> QScrollArea:
        """What can be chosen, which may be taller than the dialog."""
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(8)
        column.addLayout(self._rows())
        column.addWidget(self._form)
        column.addStretch(1)
        area = QScrollArea(self)
        area.setObjectName("figure_settings")
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(content)
        area.setFixedWidth(_FORM_WIDTH)
        return area

    def _rows(self) -> QFormLayout:
        rows = rows_of_form()
        for label, editor in (
            ("Title", self._title),
            ("Colour", self._colour),
            ("Selection", self._selection),
        ):
            add_row(rows, label, editor)
        rows.addRow(self._only)
        rows.addRow(self._ghost)
        return rows

    def _buttons(self) -> ActionBox:
        tip, close_tip = (
            "Choose where, and draw it as PDF, SVG or PNG",
            "Close; what is set here stays until the program ends",
        )
        box = ActionBox("figure", "Save", tip, close_tip, self)
        box.accepted.connect(lambda: self.asked.emit(self.how()))
        box.rejected.connect(self.close)
        self._save = box.action
        return box

    def _wire(self) -> None:
        session = self._session
        for signal in (
            *(session.table_changed, session.projection_changed, session.selection_changed),
            *(session.isolated_changed, session.colours.columns_changed, session.colours.changed),
            session.belief.quality_changed,
        ):
            signal.connect(self._refresh)
        self._form.changed.connect(self.draw_soon)
        self._title.textChanged.connect(self.draw_soon)
        for check in (self._only, self._ghost):
            check.toggled.connect(self.draw_soon)
        self._selection.activated.connect(self._mark)
        for box in (self._colour, self._selection):
            box.activated.connect(self.draw_soon)
        self._preview.resized.connect(self.draw_soon)
        self._soon.timeout.connect(self._draw)
        self._lane.succeeded.connect(self._preview.show_image)
        self._lane.failed.connect(self._preview.show_error)

    # --- what is offered ------------------------------------------------------------------------

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._refresh()

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        # Back from the window, where the map may have been turned.
        if event.type() == QEvent.Type.ActivationChange and self.isActiveWindow():
            self._refresh()

    def _refresh(self) -> None:
        if not self.isVisible():
            return
        projection = self._session.projection
        self._save.setEnabled(projection is not None)
        self._title.setPlaceholderText(
            token_text(projection.table.name) if projection is not None else ""
        )
        self._show_colours()
        self._show_selection()
        self._ghost.setVisible(self._seen().ghost is not None)
        isolated = self._session.isolated
        self._only.setVisible(isolated is not None)
        if isolated is not None:
            self._only.setText(f"Only the {counted(len(isolated), 'isolated row')}")
            self._only.setAccessibleName(self._only.text())
        self.draw_soon()

    def _show_colours(self) -> None:
        colours = self._session.colours
        entries = [("As on the map", _AS_ON_MAP), ("One colour", _ONE_COLOUR)]
        entries += [(token_text(name), name) for name in colours.columns]
        _fill(self._colour, entries, self._colour.currentData())

    def _show_selection(self) -> None:
        rows = self._session.selection
        self._selection.setEnabled(bool(len(rows)))
        if not len(rows):
            _fill(self._selection, [("No row is selected", _NOTHING)], _NOTHING)
            return
        count = counted(len(rows), "row")
        entries = [
            (f"{count}, the rest in grey", _OUT),
            (f"{count}, labelled", _NAMED),
            ("Not marked", _NOTHING),
        ]
        # A single dot in colour among grey ones says little: its name says which it is.
        usual = _OUT if len(rows) > 1 else _NAMED
        _fill(self._selection, entries, self._marking or usual)

    def _mark(self) -> None:
        self._marking = self._selection.currentData()

    def _column(self) -> Column | None:
        key, colours = self._colour.currentData(), self._session.colours
        return colours.column if key == _AS_ON_MAP else colours.columns.get(key)

    # --- the small picture ----------------------------------------------------------------------

    def draw_soon(self, *_: object) -> None:
        """Draws the small picture again, once nothing has changed for a moment."""
        if self.isVisible():
            self._soon.start()

    def _draw(self) -> None:
        projection, window = self._session.projection, self.parentWidget()
        if window is not None and not window.isVisible():  # it was closed, and the lanes with it
            return
        if projection is None or not self.isVisible():
            self._lane.cancel()
            self._preview.clear()
            return
        self._preview.wait()
        work = _small(projection, self._preview.pixels, self.how())
        self._lane.start("Drawing a small picture", work)


_SELECTION_TIP = "Whether the selected rows stand out, are labelled, or are like all others"


def _small(
    projection: Projection, within: tuple[int, int], how: dict[str, Any]
) -> Callable[[Report], Any]:
    def work(report: Report) -> Any:
        from explorer.figure import map_image

        return map_image(projection, within, report=report, **how)

    return work


def _fill(box: QComboBox, entries: list[tuple[str, str]], chosen: str | None) -> None:
    """Other entries in a combo box, the first or the one with this key chosen."""
    box.clear()
    for text, key in entries:
        box.addItem(text, key)
    box.setCurrentIndex(max(0, box.findData(chosen)))
