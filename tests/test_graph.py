import numpy as np
import pytest

from explorer.errors import ParameterError
from explorer.graph import knn_graph
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


def test_the_graph_does_not_depend_on_the_size_of_a_block(points, monkeypatch):
    whole, _ = knn_graph(points, 7)
    monkeypatch.setattr("explorer.graph._PAIRS", 0)
    blocked, _ = knn_graph(points, 7)
    assert (whole == blocked).all()


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
