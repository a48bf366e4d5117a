"""Remembering where a map is looked at, once the user has come to rest, and looking there again."""

from __future__ import annotations

import weakref

from PySide6.QtCore import QObject, QTimer

from explorer.gui.map.view import MapView
from explorer.gui.state.history import View
from explorer.gui.state.session import Session

_AT_REST = 350  # milliseconds without a move


class Looking(QObject):
    """Tells the session where the user looks at a map of this number, and follows undo."""

    def __init__(self, view: MapView, session: Session, number: int) -> None:
        super().__init__(view)
        self._view, self._session, self._number = view, session, number
        self._moved_by_hand = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_AT_REST)
        self._timer.timeout.connect(self._note)
        view.getViewBox().sigRangeChanged.connect(self._moved)
        view.getViewBox().turned.connect(self._moved)
        session.maps.view_changed.connect(self._look_again)

    def _moved(self) -> None:
        self._timer.start()

    def _note(self) -> None:
        """What the program did by itself is no step."""
        shown = self._session.maps.projection(self._number)
        if shown is None or not shown.complete:
            return
        by_hand = self._view.by_hand
        undoable, self._moved_by_hand = by_hand or self._moved_by_hand, by_hand
        view = View(*self._view.look, weakref.ref(shown.scores))
        self._session.note_view(self._number, view, undoable=undoable)

    def _look_again(self, number: int) -> None:
        view = self._session.maps.views.get(number)
        if number == self._number and view is not None:
            self._view.look_at(view.ranges, view.turn)
            self._timer.stop()  # this was no move of the user's
