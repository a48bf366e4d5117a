from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest

from explorer.errors import InputError
from explorer.formats import sniff

WORDS = ["</s>", "a", "naïve", "数学者", "banana", "x" * 40, "New York"]
DIM, BUCKETS = 4, 50
CHANCE = np.random.default_rng(7)
ROWS = CHANCE.normal(size=(len(WORDS) + BUCKETS, DIM)).astype("<f4")


def model(**changed: int | bytes) -> bytes:
    """A model with ROWS; keywords replace parts of it."""
    part = {
        "magic": b"\xba\x16\x4f\x2f\x0c\0\0\0", "dim": DIM, "kind": 2, "buckets": BUCKETS,
        "minn": 2, "maxn": 4, "size": len(WORDS), "words": len(WORDS), "labels": 0, "pruned": -1,
        "quantised": b"\0", "rows": len(ROWS), "numbers": ROWS.tobytes(),
    } | changed  # fmt: skip
    sizes = (part["kind"], part["buckets"], part["minn"], part["maxn"])
    raw = part["magic"] + struct.pack("<12id", part["dim"], 5, 5, 1, 5, 1, 2, *sizes, 100, 0.05)
    raw += struct.pack("<3iq", part["size"], part["words"], part["labels"], 99)
    raw += struct.pack("<q", part["pruned"]) if part["magic"] else b""
    for count, word in enumerate(WORDS):
        raw += word.encode() + b"\0" + struct.pack("<qb", count, 0)
    raw += (part["quantised"] if part["magic"] else b"") + struct.pack("<2q", part["rows"], DIM)
    return raw + part["numbers"] + b"\0" + struct.pack("<2q", 0, 0)


def by_definition(word: str, minn: int, maxn: int) -> np.ndarray:
    """dictionary.cc, computeSubwords and hash, character by character."""
    ids = [WORDS.index(word)]
    framed = f"<{word}>"
    for start in range(len(framed)):
        for stop in range(start + minn, min(start + maxn, len(framed)) + 1):
            if stop - start == 1 and (start == 0 or stop == len(framed)):
                continue
            number = 2166136261
            for byte in framed[start:stop].encode():
                number ^= byte if byte < 128 else byte + 0xFFFFFF00
                number = number * 16777619 % 2**32
            ids.append(len(WORDS) + number % BUCKETS)
    return ROWS[ids].astype(np.float64).mean(axis=0)


@pytest.fixture
def write(tmp_path):
    def written(raw: bytes) -> Path:
        (tmp_path / "m.bin").write_bytes(raw)
        return tmp_path / "m.bin"

    return written


@pytest.mark.parametrize(("minn", "maxn"), [(3, 6), (2, 4), (1, 1), (0, 3), (30, 60)])
def test_a_word_vector_is_the_mean_of_its_row_and_its_ngrams(minn, maxn, write, opened):
    table = opened(write(model(minn=minn, maxn=maxn)))
    assert table.tokens == tuple(WORDS)
    for row, word in enumerate(WORDS[1:], start=1):
        expected = by_definition(word, max(1, minn), maxn)
        np.testing.assert_allclose(table.vectors.rows([row])[0], expected, atol=1e-6)


@pytest.mark.parametrize(("magic", "alone"), [(b"\xba\x16\x4f\x2f\x0c\0\0\0", True), (b"", False)])
def test_the_end_of_a_sentence_has_ngrams_in_dated_models_only(magic, alone, write, opened):
    path = write(model(magic=magic))
    assert sniff(path).name == "fasttext"
    expected = ROWS[0] if alone else by_definition("</s>", 2, 4)
    np.testing.assert_allclose(opened(path).vectors.rows([0])[0], expected, atol=1e-6)


def test_batches_do_not_change_the_vectors(write, opened, monkeypatch):
    whole = opened(write(model())).vectors.to_numpy()
    monkeypatch.setattr("explorer.reading.subwords._BATCH_BYTES", 600)
    np.testing.assert_allclose(opened(write(model())).vectors.to_numpy(), whole, atol=1e-6)


def test_the_bare_rows_can_be_asked_for(write, opened):
    table = opened(write(model()), "word rows")
    np.testing.assert_array_equal(table.vectors.to_numpy(), ROWS[: len(WORDS)])
    assert table.vectors.mapped
    assert table.report[0].level == "warning"


def test_counts_are_a_column_and_what_is_left_out_is_told(write, opened):
    table = opened(write(model()))
    assert table.columns["count"].values.tolist() == list(range(len(WORDS)))
    assert "50 rows of n-grams themselves and the output matrix are left out" in str(table.report)


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (model(kind=3), "supervised"),
        (model(labels=2), "supervised"),
        (model(quantised=b"\1"), "quantised"),
        (model(pruned=3), "quantised"),
        (model(magic=b"\xba\x16\x4f\x2f\x0d\0\0\0"), "version 13"),
        (model(rows=10**15), r"its matrix is 1,000,000,000,000,000 x 4"),
        (model(buckets=60, rows=len(WORDS) + 60), "cut short: its matrix"),
        (model(size=2**30, words=2**30), "claims 1,073,741,824 words"),
        (model(size=40, words=40), "cut short|matrix"),
        (model(words=-7), "says -7 of 7 words"),
        (model(dim=0), "0 numbers each"),
        (model(maxn=2000), "n-grams of 2 to 2,000"),
        (model()[:60], "header is not whole"),
        (model()[:90], "cut short"),
        (model()[:-40], "cut short: its matrix"),
    ],
)
def test_what_cannot_be_read_is_refused_in_a_sentence(raw, said, write, opened):
    with pytest.raises(InputError, match=said):
        opened(write(raw))


def test_more_vectors_than_the_memory_allowed_are_refused(write, opened, monkeypatch):
    monkeypatch.setenv("EMBEDDING_EXPLORER_MEMORY", "100")
    with pytest.raises(InputError, match=r"would need 112 bytes of memory, and 100 bytes"):
        opened(write(model()))
    assert opened(write(model()), "word rows").vectors.mapped
