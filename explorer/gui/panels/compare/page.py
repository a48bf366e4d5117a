"""How similar tokens are to one another: a heat map, the odd one out, or one number for two."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication, QShortcut
from PySide6.QtWidgets import (
    QHBoxLayout,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from explorer.gui.center_page import CenterPage
from explorer.gui.dialogs import file_dialogs
from explorer.gui.fields.buttons import push_button
from explorer.gui.fields.choice_box import choice_box
from explorer.gui.fields.clear_button import add_clear_button
from explorer.gui.fields.expressions import Expressions
from explorer.gui.fields.token_field import TokenField
from explorer.gui.fields.typed_tokens import TypedTokens, as_typed, read_tokens
from explorer.gui.fields.unknown_tokens import UnknownTokens
from explorer.gui.panels.compare.asking import SEED, Comparison, compare, write_matrix
from explorer.gui.panels.compare.drawing import Matrix
from explorer.gui.panels.compare.foot import Foot
from explorer.gui.panels.compare.heat_map import HeatMap
from explorer.gui.panels.compare.pair import Pair, PairView
from explorer.gui.state.session import Session
from explorer.gui.tasks.jobs import Jobs
from explorer.gui.theme import Theme
from explorer.gui.widgets.elided import ElidedLabel
from explorer.gui.widgets.middle import in_the_middle
from explorer.gui.widgets.plain import counted, plain_label
from explorer.progress import Report
from explorer.vectors import Vectors

Rows = npt.NDArray[np.int64]

MOST = 300  # tokens compared at once; of more, the first so many
_PAUSE = 250  # milliseconds without a key before the tokens are read
_ORDERS = (("As given", "given"), ("Clustered", "clustered"))
_EMPTY = (
    "Select rows on the map or in a list, or type tokens above: two give one number, three and "
    "more a picture of every one with every other, and the odd one out."
)
_ONE = "One token so far. Select or type another one to compare it with."
_MEASURE = "cosine of the raw vectors"
_NAME = 28  # characters of a token beside the heat map


class ComparePage(CenterPage):
    """Follows the selection, or the tokens typed."""

    def __init__(
        self, session: Session, jobs: Jobs, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__("compare_page", parent)
        self._session, self._lane = session, jobs.comparing
        self._rows: Rows = np.empty(0, np.int64)
        self._found: Comparison | None = None
        self._usual: tuple[Vectors, npt.NDArray[np.float64]] | None = None
        self._mine = False
        self._typed = TypedTokens(self._rows, ())
        self._field = self._token_field(jobs, theme)
        self._order = choice_box(
            "compare_order",
            "Order of the tokens",
            "As selected or typed; or similar tokens beside one another",
            _ORDERS,
            self,
        )
        self._facts = ElidedLabel("compare_facts", self)
        self._facts.setProperty("role", "muted")
        self._unknown = UnknownTokens("compare_unknown", session, jobs, self)
        self._copy = push_button(
            "compare_copy", "Copy picture", "Copy the heat map as a picture", self
        )
        self._export = push_button("compare_export", "Export CSV…", "Write the matrix as CSV", self)
        self._hint = plain_label("compare_hint", "muted", wrap=True)
        self._pair = PairView(theme, self)
        self._map = HeatMap(theme, self)
        self._foot = Foot(self)
        self._body = QStackedWidget(self)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PAUSE)
        self._arrange()
        self._wire()

    # --- its parts --------------------------------------------------------------------------------

    def _token_field(self, jobs: Jobs, theme: Theme) -> TokenField:
        expressions = Expressions(self._session, jobs, self)
        field = TokenField("compare_tokens", expressions, theme, several=True, parent=self)
        field.setAccessibleName("Tokens to compare")
        field.setPlaceholderText("The selection; or type tokens: good, bad, #12")
        field.setToolTip(
            'Tokens apart by commas; "…" for one with a comma in it, @name a selection'
        )
        add_clear_button(field, theme)
        self.setFocusProxy(field)
        return field

    def _arrange(self) -> None:
        asking = QHBoxLayout()
        asking.setSpacing(8)
        asking.addWidget(self._field, 1)
        asking.addWidget(self._order)
        doing = QHBoxLayout()
        doing.setSpacing(8)
        doing.addWidget(self._facts, 1)
        doing.addWidget(self._copy)
        doing.addWidget(self._export)
        for page in (in_the_middle(self._hint, 440), self._pair, self._map):
            self._body.addWidget(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 12)
        layout.setSpacing(8)
        layout.addLayout(asking)
        layout.addLayout(doing)
        layout.addWidget(self._unknown)
        layout.addWidget(self._body, 1)
        layout.addWidget(self._foot)

    def _wire(self) -> None:
        session = self._session
        self._field.textChanged.connect(lambda _: self._timer.start())
        self._field.editingFinished.connect(self._finish)
        back = QShortcut(Qt.Key.Key_Escape, self._field, self._field.clear)
        back.setContext(Qt.ShortcutContext.WidgetShortcut)
        self._timer.timeout.connect(self._read)
        self._order.currentIndexChanged.connect(lambda _: self._ask())
        self._unknown.chosen.connect(self._replace)
        self._copy.clicked.connect(self._copy_picture)
        self._export.clicked.connect(self._ask_where)
        self._foot.odd_chosen.connect(self._select_odd)
        self._map.pointed.connect(self._show_words)
        self._map.chosen.connect(self._select_pair)
        session.table_changed.connect(self._start_over)
        session.selection_changed.connect(self._follow)
        session.vectors_changed.connect(self._compare_again)
        session.names_changed.connect(self._show)
        session.kept.changed.connect(self._follow_kept)
        self._lane.succeeded.connect(self._take)
        self._lane.failed.connect(self._fail)
        self._show()
        self._read()

    # --- which rows -------------------------------------------------------------------------------

    def _start_over(self) -> None:
        self._found, self._usual = None, None
        self._field.clear()
        self._read()

    def _follow(self) -> None:
        """The selection is another one; not where this page made it, from a cell."""
        if not self._mine and ("@" in self._field.text() or not self._field.text().strip()):
            self._read()
        else:
            self._show_facts()

    def _follow_kept(self) -> None:
        if "@" in self._field.text():
            self._read()

    def _finish(self) -> None:
        """Enter was pressed, or the keyboard went elsewhere."""
        if self._field.text().strip():
            self._read()

    def _compare_again(self) -> None:
        """The same rows, whose numbers are others now."""
        self.when_seen(self._ask)

    def _read(self) -> None:
        self._timer.stop()
        self.when_seen(self._read_rows)

    def _read_rows(self) -> None:
        table = self._session.table
        if table is None:
            return
        text = self._field.text()
        typed = TypedTokens(self._session.selection, ())
        if text.strip():
            kept = self._session.kept.named(self._session.selection)
            typed = read_tokens(text, table, kept)
        self._rows, self._typed = typed.rows[:MOST], typed
        self._show_facts()
        self._unknown.show_words(() if self._field.choosing else typed.unknown)
        self._ask()

    def _show_facts(self) -> None:
        rows, typed = len(self._typed.rows), bool(self._field.text().strip())
        first = f"the first {MOST} of " if rows > MOST else ""
        facts = [first + counted(rows, "token" if typed else "selected row"), _MEASURE]
        if self._found is not None and (astray := self._found.without_direction):
            facts.append(f"{astray:,} without a direction")
        if typed and len(self._session.selection):
            facts.append("Esc: the selection")
        self._facts.setText(" · ".join(facts) if rows else "")

    def _replace(self, word: str, token: str) -> None:
        """A token in place of a typed word."""
        self._field.setText(self._field.text().replace(word, as_typed(token), 1))
        self._read()

    # --- asking -----------------------------------------------------------------------------------

    def _ask(self) -> None:
        table, rows = self._session.table, self._rows
        if table is None or len(rows) < 2:
            self._lane.cancel()
            self._found = None
            self._show()
            return
        order = str(self._order.currentData())
        known = self._usual[1] if self._usual and self._usual[0] is table.vectors else None

        def work(report: Report) -> Comparison:
            return compare(table, rows, order, known, report)

        self._lane.start("Comparing tokens", work)

    def _take(self, found: Comparison) -> None:
        table = self._session.table
        if table is None or found.table.vectors is not table.vectors:
            return
        if len(found.usual):
            self._usual = (table.vectors, found.usual)
        self._found = found
        self._show()

    def _fail(self, error: Exception) -> None:
        self._found = None
        self._show()
        self._hint.setText(str(error))

    # --- showing ----------------------------------------------------------------------------------

    def _show(self) -> None:
        found = self._found
        many = found is not None and len(found.rows) > 2
        self._hint.setText(_ONE if len(self._rows) == 1 else _EMPTY)
        self._body.setCurrentIndex(0 if found is None else 2 if many else 1)
        for widget in (self._copy, self._export, self._order):
            widget.setVisible(many)
        self._show_facts()
        self._foot.show_pair("")
        names = self._session.names
        odd = found.odd if found is not None else None
        self._foot.show_odd(
            names.of(odd.row, _NAME) if odd is not None else "",
            float(odd.scores.min()) if odd is not None else 0.0,
        )
        if found is None:
            return
        if many:
            rows = found.rows.tolist()
            labels = tuple(names.of(row, _NAME) for row in rows)
            place = rows.index(odd.row) if odd is not None else None
            self._map.show_matrix(Matrix(found.values, labels, place))
        else:
            first, second = (names.of(row, 40) for row in found.rows.tolist())
            cosine = float(found.values[0, 1])
            self._pair.show_pair(Pair((first, second), cosine, found.usual, SEED))

    def _show_words(self, at: tuple[int, int] | None) -> None:
        self._foot.show_pair(self._map.matrix.words(at) if at is not None else "")

    # --- calls go up ------------------------------------------------------------------------------

    def _select(self, rows: Rows) -> None:
        self._mine = True
        try:
            self._session.select(rows)
        finally:
            self._mine = False

    def _select_pair(self, at: tuple[int, int]) -> None:
        if self._found is not None:
            column, row = self._found.rows[at[1]], self._found.rows[at[0]]
            self._select(np.array([*dict.fromkeys([int(column), int(row)])], np.int64))

    def _select_odd(self) -> None:
        if self._found is not None and self._found.odd is not None:
            self._select(np.array([self._found.odd.row], np.int64))

    def _copy_picture(self) -> None:
        QGuiApplication.clipboard().setPixmap(self._map.picture())
        self.told.emit("The heat map is on the clipboard.")

    def _ask_where(self) -> None:
        path = file_dialogs.ask_csv(self, "Export the similarity matrix", "similarity")
        if path is not None:
            self.export(path)

    def export(self, path: Path) -> None:
        """Has the matrix written as CSV."""
        found = self._found
        if found is not None:
            self.write_asked.emit(path, partial(write_matrix, path, found))
