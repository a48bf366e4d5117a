import gzip
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from explorer.errors import InputError
from explorer.progress import silent
from explorer.reading import rows as rows_module
from explorer.reading.clean_text import clean_rows
from explorer.reading.lines import opened_lines
from explorer.reading.rows import Rows, Shape, read_rows

FIELDS = st.sampled_from(
    ["1", "-0.5", ".5", "2.", "1e5", "+3", "nan", "inf", "1e400", "0x1", "1_0", "nan(0)", "",
     "0.1000000149011612", "1.00000005960464477539062500001", "x", "-", "+-1", "1\t", " 1", "007",
     "-0", "12345678.5", "-1234567.12345678", "9007199254740993", "12345678901234567", "1.2.3", "."]
)  # fmt: skip
TOKENS = st.sampled_from(["a", "b c", "", '"q', "é", "\ufeffbom", "nul\0", "tab\tin", "#", "9"])
ENDS = st.sampled_from(["\n", "\n", "\n", "\r\n", " \n", "\n\n", "\r\n\n", "\r"])
LINES = st.lists(st.tuples(TOKENS, st.lists(FIELDS, min_size=1, max_size=3), ENDS), max_size=6)


def read(path: Path, shape: Shape) -> Rows | str:
    with opened_lines(path) as lines:
        try:
            return read_rows(path, lines, shape, 1, report=silent)
        except InputError as error:
            return str(error)


def carefully(path: Path, shape: Shape) -> Rows | str:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rows_module, "_parsed", lambda text, shape, size: None)
        return read(path, shape)


def by_arrow(path: Path, shape: Shape) -> Rows | str:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rows_module, "plain_lines", lambda *_, **__: None)
        patch.setattr(rows_module, "LEAST", 0)
        return read(path, shape)


def assert_same(fast: Rows | str, careful: Rows | str) -> None:
    if isinstance(fast, str) or isinstance(careful, str):
        assert fast == careful
        return
    assert fast.tokens == careful.tokens
    assert fast.skipped == careful.skipped
    assert fast.blank == careful.blank
    np.testing.assert_array_equal(fast.matrix().view("u4"), careful.matrix().view("u4"))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(lines=LINES, separator=st.sampled_from([" ", "\t"]), labelled=st.booleans())
def test_the_fast_ways_and_the_careful_way_read_the_same_rows(lines, separator, labelled, tmp_path):
    path = tmp_path / "t.vec"
    text = "".join(separator.join([token, *fields]) + end for token, fields, end in lines)
    path.write_bytes(text.encode())
    shape = Shape(2, separator.encode(), labelled)
    careful = carefully(path, shape)
    assert_same(read(path, shape), careful)
    assert_same(by_arrow(path, shape), careful)


@pytest.mark.parametrize("size", [3, 17, 64])
def test_blocks_end_where_lines_do_and_keep_their_numbers(size, tmp_path, monkeypatch):
    path = tmp_path / "t.vec"
    body = [f"word{row} {row}.5 -{row}" for row in range(50)]
    body[30] = "broken x y"
    path.write_text("\n".join(body), encoding="utf-8")
    monkeypatch.setattr(rows_module, "_BLOCK", size)
    rows = read(path, Shape(2, b" "))
    assert_same(rows, carefully(path, Shape(2, b" ")))
    assert isinstance(rows, Rows)
    assert rows.count == 49
    assert rows.skipped == [(31, "'x' is not a decimal number")]


def test_a_clean_block_is_read_by_arrow_to_the_last_bit():
    block = b"a 0.1 -2e-3\nb 1.0000000596046448 inf\n"
    found = clean_rows(block, 2, b" ", 10, labelled=True)
    assert found is not None
    assert found.tokens == [b"a", b"b"]
    expected = np.array([[0.1, -2e-3], [1.0000000596046448, np.inf]]).astype(np.float32)
    np.testing.assert_array_equal(found.numbers, expected)


@pytest.mark.parametrize(
    "block",
    [b"a 1\n", b"a 1 2 3\n", b"a 1 x\n", b"a 1\t2 3\n", b"long-token 1 2\n", b"a 1 nan\n", b"\r\n"],
)
def test_what_is_not_clean_is_left_to_the_careful_way(block):
    assert clean_rows(block, 2, b" ", 5, labelled=True) is None


def test_the_whole_lines_before_a_break_in_an_archive_are_kept(tmp_path):
    path = tmp_path / "t.vec.gz"
    numbers = np.random.default_rng(0).normal(size=(4000, 2))
    text = "".join(f"w{row} {a} {b}\n" for row, (a, b) in enumerate(numbers))
    path.write_bytes(gzip.compress(text.encode())[:-2000])
    with opened_lines(path) as lines:
        rows = read_rows(path, lines, Shape(2, b" "), 1, report=silent)
        assert lines.notes()
    assert 1000 < rows.count < 4000
    np.testing.assert_array_equal(rows.matrix(), numbers[: rows.count].astype(np.float32))
