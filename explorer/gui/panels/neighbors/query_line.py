"""The line that a query is typed in: asked once the typing pauses, or at once with Enter."""

from __future__ import annotations

import re

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from explorer.errors import UnknownTokenError
from explorer.expressions import ExpressionError, quoted
from explorer.gui.fields.clear_button import add_clear_button
from explorer.gui.fields.expression_field import ExpressionField
from explorer.gui.fields.expressions import Expressions
from explorer.gui.fields.unknown_tokens import UnknownTokens
from explorer.gui.state.session import Session
from explorer.gui.tasks.jobs import Jobs
from explorer.gui.tasks.querying import Querying
from explorer.gui.theme import Theme

_PAUSE = 250  # milliseconds without a key
_TIP = (
    "A token, or an expression of quoted tokens, #rows, @selections, numbers, + - * /, mean() and "
    "unit(); empty to follow the selection (Ctrl+J)"
)
_TOKEN = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|\w+", re.DOTALL)


class QueryLine(ExpressionField):
    """Shows what was typed, here or elsewhere, and what is wrong with it: of a token that is not in
    the table, those spelt nearly so. Escape empties it."""

    def __init__(
        self,
        querying: Querying,
        session: Session,
        jobs: Jobs,
        theme: Theme,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(Expressions(session, jobs, parent), theme, parent, checks=False)
        self._querying = querying
        self._unknown = UnknownTokens("neighbors_unknown", session, jobs, self, below=True)
        layout = self.layout()
        assert layout is not None  # an ExpressionField has one
        layout.addWidget(self._unknown)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE)
        self.line.setObjectName("neighbors_query")
        self.line.setAccessibleName("Query")
        self.line.setToolTip(_TIP)
        self.line.setPlaceholderText('token, or "king" - "man" + "woman"')
        self.line.installEventFilter(self)
        self._clear = add_clear_button(self.line, theme)
        self.textChanged.connect(self._typed)
        self.line.returnPressed.connect(self._ask)
        self._pause.timeout.connect(self._ask)
        self._unknown.chosen.connect(self._replace)
        querying.changed.connect(self._follow)
        self._follow()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Escape goes back to the selection."""
        escape = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape
        if escape and event.type() == QEvent.Type.KeyPress and self.text():
            self.setText("")
            return True
        return super().eventFilter(watched, event)

    @override
    def show_error(self, error: Exception | None) -> None:
        """A token of which no other spelling is known is named with what is spelt nearly so."""
        super().show_error(error)
        lost = error.__cause__ if isinstance(error, ExpressionError) else error
        if isinstance(lost, UnknownTokenError) and lost.offers and not self.choosing:
            self._unknown.show_words((lost.token,))
            self.error.hide()
        else:
            self._unknown.show_words(())

    def _replace(self, word: str, token: str) -> None:
        """Asks of a token in the place of the unknown one, in an expression or alone."""
        error, text = self._querying.error, self.text()
        found = isinstance(error, ExpressionError) and _TOKEN.match(text, error.position)
        if found:
            token = text[: found.start()] + quoted(token) + text[found.end() :]
        self.setText(token)
        self.line.setFocus()
        self._ask()

    def _typed(self, text: str) -> None:
        if text.strip():
            self._pause.start()
        else:
            self._ask()

    def _ask(self) -> None:
        if self.choosing:  # what stands there now is half a token
            self._pause.start()
            return
        self._pause.stop()
        if self.text().strip() != self._querying.text or self._querying.error:
            self._querying.ask(self.text())

    def _follow(self) -> None:
        """Shows what is asked now, unless something else is being typed."""
        querying = self._querying
        if not self._pause.isActive() and self.text().strip() != querying.text:
            self.line.blockSignals(True)
            self.setText(querying.text)
            self.line.blockSignals(False)
            self._clear.setVisible(bool(querying.text))
        self.show_error(querying.error if querying.text else None)
