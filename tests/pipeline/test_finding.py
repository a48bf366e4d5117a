"""Searching a table, what is offered for what it does not hold, and how a row stands."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer import pipeline
from explorer.errors import ParameterError
from explorer.expressions import Context, evaluate
from explorer.lookups import EXACT, MISSING
from explorer.table import Column, Table
from explorer.vectors import Vectors

TOKENS = ("film", "films", "the", "good", "film", "Film")


@pytest.fixture
def table() -> Table:
    vectors = Vectors(np.array([[3, 4], [0, 1], [0, 0], [6, 8], [1, 0], [2, 0]], np.float32))
    counts = Column("count", np.array([5, 9, 9, 1, 0, 2]))
    return Table(TOKENS, vectors, {"count": counts})


def test_a_limit_cuts_the_rows_and_the_total_is_told(table: Table):
    found = pipeline.search(table, "film", limit=2)
    assert (found.rows.tolist(), found.total) == ([0, 4], 4)
    with pytest.raises(ParameterError, match="limit"):
        pipeline.search(table, "film", limit=0)


def test_each_spelling_is_offered_once_and_only_near_ones(table: Table):
    assert pipeline.nearest_spelling(table, "fulm") == (0, 5, 1)
    assert pipeline.nearest_spelling(table, "fulm", 1) == (0,)
    assert pipeline.nearest_spelling(table, "zzzzzz") == ()
    assert pipeline.nearest_spelling(table, "") == ()


def test_no_empty_token_is_offered():
    table = Table(("", " ", "b"), Vectors(np.ones((3, 2), np.float32)))
    assert pipeline.nearest_spelling(table, "ab") == (2,)


def test_nothing_is_offered_for_a_single_letter():
    letters = Table(("a", "b"), Vectors(np.ones((2, 2), np.float32)))
    assert pipeline.nearest_spelling(letters, "…") == ()


def test_spellings_are_offered_for_what_has_no_row_only(table: Table):
    pieces = pipeline.lookup(table, "good fulm").pieces
    assert [piece.how for piece in pieces] == [EXACT, MISSING]
    assert [pipeline.offers(table, piece) for piece in pieces] == [(), (0, 5, 1)]


def test_a_row_stands_by_norm_count_and_rank(table: Table):
    assert pipeline.standing(table, 0) == pipeline.Standing(5.0, 5.0, 3)
    assert [pipeline.standing(table, row).rank for row in range(6)] == [3, 1, 1, 5, 6, 4]
    bare = Table(TOKENS, table.vectors)
    assert pipeline.standing(bare, 3) == pipeline.Standing(10.0, None, None)


@pytest.mark.parametrize(
    ("number", "norm"),
    [(1e300, 2**0.5 * 1e300), (1e-300, 2**0.5 * 1e-300), (1.7e308, np.inf)],
)
def test_a_norm_is_that_of_the_definition_whatever_its_square_is(number, norm):
    table = Table(("a",), Vectors(np.full((1, 2), number)))
    assert pipeline.standing(table, 0).norm == pytest.approx(norm, rel=1e-12)


def test_several_pieces_are_one_expression_that_gives_their_mean(table: Table):
    found = pipeline.lookup(table, "the good good film")
    text = pipeline.mean_text(table, found)
    assert text == 'mean("the", "good", "good", "film")'
    mean = evaluate(text, Context.of(table)).values
    assert mean.tolist() == table.vectors.rows(found.rows).mean(axis=0).tolist()
    assert pipeline.mean_text(table, pipeline.lookup(table, "good")) == ""


ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=6)


@given(st.lists(ANY_TEXT, min_size=1, max_size=8), st.lists(ANY_TEXT, max_size=6).map(" ".join))
def test_whatever_is_typed_has_offers_and_a_mean(tokens: list[str], text: str):
    vectors = np.arange(2 * len(tokens), dtype=np.float32).reshape(-1, 2)
    table = Table(tuple(tokens), Vectors(vectors))
    found = pipeline.lookup(table, text)
    for piece in found.pieces:
        assert all(0 <= row < len(table) for row in pipeline.offers(table, piece))
    expression = pipeline.mean_text(table, found)
    assert bool(expression) == (len(found.rows) > 1)
    if expression:
        mean = evaluate(expression, Context.of(table)).values
        assert np.allclose(mean, vectors[found.rows].mean(axis=0))
