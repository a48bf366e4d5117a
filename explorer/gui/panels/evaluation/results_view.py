"""The list of scores: a line for each list, and for each of its sections."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QItemSelectionModel, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QTableView, QWidget

from explorer.gui.lists.bars import BarDelegate
from explorer.gui.lists.copying import copies_lines
from explorer.gui.lists.list_model import style_list
from explorer.gui.panels.evaluation.results import BAR, TITLES, Line, ResultModel
from explorer.gui.theme import Theme

_LEAST, _MOST = 120, 208  # pixels, of the names of lists and sections
_WIDTHS = {0: _MOST, 1: 96, 2: 84, 4: 136}  # "100.0 %" in bold letters has room


class ResultList(QTableView):
    """line_changed: another line is the current one. removed: its list is to be taken away."""

    line_changed = Signal()
    removed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._model = ResultModel(self)
        self.setObjectName("evaluation_results")
        self.setAccessibleName("Results")
        self.setToolTip("Select a list or a section to see its misses")
        self.setModel(self._model)
        style_list(self, stretch=BAR, movable=_WIDTHS)
        self.setItemDelegateForColumn(BAR, BarDelegate(theme, self, from_left=True))
        self.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        self.setMinimumSize(240, 96)
        copies_lines(self)
        self.selectionModel().currentRowChanged.connect(lambda *_: self.line_changed.emit())
        delete = QShortcut(QKeySequence(Qt.Key.Key_Delete), self, self.removed.emit)
        delete.setContext(Qt.ShortcutContext.WidgetShortcut)

    @property
    def line(self) -> Line | None:
        """The current one."""
        index = self.selectionModel().currentIndex()
        return self._model.line_at(index.row()) if index.isValid() else None

    def show_lines(self, lines: Sequence[Line]) -> None:
        """The current line stays where it was, as far as it is still there; else the first."""
        before = self.line
        self._model.show_lines(lines, self._theme.colour("muted"))
        self.clearSpans()
        for at, line in enumerate(lines):
            if line.measure and not line.score:  # words that say why there is none
                self.setSpan(at, 1, 1, len(TITLES) - 1)
        if not lines:
            self.line_changed.emit()
            return
        wide = self.sizeHintForColumn(0) + 8
        self.horizontalHeader().resizeSection(0, min(max(wide, _LEAST), _MOST))
        keys = [(line.place, line.section) for line in lines]
        key = None if before is None else (before.place, before.section)
        self._go_to(keys.index(key) if key in keys else 0)

    def choose(self, place: int) -> None:
        """Makes the list at a place the current one, and brings it in sight."""
        lines = (self._model.line_at(at) for at in range(self._model.rowCount()))
        self._go_to(next(at for at, line in enumerate(lines) if line.place == place))
        self.scrollTo(self.currentIndex())

    def _go_to(self, at: int) -> None:
        index, flags = self._model.index(at, 0), QItemSelectionModel.SelectionFlag
        self.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)
