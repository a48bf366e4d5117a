"""What is done only while somebody can see what comes of it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override


class WhenSeen(QWidget):
    """A widget that puts off what it has to do until it is in sight."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._due: dict[Callable[[], None], None] = {}  # in the order in which they were asked for

    @property
    def in_sight(self) -> bool:
        """Whether it is shown; a panel behind another dock's tab is visible, but disabled."""
        return self.isVisible() and self.isEnabled()

    def when_seen(self, work: Callable[[], None]) -> None:
        """Does it at once where this is in sight; else once, as soon as it is, however often it was
        asked for."""
        if self.in_sight:
            work()
        else:
            self._due[work] = None

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._catch_up()

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.EnabledChange:
            self._catch_up()

    def _catch_up(self) -> None:
        if self.in_sight:
            due, self._due = self._due, {}
            for work in due:
                work()
