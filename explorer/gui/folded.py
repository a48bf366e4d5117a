"""Texts as they are searched, made little by little."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from PySide6.QtCore import QObject, QTimer

_SLICE = 4000  # texts at once: a few milliseconds


class Folded(QObject):
    """Case-folded texts: some at a time while the window has nothing else to do, the rest when
    they are asked for. 100,000 at once would hold the window up for a tenth of a second.

    fold: what is to be compared of a text.
    """

    def __init__(
        self, parent: QObject | None = None, fold: Callable[[str], str] = str.casefold
    ) -> None:
        super().__init__(parent)
        self._fold = fold
        self._left: Iterator[str] = iter(())
        self._folded: list[str] = []
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._go_on)

    def take(self, texts: Iterable[str]) -> None:
        """Other texts, in place of those before."""
        self._left, self._folded = iter(texts), []
        self._timer.start(0)

    @property
    def all(self) -> list[str]:
        """Every text, folded, in the order of the texts."""
        self._folded.extend(map(self._fold, self._left))
        return self._folded

    @property
    def ready(self) -> bool:
        """Whether all of them are folded."""
        return not self._timer.isActive()

    def _go_on(self) -> None:
        before = len(self._folded)
        self._folded.extend(map(self._fold, islice(self._left, _SLICE)))
        if len(self._folded) == before:
            self._timer.stop()
