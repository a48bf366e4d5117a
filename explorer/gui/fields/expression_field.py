"""A line for an expression: tokens are completed, and what is wrong is told while it is typed."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from explorer.expressions import ExpressionError
from explorer.gui.fields.expressions import Answers, Expressions
from explorer.gui.fields.half_typed import typed_token
from explorer.gui.fields.marked_line import MarkedLine
from explorer.gui.fields.token_completer import TokenCompleter
from explorer.gui.theme import Theme
from explorer.gui.widgets.plain import plain_label


class ExpressionField(QWidget):
    """A line, and under it what is wrong with its text. It speaks as QLineEdit does."""

    textChanged = Signal(str)  # noqa: N815  (Qt's name)

    def __init__(
        self,
        expressions: Expressions,
        theme: Theme,
        parent: QWidget | None = None,
        *,
        checks: bool = True,
    ) -> None:
        """checks: whether the text is read as an expression once the typing pauses; else whoever
        reads it tells by `show_error`."""
        super().__init__(parent)
        self._expressions, self._checks = expressions, checks
        self.line = MarkedLine(theme, self)
        self.error = plain_label("expression_error", "warning", wrap=True)
        self.error.hide()
        self.setFocusProxy(self.line)
        self._completer = TokenCompleter(self.line, theme)
        self._completer.taken.connect(self._insert)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(3)
        layout.addWidget(self.line)
        layout.addWidget(self.error)
        self.line.textChanged.connect(self._changed)
        self.line.textEdited.connect(self._offer)
        self.line.entered.connect(expressions.prepare)
        expressions.checked.connect(self._answered)

    def text(self) -> str:
        return self.line.text()

    def setText(self, text: str) -> None:
        self.line.setText(text)

    def setPlaceholderText(self, text: str) -> None:
        self.line.setPlaceholderText(text)

    @property
    def choosing(self) -> bool:
        """Whether tokens are offered now."""
        return self._completer.choosing

    def _changed(self, text: str) -> None:
        self.show_error(None)
        if self._checks and text.strip():
            self._expressions.ask(text)
        self.textChanged.emit(text)

    def _answered(self, answers: Answers) -> None:
        if self._checks and self.text() in answers:
            self.show_error(answers[self.text()])

    def show_error(self, error: Exception | None) -> None:
        """What is wrong with the text, under it and at the character; None for nothing. Not while
        a token is being chosen."""
        if error is not None and self.choosing:
            return
        message = str(error) if error is not None else ""
        if isinstance(error, ExpressionError):
            message = f"{error.reason} {error.hint}".strip()
        self.line.mark(error.position if isinstance(error, ExpressionError) else -1)
        self.error.setText(message)
        self.error.setVisible(bool(message))
        self.line.setAccessibleDescription(message)

    def _offer(self) -> None:
        typed = typed_token(self.text(), self.line.cursorPosition())
        offered = self._expressions.offered(typed.prefix) if typed and typed.prefix else []
        self._completer.offer(offered)
        if offered:
            self._completer.point_at_first()

    def _insert(self, token: str) -> None:
        typed = typed_token(self.text(), self.line.cursorPosition())
        if typed is None:
            return
        text = self.text()
        self.line.setText(text[: typed.start] + token + text[typed.stop :])
        self.line.setCursorPosition(typed.start + len(token))
