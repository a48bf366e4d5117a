"""Every mode against what Python's own strings say, on texts as hostile as vocabularies are."""

from contextlib import nullcontext, suppress

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from explorer.errors import ParameterError
from explorer.searching import MODES, Index, PatternError, Search, index_of
from explorer.table import Table
from explorer.tokens import readable
from explorer.vectors import Vectors

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=8)
FEW = st.text(st.sampled_from("aAbß ġĠ…İﬁ\n\ud800"), max_size=6)
TOKENS = st.lists(st.one_of(FEW, ANY_TEXT), max_size=12)
BYTE_LEVEL = ("the", "Ġthe", "Ġother", "The", "Ċ", "Ġ", "naÃ¯ve", "ether", "Ġthey", "âĢ", "")


def table_of(tokens: tuple[str, ...]) -> Table:
    return Table(tokens, Vectors(np.ones((len(tokens), 2), np.float32)))


def found(tokens, text: str, mode: str = "substring", *, case: bool = False, scheme: str = ""):
    rows = Index(tokens, scheme).find(Search(text, mode, case))
    assert rows.dtype == np.int64
    return rows.tolist()


def rank(token: str, text: str) -> int:
    """The definition, letter by letter."""
    bare = token[1:] if token[:1] in (" ", "…") and len(token) > 1 else token
    if token == text:
        return 0
    if bare == text:
        return 1
    if token.startswith(text):
        return 2
    if bare.startswith(text):
        return 3
    return 4 if text in token else 5


@pytest.mark.parametrize("case", [True, False])
@pytest.mark.parametrize(("mode", "worst"), [("exact", 1), ("prefix", 3), ("substring", 4)])
@given(tokens=TOKENS, text=st.one_of(FEW, ANY_TEXT))
@example(tokens=["", "a", "", "ab", ""], text="a")
@example(tokens=["straße", "STRASSE"], text="SS")
@example(tokens=["ab", "ba"], text="bb")
def test_literal_modes_find_what_their_definitions_say(
    tokens: list[str], text: str, mode: str, worst: int, case: bool
):
    if not text:
        assert found(tokens, text, mode, case=case) == list(range(len(tokens)))
        return
    compared = tokens if case else [token.casefold() for token in tokens]
    sought = text if case else text.casefold()
    ranks = [rank(token, sought) for token in compared]
    expected = [row for at in range(worst + 1) for row, one in enumerate(ranks) if one == at]
    told = found(tokens, text, mode, case=case)
    assert [ranks[row] for row in told] == [ranks[row] for row in expected]
    assert sorted(told) == sorted(expected)
    assert [row for row in told if ranks[row] > 1] == [row for row in expected if ranks[row] > 1]


def test_equal_tokens_with_the_same_capitals_come_before_others():
    tokens = ("The", "THE", "the", "ĠThe", "Ġthe")
    assert found(tokens, "the", scheme="byte-level") == [2, 0, 1, 4, 3]
    assert found(tokens, "THE", scheme="byte-level") == [1, 0, 2, 3, 4]


def test_a_token_is_found_by_itself_and_by_what_it_is_read_as():
    def named(text: str, mode: str) -> list[str]:
        return [BYTE_LEVEL[row] for row in found(BYTE_LEVEL, text, mode, scheme="byte-level")]

    assert named("the", "exact") == ["the", "The", "Ġthe"]
    assert named(" the", "exact") == ["Ġthe"]
    assert named("Ġthe", "exact") == ["Ġthe"]
    assert named("the", "prefix") == ["the", "The", "Ġthe", "Ġthey"]
    assert named("naïve", "exact") == ["naÃ¯ve"]
    assert named("⏎", "exact") == ["Ċ"]
    assert named("he", "substring") == ["the", "Ġthe", "Ġother", "The", "ether", "Ġthey"]
    assert named("^ .*e$", "regex") == ["Ġthe"]
    assert named("hte", "fuzzy")[:2] == ["the", "Ġthe"]


def test_capitals_count_where_they_are_asked_to():
    tokens = ("Film", "film", "FILM")
    for mode in MODES:
        assert sorted(found(tokens, "film", mode)) == [0, 1, 2]
    for mode in ("exact", "prefix", "substring", "regex"):
        assert found(tokens, "film", mode, case=True) == [1]


def test_nearly_equal_spellings_come_nearest_first():
    tokens = ("govern", "government", "goverment", "governments", "movement", "film", "ment")
    assert found(tokens, "goverment", "fuzzy") == [2, 1, 3, 4, 0]
    swapped = ("abdc", "abxx", "xbcd", "abcd")
    assert found(swapped, "abcd", "fuzzy") == [3, 0, 2, 1]


def test_of_equally_near_spellings_the_most_frequent_come_first():
    index = Index(("filo", "fila", "filx"), weights=np.array([1.0, 7.0, 3.0]))
    assert index.find(Search("film", "fuzzy")).tolist() == [1, 2, 0]


def test_of_equally_near_spellings_those_with_the_same_first_letter_come_first():
    assert found(("bilm", "filx"), "film", "fuzzy") == [1, 0]


@given(TOKENS, st.one_of(FEW, ANY_TEXT, st.text("(a+|b)*[]\\{}?^$.1", max_size=8)), st.booleans())
def test_whatever_is_typed_nothing_but_an_explorer_error_is_raised(
    tokens: list[str], text: str, case: bool
):
    for mode in MODES:
        search = Search(text, mode, case)
        with suppress(PatternError) if mode == "regex" else nullcontext():
            _check(tokens, search)


def _check(tokens: list[str], search: Search) -> None:
    for scheme in ("byte-level", ""):
        rows = Index(tokens, scheme).find(search)
        assert len(set(rows.tolist())) == len(rows)
        assert all(0 <= row < len(tokens) for row in rows.tolist())
        for row in rows.tolist():
            spans = search.spans(tokens[row])
            edges = [edge for span in spans for edge in span]
            assert edges == sorted(edges)
            assert all(0 <= start < stop <= len(tokens[row]) for start, stop in spans)


@pytest.mark.parametrize(
    ("token", "text", "mode", "spans"),
    [
        ("banana", "an", "substring", [(1, 3), (3, 5)]),
        ("BANANA", "an", "prefix", []),
        (" the", "the", "prefix", [(1, 4)]),
        (" the", " t", "prefix", [(0, 2)]),
        ("the", "the", "exact", [(0, 3)]),
        ("then", "the", "exact", []),
        ("Straße", "ss", "substring", [(4, 5)]),
        ("Straße", "s", "substring", [(0, 1), (4, 5)]),
        ("İx", "x", "substring", [(1, 2)]),
        ("naïve film", "[aeiou]+", "regex", [(1, 2), (4, 5), (7, 8)]),
        ("naïve film", "x*", "regex", []),
        ("filmed", "fimled", "fuzzy", [(0, 2), (3, 4), (4, 6)]),
        ("abc", "", "substring", []),
        ("", "a", "prefix", []),
    ],
)
def test_the_matching_part_is_told(token: str, text: str, mode: str, spans: list[tuple[int, int]]):
    told = Search(text, mode).spans(token)
    if mode == "fuzzy":  # several alignments are as good
        assert "".join(token[a:b] for a, b in told) in {"filed", "fimed"}
    else:
        assert told == spans


@pytest.mark.parametrize("typed", ["movvie", "moviee", "mmoovviiee"])
def test_letters_typed_beyond_those_of_a_token_part_no_stretch(typed: str):
    assert Search(typed, "fuzzy").spans("movie") == [(0, 5)]


def test_capitals_count_for_the_matching_part_too():
    assert Search("a", case=True).spans("Aa") == [(1, 2)]
    assert Search("a", "regex", case=True).spans("Aa") == [(1, 2)]
    assert Search("a", "regex").spans("Aa") == [(0, 1), (1, 2)]


def test_a_mode_that_does_not_exist_is_refused():
    with pytest.raises(ParameterError, match="no search mode 'glob'"):
        Search("a", "glob")


def test_a_table_keeps_its_index_as_long_as_it_lives():
    table = table_of(("a", "b"))
    assert index_of(table) is index_of(table)
    assert index_of(table_of(("a", "b"))) is not index_of(table)


@pytest.mark.parametrize("tokens", [(), ("",), ("", "")])
@pytest.mark.parametrize("mode", MODES)
def test_tables_of_nothing_are_searched(tokens: tuple[str, ...], mode: str):
    assert found(tokens, "abc", mode) == []
    assert found(tokens, "", mode) == list(range(len(tokens)))


def test_a_search_may_be_given_up_on_the_way():
    from explorer.progress import Cancelled, Progress

    def stop(progress: Progress) -> None:
        raise Cancelled

    for mode in MODES:
        with pytest.raises(Cancelled):
            Index(("a", "b")).find(Search("a", mode), stop)


def test_what_a_search_needs_is_prepared_once():
    index = Index(("a", "b"))
    assert not index.prepared(Search("a"))
    index.prepare(Search("a"))
    assert index.prepared(Search("b", "prefix"))
    for other in (Search("a", case=True), Search("a", "regex"), Search("a", "fuzzy")):
        alone = Index(("a", "b"))
        alone.prepare(Search("a"))
        assert not alone.prepared(other)
        alone.prepare(other)
        assert alone.prepared(other)


@pytest.mark.parametrize("mode", ["exact", "prefix", "substring"])
def test_the_first_key_makes_nothing_that_could_be_prepared(mode: str):
    index = Index(("a", "b", "ab"), "")
    index.prepare(Search("", mode))
    (texts,) = index._texts.values()
    made = set(vars(texts))
    index.find(Search("ab", mode))
    index.find(Search("a", mode))
    assert set(vars(texts)) == made


def test_every_readable_text_finds_its_token():
    index = Index(BYTE_LEVEL, "byte-level")
    for row, token in enumerate(BYTE_LEVEL):
        read = readable(token, "byte-level").replace("␣", " ")
        assert row in index.find(Search(read, "exact", case=True)).tolist()
