from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from explorer import pipeline
from explorer.errors import ExplorerError
from explorer.expressions import ExpressionError
from explorer.gui.state.session import Session
from explorer.gui.tasks.jobs import Jobs
from explorer.gui.tasks.querying import MEAN, ROW, TYPED, Query, Querying
from explorer.table import Table
from explorer.vectors import Vectors


@pytest.fixture
def querying(session: Session) -> Iterator[Querying]:
    jobs = Jobs()
    yield Querying(session, jobs)
    jobs.close()


@pytest.fixture
def found(qtbot: QtBot, querying: Querying):
    """Waits for the query."""

    def wait() -> Query:
        qtbot.waitUntil(lambda: querying.query is not None)
        assert querying.query is not None
        return querying.query

    return wait


def _row(table: Table, row: int) -> list[float]:
    return table.vectors.to_numpy()[row].astype(np.float64).tolist()


def test_a_selected_row_is_asked_of_at_once(querying, session, words):
    session.select([7])
    assert querying.query.kind == ROW
    assert querying.query.values.tolist() == _row(words, 7)
    assert querying.ghost is None
    assert (querying.title, querying.expression) == ("word7", '"word7"')


def test_a_token_spelt_like_the_selection_is_not_taken_for_it(querying, session, found):
    vectors = np.array([[1, 0], [0, 1], [5, 5], [7, -7]], np.float32)
    table = Table(("a", "b", "@selection", "(@selection)"), Vectors(vectors))
    session.set_table(table)
    session.select([0, 1])
    query = found()
    assert query.values.tolist() == [0.5, 0.5]
    assert query.rows.tolist() == [0, 1]
    near = pipeline.neighbors(table, query.asked, 1, selections=query.selections)
    assert near.rows.tolist() == [2]


def test_what_is_wrong_with_a_selection_is_told_without_a_place_in_a_text(querying, session, qtbot):
    session.set_table(Table(("a", "b"), Vectors(np.array([[1, np.nan], [0, 1]], np.float32))))
    with qtbot.waitSignal(querying.failed):
        session.select([0, 1])
    assert "hold NaN" in str(querying.error)
    assert "character" not in str(querying.error)


def test_several_rows_are_asked_of_by_their_mean_or_by_the_last(querying, session, words, found):
    session.select([7, 9])
    query = found()
    assert query.kind == MEAN
    np.testing.assert_allclose(query.values, words.vectors.to_numpy()[[7, 9]].mean(0), rtol=1e-6)
    assert query.rows.tolist() == [7, 9]
    assert querying.title == "the mean of 2 rows"
    assert querying.expression == "@selection"
    assert querying.ghost is query

    querying.take_mean(False)
    assert querying.query.values.tolist() == _row(words, 9)
    assert querying.title == "word9"


def test_what_was_typed_stays_whatever_is_selected(querying, session, found):
    querying.ask(' "good" - "bad" ')
    query = found()
    session.select([9])
    assert querying.query is query
    assert query.kind == TYPED
    assert querying.title == querying.expression == '"good" - "bad"'

    querying.clear()
    assert querying.title == "word9"


def test_what_speaks_of_the_selection_follows_it(querying, session, words, found, qtbot):
    session.select([7])
    querying.ask('@selection - "good"')
    assert found().rows.tolist() == [1, 7]
    session.select([8])
    assert found().rows.tolist() == [1, 8]


def test_a_kept_selection_that_is_another_now_is_read_again(querying, session, found):
    session.kept.put("some", np.array([7]))
    querying.ask("@some")
    assert found().rows.tolist() == [7]
    session.kept.put("some", np.array([9]))
    assert found().rows.tolist() == [9]


def test_a_token_as_it_stands_comes_before_an_expression(querying, words, found):
    querying.ask("<b>bold</b>")
    assert found().rows.tolist() == [3]
    assert querying.expression == '"<b>bold</b>"'


def test_what_cannot_be_read_is_told_and_forgotten_when_it_is_cleared(querying, qtbot):
    with qtbot.waitSignal(querying.failed) as failed:
        querying.ask('"good" - "nowhere"')
    assert isinstance(failed.args[0], ExpressionError)
    assert querying.query is None
    assert querying.error.position == 9

    with qtbot.waitSignal(querying.changed):
        querying.clear()
    assert querying.error is None
    assert querying.title == ""


def test_another_table_drops_the_query(querying, session, found):
    querying.ask("good")
    found()
    session.set_table(Table(session.table.tokens, session.table.vectors))
    assert querying.query is None
    assert querying.text == ""


def test_other_vectors_of_the_same_rows_are_read_again(querying, session, words, found):
    from explorer.vectors import Vectors

    querying.ask("good")
    found()
    session.update_table(Table(words.tokens, Vectors(words.vectors.to_numpy() * 2)))
    assert found().values.tolist() == (2 * words.vectors.to_numpy()[1]).astype(float).tolist()


def test_the_second_of_two_equal_tokens_is_named_by_its_row(session, querying):
    from explorer.vectors import Vectors

    session.set_table(Table(("a", "a", "b"), Vectors(np.eye(3, dtype=np.float32))))
    session.select([1])
    assert querying.expression == "#1"


@pytest.mark.parametrize(
    "text",
    [
        *('"', "(((((", "@", "@nothing", "#999999999999999999999", "1e999", "mean()", "unit()"),
        *("\u202eevil - ", "good good", "'", "#1 / 0", "#1 * #2", "(" * 5000, "a" * 20_000, "\0"),
        *(
            "@selection",
            "mean(3)",
            "#-1",
            "#1 - #1 / #1",
            "unit(#1 - #1)",
            "\ud800",
            "é" + "+" * 99,
        ),
    ],
)
def test_whatever_is_typed_is_a_query_or_told_in_words(querying, qtbot, text):
    querying.ask(text)
    qtbot.waitUntil(lambda: querying.query is not None or querying.error is not None)
    assert querying.error is None or isinstance(querying.error, ExplorerError)
    assert len(querying.title) <= 120
    assert querying.title.isprintable()
    assert isinstance(querying.expression, str)


@pytest.mark.parametrize("text", ["word7", '"word7"', "#8", '("word7")', 'mean("word7")'])
def test_a_row_is_one_however_it_is_written(querying, words, found, text):
    querying.ask(text)
    query = found()
    row = 8 if text == "#8" else words.find("word7")
    assert query.token
    assert query.rows.tolist() == [row]
    assert querying.expression == f'"{words.tokens[row]}"'


@pytest.mark.parametrize("text", ['"word7" * 2', '"word7" - "word9"'])
def test_what_is_made_of_rows_is_none_of_them(querying, found, text):
    querying.ask(text)
    assert not found().token


def test_a_mean_is_no_row_in_a_table_with_an_empty_token_either(querying, session, found):
    session.set_table(Table(("", "a", "b"), Vectors(np.eye(3, dtype=np.float32))))
    session.select([1, 2])
    assert not found().token
