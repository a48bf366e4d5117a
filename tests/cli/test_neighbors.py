"""`neighbors`: spaces, expressions and spaces side by side."""

import json
from pathlib import Path

import numpy as np
import pytest

import explorer
from explorer import pipeline
from explorer.selections import Shelf, key_of
from explorer.table import Table

QUERY = '"word20" - "word21" + #22'


@pytest.mark.parametrize("space", ["centre", "unit", "remove 2", "whiten"])
def test_neighbors_in_a_space_are_those_of_python(cli, saved: Path, table: Table, space: str):
    told = json.loads(cli("neighbors", saved, QUERY, "--space", space, "-k", 4, "--json").out)
    found = explorer.neighbors(table, QUERY, 4, space=space)
    assert (told["query"], told["row"], told["space"]) == (QUERY, None, space)
    assert [one["row"] for one in told["neighbors"]] == found.rows.tolist()
    assert [one["score"] for one in told["neighbors"]] == pytest.approx(found.scores.tolist())


def test_a_space_may_be_spelt_in_other_ways(cli, saved: Path):
    told = json.loads(cli("neighbors", saved, "word20", "--space", "Centred", "--json").out)
    assert told["space"] == "centre"


def test_spaces_side_by_side_show_who_rose_and_who_fell(cli, saved: Path, table: Table):
    ran = cli("neighbors", saved, "word20", "--compare-spaces", "-k", 5)
    lines = ran.out.splitlines()
    heading = ["rank", "raw", "centre", "shift", "remove", "3", "shift"]
    assert lines[0].split() == heading
    assert [line.split()[0] for line in lines[1:]] == list("12345")
    assert "Centred: the mean of all rows" in ran.err
    best = pipeline.compare_spaces(table, "word20", 5).found[0].rows[0]
    assert table.tokens[best] in lines[1]


def test_spaces_side_by_side_tell_every_rank_as_json(cli, saved: Path, table: Table):
    flags = ("--compare-spaces", "--space", "unit", "--metric", "dot", "-k", 4, "--json")
    told = json.loads(cli("neighbors", saved, "word20", *flags).out)
    spaces = ("raw", "centre", "remove 3", "unit")
    found = pipeline.compare_spaces(table, "word20", 4, "dot", spaces=spaces)
    assert [one["space"] for one in told["spaces"]] == list(spaces)
    assert [one["row"] for one in told["ranks"]] == found.rows.tolist()
    assert [one["ranks"] for one in told["ranks"]] == [
        [rank or None for rank in ranks] for ranks in found.ranks.tolist()
    ]


@pytest.mark.parametrize(
    ("dim", "spaces"),
    [
        (1, ["raw", "centre"]),
        (2, ["raw", "centre", "remove 1"]),
        (3, ["raw", "centre", "remove 2"]),
    ],
)
def test_no_more_components_are_removed_than_leave_one(cli, tmp_path: Path, dim: int, spaces):
    np.save(tmp_path / "few.npy", np.random.default_rng(0).normal(size=(9, dim)).astype("f4"))
    ran = cli("neighbors", tmp_path / "few.npy", "#0", "--compare-spaces", "--json")
    told = json.loads(ran.out)
    assert [one["space"] for one in told["spaces"]] == spaces
    assert (ran.status, told["spaces_left_out"]) == (0, [])


def test_a_space_that_rows_all_alike_do_not_have_is_left_out_unless_asked_for(cli, tmp_path: Path):
    np.save(tmp_path / "alike.npy", np.ones((5, 4), np.float32))
    ran = cli("neighbors", tmp_path / "alike.npy", "#0", "--compare-spaces")
    assert ran.out.splitlines()[0].split() == ["rank", "raw"]
    assert "The space 'centre' is left out: " in ran.err
    assert ran.status == 0
    ran = cli("neighbors", tmp_path / "alike.npy", "#0", "--compare-spaces", "--space", "centre")
    assert (ran.status, ran.out) == (1, "")


def test_kept_selections_are_known_by_their_names(cli, saved: Path, tmp_path, monkeypatch):
    monkeypatch.setattr("explorer.selections.config_dir", lambda: tmp_path)
    opened = pipeline.open_table(saved)
    Shelf(key_of(opened), len(opened)).keep("some", np.array([20, 21]))
    told = json.loads(cli("neighbors", saved, "mean(@some)", "-k", 59, "--json").out)
    assert not {20, 21} & {one["row"] for one in told["neighbors"]}


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        (("word20", "--space", "sphere"), "no space 'sphere'"),
        (("word20", "--space", "remove"), "Write remove 3"),
        (("word20", "--space", "remove 8"), "leave nothing"),
        (('"word20" + ',), "character 11"),
        (("@nobody",), "no selection '@nobody'"),
        (("word20 - word20",), "no direction"),
    ],
)
def test_what_cannot_be_asked_is_told_in_one_line(cli, saved: Path, flags, words: str):
    ran = cli("neighbors", saved, *flags)
    assert (ran.status, ran.out, ran.err.count("\n")) == (1, "", 1)
    assert words in ran.err


@pytest.mark.parametrize("way", [(), ("--mutual",)])
def test_a_table_of_one_row_is_said_to_have_no_neighbours(cli, tmp_path: Path, way):
    np.save(tmp_path / "one.npy", np.ones((1, 4), np.float32))
    ran = cli("neighbors", tmp_path / "one.npy", "#0", *way)
    assert ran.out == ""
    assert "The table has one row: there is no other to be its neighbour." in ran.err
