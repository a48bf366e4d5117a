"""`layer`: every step of a lookup, for people and as JSON."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import explorer
from explorer.embedding import parse_ids
from explorer.table import Table

IDS = "[[2,3],[1,0],[8,6]]"


def told(cli, *arguments: object) -> dict[str, Any]:
    ran = cli("layer", *arguments, "--json")
    assert (ran.status, ran.err) == (0, "")
    return json.loads(ran.out)


def test_the_steps_as_json_are_those_of_python(cli, saved: Path, table: Table):
    flags = ("--shards", 3, "--strategy", "div", "--max-norm", 1.5, "--padding-idx", 0)
    document = told(cli, saved, "--ids", IDS, *flags, "--norm-type", 1)
    run = explorer.look_into(
        table, parse_ids(IDS), shards=3, strategy="div", max_norm=1.5, padding_idx=0, norm_type=1
    )
    assert document["ids"] == [[2, 3], [1, 0], [8, 6]]
    assert document["shape"] == [3, 2, 8]
    for name in ("shard", "place", "result", "norms", "norms_before"):
        assert document[name] == getattr(run, name).tolist()
    assert document["one_hot"]["matrix_bytes"] == 6 * 60 * 4
    assert "step" not in document


def test_a_text_is_looked_up_and_what_has_no_row_is_told(cli, saved: Path):
    ran = cli("layer", saved, "word20 zyx Word11,")
    lines = ran.out.splitlines()
    assert lines[0].split()[:5] == ["at", "piece", "how", "id", "token"]
    assert lines[1].split()[:7] == ["[0]", "word20", "exact", "20", "word20", "0", "20"]
    assert "punctuation removed" in lines[2]
    assert "ids (2,) -> result (2, 8), float32" in lines
    assert ran.err == "- zyx: not in the vocabulary; not looked up.\n"


def test_a_product_of_some_of_the_ids_is_said_to_be_one(cli, saved: Path, monkeypatch):
    assert "ids measured" not in cli("layer", saved, "--ids", IDS).out
    monkeypatch.setattr("explorer.pipeline.layers._MOST_MULTIPLICATIONS", 2 * 60 * 8)
    assert " (2 of 6 ids measured); the same numbers" in cli("layer", saved, "--ids", IDS).out


def test_norms_stand_before_and_after_where_rows_are_shortened(cli, saved: Path):
    lines = cli("layer", saved, "--ids", "3", "--max-norm", 0.5).out.splitlines()
    assert lines[0].split() == ["at", "id", "token", "shard", "place", "norm", "after", "vector"]
    assert " 0.5000  " in lines[1]
    assert "ids () -> result (8,), float32" in lines


@pytest.mark.parametrize(
    ("strategy", "rule"),
    [("mod", "row i is in shard i mod 7 at i div 7"), ("div", "follow one another stay together")],
)
def test_the_shards_are_told_with_their_rule(cli, saved: Path, strategy: str, rule: str):
    out = cli("layer", saved, "--ids", IDS, "--shards", 7, "--strategy", strategy).out
    assert "4 of 7 shards have 9 rows, the others 8; " in out
    assert rule in out


def test_a_step_shows_each_touched_row_with_its_repeats(cli, saved: Path, table: Table):
    step = told(cli, saved, "--ids", "4 2 4", "--step", "--learning-rate", 0.5)["step"]
    wanted = explorer.training_step(table, explorer.look_into(table, [4, 2, 4]), learning_rate=0.5)
    assert step["rows"] == [2, 4]
    assert step["repeats"] == [1, 2]
    assert step["gradient"] == wanted.gradient.tolist()
    assert step["loss_after"] < step["loss"]
    assert step["untouched"] == 58
    lines = cli("layer", saved, "--ids", "4 2 4", "--step", "--objective", "sum").out.splitlines()
    assert "new⏎line      2         5.656854  2.000 2.000" in "\n".join(lines)
    assert lines[-1].startswith("2 rows have a gradient, 58 have none; loss ")


def test_the_summary_and_the_code_are_shown_when_asked_for(cli, saved: Path, table: Table):
    out = cli("layer", saved, "--ids", IDS, "--summary", "--code").out
    assert "embedding (Embedding)  (3, 2, 8)         480" in out
    assert explorer.look_into(table, parse_ids(IDS)).pytorch in out
    document = told(cli, saved, "--ids", IDS, "--summary", "--code", "--step")
    assert document["summary"].startswith("Layer (type)")
    assert "loss.backward()" in document["code"]["pytorch"]
    assert "tf.GradientTape()" in document["code"]["tensorflow"]


def test_of_many_ids_the_first_are_shown_and_all_are_in_the_json(cli, saved: Path):
    ids = " ".join(["7"] * 100)
    ran = cli("layer", saved, "--ids", ids)
    assert sum(line.startswith("[") for line in ran.out.splitlines()) == 40
    assert "The first 40 of 100 ids" in ran.err
    assert len(told(cli, saved, "--ids", ids)["result"]) == 100


def test_no_ids_at_all_are_looked_up_too(cli, saved: Path):
    assert "ids (0,) -> result (0, 8), float32" in cli("layer", saved, "--ids", "").out


def test_an_infinite_p_can_be_asked_for(cli, saved: Path, table: Table):
    document = told(cli, saved, "--ids", "3", "--max-norm", 0.5, "--norm-type", "inf")
    assert document["norm_type"] == "inf"
    assert document["norms_before"] == pytest.approx(np.abs(table.vectors.rows(3)).max())


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--ids", "[[[1,2],[3,4],[5,6,7]]]"), "[0][2] has 3 ids where [0][1] has 2."),
        (("--ids", "[1, 60]"), "Id 60 at [1] is out of range. The rows are 0 to 59."),
        (("--ids", "[1, film]"), "'film' at character 5 is not an id."),
        (("--ids", "1", "--max-norm", "-1"), "The maximum norm cannot be -1."),
        (("--ids", "1", "--max-norm", "nan"), "The maximum norm cannot be nan."),
        (("--ids", "1", "--norm-type", "0"), "The norm's p cannot be 0."),
        (("--ids", "1", "--padding-idx", "60"), "The padding index 60 is no row."),
        (("--ids", "1", "--step", "--learning-rate", "0"), "The learning rate cannot be 0."),
        (("--ids", "[]", "--step"), "nothing to learn from"),
        (("--ids", "[1]", "--step", "--target", '"a,b" +'), "character 8"),
    ],
)
def test_what_makes_no_sense_is_one_line(cli, saved: Path, arguments, message: str):
    ran = cli("layer", saved, *arguments)
    assert (ran.status, ran.out) == (1, "")
    assert ran.err.startswith("Error: ")
    assert ran.err.count("\n") == 1
    assert message in ran.err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "Give either a TEXT or --ids"),
        (("film", "--ids", "1"), "Give either a TEXT or --ids"),
        (("film", "--shards", 0), "Invalid value for '--shards'"),
        (("film", "--strategy", "row"), "Invalid value for '--strategy'"),
        (("film", "--learning-rate", 1), "--learning-rate is about --step"),
        (("film", "--objective", "sum"), "--objective is about --step"),
    ],
)
def test_wrong_usage_is_told_with_exit_status_2(cli, saved: Path, arguments, message: str):
    ran = cli("layer", saved, *arguments)
    assert (ran.status, ran.out) == (2, "")
    assert message in ran.err


def test_bags_are_combined_into_one_vector_each(cli, saved: Path, table: Table):
    flags = ("--combiner", "mean", "--weights", "[[0.5, 2], [], [1]]")
    document = told(cli, saved, "--ids", "[[2,3],[],[1]]", *flags)
    wanted = explorer.embedding_lookup_sparse(table, [[2, 3], [], [1]], [[0.5, 2], [], [1]])
    assert document["result"] == wanted.tolist()
    assert document["bags"] == [[2, 3], [], [1]]
    assert document["shares"] == [[0.2, 0.8], [], [1.0]]
    assert document["gradient"]["rows"] == [1, 2, 3]
    lines = cli("layer", saved, "--ids", "[[2,3],[],[1]]", *flags).out.splitlines()
    assert lines[0].split() == ["at", "ids", "tokens", "norm", "vector"]
    assert lines[2].split()[:3] == ["[1]", "0", "0.0000"]
    assert "3 bags, mean -> result (3, 8)" in lines
    assert lines[-1] == "3 rows have a gradient, 57 have none"


def test_a_text_is_one_bag(cli, saved: Path):
    document = told(cli, saved, "word20 zyx word11", "--combiner", "sum", "--code")
    assert document["bags"] == [[20, 11]]
    assert 'mode="sum"' in document["code"]["pytorch"]


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (("--ids", "[[1],2]", "--combiner", "sum"), 1, "[1] is an id, and an example is one list"),
        (("--ids", "[1]", "--combiner", "sum", "--weights", "[x]"), 1, "no lists of numbers"),
        (("--ids", "[1]", "--combiner", "sum", "--weights", "1 2"), 1, "no lists of numbers"),
        (("--ids", "[1]", "--combiner", "sum", "--weights", "1, 2"), 1, "2 weights for 1 id."),
        (("--ids", "[1]", "--combiner", "sum", "--weights", "[" * 9**5), 1, "no lists of numbers"),
        (("--ids", "[1]", "--weights", "1"), 2, "--weights is about --combiner"),
        (("--ids", "[1]", "--combiner", "sum", "--step"), 2, "--step does not go with --combiner"),
        (("--ids", "[1]", "--combiner", "max"), 2, "Invalid value for '--combiner'"),
    ],
)
def test_bags_that_make_no_sense_are_told(cli, saved: Path, arguments, status, message: str):
    ran = cli("layer", saved, *arguments)
    assert (ran.status, ran.out) == (status, "")
    assert message in ran.err
