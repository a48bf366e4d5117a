"""Plain patterns are answered by an automaton exactly as RE2 answers them."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from explorer.progress import silent
from explorer.searching import Index, PatternError, Search
from explorer.searching.automaton import automaton
from explorer.searching.patterns import matching
from explorer.searching.texts import Texts

_ATOMS = st.sampled_from(
    [*"abkKsS9 .^$é中Ġ-", r"\.", r"\d", r"\w", r"\W", r"\s", r"\S", r"\D", "[ak]", "[^k]", "[^s9]",
     "[a-s]", "[^a-z]", "[0-9_]", "[-a]", "[a-]", "[^ſ]", "[.]", "\u212a", "\u017f", "\n"]
)  # fmt: skip
_SIGNS = st.sampled_from(["", "", "", "*", "+", "?", "*?", "+?", "{2}", "{0}", "{1,}", "{0,2}"])
_REPEATED = st.builds("{}{}".format, _ATOMS, _SIGNS)
_PATTERNS = st.recursive(
    st.lists(_REPEATED, max_size=4).map("".join),
    lambda inner: st.one_of(
        st.builds("{}|{}".format, inner, inner),
        st.builds("({}){}".format, inner, _SIGNS),
        st.builds("(?:{}){}".format, inner, _SIGNS),
        st.builds("{}{}".format, inner, inner),
    ),
    max_leaves=5,
)
_TEXTS = st.lists(
    st.text(st.sampled_from("aAbkKsS9 .\n\t-_é中Ġ\u212a\u017f😀É\x00"), max_size=8), max_size=12
)


def answered_by_re2(texts: Texts, pattern: str, *, case: bool) -> list[bool]:
    found = pc.match_substring_regex(
        pa.array(list(texts), pa.string()), pattern if case else f"(?i){pattern}"
    )
    return found.to_pylist()


@settings(max_examples=600, deadline=None)
@given(pattern=_PATTERNS, texts=_TEXTS, case=st.booleans())
@example(pattern="(^a|b$)*s", texts=["bs", "as", "ſ"], case=False)
@example(pattern="^$", texts=["", "a", "\n"], case=True)
@example(pattern="[^k]", texts=["\u212a", "k", "é", "\u212ak\u212a"], case=False)
def test_an_automaton_answers_as_re2_does(pattern: str, texts: list[str], case: bool):
    # Short and long texts: the long ones are left to RE2.
    held = Texts([*texts, *("é" * 30 + text for text in texts[:2])])
    everything = np.ones(len(held), np.bool_)
    try:
        found = matching(held, pattern, everything, case=case)
    except PatternError:
        return
    assert found.tolist() == answered_by_re2(held, pattern, case=case)


@pytest.mark.parametrize("case", [True, False])
@pytest.mark.parametrize(
    "pattern",
    ["the", "^th.*e$", "[aeiou]+ng", "(un|in).*ed", r"\d{4}", "^.$", "a{2,3}b?", "[^a-z]"],
)
def test_what_one_types_is_plain(pattern: str, case: bool):
    assert automaton(pattern, case=case) is not None


@pytest.mark.parametrize(
    "pattern",
    [
        r"\bthe",
        r"\pL",
        "(?i)a",
        "(?P<n>a)",
        r"\x41",
        r"\Qa.b",
        "[[:alpha:]]",
        r"[\d]",
        r"\Aa",
        "]a",
    ],
)
def test_what_is_not_plain_is_left_to_re2(pattern: str):
    assert automaton(pattern, case=True) is None


@pytest.mark.parametrize("pattern", ["(.*a.*b){9}", "(a|b|c|d)(e|f|g|h){20}", "(" * 25 + ")" * 25])
def test_a_pattern_of_too_many_states_is_left_to_re2(pattern: str):
    assert automaton(pattern, case=True) is None


def test_letters_beyond_ascii_are_left_to_re2_where_capitals_do_not_count():
    assert automaton("é", case=True) is not None
    assert automaton("é", case=False) is None
    assert Index(("É", "e")).find(Search("é", "regex")).tolist() == [0]


def test_lone_surrogates_count_as_a_character():
    found = Index(("a\ud800", "\ud800", "ab")).find(Search("^a.$", "regex", case=True))
    assert found.tolist() == [0, 2]


def test_only_the_texts_that_are_asked_about_are_answered():
    texts = Texts(["ab", "a", "b" * 60 + "a", "a" * 60])
    among = np.array([False, True, True, False])
    found = matching(texts, "a", among, case=True, report=silent)
    assert found.tolist() == [False, True, True, False]
