"""The page of hubs: it counts, pictures, lists and selects what Python counts."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from explorer import cache, pipeline
from explorer.gui.main_window import MainWindow
from explorer.gui.panels.hubs import counting
from explorer.gui.panels.hubs.duplicates import GroupModel
from explorer.gui.panels.hubs.histogram import bars
from explorer.gui.panels.hubs.hub_list import HubModel
from explorer.gui.panels.hubs.page import HubsPage
from explorer.gui.state.names import Names
from explorer.neighborhoods import Hubs
from explorer.table import Table
from explorer.vectors import Vectors


@pytest.fixture(autouse=True)
def nothing_kept():
    cache.clear()


@pytest.fixture
def opened(window: MainWindow, show: Callable[[Table], None], qtbot: QtBot):
    """Shows a table and the page; waits until it has counted, where it does."""

    def put(table: Table) -> HubsPage:
        show(table)
        page = window.show_page("Hubs")
        assert isinstance(page, HubsPage)
        qtbot.waitUntil(lambda: not window.jobs.hubs.busy)
        return page

    return put


@pytest.fixture
def page(opened, words: Table) -> HubsPage:
    return opened(words)


def listed(page: HubsPage) -> list[str]:
    model = page.counts._list.model()
    return [model.index(place, 0).data() for place in range(model.rowCount())]


def test_a_small_table_is_counted_without_being_asked_to(page: HubsPage, words: Table) -> None:
    found = pipeline.hubs(words, 15)
    assert page.counts.found.counts.tolist() == found.counts.tolist()
    assert page.counts._verdict.text() == found.verdict()
    facts = page.counts._facts.text()
    assert f"Skewness {found.skewness:.2f}".replace("-", "−") in facts
    assert "79 rows, 15 neighbours each" in facts
    assert "1 row without neighbours" in facts


def test_the_list_is_of_the_greatest_hubs_first(page: HubsPage, window: MainWindow) -> None:
    names = [window.session.names.of(row) for row in page.counts.found.order.tolist()]
    assert listed(page) == names
    model = page.counts._list.model()
    times = [int(model.index(place, 1).data()) for place in range(model.rowCount())]
    assert times == sorted(times, reverse=True)


def test_the_other_list_is_of_those_who_are_nobodys_neighbour(opened, qtbot: QtBot) -> None:
    random = np.random.default_rng(0)
    vectors = random.normal(size=(300, 40)).astype(np.float32)
    tokens = tuple(f"t{row}" for row in range(300))
    page = opened(Table(tokens, Vectors(vectors)))
    page.counts._k.setValue(2)
    qtbot.waitUntil(lambda: page.counts.found is not None and page.counts.found.k == 2)
    qtbot.mouseClick(page.counts._never, Qt.MouseButton.LeftButton)
    antihubs = page.counts.found.antihubs
    assert len(antihubs) > 0
    assert listed(page) == [f"t{row}" for row in antihubs.tolist()]
    assert str(len(antihubs)) in page.counts._never.text()


def test_selecting_in_the_list_selects_everywhere(page: HubsPage, window: MainWindow) -> None:
    order = page.counts.found.order
    view = page.counts._list
    view.selectRow(3)
    assert window.session.selection.tolist() == [order[3]]
    flag = QItemSelectionModel.SelectionFlag
    view.selectionModel().setCurrentIndex(view.model().index(5, 0), flag.Select | flag.Rows)
    assert sorted(window.session.selection.tolist()) == sorted(order[[3, 5]].tolist())
    assert window.session.current_row == order[5]


def test_a_selection_made_elsewhere_clears_the_marks_of_the_list(
    page: HubsPage, window: MainWindow
) -> None:
    page.counts._list.selectRow(3)
    window.session.select([7, 8])
    assert not page.counts._list.selectionModel().hasSelection()
    assert window.session.selection.tolist() == [7, 8]


def test_the_maps_are_coloured_by_the_counts(page: HubsPage, window: MainWindow) -> None:
    page.counts._colour.click()
    column = window.session.colours.column
    assert column.values.tolist() == page.counts.found.counts.tolist()


def test_that_the_maps_are_coloured_is_told_where_they_are_not_seen(page, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.told) as told:
        qtbot.mouseClick(page.counts._colour, Qt.MouseButton.LeftButton)
    assert told.args == ["The maps are coloured by hub count (k=15, cosine)."]


def test_a_bar_of_the_histogram_selects_its_rows(
    page: HubsPage, window: MainWindow, qtbot: QtBot
) -> None:
    histogram, counts = page.counts._histogram, page.counts.found.counts
    qtbot.keyClick(histogram, Qt.Key.Key_Right)
    while not histogram._bars.rows[histogram.current]:
        qtbot.keyClick(histogram, Qt.Key.Key_Right)
    low, high = (one[histogram.current] for one in (histogram._bars.low, histogram._bars.high))
    qtbot.keyClick(histogram, Qt.Key.Key_Return)
    selected = window.session.selection
    assert sorted(selected.tolist()) == np.flatnonzero((counts >= low) & (counts <= high)).tolist()
    assert histogram.accessibleDescription().endswith(
        f"{len(selected)} row{'s' if len(selected) > 1 else ''}"
    )
    middle = histogram.bar(histogram.current).center().toPoint()
    qtbot.mouseClick(histogram, Qt.MouseButton.LeftButton, pos=middle)
    assert window.session.selection.tolist() == selected.tolist()


def test_a_large_table_is_counted_when_asked_to_and_known_afterwards(
    opened, window: MainWindow, words: Table, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counting, "_AUTOMATIC", 0)
    page = opened(words)
    assert page.counts.found is None
    assert "all 80 rows" in page.counts._hint.text()
    page.counts._run.click()
    assert page.counts._run.text() == "Stop"
    qtbot.waitUntil(lambda: page.counts.found is not None)
    window.session.set_table(Table(words.tokens, Vectors(words.vectors.to_numpy().copy())))
    qtbot.waitUntil(lambda: page.counts.found is not None)


def test_nothing_is_counted_behind_another_tab(
    page: HubsPage, window: MainWindow, words: Table, qtbot: QtBot
) -> None:
    window.show_page("Map")
    window.session.set_table(Table(words.tokens[:50], Vectors(words.vectors.to_numpy()[:50])))
    assert not window.jobs.hubs.busy
    assert page.counts.found is None
    window.show_page("Hubs")
    qtbot.waitUntil(lambda: page.counts.found is not None)
    assert len(page.counts.found.counts) == 50


def test_a_table_that_cannot_be_counted_says_why(opened) -> None:
    page = opened(Table(("a", "b", "c"), Vectors(np.eye(3, 2, dtype=np.float32)[:, :1] * 0 + 0)))
    assert "No row of the table can be compared" in page.counts._hint.text()
    assert page.counts.found is None


def test_the_box_of_the_graph_and_the_menu_are_one_switch(
    page: HubsPage, window: MainWindow
) -> None:
    page.counts._graph.setChecked(True)
    assert window.graphing.on
    window.menus.actions["graph"].trigger()
    assert not page.counts._graph.isChecked()


# --- near duplicates ------------------------------------------------------------------------------


@pytest.fixture
def spelt(opened, window: MainWindow, qtbot: QtBot) -> HubsPage:
    tokens = ("film", "Film", "don't", "dont", "<b>", "colour", "color", "zero")
    vectors = 1 + 0.1 * np.random.default_rng(0).normal(size=(8, 4)).astype(np.float32)
    page = opened(Table(tokens, Vectors(vectors)))
    page._tabs.setCurrentIndex(1)
    qtbot.waitUntil(lambda: page.duplicates._model.rowCount() > 0)
    return page


def test_near_duplicates_are_listed_with_what_they_differ_in(spelt: HubsPage) -> None:
    model = spelt.duplicates._model
    told = [[model.index(row, column).data() for column in (0, 1)] for row in range(3)]
    assert told == [
        ["film   Film", "case"],
        ["don't   dont", "punctuation"],
        ["colour   color", "one edit"],
    ]
    assert spelt.duplicates._facts.text() == "3 groups of 6 rows"


def test_a_click_on_a_group_selects_its_rows(spelt: HubsPage, window: MainWindow) -> None:
    view = spelt.duplicates._view
    view.clicked.emit(view.model().index(1, 0))
    assert sorted(window.session.selection.tolist()) == [2, 3]


def test_all_tokens_of_a_group_are_copied(qapp: object) -> None:
    tokens = tuple(f"same{row}" for row in range(30))
    table = Table(tokens, Vectors(np.ones((30, 2), np.float32)))
    model = GroupModel()
    model.show_groups(Names(table), pipeline.near_duplicates(table))
    assert "more" in model.text(0, 0)
    assert model.copied(0, 0).split() == list(tokens)


def test_other_kinds_and_another_nearness_bring_other_groups(spelt: HubsPage, qtbot: QtBot) -> None:
    view = spelt.duplicates
    view._kinds["case"].setChecked(False)
    qtbot.waitUntil(lambda: view._model.rowCount() == 2)
    view._least.setValue(1.0)
    qtbot.waitUntil(lambda: view._body.currentIndex() == 0)
    qtbot.waitUntil(lambda: "There are no such rows" in view._hint.text())


def test_the_models_keep_what_qt_asks_of_them(page: HubsPage, spelt: HubsPage) -> None:
    for model in (page.counts._list.model(), spelt.duplicates._model, HubModel(), GroupModel()):
        QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)


@pytest.mark.parametrize("counts", [[0], [5], [0, 0, 3], [1, 2, 3, 70], list(range(400))])
def test_the_bars_hold_every_row_once(counts: list[int]) -> None:
    made = bars(np.array(counts, np.int64), 20)
    assert sum(made.rows) == len(counts)
    assert len(made.rows) == len(made.low) == len(made.high) <= 21
    for low, high, rows in zip(made.low, made.high, made.rows, strict=True):
        assert rows == sum(low <= count <= high for count in counts)


def test_no_hubs_draw_nothing(page: HubsPage) -> None:
    page.counts._histogram.show_hubs(None)
    page.counts._histogram.grab()
    nothing = Hubs(1, "cosine", np.zeros(2, np.int64), np.ones(2, np.bool_), 0.0)
    page.counts._histogram.show_hubs(nothing)
    page.counts._histogram.grab()
    assert page.counts._histogram.words(0) == "0 times: 2 rows"
