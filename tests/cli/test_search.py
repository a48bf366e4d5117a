"""`search`: what it lists, in words and as JSON, and what it says when there is nothing."""

import json
from pathlib import Path

import pytest

import explorer
from explorer.searching import MODES
from explorer.table import Table


@pytest.mark.parametrize("mode", MODES)
def test_search_finds_what_python_finds(cli, saved: Path, table: Table, mode: str):
    told = json.loads(cli("search", saved, "WORD2", "--mode", mode, "--limit", 4, "--json").out)
    found = explorer.search(table, "WORD2", mode)
    assert (told["mode"], told["total"], told["case"]) == (mode, found.total, False)
    assert [one["row"] for one in told["tokens"]] == found.rows[:4].tolist()
    assert [one["token"] for one in told["tokens"]] == [table.tokens[r] for r in found.rows[:4]]


def test_the_matching_part_is_told_and_capitals_count_where_asked(cli, saved: Path):
    told = json.loads(cli("search", saved, "ORD2", "--json").out)["tokens"]
    assert all(one["spans"] == [[1, 5]] for one in told)
    assert json.loads(cli("search", saved, "ORD2", "--case", "--json").out)["total"] == 0


def test_search_in_words_lists_rows_and_says_how_many_there_are(cli, saved: Path, table: Table):
    ran = cli("search", saved, "word1", "--mode", "prefix", "--limit", 3)
    lines = ran.out.splitlines()
    assert lines[0].split() == ["row", "token"]
    assert len(lines) == 4
    assert f"of {len(table)} tokens; the first 3 are listed." in ran.err


def test_a_token_that_is_not_there_is_answered_with_near_spellings(cli, saved: Path):
    ran = cli("search", saved, "wrod20")
    assert (ran.status, ran.out) == (0, "")
    assert ran.err.startswith("No token contains “wrod20”. Nearest spelling: “word20”")
    assert "Nearest" not in cli("search", saved, "wrod20.", "--mode", "regex").err


def test_a_pattern_that_cannot_be_read_is_one_line(cli, saved: Path):
    ran = cli("search", saved, "wo(rd", "--mode", "regex")
    assert (ran.status, ran.out) == (1, "")
    assert ran.err == "Error: Regular expression, character 3: A parenthesis is not closed.\n"
