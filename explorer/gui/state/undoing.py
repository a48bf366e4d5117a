"""Going back to what was looked at before, and forth again."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from explorer.gui.state.history import History, Look


class Undoing(QObject):
    """The states before and after the one at hand. changed: what can be undone or redone.

    look: tells the state at hand. restore: makes another one that.
    """

    changed = Signal()

    def __init__(
        self, look: Callable[[], Look], restore: Callable[[Look], None], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._history = History()
        self._look, self._restore = look, restore

    def clear(self) -> None:
        """Forgets all; here as in `note`, who calls tells `changed` once the new state is whole."""
        self._history.clear()

    def note(self, before: Look) -> None:
        """`before` is left for another state."""
        self._history.note(before)

    @property
    def can_undo(self) -> bool:
        return self._history.before is not None

    @property
    def can_redo(self) -> bool:
        return self._history.after is not None

    @property
    def undo_word(self) -> str:
        """What undo takes back, such as "selection"; "" for nothing."""
        before = self._history.before
        return "" if before is None else before.differs_in(self._look())

    @property
    def redo_word(self) -> str:
        """What redo does again; "" for nothing."""
        after = self._history.after
        return "" if after is None else after.differs_in(self._look())

    def undo(self) -> None:
        """The selection, isolated rows and views of before; nothing where there is no before."""
        if self.can_undo:
            self._restore(self._history.undo(self._look()))
            self.changed.emit()

    def redo(self) -> None:
        """What was undone last."""
        if self.can_redo:
            self._restore(self._history.redo(self._look()))
            self.changed.emit()
