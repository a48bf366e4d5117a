"""Near spellings of the pieces that have no row: offered, never taken unasked."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from explorer import pipeline
from explorer.gui.state.session import Session
from explorer.gui.tasks.jobs import Jobs
from explorer.gui.widgets.plain import plain_label, plain_tooltip, token_text
from explorer.lookups import MISSING, UNKNOWN, Lookup, Piece
from explorer.progress import Progress, Report

_PAUSE = 250  # milliseconds without a key before spellings are compared
_MOST = 3  # pieces that are offered something
_TRIED = 20  # pieces compared for it
_LETTERS = 14  # of a token on a button


class Offer(NamedTuple):
    """A piece, and the tokens spelt most nearly so."""

    piece: Piece
    tokens: tuple[str, ...]


class Spelling(QObject):
    """found: the Offers for the text asked about last, when the typing pauses."""

    found = Signal(object)

    def __init__(self, session: Session, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._lane = session, jobs.spelling
        self._asked: tuple[Piece, ...] = ()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PAUSE)
        self._timer.timeout.connect(self._compare)
        self._lane.succeeded.connect(self.found)

    def ask(self, found: Lookup) -> None:
        """About the pieces of a text that have no row of their own, from the first on."""
        lost = [piece for piece in found.pieces if piece.how in (MISSING, UNKNOWN)]
        self._asked = tuple({piece.piece: piece for piece in reversed(lost)}.values())[::-1][
            :_TRIED
        ]
        self._lane.cancel()
        self._timer.stop()
        if self._asked:
            self._timer.start()

    def _compare(self) -> None:
        table, pieces = self._session.table, self._asked
        if table is None:
            return

        def work(report: Report) -> tuple[Offer, ...]:
            offers = []
            for place, piece in enumerate(pieces):
                report(Progress(place, len(pieces), "Comparing spellings"))
                rows = pipeline.offers(table, piece)
                if rows:
                    offers.append(Offer(piece, tuple(table.tokens[row] for row in rows)))
                if len(offers) == _MOST:
                    break
            return tuple(offers)

        self._lane.start("Comparing spellings", work)


class OfferList(QWidget):
    """A line a piece. taken: the piece, and the token to stand in its place.

    before: what the keyboard comes from on its way to the offers.
    """

    taken = Signal(object, str)

    def __init__(self, before: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._before = before
        self.setObjectName("lookup_offers")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        lead = plain_label("lookup_offers_lead", "muted")
        lead.setText("Not in the table, but spelt nearly so:")
        self._lines = QVBoxLayout()
        self._lines.setSpacing(0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(lead)
        layout.addLayout(self._lines)
        self.hide()

    def show_offers(self, offers: tuple[Offer, ...]) -> None:
        """A line for each."""
        while (entry := self._lines.takeAt(0)) is not None:
            if (old := entry.widget()) is not None:
                old.hide()
                old.deleteLater()
        lines = [self._line(place, offer) for place, offer in enumerate(offers)]
        for line in lines:
            self._lines.addWidget(line)
        self._put_in_order(lines)
        self.setVisible(bool(offers))

    def _put_in_order(self, lines: list[QWidget]) -> None:
        """Buttons that are made late would come last of all in the window."""
        before = self._before
        for line in lines:
            for button in line.findChildren(QPushButton):
                QWidget.setTabOrder(before, button)
                before = button

    def _line(self, place: int, offer: Offer) -> QWidget:
        line = QWidget(self)
        layout = QHBoxLayout(line)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        lead = plain_label(f"lookup_offer{place + 1}")
        lead.setText(f"{token_text(offer.piece.piece, _LETTERS)}  →")
        layout.addWidget(lead)
        for number, token in enumerate(offer.tokens[:2]):
            layout.addWidget(self._button(f"{place + 1}_{number + 1}", offer.piece, token))
        layout.addStretch(1)
        return line

    def _button(self, name: str, piece: Piece, token: str) -> QPushButton:
        button = QPushButton(token_text(token, _LETTERS).replace("&", "&&"), self)
        button.setObjectName(f"lookup_offer_{name}")
        button.setProperty("role", "link")
        button.setAccessibleName(f"Look up {token_text(token)} instead")
        tip = f"Put {token_text(token)} in the place of {token_text(piece.piece)}"
        button.setToolTip(plain_tooltip(tip))
        button.setCursor(Qt.CursorShape.PointingHandCursor)
        button.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        button.clicked.connect(lambda: self.taken.emit(piece, token))
        return button
