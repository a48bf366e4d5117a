"""One step of the page: its number, what happens, the picture of it, the line of code."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolButton, QVBoxLayout, QWidget
from typing_extensions import override

from explorer.embedding.code import Line
from explorer.gui.panels.layer.code_line import CodeLine
from explorer.gui.panels.layer.painting import MIDDLE, sized
from explorer.gui.panels.layer.picture import Picture
from explorer.gui.panels.layer.stops import stops_in
from explorer.gui.theme import Theme
from explorer.gui.widgets.named import named
from explorer.gui.widgets.plain import plain_label

_SIDE = 24  # pixels of the number's disc


class NumberDisc(QWidget):
    """A number on a disc."""

    def __init__(self, theme: Theme, number: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._number = theme, number
        self.setFixedSize(_SIDE, _SIDE)
        theme.changed.connect(self.update)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(self._theme.colour("accent_soft"))
        painter.setBrush(self._theme.colour("accent_soft"))
        area = QRectF(1, 1, _SIDE - 2, _SIDE - 2)
        painter.drawEllipse(area)
        painter.setFont(sized(self.font(), 12, bold=True))
        painter.setPen(self._theme.colour("accent"))
        painter.drawText(area, MIDDLE, str(self._number))


class StepBox(QWidget):
    """A number, a title, a sentence; then whatever is put into `content`; then a line of code."""

    def __init__(
        self, theme: Theme, number: int, name: str, title: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName(f"layer_step_{name}")
        self.setAccessibleName(f"Step {number}: {title}")
        self._theme, self._name = theme, name
        self._copies: dict[Picture, QToolButton] = {}
        self._title = plain_label(f"layer_{name}_title", "heading")
        self._title.setText(title)
        self._facts = plain_label(f"layer_{name}_facts", "badge")
        self._facts.hide()
        self._words = plain_label(f"layer_{name}_words", "muted", wrap=True)
        self._head = self._header(number)
        self.content = QVBoxLayout()
        self.content.setSpacing(10)
        self.code = CodeLine(theme, f"layer_{name}_code", self)
        self.code.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(self._head)
        layout.addWidget(self._words)
        layout.addLayout(self.content)
        layout.addWidget(self.code)

    def _header(self, number: int) -> QHBoxLayout:
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(NumberDisc(self._theme, number, self))
        head.addWidget(self._title)
        head.addWidget(self._facts)
        head.addStretch(1)
        return head

    def rename(self, title: str) -> None:
        """Another title."""
        self._title.setText(title)

    def stops(self) -> list[QWidget]:
        """What takes the keyboard, from top to bottom: the code, made first, stands last."""
        code = stops_in(self.code)
        return [widget for widget in stops_in(self) if widget not in code] + code

    def say(self, words: str) -> None:
        """What happens in this step, in a sentence or two."""
        self._words.setText(words)

    def show_code(self, lines: Sequence[Line]) -> None:
        """What does the same."""
        self.code.show_lines(lines)

    def note(self, facts: str) -> None:
        """What stands beside the title, such as a shape."""
        self._facts.setText(facts)
        self._facts.setVisible(bool(facts))

    def add_picture(self, picture: Picture) -> None:
        """The step's picture, and a button in its header that copies it."""
        self.content.addWidget(picture)
        tip = "Copy this picture"
        button = QToolButton(self)
        named(button, f"layer_{self._name}_copy_picture", f"Copy the picture: {picture.title}", tip)
        button.setIconSize(QSize(16, 16))
        button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        button.clicked.connect(picture.copy)
        self._theme.set_icon(button, "mdi6.image-multiple-outline")
        self._head.addWidget(button)
        self._copies[picture] = button

    def show_picture(self, picture: Picture, shown: bool) -> None:
        """Shows or hides a picture, with the button that copies it."""
        for widget in (picture, self._copies[picture]):
            widget.setVisible(shown)
