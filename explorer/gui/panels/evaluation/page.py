"""What a table knows of words: lists of word pairs and of analogies, their scores and misses."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QProgressBar,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from explorer import pipeline
from explorer.gui.center_page import CenterPage
from explorer.gui.dialogs import file_dialogs
from explorer.gui.fields.buttons import RunButton, push_button
from explorer.gui.panels.evaluation.misses import MissLine
from explorer.gui.panels.evaluation.misses_view import MissesView
from explorer.gui.panels.evaluation.options import OptionsEditor
from explorer.gui.panels.evaluation.results import lines_of
from explorer.gui.panels.evaluation.results_view import ResultList
from explorer.gui.panels.evaluation.running import Chosen, Evaluations
from explorer.gui.state.session import Session
from explorer.gui.tasks.jobs import Jobs
from explorer.gui.theme import Theme
from explorer.gui.widgets.drop_target import DropTarget
from explorer.gui.widgets.middle import in_the_middle
from explorer.gui.widgets.plain import plain_label
from explorer.progress import Progress, Report

_HINT = (
    "Add lists of words to see what this table knows of them, or drop files here.\n\n"
    "Word similarity: two words and how alike people find them, such as “tiger cat 7.35”, one pair "
    "a line, in columns parted by tabs, commas or blanks (WordSim-353, SimLex-999, MEN, your own)."
    "\n\n"
    "Analogies: four words a line, such as “Athens Greece Oslo Norway”; a line “: capitals” begins "
    "a section (questions-words, your own). Pairs of one relation, such as “cat” and, after a tab, "
    "“feline/animal”, are asked about each other: a file, or a folder of files (BATS). Questions "
    "may have their answers in a file beside them (MSR)."
)
_WIDE = 1000  # pixels of a page, from which on results and misses stand side by side
_STALE = "Paler results are of other numbers or options: evaluate again."


class EvaluationPage(CenterPage):
    """Results stay, whatever page is looked at."""

    def __init__(
        self, session: Session, jobs: Jobs, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__("evaluation_page", parent)
        self._session, self._lane, self._theme = session, jobs.evaluation, theme
        self.evaluations = Evaluations(session, jobs.evaluation, self)
        self._shown: tuple[object, ...] | None = None  # what the misses are of
        self._add = push_button("evaluation_add", "Add lists…", "Choose files of words", self)
        self._folder = push_button(
            "evaluation_add_folder", "Add folder…", "Choose a folder of lists, such as BATS", self
        )
        self._remove = push_button("evaluation_remove", "Remove", "Take this list away (Del)", self)
        self._run = RunButton("evaluation_run", "Evaluate", "Ask the table every list", self)
        self._options = OptionsEditor(self)
        self._bar = self._progress_bar()
        self._state = plain_label("evaluation_state", "warning", wrap=True)
        self._view = ResultList(theme, self)
        self._misses = MissesView(theme, self)
        self._parts = QSplitter(Qt.Orientation.Vertical, self)
        self._body = QStackedWidget(self)
        self._drop = DropTarget(self, "Drop lists of words to evaluate")
        self._arrange()
        self._wire()
        self.setFocusProxy(self._add)
        self._show()

    # --- its parts --------------------------------------------------------------------------------

    def _progress_bar(self) -> QProgressBar:
        bar = QProgressBar(self)
        bar.setObjectName("evaluation_progress")
        bar.setAccessibleName("Progress of the evaluation")
        bar.setTextVisible(False)
        bar.setRange(0, 1000)
        bar.hide()
        return bar

    def _arrange(self) -> None:
        doing = QHBoxLayout()
        doing.setSpacing(8)
        doing.addWidget(self._add)
        doing.addWidget(self._folder)
        doing.addWidget(self._remove)
        doing.addStretch(1)
        doing.addWidget(self._run)
        self._parts.setObjectName("evaluation_parts")
        self._parts.setChildrenCollapsible(False)
        self._parts.setHandleWidth(12)
        self._parts.addWidget(self._view)
        self._parts.addWidget(self._misses)
        hint = plain_label("evaluation_hint", "muted", wrap=True)
        hint.setText(_HINT)
        self._body.addWidget(in_the_middle(hint, 460))
        self._body.addWidget(self._parts)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 12)
        layout.setSpacing(8)
        layout.addLayout(doing)
        layout.addWidget(self._options)
        layout.addWidget(self._bar)
        layout.addWidget(self._state)
        layout.addWidget(self._body, 1)

    def _wire(self) -> None:
        self._add.clicked.connect(lambda: self.add(file_dialogs.ask_word_lists(self)))
        self._folder.clicked.connect(lambda: self.add(file_dialogs.ask_folder_of_lists(self)))
        self._remove.clicked.connect(self.remove)
        self._view.removed.connect(self.remove)
        self._run.clicked.connect(self.run_or_stop)
        self._options.changed.connect(self._show)
        self._view.line_changed.connect(self._show_misses)
        self._misses.chosen.connect(self._select)
        self._misses.export_asked.connect(self._ask_where)
        for signal in (self._session.table_changed, self._session.vectors_changed):
            signal.connect(self._show)
        self._theme.changed.connect(self._show)
        self._lane.busy_changed.connect(self._show_busy)
        self._lane.progressed.connect(self._show_progress)
        self._drop.dropped.connect(self.add)
        self.evaluations.changed.connect(self._show)
        self.evaluations.failed.connect(self.failed)

    # --- lists ------------------------------------------------------------------------------------

    def add(self, paths: Iterable[Path]) -> None:
        """Adds lists, evaluates those that are new, and shows the first of them."""
        there = len(self.evaluations.lists)
        self.evaluations.add(paths, self._options.options)
        if len(self.evaluations.lists) > there:
            self._view.choose(there)

    def remove(self) -> None:
        """Takes the current list away."""
        if self._view.line is not None:
            self.evaluations.remove(self._view.line.place)

    def run_or_stop(self) -> None:
        """Evaluates every list, or stops."""
        if self._lane.busy:
            self._lane.cancel()
        else:
            self.evaluations.run(self._options.options)

    # --- showing ----------------------------------------------------------------------------------

    def _show_busy(self, busy: bool) -> None:
        self._run.show_busy(busy)
        self._bar.setValue(0)
        self._bar.setVisible(busy)

    def _show_progress(self, progress: Progress) -> None:
        if progress.fraction is not None:
            self._bar.setValue(int(1000 * progress.fraction))

    def _show(self) -> None:
        table, options = self._session.table, self._options.options
        lists = self.evaluations.lists
        stale_of = [chosen.asked and not chosen.of(table, options) for chosen in lists]
        lines = [
            line
            for place, chosen in enumerate(lists)
            for line in lines_of(place, chosen, stale=stale_of[place])
        ]
        self._view.show_lines(lines)
        self._body.setCurrentIndex(1 if lists else 0)
        self._run.setEnabled(bool(lists) and table is not None)
        self._remove.setVisible(bool(lists))
        stale = any(stale_of)
        self._state.setText(_STALE if stale else "")
        self._state.setVisible(stale)

    def _chosen(self) -> Chosen | None:
        line = self._view.line
        return self.evaluations.lists[line.place] if line is not None else None

    def _show_misses(self) -> None:
        """Of the current line, unless they are shown already: a search in them stays."""
        line, chosen = self._view.line, self._chosen()
        if line is None or chosen is None:
            self._shown = None
            self._misses.show_result(None, None, "")
            return
        shown = chosen.result, line.section, chosen.path, chosen.error
        if self._shown == shown:  # results are compared by identity
            return
        self._shown = shown
        title = chosen.path.name if line.section is None else line.name
        reason = chosen.error or "Not evaluated yet."
        self._misses.show_result(chosen.result, line.section, title, reason)

    # --- calls go up ------------------------------------------------------------------------------

    def _select(self, line: MissLine) -> None:
        """Rows mean something only where the tokens are those that were asked."""
        chosen, table = self._chosen(), self._session.table
        if chosen is None or table is None or not line.rows:
            return
        if chosen.tokens is not table.tokens:
            self.told.emit("These results are of another table: evaluate again to select rows.")
            return
        self._session.select(list(dict.fromkeys(line.rows)))

    def _ask_where(self) -> None:
        chosen = self._chosen()
        if chosen is None:
            return
        path = file_dialogs.ask_csv(self, "Export the misses", f"{chosen.path.stem}-misses")
        if path is not None:
            self.export(path)

    def export(self, path: Path) -> None:
        """Has every miss of the current list written as CSV, with a `'` before what a spreadsheet
        would run as a formula."""
        chosen = self._chosen()
        if chosen is None or chosen.result is None:
            return
        results = [chosen.result]

        def work(report: Report) -> None:
            report(Progress(0, 1, f"Writing {path.name}"))
            pipeline.write_misses(results, path, spreadsheet_safe=True)

        self.write_asked.emit(path, work)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        across, down = Qt.Orientation.Horizontal, Qt.Orientation.Vertical
        self._parts.setOrientation(across if self.width() >= _WIDE else down)
