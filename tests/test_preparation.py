import numpy as np
import pytest

from explorer.errors import ParameterError
from explorer.preparation import Sample, Step, parse_steps, prepare
from explorer.table import Column, Table, numbered_tokens
from explorer.vectors import Vectors


def table_of(matrix, **columns):
    matrix = np.asarray(matrix, dtype=np.float32)
    named = {name: Column(name, np.asarray(values)) for name, values in columns.items()}
    return Table(numbered_tokens(len(matrix)), Vectors(matrix), named)


@pytest.fixture
def matrix():
    return np.random.default_rng(0).normal(size=(400, 6)) * [5, 3, 2, 1, 1, 1] + 4


def after(matrix, steps):
    return prepare(table_of(matrix), parse_steps(steps)).to_numpy().astype(np.float64)


def test_steps_are_read_in_their_order_and_written_alike():
    assert list(map(str, parse_steps("centre, remove 3,unit"))) == ["centre", "remove 3", "unit"]
    assert parse_steps("none") == parse_steps("") == ()
    assert parse_steps(["remove:2"]) == (Step("remove", 2),)


@pytest.mark.parametrize("text", ["centre, centre", "remove", "unit 3", "scale", "remove 0", "?"])
def test_a_step_that_makes_no_sense_is_refused(text):
    with pytest.raises(ParameterError):
        parse_steps(text)


def test_no_step_leaves_the_numbers_as_they_are(matrix):
    table = table_of(matrix)
    assert prepare(table).to_numpy().tobytes() == table.vectors.to_numpy().tobytes()


def test_centring_subtracts_the_mean(matrix):
    np.testing.assert_allclose(after(matrix, "centre"), matrix - matrix.mean(axis=0), atol=1e-5)


def test_unit_rows_have_length_one_and_zero_rows_stay(matrix):
    matrix[7] = 0
    lengths = np.linalg.norm(after(matrix, "unit"), axis=1)
    assert lengths[7] == 0
    np.testing.assert_allclose(np.delete(lengths, 7), 1, atol=1e-6)


def test_the_order_of_steps_matters(matrix):
    centred = matrix - matrix.mean(axis=0)
    wanted = centred / np.linalg.norm(centred, axis=1, keepdims=True)
    np.testing.assert_allclose(after(matrix, "centre, unit"), wanted, atol=1e-5)
    np.testing.assert_allclose(after(matrix, "unit, centre").mean(axis=0), 0, atol=1e-6)


def test_removed_components_leave_no_variance_along_them_and_the_rest_alone(matrix):
    found = after(matrix, "remove 2")
    centred = matrix - matrix.mean(axis=0)
    _, _, directions = np.linalg.svd(centred, full_matrices=False)
    top = directions[:2]
    np.testing.assert_allclose(found, matrix - centred @ top.T @ top, atol=1e-4)


@pytest.mark.parametrize("count", [6, 7])
def test_as_many_components_as_dimensions_are_not_removed(matrix, count):
    with pytest.raises(ParameterError, match=r"leave nothing\. Remove fewer than 6"):
        after(matrix, f"remove {count}")


@pytest.mark.parametrize("mean", [0, 1000])
def test_all_that_rows_vary_in_is_not_removed(matrix, mean):
    flat = np.hstack([matrix, matrix[:, :2] @ np.ones((2, 3)) + mean]).astype(np.float32)
    assert after(flat, "remove 5").std() > 0.01
    with pytest.raises(ParameterError, match="vary in no more"):
        after(flat, "remove 6")


def test_rows_that_are_all_alike_have_no_component_to_remove():
    with pytest.raises(ParameterError, match="leave nothing"):
        prepare(table_of(np.ones((5, 3))), parse_steps("remove 1"))


def test_whitened_rows_have_the_same_variance_in_every_direction(matrix):
    covariance = np.cov(after(matrix, "whiten").T, bias=True)
    np.testing.assert_allclose(covariance, np.eye(6), atol=1e-4)


def test_whitening_drops_directions_without_variance(matrix):
    flat = np.hstack([matrix, matrix[:, :2] @ np.ones((2, 1))])
    points = prepare(table_of(flat), parse_steps("whiten"))
    assert points.dim == 6
    assert points.words == ("whitened: 6 directions of variance one",)


def test_whitening_rows_that_are_all_alike_is_refused():
    with pytest.raises(ParameterError, match="alike"):
        prepare(table_of(np.ones((5, 3))), parse_steps("whiten"))


def test_whitening_rows_that_hardly_differ_is_refused(matrix):
    with pytest.raises(ParameterError, match="too little"):
        after(matrix * 1e-42, "whiten")


@pytest.mark.parametrize("scale", [1e-30, 1e30])
def test_rows_of_any_size_are_whitened_alike(matrix, scale):
    np.testing.assert_allclose(after(matrix * scale, "whiten"), after(matrix, "whiten"), atol=2e-4)


def test_blocks_and_single_rows_are_the_same_numbers(matrix):
    points = prepare(table_of(matrix), parse_steps("centre, remove 1, unit"))
    blocks = np.concatenate([block for _, block in points.blocks(37)])
    np.testing.assert_allclose(points.take([5, 390]), blocks[[5, 390]], atol=1e-6)


def test_components_after_centring_are_those_of_the_variance(matrix):
    points = prepare(table_of(matrix), parse_steps("centre"))
    found = points.components(2)
    np.testing.assert_allclose(found.scores.mean(axis=0), 0, atol=1e-4)
    about_the_origin = prepare(table_of(matrix)).components(2)
    assert abs(about_the_origin.scores[:, 0].mean()) > 1


def test_rows_with_nan_stay_so_and_do_not_spoil_the_mean(matrix):
    matrix[3, 2] = np.nan
    found = after(matrix, "centre")
    assert np.isnan(found[3]).any()
    np.testing.assert_allclose(np.delete(found, 3, axis=0).mean(axis=0), 0, atol=1e-5)


def test_a_sample_is_drawn_alike_by_the_same_seed(matrix):
    table = table_of(matrix)
    rows = Sample(50, seed=3).rows(table)
    assert len(rows) == 50
    assert (np.diff(rows) > 0).all()
    assert Sample(50, seed=3).rows(table).tolist() == rows.tolist()
    assert Sample(50, seed=4).rows(table).tolist() != rows.tolist()


def test_a_sample_that_cannot_be_drawn_is_refused():
    for size, by, seed in ((0, "uniform", 0), (5, "luck", 0), (5, "uniform", -1)):
        with pytest.raises(ParameterError):
            Sample(size, by, seed)


def test_rows_chosen_by_hand_take_part_and_no_others(matrix):
    points = prepare(table_of(matrix), sample=Sample.of([7, 300, 2, 7]))
    assert points.rows.tolist() == [2, 7, 300]
    np.testing.assert_allclose(points.to_numpy(), matrix[[2, 7, 300]], rtol=1e-6)
    assert not Sample.of([7]).drawn


def test_chosen_rows_that_there_are_not_are_refused(matrix):
    with pytest.raises(ParameterError, match="Row 400 was chosen"):
        Sample.of([1, 400]).rows(table_of(matrix))
    for rows in ([], [-1, 3]):
        with pytest.raises(ParameterError):
            Sample.of(rows)


def test_a_sample_says_of_how_many_rows_it_is():
    assert Sample(20).among(400) == "sample of 20 of 400 rows"
    assert Sample.of(range(20)).among(400) == "20 of 400 rows, chosen"


def test_a_sample_as_large_as_the_table_is_the_table(matrix):
    points = prepare(table_of(matrix), sample=Sample(400))
    assert points.rows is None
    assert points.sample is None


def test_the_most_frequent_rows_are_taken_without_chance(matrix):
    table = table_of(matrix, count=np.arange(400))
    assert Sample(3, "most frequent").rows(table).tolist() == [397, 398, 399]


def test_frequent_rows_are_sampled_more_often(matrix):
    counts = np.where(np.arange(400) < 40, 1000, 1)
    counts[399] = 0
    rows = Sample(60, "frequency", seed=1).rows(table_of(matrix, count=counts))
    assert (rows < 40).sum() >= 35
    assert 399 not in rows


def test_sampling_by_frequency_needs_frequencies(matrix):
    with pytest.raises(ParameterError, match="frequencies"):
        Sample(10, "frequency").rows(table_of(matrix))


def test_points_of_a_sample_find_their_rows_of_the_table(matrix):
    table = table_of(matrix)
    points = prepare(table, sample=Sample(20, seed=1))
    assert len(points) == 20
    np.testing.assert_array_equal(points.take([0, 4]), table.vectors.rows(points.rows[[0, 4]]))
    spread = points.on_all_rows(np.ones((20, 2), np.float32))
    assert np.isfinite(spread).all(axis=1).sum() == 20
    assert np.isfinite(spread[points.rows]).all()
