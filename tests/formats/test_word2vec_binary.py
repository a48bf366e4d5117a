from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from explorer.errors import InputError
from explorer.formats import formats, sniff
from explorer.progress import Cancelled

ROWS = np.random.default_rng(3).normal(size=(5, 4)).astype("<f4")


@pytest.fixture
def write(tmp_path):
    """Writes tokens with ROWS after a header, with `end` after each row; gives the path."""

    def written(tokens: list[bytes], header: bytes, end: bytes = b"\n") -> Path:
        body = b"".join(
            token + b" " + row.tobytes() + end for token, row in zip(tokens, ROWS, strict=False)
        )
        (tmp_path / "t.bin").write_bytes(header + b"\n" + body)
        return tmp_path / "t.bin"

    return written


@pytest.mark.parametrize("end", [b"\n", b"", b"\n\n"])
def test_line_feeds_between_rows_make_no_difference(end, write, opened):
    table = opened(write([b"a", b"b", b"", b"c", b"a"], b"5 4", end))
    assert table.tokens == ("a", "b", "", "c", "a")
    np.testing.assert_array_equal(table.vectors.to_numpy(), ROWS)
    assert table.report == ()


def test_numbers_that_hold_spaces_and_line_feeds_are_numbers(tmp_path, opened):
    numbers = np.frombuffer(b"    \n\n\n\n    \n\n\n\n\x00\x00\x80\x3f", "<f4")
    raw = b"2 5\n" + (b"a " + numbers.tobytes()) * 2
    (tmp_path / "t.bin").write_bytes(raw)
    np.testing.assert_array_equal(opened(tmp_path / "t.bin").vectors.to_numpy()[1], numbers)


@pytest.mark.parametrize(
    ("header", "rows", "said"),
    [
        (b"9 4", 5, "The header says 9 rows; 5 are there."),
        (b"99999999999 4", 5, "The header says 99,999,999,999 rows; 5 are there."),
        (b"1 4", 1, "bytes after the last of the 1 rows"),
    ],
)
def test_a_wrong_count_is_told(header, rows, said, write, opened):
    table = opened(write([b"a", b"b", b"c", b"d", b"e"], header))
    assert len(table) == rows
    assert said in table.report[0].message
    assert table.report[0].level == "warning"


def test_a_file_cut_short_gives_its_whole_rows(write, opened):
    path = write([b"a", b"b", b"c"], b"3 4")
    path.write_bytes(path.read_bytes()[:-4])
    table = opened(path)
    assert table.tokens == ("a", "b")
    assert table.report[0].message == "The header says 3 rows; 2 are there."


def test_tokens_that_are_not_utf8_are_told(write, opened):
    table = opened(write([b"caf\xe9", b"\xe2\x82", b"\x81"], b"3 4"))
    assert table.tokens == ("café", "\\xe2\\x82", "\\x81")
    assert {note.rows for note in table.report} == {(0,), (1, 2)}


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"2 99999999999\na " + bytes(12), "claims 2 rows of 399,999,999,996 bytes"),
        (b"2 100\na " + bytes(12), "claims 2 rows of 400 bytes"),
        (b"0 3\na " + bytes(12), "says 0 rows"),
        (b"-2 3\na " + bytes(12), "says -2 rows"),
        (b"2 3\n" + b"a" * 70_000, "row 0: no token ends"),
        (b"2 3\na " + bytes(12) + b"\x01" * 70_000, "row 1: no token ends"),
        (b"2 3\n" + b"\x01" * 100, "row 0: no token ends"),
        (b"2 3\naaaaaaaaaaaaaa\x01 " + bytes(8), "not one of its rows is whole"),
    ],
)
def test_what_cannot_be_a_table_is_refused_in_a_sentence(raw, said, tmp_path, opened):
    (tmp_path / "t.bin").write_bytes(raw)
    with pytest.raises(InputError, match=said):
        opened(tmp_path / "t.bin")


@pytest.mark.parametrize("end", [b"\n", b""])
def test_probe_counts_no_more_rows_than_the_file_can_hold(end, write):
    path = write([b"a", b"b"], b"999999999 4", end)
    assert formats()["word2vec_binary"].probe(path)[0].rows <= 2


@pytest.mark.parametrize(
    "text", [b"2 3\na 1 2 3\nb 1 2 3\n", b"2 2\na\0b 1 2\nc 3 4\n", b"2 3\na 1 2 3"]
)
def test_text_with_the_same_header_stays_text(text, tmp_path):
    (tmp_path / "t.bin").write_bytes(text)
    assert sniff(tmp_path / "t.bin").name == "word2vec"


def test_gathering_can_be_stopped(write):
    def stop(progress):
        if "Gathering" in progress.message:
            raise Cancelled

    with pytest.raises(Cancelled):
        formats()["word2vec_binary"].read(write([b"a", b"b"], b"2 4"), "", report=stop)
