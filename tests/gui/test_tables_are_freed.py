"""What is opened next takes the place of what was open: nothing keeps the old table in memory."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from explorer import cache
from explorer.gui.center import MAP
from explorer.gui.center_pages import PAGES
from explorer.gui.main_window import MainWindow
from explorer.table import Table
from explorer.vectors import Vectors

_TYPED = {"Compare": "good, bad, word7", "Layer": "good bad"}
_PRESSED = ("layer_take_step", "hubs_colour", "analogies_query", "duplicates_run")


class Tokens(list[str]):
    """A list that may be referred to weakly."""


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    cache.clear()


def _type_into(page: QWidget, text: str) -> None:
    for line in page.findChildren(QLineEdit):
        if line.isVisible() and not line.objectName().startswith("qt_"):
            line.setFocus()
            line.setText(text)


def _work_on_pages(window: MainWindow, settle: Callable[[], None], pairs: Path) -> None:
    for entry in PAGES:
        page = window.show_page(entry.title)
        _type_into(page, _TYPED.get(entry.title, "good"))
        if entry.title == "Evaluate":
            page.add([pairs])
        settle()
        for button in page.findChildren(QAbstractButton):
            if button.objectName() in _PRESSED and button.isEnabled():
                button.click()
        settle()


def _work_in_panels(window: MainWindow, settle: Callable[[], None]) -> None:
    window.querying.ask('mean("good", "bad")')
    window.neighbors.query_line.setFocus()
    window.lookup.text.setText("good zzz bd")
    window.tokens.search.setText("god")
    settle()
    space = window.neighbors.findChild(QComboBox, "neighbors_space")
    space.setCurrentIndex(space.findData("remove"))
    settle()
    window.querying.clear()
    window.graphing.set_on(True)
    window.session.select([1, 2, 3])
    settle()


def test_a_table_that_was_worked_with_on_every_page_is_freed_when_another_is_opened(
    window: MainWindow,
    show: Callable[[Table], None],
    settle: Callable[[], None],
    words: Table,
    tmp_path: Path,
    qtbot: QtBot,
) -> None:
    pairs = tmp_path / "pairs.txt"
    pairs.write_text("good\tbad\t1\nword7\tword8\t3\nword9\tword10\t2\n")
    table = replace(words, tokens=Tokens(words.tokens))
    old = {
        name: weakref.ref(part) for name, part in {"table": table, "tokens": table.tokens}.items()
    }
    show(table)
    _work_in_panels(window, settle)
    _work_on_pages(window, settle, pairs)
    window.show_page(MAP)
    del table
    gc.collect()
    gc.freeze()  # as the window does: the table must go without a search for garbage

    others = tuple(f"other{row}" for row in range(20))
    show(Table(others, _vectors(np.eye(20).tolist())))
    settle()

    def freed() -> None:  # a lane lets go of its work a moment after it has told the result
        assert [name for name, part in old.items() if part() is not None] == []

    try:
        qtbot.waitUntil(freed)
    finally:
        gc.unfreeze()


def _vectors(rows: list[list[float]]) -> Vectors:
    return Vectors(np.array(rows, np.float32))


def test_results_of_an_evaluation_keep_no_vectors(
    window: MainWindow,
    show: Callable[[Table], None],
    settle: Callable[[], None],
    tmp_path: Path,
    qtbot: QtBot,
) -> None:
    pairs = tmp_path / "pairs.txt"
    pairs.write_text("one\ttwo\t1\ntwo\tthree\t3\nthree\tone\t2\n")
    tokens = ("one", "two", "three", "four")
    table = Table(tokens, _vectors([[1.0, 0], [0, 1], [1, 1], [2, 0]]))
    vectors = weakref.ref(table.vectors)
    show(table)
    page = window.show_page("Evaluate")
    page.add([pairs])
    settle()
    window.show_page(MAP)
    del table

    show(Table(tokens, _vectors([[1.0, 0], [0, 1], [1, 1], [3, 0]])))
    settle()

    def freed() -> bool:
        gc.collect()
        return vectors() is None

    qtbot.waitUntil(freed)
    assert page.evaluations.lists[0].result is not None
