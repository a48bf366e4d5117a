"""The list of tokens that drops down under a line while one is typed."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QModelIndex, QObject, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QAbstractItemView, QCompleter, QLineEdit
from typing_extensions import override

from explorer.gui.theme import Theme

_TEXT = Qt.ItemDataRole.UserRole
_LINE = QRect()  # under the whole line, as wide as it is


class TokenCompleter(QCompleter):
    """Offers tokens by their names. taken: what is to be written for the one that was chosen."""

    taken = Signal(str)

    def __init__(
        self, line: QLineEdit, theme: Theme, most: int = 12, *, alone: bool = False
    ) -> None:
        """most: how many are seen at once. alone: whether the line is for one token and no more."""
        super().__init__(line)
        self._alone = alone
        self._offered = QStandardItemModel(self)
        self.setModel(self._offered)
        self.setWidget(line)
        self.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self.setMaxVisibleItems(most)
        self.activated[QModelIndex].connect(self._take)  # type: ignore[index]
        self.view.setObjectName("expression_tokens")
        self.view.setAccessibleName("Tokens")
        self.view.setToolTip("Tokens that begin so; Enter or Tab takes one")
        theme.dress(self.view)

    @property
    def view(self) -> QAbstractItemView:
        """What drops down."""
        popup = self.popup()
        assert popup is not None  # it is made when it is first asked for
        return popup

    @property
    def choosing(self) -> bool:
        """Whether tokens are offered just now: what is typed is not a whole one yet."""
        return self.view.isVisible()

    def offer(self, tokens: Sequence[tuple[str, str]], under: QRect = _LINE) -> None:
        """Drops down (name, what is to be written) of each token; hides where there is none.

        under: the part of the line, in its pixels, below which the list stands.
        """
        if not tokens:
            self.view.hide()
            return
        self._offered.clear()
        for name, text in tokens:
            entry = QStandardItem(name)
            entry.setData(text, _TEXT)
            self._offered.appendRow(entry)
        self.complete(under)

    def point_at_first(self) -> None:
        """Enter takes the first token, and no arrow key is needed before."""
        self.view.setCurrentIndex(self.completionModel().index(0, 0))

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Tab takes the token pointed at, as in a shell, before it leaves a line that is full."""
        tab = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Tab
        if tab and event.type() == QEvent.Type.KeyPress and watched is self.view:
            pointed_at = self.view.currentIndex()
            if pointed_at.isValid():
                self.view.hide()
                self._take(pointed_at)
                if not self._alone or not self.widget().hasFocus():
                    return True
        return super().eventFilter(watched, event)

    def _take(self, index: QModelIndex) -> None:
        self.taken.emit(str(index.data(_TEXT)))
