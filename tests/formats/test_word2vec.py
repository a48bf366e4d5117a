from __future__ import annotations

import bz2
import gzip
import lzma
from pathlib import Path

import numpy as np
import pytest

from explorer.errors import InputError
from explorer.formats import sniff
from explorer.progress import silent
from explorer.reading import lines as reading_lines


def write(folder: Path, raw: bytes | str) -> Path:
    path = folder / "t.vec"
    path.write_bytes(raw if isinstance(raw, bytes) else raw.encode())
    return path


@pytest.mark.parametrize(
    ("raw", "tokens", "numbers"),
    [
        ("2 2\na 1 2\nb 3 4\n", "a b", [[1, 2], [3, 4]]),
        ("a 1 2\nb 3 4\n", "a b", [[1, 2], [3, 4]]),
        ("2\t2\na\t1\t2\nb\t3\t4", "a b", [[1, 2], [3, 4]]),
        ("\ufeff2 2\r\na 1 2 \r\nb 3 4\t\r\n", "a b", [[1, 2], [3, 4]]),
        ("2 2\n\na 1 2\n\n\nb 3 4\n\n", "a b", [[1, 2], [3, 4]]),
        ("3 1\na 1\nb 2\nc 3\n", "a b c", [[1], [2], [3]]),
        ("2 2\n1 1 2\n3 3 4\n", "1 3", [[1, 2], [3, 4]]),
        ("2 2\na  1   2\nb 3 4\n", "a b", [[1, 2], [3, 4]]),
        ("a -1.5e-3 +.5\nb 3. 1E2\n", "a b", [[-0.0015, 0.5], [3, 100]]),
    ],
)
def test_every_usual_spelling_of_a_table_is_read(raw, tokens, numbers, tmp_path, opened):
    table = opened(write(tmp_path, raw))
    assert table.tokens == tuple(tokens.split())
    np.testing.assert_array_equal(table.vectors.to_numpy(), np.float32(numbers))


@pytest.mark.parametrize("token", ["a\u00a0b", "a\u0085b", "a\u2028b", "a\x0bb", "a\0b", "\u202ee"])
def test_a_token_is_parted_from_its_numbers_at_ascii_blanks_only(token, tmp_path, opened):
    assert opened(write(tmp_path, f"2 2\n{token} 1 2\nb 3 4\n")).tokens == (token, "b")


@pytest.mark.parametrize("header", ["", "3 3\n"])
def test_tokens_that_hold_spaces_are_kept_whole(header, tmp_path, opened):
    table = opened(write(tmp_path, header + ". . . 1 2 3\nat x@y.com 4 5 6\na 7 8 9\n"))
    assert table.tokens == (". . .", "at x@y.com", "a")


def test_empty_and_repeated_tokens_stay_rows_of_their_own(tmp_path, opened):
    assert opened(write(tmp_path, "3 2\n 1 2\na 3 4\na 5 6\n")).tokens == ("", "a", "a")


def test_numbers_that_are_not_finite_are_kept(tmp_path, opened):
    table = opened(write(tmp_path, "4 2\na nan 1\nb -inf 1\nc -1e39 1\nd 1 1\n"))
    assert table.broken_rows.tolist() == [0, 1, 2]


def report(path: Path) -> list[str]:
    return [note.message for note in sniff(path).read(path, "", report=silent).report]


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ("5 2\na 1 2\nb 3 4\n", "The header says 5 rows; 2 were read."),
        ("1 2\na 1 2\nb 3 4\n", "The header says 1 row; 2 were read."),
        ("2 2\n\na 1 2\n \nb 3 4\n", "2 blank lines were skipped."),
        ("a 1 2\nb 1\nc 3 4\n", "1 line was skipped (line 2: 1 number, 2 expected)."),
        ("a 1 2\nb 1 6e\nc 3 4\n", "1 line was skipped (line 2: '6e' is not a decimal number)."),
        (b"2 2\ncaf\xe9 1 2\n\x97 3 4\n", "2 tokens are not UTF-8; decoded as cp1252."),
        (
            b"1 2\n\x81\xff 1 2\n",
            "1 token is not valid in UTF-8 or cp1252; shown with \\x escapes.",
        ),
    ],
)
def test_what_was_odd_stands_in_the_report(raw, said, tmp_path):
    assert said in report(write(tmp_path, raw))


@pytest.mark.parametrize(("first", "rows"), [("-5 3", 1), ("0 3", 1)])
def test_a_first_line_that_is_no_count_is_passed_over(first, rows, tmp_path, opened):
    path = write(tmp_path, f"{first}\na 1 2 3\n")
    assert len(opened(path)) == rows
    assert any("not a count" in said for said in report(path))


def test_an_ambiguous_first_line_is_read_as_a_row_and_said_so(tmp_path, opened):
    path = write(tmp_path, "10 5\n1 2\n3 4\n")
    assert opened(path).tokens == ("10", "1", "3")
    assert any("read as a row" in said for said in report(path))


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ("2 2\na 1,5 2\nb 3 4\n", "line 2: '1,5' has a decimal comma"),
        ("1 2\na 0x1p3 1\n", "line 2: '0x1p3' is not a decimal number"),
        ("1 2\na 1_0 1\n", "line 2: '1_0' is not a decimal number"),
        ("999999999 300\na 1 2 3\n", "claims 999,999,999 x 300, and line 2 has 3 numbers"),
        ("3 2\na 1 2 3\nb 1 2 3\n", "claims 3 x 2, and line 2 has 3 numbers"),
        ("1 2\n" + "x" * 70_000 + " 1 2\n", "token of 70,000 bytes is beyond the limit of 65,536"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_the_line(raw, said, tmp_path, opened):
    with pytest.raises(InputError, match=said):
        opened(write(tmp_path, raw))


def test_a_line_beyond_the_limit_is_not_read_into_memory(tmp_path, opened, monkeypatch):
    monkeypatch.setattr(reading_lines, "LONGEST_LINE", 50)
    with pytest.raises(InputError, match="longer than 50 bytes"):
        opened(write(tmp_path, "1 2\n" + "x" * 60 + " 1 2\n"))


@pytest.mark.parametrize("raw", ["word 12\nother 5\n", "some prose, chapter 1\nand more of it\n"])
def test_a_word_and_its_count_are_no_vector(raw, tmp_path):
    with pytest.raises(InputError, match="not an embedding table"):
        sniff(write(tmp_path, raw))


@pytest.mark.parametrize("separator", [" ", "\t"])
@pytest.mark.parametrize("header", ["", "2 1500\n"])
def test_rows_wider_than_the_first_bytes_are_recognised(separator, header, tmp_path, opened):
    row = separator.join(["0.25"] * 1500)
    path = write(tmp_path, f"{header}a{separator}{row}\nb{separator}{row}\n")
    assert opened(path).vectors.shape == (2, 1500)


def test_the_fast_and_the_careful_way_read_the_same_numbers(tmp_path, opened):
    numbers = np.random.default_rng(0).normal(size=(1500, 3)).astype(np.float32)
    rows = [f"w{i} {a!r} {b!r} {c!r}" for i, (a, b, c) in enumerate(numbers.astype(float).tolist())]
    clean = opened(write(tmp_path, "\n".join(rows))).vectors.to_numpy()
    np.testing.assert_array_equal(clean, numbers)
    rows[7:7] = ["ragged 1"]
    np.testing.assert_array_equal(
        opened(write(tmp_path, "\n".join(rows))).vectors.to_numpy(), clean
    )


# Compressed


@pytest.mark.parametrize("compress", [gzip.compress, bz2.compress, lzma.compress])
def test_compressed_text_is_read_as_it_comes(compress, tmp_path, opened):
    table = opened(write(tmp_path, compress(b"2 2\na 1 2\nb 3 4\n")))
    assert table.tokens == ("a", "b")


@pytest.mark.parametrize("compress", [gzip.compress, bz2.compress, lzma.compress])
def test_an_archive_that_is_cut_short_gives_its_whole_rows_or_a_refusal(compress, tmp_path, opened):
    numbers = np.random.default_rng(0).normal(size=(20_000, 2)).tolist()
    raw = compress("".join(f"w{i} {a} {b}\n" for i, (a, b) in enumerate(numbers)).encode())
    path = write(tmp_path, raw[: len(raw) * 2 // 3])
    try:
        table = opened(path)
    except InputError as error:
        assert compress is not gzip.compress, error  # noqa: PT017
        return
    np.testing.assert_array_equal(table.vectors.to_numpy(), np.float32(numbers[: len(table)]))
    assert any("cut short" in note.message for note in table.report)


def test_an_archive_that_expands_beyond_measure_is_refused(tmp_path, opened):
    path = write(tmp_path, gzip.compress(b"a 0 0\n" * 1_000_000))
    with pytest.raises(InputError, match="expands far beyond its size"):
        opened(path)


def test_a_header_far_beyond_the_file_is_refused_before_anything_is_read(tmp_path, opened):
    with pytest.raises(InputError, match="far more than expands from a file of its size"):
        opened(write(tmp_path, "999999999 3\na 1 2 3\n"))


def test_an_archive_of_files_is_not_taken_for_a_table(tmp_path):
    header = b"t.vec".ljust(257, b"\0") + b"ustar\0" + bytes(249)
    path = write(tmp_path, gzip.compress(header + b"a 1 2\nb 3 4\n"))
    with pytest.raises(InputError, match="gzip archive that holds no table"):
        sniff(path)
