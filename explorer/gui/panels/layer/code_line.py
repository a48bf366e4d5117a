"""The lines of code that do what a step shows, in the framework chosen, to copy."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontDatabase, QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QToolButton, QWidget
from typing_extensions import override

from explorer.embedding.code import Line
from explorer.gui.theme import Theme
from explorer.gui.widgets.named import named

PYTORCH, TENSORFLOW = "PyTorch", "TensorFlow"
FRAMEWORKS = (PYTORCH, TENSORFLOW)
_MOST = 16  # lines before they scroll
_PAD = 6  # pixels above and below the text


class CodeLine(QWidget):
    """The lines, read-only, and a button that copies them; mostly it is one line.

    copied: it is on the clipboard.
    """

    copied = Signal()

    def __init__(
        self, theme: Theme, name: str, parent: QWidget | None = None, *, what: str = "code"
    ) -> None:
        """what: is shown, such as "code"."""
        super().__init__(parent)
        self._lines: tuple[Line, ...] = ()
        self._framework, self._what = PYTORCH, what
        self._text = self._field(name)
        self._copy = named(
            QToolButton(self), f"{name}_copy", f"Copy the {what}", f"Copy this {what}"
        )
        self._copy.clicked.connect(self.copy)
        theme.set_icon(self._copy, "mdi6.content-copy")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self._text, 1)
        layout.addWidget(self._copy, 0, Qt.AlignmentFlag.AlignTop)

    def _field(self, name: str) -> _Lines:
        field = _Lines(self)
        field.setObjectName(name)
        field.setReadOnly(True)
        field.setTabChangesFocus(True)
        field.setProperty("role", "code")
        field.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
        field.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        field.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        font.setPixelSize(12)
        field.setFont(font)
        field.document().setDocumentMargin(2)
        return field

    @property
    def text(self) -> str:
        """What is shown."""
        return self._text.toPlainText()

    def show_lines(self, lines: Sequence[Line]) -> None:
        """The same in both frameworks; nothing is shown where there is none."""
        self._lines = tuple(lines)
        self._write()

    def choose(self, framework: str) -> None:
        """One of FRAMEWORKS."""
        self._framework = framework
        self._write()

    def copy(self) -> None:
        """Puts the code on the clipboard."""
        QGuiApplication.clipboard().setText(self.text)
        self.copied.emit()

    def _write(self) -> None:
        wish = self._framework == PYTORCH
        lines = [line.pytorch if wish else line.tensorflow for line in self._lines]
        lines = list(dict.fromkeys(line for line in lines if line))
        self._text.setPlainText("\n".join(lines))
        same = f"The same with {self._framework}"
        told = same if self._what == "code" else self._what.capitalize()
        self._text.setAccessibleName(told)
        self._text.setToolTip(told)
        self.setVisible(bool(lines))
        self._text.fit()


class _Lines(QPlainTextEdit):
    """As tall as its lines, those that are wrapped too; of more than _MOST it scrolls."""

    def fit(self) -> None:
        """Asks for the room of its lines; Qt counts them in document().size()."""
        lines = min(max(1, round(self.document().size().height())), _MOST)
        tall = lines * self.fontMetrics().lineSpacing() + 2 * _PAD + 4
        if tall != self.height() or tall != self.minimumHeight():
            self.setFixedHeight(tall)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()
