"""A line for tokens, completed with those of the table."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from explorer.gui.fields.expressions import Expressions
from explorer.gui.fields.token_field import TokenField
from explorer.gui.state.session import Session
from explorer.gui.tasks.jobs import Jobs
from explorer.gui.theme import Theme
from explorer.table import Table

# What Qt says of popups on a platform without a screen.
pytestmark = pytest.mark.qt_log_ignore("raise\\(\\)", "grabbing the keyboard", extend=True)

Make = Callable[[bool], TokenField]


@pytest.fixture
def make(qtbot: QtBot, qapp: object, words: Table) -> Iterator[Make]:
    """Makes a field that has the keyboard, its tokens ordered."""
    session, jobs = Session(), Jobs()
    session.set_table(words)
    parent = QWidget()
    layout = QVBoxLayout(parent)
    qtbot.addWidget(parent)

    def run(several: bool) -> TokenField:
        theme = Theme(qapp, "light")  # type: ignore[arg-type]
        expressions = Expressions(session, jobs, parent)
        field = TokenField("tokens", expressions, theme, several=several, parent=parent)
        layout.addWidget(field)
        with qtbot.waitActive(parent):
            parent.show()
            parent.activateWindow()
        with qtbot.waitSignal(jobs.completion.succeeded):
            field.setFocus()
        return field

    yield run
    jobs.close()


def offered(field: TokenField) -> list[str]:
    model = field.popup.model()
    return [str(model.index(place, 0).data()) for place in range(model.rowCount())]


def take(qtbot: QtBot, field: TokenField) -> None:
    """The first of the list."""
    with qtbot.waitSignal(field.taken):
        qtbot.keyClick(field.popup, Qt.Key.Key_Down)
        qtbot.keyClick(field.popup, Qt.Key.Key_Return)


def test_tokens_that_begin_so_are_offered(make: Make, qtbot: QtBot) -> None:
    field = make(False)
    qtbot.keyClicks(field, "go")
    assert offered(field) == ["good"]
    take(qtbot, field)
    assert field.text() == "good"


def test_what_is_typed_stays_where_nothing_is_taken(make: Make, qtbot: QtBot) -> None:
    field = make(False)
    qtbot.keyClicks(field, "word1")
    with qtbot.waitSignal(field.returnPressed):
        qtbot.keyClick(field, Qt.Key.Key_Return)
    assert field.text() == "word1"


def test_of_several_tokens_the_one_at_the_cursor_is_completed(make: Make, qtbot: QtBot) -> None:
    field = make(True)
    field.setText("bad, , word7")
    field.setCursorPosition(5)
    qtbot.keyClicks(field, "go")
    assert offered(field) == ["good"]
    take(qtbot, field)
    assert field.text() == "bad, good, word7"


def test_a_token_that_needs_quotes_gets_them(make: Make, qtbot: QtBot) -> None:
    field = make(True)
    qtbot.keyClicks(field, "good new")
    take(qtbot, field)
    assert field.text() == 'good "new\\nline", '


def test_nothing_is_offered_for_nothing(make: Make, qtbot: QtBot) -> None:
    field = make(True)
    qtbot.keyClicks(field, "g")
    qtbot.keyClick(field, Qt.Key.Key_Backspace)
    assert not field.popup.isVisible()


def tab(qtbot: QtBot, field: TokenField) -> None:
    with qtbot.waitSignal(field.taken):
        qtbot.keyClick(field.popup, Qt.Key.Key_Down)
        qtbot.keyClick(field.popup, Qt.Key.Key_Tab)


def test_tab_takes_a_token_and_goes_on(make: Make, qtbot: QtBot) -> None:
    field = make(False)
    after = QLineEdit(field.parentWidget())
    after.show()
    qtbot.keyClicks(field, "go")
    tab(qtbot, field)
    assert field.text() == "good"
    assert after.hasFocus()


def test_tab_stays_where_more_tokens_may_come(make: Make, qtbot: QtBot) -> None:
    field = make(True)
    after = QLineEdit(field.parentWidget())
    after.show()
    qtbot.keyClicks(field, "go")
    tab(qtbot, field)
    assert field.text() == "good, "
    assert field.hasFocus()
