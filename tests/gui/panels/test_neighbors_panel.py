from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QComboBox, QPushButton, QSpinBox, QWidget
from pytestqt.qtbot import QtBot

from explorer import pipeline
from explorer.gui.main_window import MainWindow
from explorer.table import Table

# What Qt says of popups on a platform without a screen.
pytestmark = pytest.mark.qt_log_ignore("raise\\(\\)", "grabbing the keyboard", extend=True)


@pytest.fixture
def panel(window: MainWindow, show: Callable[[Table], None], words: Table) -> QWidget:
    show(words)
    return window.neighbors


@pytest.fixture
def listed(window: MainWindow, qtbot: QtBot):
    """Waits for neighbours, and gives their rows."""

    def wait() -> list[int]:
        qtbot.waitUntil(lambda: window.session.neighbors is not None)
        model = window.neighbors.findChild(QAbstractItemView, "neighbors_list").model()
        return [model.row_at(place) for place in range(model.rowCount())]

    return wait


def _choose(panel: QWidget, name: str, value: str) -> None:
    box = panel.findChild(QComboBox, f"neighbors_{name}")
    box.setCurrentIndex(box.findData(value))


def _text(panel: QWidget, name: str) -> str:
    return panel.findChild(QWidget, f"neighbors_{name}").text()


def test_an_expression_is_asked_of_once_the_typing_pauses(panel, words, listed, qtbot):
    qtbot.keyClicks(panel.query_line, '"good" - "bad" + "word9"')
    expected = pipeline.neighbors(words, '"good" - "bad" + "word9"', 12)
    assert listed() == expected.rows.tolist()
    assert _text(panel, "title") == 'Nearest to "good" - "bad" + "word9"'


def test_enter_asks_at_once_and_escape_goes_back_to_the_selection(panel, window, listed, qtbot):
    window.session.select([9])
    panel.query_line.setText('"good"')
    qtbot.keyClick(panel.query_line, Qt.Key.Key_Return)
    assert window.querying.text == '"good"'
    listed()
    qtbot.keyClick(panel.query_line, Qt.Key.Key_Escape)
    assert window.querying.text == ""
    assert _text(panel, "title") == "Nearest to word9"


def test_what_is_wrong_is_said_under_the_line_and_nothing_is_listed(panel, window, listed, qtbot):
    panel.query_line.setText('"good" - "nowhere"')
    qtbot.keyClick(panel.query_line, Qt.Key.Key_Return)
    error = panel.findChild(QWidget, "expression_error")
    qtbot.waitUntil(lambda: "nowhere" in error.text())
    assert not panel.findChild(QWidget, "neighbors_list").isVisible()
    assert _text(panel, "note") == ""

    panel.query_line.clear()
    assert error.text() == ""


def test_a_query_asked_elsewhere_stands_in_the_line(panel, window, listed):
    window.querying.ask('mean("good", "bad")')
    listed()
    assert panel.query_line.text() == 'mean("good", "bad")'


def test_neighbours_of_several_rows_are_those_of_their_mean_or_of_the_last(
    panel, window, words, listed
):
    window.session.select([7, 9])
    mean = words.vectors.to_numpy()[[7, 9]].mean(axis=0)
    near = [row for row in pipeline.neighbors(words, mean, 14).rows.tolist() if row not in (7, 9)]
    assert listed() == near[:12]
    assert _text(panel, "title") == "Nearest to the mean of 2 rows"

    panel.findChild(QPushButton, "neighbors_follow").click()
    assert listed() == pipeline.neighbors(words, 9, 12).rows.tolist()
    assert _text(panel, "title") == "Nearest to word9"


def test_clicking_a_neighbour_of_what_was_typed_keeps_it(panel, window, listed, qtbot):
    window.querying.ask('"good" - "bad"')
    first = listed()[0]
    view = panel.findChild(QAbstractItemView, "neighbors_list")
    place = view.visualRect(view.model().index(0, 1)).center()
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert window.session.selection.tolist() == [first]
    assert listed()[0] == first


@pytest.mark.parametrize(
    ("space", "title"),
    [
        ("centre", "cosine, centred"),
        ("remove", "cosine, top 3 out"),
        ("whiten", "cosine, whitened"),
    ],
)
def test_another_space_is_asked_in_and_said(panel, window, words, listed, space, title):
    window.session.select([7])
    listed()
    _choose(panel, "space", space)
    name = "remove 3" if space == "remove" else space
    assert listed() == pipeline.neighbors(words, 7, 12, space=name).rows.tolist()
    model = panel.findChild(QAbstractItemView, "neighbors_list").model()
    assert model.headerData(2, Qt.Orientation.Horizontal) == title
    assert panel.findChild(QSpinBox, "neighbors_removed").isVisible() == (space == "remove")


@pytest.mark.parametrize("way", ["reverse", "mutual"])
def test_who_has_it_among_theirs_is_listed(panel, window, words, listed, way):
    window.session.select([7])
    listed()
    _choose(panel, "way", way)
    function = {"reverse": pipeline.reverse_neighbors, "mutual": pipeline.mutual_neighbors}[way]
    assert listed() == function(words, 7, 12).rows.tolist()


def test_a_token_taken_from_the_list_has_reverse_neighbours_too(panel, window, words, listed):
    _choose(panel, "way", "reverse")
    window.querying.ask('"word7"')
    assert listed() == pipeline.reverse_neighbors(words, words.find("word7"), 12).rows.tolist()


def test_reverse_neighbours_of_what_is_no_row_are_refused_in_words(panel, window, listed, qtbot):
    window.querying.ask('"good" - "bad"')
    listed()
    _choose(panel, "way", "reverse")
    assert _text(panel, "note").startswith("Reverse neighbours are of a single row")
    assert not _text(panel, "title").startswith("Have")
    assert not panel.findChild(QWidget, "neighbors_list").isVisible()
    assert window.session.neighbors is None


def test_the_query_becomes_an_axis_of_a_map(panel, window, listed):
    window.querying.ask('"good" - "bad"')
    listed()
    menu = panel.findChild(QPushButton, "neighbors_axis").menu()
    menu.actions()[1].trigger()
    choices = window.projection.choices
    assert choices.method.name == "axes"
    assert choices.params["y"] == '"good" - "bad"'


def test_neighbours_of_a_typed_query_are_ringed_and_lines_start_at_its_ghost(
    panel, window, listed, qtbot
):
    window.session.select([9])
    window.querying.ask('"good" - "bad"')
    near = listed()
    stage = window.map.view.stage
    qtbot.waitUntil(lambda: stage.ghost.place is not None)
    window.map.grab()
    assert np.isin(near, stage.chosen.rows).all()
    marked = stage.marks._marked
    assert marked.source == stage.ghost.place
    assert marked.origin == stage.dots.position(9)


def test_the_title_says_which_way_neighbours_are_asked(panel, window, listed):
    window.session.select([9])
    listed()
    _choose(panel, "way", "reverse")
    assert _text(panel, "title") == "Have among their 12 nearest: word9"
    _choose(panel, "way", "mutual")
    assert _text(panel, "title") == "Mutual with word9"


def test_tab_walks_down_the_panel(panel, window, listed, qtbot):
    window.session.select([7, 9])
    listed()
    panel.query_line.setFocus()
    names = []
    for _ in range(8):
        names.append(window.focusWidget().objectName())
        qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Tab)
    parts = ("query", "way", "metric", "space", "k", "follow", "list", "axis")
    assert names == [f"neighbors_{part}" for part in parts]


def test_the_list_is_never_empty_between_two_answers(panel, window, listed, qtbot):
    window.session.select([7])
    listed()
    model = panel.findChild(QAbstractItemView, "neighbors_list").model()
    panel._patience.setInterval(60_000)  # an answer that comes late is another matter
    counts = []
    model.modelReset.connect(lambda: counts.append(model.rowCount()))
    window.session.select([9])
    listed()
    assert counts == [12]


@pytest.mark.parametrize(
    ("typed", "mended"),
    [("goood", "good"), ('unit("goood") - "bad"', 'unit("good") - "bad"')],
)
def test_a_token_spelt_nearly_as_an_unknown_one_is_offered_and_taken(
    panel, window, listed, qtbot, typed, mended
):
    panel.query_line.setText(typed)
    qtbot.keyClick(panel.query_line, Qt.Key.Key_Return)
    offer = panel.findChild(QPushButton, "neighbors_unknown_offer_1")
    qtbot.waitUntil(offer.isVisible)
    assert _text(panel, "unknown_words") == "Not in the table: goood."
    assert _text(panel, "title") == ""
    assert not panel.findChild(QWidget, "neighbors_follow").isVisible()
    assert not panel.findChild(QWidget, "expression_error").isVisible()

    panel.query_line.setFocus()
    qtbot.keyClick(panel.query_line, Qt.Key.Key_Tab)
    assert offer.hasFocus()

    offer.click()
    assert panel.query_line.text() == mended
    listed()
    assert not panel.findChild(QWidget, "neighbors_unknown").isVisible()
