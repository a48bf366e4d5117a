"""Queries by row, token, expression and vector, in spaces, and spaces side by side."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer import pipeline
from explorer.errors import ExplorerError, NotFoundError, ParameterError
from explorer.expressions import ExpressionError
from explorer.lookups import EXACT
from explorer.nearest import METRICS
from explorer.progress import Cancelled, Progress
from explorer.spaces import Space, fit
from explorer.table import Table
from explorer.vectors import Vectors

TOKENS = ("king", "man", "woman", "queen", "a b", "king + man", "#3", "mean", "", "-", '"q"')


@pytest.fixture(scope="module")
def table():
    rng = np.random.default_rng(2)
    matrix = rng.normal(size=(60, 8)).astype("f4") + 2
    tokens = (*TOKENS, *(f"word{row}" for row in range(len(TOKENS), 60)))
    return Table(tokens, Vectors(matrix))


def test_neighbours_are_asked_for_by_token_row_or_vector(table):
    row = table.row_of("a b")
    by_token = pipeline.neighbors(table, "a b", 3)
    by_row = pipeline.neighbors(table, row, 3)
    by_vector = pipeline.neighbors(table, table.vectors.rows(row), 4)
    assert by_token.rows.tolist() == by_row.rows.tolist() == by_vector.rows.tolist()[1:]
    assert by_vector.rows[0] == row


def test_neighbours_of_an_unknown_token_are_not_found(table):
    with pytest.raises(NotFoundError, match=r"'Word20' is not in the table.*Did you mean 'word20'"):
        pipeline.neighbors(table, "Word20")


def test_looking_up_says_how():
    table = Table(("a", "new\nline"), Vectors(np.ones((2, 3), np.float32)))
    (piece,) = pipeline.lookup(table, "new\nline").pieces
    assert (piece.row, piece.how) == (1, EXACT)


def test_an_exact_token_goes_before_an_expression(table):
    assert pipeline.neighbors(table, "king + man").query_row == 5
    assert pipeline.neighbors(table, "#3").query_row == 6
    assert pipeline.neighbors(table, "a b").query_row == 4
    assert pipeline.neighbors(table, "mean").query_row == 7
    assert pipeline.neighbors(table, "#4").query_row == 4


def test_the_rows_an_expression_names_are_not_in_the_answer(table):
    found = pipeline.neighbors(table, '"king" - man + woman', 60)
    assert found.query_row is None
    assert set(range(60)) - set(found.rows.tolist()) == {0, 1, 2}


def test_rows_of_a_selection_are_not_in_the_answer(table):
    rows = np.array([3, 8, 20])
    found = pipeline.neighbors(table, "mean(@some)", 60, selections={"some": rows})
    assert set(range(60)) - set(found.rows.tolist()) == {3, 8, 20}


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("space", ["raw", "centre", "unit", "remove 2", "whiten"])
def test_an_expression_is_worked_out_in_the_space(table, metric, space):
    fitted = fit(table.vectors, Space(*_split(space)))
    inside = fitted.through(table.vectors.to_numpy().astype("f8"))
    query = inside[0] - inside[1] + inside[2]
    scores = inside @ query
    if metric == "cosine":
        scores = scores / np.linalg.norm(inside, axis=1)
    if metric == "euclidean":
        scores = -np.linalg.norm(inside - query, axis=1)
    scores[:3] = -np.inf
    found = pipeline.neighbors(table, "king - man + woman", 5, metric, space=space)
    assert found.rows.tolist() == np.argsort(-scores)[:5].tolist()
    assert found.space == space


def _split(space):
    name, _, count = space.partition(" ")
    return name, int(count or 0)


def test_a_direction_has_no_mean_subtracted(table):
    centred = pipeline.neighbors(table, "king - man", 5, "dot", space="centre")
    raw = pipeline.neighbors(table, "king - man", 5, "dot")
    assert centred.rows.tolist() == raw.rows.tolist()


def test_a_query_is_the_vector_of_a_token_or_of_an_expression(table):
    exact = table.vectors.to_numpy().astype("f8")
    token = pipeline.query(table, "king + man")
    assert (token.values == exact[5]).all()
    assert token.rows.tolist() == [5]
    made = pipeline.query(table, '"king" + man')
    np.testing.assert_allclose(made.values, exact[0] + exact[1])
    assert made.rows.tolist() == [0, 1]
    some = pipeline.query(table, "@some", {"some": np.array([1, 2])})
    np.testing.assert_allclose(some.values, exact[1:3].mean(axis=0))


@pytest.mark.parametrize(
    ("text", "error", "words"),
    [
        ("kin", NotFoundError, "'kin' is not in the table"),
        ("King", NotFoundError, "Did you mean 'king'"),
        ("no such words", NotFoundError, "'no such words' is not in the table"),
        ("#60", NotFoundError, "rows are 0 to 59"),
        ("king + kin", ExpressionError, "character 8"),
        ("king - (man", ExpressionError, "bracket"),
        ("king - king", ParameterError, "all zeros"),
        ("@some", ExpressionError, "no selection"),
    ],
)
def test_a_query_that_cannot_be_is_refused_in_words(table, text, error, words):
    with pytest.raises(error) as refused:
        pipeline.neighbors(table, text)
    assert words in f"{refused.value} {refused.value.hint}"


def test_a_broken_row_is_refused_by_its_token(table):
    matrix = table.vectors.to_numpy().copy()
    matrix[1, 1] = np.nan
    broken = Table(table.tokens, Vectors(matrix))
    for ask in (pipeline.query, pipeline.neighbors):
        with pytest.raises(ParameterError, match="NaN"):
            ask(broken, "man")


def test_spaces_side_by_side_tell_the_rank_of_every_row_in_each(table):
    found = pipeline.compare_spaces(table, "king", 6, spaces=("raw", "centre", "remove 2"))
    assert found.spaces == ("raw", "centre", "remove 2")
    assert found.ranks.shape == (len(found.rows), 3)
    for place, name in enumerate(found.spaces):
        alone = pipeline.neighbors(table, "king", 60, space=name)
        assert found.found[place].rows.tolist() == alone.rows[:6].tolist()
        order = alone.rows.tolist()
        assert found.ranks[:, place].tolist() == [order.index(row) + 1 for row in found.rows]
    listed = {row for one in found.found for row in one.rows.tolist()}
    assert found.rows.tolist() == sorted(listed)
    assert all(found.words)


def test_rank_shifts_are_said_beside_the_first_space(table):
    found = pipeline.compare_spaces(table, "king - man + woman", 6)
    assert found.shifts(0) == ("=",) * 6
    there = found.found[0].rows.tolist()
    for place, (row, shift) in enumerate(zip(found.found[2].rows, found.shifts(2), strict=True)):
        moved = there.index(row) - place if row in there else None
        assert shift == ("new" if moved is None else f"{moved:+d}" if moved else "=")


@pytest.mark.parametrize("spaces", [(), ("raw", "raw"), ("centre", "centred"), ("sphere",)])
def test_spaces_to_compare_are_there_once_each(table, spaces):
    with pytest.raises(ParameterError):
        pipeline.compare_spaces(table, "king", spaces=spaces)


def test_a_space_that_leaves_the_query_no_direction_is_left_out_wherever_it_stands():
    vectors = np.vstack([np.zeros(4), np.random.default_rng(0).normal(size=(9, 4))])
    table = Table(tuple("abcdefghij"), Vectors(vectors.astype(np.float32)))
    spaces = ("raw", "unit", "centre")
    found = pipeline.compare_spaces(table, "a", 3, spaces=spaces, optional=spaces)
    assert found.spaces == ("centre",)
    alone = pipeline.neighbors(table, "a", 3, space="centre")
    assert found.found[0].rows.tolist() == alone.rows.tolist()
    assert list(found.missing) == ["raw", "unit"]
    with pytest.raises(ParameterError, match="no direction"):
        pipeline.compare_spaces(table, "a", 3, spaces=spaces, optional=spaces[1:])
    with pytest.raises(ParameterError, match="no direction"):
        pipeline.compare_spaces(table, "a", 3, spaces=spaces[:2], optional=spaces)


TYPED = st.one_of(
    st.text(max_size=30),
    st.lists(
        st.sampled_from(
            [
                *TOKENS,
                "king",
                "(",
                ")",
                "+",
                "-",
                "*",
                "/",
                ",",
                "mean",
                "unit",
                "#",
                "@s",
                "3",
                '"',
            ]
        ),
        max_size=12,
    ).map(" ".join),
)


@settings(max_examples=300)
@given(TYPED, st.sampled_from(["raw", "centre", "unit", "remove 2", "whiten"]))
def test_nothing_that_is_typed_raises_anything_but_an_error_of_ours(table, text, space):
    selections = {"s": np.array([4, 5])}
    for metric in METRICS:
        try:
            found = pipeline.neighbors(table, text, 3, metric, space=space, selections=selections)
        except ExplorerError:
            continue
        assert np.isfinite(found.scores).all()


@settings(max_examples=200)
@given(st.text(max_size=12), st.integers(-2, 3))
def test_no_name_of_a_space_or_metric_raises_anything_but_an_error_of_ours(table, text, k):
    for options in ({"space": text}, {"metric": text}, {"k": k}):
        try:
            pipeline.neighbors(table, "king", **{"k": 3, **options})
        except ExplorerError:
            continue


def test_reading_a_large_selection_can_be_stopped(table: Table) -> None:
    def stop(progress: Progress) -> None:
        raise Cancelled

    selections = {"selection": np.arange(20, 50)}
    with pytest.raises(Cancelled):
        pipeline.query(table, "@selection", selections, report=stop)
    with pytest.raises(Cancelled):
        pipeline.neighbors(table, "@selection", selections=selections, report=stop)


@pytest.mark.parametrize("text", ["man", '"man"', "#1", "unit(2 * man) * 0 + man"])
def test_reverse_and_mutual_neighbours_are_of_a_row_however_it_is_written(table, text):
    for function in (pipeline.reverse_neighbors, pipeline.mutual_neighbors):
        assert function(table, text, 9).rows.tolist() == function(table, 1, 9).rows.tolist()


def test_reverse_neighbours_of_what_is_no_row_are_refused_in_words(table):
    with pytest.raises(ParameterError, match="'man - woman' is no row of the table"):
        pipeline.reverse_neighbors(table, "man - woman")
    with pytest.raises(NotFoundError):
        pipeline.reverse_neighbors(table, "Word20")
    with pytest.raises(ExpressionError):
        pipeline.mutual_neighbors(table, '"man" - ')
