import numpy as np
import pytest

from explorer.descent.placing import placed


@pytest.fixture(scope="module")
def groups():
    """Two groups of 60 places, far apart."""
    places = np.random.default_rng(0).normal(size=(120, 2))
    places[60:] += 30
    return places.astype(np.float32)


@pytest.mark.parametrize("dims", [2, 3])
def test_a_new_point_lies_among_its_neighbours(groups, dims):
    places = np.hstack([groups, groups[:, :1]])[:, :dims]
    neighbors = np.array([[1, 5, 7], [70, 80, 100]])
    weights = np.full((2, 3), 1 / 3, dtype=np.float32)
    made = placed(places, neighbors, weights)
    assert made.shape == (2, dims)
    assert np.abs(made - places[neighbors].mean(axis=1)).max() < 3


def test_new_points_do_not_see_each_other(groups):
    neighbors = np.array([[1, 5, 7], [1, 5, 8], [70, 80, 100]])
    weights = np.full((3, 3), 1 / 3, dtype=np.float32)
    together = placed(groups, neighbors, weights)
    alone = np.concatenate([placed(groups, neighbors[i : i + 1], weights[:1]) for i in range(3)])
    np.testing.assert_allclose(together, alone, atol=1e-5)


def test_no_new_points_are_no_places(groups):
    assert placed(groups, np.empty((0, 3), np.int64), np.empty((0, 3), np.float32)).shape == (0, 2)
