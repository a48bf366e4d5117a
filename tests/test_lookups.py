import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.errors import InputError
from explorer.lookups import (
    EXACT,
    LEFT_OUT,
    LOWER_CASED,
    MISSING,
    OTHER_CODE_POINTS,
    SPLIT,
    STRIPPED,
    UNKNOWN,
    Lookup,
    lookup,
)
from explorer.objectives._words import learn_tokenizer, tokens_of
from explorer.table import Table
from explorer.vectors import Vectors

ANY_TEXT = st.text(st.characters(exclude_categories=()))
TEXTS = ["the film is good", "don't see the film", "a good ending, naïve", "New York"]


def table_of(tokens: tuple[str, ...], tokenizer: str = "") -> Table:
    return Table(tokens, Vectors(np.ones((len(tokens), 2), np.float32)), tokenizer=tokenizer)


def word_level() -> Table:
    """A table with the tokenizer that training makes."""
    tokenizer = learn_tokenizer(TEXTS, vocabulary=100, min_frequency=1, lowercase=True)
    return table_of(tokens_of(tokenizer), tokenizer.to_str())


def byte_level() -> Table:
    """A table with the kind of tokenizer that language models use."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(vocab_size=270, initial_alphabet=alphabet, show_progress=False)
    tokenizer.train_from_iterator(TEXTS, trainer)
    return table_of(tokens_of(tokenizer), tokenizer.to_str())


def plain() -> Table:
    return table_of(("the", "film", "York", "don't", "New York", "<unk>", ""))


def told(found: Lookup) -> list[tuple[str, str | None, str]]:
    return [(piece.piece, piece.token, piece.how) for piece in found.pieces]


def test_the_tokenizer_of_training_says_what_it_did_with_each_piece():
    assert told(lookup(word_level(), "The film, zyx <unk> naïve!")) == [
        ("The", "the", LOWER_CASED),
        ("film", "film", EXACT),
        (",", None, LEFT_OUT),
        ("zyx", "<unk>", UNKNOWN),
        ("<unk>", "<unk>", EXACT),
        ("naïve", "naïve", EXACT),
        ("!", None, LEFT_OUT),
    ]


def test_an_apostrophe_within_a_word_belongs_to_it():
    assert told(lookup(word_level(), "Don't")) == [("Don't", "don't", LOWER_CASED)]


def test_a_whole_text_that_is_a_token_is_that_token():
    assert told(lookup(plain(), "New York")) == [("New York", "New York", EXACT)]
    assert told(lookup(plain(), "")) == [("", "", EXACT)]


def test_a_word_of_several_tokens_is_split():
    found = lookup(byte_level(), "the unseen")
    assert [piece.piece for piece in found.pieces if piece.how == EXACT] == ["the"]
    split = [piece.piece for piece in found.pieces if piece.how == SPLIT]
    assert len(split) > 1
    assert "".join(split) == " unseen"


def word_table(pre_tokenizer: str, *tokens: str) -> Table:
    from tokenizers import Tokenizer, models, pre_tokenizers

    tokenizer = Tokenizer(models.WordLevel({token: row for row, token in enumerate(tokens)}, "?"))
    tokenizer.pre_tokenizer = {
        "byte-level": lambda: pre_tokenizers.ByteLevel(add_prefix_space=False),
        "metaspace": lambda: pre_tokenizers.Metaspace(prepend_scheme="never"),
    }[pre_tokenizer]()
    return table_of(tokens, tokenizer.to_str())


def test_a_space_is_the_mark_that_stands_for_it():
    table = word_table("byte-level", "?", "the", "Ġthe", "ĠcafÃ©", "Ġ数")
    assert told(lookup(table, "the the café zyx")) == [
        ("the", "the", EXACT),
        (" the", "Ġthe", EXACT),
        (" café", "ĠcafÃ©", EXACT),
        (" zyx", "?", UNKNOWN),
    ]
    table = word_table("metaspace", "?", "the", "▁the")
    assert told(lookup(table, "the the")) == [("the", "the", EXACT), (" the", "▁the", EXACT)]


def test_bytes_of_one_character_are_pieces_of_that_character():
    found = lookup(byte_level(), "数")
    assert [piece.piece for piece in found.pieces] == ["数"] * 3
    assert len(set(found.rows)) == 3


def test_a_table_without_tokenizer_tries_the_forms_of_a_word():
    assert told(lookup(plain(), "the FILM (York), (THE) zyx")) == [
        ("the", "the", EXACT),
        ("FILM", "film", LOWER_CASED),
        ("(York),", "York", STRIPPED),
        ("(THE)", "the", STRIPPED),
        ("zyx", "<unk>", UNKNOWN),
    ]


def test_without_a_row_for_unknown_words_a_word_is_missing():
    found = lookup(table_of(("the",)), "the zyx")
    assert told(found)[1] == ("zyx", None, MISSING)
    assert found.pieces[1].row is None
    assert found.rows == [0]


def test_an_id_beyond_the_table_is_a_missing_piece():
    whole = word_level()
    cut = table_of(whole.tokens[:3], whole.tokenizer)
    rows = [whole.row_of(word) for word in ("naïve", "new")]
    assert min(rows) >= 3
    assert told(lookup(cut, "naïve new"))[0] == ("naïve", None, MISSING)


def test_a_text_of_white_space_has_no_pieces():
    for table in (word_level(), table_of(("the",))):
        assert lookup(table, " \n\t ").pieces == ()


def test_cutting_and_padding_of_the_tokenizer_are_switched_off():
    from tokenizers import Tokenizer

    table = word_level()
    tokenizer = Tokenizer.from_str(table.tokenizer)
    tokenizer.enable_truncation(2)
    tokenizer.enable_padding(length=9)
    found = lookup(table_of(table.tokens, tokenizer.to_str()), "the film is good")
    assert told(found) == [(word, word, EXACT) for word in ("the", "film", "is", "good")]


@pytest.mark.parametrize("tokenizer", ["{}", "no JSON", '{"model": 3}'])
def test_a_broken_tokenizer_is_an_error_of_input(tokenizer: str):
    with pytest.raises(InputError, match="tokenizer cannot be read"):
        lookup(table_of(("the",), tokenizer), "a film")


_TABLES = {"word level": word_level(), "byte level": byte_level(), "none": plain()}


@pytest.mark.parametrize("table", _TABLES.values(), ids=_TABLES.keys())
@given(text=ANY_TEXT)
def test_any_text_has_pieces_that_stand_where_they_say_in_order(table: Table, text: str):
    pieces = lookup(table, text).pieces
    assert all(text[piece.start : piece.stop] == piece.piece for piece in pieces)
    assert [piece.start for piece in pieces] == sorted(piece.start for piece in pieces)
    for piece in pieces:
        known = piece.row is not None
        assert known == (piece.token is not None) == (piece.how not in {MISSING, LEFT_OUT})
        assert not known or table.tokens[piece.row] == piece.token


@pytest.mark.parametrize("table", _TABLES.values(), ids=_TABLES.keys())
@given(text=ANY_TEXT)
def test_no_letter_or_digit_of_a_text_is_passed_over(table: Table, text: str):
    covered: set[int] = set()
    for piece in lookup(table, text).pieces:
        covered.update(range(piece.start, piece.stop))
    assert all(place in covered for place, char in enumerate(text) if char.isalnum())


@pytest.mark.parametrize(
    ("typed", "token", "how"),
    [
        ("cafe\u0301", "caf\u00e9", OTHER_CODE_POINTS),
        ("caf\u00e9", "cafe\u0301", OTHER_CODE_POINTS),
        ("Cafe\u0301", "caf\u00e9", LOWER_CASED),
        ("(cafe\u0301)", "caf\u00e9", STRIPPED),
        ("(caf\u00e9)", "cafe\u0301", STRIPPED),
        ("cafe\u0301", "cafe", MISSING),
    ],
)
def test_an_accent_is_the_same_within_its_letter_and_apart_from_it(typed, token, how):
    (piece,) = lookup(table_of(("the", token)), typed).pieces
    assert piece.how == how
    assert piece.token == (None if how == MISSING else token)
