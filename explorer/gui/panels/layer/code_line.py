"""The lines of code that do what a step shows, in the framework chosen, to copy."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QToolButton, QWidget

from explorer.embedding.code import Line
from explorer.gui.theme import Theme

PYTORCH, KERAS = "PyTorch", "Keras"
FRAMEWORKS = (PYTORCH, KERAS)
_PAD = 6  # pixels above and below the text


class CodeLine(QWidget):
    """The lines, read-only, and a button that copies them; mostly it is one line."""

    def __init__(self, theme: Theme, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines: tuple[Line, ...] = ()
        self._framework = PYTORCH
        self._text = self._field(name)
        self._copy = QToolButton(self)
        self._copy.setObjectName(f"{name}_copy")
        self._copy.setAccessibleName("Copy the code")
        self._copy.setToolTip("Copy this code")
        self._copy.clicked.connect(self.copy)
        theme.set_icon(self._copy, "mdi6.content-copy")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self._text, 1)
        layout.addWidget(self._copy, 0, Qt.AlignmentFlag.AlignTop)

    def _field(self, name: str) -> QPlainTextEdit:
        field = QPlainTextEdit(self)
        field.setObjectName(name)
        field.setReadOnly(True)
        field.setTabChangesFocus(True)
        field.setProperty("role", "code")
        field.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        field.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
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

    def _write(self) -> None:
        wish = self._framework == PYTORCH
        lines = [line.pytorch if wish else line.tensorflow for line in self._lines]
        lines = list(dict.fromkeys(line for line in lines if line))
        self._text.setPlainText("\n".join(lines))
        tall = self._text.fontMetrics().lineSpacing() * max(1, len(lines))
        self._text.setFixedHeight(tall + 2 * _PAD + 4)
        self._text.setAccessibleName(f"The same with {self._framework}")
        self._text.setToolTip(f"The same with {self._framework}")
        self.setVisible(bool(lines))
