"""Neighbours in every space against a float64 brute force on an explicitly transformed copy."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from explorer.errors import ExplorerError, ParameterError
from explorer.nearest import METRICS, asked, best, neighbors, neighbors_of_many, ranks
from explorer.progress import Cancelled, Progress
from explorer.spaces import RAW, SPACES, Space, fit, parse_space
from explorer.table import Table, numbered_tokens
from explorer.vectors import Vectors

IMDB = Path(__file__).parents[2] / "shared" / "data" / "word2vec_imdb_10k"
NAMES = ("raw", "centre", "unit", "remove 1", "remove 3", "whiten")


def table_of(matrix, dtype=""):
    matrix = np.asarray(matrix) if dtype else np.asarray(matrix, dtype=np.float32)
    return Table(numbered_tokens(len(matrix)), Vectors(matrix, dtype))


def anisotropic(rows=400, dim=17, seed=3, stretch=30.0):
    """Rows about a mean far from the origin, with unlike variances."""
    rng = np.random.default_rng(seed)
    scales = np.geomspace(stretch, 1, dim)
    turn = np.linalg.qr(rng.normal(size=(dim, dim)))[0]
    return ((rng.normal(size=(rows, dim)) * scales) @ turn + rng.normal(size=dim) * 9).astype("f4")


def transformed(matrix, name):
    """The copy that the product never makes, in float64, from the definition of each space."""
    wide = np.asarray(matrix, dtype=np.float64)
    fit_rows = wide[np.isfinite(wide).all(axis=1)]
    if name == "raw":
        return wide
    if name == "unit":
        norms = np.linalg.norm(wide, axis=1, keepdims=True)
        return np.divide(wide, norms, out=np.zeros_like(wide), where=norms != 0)
    mean = fit_rows.mean(axis=0)
    if name == "centre":
        return wide - mean
    _, sizes, directions = np.linalg.svd(fit_rows - mean, full_matrices=False)
    if name == "whiten":
        return (wide - mean) @ directions.T * (np.sqrt(len(fit_rows)) / sizes)
    top = directions[: int(name.split()[1])]
    return (wide - mean) - (wide - mean) @ top.T @ top


def scored(copy, query, metric):
    if metric == "euclidean":
        return np.linalg.norm(copy - query, axis=1)
    with np.errstate(invalid="ignore"):
        dots = copy @ query
    if metric == "dot":
        return dots
    with np.errstate(invalid="ignore", divide="ignore"):
        return dots / (np.linalg.norm(copy, axis=1) * np.linalg.norm(query))


def assert_nearest(found, copy, query, metric, k, without=()):
    """The scores are the k best of the definition; the rows have those scores (ties aside)."""
    scores = scored(copy, query, metric)
    sign = 1 if metric == "euclidean" else -1
    usable = np.setdiff1d(np.flatnonzero(np.isfinite(scores)), without)
    order = usable[np.argsort(sign * scores[usable], kind="stable")][:k]
    scale = max(1e-30, float(np.abs(scores[usable]).max()))
    np.testing.assert_allclose(found.scores / scale, scores[order] / scale, atol=2e-6)
    np.testing.assert_allclose(scores[found.rows] / scale, scores[order] / scale, atol=2e-6)
    assert len(set(found.rows.tolist())) == len(found.rows) == len(order)
    assert not set(found.rows.tolist()) & set(without)


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("rows", [60, 5000])
def test_neighbours_are_those_of_a_transformed_copy(name, metric, rows):
    matrix = anisotropic(rows)
    copy = transformed(matrix, name)
    for row in (0, 7, rows - 1):
        found = neighbors(table_of(matrix), row, 12, metric, space=name)
        assert (found.space, found.metric, found.query_row) == (name, metric, row)
        assert_nearest(found, copy, copy[row], metric, 12, [row])


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("name", NAMES)
def test_a_vector_is_taken_to_the_space_as_a_row_is(name, metric):
    matrix = anisotropic()
    as_row = neighbors(table_of(matrix), 5, 9, metric, space=name)
    as_vector = neighbors(table_of(matrix), matrix[5], 9, metric, space=name, exclude=[5])
    assert as_row.rows.tolist() == as_vector.rows.tolist()
    assert as_vector.query_row is None


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("dtype", ["f64", "f16", "bf16"])
def test_stored_numbers_of_every_width_are_seen_in_the_space(name, metric, dtype):
    matrix = anisotropic(300, 8)
    if dtype == "bf16":
        table = table_of((matrix.view(np.uint32) >> 16).astype(np.uint16), "bf16")
    else:
        table = table_of(matrix.astype({"f64": "f8", "f16": "f2"}[dtype]), dtype)
    copy = transformed(table.vectors.exact(np.arange(300)), name)
    assert_nearest(neighbors(table, 3, 10, metric, space=name), copy, copy[3], metric, 10, [3])


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("name", NAMES)
def test_zero_rows_equal_rows_and_broken_rows_are_as_in_the_copy(name, metric):
    matrix = anisotropic(500, 9)
    matrix[[4, 90]] = 0
    matrix[[180, 20, 133]] = matrix[5]
    matrix[33, 2], matrix[77, 0] = np.nan, np.inf
    with np.errstate(invalid="ignore"):
        copy = transformed(matrix, name)
    found = neighbors(table_of(matrix), 5, 20, metric, space=name)
    assert_nearest(found, copy, copy[5], metric, 20, [5])
    assert found.left_out[0].rows == (33, 77)
    if metric != "dot":
        assert found.rows[:3].tolist() == [20, 133, 180]
    no_direction = [note.rows for note in found.left_out[1:]]
    assert no_direction == ([(4, 90)] if name in ("raw", "unit") and metric == "cosine" else [])


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("name", NAMES)
def test_a_few_rows_far_from_the_others_hide_no_neighbour(name, metric):
    matrix = anisotropic(3000, 12)
    matrix[10] *= 1e4
    matrix[11] *= 1e-4
    copy = transformed(matrix, name)
    for row in (0, 10, 11):
        found = neighbors(table_of(matrix), row, 15, metric, space=name)
        assert_nearest(found, copy, copy[row], metric, 15, [row])


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("many", [10, 1000])
def test_ranks_are_the_places_in_the_whole_list(monkeypatch, name, metric, many):
    monkeypatch.setattr("explorer.nearest._MANY", many)
    matrix = anisotropic(700, 9)
    matrix[[180, 20, 133]] = matrix[5]
    matrix[33, 2] = np.nan
    table = table_of(matrix)
    query = asked(table, 7, metric, name)
    keys = query.keys()
    whole = best(query, keys, 700).rows
    told = ranks(query, keys, whole)
    assert told.tolist() == list(range(1, len(whole) + 1))
    assert ranks(query, keys, np.array([7, 33])).tolist() == [0, 0]
    assert ranks(query, keys, whole[5:6], exclude=whole[:3].tolist()).tolist() == [3]


def test_a_row_that_is_the_mean_has_no_direction_about_it():
    matrix = np.random.default_rng(0).integers(-8, 8, size=(40, 6)).astype("f4")
    matrix = np.concatenate([matrix, -matrix, np.zeros((1, 6), "f4")]) + 3
    found = neighbors(table_of(matrix), 0, 200, space="centre")
    assert 80 not in found.rows
    assert [note.rows for note in found.left_out] == [(80,)]
    assert "no direction in the space 'centre'" in found.left_out[0].message
    with pytest.raises(ParameterError, match="all zeros in the space 'centre'"):
        neighbors(table_of(matrix), 80, space="centre")
    assert 80 in neighbors(table_of(matrix), 0, 200, "euclidean", space="centre").rows


def test_what_is_left_of_a_table_without_further_components_is_said_to_be_nothing():
    rng = np.random.default_rng(1)
    flat = rng.integers(-9, 9, size=(200, 2)) @ rng.integers(-9, 9, size=(2, 10))
    with pytest.raises(ParameterError, match="all zeros in the space 'remove 2'"):
        neighbors(table_of(flat), 0, space="remove 2")
    assert len(neighbors(table_of(flat), 0, space="remove 1").rows) == 10


def test_nothing_is_left_of_three_rows_less_their_plane():
    rows = np.random.default_rng(0).normal(size=(3, 4))
    fitted = fit(Vectors(rows.astype(np.float32)), parse_space("remove 2"))

    assert not fitted.norms.any()


def test_whitening_leaves_directions_without_variance_out():
    rng = np.random.default_rng(1)
    flat = rng.normal(size=(300, 3)) @ rng.normal(size=(3, 10))
    fitted = fit(table_of(flat).vectors, Space("whiten"))
    inside = fitted.through(flat)
    assert inside.shape == (300, 3)
    np.testing.assert_allclose(np.cov(inside.T, bias=True), np.eye(3), atol=1e-4)


def test_a_space_is_fitted_once_and_not_longer_than_its_table():
    from explorer import spaces

    before = len(spaces._fitted)
    table = table_of(anisotropic())
    assert fit(table.vectors, Space("centre")) is fit(table.vectors, Space("centre"))
    assert len(spaces._fitted) == before + 1
    del table
    assert len(spaces._fitted) == before


@pytest.mark.parametrize("name", ["centre", "remove 2", "whiten"])
def test_fitting_can_be_stopped_and_is_begun_anew(name):
    table = table_of(anisotropic(2000))
    told: list[Progress] = []

    def stop(progress: Progress) -> None:
        told.append(progress)
        raise Cancelled

    with pytest.raises(Cancelled):
        neighbors(table, 0, space=name, report=stop)
    assert told
    assert len(neighbors(table, 0, space=name).rows) == 10


@pytest.mark.parametrize("name", [*NAMES, "remove 100"])
def test_a_space_is_read_back_from_its_name(name):
    assert str(parse_space(name)) == name
    assert parse_space(name).name in SPACES


def test_other_spellings_of_a_space_are_read():
    assert parse_space(" Centred ") == parse_space("centered") == Space("centre")
    assert parse_space("remove:3") == parse_space("remove=3") == Space("remove", 3)
    assert parse_space("raw") == RAW == parse_space(RAW)


@pytest.mark.parametrize(
    "text", ["", "sphere", "remove", "remove 0", "remove 101", "centre 2", "é"]
)
def test_a_space_that_does_not_exist_is_refused(text):
    with pytest.raises(ParameterError):
        parse_space(text)


def test_a_space_that_cannot_be_fitted_is_refused_in_words():
    with pytest.raises(ParameterError, match="leave nothing"):
        neighbors(table_of(anisotropic(30, 3)), 0, space="remove 3")
    with pytest.raises(ParameterError, match="All rows are alike"):
        neighbors(table_of(np.ones((30, 3))), 0, space="whiten")


@pytest.mark.skipif(not IMDB.exists(), reason="needs the shared development data")
@pytest.mark.parametrize("name", NAMES)
def test_neighbours_among_real_words_are_those_of_a_transformed_copy(name):
    stored = np.fromfile(IMDB / "imdb_w2v_10k_200d_tensors.bytes", dtype="<f4").reshape(-1, 200)
    table, copy = table_of(stored), transformed(stored, name)
    for metric in METRICS:
        for row in (12, 4000, 9900):
            found = neighbors(table, row, 15, metric, space=name)
            assert_nearest(found, copy, copy[row], metric, 15, [row])


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("dtype", ["", "bf16"])
def test_many_queries_find_what_each_finds_alone(name, metric, dtype):
    matrix = anisotropic(6000, 10)
    matrix[[180, 20, 133]] = matrix[5]
    matrix[33, 2] = np.nan
    matrix[4000] *= 1e5
    if dtype:
        matrix = (matrix.view(np.uint32) >> 16).astype(np.uint16)
    table = table_of(matrix, dtype)
    asked_rows = np.array([5, 180, 0, 4000, 5999, *range(300, 560)])
    rows, scores = neighbors_of_many(table, asked_rows, 8, metric, space=name)
    assert rows.shape == scores.shape == (len(asked_rows), 8)
    for place, row in enumerate(asked_rows[:40]):
        alone = neighbors(table, row, 8, metric, space=name)
        assert rows[place].tolist() == alone.rows.tolist()
        np.testing.assert_allclose(scores[place], alone.scores, rtol=1e-9, atol=1e-12)


def test_many_vectors_find_what_each_finds_alone():
    table = table_of(anisotropic(2500, 10))
    queries = np.random.default_rng(0).normal(size=(7, 10)) * 5
    rows, scores = neighbors_of_many(table, queries, 30, "euclidean", space="remove 2")
    for place, query in enumerate(queries):
        alone = neighbors(table, query, 30, "euclidean", space="remove 2")
        assert rows[place].tolist() == alone.rows.tolist()
        np.testing.assert_allclose(scores[place], alone.scores)


@pytest.mark.parametrize("held", [1, 2000, 2**20])
@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("dim", [3, 400])
def test_no_neighbour_is_lost_however_often_the_bars_are_raised(monkeypatch, metric, held, dim):
    monkeypatch.setattr("explorer.nearest.batches._KEYS", 64 * 300)
    monkeypatch.setattr("explorer.nearest.batches._MOST_HELD", held)
    table = table_of(anisotropic(3000, dim))
    rows, scores = neighbors_of_many(table, np.arange(300), 20, metric, space="centre")
    for row in range(0, 300, 30):
        alone = neighbors(table, row, 20, metric, space="centre")
        assert rows[row].tolist() == alone.rows.tolist()
        assert scores[row].tolist() == alone.scores.tolist()


def test_many_queries_of_a_small_table_have_fewer_neighbours():
    matrix = np.eye(4)
    matrix[2] = 0
    rows, scores = neighbors_of_many(table_of(matrix), [0, 3], 5)
    assert rows.tolist() == [[1, 3, -1, -1, -1], [0, 1, -1, -1, -1]]
    assert np.isnan(scores[:, 2:]).all()


@pytest.mark.parametrize("limits", [("_MOST_PAIRS", "_MOST_TIMES"), ("_MOST_PADDED",)])
def test_many_queries_among_equal_rows_are_answered_too(monkeypatch, limits):
    for limit in limits:
        monkeypatch.setattr(f"explorer.nearest.batches.{limit}", 100)
    rows, _ = neighbors_of_many(table_of(np.ones((9000, 3))), [5, 8], 3)
    assert rows.tolist() == [[0, 1, 2], [0, 1, 2]]


def test_one_query_of_many_that_cannot_be_is_told():
    matrix = np.eye(4)
    matrix[2] = 0
    with pytest.raises(ParameterError, match="Row 2"):
        neighbors_of_many(table_of(matrix), [0, 2], 2)
    with pytest.raises(ParameterError, match="shape"):
        neighbors_of_many(table_of(matrix), np.ones((2, 3)), 2)
    assert neighbors_of_many(table_of(matrix), np.array([], dtype=int), 2)[0].shape == (0, 2)


@pytest.mark.parametrize("metric", ["euclidean", "dot"])
def test_rows_whose_products_leave_float32_are_compared_in_a_batch_too(metric: str):
    matrix = np.random.default_rng(4).normal(size=(40, 5)).astype(np.float32)
    matrix[5], matrix[6] = 3e38, -3e38
    rows, scores = neighbors_of_many(table_of(matrix), [1, 2], 39, metric)
    for row, near, told in zip((1, 2), rows, scores, strict=True):
        found = neighbors(table_of(matrix), row, 39, metric)
        assert near.tolist() == found.rows.tolist()
        np.testing.assert_allclose(told, found.scores, rtol=1e-12)


def firm(scores):
    """Places that no other row may take where scores may differ in their last digits."""
    apart = np.abs(np.diff(scores)) > 1e-6 * np.abs(scores).max(initial=0)
    return (np.append(True, apart) & np.append(apart, False))[: len(scores)]


NUMBERS = st.one_of(
    st.sampled_from([0.0, 1.0, -1.0, 1e-38, 1e-20, 1e20, 3e38, np.nan, np.inf, -np.inf]),
    st.floats(-10, 10, width=32),
)


@settings(max_examples=150)
@given(
    arrays(np.float32, st.tuples(st.integers(1, 30), st.integers(1, 5)), elements=NUMBERS),
    st.sampled_from(NAMES),
    st.sampled_from(METRICS),
)
def test_no_numbers_raise_anything_but_an_error_of_ours(matrix, name, metric):
    table = table_of(matrix)
    for row in (0, len(matrix) - 1):
        try:
            found = neighbors(table, row, 4, metric, space=name)
        except ExplorerError:
            continue
        assert row not in found.rows
        assert np.isfinite(matrix[found.rows]).all()
        together, scores = neighbors_of_many(table, [row], 4, metric, space=name)
        np.testing.assert_allclose(scores[0][: len(found.rows)], found.scores, rtol=1e-6)
        same = together[0][: len(found.rows)] == found.rows
        assert same[firm(found.scores)].all()
        assert same.all() or fit(table.vectors, parse_space(name)).multiplies


@settings(max_examples=100)
@given(
    arrays(
        np.float32, st.tuples(st.integers(2, 60), st.integers(2, 5)), elements=st.integers(-3, 3)
    ),
    st.sampled_from(["raw", "centre", "unit"]),
    st.sampled_from(METRICS),
    st.integers(1, 70),
)
def test_lists_among_many_ties_are_those_of_a_transformed_copy(matrix, name, metric, k):
    copy = transformed(matrix, name)
    try:
        found = neighbors(table_of(matrix), 0, k, metric, space=name)
    except ExplorerError:
        assert metric != "euclidean"
        assert np.linalg.norm(copy[0]) < 1e-12
        return
    scores = scored(copy, copy[0], metric)
    lengths = np.linalg.norm(copy, axis=1)
    usable = np.flatnonzero(lengths > 1e-12) if metric == "cosine" else np.arange(len(copy))
    usable = usable[usable != 0]
    best = np.sort(scores[usable] if metric == "euclidean" else -scores[usable])[:k]
    np.testing.assert_allclose(np.abs(found.scores), np.abs(best), atol=1e-7)
    np.testing.assert_allclose(scores[found.rows], found.scores, atol=1e-7)
    ties = np.diff(found.scores) == 0
    assert (np.diff(found.rows)[ties] > 0).all()
