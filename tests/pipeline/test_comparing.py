"""Analogies, similarity and the odd one out, as both faces ask for them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer import pipeline
from explorer.errors import ExplorerError, NotFoundError, ParameterError
from explorer.expressions import ExpressionError
from explorer.table import Table
from explorer.vectors import Vectors


@pytest.fixture(scope="module")
def kin() -> Table:
    words = {
        "man": [1, 0, 0],
        "woman": [1, 1, 0],
        "king": [1, 0, 1],
        "queen": [1, 1, 1],
        "dog": [0, 0, -1],
        "nothing": [0, 0, 0],
        "broken": [np.nan, 0, 0],
    }
    return Table(tuple(words), Vectors(np.array(list(words.values()), dtype=np.float32)))


@pytest.mark.parametrize("how", ["add", "mul"])
@pytest.mark.parametrize("asked", [("man", "woman", "king"), (0, 1, np.int64(2)), ("#0", "#1", 2)])
def test_the_words_of_the_question_are_no_answers(kin, how, asked):
    found = pipeline.analogy(kin, *asked, how=how)
    assert [kin.tokens[row] for row in found.rows] == ["queen", "dog"]
    assert found.metric == {"add": "cosine", "mul": "3CosMul"}[how]


def test_an_expression_may_stand_for_a_word_and_what_it_names_is_no_answer(kin):
    found = pipeline.analogy(kin, "man", "woman", 'mean("king", "dog")')
    assert found.rows.tolist() == [3]
    kept = {"crowned": np.array([2, 3])}
    found = pipeline.analogy(kin, "man", "woman", "@crowned", selections=kept)
    assert found.rows.tolist() == [4]


def test_any_number_of_words_may_be_added_and_taken_away(kin):
    found = pipeline.alike(kin, ["queen"], k=1)
    assert found.rows.tolist() == pipeline.neighbors(kin, "queen", 1).rows.tolist()
    found = pipeline.alike(kin, ["king", "woman", "queen"], ["man", "dog"], how="mul")
    assert found.rows.tolist() == []


def test_similarity_is_the_cosine_of_tokens_rows_and_expressions(kin):
    assert pipeline.similarity(kin, "man", "woman") == pytest.approx(1 / np.sqrt(2), abs=1e-15)
    assert pipeline.similarity(kin, 0, "#1") == pipeline.similarity(kin, "man", "woman")
    across = pipeline.similarity(kin, '"king" - "man"', '"queen" - "woman"')
    assert across == pytest.approx(1.0, abs=1e-15)


def test_a_matrix_and_the_odd_one_out_take_tokens_and_rows(kin):
    found = pipeline.similarity_matrix(kin, ["man", 1, "#2"])
    assert found.rows.tolist() == [0, 1, 2]
    assert found.values[0, 1] == pytest.approx(pipeline.similarity(kin, 0, 1), abs=1e-15)
    assert pipeline.odd_one_out(kin, ["man", "dog", 3]).row == 4


@pytest.mark.parametrize(
    ("asked", "error", "message"),
    [
        ("unicorn", NotFoundError, "'unicorn' is not in the table"),
        ("King", NotFoundError, "Did you mean 'king'"),
        (7, NotFoundError, "no row 7"),
        (-1, NotFoundError, "no row -1"),
        ("nothing", ParameterError, r"Row 5 \('nothing'\) is all zeros"),
        ("broken", ParameterError, "holds NaN"),
        ('"man" -', ExpressionError, "a token was expected"),
        ('"man" - "man"', ExpressionError, "comes to zeros"),
    ],
)
def test_what_cannot_be_compared_is_refused_in_words(kin, asked, error, message):
    with pytest.raises(error, match=message):
        pipeline.similarity(kin, asked, "man")
    with pytest.raises(error, match=message):
        pipeline.analogy(kin, "man", asked, "king")


_TYPED = st.one_of(
    st.sampled_from(["man", "nothing", "broken", "#3", "#99", '"man" - king', "@x", "mean(", "1"]),
    st.text(max_size=12),
    st.integers(-3, 9),
)


@settings(max_examples=150)
@given(a=_TYPED, b=_TYPED, c=_TYPED, k=st.integers(-1, 9), how=st.sampled_from(["add", "mul"]))
def test_no_words_raise_anything_but_our_errors(kin, a, b, c, k, how):
    for ask in (
        lambda: pipeline.analogy(kin, a, b, c, k, how=how),
        lambda: pipeline.similarity(kin, a, b),
        lambda: pipeline.similarity_matrix(kin, [a, b, c], order="clustered"),
        lambda: pipeline.odd_one_out(kin, [a, b, c]),
    ):
        try:
            ask()
        except ExplorerError:
            continue
