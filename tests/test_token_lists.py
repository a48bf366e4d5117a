import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.token_lists import NumberedTokens, PackedTokens


def packed(texts: list[str]) -> PackedTokens:
    raw = [text.encode("utf-8", "surrogatepass") for text in texts]
    return PackedTokens(b"".join(raw), np.cumsum([len(one) for one in raw], dtype=np.int64))


ANY_TEXT = st.lists(st.text(st.characters(), max_size=5), max_size=12)


@given(ANY_TEXT)
def test_packed_texts_are_the_texts_by_place_and_in_order(texts):
    lazy = packed(texts)
    assert list(lazy) == texts
    assert [lazy[row] for row in range(len(texts))] == texts
    assert lazy == tuple(texts)
    assert tuple(texts) == lazy


@given(ANY_TEXT, st.slices(12))
def test_a_slice_is_a_tuple_of_the_same_texts(texts, part):
    assert packed(texts)[part] == tuple(texts[part])


def test_packed_texts_keep_lone_surrogates_and_empty_texts():
    texts = ["\ud800", "\udc00", "", "é"]
    assert list(packed(texts)) == texts
    assert packed(texts)[-1] == "é"
    assert packed(texts).index("") == 2


@pytest.mark.parametrize(
    ("utf8", "ends"),
    [
        (b"abc", [1, 2]),
        (b"abc", [2, 1, 3]),
        (b"abc", [-1, 3]),
        ("é".encode(), [1, 2]),
        (b"\xff", [1]),
        (b"a", []),
    ],
)
def test_ends_that_do_not_fit_and_broken_utf8_are_refused_at_once(utf8, ends):
    with pytest.raises(ValueError, match=r"fit|within|decode"):
        PackedTokens(utf8, np.array(ends, dtype=np.int64))


def test_numbered_names_behave_as_their_tuple():
    names = NumberedTokens(3)
    whole = ("<row 0>", "<row 1>", "<row 2>")
    assert names == whole
    assert names[-1] == "<row 2>"
    assert names[1:] == whole[1:]
    assert hash(names) == hash(whole)
    assert names != whole[:2]
    with pytest.raises(IndexError):
        names[3]


def test_a_numbered_name_is_found_without_a_search():
    names = NumberedTokens(10**12)
    assert names.row("<row 999999999999>") == 10**12 - 1
    assert "<row 5>" in names
    for other in ("<row 1000000000000>", "<row 05>", "<row -1>", "row 5", ""):
        assert names.row(other) is None
