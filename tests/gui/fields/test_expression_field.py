from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from explorer.gui.fields.expression_field import ExpressionField
from explorer.gui.fields.expressions import Expressions
from explorer.gui.fields.half_typed import Typed, typed_token
from explorer.gui.state.session import Session
from explorer.gui.tasks.jobs import Jobs
from explorer.gui.theme import Theme

# What Qt says of popups on a platform without a screen.
pytestmark = pytest.mark.qt_log_ignore("raise\\(\\)", "grabbing the keyboard", extend=True)


@pytest.fixture
def expressions(session: Session) -> Iterator[Expressions]:
    jobs = Jobs()
    yield Expressions(session, jobs)
    jobs.close()


@pytest.fixture
def field(qtbot: QtBot, qapp: QApplication, expressions: Expressions) -> ExpressionField:
    theme = Theme(qapp, "light")
    made = ExpressionField(expressions, theme)
    theme.dress(made)
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    made.activateWindow()
    made.setFocus()
    qtbot.waitUntil(lambda: bool(expressions.offered("g")))
    return made


def _popup(field: ExpressionField) -> QAbstractItemView:
    popup = field.line.findChild(QAbstractItemView, "expression_tokens")
    return popup or next(
        widget
        for widget in QApplication.topLevelWidgets()
        if widget.objectName() == "expression_tokens"
    )


@pytest.mark.parametrize(
    ("text", "cursor", "expected"),
    [
        ('"go', 3, Typed("go", 0, 3)),
        ('"good" - "b', 11, Typed("b", 9, 11)),
        ('"go"', 3, Typed("go", 0, 4)),
        ("'it\\'s", 6, Typed("it's", 0, 6)),
        ('"good" ', 7, None),
        ("mean(goo", 8, Typed("goo", 5, 8)),
        ("g", 1, None),
        ("mean(@an", 8, Typed("@an", 5, 8)),
        ("@", 1, Typed("@", 0, 1)),
        ("#12", 3, None),
        ("", 0, None),
    ],
)
def test_the_token_at_the_cursor_is_what_is_being_typed(
    text: str, cursor: int, expected: Typed | None
) -> None:
    assert typed_token(text, cursor) == expected


def test_enter_takes_the_first_token_that_is_offered(field: ExpressionField, qtbot: QtBot) -> None:
    qtbot.keyClicks(field.line, '"goo')
    qtbot.waitUntil(lambda: _popup(field).isVisible())
    qtbot.keyClick(_popup(field), Qt.Key.Key_Return)

    assert field.text() == '"good"'
    assert field.line.cursorPosition() == 6


def test_tab_takes_the_first_token_and_stays_in_the_line(
    field: ExpressionField, qtbot: QtBot
) -> None:
    qtbot.keyClicks(field.line, '"bad" - "goo')
    qtbot.waitUntil(lambda: _popup(field).isVisible())
    qtbot.keyClick(_popup(field), Qt.Key.Key_Tab)

    assert field.text() == '"bad" - "good"'
    assert not _popup(field).isVisible()
    assert field.line.hasFocus()


def test_an_untrusted_token_is_offered_by_its_name_and_inserted_escaped(
    field: ExpressionField, qtbot: QtBot
) -> None:
    qtbot.keyClicks(field.line, '"new')
    qtbot.waitUntil(lambda: _popup(field).isVisible())
    assert _popup(field).model().index(0, 0).data() == "new⏎line"
    qtbot.keyClick(_popup(field), Qt.Key.Key_Return)

    assert field.text() == '"new\\nline"'


def test_selections_are_offered_after_their_sign(
    field: ExpressionField, expressions: Expressions, session: Session, qtbot: QtBot
) -> None:
    session.kept.fill({"animals": np.array([1, 2]), "empty": np.array([], np.int64)})
    assert [name for name, _ in expressions.offered("@")] == ["@animals"]

    qtbot.keyClicks(field.line, "mean(@an")
    qtbot.waitUntil(lambda: _popup(field).isVisible())
    qtbot.keyClick(_popup(field), Qt.Key.Key_Return)
    assert field.text() == "mean(@animals"


def test_nothing_is_offered_where_no_token_begins_so(field: ExpressionField, qtbot: QtBot) -> None:
    qtbot.keyClicks(field.line, '"g')
    qtbot.waitUntil(lambda: _popup(field).isVisible())
    qtbot.keyClicks(field.line, "qqq")

    assert not _popup(field).isVisible()


def test_what_is_wrong_is_said_below_and_the_character_is_underlined(
    field: ExpressionField, qtbot: QtBot
) -> None:
    before = field.line.grab().toImage()
    field.setText('"good" - "Bad"')
    qtbot.waitUntil(field.error.isVisible)
    assert field.error.text() == "The token 'Bad' is not in the table. Did you mean 'bad'?"

    red = Theme(QApplication.instance(), "light").colour("error")  # type: ignore[arg-type]
    picture = field.line.grab().toImage()
    assert before.size() == picture.size()
    found = [
        x
        for x in range(picture.width())
        for y in range(picture.height())
        if picture.pixelColor(x, y) == red
    ]
    start = field.line.fontMetrics().horizontalAdvance('"good" - ')
    assert found
    assert abs(min(found) / picture.devicePixelRatio() - start) < 16


def test_an_empty_field_has_nothing_wrong_in_it(field: ExpressionField, qtbot: QtBot) -> None:
    field.setText("(")
    qtbot.waitUntil(field.error.isVisible)
    field.setText("")

    assert not field.error.isVisible()
    assert isinstance(field.focusProxy(), QLineEdit)
