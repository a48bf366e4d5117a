"""A line for a token, or for several, that is completed with the tokens of the table."""

from __future__ import annotations

import re

from PySide6.QtCore import QModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QFocusEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QAbstractItemView, QCompleter, QLineEdit, QWidget
from typing_extensions import override

from explorer.expressions import unquoted
from explorer.gui.fields.expression_field import Expressions
from explorer.gui.fields.typed_tokens import as_typed
from explorer.gui.theme import Theme

_OFFERED = 10
_WIDTH = 240  # pixels of the list under one of several tokens
_TOKEN = Qt.ItemDataRole.UserRole
_TYPED = re.compile(r'(?:^|[,;\s])\s*(@?"?)([^,;\s"]*)$')


class TokenField(QLineEdit):
    """several: whether tokens stand one after another, apart by commas or blanks.

    taken: a token was taken from the list.
    """

    taken = Signal()

    def __init__(
        self,
        name: str,
        expressions: Expressions,
        theme: Theme,
        *,
        several: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._expressions, self._several = expressions, several
        self._completer = self._make_completer(theme)
        self.textEdited.connect(self._offer)

    def _make_completer(self, theme: Theme) -> QCompleter:
        completer = QCompleter(self)
        completer.setModel(QStandardItemModel(completer))
        completer.setWidget(self)
        completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        completer.setMaxVisibleItems(_OFFERED)
        completer.activated[QModelIndex].connect(self._insert)  # type: ignore[index]
        popup = completer.popup()
        assert popup is not None
        popup.setObjectName("expression_tokens")
        popup.setAccessibleName("Tokens")
        popup.setToolTip("Tokens that begin so; Enter takes one")
        theme.dress(popup)
        return completer

    @property
    def popup(self) -> QAbstractItemView:
        """The list of tokens that begin with what is typed."""
        popup = self._completer.popup()
        assert popup is not None  # it is made when it is first asked for
        return popup

    @property
    def choosing(self) -> bool:
        """Whether tokens are offered just now: what is typed is not a whole one yet."""
        return self.popup.isVisible()

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._expressions.prepare()

    def _typed(self) -> tuple[str, int]:
        """What there is of the token being typed, and where it starts."""
        before = self.text()[: self.cursorPosition()]
        if not self._several:
            return before.strip(), 0
        found = _TYPED.search(before)
        if found is None:
            return "", len(before)
        mark = "@" if found[1].startswith("@") else ""
        return mark + found[2], found.start(1)

    def _offer(self) -> None:
        prefix, _ = self._typed()
        offered = self._expressions.offered(prefix)[:_OFFERED] if prefix else []
        if not offered or not self.hasFocus():
            self.popup.hide()
            return
        model = self._completer.model()
        assert isinstance(model, QStandardItemModel)
        model.clear()
        for name, text in offered:
            item = QStandardItem(name)
            item.setData(text, _TOKEN)
            model.appendRow(item)
        here = self.cursorRect().left() if self._several else 0
        wide = min(_WIDTH, self.width() - here) if self._several else self.width()
        self._completer.complete(QRect(here, 0, max(wide, _WIDTH // 2), self.height()))

    def _insert(self, index: QModelIndex) -> None:
        text, token = self.text(), str(index.data(_TOKEN))
        if not self._several:
            self.setText(unquoted(token) if token.startswith('"') else token)
        else:
            _, start = self._typed()
            rest = text[self.cursorPosition() :].lstrip('"')
            written = as_typed(unquoted(token)) if token.startswith('"') else token
            self.setText(f"{text[:start]}{written}, {rest.lstrip(', ')}")
            self.setCursorPosition(start + len(written) + 2)
        self.taken.emit()
