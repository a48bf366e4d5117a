from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from explorer import pipeline
from explorer.gui.main_window import MainWindow
from explorer.gui.tasks.graphing import MOST_SELECTED
from explorer.table import Table


@pytest.fixture
def drawn(window: MainWindow, show: Callable[[Table], None], words: Table, qtbot: QtBot):
    """Selects rows while the graph is on, and waits for it."""
    show(words)
    window.graphing.set_on(True)

    def select(rows: list[int]):
        with qtbot.waitSignal(window.graphing.found):
            window.session.select(rows)
        qtbot.waitUntil(lambda: window.graphing.graph is not None)
        window.map.view.grab()
        return window.graphing.graph

    return select


def test_the_graph_of_the_selection_is_drawn_on_the_map(window: MainWindow, drawn) -> None:
    graph = drawn([9])
    expected = pipeline.neighbor_graph(window.session.table, np.array([9]), 10, 2)
    assert graph.edges.tolist() == expected.edges.tolist()
    assert window.map.view.stage.graph.count == len(graph.edges)


def test_another_selection_has_another_graph(window: MainWindow, drawn) -> None:
    drawn([9])
    assert drawn([12]).rows[0] == 12


def test_a_map_opened_later_shows_it_too(window: MainWindow, drawn, qtbot: QtBot) -> None:
    drawn([9])
    window.session.maps.open()
    window.commands.project()
    qtbot.waitUntil(lambda: window.session.projection is not None)
    qtbot.waitUntil(lambda: not window.jobs.projection.busy)
    for panel in window.maps.panels:
        panel.view.grab()
        assert panel.view.stage.graph.count == len(window.graphing.graph.edges)


def test_no_graph_is_drawn_without_a_selection_nor_of_too_many_rows(
    window: MainWindow, drawn
) -> None:
    for rows in ([], list(range(1, MOST_SELECTED + 2))):
        drawn([9])
        window.session.select(rows)
        window.map.view.grab()
        assert window.graphing.graph is None
        assert window.map.view.stage.graph.count == 0


def test_what_is_left_out_is_told_once(
    window: MainWindow, drawn, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("explorer.gui.tasks.graphing.MOST_NODES", 20)
    told: list[str] = []
    window.graphing.told.connect(told.append)
    assert len(drawn([9]).rows) == 20
    drawn([12])
    window.session.select(list(range(1, MOST_SELECTED + 2)))
    assert told == ["The graph holds the 20 nearest rows; there are more."]


def test_the_menu_switches_it_and_bears_a_mark(window: MainWindow, drawn) -> None:
    drawn([9])
    action = window.menus.actions["graph"]
    assert action.isChecked()
    action.trigger()
    assert not window.graphing.on
    assert not action.isChecked()
    assert window.graphing.graph is None


def test_nothing_is_looked_for_while_it_is_off(
    window: MainWindow, show: Callable[[Table], None], words: Table
) -> None:
    show(words)
    window.session.select([9])
    assert not window.jobs.graph.busy


def test_a_row_without_direction_has_no_lines(window: MainWindow, drawn) -> None:
    drawn([0])
    assert window.map.view.stage.graph.count == 0
