import numpy as np
import pytest

from explorer.graph import knn_graph, knn_of, pairs
from explorer.progress import Cancelled, silent


def made(rows, dim, seed=0):
    return np.random.default_rng(seed).normal(size=(rows, dim)).astype(np.float32)


def one_by_one(points, k, metric="euclidean"):
    return knn_of(points, points, k, np.arange(len(points)), metric=metric)


def from_pairs(points, k):
    return pairs.nearest_pairs(points, points.mean(axis=0), k, silent)


@pytest.mark.parametrize(("rows", "dim", "k"), [(3200, 4, 1), (3585, 30, 40), (3999, 7, 200)])
def test_each_row_has_the_neighbours_it_has_one_by_one(rows, dim, k):
    points = made(rows, dim)
    found = from_pairs(points, k)
    expected, distances = one_by_one(points, k)
    closed = np.delete(np.arange(rows), found.open)
    assert len(closed) > 0.8 * rows
    assert (found.rows[closed] == expected[closed]).all()
    assert (np.sqrt(found.squares[closed]) == distances[closed]).all()


@pytest.mark.parametrize("metric", ["euclidean", "cosine"])
def test_the_graph_is_that_of_rows_asked_one_by_one_to_the_last_bit(metric):
    points = made(4100, 12)
    points[:, 0] += 3
    rows, distances = knn_graph(points, 20, metric=metric)
    expected, lengths = one_by_one(points, 20, metric)
    assert (rows == expected).all()
    assert (distances == lengths).all()


@pytest.mark.parametrize("spare", [-1, 0])
def test_rows_whose_bar_was_too_high_are_told_and_answered(monkeypatch, spare):
    points = made(3300, 6)
    monkeypatch.setattr(pairs, "_SPARE", spare)
    assert len(from_pairs(points, 30).open) > 300
    rows, distances = knn_graph(points, 30)
    expected, lengths = one_by_one(points, 30)
    assert (rows == expected).all()
    assert (distances == lengths).all()


def test_rows_close_together_and_far_from_the_centre_lose_no_neighbour():
    points = made(3300, 6)
    points[::3] = 1000 + 1e-3 * points[::3]
    rows, distances = knn_graph(points, 8)
    expected, lengths = one_by_one(points, 8)
    assert (rows == expected).all()
    assert (distances == lengths).all()


def test_equal_rows_are_in_their_order_and_never_their_own_neighbour():
    points = made(3300, 6)
    points[100:130] = points[3000]
    rows, distances = knn_graph(points, 5)
    assert rows[110].tolist() == [100, 101, 102, 103, 104]
    assert rows[3000].tolist() == [100, 101, 102, 103, 104]
    assert not distances[3000].any()


def test_more_equal_rows_than_can_be_held_are_left_to_another_way():
    points = np.repeat(made(3, 6), 1100, axis=0)
    assert from_pairs(points, 5) is None
    rows, _ = knn_graph(points, 5)
    assert rows[2500].tolist() == [2200, 2201, 2202, 2203, 2204]


@pytest.mark.parametrize(("rows", "k"), [(3071, 5), (3200, 201)])
def test_few_rows_and_many_neighbours_are_left_to_another_way(rows, k):
    assert from_pairs(made(rows, 3), k) is None


def test_pairs_that_would_take_too_much_memory_are_left_to_another_way(monkeypatch):
    monkeypatch.setattr(pairs, "_HELD", 1000)
    assert from_pairs(made(3200, 3), 10) is None


def test_progress_never_goes_back_and_a_report_that_raises_stops_it():
    told = []
    knn_graph(made(3300, 4), 10, told.append)
    assert (np.diff([progress.fraction for progress in told]) >= 0).all()

    def stop(progress):
        if progress.fraction > 0.3:
            raise Cancelled

    with pytest.raises(Cancelled):
        knn_graph(made(3300, 4), 10, stop)
