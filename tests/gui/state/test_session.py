from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from explorer import pipeline
from explorer.gui.state.session import Session
from explorer.table import Source, Table
from explorer.vectors import Vectors


def test_a_new_table_drops_what_spoke_of_the_old_rows(session: Session, words: Table) -> None:
    session.set_projection(pipeline.project(words))
    session.select([3])
    session.hover(5)

    session.set_table(replace(words, tokens=tuple(reversed(words.tokens))))

    assert session.projection is None
    assert session.selection.tolist() == []
    assert session.hovered == -1


def test_a_projection_of_another_table_is_dropped(session: Session, words: Table) -> None:
    other = replace(words, vectors=Vectors(words.vectors.to_numpy() * 2))
    session.set_projection(pipeline.project(other))

    assert session.projection is None


def test_neighbours_of_a_row_no_longer_selected_are_dropped(session: Session, words: Table) -> None:
    late = pipeline.neighbors(words, 4)
    session.select([7])
    session.set_neighbors(late)

    assert session.neighbors is None


def test_selecting_the_same_rows_again_is_silent(session: Session, qtbot: QtBot) -> None:
    session.select([1, 2])

    with qtbot.assertNotEmitted(session.selection_changed):
        session.select(np.array([1, 2]))


def test_toggling_adds_a_row_at_the_end_and_takes_it_out_again(session: Session) -> None:
    session.select([1, 2])
    session.select([9], "toggle")
    assert session.selection.tolist() == [1, 2, 9]
    assert session.current_row == 9

    session.select([2], "toggle")
    assert session.selection.tolist() == [1, 9]


def test_the_selection_cannot_be_changed_behind_the_session(session: Session) -> None:
    rows = np.array([1, 2])
    session.select(rows)
    rows[0] = 5

    assert session.selection.tolist() == [1, 2]
    with pytest.raises(ValueError, match="read-only"):
        session.selection[0] = 3


def test_new_vectors_for_the_same_tokens_keep_the_selection(
    session: Session, words: Table, qtbot: QtBot
) -> None:
    session.select([4])
    trained = replace(words, vectors=Vectors(words.vectors.to_numpy() * 2))

    with qtbot.waitSignal(session.vectors_changed), qtbot.assertNotEmitted(session.table_changed):
        session.update_table(trained)

    assert session.table is trained
    assert session.selection.tolist() == [4]


def test_a_table_is_coloured_by_what_tells_more_than_a_count(session: Session) -> None:
    assert session.colours.column is not None
    assert session.colours.column.name == "lean"


def test_a_saved_table_keeps_its_map(session: Session, words: Table) -> None:
    session.set_projection(pipeline.project(words))
    saved = replace(words, source=Source(tensor="saved"))
    session.rename_table(saved)

    assert session.projection is not None
    assert session.projection.table is saved
