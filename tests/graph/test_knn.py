import numpy as np
import pytest

from explorer.errors import ParameterError
from explorer.graph import knn_graph, knn_of
from explorer.metrics import DISTANCES
from explorer.progress import Cancelled


@pytest.fixture
def points():
    return np.random.default_rng(0).normal(size=(300, 8)).astype(np.float32)


def test_neighbours_are_those_of_the_definition_nearest_first(points):
    rows, distances = knn_graph(points, 7)
    wide = points.astype(np.float64)
    every = np.linalg.norm(wide[:, None] - wide[None], axis=2)
    np.fill_diagonal(every, np.inf)
    assert (rows == np.argsort(every, axis=1)[:, :7]).all()
    np.testing.assert_allclose(distances, np.sort(every, axis=1)[:, :7], rtol=1e-5)


@pytest.mark.parametrize(("k", "rows"), [(1, 4000), (7, 4000), (300, 4000), (60, 131), (130, 131)])
def test_no_neighbour_is_lost_whatever_the_shape(k, rows):
    points = np.random.default_rng(k).normal(size=(rows, 5)).astype(np.float32)
    points[:, 0] *= 30
    found, distances = knn_graph(points, k)
    for row in (0, 1, rows // 2, rows - 1):
        every = distances_to(points, points[row])
        every[row] = np.inf
        assert (found[row] == np.argsort(every, kind="stable")[:k]).all()
        np.testing.assert_allclose(distances[row], np.sort(every)[:k], rtol=1e-5)


def distances_to(points, query):
    return np.linalg.norm(points.astype(np.float64) - query.astype(np.float64), axis=1)


@pytest.mark.parametrize("changed", ["_QUERIES", "_TILE"])
def test_the_graph_does_not_depend_on_the_size_of_a_block(points, monkeypatch, changed):
    rows, distances = knn_graph(points, 7)
    monkeypatch.setattr(f"explorer.graph.knn.{changed}", 24)
    again, again_distances = knn_graph(points, 7)
    assert (rows == again).all()
    assert (distances == again_distances).all()


def test_rows_far_from_the_origin_and_close_together_keep_their_order():
    rng = np.random.default_rng(4)
    points = (1000 + 1e-3 * rng.normal(size=(3000, 20))).astype(np.float32)
    points[0] = 5000
    rows, distances = knn_graph(points, 10)
    for row in (1, 1500, 2999):
        every = distances_to(points, points[row])
        every[row] = np.inf
        np.testing.assert_allclose(distances[row], np.sort(every)[:10], rtol=1e-6)
        np.testing.assert_allclose(every[rows[row]], np.sort(every)[:10], rtol=1e-6)


def test_one_far_row_does_not_cost_the_others_their_neighbours(points):
    points[0] = 1e6
    rows, _ = knn_graph(points, 3)
    for row in range(1, 300, 37):
        every = distances_to(points, points[row])
        every[row] = np.inf
        assert rows[row].tolist() == np.argsort(every)[:3].tolist()


@pytest.mark.parametrize("scale", [1e-25, 1e25])
def test_numbers_whose_squares_leave_float32_have_the_same_neighbours(points, scale):
    plain, lengths = knn_graph(points, 5)
    rows, distances = knn_graph((points * np.float32(scale)).astype(np.float32), 5)
    assert (rows == plain).mean() > 0.999
    np.testing.assert_allclose(distances, lengths * scale, rtol=1e-5)


@pytest.mark.parametrize("far", [1e6, 1e20, 1e30, 3e38])
def test_one_broken_row_leaves_the_neighbours_of_the_others_as_they_are(points, far):
    broken = points.copy()
    broken[7] = far
    rows, distances = knn_graph(broken, 5)
    others = np.delete(np.arange(len(points)), 7)
    expected, lengths = knn_graph(points[others], 5)
    assert rows[others].tolist() == others[expected].tolist()
    np.testing.assert_allclose(distances[others], lengths, rtol=1e-6)
    assert np.isfinite(distances).all()


def test_numbers_too_small_for_float32_to_round_well_are_compared(points):
    tiny = points * np.float32(1e-40)
    rows, _ = knn_graph(tiny, 3)
    wide = tiny.astype(np.float64)
    for row in range(0, len(points), 17):
        lengths = np.linalg.norm(wide - wide[row], axis=1)
        lengths[row] = np.inf
        assert rows[row].tolist() == np.argsort(lengths, kind="stable")[:3].tolist()


def test_cosine_neighbours_are_those_of_the_definition(points):
    rows, distances = knn_graph(points, 7, metric="cosine")
    unit = points.astype(np.float64)
    unit /= np.linalg.norm(unit, axis=1)[:, None]
    every = 1 - unit @ unit.T
    np.fill_diagonal(every, np.inf)
    assert (rows == np.argsort(every, axis=1)[:, :7]).all()
    np.testing.assert_allclose(distances, np.sort(every, axis=1)[:, :7], atol=1e-6)


def test_some_queries_find_what_the_whole_graph_finds(points):
    own = np.array([250, 3, 77])
    for metric in DISTANCES:
        rows, distances = knn_graph(points, 6, metric=metric)
        some, some_distances = knn_of(points[own], points, 6, own, metric=metric)
        assert (some == rows[own]).all()
        np.testing.assert_allclose(some_distances, distances[own], rtol=1e-6)


def test_queries_that_are_no_rows_may_find_every_row(points):
    rows, distances = knn_of(points[[9]], points, 300)
    assert sorted(rows[0].tolist()) == list(range(300))
    assert (rows[0, 0], distances[0, 0]) == (9, 0)


@pytest.mark.parametrize("scale", [1, 1e17])
def test_the_largest_products_are_those_of_the_definition(scale):
    random = np.random.default_rng(1)
    points = (random.normal(size=(700, 8)) * random.uniform(0.1, 4, (700, 1)) * scale).astype("f4")
    points[[9, 400]] = 0
    rows, products = knn_of(points, points, 7, np.arange(700), metric="dot")
    every = points.astype(np.float64) @ points.astype(np.float64).T
    np.fill_diagonal(every, -np.inf)
    assert (rows == np.argsort(-every, axis=1, kind="stable")[:, :7]).all()
    np.testing.assert_allclose(products, -np.sort(-every, axis=1)[:, :7], rtol=1e-6)


def test_equal_rows_stand_in_the_order_of_their_numbers(points):
    points[[280, 20, 90, 133]] = points[5]
    rows, _ = knn_graph(points, 4)
    assert rows[90].tolist() == [5, 20, 133, 280]


def test_so_many_equal_rows_that_a_block_is_halved_are_still_in_order(points, monkeypatch):
    monkeypatch.setattr("explorer.graph.knn._CANDIDATES", 500)
    rows, distances = knn_graph(np.repeat(points[:2], 100, axis=0), 3)
    assert rows[150].tolist() == [100, 101, 102]
    assert rows[100].tolist() == [101, 102, 103]
    assert not distances.any()


def test_a_zero_row_has_no_cosine_neighbours(points):
    points[17] = 0
    with pytest.raises(ParameterError, match="Row 17 is all zeros"):
        knn_graph(points, 5, metric="cosine")
    with pytest.raises(ParameterError, match="cosine, euclidean"):
        knn_graph(points, 5, metric="dot")


def test_a_row_is_never_its_own_neighbour_even_among_equal_rows(points):
    points[50:120] = points[50]
    rows, distances = knn_graph(points, 5)
    assert not (rows == np.arange(300)[:, None]).any()
    assert not distances[50:120].any()
    assert np.isin(rows[50:120], np.arange(50, 120)).all()


@pytest.mark.parametrize("k", [0, 300])
def test_more_neighbours_than_other_rows_are_refused(points, k):
    with pytest.raises(ParameterError, match="between 1 and 299"):
        knn_graph(points, k)


def test_a_report_that_raises_stops_the_search(points):
    def stop(progress):
        raise Cancelled

    with pytest.raises(Cancelled):
        knn_graph(points, 5, stop)
