from dataclasses import replace

import numpy as np
import pytest

from explorer.errors import ParameterError
from explorer.preparation import Sample
from explorer.projection import Projection
from explorer.table import Table
from explorer.vectors import Vectors


def projection(explained=(0.5, 0.3, 0.2), steps=("centre",)):
    scores = np.arange(12, dtype=np.float32).reshape(4, 3)
    table = Table(("a", "b", "c", "d"), Vectors(scores.copy()))
    return Projection(
        table, scores, (0, 1), "pca", {}, 0, steps=steps, explained=np.array(explained)
    )


@pytest.mark.parametrize("axes", [(0, 0), (1, 2, 1)])
def test_no_component_is_drawn_on_two_axes(axes):
    with pytest.raises(ParameterError, match="two axes"):
        projection().with_axes(axes)


def test_a_component_that_is_not_there_is_refused():
    with pytest.raises(ParameterError, match="3 components"):
        projection().with_axes((0, 3))


def test_other_components_are_the_other_columns():
    assert projection().with_axes((2, 0)).coordinates[1].tolist() == [5, 3]


@pytest.mark.parametrize(
    ("steps", "spread"),
    [
        (("centre",), "variance"),
        (("unit", "whiten"), "variance"),
        (("centre", "remove 2"), "variance"),
        ((), "mean square"),
        (("remove 2",), "mean square"),
        (("centre", "unit"), "mean square"),
    ],
)
def test_shares_are_of_the_variance_only_where_the_rows_were_centred_last(steps, spread):
    assert projection(steps=steps).verdict.endswith(f"80.00 % of the {spread}")


def test_the_verdict_on_rows_that_are_all_alike_names_no_share():
    assert projection((0, 0, 0)).verdict == "all rows are alike"
    assert projection().verdict.endswith("80.00 % of the variance")


def test_axes_with_a_meaning_of_their_own_are_the_verdict():
    named = replace(projection(), explained=None, titles=("good", "bad", "ugly"))
    assert named.with_axes((2, 0)).verdict == "x = ugly, y = good"
    assert named.axis_title(1) == "bad"
    assert named.meaningful_axes


def test_a_row_far_from_all_others_is_no_end_of_components_but_of_named_axes():
    scores = np.random.default_rng(0).uniform(-1, 1, (300, 2)).astype(np.float32)
    scores[9] = (1000, 1000)
    table = Table(tuple(map(str, range(300))), Vectors(np.ones((300, 2), np.float32)))
    shares = np.array([0.5, 0.2])
    components = Projection(table, scores, (0, 1), "pca", {}, 0, explained=shares)
    assert 9 not in components.furthest
    assert scores[:, 0].argmin() == components.furthest[1]
    named = Projection(table, scores, (0, 1), "axes", {}, 0, titles=("x", "y"))
    assert named.furthest[0] == 9
    some = np.arange(300) < 5
    assert set(named.ends(some).tolist()) <= set(range(5))
    assert named.ends(np.zeros(300, bool)).tolist() == []


def test_rows_that_are_not_on_the_map_are_counted_with_the_reason():
    assert projection().coverage == "4 rows"
    single = Table(("a",), Vectors(np.ones((1, 2), np.float32)))
    assert (
        Projection(single, np.zeros((1, 2), np.float32), (0, 1), "pca", {}, 0).coverage == "1 row"
    )
    scores = projection().scores.copy()
    scores[1] = np.nan
    assert replace(projection(), scores=scores).coverage == "3 of 4 rows (1 left out)"
    drawn = replace(projection(), scores=scores.copy(), sample=Sample(3))
    assert drawn.coverage == "3 of 4 rows (a sample: 3 rows, at random)"


def test_the_rows_at_the_ends_of_named_axes_are_the_furthest():
    scores = np.array([[0, 5], [9, 1], [-9, 2], [1, 9], [2, -9], [np.nan] * 2], np.float32)
    table = Table(tuple("abcdef"), Vectors(np.ones((6, 2), np.float32)))
    made = Projection(table, scores, (0, 1), "axes", {}, 0, titles=("x", "y"))
    assert made.furthest.tolist()[:4] == [1, 2, 3, 4]
    assert 5 not in made.furthest
    unnamed = replace(projection(), explained=None, kl=1.0, method="tsne")
    assert unnamed.furthest.tolist() == []
    assert replace(made, scores=np.full((6, 2), np.nan, np.float32)).furthest.tolist() == []
