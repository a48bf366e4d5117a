from __future__ import annotations

import json

import msgpack
import numpy as np
import pytest

from explorer.errors import InputError
from explorer.reading.spacy_strings import keys_of


@pytest.fixture
def pipeline(tmp_path):
    """Writes a vocab folder: rows by text or key, a matrix of `rows` x 2, the texts."""

    def write(rows_by_text, rows=3, texts=("a", "b", "c"), dtype=np.float32, config=None):
        vocab = tmp_path / "vocab"
        vocab.mkdir()
        with (vocab / "vectors").open("wb") as file:
            np.save(file, np.arange(rows * 2).reshape(rows, 2).astype(dtype))
        keys = {keys_of([k])[0] if isinstance(k, str) else k: r for k, r in rows_by_text.items()}
        (vocab / "key2row").write_bytes(msgpack.packb(keys))
        (vocab / "strings.json").write_text(json.dumps(texts))
        if config:
            (vocab / "vectors.cfg").write_text(json.dumps(config))
        return tmp_path

    return write


def test_keys_are_those_that_spacy_documents():
    # https://spacy.io/api/stringstore and https://spacy.io/usage/spacy-101#vocab
    assert keys_of(["apple", "coffee"]) == [8566208034543834098, 3197928453018144401]


def test_texts_of_every_length_have_the_key_of_the_scalar_algorithm():
    texts = ["", *("xyz€" * n for n in range(1, 6)), *("q" * n for n in range(1, 18))]
    assert keys_of(texts) == [murmur_64a(text.encode(), 1) for text in texts]


def murmur_64a(text: bytes, seed: int) -> int:
    """MurmurHash64A, one number at a time."""
    mix, whole = 0xC6A4A7935BD1E995, 2**64
    key = seed ^ (len(text) * mix) % whole
    for start in range(0, len(text) - 7, 8):
        block = int.from_bytes(text[start : start + 8], "little") * mix % whole
        block = (block ^ block >> 47) * mix % whole
        key = (key ^ block) * mix % whole
    if rest := text[len(text) // 8 * 8 :]:
        key = (key ^ int.from_bytes(rest, "little")) * mix % whole
    key = (key ^ key >> 47) * mix % whole
    return key ^ key >> 47


def test_the_matrix_is_mapped_and_named(pipeline, opened):
    table = opened(pipeline({"b": 0, "a": 2, "c": 1}))
    assert table.tokens == ("b", "c", "a")
    assert table.vectors.mapped


def test_the_vocab_folder_opens_alone(pipeline, opened):
    assert opened(pipeline({"a": 0, "b": 1, "c": 2}) / "vocab").tokens == ("a", "b", "c")


def test_spare_rows_are_told(pipeline, opened):
    table = opened(pipeline({"a": 1}))
    assert table.tokens == ("<row 0>", "a", "<row 2>")
    assert any("2 spare rows" in n.message and n.rows == (0, 2) for n in table.report)


def test_texts_that_share_a_row_are_told(pipeline, opened):
    table = opened(pipeline({"a": 0, "b": 0, "c": 1}, rows=2))
    assert table.tokens == ("a", "c")
    assert any("1 text shares a row" in note.message for note in table.report)


def test_a_key_without_a_text_is_told(pipeline, opened):
    table = opened(pipeline({"a": 0, 414: 1}, rows=2))
    assert table.tokens == ("a", "<row 1>")
    assert any("1 row has a key without a text" in note.message for note in table.report)


@pytest.mark.parametrize("row", [3, -1, 2**40])
def test_a_row_that_is_not_there_is_refused(row, pipeline, opened):
    with pytest.raises(InputError, match="the table has 3 rows"):
        opened(pipeline({"a": row}))


def test_floret_vectors_are_refused_for_what_they_are(pipeline, opened):
    with pytest.raises(InputError, match="hashed pieces of words"):
        opened(pipeline({"a": 0}, config={"mode": "floret"}))


@pytest.mark.parametrize(
    "raw", [b"", b"\xc1", b"\x93\1\2\3", b"\x81\1\xa1x", b"\xdf\xff\xff\xff\xff"]
)
def test_broken_keys_are_refused(raw, pipeline, opened):
    folder = pipeline({"a": 0})
    (folder / "vocab" / "key2row").write_bytes(raw)
    with pytest.raises(InputError, match="is no list of rows"):
        opened(folder)


def test_whole_numbers_are_no_vectors(pipeline, opened):
    with pytest.raises(InputError, match="int64"):
        opened(pipeline({"a": 0}, dtype=np.int64))
