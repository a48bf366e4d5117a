import numpy as np
import pytest
import torch

from explorer.descent.affinities import joint_affinities
from explorer.descent.attraction import Attraction
from explorer.descent.repulsion import Repulsion, nodes_for
from explorer.graph import knn_graph


def places_of(extent):
    rng = np.random.default_rng(0)
    places = np.concatenate([rng.normal(size=(200, 2)), 0.2 * rng.normal(size=(200, 2)) + 2])
    return places * extent / np.ptp(places, axis=0).max()


def axes(places):
    return [torch.from_numpy(places[:, axis].astype(np.float32)) for axis in (0, 1)]


def closeness(places):
    """Differences (n, n, 2) and q = 1 / (1 + distance^2) of all pairs, 0 with oneself."""
    apart = places[:, None] - places[None]
    q = 1 / (1 + (apart**2).sum(axis=2))
    np.fill_diagonal(q, 0)
    return apart, q


@pytest.mark.parametrize("extent", [1e-4, 0.1, 5, 40, 150])
def test_repulsion_is_the_sum_over_all_pairs_whatever_the_extent_of_the_map(extent):
    places = places_of(extent).astype(np.float32).astype(np.float64)
    apart, q = closeness(places)
    known = (q[..., None] ** 2 * apart).sum(axis=1)
    repulsion = Repulsion()
    repulsion.refresh(*axes(places))
    error = np.linalg.norm(repulsion.force(*axes(places)).numpy() - known)
    assert error < 0.02 * np.linalg.norm(known)
    assert repulsion.normalisation == pytest.approx(q.sum(), rel=5e-3)


def test_a_stray_makes_the_grid_coarser_not_larger(monkeypatch):
    monkeypatch.setattr("explorer.descent.repulsion._MOST_NODES", 128)
    places = places_of(20)
    places[0] = 1000
    repulsion = Repulsion()
    repulsion.refresh(*axes(places))
    assert repulsion.nodes == nodes_for(1000) == 128
    assert np.isfinite(repulsion.force(*axes(places)).numpy()).all()


def test_the_sums_at_other_points_are_those_over_the_points_of_the_map():
    places = places_of(40)
    others = places[::7] + 0.5
    known = (1 / (1 + ((others[:, None] - places[None]) ** 2).sum(axis=2))).sum(axis=1)
    repulsion = Repulsion()
    repulsion.refresh(*axes(places))
    np.testing.assert_allclose(repulsion.sums(*axes(others)).numpy(), known, rtol=0.02)


@pytest.fixture(scope="module")
def affinities():
    points = np.random.default_rng(0).normal(size=(400, 6)).astype(np.float32)
    return joint_affinities(*knn_graph(points, 30), 10.0)


def test_attraction_is_the_sum_over_neighbours(affinities, monkeypatch):
    monkeypatch.setattr("explorer.descent.attraction._PAIRS", 1000)
    places = places_of(40).astype(np.float32)
    apart, q = closeness(places.astype(np.float64))
    known = ((affinities.toarray() * q)[..., None] * apart).sum(axis=1)
    attraction = Attraction(affinities)
    attraction.refresh(*axes(places))
    made = attraction.force(torch.from_numpy(places)).numpy()
    np.testing.assert_allclose(made, known, atol=1e-4 * np.abs(known).max())


def test_divergence_is_that_of_the_definition(affinities):
    places = places_of(40).astype(np.float32)
    _, q = closeness(places.astype(np.float64))
    p = affinities.toarray().astype(np.float64)
    there = p > 0
    known = (p[there] * np.log(p[there] * q.sum() / q[there])).sum()
    made = Attraction(affinities).divergence(*axes(places), float(q.sum()))
    assert made == pytest.approx(known, rel=1e-5)
