import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.tokens import EMPTY, readable, scheme_of, shown, unseen

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


@pytest.mark.parametrize(
    ("token", "scheme", "text"),
    [
        ("Ġthe", "byte-level", "␣the"),
        ("Ċ", "byte-level", "⏎"),
        ("ĊĊ", "byte-level", "⏎⏎"),
        ("naÃ¯ve", "byte-level", "naïve"),
        ("âĢ", "byte-level", r"\xe2\x80"),
        ("<|endoftext|>", "byte-level", "<|endoftext|>"),
        ("数", "byte-level", "数"),
        ("", "byte-level", EMPTY),
        ("▁the", "sentencepiece", "␣the"),
        ("a▁b", "sentencepiece", "a b"),
        ("<0x0A>", "sentencepiece", "⏎"),
        ("<0xE2>", "sentencepiece", r"\xe2"),
        ("<0x0A> ", "sentencepiece", "<0x0A>␣"),
        ("##ing", "wordpiece", "…ing"),
        ("##", "wordpiece", "##"),
        ("Ġthe", "", "Ġthe"),
        ("##ing", "", "##ing"),
    ],
)
def test_the_marks_of_a_vocabulary_can_be_read(token: str, scheme: str, text: str):
    assert readable(token, scheme) == text


@given(ANY_TEXT, st.sampled_from(["byte-level", "sentencepiece", "wordpiece", ""]))
def test_the_readable_form_is_as_safe_as_the_raw_one(token: str, scheme: str):
    text = readable(token, scheme, 30)
    assert len(text) <= 30
    assert len(text.splitlines()) == 1
    assert not any(unicodedata.category(char) in {"Cc", "Cs", "Zl", "Zp"} for char in text)


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_every_text_is_read_from_its_byte_level_token(text: str):
    from tokenizers.pre_tokenizers import ByteLevel

    pieces = ByteLevel(add_prefix_space=False, use_regex=False).pre_tokenize_str(text)
    token = "".join(piece for piece, _ in pieces)
    assert readable(token, "byte-level") == shown(text)


@pytest.mark.parametrize(
    ("tokens", "scheme"),
    [
        (["Ġa", "b", "c"], "byte-level"),
        (["▁a", "b"], "sentencepiece"),
        (["a", "##b"], "wordpiece"),
        (["a", "b"], ""),
        ([], ""),
        (["##"] + ["word"] * 200, ""),
    ],
)
def test_the_scheme_is_known_by_the_marks(tokens: list[str], scheme: str):
    assert scheme_of(tokens) == scheme


@pytest.mark.parametrize("token", ["a\nb", "\x00", "\u202eabc", "\u200b", "\ufeffa", "\x85"])
def test_characters_that_cannot_be_seen_are_noticed(token: str):
    assert unseen(token)


@pytest.mark.parametrize("token", ["", "a b", "👩\u200d🚀", "a\u00a0b", "数", "Ġ"])
def test_what_can_be_seen_and_joiners_are_not(token: str):
    assert not unseen(token)


def test_the_real_gpt2_vocabulary_is_byte_level(shared_data):
    import json

    path = next((shared_data / "gpt2_vocab").glob("*.json"), None)
    if path is None:
        pytest.skip("no vocabulary here")
    tokens = list(json.loads(path.read_text(encoding="utf-8")))
    assert scheme_of(tokens) == "byte-level"
    cut = [token for token in tokens if "\\x" in readable(token, "byte-level")]
    assert 300 < len(cut) < 400


@given(st.text(st.characters(exclude_categories=("Cs",)), min_size=1))
def test_a_byte_level_token_is_read_as_the_text_it_was_made_of(text: str):
    from tokenizers import pre_tokenizers

    cut = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    token = "".join(piece for piece, _ in cut.pre_tokenize_str(text))
    assert readable(token, "byte-level") == shown(text)


@given(st.tuples(ANY_TEXT, st.sampled_from("\x00 \x7f\xa0\xad…数"), ANY_TEXT).map("".join))
def test_a_token_with_a_character_that_stands_for_no_byte_is_shown_as_it_is(token: str):
    assert readable(token, "byte-level") == shown(token)
