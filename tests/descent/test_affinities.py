import numpy as np
import pytest

from explorer.descent.affinities import conditional_affinities, joint_affinities
from explorer.graph import knn_graph
from explorer.progress import Cancelled


@pytest.fixture(scope="module")
def graph():
    points = np.random.default_rng(0).normal(size=(300, 8)).astype(np.float32)
    return knn_graph(points, 45)


def test_every_row_has_the_perplexity_asked_for(graph):
    weights = conditional_affinities(graph[1], 15.0).astype(np.float64)
    np.testing.assert_allclose(weights.sum(axis=1), 1, rtol=1e-6)
    entropy = -(weights * np.log(weights)).sum(axis=1)
    np.testing.assert_allclose(np.exp(entropy), 15, rtol=1e-4)


@pytest.mark.parametrize("at_once", [1, 1000, 10**9])
def test_joint_affinities_are_those_of_open_tsne_in_blocks_of_any_size(graph, monkeypatch, at_once):
    from openTSNE.affinity import joint_probabilities_nn

    known = joint_probabilities_nn(*graph, [15.0], symmetrize=True, n_jobs=1)
    monkeypatch.setattr("explorer.descent.affinities._WISHES_AT_ONCE", at_once)
    made = joint_affinities(*graph, 15.0)
    assert made.has_sorted_indices
    assert abs(made - made.T).max() == 0
    assert abs(made - known).max() < 1e-5 * known.max()


def test_equal_distances_count_the_same_and_break_nothing():
    distances = np.zeros((4, 6), dtype=np.float32)
    distances[2:] = 7
    assert np.ptp(conditional_affinities(distances, 2.0)) == 0


def test_far_apart_scales_still_find_their_width():
    rng = np.random.default_rng(0)
    distances = np.sort(rng.uniform(size=(3, 30)), axis=1) * [[1e-12], [1], [1e12]]
    weights = conditional_affinities(distances.astype(np.float32), 10.0).astype(np.float64)
    entropy = -(weights * np.log(np.maximum(weights, 1e-300))).sum(axis=1)
    np.testing.assert_allclose(np.exp(entropy), 10, rtol=1e-4)


def test_a_report_that_raises_stops_the_weighing_between_blocks(graph, monkeypatch):
    monkeypatch.setattr("explorer.descent.affinities._AT_ONCE", 4500)
    seen = []

    def stop_at_the_second(progress):
        seen.append(progress.done)
        if len(seen) == 2:
            raise Cancelled

    with pytest.raises(Cancelled):
        conditional_affinities(graph[1], 15.0, stop_at_the_second)
    assert seen == [0, 100]
