"""What goes into a file of coordinates: which kind of file, which rows, which columns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QComboBox,
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from explorer import pipeline
from explorer.gui.dialogs.action_box import ActionBox
from explorer.gui.state.session import Session
from explorer.gui.widgets.named import named
from explorer.gui.widgets.plain import counted, plain_label, plain_tooltip, token_text
from explorer.sheets import membership
from explorer.table import Column

Rows = npt.NDArray[np.int64]

_WIDTH, _HEIGHT = 460, 500
_SELECTED = "selected"
_KEY = Qt.ItemDataRole.UserRole


@dataclass(frozen=True)
class Kind:
    """A kind of file. safe: whether cells that a spreadsheet would run get a `'` before them."""

    title: str
    suffix: str
    safe: bool = False


KINDS = (
    Kind("CSV, tokens exactly as they are", ".csv"),
    Kind("CSV, made safe for spreadsheets", ".csv", safe=True),
    Kind("Parquet", ".parquet"),
)


@dataclass(frozen=True, eq=False)
class Offer:
    """A column that may be written. key: what it is and its name. column: None for one of the
    table's own; rows: of a selection, which becomes a column of ones and zeros."""

    key: tuple[str, str]
    label: str
    tip: str
    column: Column | None = None
    rows: Rows | None = None


def offers(session: Session) -> Iterator[Offer]:
    """Every column that an export may have: the table's own, those computed here, the selection,
    and the selections that are kept."""
    computed = session.colours.computed
    for name, column in session.colours.columns.items():
        own = computed.get(name) is not column
        label = token_text(name) if own else f"{token_text(name)}  ·  computed here"
        tip = column.description or ("A column of the table" if own else "A column computed here")
        yield Offer(("own" if own else "computed", name), label, tip, None if own else column)
    if len(session.selection):
        count = counted(len(session.selection), "row")
        tip = "1 for the rows selected now, 0 for the others"
        yield Offer((_SELECTED, ""), f"{_SELECTED}  ·  {count}", tip, rows=session.selection)
    for name, rows in session.kept.all.items():
        label = f"{token_text(name)}  ·  kept selection of {counted(len(rows), 'row')}"
        tip = "1 for the rows of this selection, 0 for the others"
        yield Offer(("kept", name), label, tip, rows=rows)


class ExportDialog(QDialog):
    """asked: the ending of the file, and keywords of pipeline.export. It stays open until it is
    closed."""

    asked = Signal(str, object)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("export_dialog")
        self.setWindowTitle("Export coordinates")
        self._session = session
        self._offers: dict[tuple[str, str], Offer] = {}
        # Selections are written where asked for; all else unless it is not wanted.
        self._wishes: dict[tuple[str, str], bool] = {}
        self._of = plain_label("export_of", "muted", wrap=True)
        self._kind = self._box("export_kind", "File", "CSV is for people, Parquet for programs")
        self._kind.addItems([kind.title for kind in KINDS])
        self._rows = self._box("export_rows", "Rows", "Which rows are written")
        self._list = self._columns()
        self._count = plain_label("export_count", "muted")
        self._quality = self._quality_box()
        self._arrange()
        self._wire()
        self.resize(_WIDTH, _HEIGHT)

    @property
    def kind(self) -> Kind:
        return KINDS[self._kind.currentIndex()]

    def choose_rows(self, which: str) -> None:
        """Proposes "all" rows, those "shown" or those "selected"; another choice may follow."""
        self._rows.setCurrentIndex(max(0, self._rows.findData(which)))

    def how(self) -> dict[str, Any]:
        """What was chosen, as keywords of pipeline.export."""
        chosen = [self._offers[key] for key in self._chosen()]
        maps = self._session.maps
        return {
            "spreadsheet_safe": self.kind.safe,
            "columns": [one.key[1] for one in chosen if one.key[0] == "own"],
            "computed": [self._computed(one) for one in chosen if one.key[0] != "own"],
            "rows": self._rows_wanted(),
            "facts": self._session.belief.facts(maps.active) if self._quality.isChecked() else {},
        }

    @override
    def showEvent(self, event: QShowEvent) -> None:
        self._refresh()
        super().showEvent(event)

    # --- building -------------------------------------------------------------------------------

    def _box(self, name: str, label: str, tip: str) -> QComboBox:
        return named(QComboBox(self), name, label, tip)

    def _columns(self) -> QListWidget:
        columns = QListWidget(self)
        columns.setObjectName("export_columns")
        columns.setAccessibleName("Columns")
        columns.setToolTip("What is written of each row beside its number, token and place")
        columns.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        columns.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        columns.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        columns.setProperty("role", "checklist")
        return columns

    def _quality_box(self) -> QCheckBox:
        box = QCheckBox("The quality of the map in the manifest", self)
        box.setObjectName("export_quality")
        box.setAccessibleName(box.text())
        box.setChecked(True)
        return box

    def _arrange(self) -> None:
        form = QFormLayout()
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(10)
        for label, box in (("&File", self._kind), ("&Rows", self._rows)):
            form.addRow(self._label(label, box), box)
            form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        title = QHBoxLayout()
        title.setSpacing(8)
        title.addWidget(self._label("&Columns", self._list))
        title.addWidget(self._count, 1)
        before: QWidget = self._rows
        for name, wish in (("All", True), ("None", False)):
            button = self._set_all_button(name, wish)
            title.addWidget(button)
            self.setTabOrder(before, button)  # as they stand, not as they were made
            before = button
        self.setTabOrder(before, self._list)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 14, 16, 14)
        layout.setSpacing(10)
        layout.addWidget(self._of)
        layout.addLayout(form)
        layout.addLayout(title)
        layout.addWidget(self._list, 1)
        layout.addWidget(self._quality)
        layout.addWidget(self._note())
        layout.addWidget(self._buttons())

    @staticmethod
    def _label(text: str, editor: QWidget) -> QLabel:
        label = QLabel(text)
        label.setBuddy(editor)
        if isinstance(editor, QComboBox):  # in the middle, beside it
            label.setMinimumHeight(editor.sizeHint().height())
        return label

    def _set_all_button(self, name: str, wish: bool) -> QPushButton:
        tip = "Write every column" if wish else "Write row, token and place only"
        button = named(
            QPushButton(name, self), f"export_{name.lower()}", f"{name} of the columns", tip
        )
        button.setAutoDefault(False)
        button.clicked.connect(lambda: self._set_all(wish))
        return button

    def _note(self) -> QLabel:
        note = plain_label("export_note", "muted", wrap=True)
        note.setText(
            "Row, token and place are always written. Beside the file stands a manifest: how the "
            "map was made, and from what."
        )
        return note

    def _buttons(self) -> ActionBox:
        tip, close_tip = "Choose where, and write the file in the background", "Write nothing"
        box = ActionBox("export", "Export", tip, close_tip, self)
        box.accepted.connect(lambda: self.asked.emit(self.kind.suffix, self.how()))
        box.rejected.connect(self.close)
        self._export = box.action
        return box

    def _wire(self) -> None:
        session = self._session
        for signal in (
            *(session.table_changed, session.projection_changed, session.selection_changed),
            *(session.isolated_changed, session.colours.columns_changed, session.kept.changed),
            session.belief.quality_changed,
        ):
            signal.connect(self._refresh_if_seen)
        self._list.itemChanged.connect(self._note_wish)

    # --- what is offered ------------------------------------------------------------------------

    def _refresh_if_seen(self) -> None:
        if self.isVisible():
            self._refresh()

    def _refresh(self) -> None:
        projection = self._session.projection
        self._export.setEnabled(projection is not None)
        told = "This map is empty: make one first."
        if projection is not None:
            told = f"{pipeline.title_of(projection)} of {projection.coverage}"
        self._of.setText(told)
        self._show_rows()
        self._show_columns()
        measured = bool(self._session.belief.facts(self._session.maps.active))
        self._quality.setEnabled(measured)
        self._quality.setToolTip(
            "How far the map may be believed: neighbours kept, trustworthiness, continuity"
            if measured
            else "This map has not been measured"
        )

    def _show_rows(self) -> None:
        session, before = self._session, self._rows.currentData()
        total = len(session.table) if session.table else 0
        self._rows.clear()
        self._rows.addItem(f"All {counted(total, 'row')}", "all")
        if session.isolated is not None:
            self._rows.addItem(f"Shown: {counted(len(session.isolated), 'row')}", "shown")
        if len(session.selection):
            self._rows.addItem(f"Selected: {counted(len(session.selection), 'row')}", _SELECTED)
        self._rows.setCurrentIndex(max(0, self._rows.findData(before)))

    def _show_columns(self) -> None:
        self._offers = {offer.key: offer for offer in offers(self._session)}
        current = self._list.currentRow()
        self._list.blockSignals(True)
        self._list.clear()
        for key, offer in self._offers.items():
            item = QListWidgetItem(offer.label)
            item.setData(_KEY, key)
            item.setToolTip(plain_tooltip(offer.tip))
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(_state(self._wished(key)))
            self._list.addItem(item)
        self._list.setCurrentRow(min(max(0, current), self._list.count() - 1))
        self._list.blockSignals(False)
        self._show_count()

    def _show_count(self) -> None:
        self._count.setText(f"{len(self._chosen()):,} of {len(self._offers):,}")

    # --- what is wished for -----------------------------------------------------------------------

    def _wished(self, key: tuple[str, str]) -> bool:
        return self._wishes.get(key, key[0] in ("own", "computed"))

    def _chosen(self) -> list[tuple[str, str]]:
        return [key for key in self._offers if self._wished(key)]

    def _note_wish(self, item: QListWidgetItem) -> None:
        self._wishes[tuple(item.data(_KEY))] = item.checkState() == Qt.CheckState.Checked
        self._show_count()

    def _set_all(self, wish: bool) -> None:
        self._wishes |= dict.fromkeys(self._offers, wish)
        self._show_columns()

    def _rows_wanted(self) -> Rows | None:
        wanted = self._rows.currentData()
        if wanted == _SELECTED:
            return self._session.selection
        return self._session.isolated if wanted == "shown" else None

    def _computed(self, offer: Offer) -> Column:
        if offer.column is not None:
            return offer.column
        table = self._session.table
        assert offer.rows is not None
        assert table is not None
        return membership(offer.key[1] or _SELECTED, offer.rows, len(table))


def _state(wish: bool) -> Qt.CheckState:
    return Qt.CheckState.Checked if wish else Qt.CheckState.Unchecked
