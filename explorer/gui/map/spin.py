"""Turning a 3-D map by itself, for depth to be seen without a hand on the mouse."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal

_FRAME = 33  # milliseconds: 30 a second
_PER_SECOND = 26.0  # pixels of a drag: a turn takes half a minute


class Spin(QObject):
    """Calls `turn(pixels)` 30 times a second while it is on. changed: whether it is on now."""

    changed = Signal(bool)

    def __init__(self, turn: Callable[[float], None], parent: QObject) -> None:
        super().__init__(parent)
        self._turn = turn
        self._clock = QElapsedTimer()
        self._timer = QTimer(self)
        self._timer.setInterval(_FRAME)
        self._timer.timeout.connect(self._step)

    @property
    def on(self) -> bool:
        return self._timer.isActive()

    def set_on(self, wish: bool) -> None:
        if wish == self.on:
            return
        if wish:
            self._clock.start()
            self._timer.start()
        else:
            self._timer.stop()
        self.changed.emit(wish)

    def _step(self) -> None:
        """As far as the time says, so that a slow machine turns as fast, in fewer steps."""
        passed = min(self._clock.restart(), 4 * _FRAME)
        self._turn(_PER_SECOND * passed / 1000)
