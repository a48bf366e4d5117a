"""The line to type in, its pieces, what is offered for those without a row, and their mean."""

from __future__ import annotations

from collections import Counter

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QListView,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from explorer import pipeline
from explorer.errors import ExplorerError
from explorer.gui.fields.buttons import push_button
from explorer.gui.fields.clear_button import add_clear_button
from explorer.gui.panels.lookup.cards import CardDelegate
from explorer.gui.panels.lookup.model import PieceModel
from explorer.gui.panels.lookup.offers import OfferList, Spelling
from explorer.gui.state.session import Session
from explorer.gui.tasks.jobs import Jobs
from explorer.gui.theme import Theme
from explorer.gui.widgets.named import named
from explorer.gui.widgets.plain import counted, plain_label
from explorer.lookups import Lookup, Piece

_NAMED, _NAME = 2, 16  # rows that are told by name, and characters of one


class LookupPanel(QWidget):
    """A line to type in and a list of its pieces; selecting pieces selects their rows.

    query_asked: an expression to find the neighbours of.
    """

    query_asked = Signal(str)

    def __init__(
        self, session: Session, jobs: Jobs, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("lookup_panel")
        self._session = session
        self._found = Lookup("", ())
        self._spelling = Spelling(session, jobs, self)
        self.text = self._text_field(theme)
        self._model = PieceModel(self)
        self._view = self._list(theme)
        self._offers = OfferList(self._view, self)
        self._note = plain_label("lookup_note", "muted", wrap=True)
        self._together = QWidget(self)
        self._mean_of = plain_label("lookup_mean_of", "muted", wrap=True)
        self._mean = self._mean_button()
        self._arrange()
        self._offers.taken.connect(self._take)
        self._spelling.found.connect(self._offers.show_offers)
        session.table_changed.connect(self._look_up)
        session.vectors_changed.connect(lambda: self._view.viewport().update())
        theme.changed.connect(lambda: self._view.viewport().update())
        self._look_up()

    def _arrange(self) -> None:
        foot = QHBoxLayout(self._together)
        foot.setContentsMargins(0, 0, 0, 0)
        foot.addWidget(self._mean_of, 1)
        foot.addWidget(self._mean)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 8, 12, 10)
        layout.setSpacing(8)
        layout.addWidget(self.text)
        layout.addWidget(self._view, 1)
        layout.addWidget(self._offers)
        layout.addWidget(self._note)
        layout.addWidget(self._together)

    def _text_field(self, theme: Theme) -> QLineEdit:
        tip = "Type a text to see the pieces and rows it looks up (Ctrl+L)"
        field = named(QLineEdit(self), "lookup_text", "Text to look up", tip)
        field.setPlaceholderText("Type a text, such as: not a bad film")
        add_clear_button(field, theme)
        field.textChanged.connect(self._look_up)
        field.returnPressed.connect(self._select_all)
        return field

    def _list(self, theme: Theme) -> QListView:
        tip = "The pieces of the text; select one to see its row everywhere"
        view = named(QListView(self), "lookup_pieces", "Pieces", tip)
        view.setModel(self._model)
        view.setItemDelegate(CardDelegate(theme, view))
        view.setSelectionMode(QListView.SelectionMode.ExtendedSelection)
        view.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        # A long text has thousands of pieces: those in sight first.
        view.setLayoutMode(QListView.LayoutMode.Batched)
        view.selectionModel().selectionChanged.connect(self._select)
        return view

    def _mean_button(self) -> QPushButton:
        button = push_button(
            "lookup_mean",
            "Its neighbours",
            "Find what lies near the mean of the rows that the text looks up",
            self,
            title="Ask for the neighbours of the mean",
        )
        button.clicked.connect(self._ask_mean)
        return button

    def _look_up(self) -> None:
        table, text = self._session.table, self.text.text()
        self._found = Lookup("", ())
        self._offers.show_offers(())
        if table is not None and text:
            try:
                self._found = pipeline.lookup(table, text)
            except ExplorerError as error:
                self._say(str(error))
                return
        self._say(_summary(self._found))
        self._spelling.ask(self._found)

    def _say(self, note: str) -> None:
        self._model.show_lookup(self._session.table, self._found.pieces)
        self._note.setText(note)
        rows = len(self._found.rows)
        self._mean_of.setText(f"As one query: the mean of the {rows:,} rows{self._repeats()}")
        self._together.setVisible(rows > 1)

    def _repeats(self) -> str:
        """Rows that the mean counts more than once, which a selection of them does not."""
        times = [(row, count) for row, count in Counter(self._found.rows).items() if count > 1]
        named = [
            f"{self._session.names.of(row, _NAME)} {'twice' if count == 2 else f'{count:,} times'}"
            for row, count in times[:_NAMED]
        ]
        more = [f"{len(times) - _NAMED:,} more"] if len(times) > _NAMED else []
        return f" ({', '.join(named + more)})" if times else ""

    def _take(self, piece: Piece, token: str) -> None:
        """Puts a token in the place of a piece."""
        text = self._found.text
        self.text.setText(text[: piece.start] + token + text[piece.stop :])
        self.text.setCursorPosition(piece.start + len(token))
        self.text.setFocus()

    def _ask_mean(self) -> None:
        table = self._session.table
        expression = pipeline.mean_text(table, self._found) if table is not None else ""
        if expression:
            self.query_asked.emit(expression)

    def _select(self) -> None:
        chosen = self._view.selectionModel().selectedIndexes()
        pieces = [self._model.piece_at(index.row()) for index in chosen]
        rows = [piece.row for piece in pieces if piece.row is not None]
        if rows:
            self._session.select(list(dict.fromkeys(rows)))

    def _select_all(self) -> None:
        self._view.selectAll()


def _summary(found: Lookup) -> str:
    if not found.text:
        return "Each piece shows its row, what was done with it, and its vector."
    missing = sum(piece.row is None for piece in found.pieces)
    rows = len(found.rows)
    line = f"{counted(len(found.pieces), 'piece')}, {counted(rows, 'row')} looked up"
    return f"{line}; {missing} without a row" if missing else line
