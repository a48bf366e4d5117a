"""A line for a token, or for several, that is completed with the tokens of the table."""

from __future__ import annotations

import re

from PySide6.QtCore import QRect, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QAbstractItemView, QLineEdit, QWidget
from typing_extensions import override

from explorer.expressions import unquoted
from explorer.gui.fields.expressions import Expressions
from explorer.gui.fields.token_completer import TokenCompleter
from explorer.gui.fields.typed_tokens import as_typed
from explorer.gui.theme import Theme

_OFFERED = 10
_WIDTH = 240  # pixels of the list under one of several tokens
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
        self._completer = TokenCompleter(self, theme, _OFFERED, alone=not several)
        self._completer.taken.connect(self._insert)
        self.textEdited.connect(self._offer)

    @property
    def popup(self) -> QAbstractItemView:
        """The list of tokens that begin with what is typed."""
        return self._completer.view

    @property
    def choosing(self) -> bool:
        """Whether tokens are offered just now: what is typed is not a whole one yet."""
        return self._completer.choosing

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
        here = self.cursorRect().left() if self._several else 0
        wide = min(_WIDTH, self.width() - here) if self._several else self.width()
        under = QRect(here, 0, max(wide, _WIDTH // 2), self.height())
        self._completer.offer(offered if self.hasFocus() else [], under)

    def _insert(self, token: str) -> None:
        text = self.text()
        if not self._several:
            self.setText(unquoted(token) if token.startswith('"') else token)
        else:
            _, start = self._typed()
            rest = text[self.cursorPosition() :].lstrip('"')
            written = as_typed(unquoted(token)) if token.startswith('"') else token
            self.setText(f"{text[:start]}{written}, {rest.lstrip(', ')}")
            self.setCursorPosition(start + len(written) + 2)
        self.taken.emit()
