"""Remembering where a map is looked at, once the user has come to rest."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from explorer.gui.map.view import MapView

_AT_REST = 350  # milliseconds without a move


class Looking(QObject):
    """settled: the user has moved or turned the map, or fitted it, and is done."""

    settled = Signal()

    def __init__(self, view: MapView) -> None:
        super().__init__(view)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_AT_REST)
        self._timer.timeout.connect(self.settled)
        self._view = view
        view.getViewBox().sigRangeChanged.connect(self._moved)
        view.getViewBox().turned.connect(self._moved)

    def rest(self) -> None:
        """What was moved up to now is no move of the user's."""
        self._timer.stop()

    def _moved(self) -> None:
        self._timer.start()
