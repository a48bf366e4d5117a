"""Where rows lie among shards: worked by hand, and against TensorFlow's rule."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.embedding.shards import check_sizes, place_of, shard_of, sizes, split
from explorer.errors import ParameterError

TEN = np.arange(10)


def test_mod_deals_rows_out_like_cards():
    # 10 rows, 3 shards: 0 3 6 9 | 1 4 7 | 2 5 8
    assert shard_of(TEN, 10, 3).tolist() == [0, 1, 2, 0, 1, 2, 0, 1, 2, 0]
    assert place_of(TEN, 10, 3).tolist() == [0, 0, 0, 1, 1, 1, 2, 2, 2, 3]


def test_div_keeps_rows_together_and_the_first_shards_longer():
    # 10 rows, 3 shards: 0 1 2 3 | 4 5 6 | 7 8 9
    assert shard_of(TEN, 10, 3, "div").tolist() == [0, 0, 0, 0, 1, 1, 1, 2, 2, 2]
    assert place_of(TEN, 10, 3, "div").tolist() == [0, 1, 2, 3, 0, 1, 2, 0, 1, 2]


def test_div_with_two_longer_shards():
    # 11 rows, 3 shards: 0 1 2 3 | 4 5 6 7 | 8 9 10
    eleven = np.arange(11)
    assert shard_of(eleven, 11, 3, "div").tolist() == [0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2]
    assert place_of(eleven, 11, 3, "div").tolist() == [0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2]


@pytest.mark.parametrize("strategy", ["mod", "div"])
def test_with_more_shards_than_rows_each_row_has_one_of_its_own(strategy: str):
    three = np.arange(3)
    assert shard_of(three, 3, 5, strategy).tolist() == [0, 1, 2]
    assert place_of(three, 3, 5, strategy).tolist() == [0, 0, 0]
    assert [part.tolist() for part in split(3, 5, strategy)] == [[0], [1], [2], [], []]


@given(st.integers(0, 60), st.integers(1, 9), st.sampled_from(["mod", "div"]))
def test_every_row_lies_at_its_place_in_its_shard(rows: int, shards: int, strategy: str):
    parts = split(rows, shards, strategy)
    ids = np.arange(rows)
    shard, place = (where(ids, rows, shards, strategy) for where in (shard_of, place_of))
    assert [parts[s][p] for s, p in zip(shard, place, strict=True)] == ids.tolist()
    assert tuple(map(len, parts)) == sizes(rows, shards)
    assert sum(sizes(rows, shards)) == rows


def test_the_shape_of_the_ids_is_kept():
    assert shard_of(np.array(4), 10, 3).shape == ()
    assert place_of(np.zeros((2, 0, 3), np.int64), 10, 3, "div").shape == (2, 0, 3)


@pytest.mark.parametrize(
    ("shards", "strategy", "told"),
    [(0, "mod", "0 shards"), (10**20, "div", "1 and 1,000,000"), (2, "x", "'x'")],
)
def test_what_there_is_not_is_refused(shards: int, strategy: str, told: str):
    with pytest.raises(ParameterError, match=told):
        shard_of(TEN, 10, shards, strategy)


def test_matrices_that_are_not_shards_of_one_table_are_refused():
    with pytest.raises(ParameterError, match=r"Shards of 2, 3 rows.*3, 2 rows"):
        check_sizes([np.zeros((2, 4)), np.zeros((3, 4))])
    with pytest.raises(ParameterError, match="different lengths: 4, 5"):
        check_sizes([np.zeros((2, 4)), np.zeros((2, 5))])
