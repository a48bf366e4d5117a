"""Several maps, and undoing what was looked at."""

from __future__ import annotations

import weakref
from dataclasses import replace

import numpy as np
from pytestqt.qtbot import QtBot

from explorer import pipeline
from explorer.gui.state.history import View
from explorer.gui.state.session import Session
from explorer.table import Column, Table
from explorer.vectors import Vectors


def view_of(session: Session, left: float = 0.0) -> View:
    assert session.projection is not None
    return View((left, left + 1, 0.0, 1.0), (), weakref.ref(session.projection.scores))


def test_there_are_at_most_four_maps_and_at_least_one(session: Session) -> None:
    maps = session.maps
    assert [maps.open() for _ in range(4)] == [1, 2, 3, None]
    for number in maps.all:
        maps.close(number)
    assert len(maps.all) == 1


def test_a_number_is_never_given_twice(session: Session) -> None:
    first = session.maps.open()
    assert first is not None
    session.maps.close(first)
    assert session.maps.open() != first


def test_panels_hear_of_the_map_that_becomes_active(session: Session, qtbot: QtBot) -> None:
    session.set_projection(pipeline.project(session.table))
    shown = session.projection
    with qtbot.waitSignal(session.projection_changed):
        session.maps.open()
    assert session.projection is None
    with qtbot.waitSignal(session.projection_changed):
        session.maps.close(session.maps.active)
    assert session.projection is shown


def test_a_projection_for_a_map_in_the_background_leaves_the_active_one(session: Session) -> None:
    first = session.maps.active
    session.maps.open()
    session.set_projection(pipeline.project(session.table), first)
    assert session.projection is None
    assert session.maps.projection(first) is not None


def test_a_projection_for_a_map_that_was_closed_is_dropped(session: Session) -> None:
    number = session.maps.open()
    assert number is not None
    session.maps.close(number)
    session.set_projection(pipeline.project(session.table), number)
    assert session.maps.projection(number) is None


def test_another_table_empties_every_map(session: Session, words: Table) -> None:
    session.set_projection(pipeline.project(words))
    session.maps.open()
    session.set_projection(pipeline.project(words))
    session.set_table(replace(words, tokens=tuple(reversed(words.tokens))))
    assert [session.maps.projection(number) for number in session.maps.all] == [None, None]


def test_training_empties_the_maps_of_the_old_numbers(session: Session, words: Table) -> None:
    session.set_projection(pipeline.project(words))
    session.maps.open()
    session.update_table(replace(words, vectors=Vectors(words.vectors.to_numpy() * 2)))
    assert session.maps.projection(0) is None


def test_selections_are_undone_and_redone_in_order(session: Session) -> None:
    session.select([1])
    session.select([2, 1, 3], "add")
    session.select([1], "remove")
    assert session.selection.tolist() == [2, 3]
    session.undoing.undo()
    assert session.selection.tolist() == [1, 2, 3]
    session.undoing.undo()
    session.undoing.undo()
    assert session.selection.tolist() == []
    assert not session.undoing.can_undo
    session.undoing.redo()
    assert session.selection.tolist() == [1]


def test_a_new_selection_forgets_what_was_undone(session: Session) -> None:
    session.select([1])
    session.undoing.undo()
    session.select([2])
    assert not session.undoing.can_redo


def test_isolated_rows_are_ascending_and_come_back(session: Session) -> None:
    session.isolate([5, 2, 5])
    assert session.isolated is not None
    assert session.isolated.tolist() == [2, 5]
    session.isolate(None)
    assert session.isolated is None
    session.undoing.undo()
    assert session.isolated is not None
    session.undoing.undo()
    assert session.isolated is None


def test_isolating_nothing_changes_nothing(session: Session) -> None:
    session.isolate([])
    assert session.isolated is None
    assert not session.undoing.can_undo


def test_a_move_of_a_map_is_undone(session: Session, qtbot: QtBot) -> None:
    session.set_projection(pipeline.project(session.table))
    first, second = view_of(session), view_of(session, 3.0)
    session.note_view(0, first)
    assert not session.undoing.can_undo
    session.note_view(0, second)
    with qtbot.waitSignal(session.maps.view_changed):
        session.undoing.undo()
    assert session.maps.views[0] is first


def test_a_view_of_other_coordinates_is_not_gone_back_to(session: Session, qtbot: QtBot) -> None:
    session.set_projection(pipeline.project(session.table))
    session.note_view(0, view_of(session))
    session.note_view(0, view_of(session, 3.0))
    session.set_projection(pipeline.project(session.table))
    with qtbot.assertNotEmitted(session.maps.view_changed):
        session.undoing.undo()


def test_another_table_forgets_the_history(session: Session, words: Table) -> None:
    session.select([1])
    session.set_table(replace(words, tokens=tuple(reversed(words.tokens))))
    assert not session.undoing.can_undo


def test_a_computed_column_colours_the_map_and_goes_with_the_numbers(
    session: Session, words: Table
) -> None:
    colours = session.colours
    colours.add(Column("cluster", np.array(["a"] * len(words), dtype=object)))
    assert colours.key == "cluster"
    assert list(colours.computed) == ["cluster"]
    session.update_table(replace(words, vectors=Vectors(words.vectors.to_numpy() * 2)))
    assert colours.computed == {}
    assert colours.column is None


def test_a_column_of_another_table_comes_too_late(session: Session) -> None:
    session.colours.add(Column("cluster", np.array(["a", "b"], dtype=object)))
    assert session.colours.computed == {}
