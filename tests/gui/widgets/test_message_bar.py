from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QToolButton
from pytestqt.qtbot import QtBot

from explorer.gui.theme import Theme
from explorer.gui.widgets.message_bar import MessageBar, NoteList
from explorer.table import Note

NOTES = [Note("A line was blank."), Note("The header lies.", "warning"), Note("<b>two</b> rows")]


@pytest.fixture
def bar(qtbot: QtBot, qapp: QApplication) -> MessageBar:
    made = MessageBar(Theme(qapp, "light"))
    made.resize(500, 60)
    qtbot.addWidget(made)
    return made


def _details(bar: MessageBar) -> NoteList:
    found = bar.findChild(NoteList)
    assert found is not None
    return found


def _lines(bar: MessageBar) -> list[str]:
    labels = [label for label in _details(bar).findChildren(QLabel) if label.text()]
    assert {label.textFormat() for label in labels} == {Qt.TextFormat.PlainText}
    return [label.text() for label in labels]


def test_notes_fold_out_with_the_warnings_first_and_none_said_twice(
    bar: MessageBar, qtbot: QtBot
) -> None:
    bar.show_notes("Opened a.", NOTES)
    more = bar.findChild(QToolButton, "message_more")
    assert more is not None
    assert bar.text == "Opened a. 3 things to know: The header lies."
    assert not _details(bar).isVisible()

    qtbot.mouseClick(more, Qt.MouseButton.LeftButton)
    assert bar.text == "Opened a. 3 things to know:"
    assert _details(bar).isVisible()
    assert _lines(bar) == ["The header lies.", "A line was blank.", "<b>two</b> rows"]

    qtbot.mouseClick(more, Qt.MouseButton.LeftButton)
    assert "The header lies." in bar.text
    assert not _details(bar).isVisible()


def test_one_note_needs_no_list_and_no_note_no_bar(bar: MessageBar) -> None:
    bar.show_notes("Opened a.", NOTES[:1])
    more = bar.findChild(QToolButton, "message_more")
    assert more is not None
    assert bar.text == "Opened a. A line was blank."
    assert not more.isVisible()
    bar.show_notes("Opened a.", [])
    assert not bar.isVisible()


def test_a_long_report_scrolls_instead_of_pushing_the_map_away(
    bar: MessageBar, qtbot: QtBot
) -> None:
    bar.show_notes("Opened a.", NOTES)
    bar._more.setChecked(True)
    qtbot.waitUntil(lambda: 20 < _details(bar).height() < 100)
    bar.show_notes("Opened b.", [Note(f"Line {n}: " + "word " * 40) for n in range(40)])
    bar._more.setChecked(True)
    qtbot.waitUntil(lambda: 150 < _details(bar).height() < 250)
    assert _details(bar).verticalScrollBar().maximum() > 500


def test_what_nobody_foresaw_is_told_in_words_first(bar: MessageBar) -> None:
    bar.show_error(KeyError("x"))
    assert "nothing was lost" in bar.text
    assert _lines(bar) == ["KeyError('x')"]
