"""What is done to the selection as a whole."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from explorer import pipeline
from explorer.gui.state.session import Session
from explorer.gui.tasks.jobs import Jobs
from explorer.gui.tasks.selecting import Selecting
from explorer.preparation import Sample
from explorer.table import Table, numbered_tokens
from explorer.vectors import Vectors


@pytest.fixture
def selecting(session: Session, jobs: Jobs) -> Selecting:
    return Selecting(session, jobs)


def selected(session: Session) -> list[int]:
    return session.selection.tolist()


def test_all_selects_what_is_shown_and_leaves_the_current_row(
    session: Session, selecting: Selecting
) -> None:
    session.select([7, 3])
    selecting.all()
    assert sorted(selected(session)) == list(range(80))
    assert session.current_row == 3

    session.isolate([5, 9, 11])
    selecting.all()
    assert selected(session) == [5, 9, 11]


def test_inverting_twice_gives_back_what_was_selected_of_the_rows_shown(
    session: Session, selecting: Selecting
) -> None:
    session.isolate([5, 9, 11])
    session.select([9, 20])
    selecting.invert()
    assert selected(session) == [5, 11]
    selecting.invert()
    assert selected(session) == [9]


def test_rows_without_a_place_on_the_map_are_taken_out(
    session: Session, selecting: Selecting, words: Table
) -> None:
    session.set_projection(pipeline.project(words, sample=Sample(30, seed=1)))
    assert session.projection is not None
    there = session.projection.shown_rows
    session.select(range(80))
    selecting.shrink_to_map()
    assert selected(session) == there.tolist()

    session.isolate(there[:5])
    selecting.shrink_to_map()
    assert selected(session) == there[:5].tolist()


def test_without_a_map_nothing_is_taken_out_and_it_is_said(
    session: Session, selecting: Selecting, qtbot: QtBot
) -> None:
    session.select([1])
    with qtbot.waitSignal(selecting.told):
        selecting.shrink_to_map()
    assert selected(session) == [1]


@pytest.mark.parametrize("anchor", ["each", "mean"])
def test_growing_adds_the_nearest_rows_and_leaves_the_current_one(
    session: Session, selecting: Selecting, words: Table, qtbot: QtBot, anchor: str
) -> None:
    session.select([4, 2])
    selecting.k = 3
    with qtbot.waitSignal(session.selection_changed):
        selecting.grow(anchor)
    assert sorted(selected(session)) == sorted(pipeline.grow(words, np.array([4, 2]), 3, anchor))
    assert session.current_row == 2


def test_growing_that_comes_too_late_is_dropped(
    session: Session, selecting: Selecting, jobs: Jobs, qtbot: QtBot
) -> None:
    session.select([4])
    selecting.grow()
    session.select([5])
    assert not jobs.growing.busy
    qtbot.wait(50)
    assert selected(session) == [5]


def test_growing_from_nothing_and_growing_to_nothing_are_said(
    session: Session, selecting: Selecting, jobs: Jobs, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(selecting.told):
        selecting.grow()
    session.select(range(1, 80))  # row 0 is zeros, which is near nothing
    with qtbot.waitSignal(selecting.told):
        selecting.grow()
    assert len(session.selection) == 79


def test_a_row_that_cannot_grow_is_told(
    session: Session, selecting: Selecting, qtbot: QtBot
) -> None:
    session.select([0])
    with qtbot.waitSignal(selecting.failed) as told:
        selecting.grow()
    assert "direction" in str(told.args[0])


def test_another_row_becomes_the_current_one_and_all_stay_selected(
    session: Session, selecting: Selecting
) -> None:
    session.select([4, 2, 9])
    selecting.make_current(2)
    assert selected(session) == [4, 9, 2]


def test_isolating_leads_there_and_back(session: Session, selecting: Selecting) -> None:
    session.select([4, 2])
    selecting.isolate()
    assert session.isolated is not None
    assert session.isolated.tolist() == [2, 4]
    selecting.isolate()
    assert session.isolated is None


def test_tokens_are_given_as_they_are_in_the_order_they_were_selected(
    session: Session, selecting: Selecting
) -> None:
    session.select([5, 3])
    assert selecting.tokens() == ["new\nline", "<b>bold</b>"]


def test_undo_says_what_it_takes_back(session: Session) -> None:
    assert (session.undoing.undo_word, session.undoing.redo_word) == ("", "")
    session.select([1, 2])
    assert session.undoing.undo_word == "selection"
    session.isolate([1])
    assert session.undoing.undo_word == "isolation"
    session.undoing.undo()
    assert (session.undoing.undo_word, session.undoing.redo_word) == ("selection", "isolation")


def test_what_can_be_undone_does_not_fill_the_memory(qapp: object) -> None:
    rows = 1_000_000
    session = Session()
    vectors = Vectors(np.zeros((rows, 1), np.float32))
    session.set_table(Table(numbered_tokens(rows), vectors, named=False))
    for step in range(40):
        session.select(np.arange(step, rows))
    undone = 0
    while session.undoing.can_undo:
        session.undoing.undo()
        undone += 1
    assert 5 < undone < 20


def test_a_selection_kept_by_name_is_gone_with_the_table(session: Session, words: Table) -> None:
    session.kept.put("few", np.array([1, 2]))
    session.update_table(replace(words, vectors=Vectors(words.vectors.to_numpy() * 2)))
    assert list(session.kept.all) == ["few"]
    session.set_table(replace(words, tokens=tuple(reversed(words.tokens))))
    assert session.kept.all == {}
