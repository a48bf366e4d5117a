"""Typed words that are no tokens, and the tokens spelt most nearly so."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QPushButton, QSizePolicy, QWidget

from explorer import pipeline
from explorer.gui.state.session import Session
from explorer.gui.tasks.jobs import Jobs
from explorer.gui.widgets.named import named
from explorer.gui.widgets.plain import plain_label
from explorer.progress import Report
from explorer.table import Table

_NAMED, _OFFERED = 3, 3
_OFFERED_BELOW = 2  # where the panel is narrow
_NAME = 16  # characters of a word
_ROUNDING = 4  # pixels, or the last word would go on to a second line
_ALL = 1000  # share of the line that the words may take, up to their own width


@dataclass(frozen=True, eq=False)
class Offers:
    """words: asked about. found: pairs of a word and a token spelt nearly so, the best first."""

    table: Table
    words: tuple[str, ...]
    found: tuple[tuple[str, str], ...]


class UnknownTokens(QWidget):
    """A line under a field; hidden while every word is known.

    name: of the object, and the beginning of the names of its parts. below: whether the offers
    stand on a line of their own, in a narrow panel that they are not to widen.
    chosen: (word, token) of an offer that was clicked.
    """

    chosen = Signal(str, str)

    def __init__(
        self,
        name: str,
        session: Session,
        jobs: Jobs,
        parent: QWidget | None = None,
        *,
        below: bool = False,
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._session, self._lane = session, jobs.spelling_of_unknown
        self._words: tuple[str, ...] = ()
        self._found: tuple[tuple[str, str], ...] = ()
        self._label = plain_label(f"{name}_words", "warning", wrap=True)
        self._offers = [
            self._offer(f"{name}_offer_{place + 1}", place)
            for place in range(_OFFERED_BELOW if below else _OFFERED)
        ]
        self._below = below
        self._arrange()
        self._lane.succeeded.connect(self._take)
        self.hide()

    def _arrange(self) -> None:
        ways, below = QBoxLayout.Direction, self._below
        layout = QBoxLayout(ways.TopToBottom if below else ways.LeftToRight, self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4 if below else 8)
        layout.addWidget(self._label, 0 if below else _ALL)
        offers = QHBoxLayout()
        offers.setSpacing(8)
        for offer in self._offers:
            offers.addWidget(offer)
        if below:
            offers.addStretch(1)
            self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        layout.addLayout(offers)
        if not below:
            layout.addStretch(1)  # the offers stand beside the words, not at the other end

    def _offer(self, name: str, place: int) -> QPushButton:
        tip = "Take this token in place of the typed word"
        button = named(QPushButton(self), name, "Token spelt nearly so", tip)
        button.setProperty("role", "chip")
        button.clicked.connect(lambda: self.chosen.emit(*self._found[place]))
        button.hide()
        return button

    @property
    def text(self) -> str:
        """What is said; "" for nothing."""
        return self._label.text() if self._words else ""

    def show_words(self, words: tuple[str, ...]) -> None:
        """Names the words, and looks for what is spelt nearly so; nothing for no words."""
        if words == self._words:
            return
        self._words = words
        named = ", ".join(self._name(word) for word in words[:_NAMED])
        more = f" and {len(words) - _NAMED:,} more" if len(words) > _NAMED else ""
        self._label.setText(f"Not in the table: {named}{more}.")
        if not self._below:
            self._label.ensurePolished()
            wide = self._label.fontMetrics().horizontalAdvance(self._label.text())
            self._label.setMaximumWidth(wide + _ROUNDING)
        self._show_offers(())
        self.setVisible(bool(words))
        self._look_for()

    def _look_for(self) -> None:
        table, words = self._session.table, self._words
        if table is None or not words:
            return
        each = len(self._offers) if len(words) == 1 else 1

        def work(report: Report) -> Offers:
            found = [
                (word, table.tokens[row])
                for word in words[:_OFFERED]
                for row in pipeline.nearest_spelling(table, word, each, report=report)
            ]
            return Offers(table, words, tuple(found))

        self._lane.start("Looking for tokens spelt so", work)

    def _take(self, offers: Offers) -> None:
        if offers.words == self._words and offers.table is self._session.table:
            self._show_offers(offers.found)

    def _show_offers(self, found: tuple[tuple[str, str], ...]) -> None:
        self._found = found
        for place, button in enumerate(self._offers):
            there = place < len(found)
            button.setVisible(there)
            if there:
                word, token = (self._name(text) for text in found[place])
                button.setText(f"{token}?")
                button.setAccessibleName(f"{token} in place of {word}")
                button.setToolTip(f"Take {token} in place of {word}")

    def _name(self, word: str) -> str:
        return self._session.names.text(word, _NAME)
