import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer import neighborhoods, pipeline
from explorer.all_pairs import AllNearest, all_nearest
from explorer.errors import ExplorerError, NotFoundError, ParameterError
from explorer.metrics import METRICS
from explorer.neighborhoods import hubs
from explorer.progress import Cancelled
from explorer.table import Table
from explorer.vectors import Vectors

ZERO = 6


def table_of(matrix):
    return Table(tuple(f"t{row}" for row in range(len(matrix))), Vectors(matrix))


@pytest.fixture(scope="module")
def table():
    matrix = np.random.default_rng(0).normal(size=(300, 30)).astype(np.float32)
    matrix[ZERO] = 0
    return table_of(matrix)


def lists(table, k, metric):
    return all_nearest(table, k, metric, kept=False).rows.tolist()


def test_hubs_count_in_how_many_lists_a_row_stands(table):
    found = pipeline.hubs(table, 5)
    every = lists(table, 5, "cosine")
    expected = [sum(row in near for near in every) for row in range(300)]
    assert found.counts.tolist() == expected
    assert found.counts.sum() == 5 * 299
    assert found.never == sum(count == 0 for row, count in enumerate(expected) if row != ZERO)
    assert ZERO not in found.antihubs
    ordered = found.counts[found.order].tolist()
    assert ordered == sorted(ordered, reverse=True)
    assert len(found.order) == 299
    assert found.shares().max() == max(expected) / 298


def test_skewness_is_that_of_the_counts(table):
    from scipy.stats import skew

    found = pipeline.hubs(table, 5, "euclidean")
    assert found.skewness == pytest.approx(skew(found.counts), rel=1e-12)


def test_rows_that_are_neighbours_equally_often_are_not_skewed():
    circle = np.array([[1], [2], [3], [0]], np.int32)
    found = hubs(AllNearest("cosine", circle, np.ones((4, 1), np.float32)))
    assert (found.skewness, found.never) == (0.0, 0)
    assert found.verdict().startswith("Even")


def test_one_row_near_to_all_is_told_as_a_hub():
    star = np.zeros((200, 1), np.int32)
    star[0] = 1
    found = hubs(AllNearest("cosine", star, np.ones((200, 1), np.float32)))
    assert found.order[:2].tolist() == [0, 1]
    assert found.never == 198
    assert found.verdict().startswith("Very uneven")


def test_the_counts_become_a_column(table):
    found = pipeline.hubs(table, 5)
    column = pipeline.hub_column(found)
    assert column.values.tolist() == found.counts.tolist()
    assert "k=5" in column.name


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("row", [0, 17, 299])
def test_reverse_neighbours_are_the_rows_in_whose_lists_a_row_stands(table, metric, row):
    found = pipeline.reverse_neighbors(table, row, 5, metric)
    every = lists(table, 5, metric)
    assert sorted(found.rows.tolist()) == [other for other in range(300) if row in every[other]]
    scores = found.scores.tolist()
    assert scores == sorted(scores, reverse=metric != "euclidean")
    assert (found.query_row, found.metric) == (row, metric)


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("row", [0, 17, 299])
def test_mutual_neighbours_have_each_other(table, metric, row):
    table = table_of(table.vectors.to_numpy())  # of which nothing is known yet
    found = pipeline.mutual_neighbors(table, row, 8, metric)
    every = lists(table, 8, metric)
    assert found.rows.tolist() == [near for near in every[row] if row in every[near]]


def test_tokens_name_rows(table):
    assert pipeline.mutual_neighbors(table, "t17").query_row == 17
    assert pipeline.reverse_neighbors(table, "#17").query_row == 17


def test_of_more_neighbours_than_there_are_rows_all_are_mutual():
    table = table_of(np.random.default_rng(1).normal(size=(6, 3)).astype(np.float32))
    assert sorted(pipeline.mutual_neighbors(table, 2, 10**20).rows) == [0, 1, 3, 4, 5]


@pytest.mark.parametrize("metric", METRICS)
def test_a_row_that_no_other_can_be_compared_with_has_no_mutual_neighbours(metric):
    alone = np.array([[1, 2], [np.nan, 1]], np.float32)
    for matrix in (alone, alone[:1]):
        assert pipeline.mutual_neighbors(table_of(matrix), 0, 3, metric).rows.tolist() == []


def test_many_mutual_neighbours_are_asked_for_a_few_at_once(monkeypatch):
    table = table_of(np.random.default_rng(1).normal(size=(300, 3)).astype(np.float32))
    expected = pipeline.mutual_neighbors(table, 2, 150).rows
    monkeypatch.setattr(neighborhoods, "_NUMBERS", 1500)
    together, asked = [], neighborhoods.neighbors_of_many

    def noted(table, rows, *arguments, **named):
        together.append(len(rows))
        return asked(table, rows, *arguments, **named)

    monkeypatch.setattr(neighborhoods, "neighbors_of_many", noted)
    assert pipeline.mutual_neighbors(table, 2, 150).rows.tolist() == expected.tolist()
    assert 100 < len(expected) < 150
    assert max(together) == 10


@pytest.mark.parametrize("ask", [pipeline.reverse_neighbors, pipeline.mutual_neighbors])
def test_a_row_must_be_there_and_be_comparable(table, ask):
    for missing in (300, -1, "t300"):
        with pytest.raises(NotFoundError):
            ask(table, missing)
    with pytest.raises(ParameterError, match=r"Row 6 .'t6'. cannot be compared"):
        ask(table, ZERO)


# --- the graph -----------------------------------------------------------------------------------


def test_the_graph_holds_the_nearest_and_their_nearest(table):
    every = lists(table, 4, "cosine")
    graph = pipeline.neighbor_graph(table, np.array([17]), 4)
    first = set(every[17])
    second = {row for near in first for row in every[near]} - first - {17}
    assert graph.rows[graph.step == 0].tolist() == [17]
    assert set(graph.rows[graph.step == 1].tolist()) == first
    assert set(graph.rows[graph.step == 2].tolist()) == second
    directed = {(row, near) for row in (17, *first) for near in every[row]}
    edges = [tuple(edge) for edge in graph.edges.tolist()]
    assert set(edges) <= directed
    assert {frozenset(edge) for edge in edges} == {frozenset(edge) for edge in directed}
    assert len({frozenset(edge) for edge in edges}) == len(edges)
    both = [(near, row) in directed for row, near in edges]
    assert graph.mutual.tolist() == both
    assert graph.whole


def test_edges_carry_the_similarity_of_their_ends(table):
    graph = pipeline.neighbor_graph(table, np.array([3, 40]), 3)
    wide = table.vectors.to_numpy().astype(np.float64)
    one, other = (wide[graph.edges[:, side]] for side in (0, 1))
    cosines = (one * other).sum(1) / np.linalg.norm(one, axis=1) / np.linalg.norm(other, axis=1)
    np.testing.assert_allclose(graph.scores, cosines, atol=1e-6)


def test_a_graph_too_large_holds_the_nearest_and_says_so(table):
    graph = pipeline.neighbor_graph(table, np.array([17]), 10, most=30)
    assert len(graph.rows) == 30
    assert not graph.whole
    assert np.isin(graph.edges, graph.rows).all()


def test_rows_without_direction_stand_alone_in_the_graph(table):
    graph = pipeline.neighbor_graph(table, np.array([ZERO]), 3)
    assert graph.rows.tolist() == [ZERO]
    assert len(graph.edges) == 0


@pytest.mark.parametrize("wrong", [{"steps": 0}, {"k": 0}, {"most": 1}, {"metric": "none"}])
def test_a_graph_that_makes_no_sense_is_refused(table, wrong):
    with pytest.raises(ParameterError):
        pipeline.neighbor_graph(table, np.array([1, 2]), **wrong)


def test_a_graph_needs_rows_that_are_there(table):
    with pytest.raises(ParameterError, match="no rows"):
        pipeline.neighbor_graph(table, np.array([], np.int64))
    with pytest.raises(NotFoundError):
        pipeline.neighbor_graph(table, np.array([300]))


def test_counting_can_be_stopped():
    def stop(progress):
        raise Cancelled

    table = table_of(np.random.default_rng(9).normal(size=(50, 4)).astype(np.float32))
    with pytest.raises(Cancelled):
        pipeline.hubs(table, report=stop)


@pytest.mark.parametrize("metric", ["cosine", "dot"])
def test_rows_of_zeros_make_no_hubs(metric):
    matrix = np.random.default_rng(3).normal(size=(60, 4)).astype(np.float32)
    matrix[20:50] = 0
    found = pipeline.hubs(table_of(matrix), 3, metric)
    assert found.counts.sum() == 30 * 3
    assert not found.compared[20:50].any()
    assert np.isin(found.antihubs, np.flatnonzero(found.compared)).all()


def test_a_graph_may_have_more_steps_than_a_byte_counts():
    line = table_of(np.arange(300, dtype=np.float32)[:, None])
    found = pipeline.neighbor_graph(line, np.array([0]), 2, 299, "euclidean")
    assert dict(zip(found.rows.tolist(), found.step.tolist(), strict=True))[299] == found.step.max()
    assert found.step.min() == 0
    assert len(found.rows) == 300


_ANYTHING = table_of(np.random.default_rng(5).normal(size=(30, 3)).astype(np.float32))


@given(
    st.one_of(st.text(max_size=6), st.from_regex(r"#[0-9]{1,20}"), st.integers(-40, 40)),
    st.integers(-1, 40),
    st.sampled_from([*METRICS, "", "Cosine"]),
)
def test_whatever_is_asked_for_is_answered_or_refused(query, k, metric):
    for ask in (pipeline.reverse_neighbors, pipeline.mutual_neighbors):
        try:
            found = ask(_ANYTHING, query, k, metric)
        except ExplorerError:
            continue
        assert len(found.rows) <= 29
