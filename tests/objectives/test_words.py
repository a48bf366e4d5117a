"""The word-level tokenizer and documents as rows of ids."""

import json

import numpy as np
import pytest

from explorer.objectives._words import PAD, Encoded, encode, learn_tokenizer, padded, tokens_of
from explorer.progress import Cancelled, Progress

TEXTS = ["The cat's hat, the mat.", "THE ‘best’ cat — été 7", "l’eau the"]


def learn(texts=TEXTS, **changes):
    chosen = {"vocabulary": 100, "min_frequency": 1, "lowercase": True} | changes
    return learn_tokenizer(texts, **chosen)


def encoded(*documents):
    starts = np.concatenate([[0], np.cumsum([len(d) for d in documents], dtype=np.int64)])
    return Encoded(np.array([i for d in documents for i in d], dtype=np.int32), starts)


def test_rows_are_pad_unknown_then_words_commonest_first_ties_by_alphabet():
    assert tokens_of(learn()) == (
        "<pad>", "<unk>", "the", "7", "best", "cat", "cat's", "hat", "l’eau", "mat", "été",
    )  # fmt: skip


def test_apostrophes_belong_to_a_word_only_within_it():
    assert learn().encode("‘cat's’ 'cat'").tokens == ["cat's", "cat"]


def test_case_counts_only_when_asked():
    assert {"The", "the", "THE"} <= set(tokens_of(learn(lowercase=False)))


def test_rare_and_surplus_words_have_no_row():
    assert tokens_of(learn(min_frequency=4)) == ("<pad>", "<unk>", "the")
    assert len(tokens_of(learn(vocabulary=5))) == 5


def test_a_word_without_a_row_is_unknown():
    ids = encode(learn(vocabulary=3), ["the cat the"])
    assert ids.ids.tolist() == [2, 1, 2]
    assert ids.counts(3).tolist() == [0, 1, 2]


def test_the_stored_tokenizer_neither_pads_nor_cuts():
    stored = json.loads(learn().to_str())
    assert stored["padding"] is None
    assert stored["truncation"] is None


def test_ids_are_the_row_numbers():
    tokenizer = learn()
    rows = {token: row for row, token in enumerate(tokens_of(tokenizer))}
    assert tokenizer.get_vocab() == rows


def test_documents_without_words_stay_in_their_place():
    ids = encode(learn(), ["!?", "the", ""])
    assert len(ids) == 3
    assert ids.starts.tolist() == [0, 0, 1, 1]


# Known answers: keras.utils.pad_sequences([[1, 2, 3, 4, 5, 6, 7], [8, 9], []], 5, ...)
@pytest.mark.parametrize(
    ("padding", "truncating", "long", "short"),
    [
        ("pre", "pre", [3, 4, 5, 6, 7], [0, 0, 0, 8, 9]),
        ("pre", "post", [1, 2, 3, 4, 5], [0, 0, 0, 8, 9]),
        ("post", "pre", [3, 4, 5, 6, 7], [8, 9, 0, 0, 0]),
        ("post", "post", [1, 2, 3, 4, 5], [8, 9, 0, 0, 0]),
    ],
)
def test_padding_and_cutting_are_those_of_keras(padding, truncating, long, short):
    documents = encoded([1, 2, 3, 4, 5, 6, 7], [8, 9], [])
    rows = padded(documents, 5, padding=padding, truncating=truncating)
    assert rows.dtype == np.int32
    assert rows.tolist() == [long, short, [PAD] * 5]


def test_both_passes_can_be_stopped_and_tell_their_progress():
    def stop(progress: Progress) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        learn(report=stop)
    with pytest.raises(Cancelled):
        encode(learn(), TEXTS, stop)
    told: list[Progress] = []
    learn(TEXTS * 1000, report=told.append)
    assert [progress.done for progress in told] == [0, 1000, 2000]
