import numpy as np
import pytest
from sklearn.manifold import trustworthiness

from explorer.components import principal_components
from explorer.errors import NotFoundError, ParameterError
from explorer.metrics import DISTANCES
from explorer.progress import Cancelled
from explorer.quality import KS, agreement, believe, measure
from explorer.table import Table, numbered_tokens
from explorer.vectors import Vectors


def table_of(matrix, dtype=""):
    matrix = np.asarray(matrix) if dtype else np.asarray(matrix, dtype=np.float32)
    return Table(numbered_tokens(len(matrix)), Vectors(matrix, dtype))


@pytest.fixture(scope="module")
def words(shared_data):
    """2,000 real word vectors of 200 numbers."""
    stored = np.fromfile(
        shared_data / "word2vec_imdb_10k" / "imdb_w2v_10k_200d_tensors.bytes", dtype="<f4"
    )
    return stored.reshape(-1, 200)[:2000]


@pytest.fixture
def matrix():
    return np.random.default_rng(0).normal(size=(250, 12)).astype(np.float32)


def plane(matrix):
    return principal_components(Vectors(matrix), 2).scores


def distances_in(points, metric):
    """All distances in float64, infinite from a row to itself."""
    wide = points.astype(np.float64)
    if metric == "cosine":
        wide /= np.linalg.norm(wide, axis=1)[:, None]
    squares = np.square(wide).sum(axis=1)
    distances = squares[:, None] + squares[None] - 2 * wide @ wide.T
    np.fill_diagonal(distances, np.inf)
    return distances


def ranks_in(distances):
    """Rank of every row among the neighbours of every other one, from 1."""
    ranks = np.empty(distances.shape, dtype=np.int64)
    order = np.argsort(distances, axis=1, kind="stable")
    np.put_along_axis(ranks, order, np.arange(1, len(ranks) + 1)[None], axis=1)
    return ranks


def defined(ranks, others, k):
    """(Venna and Kaski's measure, share kept of each row) by definition: `ranks` of the rows that
    are among the first k of `others`."""
    n, near = len(ranks), others <= k
    penalty = (np.maximum(ranks - k, 0) * near).sum()
    kept = ((ranks <= k) & near).sum(axis=1) / k
    return 1 - 2 * penalty / (n * k * (2 * n - 3 * k - 1)), kept


@pytest.mark.parametrize("metric", DISTANCES)
def test_a_map_of_real_words_is_measured_as_scikit_learn_and_the_definition_do(words, metric):
    drawn = plane(words)
    quality = measure(table_of(words), drawn, metric=metric)
    assert (quality.ks, quality.rows, quality.sampled) == (KS, 2000, 0)
    in_table, on_map = ranks_in(distances_in(words, metric)), ranks_in(distances_in(drawn, ""))
    for place, k in enumerate(KS):
        peer = trustworthiness(words, drawn, n_neighbors=k, metric=metric)
        assert quality.trustworthiness[place] == pytest.approx(peer, abs=1e-6)
        continuity, kept = defined(on_map, in_table, k)
        assert quality.continuity[place] == pytest.approx(continuity, abs=1e-6)
        assert quality.kept[place] == pytest.approx(kept.mean(), abs=1e-6)
        np.testing.assert_allclose(quality.kept_rows[place], kept, atol=1e-6)


def test_three_dimensions_are_measured_as_two_are(matrix):
    drawn = principal_components(Vectors(matrix), 3).scores
    quality = measure(table_of(matrix), drawn, ks=[7], metric="euclidean")
    assert quality.trustworthiness[0] == pytest.approx(
        trustworthiness(matrix, drawn, n_neighbors=7), abs=1e-6
    )


def test_a_map_that_is_the_table_itself_is_perfect(matrix):
    quality = measure(table_of(matrix[:, :2]), matrix[:, :2] * 3 + 1, metric="euclidean")
    assert quality.trustworthiness == quality.continuity == quality.kept == (1.0, 1.0, 1.0)
    assert (quality.kept_rows == 1).all()


def test_rows_without_a_place_and_broken_rows_count_on_neither_side(matrix):
    drawn, broken = plane(matrix), matrix.copy()
    drawn[40], broken[80], broken[120] = np.nan, np.inf, 0
    for metric, out in (("euclidean", [40, 80]), ("cosine", [40, 80, 120])):
        some = measure(table_of(broken), drawn, ks=[5], metric=metric)
        rest = np.delete(np.arange(250), out)
        alone = measure(table_of(broken[rest]), drawn[rest], ks=[5], metric=metric)
        assert some.rows == len(rest)
        assert some.trustworthiness == alone.trustworthiness
        assert some.continuity == alone.continuity
        assert np.flatnonzero(np.isnan(some.kept_rows[0])).tolist() == out
        np.testing.assert_array_equal(some.kept_rows[0, rest], alone.kept_rows[0])


def test_equal_rows_in_any_order_on_the_map_cost_nothing():
    rng = np.random.default_rng(3)
    centres = np.repeat(rng.normal(size=(6, 9)), 50, axis=0)
    drawn = np.repeat(np.arange(6)[:, None] * [100.0, 0], 50, axis=0) + rng.normal(size=(300, 2))
    for metric in DISTANCES:
        quality = measure(table_of(centres), drawn, ks=[10], metric=metric)
        assert (quality.trustworthiness, quality.kept) == ((1.0,), (1.0,))


def test_a_table_of_equal_rows_has_nothing_to_be_got_wrong():
    table = table_of(np.ones((50, 4)))
    for drawn in (np.zeros((50, 2)), np.random.default_rng(0).normal(size=(50, 2))):
        assert measure(table, drawn, ks=[5]).trustworthiness == (1.0,)


def test_a_large_table_is_measured_by_a_seeded_sample_against_all_rows(matrix, monkeypatch):
    drawn = plane(matrix)
    whole = measure(table_of(matrix), drawn, ks=[5, 10])
    monkeypatch.setattr("explorer.quality.EXACT_ROWS", 200)
    monkeypatch.setattr("explorer.quality._SAMPLE", 60)
    monkeypatch.setattr("explorer.quality._LEAST_SAMPLE", 60)
    some = measure(table_of(matrix), drawn, ks=[5, 10], seed=4)
    assert (some.rows, some.sampled, some.seed) == (250, 60, 4)
    measured = np.flatnonzero(~np.isnan(some.kept_rows[0]))
    assert len(measured) == 60
    np.testing.assert_array_equal(some.kept_rows[:, measured], whole.kept_rows[:, measured])
    assert some.kept[1] == pytest.approx(whole.kept_rows[1, measured].mean())
    assert some.as_dict() == measure(table_of(matrix), drawn, ks=[5, 10], seed=4).as_dict()
    assert some.trustworthiness != measure(table_of(matrix), drawn, seed=5).trustworthiness[:2]
    assert "60 rows sampled" in some.verdict()


@pytest.mark.parametrize("metric", DISTANCES)
def test_a_table_too_wide_to_be_widened_is_measured_alike(matrix, metric, monkeypatch):
    whole = measure(table_of(matrix), plane(matrix), metric=metric)
    monkeypatch.setattr("explorer.ranks._WIDENED", 0)
    monkeypatch.setattr("explorer.ranks._BASE_ROWS", 33)
    monkeypatch.setattr("explorer.quality._STREAMED", 5000)
    assert measure(table_of(matrix), plane(matrix), metric=metric).as_dict() == whole.as_dict()


def test_a_bfloat16_table_is_measured_as_its_float32_form(matrix):
    bits = (matrix.view(np.uint32) >> 16).astype(np.uint16)
    half = table_of(bits, "bf16")
    wide = table_of(half.vectors.to_numpy())
    drawn = plane(matrix)
    assert measure(half, drawn).as_dict() == measure(wide, drawn).as_dict()


def test_neighbourhoods_of_half_a_small_table_are_lowered_and_said(matrix):
    quality = measure(table_of(matrix[:41]), plane(matrix[:41]))
    assert quality.ks == (10, 20)
    assert quality.notes == ("k = 30, 100 lowered to 20: there are 41 rows to compare.",)


def test_the_verdict_is_one_line_and_names_metric_and_k(matrix):
    quality = measure(table_of(matrix), plane(matrix), ks=[30, 10])
    line = quality.verdict(30)
    assert line.startswith(f"neighbours kept {100 * quality.kept[1]:.0f} % · trustworthiness 0.")
    assert line.endswith("at k = 30 (cosine)")
    assert quality.verdict().endswith("at k = 10 (cosine)")
    with pytest.raises(ParameterError, match="10, 30"):
        quality.verdict(20)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"metric": "dot"}, "cosine, euclidean"),
        ({"ks": [0]}, "at least one row"),
        ({"ks": []}, "at least one row"),
    ],
)
def test_what_cannot_be_measured_is_refused(matrix, change, problem):
    with pytest.raises(ParameterError, match=problem):
        measure(table_of(matrix), plane(matrix), **change)


def test_coordinates_of_another_table_are_refused(matrix):
    with pytest.raises(ParameterError, match="250 rows"):
        measure(table_of(matrix), plane(matrix)[:100])
    with pytest.raises(ParameterError, match="Only 2 rows"):
        measure(table_of(matrix[:2]), plane(matrix[:2]))


def test_a_report_that_raises_stops_the_measuring(matrix):
    def stop(progress):
        raise Cancelled

    with pytest.raises(Cancelled):
        measure(table_of(matrix), plane(matrix), report=stop)
    with pytest.raises(Cancelled):
        agreement(plane(matrix), plane(matrix), report=stop)


# --- one row ------------------------------------------------------------------------------------


@pytest.mark.parametrize("metric", DISTANCES)
def test_one_row_is_believed_as_it_was_measured(words, metric):
    drawn, table = plane(words).copy(), table_of(words)
    drawn[3] = np.nan
    rest = np.delete(np.arange(2000), 3)
    quality = measure(table, drawn, ks=[10], metric=metric)
    in_table = ranks_in(distances_in(words[rest], metric))
    on_map = ranks_in(distances_in(drawn[rest], ""))
    for row in (0, 4, 1234, 1999):
        found, own = believe(table, drawn, row, metric=metric), np.searchsorted(rest, row)
        assert found.kept == pytest.approx(quality.kept_rows[0, row])
        assert found.true_rows.tolist() == rest[np.argsort(in_table[own])[:10]].tolist()
        assert found.map_rows.tolist() == rest[np.argsort(on_map[own])[:10]].tolist()
        assert (
            found.map_ranks.tolist() == on_map[own, np.searchsorted(rest, found.true_rows)].tolist()
        )
        assert (
            found.true_ranks.tolist()
            == in_table[own, np.searchsorted(rest, found.map_rows)].tolist()
        )


def test_missing_neighbours_come_farthest_first_and_false_ones_nearest_first(matrix):
    found = believe(table_of(matrix), plane(matrix), 8)
    assert found.k == 10
    assert set(found.missing) == set(found.true_rows) - set(found.map_rows)
    assert set(found.false) == set(found.map_rows) - set(found.true_rows)
    ranks = dict(zip(found.true_rows.tolist(), found.map_ranks.tolist(), strict=True))
    assert [ranks[row] for row in found.missing.tolist()] == sorted(
        (rank for rank in ranks.values() if rank > 10), reverse=True
    )
    assert found.false.tolist() == [row for row in found.map_rows if row in found.false]


@pytest.mark.parametrize("metric", DISTANCES)
def test_ranks_are_exact_where_rows_lie_within_rounding_of_each_other(metric):
    rng = np.random.default_rng(5)
    near = (rng.normal(size=(1, 40)) + 1e-4 * rng.normal(size=(800, 40))).astype(np.float32)
    found = believe(table_of(near), plane(near), 1, metric=metric)
    in_table = ranks_in(distances_in(near, metric))[1]
    assert found.true_rows.tolist() == np.argsort(in_table)[:10].tolist()
    assert found.true_ranks.tolist() == in_table[found.map_rows].tolist()


def test_a_row_that_is_not_on_the_map_is_refused(matrix):
    drawn = plane(matrix).copy()
    drawn[[7, 249]] = np.nan
    for row in (7, 249):
        with pytest.raises(ParameterError, match="not on the map"):
            believe(table_of(matrix), drawn, row)
    alone = np.full_like(drawn, np.nan)
    alone[3] = 1.0
    with pytest.raises(ParameterError, match="only one"):
        believe(table_of(matrix), alone, 3)
    for row in (-1, 250):
        with pytest.raises(NotFoundError, match="0 to 249"):
            believe(table_of(matrix), drawn, row)


# --- two maps -----------------------------------------------------------------------------------


def test_a_map_agrees_with_itself_turned_and_grown(matrix):
    drawn = plane(matrix)
    found = agreement(drawn, drawn[:, ::-1] * 7 + 3)
    assert found.mean == 1
    assert (found.jaccard == 1).all()


def test_agreement_is_the_jaccard_index_of_the_neighbours(matrix):
    first, second = matrix[:, :2].copy(), matrix[:, 1:4].copy()
    first[0], second[9] = np.nan, np.nan
    found = agreement(first, second, k=12)
    rest = np.delete(np.arange(250), [0, 9])
    near = [ranks_in(distances_in(points[rest], "")) <= 12 for points in (first, second)]
    expected = (near[0] & near[1]).sum(axis=1) / (near[0] | near[1]).sum(axis=1)
    np.testing.assert_allclose(found.jaccard[rest], expected, rtol=1e-6)
    assert np.flatnonzero(np.isnan(found.jaccard)).tolist() == [0, 9]
    assert found.mean == pytest.approx(expected.mean(), rel=1e-6)


def test_rows_drawn_at_one_place_are_not_their_own_neighbours():
    places = np.zeros((40, 2))
    assert agreement(places, places, k=5).mean == 1


def test_maps_that_share_too_few_rows_are_refused(matrix):
    with pytest.raises(ParameterError, match="250 rows on both maps"):
        agreement(matrix[:, :2], matrix[:, :2], k=250)
    with pytest.raises(ParameterError, match="no map of 250 rows"):
        agreement(matrix[:, :2], matrix[:100, :2])
