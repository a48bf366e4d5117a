"""The Layer page alone, on a session with a table."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from explorer.gui.panels.layer.page import LayerPage
from explorer.gui.panels.layer.picture import Picture
from explorer.gui.state.session import Session
from explorer.gui.tasks.jobs import Jobs
from explorer.gui.theme import Theme
from explorer.table import Table


class Bench:
    """The page alone, on a session with a table, without a window round it."""

    def __init__(self, qtbot: QtBot, app: QApplication, table: Table) -> None:
        self.qtbot = qtbot
        self.session, self.jobs = Session(), Jobs()
        self.theme = Theme(app, "light")
        self.session.set_table(table)
        self.page = LayerPage(self.session, self.jobs, self.theme)
        qtbot.addWidget(self.page)
        self.page.resize(640, 640)

    def settle(self) -> None:
        """Waits for what was asked last."""
        looking, lane = self.page.looking, self.jobs.layer
        self.qtbot.waitUntil(lambda: not looking.waiting and not lane.busy)

    def look(self, text: str, *, words: bool = False) -> None:
        self.page.input.offer(words, text)
        self.settle()

    def text(self, name: str) -> str:
        label = self.page.findChild(QLabel, name)
        assert label is not None
        return label.text()

    def picture(self, name: str) -> Picture:
        picture = self.page.findChild(Picture, name)
        assert picture is not None
        return picture

    def said(self, name: str) -> list[str]:
        return [spot.words for spot in self.picture(name).spots()]

    def code(self, step: str) -> str:
        field = self.page.findChild(QPlainTextEdit, f"layer_{step}_code")
        assert field is not None
        return field.toPlainText()

    def change(self, name: str, value: float) -> None:
        box = self.page.findChild(QWidget, name)
        assert box is not None
        box.setValue(value)  # type: ignore[attr-defined]
        self.settle()


@pytest.fixture
def bench(qtbot: QtBot, qapp: QApplication, words: Table) -> Iterator[Bench]:
    made = Bench(qtbot, qapp, words)
    made.page.show()
    made.settle()
    yield made
    made.jobs.close()
