from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPointF
from pytestqt.qtbot import QtBot

from explorer import pipeline
from explorer.gui.main_window import MainWindow
from explorer.pipeline import Placer
from explorer.table import Column, Table


@pytest.fixture
def ghost(window: MainWindow, qtbot: QtBot):
    """Waits until the active map has a ghost point, and gives its place in pixels."""

    def wait() -> QPointF:
        mark = window.map.view.stage.ghost
        qtbot.waitUntil(lambda: mark.place is not None)
        return mark.place

    return wait


def _pixels(window: MainWindow, place: np.ndarray) -> list[float]:
    return [float(one) for one in window.map.view.stage.ghost._frame.pixels(place)]


@pytest.mark.parametrize("dims", [2, 3])
def test_a_typed_query_stands_on_the_map_where_its_formula_says(
    window: MainWindow, show: Callable[[Table], None], words: Table, ghost, qtbot: QtBot, dims: int
) -> None:
    show(words)
    window.commands.project(dims=dims)
    qtbot.waitUntil(lambda: not window.jobs.projection.busy)
    window.querying.ask('"good" - "bad" + "word9"')
    found = ghost()

    projection = window.session.projection
    place = Placer(projection).place(window.querying.query.values)[0]
    if dims == 3:
        place = window.map.view._camera.flat(place)
    assert [found.x(), found.y()] == pytest.approx(_pixels(window, place), abs=0.1)


def test_a_typed_token_stands_on_its_own_dot_and_turns_with_it(
    window: MainWindow, show: Callable[[Table], None], words: Table, ghost, qtbot: QtBot
) -> None:
    show(words)
    window.commands.project(dims=3)
    qtbot.waitUntil(lambda: not window.jobs.projection.busy)
    window.querying.ask("good")
    ghost()
    for _ in range(2):
        dot = window.map.view.stage.dots.position(1)
        found = window.map.view.stage.ghost.place
        assert (found.x(), found.y()) == pytest.approx((dot.x(), dot.y()), abs=0.05)
        window.map.view.turn(80, 30)


def test_the_dots_are_not_drawn_again_for_a_ghost(
    window: MainWindow, show: Callable[[Table], None], words: Table, ghost, settle
) -> None:
    show(words)
    settle()
    window.map.grab()
    mapped = window.map.view.stage.dots.mapped
    window.querying.ask('"good" - "bad"')
    ghost()
    window.map.grab()
    assert window.map.view.stage.dots.mapped == mapped


def test_the_mean_of_several_rows_is_named_and_one_row_needs_no_ghost(
    window: MainWindow, show: Callable[[Table], None], words: Table, ghost, qtbot: QtBot
) -> None:
    show(words)
    window.session.select([7, 9])
    ghost()
    window.map.grab()
    names = [label.text for label in window.map.view.stage.labels.labels]
    assert names[0] == "the mean of 2 rows"

    window.session.select([7])
    assert window.map.view.stage.ghost.place is None


def test_the_mouse_on_a_ghost_says_what_it_is(
    window: MainWindow, show: Callable[[Table], None], words: Table, ghost
) -> None:
    show(words)
    window.querying.ask('"good" - "bad"')
    place = ghost()
    stage = window.map.view.stage
    assert stage.ghost.holds(place + QPointF(4, 4))
    assert not stage.ghost.holds(place + QPointF(20, 0))
    stage.hovering.show_ghost(True)
    assert stage.tip.text == '"good" - "bad"'
    stage.hovering.show_ghost(False)
    assert stage.tip.text == ""


def test_a_line_under_the_legend_names_the_ghost_and_tells_how_it_was_placed(
    window: MainWindow, show: Callable[[Table], None], words: Table, ghost, qtbot: QtBot
) -> None:
    show(words)
    key = window.map.ghost_key
    assert key.isHidden()
    window.querying.ask('"good" - "bad"')
    ghost()
    assert not key.isHidden()
    assert key.name == '"good" - "bad"'
    assert "placed by the formula of the map" in key.toolTip()
    assert "formula" in key.accessibleDescription()
    covered = window.map.view.stage.labels.covered
    assert covered.height() >= key.height() - 1
    window.querying.clear()
    assert key.isHidden()


def test_the_line_on_the_ghost_stands_below_the_legend_of_colours(
    window: MainWindow, show: Callable[[Table], None], words: Table, ghost
) -> None:
    kinds = Column("kind", np.array(["a", "b"] * (len(words) // 2) + ["a"] * (len(words) % 2)))
    show(replace(words, columns={"kind": kinds}))
    window.session.colours.by("kind")
    window.querying.ask('"good" - "bad"')
    ghost()
    legend, key = window.map.legend, window.map.ghost_key
    assert legend.isVisibleTo(window.map.view)
    assert key.geometry().top() > legend.geometry().bottom()
    assert key.geometry().right() == legend.geometry().right()
    window.session.colours.by("")
    assert key.geometry().top() == legend.geometry().top()


def test_a_long_query_is_shortened_in_its_line_and_whole_in_its_tip(
    window: MainWindow, show: Callable[[Table], None], words: Table, ghost
) -> None:
    show(words)
    typed = " + ".join(['"good"', '"bad"', '"word9"'] * 3)
    window.querying.ask(typed)
    ghost()
    assert window.map.ghost_key.name.endswith("…")
    assert window.map.ghost_key.width() < 300


def test_every_map_has_the_ghost_and_a_new_one_gets_it(
    window: MainWindow, show: Callable[[Table], None], words: Table, ghost, qtbot: QtBot
) -> None:
    show(words)
    window.querying.ask('"good" - "bad"')
    ghost()
    window.session.maps.open()
    window.commands.project("axes", x='"good"', y='"word9"')
    ghost()
    assert all(panel.view.stage.ghost.place is not None for panel in window.maps.panels)


def test_a_map_that_cannot_place_it_says_so(
    window: MainWindow, show: Callable[[Table], None], words: Table, ghost, qtbot: QtBot, tmp_path
) -> None:
    show(words)
    path = tmp_path / "xy.csv"
    path.write_text("\n".join(["x,y", *(f"{i},{i}" for i in range(len(words)))]), encoding="utf-8")
    made = pipeline.project(words, "as-is", coordinates=str(path))
    window.session.set_projection(made)
    window.querying.ask('"good" - "bad"')
    mark = window.map.view.stage.ghost
    qtbot.waitUntil(lambda: mark.ghost is not None and "no place" in mark.ghost.refusal)
    assert mark.place is None
    assert window.map.ghost_key.isHidden()


def test_clearing_the_query_takes_the_ghost_away(
    window: MainWindow, show: Callable[[Table], None], words: Table, ghost
) -> None:
    show(words)
    window.querying.ask('"good" - "bad"')
    ghost()
    window.querying.clear()
    assert window.map.view.stage.ghost.place is None
