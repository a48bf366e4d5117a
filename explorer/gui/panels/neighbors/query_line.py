"""The line that a query is typed in: asked once the typing pauses, or at once with Enter."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from explorer.gui.clear_button import add_clear_button
from explorer.gui.expression_field import ExpressionField, Expressions
from explorer.gui.querying import Querying
from explorer.gui.theme import Theme

_PAUSE = 250  # milliseconds without a key
_TIP = (
    "A token, or an expression of quoted tokens, #rows, @selections, numbers, + - * /, mean() and "
    "unit(); empty to follow the selection (Ctrl+J)"
)


class QueryLine(ExpressionField):
    """Shows what was typed, here or elsewhere, and what is wrong with it. Escape empties it."""

    def __init__(
        self,
        querying: Querying,
        expressions: Expressions,
        theme: Theme,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(expressions, theme, parent, checks=False)
        self._querying = querying
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
