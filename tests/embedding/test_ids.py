"""Ids as people write them, and the place of what is wrong with them."""

import re

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from explorer.embedding.ids import IdsError, as_ids, check_range, parse_ids, position_of


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("[[2,3],[1,0],[8,6]]", [[2, 3], [1, 0], [8, 6]]),
        ("5", 5),
        ("#5", 5),
        ("-1", -1),
        ("007", 7),
        ("[5]", [5]),
        ("2, 3", [2, 3]),
        ("2 3\n4", [2, 3, 4]),
        ("[1,2],[3,4]", [[1, 2], [3, 4]]),
        ("[[1 2]\n [3 4]]", [[1, 2], [3, 4]]),
        ("[1, 2,]", [1, 2]),
        ("[[[1],[2]],[[3],[4]]]", [[[1], [2]], [[3], [4]]]),
        ("tensor([[1, 2]])", [[1, 2]]),
        ("array([1, 2], dtype=int32)", [1, 2]),
        ("torch.tensor([1, 2], device='cuda:0')", [1, 2]),
    ],
)
def test_ids_are_read_as_they_are_written(text: str, wanted: object):
    found = parse_ids(text)
    assert found.tolist() == wanted
    assert found.dtype == np.int64


@pytest.mark.parametrize(
    ("text", "shape"),
    [("", (0,)), (" ", (0,)), ("[]", (0,)), ("[[],[]]", (2, 0)), ("[[]]", (1, 0))],
)
def test_no_ids_have_a_shape_too(text: str, shape: tuple[int, ...]):
    assert parse_ids(text).shape == shape


@pytest.mark.parametrize(
    ("text", "message", "position"),
    [
        ("[[[1,2],[3,4],[5,6,7]]]", "[0][2] has 3 ids where [0][1] has 2.", 14),
        ("[[1,2],[3]]", "[1] has 1 id where [0] has 2.", 7),
        ("[1,2],[]", "[1] has 0 ids where [0] has 2.", 6),
        ("[[],[1]]", "[1] has 1 id where [0] has none.", 4),
        ("[[[1]],[[2,3]]]", "[1][0] has 2 ids where [0][0] has 1.", 8),
        ("[[[1]],[[2],[3]]]", "[1] has 2 lists where [0] has 1.", 7),
        ("[[1],2]", "[1] is an id where [0] has 1.", 5),
        ("[1,[2]]", "[1] has 1 id where [0] is an id.", 3),
    ],
)
def test_ragged_lists_are_refused_with_the_place(text: str, message: str, position: int):
    with pytest.raises(IdsError) as raised:
        parse_ids(text)
    assert raised.value.message == message
    assert raised.value.position == position


@pytest.mark.parametrize(
    ("text", "told", "position"),
    [
        ("[1, film]", "'film' at character 5 is not an id", 4),
        ("1.5", "'1.5' at character 1 is not an id", 0),
        ("[1,,2]", "comma has no id before it", 3),
        (",1", "comma has no id before it", 0),
        ("[[1,2]", "A bracket is missing", 0),
        ("[1]]", "closes nothing", 3),
        ("[1] 99999999999999999999", "too large for a row number", 4),
        ("[" * 40 + "]" * 40, "more than 16 deep", 16),
        ("{1}", "'{1}' at character 1", 0),
        ("١", "is not an id", 0),  # a digit, and not one that programs write
    ],
)
def test_what_cannot_be_read_is_told_with_the_character(text: str, told: str, position: int):
    with pytest.raises(IdsError, match=re.escape(told)) as raised:
        parse_ids(text)
    assert raised.value.position == position


def refusal(text: str) -> IdsError | None:
    """What is wrong with ids for a table of five rows; any other error is not caught."""
    try:
        check_range(parse_ids(text), 5)
    except IdsError as error:
        return error
    return None


@given(st.text(alphabet="[]()#-,0123456789 \n\tx.tensor", max_size=60))
@example("tensor(" + "[" * 17 + "]" * 17 + ")")
@example("#" * 100 + "-")
def test_whatever_is_typed_gives_ids_or_an_error_of_ours(text: str):
    error = refusal(text)
    assert error is None or error.position is None or 0 <= error.position <= len(text)


@given(st.text(max_size=40))
def test_any_text_gives_ids_or_an_error_of_one_line(text: str):
    assert "\n" not in str(refusal(text))


_SHAPES = st.lists(st.integers(0, 4), max_size=4).map(tuple)


@given(_SHAPES, st.randoms(use_true_random=False))
def test_what_is_written_is_read_back(shape: tuple[int, ...], random):
    ids = np.array([random.randrange(-9, 10**6) for _ in range(int(np.prod(shape)))], np.int64)
    ids = ids.reshape(shape)
    read = parse_ids(str(ids.tolist()))
    # Of lists without ids only as many levels are written as there are lists.
    assert read.tolist() == ids.tolist()
    assert as_ids(ids.tolist()).tolist() == ids.tolist()


def test_ids_come_as_lists_tuples_arrays_ranges_and_tensors():
    import torch

    for ids in ([[1, 2]], ((1, 2),), np.array([[1, 2]], np.int32), torch.tensor([[1, 2]])):
        assert as_ids(ids).tolist() == [[1, 2]]
    assert as_ids(range(3)).tolist() == [0, 1, 2]
    assert as_ids([np.array([1, 2]), [3, 4]]).tolist() == [[1, 2], [3, 4]]
    assert as_ids(np.array([])).tolist() == []


@pytest.mark.parametrize(
    "ids",
    [
        1.0,
        [True],
        "film",
        None,
        [[1], ["a"]],
        np.array([1.5]),
        np.array([2**63], np.uint64),
        [2**70],
    ],
)
def test_what_is_no_id_is_refused(ids: object):
    with pytest.raises(IdsError):
        as_ids(ids)


def test_numbers_longer_than_python_writes_are_refused_or_read():
    with pytest.raises(IdsError, match=r"The number at \[1\] is too large for a row number"):
        as_ids([1, 10**5000])
    with pytest.raises(IdsError, match="is too large for a row number"):
        parse_ids("9" * 5000)
    assert parse_ids("0" * 5000).tolist() == 0
    assert parse_ids("[" + "0" * 5000 + "7]").tolist() == [7]
    assert parse_ids("#-0012").tolist() == -12


def test_an_id_out_of_range_is_named_with_its_place_and_the_range():
    with pytest.raises(IdsError) as raised:
        check_range(np.array([[0, 1], [9938, 2]]), 9938)
    message = "Id 9938 at [1][0] is out of range. The rows are 0 to 9,937."
    assert str(raised.value) == message
    assert raised.value.place == (1, 0)
    with pytest.raises(IdsError, match=r"Id -1 is out of range\. The rows are 0 to 9\."):
        check_range(np.array(-1), 10)
    with pytest.raises(IdsError, match="has no rows"):
        check_range(np.array([0]), 0)


def test_the_character_of_an_id_is_found_by_its_place():
    text = "[[2, 3], [10, 99]]"
    assert text[position_of(text, (1, 1)) :].startswith("99")
    assert text[position_of(text, (1,)) :].startswith("[10")
    assert position_of("7 8 9", (2,)) == 4
    assert position_of("7", ()) == 0


def test_a_masked_id_names_no_row():
    ids = np.ma.array([[2, 3], [1, 0]], mask=[[False, False], [True, False]])
    with pytest.raises(IdsError, match=r"The id at \[1\]\[0\] is masked") as caught:
        as_ids(ids)
    assert caught.value.place == (1, 0)
    assert as_ids(ids.filled(9)).tolist() == [[2, 3], [9, 0]]
    assert as_ids(np.ma.array([4, 5])).tolist() == [4, 5]
