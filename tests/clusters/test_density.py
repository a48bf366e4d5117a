import numpy as np
import pytest

from explorer.clusters import HdbscanParams, cluster, density
from explorer.clusters.density import spanning_tree
from explorer.progress import silent
from explorer.table import Table
from explorer.vectors import Vectors


def blobs(sizes, dim, *, spread=0.3, seed=0):
    """Points around random centres, float32, and the blob of each."""
    random = np.random.default_rng(seed)
    blob = np.repeat(np.arange(len(sizes)), sizes)
    centres = random.uniform(-4, 4, size=(len(sizes), dim))
    return (centres[blob] + spread * random.normal(size=(len(blob), dim))).astype(np.float32), blob


def table_of(points):
    return Table(tuple(f"t{row}" for row in range(len(points))), Vectors(points))


def same_partition(one, other):
    """Whether two labellings put the same rows together and leave the same rows out."""
    pairs = set(zip(one.tolist(), other.tolist(), strict=True))
    return len(pairs) == len({a for a, _ in pairs}) == len({b for _, b in pairs}) and all(
        (a == -1) == (b == -1) for a, b in pairs
    )


def reachability(points, core):
    """Mutual reachability of all pairs, by its definition."""
    wide = points.astype(np.float64)
    lengths = np.linalg.norm(wide[:, None] - wide[None], axis=2)
    return np.maximum(lengths, np.maximum(core[:, None], core[None]))


@pytest.mark.parametrize("dim", [2, 40])
def test_the_spanning_tree_is_as_short_as_scipys(dim):
    from scipy.sparse.csgraph import minimum_spanning_tree

    points = np.random.default_rng(0).normal(size=(150, dim)).astype(np.float32)
    core = np.random.default_rng(1).uniform(0, 0.2 * dim, size=150).astype(np.float32)
    ends, lengths = spanning_tree(points, core, silent)
    every = reachability(points, core)
    np.testing.assert_allclose(lengths, every[tuple(ends.T)], rtol=1e-4)
    np.fill_diagonal(every, 0)
    assert lengths.sum() == pytest.approx(minimum_spanning_tree(every).sum(), rel=1e-5)


def test_the_spanning_tree_reaches_every_row_once():
    points, _ = blobs((30, 20), 3)
    ends, _ = spanning_tree(points, np.zeros(50, np.float32), silent)
    assert sorted(ends[:, 1].tolist()) == list(range(1, 50))
    known = {0}
    for joined, row in ends.tolist():
        assert joined in known
        known.add(row)


@pytest.mark.parametrize("selection", ["eom", "leaf"])
@pytest.mark.parametrize("dim", [2, 12])
def test_clusters_are_those_of_scikit_learn(dim, selection):
    from sklearn.cluster import HDBSCAN

    points, _ = blobs((80, 60, 50, 40), dim, spread=0.8)
    params = HdbscanParams("raw", min_cluster_size=10, min_samples=1, selection=selection)
    theirs = HDBSCAN(
        min_cluster_size=10, min_samples=1, cluster_selection_method=selection, copy=True
    ).fit_predict(points)
    assert len(set(theirs.tolist())) > 2
    assert same_partition(cluster(table_of(points), params).labels, theirs)


def test_with_core_distances_few_rows_of_a_tie_go_another_way_than_scikit_learns():
    """Mutual reachability makes many edges equally long, and which of them a tree takes is open."""
    from sklearn.cluster import HDBSCAN
    from sklearn.metrics import adjusted_rand_score

    points, _ = blobs((80, 60, 50, 40), 2, spread=0.8, seed=1)
    ours = cluster(table_of(points), HdbscanParams("raw", 10, 4)).labels
    theirs = HDBSCAN(min_cluster_size=10, min_samples=4, copy=True).fit_predict(points)
    assert len(set(ours.tolist())) == len(set(theirs.tolist())) > 2
    assert adjusted_rand_score(ours, theirs) > 0.97


def test_equal_rows_are_one_dense_group():
    points, blob = blobs((40, 40, 40), 5)
    points[blob == 1] = points[40]
    found = cluster(table_of(points), HdbscanParams("raw", min_cluster_size=20))
    assert len(set(found.labels[blob == 1])) == 1
    assert found.labels[40] >= 0


def test_more_rows_than_can_be_compared_are_taken_to_the_nearest_of_a_sample(monkeypatch):
    points, blob = blobs((300, 200, 100), 4)
    monkeypatch.setattr(density, "MOST_COMPARED", 150)
    found = cluster(table_of(points), HdbscanParams("raw", min_cluster_size=10))
    assert same_partition(found.labels[found.labels >= 0], blob[found.labels >= 0])
    assert (found.labels >= 0).mean() > 0.9
    assert "150 of 600 rows drawn at random" in found.description


@pytest.mark.parametrize("most", [1000, 150])
def test_wide_vectors_are_reduced_and_the_description_says_to_what(monkeypatch, most):
    points, blob = blobs((200, 100), 80)
    monkeypatch.setattr(density, "_MOST_WORK", 1e5)
    monkeypatch.setattr(density, "MOST_COMPARED", most)
    found = cluster(table_of(points), HdbscanParams("raw", min_cluster_size=20))
    assert same_partition(found.labels[found.labels >= 0], blob[found.labels >= 0])
    assert (found.labels >= 0).mean() > 0.9
    assert "reduced to 50 principal components" in found.description
    assert found.centres.shape == (2, 80)


def test_a_map_far_from_its_origin_keeps_its_groups():
    places, blob = blobs((60, 60), 2, spread=0.05)
    found = cluster(
        table_of(np.ones((120, 3), np.float32)),
        HdbscanParams("map", min_cluster_size=20),
        coordinates=places + 5000,
    )
    assert same_partition(found.labels[found.labels >= 0], blob[found.labels >= 0])
    assert len(found) == 2
