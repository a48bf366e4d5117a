"""`analogy`, `similarity` and `evaluate`: what they say, and where."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from explorer import pipeline
from explorer.selections import Shelf, key_of
from explorer.table import Table
from explorer.vectors import Vectors


@pytest.fixture(scope="module")
def kin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    words = {
        "man": [1, 0, 0],
        "woman": [1, 1, 0],
        "king": [1, 0, 1],
        "queen": [1, 1, 1],
        "=1+1": [0, 0, -1],
        "nothing": [0, 0, 0],
    }
    path = tmp_path_factory.mktemp("table") / "kin.safetensors"
    vectors = Vectors(np.array(list(words.values()), dtype=np.float32))
    pipeline.save_table(Table(tuple(words), vectors), path)
    return path


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    path = tmp_path / "questions.txt"
    path.write_text(": kin\nman woman king queen\nman woman =1+1 king\nman woman emu elk\nman\n")
    return path


@pytest.mark.parametrize("method", ["add", "mul"])
def test_analogy_answers_as_python_does(cli, kin: Path, method: str):
    words = ("man", "woman", "king")
    ran = cli("analogy", kin, *words, "-k", 2, "--method", method, "--json")
    told = json.loads(ran.out)
    found = pipeline.analogy(pipeline.open_table(kin), *words, 2, how=method)
    assert (told["a"], told["b"], told["c"], told["method"]) == (*words, method)
    assert told["metric"] == found.metric
    assert told["answers"] == [
        {"rank": 1, "row": 3, "token": "queen", "score": found.scores[0]},
        {"rank": 2, "row": 4, "token": "=1+1", "score": found.scores[1]},
    ]


def test_analogy_in_words_names_the_score_and_who_was_left_out(cli, kin: Path):
    ran = cli("analogy", kin, "#0", "woman", '"king" * 2', "-k", 1)
    lines = ran.out.splitlines()
    assert lines[0].split() == ["rank", "cosine", "row", "token"]
    assert lines[1].split()[2:] == ["3", "queen"]
    assert "1 row of zeros left out" in ran.err


def test_rows_left_out_are_told_in_json_too(cli, kin: Path):
    zeros = ["1 row of zeros left out: no direction."]
    assert (
        json.loads(cli("analogy", kin, "man", "woman", "king", "--json").out)["left_out"] == zeros
    )
    for flags in ((), ("--reverse",), ("--mutual",)):
        told = json.loads(cli("neighbors", kin, "man", *flags, "--json").out)
        assert told["left_out"] == zeros
    told = json.loads(cli("neighbors", kin, "man", "--metric", "euclidean", "--json").out)
    assert told["left_out"] == []


def test_words_may_be_rows_kept_by_name(cli, kin: Path, tmp_path: Path, monkeypatch):
    monkeypatch.setattr("explorer.selections.config_dir", lambda: tmp_path)
    opened = pipeline.open_table(kin)
    Shelf(key_of(opened), len(opened)).keep("royal", np.array([2, 3]))
    mean = cli("similarity", kin, "man", 'mean("king", "queen")').out
    assert cli("similarity", kin, "man", "@royal").out == mean
    told = json.loads(cli("analogy", kin, "man", "woman", "@royal", "--json").out)
    assert not {0, 1, 2, 3} & {one["row"] for one in told["answers"]}


def test_similarity_of_two_is_one_number(cli, kin: Path):
    assert cli("similarity", kin, "man", "woman").out == "0.707107\n"
    told = json.loads(cli("similarity", kin, "man", '"woman" - "man"', "--json").out)
    assert told == {"a": "man", "b": '"woman" - "man"', "cosine": pytest.approx(0.0)}


def test_similarity_of_several_is_a_matrix(cli, kin: Path):
    told = json.loads(cli("similarity", kin, "man", "woman", "#3", "--json").out)
    assert (told["rows"], told["tokens"]) == ([0, 1, 3], ["man", "woman", "queen"])
    made = pipeline.similarity_matrix(pipeline.open_table(kin), ["man", "woman", "#3"])
    assert told["values"] == made.values.tolist()
    lines = cli("similarity", kin, "man", "nothing", "queen").out.splitlines()
    assert lines[0].split() == ["man", "nothing", "queen"]
    assert lines[2].split() == ["nothing", "-", "-", "-"]
    assert lines[3].split() == ["queen", "0.5774", "-", "1.0000"]


def test_a_matrix_is_written_with_every_digit(cli, kin: Path, tmp_path: Path):
    out = tmp_path / "matrix.csv"
    ran = cli("similarity", kin, "man", "=1+1", "queen", "-o", out, "--spreadsheet-safe")
    assert ran.out == f"{out}\n"
    with out.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    assert header == ["row", "token", "man", "'=1+1", "queen"]
    made = pipeline.similarity_matrix(pipeline.open_table(kin), ["man", "=1+1", "queen"])
    assert [[float(cell) for cell in row[2:]] for row in rows] == made.values.tolist()


def test_the_odd_one_out_is_named(cli, kin: Path):
    words = ("man", "=1+1", "woman", "queen")
    told = json.loads(cli("similarity", kin, *words, "--odd-one-out", "--json").out)
    found = pipeline.odd_one_out(pipeline.open_table(kin), words)
    assert told["odd_one_out"] == {"row": 4, "token": "=1+1"}
    assert [one["score"] for one in told["scores"]] == found.scores.tolist()
    lines = cli("similarity", kin, *words, "--odd-one-out").out.splitlines()
    assert [line.endswith("the odd one out") for line in lines] == [
        False,
        False,
        True,
        False,
        False,
    ]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [(["man"], "at least two"), (["man", "king", "queen", "--odd-one-out", "-o", "x.csv"], "-o")],
)
def test_similarity_of_nothing_is_wrong_usage(cli, kin: Path, arguments, message):
    ran = cli("similarity", kin, *arguments)
    assert (ran.status, ran.out) == (2, "")
    assert message in ran.err


def test_evaluate_tells_every_miss(cli, kin: Path, questions: Path):
    ran = cli("evaluate", kin, questions, "--json")
    (told,) = json.loads(ran.out)["results"]
    assert (told["kind"], told["method"], told["accuracy"]) == ("analogies", "add", 0.5)
    assert (told["right"], told["known"], told["questions"]) == (1, 2, 3)
    assert [section["section"] for section in told["sections"]] == ["kin"]
    assert [(miss["line"], miss["kind"]) for miss in told["misses"]] == [
        (3, "wrong"),
        (4, "unknown word"),
        (5, "unreadable line"),
    ]
    assert "1 line not read; line 5: four words are needed" in ran.err


def test_evaluate_in_words_has_a_line_for_each_section(cli, kin: Path, questions: Path):
    pairs = questions.with_name("pairs.tsv")
    pairs.write_text("man\twoman\t9\nman\tking\t8\nman\tqueen\t3\nman\temu\t1\n")
    ran = cli("evaluate", kin, pairs, questions)
    lines = [line.split() for line in ran.out.splitlines()]
    assert lines[0] == ["word", "pairs", "Spearman", "p", "Pearson", "p", "known", "of", "coverage"]
    assert (lines[1][0], lines[1][-4:]) == ("pairs.tsv", ["3", "4", "75.0", "%"])
    assert lines[4] == ["kin", "50.0", "%", "1", "2", "3", "66.7", "%"]
    assert lines[5][0] == "total"
    assert "4 misses; --misses OUT.csv lists them." in ran.err


def test_evaluate_says_why_there_is_no_correlation(cli, kin: Path, tmp_path: Path):
    pairs = tmp_path / "pairs.tsv"
    pairs.write_text("man\twoman\t9\nman\tking\t8\nman\temu\t1\n")
    why = "pairs.tsv: no correlation, because it takes 3 pairs that count, and 2 do."
    assert why in cli("evaluate", kin, pairs).err
    (told,) = json.loads(cli("evaluate", kin, pairs, "--json").out)["results"]
    assert (told["spearman"], told["pearson_p"], told["notes"]) == (None, None, [why])


def test_evaluate_writes_the_misses(cli, kin: Path, questions: Path, tmp_path: Path):
    out = tmp_path / "misses.csv"
    ran = cli("evaluate", kin, questions, "--misses", out, "--spreadsheet-safe")
    assert str(out) in ran.out
    with out.open(encoding="utf-8", newline="") as file:
        header, first, *others = csv.reader(file)
    assert header[-5:] == ["question", "expected", "found", "rank", "note"]
    assert first[-5:-1] == ["man woman =1+1", "king", "queen", "2"]
    assert len(others) == 2


def test_evaluate_hands_its_flags_on(cli, kin: Path, questions: Path):
    flags = ("--method", "mul", "--count-unknown", "--restrict-vocab", 4, "--case-sensitive")
    (told,) = json.loads(cli("evaluate", kin, questions, *flags, "--json").out)["results"]
    assert (told["method"], told["unknown_counted"]) == ("mul", True)
    assert (told["known"], told["counted"]) == (1, 3)
    assert told["notes"] == ["Only the first 4 of 6 rows were asked."]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["analogy", "man", "woman", "unicorn"], "'unicorn' is not in the table"),
        (["analogy", "man", "woman", "nothing"], "all zeros"),
        (["similarity", "man", '"king'], "quote is not closed"),
        (["similarity", "man", "king", "--odd-one-out"], "Among 2 different rows"),
        (["evaluate", "none.txt"], "there is no such file"),
        (["evaluate", "QUESTIONS", "--misses", "none/out.csv"], "cannot be written"),
    ],
)
def test_what_cannot_be_answered_is_one_line(cli, kin: Path, questions: Path, arguments, message):
    verb, *others = arguments
    ran = cli(verb, kin, *(questions if word == "QUESTIONS" else word for word in others))
    assert (ran.status, ran.out, ran.err.count("\n")) == (1, "", 1)
    assert message in ran.err


def test_what_is_read_is_not_written_over(cli, kin: Path, questions: Path):
    for arguments in (
        ("evaluate", kin, questions, "--misses", questions),
        ("evaluate", kin, questions, "--misses", kin),
        ("similarity", kin, "man", "king", "queen", "-o", kin),
    ):
        before = questions.read_bytes(), kin.read_bytes()
        ran = cli(*arguments)
        assert (ran.status, ran.out) == (1, "")
        assert "this is a file that is read" in ran.err
        assert (questions.read_bytes(), kin.read_bytes()) == before


def test_labels_and_files_of_a_folder_are_not_written_over(cli, questions: Path, tmp_path: Path):
    folder = tmp_path / "folder"
    folder.mkdir()
    np.eye(4, 3, dtype=np.float32).tofile(folder / "tensors.bytes")
    metadata, labels = folder / "metadata.tsv", tmp_path / "labels.tsv"
    for path in (metadata, labels):
        path.write_text("man\nwoman\nking\nqueen\n")
    for named, target in (((), metadata), (("--labels", labels), labels)):
        for arguments in (
            ("evaluate", folder, questions, "--misses", target, *named),
            ("similarity", folder, "man", "king", "queen", "-o", target, *named),
        ):
            ran = cli(*arguments)
            assert (ran.status, ran.out) == (1, "")
            assert "read." in ran.err
            assert target.read_text() == "man\nwoman\nking\nqueen\n"


@pytest.mark.parametrize(
    ("verb", "asked"),
    [
        ("neighbors", ("wrod20",)),
        ("neighbors", ('"word20" - "wrod20"',)),
        ("neighbors", ("wrod20", "--mutual")),
        ("analogy", ("word21", "wrod20", "word23")),
        ("similarity", ("word21", "wrod20")),
        ("similarity", ("word21", "wrod20", "word23", "--odd-one-out")),
    ],
)
def test_tokens_spelt_nearly_as_an_unknown_one_are_offered(
    cli, saved: Path, verb: str, asked: tuple[str, ...]
):
    ran = cli(verb, saved, *asked)
    assert (ran.status, ran.out) == (1, "")
    assert "The token 'wrod20' is not in the table." in ran.err
    assert "Spelt nearly so: “word20”" in ran.err
