"""The misses of the list, or section, that is selected: searched, clicked, exported."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QTimer, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from explorer.evaluation import Result, WordSimilarity
from explorer.gui.fields.clear_button import add_clear_button
from explorer.gui.lists.copying import copies_lines
from explorer.gui.lists.list_model import style_list
from explorer.gui.panels.evaluation.misses import KINDS, MissLine, MissModel, misses_of
from explorer.gui.theme import Theme
from explorer.gui.widgets.named import named
from explorer.gui.widgets.plain import counted, plain_label, token_text

_PAUSE = 120  # milliseconds without a key before the lines are searched


class MissesView(QWidget):
    """chosen: MissLine of a click, or Enter. export_asked: the misses are to be written."""

    chosen = Signal(object)
    export_asked = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("evaluation_misses_view")
        self._title = plain_label("evaluation_misses_title", "strong")
        self._count = plain_label("evaluation_misses_count", "muted")
        self._notes = plain_label("evaluation_notes", "muted", wrap=True)
        self._search = self._search_field(theme)
        self._kind = self._kind_box()
        tip = "Write every miss of this list as CSV"
        self._export = named(
            QPushButton("Export misses…", self), "evaluation_export", "Export misses", tip
        )
        self._model = MissModel(self)
        self._view = self._list()
        self._wish = "none yet"
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PAUSE)
        self._arrange()
        self._wire()

    def _search_field(self, theme: Theme) -> QLineEdit:
        tip = "Any part of question, answer or reason"
        field = named(QLineEdit(self), "evaluation_search", "Search the misses", tip)
        field.setPlaceholderText("Search the misses")
        add_clear_button(field, theme)
        return field

    def _kind_box(self) -> QComboBox:
        box = named(QComboBox(self), "evaluation_kind", "Kind of miss", "Which misses are listed")
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        return box

    def _list(self) -> QTableView:
        tip = "Click a line, or press Enter on it, to select the rows of its words"
        view = named(QTableView(self), "evaluation_misses", "Misses", tip)
        view.setModel(self._model)
        style_list(view, stretch=1, movable={0: 56, 2: 112, 3: 168, 4: 76})
        view.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        copies_lines(view)
        view.setMinimumHeight(96)
        keeps_its_place = view.sizePolicy()
        keeps_its_place.setRetainSizeWhenHidden(True)  # else others would take it for good
        view.setSizePolicy(keeps_its_place)
        return view

    def _arrange(self) -> None:
        title = QHBoxLayout()
        title.setSpacing(8)
        title.addWidget(self._title)
        title.addWidget(self._count)
        title.addStretch(1)
        title.addWidget(self._export)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self._search, 1)
        line.addWidget(self._kind)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(title)
        layout.addWidget(self._notes)
        layout.addLayout(line)
        layout.addWidget(self._view, 1)

    def _wire(self) -> None:
        self._search.textChanged.connect(lambda _: self._timer.start())
        self._timer.timeout.connect(self._choose)
        self._kind.currentIndexChanged.connect(lambda _: self._wish_kind())
        self._export.clicked.connect(self.export_asked)
        self._view.clicked.connect(self._click)
        self._view.activated.connect(self._click)

    def show_result(
        self, result: Result | None, section: str | None, title: str, reason: str = ""
    ) -> None:
        """The misses of a result, or of one of its sections; None for a list that has no result,
        for a reason."""
        lines = misses_of(result, section) if result is not None else ()
        self._title.setText(token_text(title.strip(), 40))
        self._model.show_lines(lines, pairs=isinstance(result, WordSimilarity))
        self._notes.setText(" ".join(result.notes) if result is not None else reason)
        self._notes.setVisible(bool(self._notes.text()))
        self._count.setVisible(result is not None)
        for widget in (self._search, self._kind, self._view):
            widget.setVisible(bool(lines))
        self._fill_kinds()
        self._export.setEnabled(result is not None and bool(result.misses))
        self._choose()

    def _fill_kinds(self) -> None:
        self._kind.blockSignals(True)
        self._kind.clear()
        kinds = self._model.kinds
        for kind, count in kinds.items():
            self._kind.addItem(f"{KINDS[kind]} ({count:,})", kind)
        if len(kinds) != 1:
            self._kind.addItem(f"All ({sum(kinds.values()):,})", "")
        self._kind.setCurrentIndex(max(0, self._kind.findData(self._wish)))
        self._kind.blockSignals(False)

    def _wish_kind(self) -> None:
        """The kind is kept for other lists that have it."""
        self._wish = str(self._kind.currentData())
        self._choose()

    def _choose(self) -> None:
        self._timer.stop()
        self._model.choose(str(self._kind.currentData() or ""), self._search.text())
        missed = bool(self._model.kinds)
        self._count.setText(counted(self._model.rowCount(), "line") if missed else "no misses")
        self._view.scrollToTop()

    def _click(self, index: QModelIndex) -> None:
        line: MissLine = self._model.line_at(index.row())
        self.chosen.emit(line)
