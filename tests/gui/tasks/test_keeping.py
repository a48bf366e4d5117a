"""Kept selections: from the session into files and back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from explorer.gui.state.session import Session
from explorer.gui.tasks.jobs import Jobs
from explorer.gui.tasks.keeping import Keeper
from explorer.paths import config_dir
from explorer.table import Table
from explorer.vectors import Vectors

Start = Callable[[Table], tuple[Session, Keeper]]


@pytest.fixture(autouse=True)
def _settings_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


@pytest.fixture
def start(qtbot: QtBot) -> Iterator[Start]:
    """Another start of the product, with a table open and its kept selections read."""
    begun: list[Jobs] = []

    def begin(table: Table) -> tuple[Session, Keeper]:
        session, jobs = Session(), Jobs()
        begun.append(jobs)
        keeper = Keeper(session, jobs, session)
        session.set_table(table)
        qtbot.waitUntil(lambda: keeper.ready)
        return session, keeper

    yield begin
    for jobs in begun:
        jobs.close()


def kept(session: Session) -> dict[str, list[int]]:
    return {name: rows.tolist() for name, rows in session.kept.all.items()}


def test_a_selection_is_there_again_at_the_next_start(start: Start, words: Table) -> None:
    session, keeper = start(words)
    session.select([7, 3])
    assert keeper.keep(" few ")
    assert kept(session) == {"few": [3, 7]}
    assert kept(start(words)[0]) == {"few": [3, 7]}


def test_another_table_has_selections_of_its_own(start: Start, words: Table) -> None:
    session, keeper = start(words)
    session.select([7])
    keeper.keep("few")
    other = replace(words, tokens=tuple(reversed(words.tokens)))
    assert kept(start(other)[0]) == {}


def test_the_same_tokens_trained_again_have_the_same_selections(start: Start, words: Table) -> None:
    session, keeper = start(words)
    session.select([7])
    keeper.keep("few")
    again = replace(
        words, tokens=tuple(words.tokens), vectors=Vectors(words.vectors.to_numpy() * 2)
    )
    assert kept(start(again)[0]) == {"few": [7]}


def test_two_windows_keep_each_others(start: Start, words: Table, qtbot: QtBot) -> None:
    (first, one), (second, two) = start(words), start(words)
    first.select([1])
    one.keep("a")
    second.select([2])
    two.keep("b")
    assert kept(start(words)[0]) == {"a": [1], "b": [2]}
    one.refresh()
    qtbot.waitUntil(lambda: kept(first) == {"a": [1], "b": [2]})


def test_a_selection_is_renamed_replaced_deleted_and_brought_back(
    start: Start, words: Table
) -> None:
    session, keeper = start(words)
    session.select([1])
    keeper.keep("a")
    assert keeper.rename("a", "b")
    session.select([2, 3])
    keeper.keep("b")
    assert kept(session) == {"b": [2, 3]}
    keeper.delete("b")
    assert kept(session) == kept(start(words)[0]) == {}
    assert keeper.deleted == "b"
    keeper.restore()
    assert keeper.deleted == ""
    assert kept(session) == kept(start(words)[0]) == {"b": [2, 3]}


def test_a_name_that_cannot_be_is_told_and_nothing_is_kept(
    start: Start, words: Table, qtbot: QtBot
) -> None:
    session, keeper = start(words)
    session.select([1])
    with qtbot.waitSignal(keeper.failed):
        assert not keeper.keep("selection")
    assert kept(session) == {}


def test_a_file_that_cannot_be_written_is_told(start: Start, words: Table, qtbot: QtBot) -> None:
    session, keeper = start(words)
    config_dir().parent.mkdir(parents=True, exist_ok=True)
    config_dir().write_text("in the way")
    session.select([1])
    with qtbot.waitSignal(keeper.failed):
        assert not keeper.keep("few")
    assert kept(session) == {}


def test_a_damaged_file_is_told_and_the_others_are_there(
    start: Start, words: Table, qtbot: QtBot
) -> None:
    session, keeper = start(words)
    session.select([1])
    keeper.keep("a")
    (path,) = (config_dir() / "selections").rglob("*.json")
    path.write_text("{")
    keeper.keep("b")
    session, jobs = Session(), Jobs()
    keeper = Keeper(session, jobs, session)
    with qtbot.waitSignal(keeper.failed) as told:
        session.set_table(words)
    assert path.name in str(told.args[0])
    assert kept(session) == {"b": [1]}
    jobs.close()


def test_what_is_read_of_an_older_table_is_dropped(
    start: Start, words: Table, qtbot: QtBot
) -> None:
    session, keeper = start(words)
    session.select([1])
    keeper.keep("a")
    session.set_table(replace(words, tokens=tuple(reversed(words.tokens))))
    session.set_table(words)
    assert not keeper.ready
    session.select([5])
    assert not keeper.keep("too early")
    qtbot.waitUntil(lambda: keeper.ready)
    assert kept(session) == {"a": [1]}


def test_expressions_may_speak_of_kept_rows_and_of_those_selected(
    start: Start, words: Table
) -> None:
    session, keeper = start(words)
    session.select([1, 2])
    keeper.keep("few")
    session.select(np.array([9]))
    named = session.kept.named(session.selection)
    assert {name: rows.tolist() for name, rows in named.items()} == {
        "selection": [9],
        "few": [1, 2],
    }
