"""`hubs` and `duplicates`: what they count and group is what Python does."""

import json
from pathlib import Path

import numpy as np
import pytest

import explorer
from explorer import cache, pipeline
from explorer.table import Table
from explorer.vectors import Vectors


@pytest.fixture
def spelt(tmp_path: Path) -> Path:
    random = np.random.default_rng(0)
    tokens = ("film", "Film", "don't", "dont", "<b>", "colour", "color", "zero")
    vectors = 1 + 0.1 * random.normal(size=(8, 4)).astype(np.float32)
    vectors[7] = 0
    path = tmp_path / "spelt.safetensors"
    pipeline.save_table(Table(tokens, Vectors(vectors)), path)
    return path


@pytest.mark.parametrize("metric", ["cosine", "euclidean", "dot"])
def test_hubs_are_those_of_python(cli, saved: Path, table: Table, metric: str):
    ran = cli("hubs", saved, "-k", 4, "--metric", metric, "--top", 3, "--never", "--json")
    told = json.loads(ran.out)
    found = explorer.hubs(table, 4, metric)
    assert (told["k"], told["metric"], told["rows"]) == (4, metric, 60)
    assert told["skewness"] == pytest.approx(found.skewness)
    assert [one["row"] for one in told["hubs"]] == found.order[:3].tolist()
    assert [one["times"] for one in told["hubs"]] == found.counts[found.order[:3]].tolist()
    assert [one["token"] for one in told["hubs"]] == [table.tokens[r] for r in found.order[:3]]
    assert [one["row"] for one in told["never_rows"]] == found.antihubs.tolist()
    assert len(told["never_rows"]) == told["never"]
    assert (ran.status, ran.err) == (0, "")


def test_hubs_in_words_are_aligned_and_judged(cli, saved: Path):
    ran = cli("hubs", saved, "--top", 5)
    lines = ran.out.splitlines()
    assert lines[0].split() == ["times", "of", "rows", "row", "token"]
    assert len(lines) == 6
    assert "of 60 rows are nobody's neighbour (k = 15, cosine). Skewness" in ran.err
    assert "\u202e" not in ran.out


def test_rows_that_cannot_be_compared_are_told(cli, spelt: Path):
    assert "1 row has no neighbours: zeros, " in cli("hubs", spelt, "-k", 2).err
    assert json.loads(cli("hubs", spelt, "-k", 2, "--json").out)["left_out"] == 1
    assert "1 row without a direction left out." in cli("duplicates", spelt).err
    assert json.loads(cli("duplicates", spelt, "--json").out)["left_out"] == 1


def test_a_row_of_zeros_that_is_a_hub_is_not_said_to_be_left_out(cli, tmp_path: Path):
    vectors = -np.eye(6, 3, dtype=np.float32) - 1
    vectors[:3], vectors[5] = -vectors[:3], 0
    np.save(tmp_path / "zero.npy", vectors)
    ran = cli("hubs", tmp_path / "zero.npy", "-k", 3, "--metric", "dot")
    assert ran.out.splitlines()[1].split() == ["5", "100.00", "%", "5", "<row", "5>"]
    assert "left out" not in ran.err
    assert "1 row has no neighbours" in ran.err


def test_the_cache_is_cleared_when_asked_for(cli, saved: Path):
    cli("hubs", saved)
    assert cache.names()
    ran = cli("hubs", "--clear-cache")
    assert ran.status == 0
    assert "MiB set free" in ran.err
    assert not cache.names()


def test_near_duplicates_are_told_with_what_they_differ_in(cli, spelt: Path):
    told = json.loads(cli("duplicates", spelt, "--least", 0.9, "--json").out)
    groups = [([one["token"] for one in some["rows"]], some["kinds"]) for some in told["groups"]]
    assert groups == [
        (["film", "Film"], ["case"]),
        (["don't", "dont"], ["punctuation"]),
        (["colour", "color"], ["edit"]),
    ]
    assert told["count"] == 3


def test_the_kinds_and_the_number_of_groups_are_chosen(cli, spelt: Path):
    told = json.loads(cli("duplicates", spelt, "--kind", "case", "--kind", "space", "--json").out)
    assert told["kinds"] == ["case", "space"]
    assert told["count"] == 1
    ran = cli("duplicates", spelt, "--top", 1)
    assert [line.split()[1:] for line in ran.out.splitlines()[1:]] == [["case", "film", "Film"]]
    assert "3 groups of 6 rows in all." in ran.err


def test_where_nothing_is_nearly_the_same_is_said(cli, spelt: Path, tmp_path: Path):
    ran = cli("duplicates", spelt, "--least", 1)
    assert (ran.status, ran.out) == (0, "")
    assert ran.err.splitlines()[0] == "No near duplicates; the least cosine is 1."
    assert "no tokens" not in ran.err

    np.save(tmp_path / "bare.npy", np.eye(5, dtype=np.float32))
    ran = cli("duplicates", tmp_path / "bare.npy")
    assert "No near duplicates; the least cosine is 0.6." in ran.err
    assert "The rows have no tokens: only rows with the same numbers can be found." in ran.err


@pytest.mark.parametrize(
    "arguments",
    [
        ("hubs", "T", "-k", 0),
        ("hubs", "T", "--metric", "far"),
        ("duplicates", "T", "--least", 2),
        ("duplicates", "T", "--kind", "sound"),
    ],
)
def test_wrong_usage_is_told(cli, arguments: tuple[object, ...]):
    ran = cli(*arguments)
    assert (ran.status, ran.out) == (2, "")


def test_a_table_of_one_row_has_no_hubs(cli, tmp_path: Path):
    np.save(tmp_path / "one.npy", np.ones((1, 3), np.float32))
    ran = cli("hubs", tmp_path / "one.npy")
    assert ran.status == 1
    assert ran.err == (
        "Error: Only one row of the table can be compared, and neighbours need two. "
        "Open a table with more rows that hold finite numbers, none of them too large.\n"
    )


@pytest.mark.parametrize(
    ("way", "ask"),
    [("reverse", explorer.reverse_neighbors), ("mutual", explorer.mutual_neighbors)],
)
def test_neighbours_the_other_way_round_are_those_of_python(
    cli, saved: Path, table: Table, way: str, ask
):
    told = json.loads(cli("neighbors", saved, "word20", f"--{way}", "-k", 9, "--json").out)
    found = ask(table, "word20", 9)
    assert (told["way"], told["row"]) == (way, 20)
    assert [one["row"] for one in told["neighbors"]] == found.rows.tolist()
    assert [one["score"] for one in told["neighbors"]] == found.scores.tolist()


def test_neighbours_the_other_way_round_are_counted_where_there_are_none_too(cli, tmp_path: Path):
    path = tmp_path / "line.npy"
    np.save(path, np.array([[0.0], [1.0], [1.5], [4.0]], np.float32))
    asked = ("neighbors", path, "#3", "-k", 1, "--metric", "euclidean")
    assert cli(*asked, "--reverse").err.endswith("No row has it among their 1 nearest.\n")
    assert cli(*asked, "--mutual").err.endswith("Of its 1 nearest, none has it among theirs.\n")


def test_neighbours_the_other_way_round_are_of_tokens_in_the_raw_space(cli, saved: Path):
    for flags in (("--space", "centre"), ("--compare-spaces",)):
        ran = cli("neighbors", saved, "word20", "--mutual", *flags)
        assert ran.status == 2
        assert "--mutual is of the raw vectors" in ran.err
    ran = cli("neighbors", saved, '"word20" + "word21"', "--reverse")
    assert ran.status == 1
    assert ran.err.count("\n") == 1
