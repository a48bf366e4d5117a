"""Cleaning: markup, entities and wrongly decoded punctuation."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.corpora._cleaning import clean


@pytest.mark.parametrize(
    ("dirty", "plain"),
    [
        ("Great.<br /><br />Truly.", "Great. Truly."),
        ("<BR>one<br/>two<hr />", "one two"),
        ("an <i>odd</i> <a href='x'>link</a>", "an odd link"),
        ("a \x96 b\x85", "a \u2013 b\u2026"),
        ("it\x92s \x93fine\x94", "it\u2019s \u201cfine\u201d"),
        ("Tom &amp; Jerry &eacute;t&eacute; &#39;s", "Tom & Jerry été 's"),
        ("un\x81assigned", "un assigned"),
        ("tab\tand\x00bell\x07", "tab and bell"),
        ("I <3 this, 2 < 3 and 4 > 3", "I <3 this, 2 < 3 and 4 > 3"),
        ("AT&T & co; R&B", "AT&T & co; R&B"),
        ("  many   spaces\r\n\r\nand lines  ", "many spaces and lines"),
        ("naïve Zoë 😀", "naïve Zoë 😀"),
    ],
)
def test_dirt_of_real_reviews_is_taken_out_and_nothing_else(dirty: str, plain: str) -> None:
    assert clean(dirty) == plain


@given(st.text())
def test_a_clean_text_holds_no_control_character(text: str) -> None:
    assert not any(ord(char) < 32 or 0x7F <= ord(char) <= 0x9F for char in clean(text))
