"""Selecting from the search, and marking what is selected."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton, QTableView
from pytestqt.qtbot import QtBot

from explorer.gui.panels.tokens import TokensPanel
from explorer.gui.state.session import Session
from explorer.gui.tasks.jobs import Jobs
from explorer.gui.theme import Theme
from explorer.table import Table
from explorer.vectors import Vectors


@pytest.fixture
def tokens(
    session: Session, words: Table, qtbot: QtBot, qapp: QApplication
) -> Iterator[TokensPanel]:
    jobs = Jobs()
    made = TokensPanel(session, jobs, Theme(qapp, "light"))
    qtbot.addWidget(made)
    session.set_table(words)
    made.resize(300, 600)
    made.show()
    yield made
    jobs.close()


def test_ctrl_a_in_the_list_of_tokens_selects_what_is_listed(
    tokens: TokensPanel, session: Session, qtbot: QtBot
) -> None:
    tokens.search.setText("word7")
    view = tokens.findChild(QTableView, "tokens_list")
    view.setFocus()
    qtbot.keyClick(view, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert sorted(session.selection.tolist()) == [7, *range(70, 80)]


def test_ctrl_c_in_the_list_copies_the_tokens_that_are_selected(
    tokens: TokensPanel, session: Session, qtbot: QtBot
) -> None:
    session.select([7, 9, 8])
    view = tokens.findChild(QTableView, "tokens_list")
    view.setFocus()
    qtbot.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.clipboard().text().split("\n") == ["word7", "word9", "word8"]


def test_without_a_table_there_is_no_list_to_select(
    session: Session, qtbot: QtBot, qapp: QApplication
) -> None:
    jobs = Jobs()
    panel = TokensPanel(session, jobs, Theme(qapp, "light"))
    qtbot.addWidget(panel)
    panel.show()
    assert not panel.findChild(QPushButton, "tokens_select_all").isEnabled()
    assert not panel.findChild(QTableView, "tokens_list").horizontalHeader().isVisible()
    jobs.close()


def test_ctrl_enter_in_the_search_selects_all_found_and_the_best_is_current(
    tokens: TokensPanel, session: Session, qtbot: QtBot
) -> None:
    qtbot.keyClicks(tokens.search, "word7")
    control = Qt.KeyboardModifier.ControlModifier
    qtbot.keyClick(tokens.search, Qt.Key.Key_Return, control)
    assert sorted(session.selection.tolist()) == [7, *range(70, 80)]
    assert session.current_row == 7

    tokens.search.setText("word71")
    tokens.findChild(QPushButton, "tokens_select_all").click()
    assert session.selection.tolist() == [71]
    tokens.search.setText("nothing like it")
    assert not tokens.findChild(QPushButton, "tokens_select_all").isEnabled()


def test_a_large_scattered_selection_is_marked_where_the_list_is_looked_at(
    tokens: TokensPanel, session: Session, qtbot: QtBot
) -> None:
    rows = 9000
    names = tuple(f"t{row}" for row in range(rows))
    matrix = np.random.default_rng(0).normal(size=(rows, 2)).astype(np.float32)
    session.set_table(Table(names, Vectors(matrix)))
    session.select(np.arange(0, rows, 2))
    view = tokens.findChild(QTableView, "tokens_list")
    for scroll in (0, 4000, 8000):
        view.verticalScrollBar().setValue(scroll)
        top = view.rowAt(0)
        marked = [view.selectionModel().isRowSelected(top + place) for place in range(6)]
        assert marked == [(top + place) % 2 == 0 for place in range(6)]
    assert len(session.selection.tolist()) == rows // 2


def test_numbers_far_down_the_list_have_room(
    tokens: TokensPanel, session: Session, qtbot: QtBot
) -> None:
    view = tokens.findChild(QTableView, "tokens_list")
    count = 12_345
    session.set_table(Table(tuple(map(str, range(count))), Vectors(np.zeros((count, 1), "f4"))))
    qtbot.waitUntil(lambda: view.model().rowCount() == count)
    last = view.model().index(count - 1, 1)
    assert last.data() == "12,344"
    assert view.columnWidth(1) >= view.sizeHintForIndex(last).width()
