from __future__ import annotations

import threading
from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QComboBox, QPushButton, QSpinBox, QWidget
from pytestqt.qtbot import QtBot

from explorer import pipeline
from explorer.gui.main_window import MainWindow
from explorer.gui.panels.spaces.shifts import (
    DOWN,
    NEW,
    SAME,
    UP,
    as_text,
    columns_of,
    slopes_of,
    summary,
)
from explorer.nearest import Neighbors
from explorer.pipeline import SpaceComparison
from explorer.table import Table
from explorer.vectors import Vectors


def _found(*rows: int) -> Neighbors:
    return Neighbors(0, "cosine", np.array(rows), np.linspace(1, 0.5, len(rows)))


@pytest.fixture
def compared() -> SpaceComparison:
    """Row 5 stays, 6 falls by one, 7 rises by one; 8 falls to rank 40 and 9 comes from 20."""
    ranks = np.array([[1, 1], [2, 3], [3, 2], [4, 40], [20, 4]])
    found = _found(5, 6, 7, 8), _found(5, 7, 6, 9)
    return SpaceComparison(("raw", "remove 2"), found, ranks, np.array([5, 6, 7, 8, 9]))


def test_shifts_are_told_beside_the_space_to_the_left(compared: SpaceComparison) -> None:
    left, right = columns_of(compared)
    assert [entry.mark for entry in left] == [""] * 4
    assert [entry.shift for entry in right] == [SAME, UP, DOWN, NEW]
    assert [entry.mark for entry in right] == ["=", "▲1", "▼1", "▲16"]
    assert [entry.leaves for entry in left] == ["", "", "", "▼36"]


def test_lines_join_the_rows_that_are_in_both(compared: SpaceComparison) -> None:
    slopes = [(slope.start, slope.stop, slope.shift) for slope in slopes_of(columns_of(compared))]
    assert slopes == [(0, 0, SAME), (2, 1, UP), (1, 2, DOWN)]


def test_the_summary_counts_what_stays(compared: SpaceComparison) -> None:
    assert summary(compared) == "Of the 4 nearest as stored, 3 stay with the top 2 removed."


def test_the_text_has_every_row_with_its_ranks_best_first(compared: SpaceComparison) -> None:
    lines = as_text(compared, {row: f"word{row}" for row in range(10)}).split("\n")
    assert lines[0] == "token\trow\traw\tremove 2"
    assert lines[1] == "word5\t5\t1\t1"
    assert lines[-1] == "word9\t9\t20\t4"


@pytest.fixture
def leaning() -> Table:
    """Rows that lean one way, so that spaces differ."""
    random = np.random.default_rng(3)
    vectors = random.normal(size=(90, 8)) * [4, 2, 1, 1, 1, 1, 1, 1] + 2
    tokens = tuple(f"<b>{row}</b>" for row in range(90))
    return Table(tokens, Vectors(vectors.astype(np.float32)))


@pytest.fixture
def page(
    window: MainWindow, show: Callable[[Table], None], leaning: Table, qtbot: QtBot
) -> QWidget:
    show(leaning)
    return window.show_page("Spaces")


@pytest.fixture
def shown(page: QWidget, window: MainWindow, qtbot: QtBot):
    """Waits for the columns, and gives the rows in each."""

    def wait() -> list[list[int]]:
        qtbot.waitUntil(lambda: bool(page._chart._columns))
        qtbot.waitUntil(lambda: not window.jobs.spaces.busy)
        return [[entry.row for entry in column] for column in page._chart._columns]

    return wait


def test_without_a_query_the_page_says_what_to_do(page: QWidget) -> None:
    assert page.findChild(QWidget, "spaces_hint").isVisible()
    assert not page.findChild(QWidget, "spaces_chart").isVisible()


def test_the_neighbours_stand_side_by_side(page, window, leaning, shown) -> None:
    window.session.select([7])
    expected = pipeline.compare_spaces(leaning, 7, 12)
    assert shown() == [found.rows.tolist() for found in expected.found]
    assert page.findChild(QWidget, "spaces_title").text() == "Nearest to <b>7</b>"
    told = page.findChild(QWidget, "spaces_summary").text()
    assert told.startswith(summary(expected))
    assert "Mean cosine of two random rows: 0." in told


def test_an_expression_is_compared_too(page, window, leaning, shown) -> None:
    window.querying.ask("#3 - #4 + #9")
    expected = pipeline.compare_spaces(leaning, "#3 - #4 + #9", 12)
    assert shown() == [found.rows.tolist() for found in expected.found]


def test_a_space_chosen_twice_changes_places(page, window, leaning, shown) -> None:
    window.session.select([7])
    shown()
    box = page.findChild(QComboBox, "spaces_space_2")
    box.setCurrentIndex(box.findData("raw"))
    expected = pipeline.compare_spaces(leaning, 7, 12, spaces=("remove 3", "centre", "raw"))
    assert shown() == [found.rows.tolist() for found in expected.found]
    assert page.findChild(QSpinBox, "spaces_count_0").isVisible()


def test_the_keys_walk_from_token_to_token_and_enter_selects(page, window, shown, qtbot) -> None:
    window.session.select([7])
    columns = shown()
    chart = page.findChild(QWidget, "spaces_chart")
    qtbot.keyClick(chart, Qt.Key.Key_Down)
    row = columns[0][chart.at[1]]
    qtbot.keyClick(chart, Qt.Key.Key_Right)
    if row in columns[1]:
        assert columns[1][chart.at[1]] == row
    there = columns[chart.at[0]][chart.at[1]]
    assert f"<b>{there}</b> · rank: as stored " in chart.accessibleDescription()
    qtbot.keyClick(chart, Qt.Key.Key_Return)
    assert window.session.selection.tolist() == [there]


def test_a_click_selects(page, window, shown, qtbot) -> None:
    window.querying.ask("#3 - #4")
    columns = shown()
    chart = page.findChild(QWidget, "spaces_chart")
    place = chart.cell((1, 2)).center().toPoint()
    qtbot.mouseClick(chart, Qt.MouseButton.LeftButton, pos=place)
    assert window.session.selection.tolist() == [columns[1][2]]


def test_nothing_is_compared_while_the_page_is_hidden(page, window, shown, qtbot) -> None:
    window.show_page("Map")
    window.session.select([7])
    assert not window.jobs.spaces.busy
    window.show_page("Spaces")
    assert shown()


def test_what_cannot_be_compared_is_said(page, window, qtbot) -> None:
    window.querying.ask("#3 - #3")
    said = page.findChild(QWidget, "spaces_summary")
    qtbot.waitUntil(lambda: "no direction" in said.text())
    window.querying.ask("#3 - ")
    qtbot.waitUntil(lambda: "expected" in said.text())


def test_the_ranks_are_copied_as_text(page, window, leaning, shown) -> None:
    window.session.select([7])
    shown()
    page.findChild(QPushButton, "spaces_copy").click()
    lines = QGuiApplication.clipboard().text().split("\n")
    assert lines[0].split("\t") == ["token", "row", "raw", "centre", "remove 3"]
    assert len(lines) == 1 + len(pipeline.compare_spaces(leaning, 7, 12).rows)


def test_columns_stand_under_their_headers_and_keys_scroll(page, window, shown, qtbot) -> None:
    window.session.select([7])
    shown()
    page.findChild(QSpinBox, "spaces_k").setValue(60)
    chart = page.findChild(QWidget, "spaces_chart")
    qtbot.waitUntil(lambda: len(chart._columns[0]) == 60)
    bar = page._scroll.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    QGuiApplication.processEvents()
    for number in range(3):
        left = page.findChild(QWidget, f"spaces_header_{number}").mapTo(page, QPoint(0, 0)).x()
        cell = chart.mapTo(page, chart.cell((number, 0)).topLeft().toPoint()).x()
        assert abs(left - cell) <= 2
    chart.setFocus()
    for _ in range(59):
        qtbot.keyClick(chart, Qt.Key.Key_Down)
    assert bar.value() > bar.maximum() // 2


def test_words_under_the_spaces_stand_at_one_height(page, window, shown) -> None:
    window.session.select([7])
    shown()
    words = [page.findChild(QWidget, f"spaces_words_{number}") for number in range(3)]
    assert page.findChild(QWidget, "spaces_count_2").isVisible()
    assert len({label.mapTo(page, QPoint(0, 0)).y() for label in words}) == 1


def test_the_first_space_is_shown_while_the_others_are_fitted(
    page, window, shown, qtbot, monkeypatch
) -> None:
    going_on, compare = threading.Event(), pipeline.compare_spaces

    def slow(*args, spaces, **settings):
        if len(spaces) > 1:
            going_on.wait(60)
        return compare(*args, spaces=spaces, **settings)

    monkeypatch.setattr(pipeline, "compare_spaces", slow)
    chart, copy = (
        page.findChild(QWidget, "spaces_chart"),
        page.findChild(QPushButton, "spaces_copy"),
    )
    window.session.select([7])
    qtbot.waitUntil(lambda: any(chart._columns))
    assert [len(column) for column in chart._columns] == [12, 0, 0]
    thirds = chart.width() / 3
    assert chart.cell((0, 0)).width() < thirds
    assert not copy.isEnabled()
    chart.setFocus()
    qtbot.keyClick(chart, Qt.Key.Key_Right)  # to a column without any

    going_on.set()
    qtbot.waitUntil(copy.isEnabled)
    assert [len(column) for column in chart._columns] == [12, 12, 12]


def _table(vectors: np.ndarray) -> Table:
    return Table(tuple("abcdef"[: len(vectors)]), Vectors(vectors.astype(np.float32)))


def test_a_space_that_cannot_be_fitted_says_why_and_leaves_the_others(
    page, window, show, shown, qtbot
) -> None:
    table = _table(np.array([[1.0], [2], [-1], [3], [-2], [4]]))
    show(table)
    window.session.select([0])
    expected = pipeline.compare_spaces(table, 0, 12, spaces=("raw", "centre"))
    assert shown() == [*(found.rows.tolist() for found in expected.found), []]
    assert "would leave nothing" in page.findChild(QWidget, "spaces_words_2").text()
    assert page.findChild(QWidget, "spaces_words_1").text() == "the mean row taken off"
    show(_table(np.random.default_rng(1).normal(size=(6, 5))))
    window.session.select([0])
    qtbot.waitUntil(lambda: bool(page._chart._columns and page._chart._columns[2]))
    assert "widest directions" in page.findChild(QWidget, "spaces_words_2").text()


def test_a_query_without_a_direction_in_the_first_space_is_compared_in_the_others(
    page, window, show, shown, qtbot
) -> None:
    table = _table(np.vstack([np.zeros(5), np.random.default_rng(1).normal(size=(5, 5))]))
    show(table)
    window.session.select([0])
    spaces = ("centre", "remove 3")
    expected = pipeline.compare_spaces(table, 0, 12, spaces=spaces)
    assert shown() == [[], *(found.rows.tolist() for found in expected.found)]
    assert "no direction" in page.findChild(QWidget, "spaces_words_0").text()
    said = page.findChild(QWidget, "spaces_summary").text()
    assert said.startswith(summary(expected))

    box = page.findChild(QComboBox, "spaces_space_1")
    box.setCurrentIndex(box.findData("raw"))  # the two change places
    assert [bool(column) for column in shown()] == [True, False, True]
    chart = page.findChild(QWidget, "spaces_chart")
    qtbot.keyClick(chart, Qt.Key.Key_Down)  # to the first one
    qtbot.keyClick(chart, Qt.Key.Key_Right)
    assert chart.at is not None
    assert chart.at[0] == 2


def test_keys_pass_over_spaces_without_neighbours(page, window, show, shown, qtbot) -> None:
    show(_table(np.array([[1.0, 2, 3]])))
    window.session.select([0])
    assert shown() == [[], [], []]
    chart = page.findChild(QWidget, "spaces_chart")
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Return):
        qtbot.keyClick(chart, key)
    assert chart.at is None


def test_cosines_of_another_table_do_not_stay_where_nothing_can_be_compared(
    page, window, show, shown, qtbot
) -> None:
    window.session.select([7])
    shown()
    even = page._headers[0]._even
    qtbot.waitUntil(lambda: even._cosine is not None)
    window.session.set_table(_table(np.full((6, 3), np.nan)))
    window.session.select([0])
    said = page.findChild(QWidget, "spaces_summary")
    qtbot.waitUntil(lambda: "NaN" in said.text())
    assert even._cosine is None
