import numpy as np
import pytest

from explorer.reading.plain_lines import plain_lines


def read(block, dim=2, separator=b" ", longest=10, labelled=True):
    return plain_lines(block, dim, separator, longest, labelled=labelled)


def test_a_token_keeps_every_blank_that_is_not_before_a_number():
    found = read(b"a 1 2\n. . 3 4\n  5 6\nb  7 8\n")
    assert found.plain.all()
    assert found.tokens == [b"a", b". .", b" ", b"b "]
    np.testing.assert_array_equal(found.numbers, [[1, 2], [3, 4], [5, 6], [7, 8]])


@pytest.mark.parametrize(
    "line", [b"", b"w", b"w 1", b"w 1 x", b"w 1  2", b"w 1\t2", b"w 1 2 ", b"long-token-here 1 2"]
)
def test_a_line_that_is_not_plain_leaves_its_neighbours_so(line):
    found = read(b"a 1 2\n" + line + b"\nb 3 4")
    assert found.plain.tolist() == [True, False, True]
    assert found.tokens == [b"a", b"b"]
    np.testing.assert_array_equal(found.numbers, [[1, 2], [3, 4]])


def test_a_number_written_another_way_is_read_in_its_place():
    found = read(b"a 1e-3 2\nb 3 inf\n")
    assert found.plain.all()
    np.testing.assert_array_equal(found.numbers, np.array([[1e-3, 2], [3, np.inf]], np.float32))


def test_lines_without_tokens_hold_as_many_numbers_as_the_table_has_dimensions():
    found = read(b"1\t2\n3\t4\t5\n6\n-7.5\t+8\n", separator=b"\t", labelled=False)
    assert found.plain.tolist() == [True, False, False, True]
    assert found.tokens == [b"", b""]
    np.testing.assert_array_equal(found.numbers, [[1, 2], [-7.5, 8]])


@pytest.mark.parametrize("end", [b"\r\n", b" \n", b" \r\n"])
def test_every_way_to_end_a_line_is_understood(end):
    found = read(b"a 1 2" + end + b"b 3 4" + end)
    assert found.plain.all()
    assert found.tokens == [b"a", b"b"]
    np.testing.assert_array_equal(found.numbers, [[1, 2], [3, 4]])


def test_a_block_of_numbers_written_another_way_is_left_to_others():
    assert read(b"a 1e-3 2e-3\n" * 1000) is None


def test_more_numbers_than_are_worked_on_at_a_time_stay_in_their_rows():
    matrix = np.random.default_rng(0).normal(size=(500, 170)).round(5)
    lines = [f"w{row} " + " ".join(f"{x:.5f}" for x in one) for row, one in enumerate(matrix)]
    lines[123] = "broken"
    found = read("\n".join(lines).encode(), dim=170)
    kept = np.arange(500) != 123
    np.testing.assert_array_equal(found.plain, kept)
    assert found.tokens == [f"w{row}".encode() for row in np.flatnonzero(kept)]
    np.testing.assert_array_equal(found.numbers, matrix[kept].astype(np.float32))
