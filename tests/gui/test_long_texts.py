"""A word too long for any line: it is cut or broken, and the window stays as wide as it was."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from explorer.gui.main_window import MainWindow
from explorer.gui.widgets.plain import plain_label
from explorer.table import Table

_WORDS = ("Ü" * 3000, '"' + "a" * 20_000 + '"')


@pytest.mark.parametrize("word", _WORDS, ids=["bare", "quoted"])
def test_a_long_word_makes_the_window_no_wider(
    window: MainWindow,
    show: Callable[[Table], None],
    words: Table,
    word: str,
    settle: Callable[[], None],
    qtbot: QtBot,
) -> None:
    show(words)
    for title in ("Spaces", "Compare", "Analogies", "Layer"):
        page = window.show_page(title)
        for field in page.findChildren(QLineEdit):
            if not field.objectName().startswith("qt_"):
                field.setText(word)
    window.lookup.text.setText(word)
    window.tokens.search.setText(word)
    window.querying.ask(word)
    qtbot.waitUntil(lambda: window.querying.error is not None)
    qtbot.wait(400)  # fields are read when the typing pauses
    settle()

    assert window.minimumSizeHint().width() <= 1280
    assert window.width() <= 1280


def test_a_wrapped_label_gives_way_before_its_longest_word(qtbot: QtBot) -> None:
    label = plain_label("note", wrap=True)
    qtbot.addWidget(label)
    label.setText("a" * 500)
    assert label.minimumWidth() < 100
