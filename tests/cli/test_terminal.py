"""Tables on standard output: wide characters, long tokens, numbers of any size."""

from pathlib import Path

import numpy as np
import pytest
from rich.cells import cell_len

from explorer import pipeline
from explorer.cli.terminal import decimals, put_rows
from explorer.table import Table
from explorer.vectors import Vectors


def _saved(path: Path, tokens: tuple[str, ...], scale: float = 1.0) -> Path:
    vectors = scale * np.random.default_rng(0).normal(size=(len(tokens), 4))
    pipeline.save_table(Table(tokens, Vectors(vectors.astype(np.float32))), path)
    return path


def test_columns_line_up_where_characters_are_two_places_wide(capsys: pytest.CaptureFixture[str]):
    put_rows(["token", "n"], [["电影", "1"], ["film", "22"], ["e\u0301t", "3"]], right="lr")
    lines = capsys.readouterr().out.splitlines()
    assert {cell_len(line) for line in lines} == {len("token") + 2 + 2}


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ([0.5, -12.25], ["0.500000", "-12.250000"]),
        ([0, 0], ["0.000000", "0.000000"]),
        ([1, -1e-9], ["1.000000", "0.000000"]),
        ([7.0822915e24, 1.0], ["7.08229e+24", "1"]),
        ([2.5e-9, 0], ["2.5e-09", "0"]),
        ([float("nan"), 1.5], ["nan", "1.500000"]),
    ],
)
def test_numbers_of_any_size_are_told_by_the_digits_that_count(values, told):
    assert decimals(values, 6) == told


@pytest.mark.parametrize(
    "arguments",
    [
        ("neighbors", "#0"),
        ("neighbors", "#0", "--compare-spaces"),
        ("search", "x"),
        ("lookup", "x" * 10_000),
        ("layer", "--ids", "[0, 1]", "--step"),
        ("layer", "--ids", "[[0], [1]]", "--combiner", "sum"),
        ("hubs", "--never"),
        ("similarity", "#0", "#1", "#2", "--odd-one-out"),
        ("analogy", "#2", "#3", "#4"),
    ],
    ids=lambda arguments: arguments[0],
)
def test_a_token_of_ten_thousand_characters_leaves_the_table_narrow(cli, tmp_path, arguments):
    path = _saved(tmp_path / "long.safetensors", ("x" * 10_000, "x" * 9_999, "a", "b", "c"))
    ran = cli(arguments[0], path, *arguments[1:])
    assert ran.status == 0
    assert max(map(len, ran.out.splitlines())) < 260
    assert "xxx…" in ran.out


def test_distances_beyond_a_million_millions_are_legible(cli, tmp_path):
    path = _saved(tmp_path / "huge.safetensors", tuple("abcde"), 1e25)
    ran = cli("neighbors", path, "#0", "--metric", "euclidean")
    assert "e+25" in ran.out
    assert "00000" not in ran.out


def test_an_analogy_without_a_row_left_to_answer_is_said(cli, tmp_path):
    path = _saved(tmp_path / "three.safetensors", tuple("abc"))
    ran = cli("analogy", path, "a", "b", "c")
    assert ran.status == 0
    assert not ran.out
    assert "no other row to be the answer" in ran.err


def test_a_cosine_that_is_nothing_but_rounding_is_told_as_zero(cli, tmp_path):
    vectors = np.array([[1, 1e-9], [-2e-9, 1], [1, 1]], np.float32)
    path = tmp_path / "across.safetensors"
    pipeline.save_table(Table(tuple("abc"), Vectors(vectors)), path)
    ran = cli("neighbors", path, "a")
    assert ran.out.splitlines()[-1].split() == ["2", "0.000000", "1", "b"]
