"""Which table of a file to open: the candidates, best first, each with its reason."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import (
    QObject,
    Qt,
    Signal,
)
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QTableView,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from explorer.formats import Candidate
from explorer.gui.lists.list_model import ListModel
from explorer.gui.widgets.named import named
from explorer.gui.widgets.plain import plain_label, size_text, token_text

_HEADER = ("table", "rows", "dim", "type", "size", "tokens", "why")
_NUMBERS = {1, 2, 4}


class CandidateModel(ListModel):
    """The tables of a file as its header describes them."""

    def __init__(self, candidates: Sequence[Candidate], parent: QObject | None = None) -> None:
        super().__init__(_HEADER, _NUMBERS, parent)
        self._candidates = candidates

    @override
    def length(self) -> int:
        return len(self._candidates)

    @override
    def text(self, place: int, column: int) -> str:
        return _cells(self._candidates[place])[column]

    @override
    def tip(self, place: int) -> str:
        candidate = self._candidates[place]
        return f"{token_text(candidate.name)}: {candidate.reason or 'no reason'}"


def _cells(candidate: Candidate) -> tuple[str, ...]:
    return (
        token_text(candidate.name, 80),
        f"{candidate.rows:,}",
        f"{candidate.dim:,}",
        candidate.dtype,
        size_text(candidate.nbytes),
        "yes" if candidate.named else "no",
        candidate.reason,
    )


class TablePicker(QDialog):
    """chosen: the path and the name of the table to open. Closing it opens nothing."""

    chosen = Signal(object, str)

    def __init__(
        self, path: Path, candidates: Sequence[Candidate], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("table_picker")
        self.setWindowTitle(f"Which table of {path.name}?")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._path, self._candidates = path, candidates
        self._view = self._list(CandidateModel(candidates, self))
        title = plain_label("picker_title", "title")
        title.setText(f"{len(candidates):,} tables in {path.name}")
        hint = plain_label("picker_hint", "muted", wrap=True)
        hint.setText("None is clearly the token table. The likeliest stands first.")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 14, 16, 14)
        layout.setSpacing(8)
        layout.addWidget(title)
        layout.addWidget(hint)
        layout.addWidget(self._view, 1)
        layout.addWidget(self._buttons())
        self.resize(820, 380)
        self._view.selectRow(0)
        self._view.setFocus()

    def _list(self, model: CandidateModel) -> QTableView:
        tip = "Double-click a table, or press Enter on it, to open it"
        view = named(QTableView(self), "picker_list", "Tables in the file", tip)
        view.setModel(model)
        view.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        view.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        view.setShowGrid(False)
        view.setWordWrap(False)
        view.setTabKeyNavigation(False)
        view.verticalHeader().hide()
        header = view.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setStretchLastSection(True)
        view.activated.connect(self.accept)
        return view

    def _buttons(self) -> QDialogButtonBox:
        kinds = QDialogButtonBox.StandardButton
        box = QDialogButtonBox(kinds.Open | kinds.Cancel, self)
        for kind, name, tip in (
            (kinds.Open, "picker_open", "Open the table selected"),
            (kinds.Cancel, "picker_cancel", "Open nothing"),
        ):
            button = box.button(kind)
            button.setObjectName(name)
            button.setAccessibleName(button.text().replace("&", ""))
            button.setToolTip(tip)
        box.button(kinds.Open).setProperty("role", "primary")
        box.accepted.connect(self.accept)
        box.rejected.connect(self.reject)
        return box

    @override
    def accept(self) -> None:
        index = self._view.currentIndex()
        super().accept()
        if index.isValid():
            self.chosen.emit(self._path, self._candidates[index.row()].name)
