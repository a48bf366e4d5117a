import numpy as np
import pytest

from explorer import pipeline
from explorer.errors import ParameterError
from explorer.table import Table
from explorer.vectors import Vectors

TOKENS = ("good", "bad", "man", "woman", "film", "zero")


@pytest.fixture
def table():
    matrix = np.random.default_rng(0).normal(size=(6, 4)).astype(np.float32)
    matrix[5] = 0
    return Table(TOKENS, Vectors(matrix))


def unit(vector):
    return vector / np.linalg.norm(vector)


def test_positions_are_cosines_with_the_named_directions(table):
    made = pipeline.project(table, "axes", x='"good" - "bad"', y="woman")
    v = table.vectors.to_numpy().astype(np.float64)
    wanted = unit(v[4]) @ np.stack([unit(v[0] - v[1]), unit(v[3])], axis=1)
    np.testing.assert_allclose(made.coordinates[4], wanted, atol=1e-6)
    assert made.axis_title(0) == '"good" - "bad" (cosine)'
    assert made.coordinates[3, 1] == pytest.approx(1)


def test_projections_are_lengths_of_shadows(table):
    made = pipeline.project(table, "axes", x="good", y="woman - man", measure="projection")
    v = table.vectors.to_numpy().astype(np.float64)
    assert made.coordinates[0, 0] == pytest.approx(np.linalg.norm(v[0]), rel=1e-6)
    assert made.coordinates[4, 1] == pytest.approx(v[4] @ unit(v[3] - v[2]), rel=1e-5)
    assert made.coordinates[5].tolist() == [0, 0]


def test_a_row_of_zeros_has_no_cosine_and_is_left_out(table):
    made = pipeline.project(table, "axes", x="good", y="bad")
    assert made.left_out.tolist() == [5]
    assert np.isnan(made.coordinates[5]).all()


def test_directions_are_taken_through_the_same_steps_as_the_rows(table):
    made = pipeline.project(table, "axes", x="good", y="bad", steps="centre")
    v = table.vectors.to_numpy().astype(np.float64)
    v = v - v.mean(axis=0)
    assert made.coordinates[4, 0] == pytest.approx(unit(v[4]) @ unit(v[0]), abs=1e-5)
    assert made.steps == ("centre",)


@pytest.mark.parametrize(
    ("axes", "told"),
    [
        ({"x": "good"}, "The y axis has no direction"),
        ({"x": "good - good", "y": "bad"}, "The x axis, 'good - good', comes to zeros"),
        ({"x": "good", "y": "bed"}, "The y axis: The token 'bed' is not in the table"),
    ],
)
def test_an_axis_that_cannot_be_drawn_says_which_it_is(table, axes, told):
    with pytest.raises(ParameterError, match=told):
        pipeline.project(table, "axes", **axes)


def test_three_dimensions_need_three_directions(table):
    made = pipeline.project(table, "axes", dims=3, x="good", y="bad", z="man")
    assert made.coordinates.shape == (6, 3)
    with pytest.raises(ParameterError, match="z axis"):
        pipeline.project(table, "axes", dims=3, x="good", y="bad")


def test_an_axis_may_speak_of_a_selection_which_goes_with_the_map(table):
    rows = {"kind words": np.array([0, 2]), "others": np.array([1])}
    made = pipeline.project(table, "axes", x='@"kind words" - bad', y="man", selections=rows)
    v = table.vectors.to_numpy().astype(np.float64)
    wanted = unit(v[4]) @ unit((v[0] + v[2]) / 2 - v[1])
    assert made.coordinates[4, 0] == pytest.approx(wanted, abs=1e-6)
    assert {name: rows.tolist() for name, rows in made.selections.items()} == {"kind words": [0, 2]}


def test_a_selection_that_is_not_there_is_told_with_those_that_are(table):
    with pytest.raises(ParameterError, match=r'@"kind words"'):
        pipeline.project(
            table, "axes", x="@nice", y="man", selections={"kind words": np.array([0])}
        )
