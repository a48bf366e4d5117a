import numpy as np
import pytest

from explorer.components import principal_components
from explorer.errors import ParameterError
from explorer.progress import Cancelled, Progress
from explorer.vectors import Vectors


def by_svd(matrix, count):
    """(scores, explained) by the definition, in float64."""
    wide = matrix.astype(np.float64)
    wide = wide - wide.mean(axis=0)
    u, s, _ = np.linalg.svd(wide, full_matrices=False)
    return (u * s)[:, :count], (s**2 / (s**2).sum())[:count]


def assert_same_up_to_sign(scores, expected):
    signs = np.sign((scores * expected).sum(axis=0))
    limit = 1e-5 * np.abs(expected).max()
    assert np.abs(scores * signs - expected).max() < limit


def sample(rows=400, dim=30, seed=0):
    rng = np.random.default_rng(seed)
    spread = np.linspace(3, 0.5, dim)
    return (rng.normal(size=(rows, dim)) * spread + rng.normal(size=dim)).astype(np.float32)


@pytest.mark.parametrize("scale", [1e-20, 1e-3, 1.0, 1e25])
@pytest.mark.parametrize("offset", [0.0, 50.0])
def test_components_equal_the_full_decomposition(scale, offset):
    matrix = ((sample().astype(np.float64) + offset) * scale).astype(np.float32)
    found = principal_components(Vectors(matrix), 10)
    scores, explained = by_svd(matrix, 10)
    assert_same_up_to_sign(found.scores, scores)
    np.testing.assert_allclose(found.explained, explained, rtol=1e-5)


def test_one_far_row_leaves_the_other_components_exact():
    matrix = sample()
    matrix[17] = 1e5
    found = principal_components(Vectors(matrix), 4)
    scores, explained = by_svd(matrix, 4)
    signs = np.sign((found.scores * scores).sum(axis=0))
    np.testing.assert_allclose(found.scores[:, 1:] * signs[1:], scores[:, 1:], atol=2e-2)
    np.testing.assert_allclose(found.explained, explained, rtol=1e-4)


def test_components_do_not_depend_on_the_size_of_a_block(monkeypatch):
    matrix = sample()
    matrix[[3, 200]] = np.nan
    whole = principal_components(Vectors(matrix), 5)
    monkeypatch.setattr("explorer.components._FEWEST_NUMBERS", 30 * 37)
    blocked = principal_components(Vectors(matrix), 5)
    np.testing.assert_allclose(whole.scores, blocked.scores, atol=1e-4)
    assert whole.left_out.tolist() == blocked.left_out.tolist() == [3, 200]


def test_rows_with_nan_or_infinities_are_left_out_of_everything_but_the_count_of_rows():
    matrix = sample()
    broken = np.vstack([matrix[:10], np.full((2, 30), np.inf), matrix[10:]]).astype(np.float32)
    broken[11, 1:] = 0
    broken[11, 0] = np.nan
    found = principal_components(Vectors(broken), 5)
    clean = principal_components(Vectors(matrix), 5)
    assert found.left_out.tolist() == [10, 11]
    assert np.isnan(found.scores[[10, 11]]).all()
    np.testing.assert_allclose(np.delete(found.scores, [10, 11], 0), clean.scores, atol=1e-4)
    np.testing.assert_allclose(found.explained, clean.explained, rtol=1e-5)


def test_the_largest_loading_of_a_component_is_positive():
    for seed in range(3):
        loadings = principal_components(Vectors(sample(seed=seed)), 8).loadings
        assert (loadings[np.abs(loadings).argmax(axis=0), range(8)] > 0).all()


def test_a_wide_table_has_the_same_components(monkeypatch):
    monkeypatch.setattr("explorer.components._WIDE", 16)
    matrix = sample()
    found = principal_components(Vectors(matrix), 3)
    assert_same_up_to_sign(found.scores, by_svd(matrix, 3)[0])


def test_a_direction_without_variance_is_exactly_zero():
    flat = np.outer(np.arange(50.0), [1.0, 2.0, -1.0]).astype(np.float32)
    found = principal_components(Vectors(flat), 3)
    assert found.explained.tolist() == pytest.approx([1, 0, 0], abs=1e-12)
    assert not found.scores[:, 1:].any()


def test_equal_rows_lie_in_one_place():
    found = principal_components(Vectors(np.full((20, 4), 0.1, dtype=np.float32)), 2)
    assert not found.scores.any()
    assert not found.explained.any()


def test_a_single_row_lies_at_the_origin():
    found = principal_components(Vectors(np.array([[3.0, 4.0]], dtype=np.float32)), 2)
    assert found.scores.tolist() == [[0.0]]


@pytest.mark.parametrize("matrix", [np.zeros((0, 3)), np.full((4, 3), np.nan)])
def test_a_table_without_a_finite_row_is_refused(matrix):
    with pytest.raises(ParameterError, match="no row of finite numbers"):
        principal_components(Vectors(matrix), 2)


def test_progress_rises_to_the_end_and_may_stop_the_work(monkeypatch):
    monkeypatch.setattr("explorer.components._FEWEST_NUMBERS", 30 * 50)
    monkeypatch.setattr("explorer.vectors._BLOCK_BYTES", 30 * 4 * 50)
    seen: list[Progress] = []
    principal_components(Vectors(sample()), 2, seen.append)
    fractions = [progress.fraction for progress in seen]
    assert fractions == sorted(fractions)
    assert len(fractions) > 10

    def stop(progress):
        raise Cancelled

    with pytest.raises(Cancelled):
        principal_components(Vectors(sample()), 2, stop)


def test_components_about_the_origin_are_those_of_the_rows_as_they_are():
    matrix = sample() + np.float32(4)
    found = principal_components(Vectors(matrix), 5, centred=False)
    u, s, _ = np.linalg.svd(matrix.astype(np.float64), full_matrices=False)
    assert_same_up_to_sign(found.scores, (u * s)[:, :5])
    np.testing.assert_allclose(found.spectrum, s**2 / (s**2).sum(), rtol=1e-4)
    assert not found.mean.any()


@pytest.mark.parametrize("wide", [16, 1024])
def test_the_spectrum_has_the_share_of_every_direction(monkeypatch, wide):
    monkeypatch.setattr("explorer.components._WIDE", wide)
    found = principal_components(Vectors(sample()), 3)
    np.testing.assert_allclose(found.spectrum, by_svd(sample(), 30)[1], rtol=1e-4)
    assert found.spectrum.sum() == pytest.approx(1)
    assert found.explained.tolist() == found.spectrum[:3].tolist()


def test_scores_are_what_the_mean_and_the_directions_give():
    matrix = sample() + np.float32(4)
    for centred in (True, False):
        found = principal_components(Vectors(matrix), 4, centred=centred)
        again = (matrix - found.mean) @ found.directions.T
        np.testing.assert_allclose(found.scores, again, atol=1e-4)
        assert found.directions.dtype == np.float32


@pytest.mark.parametrize("far", [20.0, 1000.0])
def test_a_table_whose_first_rows_are_unlike_the_others_has_the_same_components(monkeypatch, far):
    monkeypatch.setattr("explorer.components._FIRST_ROWS", 10)
    matrix = sample()
    matrix[10:] += np.float32(far)
    found = principal_components(Vectors(matrix), 4)
    scores, explained = by_svd(matrix, 4)
    assert_same_up_to_sign(found.scores, scores)
    np.testing.assert_allclose(found.explained, explained, rtol=1e-5)


@pytest.mark.parametrize("offset", [0.0, 0.1, 1.0, 10.0])
def test_a_long_table_has_the_mean_and_spectrum_of_float64_sums(offset):
    matrix = (np.random.default_rng(0).normal(size=(50_000, 12)) + offset).astype(np.float32)
    found = principal_components(Vectors(matrix), 2)
    wide = matrix.astype(np.float64)
    np.testing.assert_allclose(found.mean, wide.mean(axis=0), atol=1e-7)
    values = np.linalg.eigvalsh(np.cov(wide.T))[::-1]
    np.testing.assert_allclose(found.spectrum, values / values.sum(), rtol=1e-6)


def test_components_without_scores_are_the_same_and_save_a_pass_over_the_table():
    read = []

    class Counted(Vectors):
        def blocks(self, size=None):
            read.append(size)
            return super().blocks(size)

    matrix = sample()
    whole = principal_components(Counted(matrix), 4)
    times = len(read)
    found = principal_components(Counted(matrix), 4, placed=False)
    assert found.scores.shape == (0, 4)
    assert len(read) == 2 * times - 1
    np.testing.assert_array_equal(found.loadings, whole.loadings)
    np.testing.assert_allclose(
        found.explained * found.variance, whole.scores.var(axis=0, dtype=np.float64), rtol=1e-4
    )
