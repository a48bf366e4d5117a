"""The current row's missing and false neighbours, on one map."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QObject

from explorer.gui.map.view import MapView
from explorer.gui.state.session import Session

_NO_ROWS = np.empty(0, np.int64)


class BeliefLink(QObject):
    """Shows on a map what `session.belief` says of it, where that is wanted."""

    def __init__(self, session: Session, view: MapView, number: int) -> None:
        super().__init__(view)
        self._session, self._view, self._number = session, view, number
        self._shown = False
        session.belief.believed_changed.connect(self._show)
        session.belief.wish_changed.connect(self._show)
        session.maps.projection_changed.connect(self._show)

    def _show(self) -> None:
        belief = self._session.belief
        believed = belief.believed(self._number)
        told = belief.drawn and believed is not None
        if told and believed is not None and believed.row == self._session.current_row:
            self._view.set_belief(believed.missing, believed.false)
        elif self._shown:
            self._view.set_belief(_NO_ROWS, _NO_ROWS)
        self._shown = told
