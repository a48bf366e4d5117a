"""A line for an expression: tokens are completed, and what is wrong is told while it is typed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from PySide6.QtCore import QModelIndex, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QAbstractItemView, QCompleter, QLineEdit, QVBoxLayout, QWidget

from explorer.errors import ExplorerError
from explorer.expressions import (
    Context,
    ExpressionError,
    evaluate,
    quoted,
    selection_text,
    unquoted,
)
from explorer.gui.fields.completions import Completions
from explorer.gui.fields.marked_line import MarkedLine
from explorer.gui.state.session import Session
from explorer.gui.tasks.jobs import Jobs
from explorer.gui.theme import Theme
from explorer.gui.widgets.plain import plain_label
from explorer.progress import Progress, Report
from explorer.table import Table
from explorer.tokens import shown

_PAUSE = 250  # milliseconds without a key before an expression is read
_OFFERED = 12
_TEXT = Qt.ItemDataRole.UserRole

Answers = Mapping[str, ExplorerError | None]


class Typed(NamedTuple):
    """The token, or selection, being typed: what there is of it, with the @ of a selection, and the
    characters it takes, [start, stop)."""

    prefix: str
    start: int
    stop: int


def typed_token(text: str, cursor: int) -> Typed | None:
    """What ends at the cursor: a token after an open quote, a bare word of two letters, or the
    name of a selection."""
    start, quote = _open_quote(text[:cursor])
    if quote:
        stop = cursor + text[cursor:].startswith(quote)
        return Typed(unquoted(text[start:cursor] + quote), start, stop)
    start = cursor
    while start and (text[start - 1].isalnum() or text[start - 1] == "_"):
        start -= 1
    word = text[start:cursor]
    if start and text[start - 1] == "@":
        return Typed(f"@{word}", start - 1, cursor)
    return Typed(word, start, cursor) if len(word) > 1 and not word[0].isdigit() else None


def _open_quote(text: str) -> tuple[int, str]:
    """Place and sign of the quote that is open at the end of the text; (0, "") for none."""
    start, quote, escaped = 0, "", False
    for place, char in enumerate(text):
        if escaped:
            escaped = False
        elif quote and char == "\\":
            escaped = True
        elif quote:
            quote = "" if char == quote else quote
        elif char in "\"'":
            start, quote = place, char
    return start, quote


class Expressions(QObject):
    """Answers the fields, off the window's thread: which tokens begin so, and what is wrong.

    checked: text -> the error in it, or None, for texts that were asked about.
    """

    checked = Signal(object)

    def __init__(self, session: Session, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._jobs = session, jobs
        self._asked: set[str] = set()
        self._of: Table | None = None
        self._completions: Completions | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PAUSE)
        self._timer.timeout.connect(self._read)
        session.table_changed.connect(self._forget)
        jobs.completion.succeeded.connect(self._take)
        jobs.checking.succeeded.connect(self._tell)

    def prepare(self) -> None:
        """Orders the tokens, in the background; called when a field is entered."""
        table = self._session.table
        if table is None or table is self._of:
            return
        self._of, self._completions = table, None

        def work(report: Report) -> Completions:
            return Completions(table, report)

        self._jobs.completion.start("Ordering the tokens", work)

    def offered(self, prefix: str) -> list[tuple[str, str]]:
        """(name, how an expression names it) of some tokens that begin so, none while they are
        being ordered; of selections after an @."""
        if prefix.startswith("@"):
            return self._selections(prefix[1:])
        table = self._session.table
        if table is None or self._completions is None or table is not self._of:
            return []
        rows = self._completions.rows(prefix, _OFFERED)
        return [(self._session.names.of(row), quoted(table.tokens[row])) for row in rows]

    def _selections(self, prefix: str) -> list[tuple[str, str]]:
        """Those with rows in them."""
        kept = self._session.kept.named(self._session.selection)
        return [
            (shown(selection_text(name), 60), selection_text(name))
            for name, rows in kept.items()
            if len(rows) and name.startswith(prefix)
        ][:_OFFERED]

    def ask(self, text: str) -> None:
        """Has the text read once the typing pauses; `checked` tells."""
        self._asked.add(text)
        self._timer.start()

    def _forget(self) -> None:
        """Another table: the old one is kept by nobody."""
        self._of, self._completions = None, None

    def _take(self, completions: Completions) -> None:
        if self._of is not None:  # another field may have asked, before or after this one
            self._completions = completions

    def _read(self) -> None:
        table, texts = self._session.table, tuple(self._asked)
        if table is None:
            return
        context = Context.of(table, self._session.kept.named(self._session.selection))

        def work(report: Report) -> Answers:
            return {text: _error_in(text, context, report) for text in texts}

        self._jobs.checking.start("Reading expressions", work)

    def _tell(self, answers: Answers) -> None:
        self._asked -= answers.keys()
        self.checked.emit(answers)


def _error_in(text: str, context: Context, report: Report) -> ExplorerError | None:
    report(Progress(0, 1))
    if not text.strip():
        return None
    try:
        evaluate(text, context)
    except ExplorerError as error:
        return error
    return None


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
        self._completer = _completer(self.line, theme)
        self._completer.activated[QModelIndex].connect(self._insert)  # type: ignore[index]
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
        return self._popup.isVisible()

    @property
    def _popup(self) -> QAbstractItemView:
        popup = self._completer.popup()
        assert popup is not None  # it is made when it is first asked for
        return popup

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
        if not offered:
            self._popup.hide()
            return
        model = self._completer.model()
        assert isinstance(model, QStandardItemModel)
        model.clear()
        for name, text in offered:
            item = QStandardItem(name)
            item.setData(text, _TEXT)
            model.appendRow(item)
        self._completer.complete()
        self._popup.setCurrentIndex(self._completer.completionModel().index(0, 0))

    def _insert(self, index: QModelIndex) -> None:
        typed = typed_token(self.text(), self.line.cursorPosition())
        if typed is None:
            return
        token = str(index.data(_TEXT))
        text = self.text()
        self.line.setText(text[: typed.start] + token + text[typed.stop :])
        self.line.setCursorPosition(typed.start + len(token))


def _completer(line: QLineEdit, theme: Theme) -> QCompleter:
    completer = QCompleter(line)
    completer.setModel(QStandardItemModel(completer))
    completer.setWidget(line)
    completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
    completer.setMaxVisibleItems(_OFFERED)
    popup = completer.popup()
    assert popup is not None
    popup.setObjectName("expression_tokens")
    popup.setAccessibleName("Tokens")
    popup.setToolTip("Tokens that begin so; Enter takes one")
    theme.dress(popup)
    return completer
