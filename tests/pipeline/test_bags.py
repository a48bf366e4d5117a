"""Bags of a table: vectors, gradients and the code that makes the same."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.embedding import parse_bags, parse_weights
from explorer.embedding.ids import IdsError
from explorer.errors import ParameterError
from explorer.pipeline import look_into_bags
from explorer.table import Table

BAGS = [[2, 3, 2], [], [1], [0, 0, 5]]
WEIGHTS = [[0.5, 2, 1], [], [3], [1, 0.25, 2]]


@pytest.mark.parametrize("combiner", ["sum", "mean", "sqrtn"])
@pytest.mark.parametrize("weights", [None, WEIGHTS])
@pytest.mark.parametrize(
    "chosen",
    [
        {},
        {"max_norm": 1.5},
        {"max_norm": 1, "norm_type": 1},
        {"padding_idx": 0},
        {"padding_idx": 2},
    ],
)
def test_the_lines_of_pytorch_give_the_same_vectors_and_gradient(
    table: Table, combiner: str, weights, chosen
):
    run = look_into_bags(table, BAGS, weights, combiner=combiner, **chosen)
    names: dict[str, Any] = {"table": table.vectors.to_numpy()}
    exec(run.pytorch, names)
    found = names["result"].detach().numpy()
    np.testing.assert_allclose(found, run.result, rtol=1e-5, atol=1e-6)
    gradient = names["gradient"].numpy()
    np.testing.assert_allclose(gradient, run.gradient.dense(), rtol=1e-5, atol=1e-6)


def test_weights_that_cancel_out_are_zeros_in_pytorch_too(table: Table):
    run = look_into_bags(table, [[1, 2], [3]], [[1, -1], [2]], combiner="mean")
    names: dict[str, Any] = {"table": table.vectors.to_numpy()}
    exec(run.pytorch, names)
    np.testing.assert_allclose(names["result"].detach().numpy(), run.result, rtol=1e-6)
    assert not run.result[0].any()


@pytest.mark.parametrize("bags", [[], [[]], [[], []]])
def test_bags_without_ids_have_zeros_and_no_gradient(table: Table, bags):
    run = look_into_bags(table, bags)
    assert run.result.shape == (len(bags), 8)
    assert not run.result.any()
    assert run.gradient.rows.tolist() == []


@given(
    st.text(alphabet="[],-0123456789 x#", max_size=30),
    st.text(alphabet='[],-.0123456789e "NaN', max_size=30),
)
def test_whatever_is_typed_gives_vectors_or_an_error_of_ours(table: Table, ids: str, weights: str):
    try:
        run = look_into_bags(table, parse_bags(ids), parse_weights(weights))
    except ParameterError:
        return
    assert run.result.shape == (len(run.bags), 8)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("[[2,3],[],[1]]", [[2, 3], [], [1]]),
        ("[2,3],[]", [[2, 3], []]),
        ("2 3", [[2, 3]]),
        ("5", [[5]]),
        ("", []),
        ("[[]]", [[]]),
    ],
)
def test_bags_are_read_as_they_are_written(text: str, wanted: list[list[int]]):
    assert parse_bags(text) == wanted


@pytest.mark.parametrize(
    ("text", "told", "position"),
    [
        ("[[1,2],3]", "[1] is an id, and an example is one list of ids.", 7),
        ("[[1],[[2]]]", "[1] holds lists, and an example is one list of ids.", 5),
        ("[[1],[x]]", "'x' at character 7 is not an id.", 6),
    ],
)
def test_what_is_no_bag_is_told_with_the_place(text: str, told: str, position: int):
    with pytest.raises(IdsError) as raised:
        parse_bags(text)
    assert (raised.value.message, raised.value.position) == (told, position)


def test_ids_out_of_range_are_told_though_they_are_padding(table: Table):
    with pytest.raises(IdsError, match="Id 60"):
        look_into_bags(table, [[60]], padding_idx=60)
    with pytest.raises(ParameterError):
        look_into_bags(table, [[1]], [["x"]])
