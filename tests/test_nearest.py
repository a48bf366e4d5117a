import json
from pathlib import Path

import numpy as np
import pytest

from explorer.errors import NotFoundError, ParameterError
from explorer.nearest import METRICS, neighbors, neighbors_of_many
from explorer.progress import Cancelled, Progress
from explorer.table import Table, numbered_tokens
from explorer.vectors import Vectors

IMDB = Path(__file__).parents[2] / "shared" / "data" / "word2vec_imdb_10k"


def table_of(matrix, dtype=""):
    matrix = np.asarray(matrix) if dtype else np.asarray(matrix, dtype=np.float32)
    return Table(numbered_tokens(len(matrix)), Vectors(matrix, dtype))


@pytest.fixture
def table():
    return table_of(np.random.default_rng(3).normal(size=(500, 24)))


def ranked(matrix, query, metric, without):
    """(rows, scores) by the definition, in float64."""
    wide, query = matrix.astype(np.float64), np.asarray(query, dtype=np.float64)
    distances = np.sqrt(((wide - query) ** 2).sum(axis=1))
    scores = distances if metric == "euclidean" else wide @ query
    if metric == "cosine":
        scores = scores / (np.linalg.norm(wide, axis=1) * np.linalg.norm(query))
    order = np.argsort(scores if metric == "euclidean" else -scores, kind="stable")
    order = order[~np.isin(order, without)]
    return order, scores[order]


@pytest.mark.parametrize("metric", METRICS)
def test_neighbours_of_a_row_are_those_of_the_definition(table, metric):
    found = neighbors(table, 7, 10, metric)
    rows, scores = ranked(table.vectors.to_numpy(), table.vectors.rows(7), metric, [7])
    assert found.rows.tolist() == rows[:10].tolist()
    np.testing.assert_allclose(found.scores, scores[:10], rtol=1e-12)
    assert (found.query_row, found.metric, found.space) == (7, metric, "raw")


@pytest.mark.parametrize("metric", METRICS)
def test_a_vector_query_may_find_every_row(table, metric):
    query = table.vectors.rows(7).astype(np.float64) * 3.7
    found = neighbors(table, query, 5, metric)
    rows, _ = ranked(table.vectors.to_numpy(), query, metric, [])
    assert found.rows.tolist() == rows[:5].tolist()
    assert found.query_row is None


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("scale", [1e-12, 1.0, 1e15])
def test_no_neighbour_is_lost_to_rounding_when_rows_lie_close_together(metric, scale):
    rng = np.random.default_rng(5)
    near = rng.normal(size=(1, 64)) + 1e-6 * rng.normal(size=(3000, 64))
    table = table_of(near * scale)
    found = neighbors(table, 0, 20, metric)
    rows, _ = ranked(table.vectors.to_numpy(), table.vectors.rows(0), metric, [0])
    assert set(found.rows.tolist()) == set(rows[:20].tolist())


def test_excluded_rows_are_not_in_the_answer(table):
    best = neighbors(table, 7, 3).rows.tolist()
    assert neighbors(table, 7, 2, exclude=best[:1]).rows.tolist() == best[1:]


def test_equal_scores_stand_in_the_order_of_their_rows():
    rng = np.random.default_rng(1)
    matrix = rng.normal(size=(200, 33))
    matrix[[180, 20, 90, 133]] = matrix[5]
    for metric in ("cosine", "euclidean"):
        found = neighbors(table_of(matrix), matrix[5], 5, metric)
        assert found.rows.tolist() == [5, 20, 90, 133, 180]


def test_fewer_rows_than_asked_for_gives_all_of_them():
    assert neighbors(table_of(np.eye(4)), 0, 10).rows.tolist() == [1, 2, 3]


def test_zero_rows_are_left_out_of_cosine_and_said():
    matrix = np.eye(4)
    matrix[2] = 0
    found = neighbors(table_of(matrix), 0, 10)
    assert found.rows.tolist() == [1, 3]
    assert [note.rows for note in found.left_out] == [(2,)]
    assert "zeros" in found.left_out[0].message
    assert 2 in neighbors(table_of(matrix), 0, 10, "euclidean").rows


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_rows_with_nan_or_infinities_are_left_out_and_said(metric, bad):
    matrix = np.random.default_rng(0).normal(size=(6, 3))
    matrix[4, 1] = bad
    found = neighbors(table_of(matrix), 0, 10, metric)
    assert sorted(found.rows.tolist()) == [1, 2, 3, 5]
    assert [note.rows for note in found.left_out] == [(4,)]


def test_a_bfloat16_table_has_the_neighbours_of_its_float32_form():
    matrix = np.random.default_rng(2).normal(size=(300, 16)).astype(np.float32)
    bits = (matrix.view(np.uint32) >> 16).astype(np.uint16)
    half = table_of(bits, "bf16")
    wide = table_of(half.vectors.to_numpy())
    assert neighbors(half, 3).rows.tolist() == neighbors(wide, 3).rows.tolist()


def test_neighbours_do_not_depend_on_the_size_of_a_block(table, monkeypatch):
    whole = neighbors(table, 7, 10)
    monkeypatch.setattr("explorer.vectors._BLOCK_BYTES", 24 * 4 * 3)
    blocked = neighbors(table, 7, 10)
    assert whole.rows.tolist() == blocked.rows.tolist()
    assert whole.scores.tobytes() == blocked.scores.tobytes()


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ([0.0, 0.0, 0.0], "no direction"),
        ([np.nan, 0.0, 1.0], "NaN"),
        ([1.0, 2.0], "shape"),
        (2, "Row 2 ('<row 2>') is all zeros"),
    ],
)
def test_a_query_without_neighbours_is_refused_in_words(query, problem):
    with pytest.raises(ParameterError) as refused:
        neighbors(table_of(np.diag([1.0, 1.0, 0.0])), query)
    assert problem in str(refused.value)


def test_an_absent_row_is_not_found(table):
    for row in (-1, 500):
        with pytest.raises(NotFoundError, match="0 to 499"):
            neighbors(table, row)


def test_an_unknown_metric_and_a_k_of_zero_are_refused(table):
    with pytest.raises(ParameterError, match="cosine, euclidean, dot"):
        neighbors(table, 0, metric="manhattan")
    with pytest.raises(ParameterError, match="at least 1"):
        neighbors(table, 0, 0)


def test_a_report_that_raises_stops_the_search(table):
    def stop(progress: Progress) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        neighbors(table, 0, report=stop)


@pytest.mark.skipif(not IMDB.exists(), reason="needs the shared development data")
def test_the_lists_of_the_imdb_table_are_the_known_ones():
    expected = json.loads((IMDB / "expected.json").read_text())
    stored = np.fromfile(IMDB / "imdb_w2v_10k_200d_tensors.bytes", dtype="<f4")
    table = table_of(stored.reshape(expected["rows"], expected["dim"]))
    for known in expected["neighbours"].values():
        for metric, key in (("cosine", "cosine_top"), ("euclidean", "euclid_top")):
            found = neighbors(table, known["row"], 10, metric)
            assert found.rows.tolist() == [row for _, row, _ in known[key]]
            np.testing.assert_allclose(found.scores, [s for *_, s in known[key]], atol=1e-5)


def test_float64_neighbours_are_told_apart_by_their_last_digits():
    matrix = np.ones((40, 3))
    matrix[:, 1] += np.arange(40) * 1e-13
    matrix[1:] = matrix[1:][np.random.default_rng(0).permutation(39)]
    found = neighbors(Table(numbered_tokens(40), Vectors(matrix)), 0, 5, "euclidean")
    rows, scores = ranked(matrix, matrix[0], "euclidean", [0])
    assert found.rows.tolist() == rows[:5].tolist()
    np.testing.assert_array_equal(found.scores, scores[:5])


@pytest.mark.parametrize("scale", [1e-60, 1e-170])
def test_float64_rows_far_below_float32_have_the_same_cosine_neighbours(scale):
    matrix = np.random.default_rng(1).normal(size=(3000, 8))
    plain = neighbors(Table(numbered_tokens(3000), Vectors(matrix)), 5, 10)
    tiny = neighbors(Table(numbered_tokens(3000), Vectors(matrix * scale)), 5, 10)
    assert tiny.rows.tolist() == plain.rows.tolist()
    np.testing.assert_allclose(tiny.scores, plain.scores, rtol=1e-12)


def test_rows_too_large_for_float32_are_left_out_and_said():
    matrix = np.array([[1.0, 0.0], [1e200, 0.0], [1.0, 1.0]])
    table = Table(numbered_tokens(3), Vectors(matrix))
    found = neighbors(table, 0, 5)
    assert found.rows.tolist() == [2]
    assert [note.rows for note in found.left_out] == [(1,)]
    with pytest.raises(ParameterError, match="too large for float32"):
        neighbors(table, 1, 5)


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("size", [1e19, 1e39, 1e100])
def test_a_query_beyond_float32_has_its_neighbours(metric: str, size: float):
    matrix = np.random.default_rng(4).normal(size=(60, 5)).astype(np.float32)
    table, query = table_of(matrix), matrix[3].astype(np.float64) * size
    found = neighbors(table, query, 60, metric)
    together, scores = neighbors_of_many(table, np.stack([query, query / size]), 60, metric)
    assert sorted(found.rows.tolist()) == list(range(60))
    assert found.rows.tolist() == together[0].tolist()
    np.testing.assert_allclose(scores[0], found.scores, rtol=1e-12)
    wide = matrix.astype(np.float64)
    if metric == "dot":
        np.testing.assert_allclose(found.scores, wide[found.rows] @ query, rtol=1e-9)


@pytest.mark.parametrize("metric", METRICS)
def test_a_query_whose_square_float64_cannot_hold_is_refused(metric: str):
    table = table_of(np.eye(4, dtype=np.float32))
    query = np.array([1e200, 0, 0, 1])
    with pytest.raises(ParameterError, match="too large to be compared"):
        neighbors(table, query, 2, metric)
    with pytest.raises(ParameterError, match="too large to be compared"):
        neighbors_of_many(table, query[None], 2, metric)
