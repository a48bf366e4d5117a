import json

import numpy as np
import pytest

from explorer.errors import InputError
from explorer.formats import sniff
from explorer.lookups import lookup
from explorer.progress import silent
from explorer.table import Table
from explorer.tokenizer_json import encoded, parsed_tokenizer
from explorer.vectors import Vectors


def bpe(**model):
    return {"type": "BPE", "vocab": {"a0": 0, "a1": 1, "a": 2}, "merges": []} | model


def document(model, **fields):
    return json.dumps({"version": "1.0", "added_tokens": [], "model": model} | fields)


PANICS = {
    "a merge without a token": document(bpe(merges=["a0 a1"])),
    "a broken character map": document(
        bpe(), normalizer={"type": "Precompiled", "precompiled_charsmap": "AAAA"}
    ),
    "a merge shorter than its prefix": document(
        bpe(merges=["a0 a1"], continuing_subword_prefix="####")
    ),
    "a merge cut within a character": document(
        bpe(vocab={"a": 0, "ü": 1}, merges=["a ü"], continuing_subword_prefix="#")
    ),
    "a list": "[]",
    "too deep": "[" * 10_000,
}


@pytest.fixture(params=PANICS.values(), ids=PANICS)
def panic(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_what_the_library_cannot_take_is_an_error_of_input(panic: str):
    with pytest.raises(InputError, match=r"^x\.json: the tokenizer cannot be read"):
        parsed_tokenizer("x.json", panic)


def test_a_lookup_in_a_table_with_such_a_tokenizer_is_an_error_of_input(panic: str):
    table = Table(("b",), Vectors(np.ones((1, 2), np.float32)), tokenizer=panic)
    with pytest.raises(InputError, match="the tokenizer cannot be read"):
        lookup(table, "some text")


def test_a_matrix_beside_such_a_tokenizer_opens_with_a_warning(tmp_path, panic: str):
    np.save(tmp_path / "x.npy", np.ones((3, 2), np.float32))
    (tmp_path / "x.tokenizer.json").write_text(panic)
    table = sniff(tmp_path / "x.npy").read(tmp_path / "x.npy", "", report=silent)
    assert not table.named
    assert table.report[0].level == "warning"
    assert "x.tokenizer.json: the tokenizer cannot be read" in table.report[0].message


def test_a_text_the_tokenizer_fails_on_is_an_error_of_input():
    model = {"type": "WordPiece", "unk_token": "[UNK]", "vocab": {"a": 0},
             "continuing_subword_prefix": "##", "max_input_chars_per_word": 100}  # fmt: skip
    tokenizer = parsed_tokenizer("x.json", document(model))
    with pytest.raises(InputError, match="UNK"):
        encoded("x.json", tokenizer, "b")


def test_merges_with_the_prefix_of_continued_words_are_taken():
    model = bpe(vocab={"a": 0, "##b": 1, "ab": 2}, merges=["a ##b"], continuing_subword_prefix="##")
    tokenizer = parsed_tokenizer("x.json", document(model))
    assert encoded("x.json", tokenizer, "ab").ids == [2]
