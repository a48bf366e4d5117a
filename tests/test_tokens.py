import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.tokens import EMPTY, matches, shown

# Any code point at all, lone surrogates included, as real vocabularies hold them.
ANY_TEXT = st.text(st.characters(exclude_categories=()))
_DIRECTIONS = {"LRE", "RLE", "PDF", "LRO", "RLO", "LRI", "RLI", "FSI", "PDI"}


@given(ANY_TEXT)
def test_every_token_is_shown_as_one_line_of_something(token: str):
    text = shown(token)
    assert len(text.splitlines()) == 1
    assert text.strip(" ") != ""


@given(ANY_TEXT)
def test_nothing_that_controls_a_terminal_or_the_direction_is_shown(token: str):
    for char in shown(token):
        assert unicodedata.category(char) not in {"Cc", "Cs", "Zl", "Zp"}
        assert unicodedata.bidirectional(char) not in _DIRECTIONS


@given(ANY_TEXT, st.integers(1, 20))
def test_a_limit_is_kept(token: str, limit: int):
    text = shown(token, limit)
    assert len(text) <= limit
    assert text == shown(token) or text == shown(token)[: limit - 1] + "…"


@pytest.mark.parametrize(
    ("token", "text"),
    [
        ("film", "film"),
        ("<s>", "<s>"),
        ("naïve", "naïve"),
        ("New York", "New York"),
        ("", EMPTY),
        (" ", "␣"),
        ("  the ", "␣␣the␣"),
        ("new\nline", "new⏎line"),
        ("a\tb\rc", "a⇥b␍c"),
        ("\u202eabc", "‹U+202E›abc"),
        ("zero\u200bwidth", "zero‹U+200B›width"),
        ("a\u00a0b", "a‹nbsp›b"),
        ("a\u3000b", "a‹U+3000›b"),
        ("\x1b[31m", "‹U+001B›[31m"),
        ("\x85", "‹U+0085›"),
        ("\udcff", "‹U+DCFF›"),
        ("\ufeff", "‹U+FEFF›"),
    ],
)
def test_what_cannot_be_seen_is_named(token: str, text: str):
    assert shown(token) == text


def test_joiners_that_words_and_emoji_need_stay():
    for token in ("👩‍🚀", "می\u200cخواهم"):
        assert shown(token) == token


def test_a_joiner_alone_is_named():
    assert shown("\u200d") == "‹U+200D›"


def test_equal_tokens_come_first_then_those_that_start_alike():
    folded = ["a film", "films", "film", "telefilm", "filming", "film", "plot"]
    assert matches(folded, "film").tolist() == [2, 5, 1, 4, 0, 3]


def test_an_empty_query_matches_every_row():
    assert matches(["b", "", "a"], "").tolist() == [0, 1, 2]


def test_a_query_that_is_nowhere_matches_no_row():
    rows = matches(["a", "b"], "c")
    assert rows.tolist() == []
    assert rows.dtype == "int64"
