"""What each verb says, and where: data on stdout, everything else on stderr."""

import csv
import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import explorer
from explorer import pipeline
from explorer.cli import VERBS
from explorer.projection import Projection
from explorer.selections import Shelf, key_of
from explorer.table import Table

FAST = ("--epochs", 2, "--dim", 4, "--maxlen", 12, "--threads", 1)


def test_info_lists_the_tables_of_a_file_and_its_report(cli, saved: Path, table: Table):
    ran = cli("info", saved, "--json")
    told = json.loads(ran.out)
    assert list(told) == ["tables", "report"]
    entry = told["tables"][0]
    assert {name: entry[name] for name in ("name", "rows", "dim", "dtype", "tokens")} == {
        "name": "embedding.weight",
        "rows": 60,
        "dim": 8,
        "dtype": "f32",
        "tokens": True,
    }
    assert [note["message"] for note in told["report"]] == [note.message for note in table.health]
    assert (ran.status, ran.err) == (0, "")


def test_the_only_table_of_a_file_has_that_for_a_reason(cli, tmp_path: Path):
    np.save(tmp_path / "bare.npy", np.eye(3, dtype=np.float32))
    told = json.loads(cli("info", tmp_path / "bare.npy", "--json").out)
    assert [one["reason"] for one in told["tables"]] == ["the only table in the file"]


def test_info_in_words_names_the_same(cli, saved: Path):
    ran = cli("info", saved)
    assert "embedding.weight    60    8  f32" in ran.out
    assert "Opened embedding.weight: 60 rows x 8. Columns: count, lean, kind." in ran.out
    assert "! 1 token stands more than once" in ran.out


def test_lookup_says_how_each_piece_was_found(cli, saved: Path, table: Table):
    told = json.loads(cli("lookup", saved, "Word20, zyx", "--json").out)
    row, counts = table.row_of("word20"), table.columns["count"].values
    assert told == {
        "text": "Word20, zyx",
        "pieces": [
            {
                "piece": "Word20,",
                "row": row,
                "token": "word20",
                "how": "punctuation removed",
                "norm": pytest.approx(float(table.vectors.norms[row]), rel=1e-6),
                "count": float(counts[row]),
                "rank": int((counts > counts[row]).sum()) + 1,
                "near": [],
                "vector": table.vectors.rows(row).tolist(),
            },
            {
                "piece": "zyx",
                "row": None,
                "token": None,
                "how": "not in the vocabulary",
                "norm": None,
                "count": None,
                "rank": None,
                "near": [],
                "vector": None,
            },
        ],
        "mean": None,
    }


def test_lookup_offers_near_spellings_and_takes_none(cli, saved: Path):
    ran = cli("lookup", saved, "wrod20 word21 word22", "--json")
    told = json.loads(ran.out)
    assert told["pieces"][0]["row"] is None
    assert told["pieces"][0]["near"][0] == "word20"
    assert told["mean"] == 'mean("word21", "word22")'
    assert "wrod20: spelt nearly as “word20”" in cli("lookup", saved, "wrod20").err


def test_lookup_in_words_has_a_line_a_piece(cli, saved: Path):
    lines = cli("lookup", saved, "word20 zyx").out.splitlines()
    assert lines[0].split() == [
        *("piece", "how", "row", "token", "norm", "count", "rank", "vector")
    ]
    assert lines[1].split()[:4] == ["word20", "exact", "20", "word20"]
    assert lines[2].split() == ["zyx", "not", "in", "the", "vocabulary", *"-----"]


def test_lookup_of_no_text_is_said_and_prints_nothing(cli, saved: Path):
    ran = cli("lookup", saved, " ")
    assert (ran.status, ran.out) == (0, "")
    assert ran.err == "Nothing to look up: the text is empty.\n"


@pytest.mark.parametrize("metric", ["cosine", "euclidean", "dot"])
def test_neighbors_are_those_of_python(cli, saved: Path, table: Table, metric: str):
    told = json.loads(cli("neighbors", saved, "a,b", "-k", 3, "--metric", metric, "--json").out)
    found = explorer.neighbors(table, "a,b", 3, metric)
    assert told == {
        "query": "a,b",
        "row": 2,
        "metric": metric,
        "space": "raw",
        "neighbors": [
            {"rank": rank, "row": row, "token": table.tokens[row], "score": score}
            for rank, (row, score) in enumerate(
                zip(found.rows.tolist(), found.scores.tolist(), strict=True), 1
            )
        ],
        "left_out": [note.message for note in found.left_out],
    }


def test_neighbors_of_a_row_are_asked_for_by_its_number(cli, saved: Path):
    told = json.loads(cli("neighbors", saved, "#9", "--json").out)
    assert (told["query"], told["row"]) == ("#9", 9)
    assert len(told["neighbors"]) == 10


def test_neighbors_in_words_are_aligned_and_visible(cli, saved: Path):
    lines = cli("neighbors", saved, "word20", "-k", 59).out.splitlines()
    assert lines[0].split() == ["rank", "cosine", "row", "token"]
    assert len(lines) == 60
    tokens = {line.split(maxsplit=3)[3] for line in lines[1:]}
    assert {"‹empty›", "␣the", "new⏎line", "‹U+202E›abc"} <= tokens


def test_numbers_that_json_does_not_have_become_null(cli, tmp_path: Path):
    np.save(tmp_path / "nan.npy", np.array([[np.nan, 1.0], [np.inf, 2.0]], dtype=np.float32))
    told = json.loads(cli("lookup", tmp_path / "nan.npy", "<row 0>", "--json").out)
    assert told["pieces"][0]["vector"] == [None, 1.0]


@pytest.mark.parametrize("dims", [2, 3])
def test_project_writes_every_row_with_its_token_and_columns(
    cli, saved: Path, table: Table, tmp_path: Path, dims: int
):
    out = tmp_path / "map.csv"
    ran = cli("project", saved, "--dims", dims, "-o", out)
    with out.open(encoding="utf-8", newline="") as file:
        header, *rows = list(csv.reader(file))
    assert header == ["row", "token", *"xyz"[:dims], "count", "lean", "kind"]
    assert tuple(row[1] for row in rows) == table.tokens
    assert ran.out.splitlines() == [str(out), f"{out}.manifest.json"]
    assert "% of the variance" in ran.err


def test_project_hands_its_flags_to_the_method(cli, saved: Path, tmp_path: Path):
    out = tmp_path / "map.csv"
    flags = ("--perplexity", 7, "--iterations", 30, "--seed", 5)
    assert cli("project", saved, "--method", "tsne", *flags, "-o", out).status == 0
    made = json.loads(Path(f"{out}.manifest.json").read_text())["projection"]
    assert (made["method"], made["seed"]) == ("tsne", 5)
    assert (made["params"]["perplexity"], made["iterations"]) == (7.0, 30)
    assert made["kl_divergence"] > 0


def test_project_draws_the_components_that_are_asked_for(cli, saved: Path, tmp_path: Path):
    cli("project", saved, "--axes", "3,1", "-o", tmp_path / "map.csv")
    made = json.loads((tmp_path / "map.csv.manifest.json").read_text())["projection"]
    assert made["axes"] == [3, 1]


def test_project_writes_parquet_with_the_types_of_the_columns(
    cli, saved: Path, table: Table, tmp_path: Path
):
    import pyarrow.parquet as pq

    out = tmp_path / "map.parquet"
    assert cli("project", saved, "-o", out).out.splitlines()[0] == str(out)
    read = pq.read_table(out)
    kinds = ["int64", "string", "float", "float", "int64", "double", "string"]
    assert [str(kind) for kind in read.schema.types] == kinds
    assert tuple(read["token"].to_pylist()) == table.tokens


@pytest.mark.parametrize(
    ("wish", "written"),
    [("kind,count", ["kind", "count"]), ('"lean", kind', ["lean", "kind"]), ("none", [])],
)
def test_project_writes_the_columns_that_are_named(cli, saved: Path, tmp_path, wish, written):
    out = tmp_path / "map.csv"
    assert cli("project", saved, "--columns", wish, "-o", out).status == 0
    header = out.read_text(encoding="utf-8").splitlines()[0]
    assert header == ",".join(["row", "token", "x", "y", *written])


def test_project_names_the_columns_there_are_before_it_makes_a_map(
    cli, saved: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    monkeypatch.setattr(pipeline, "project", lambda *_, **__: pytest.fail("a map was made"))
    ran = cli("project", saved, "--columns", "kind,mood", "-o", tmp_path / "map.csv")
    assert ran.status == 1
    assert "no column 'mood'" in ran.err
    assert "count, lean, kind" in ran.err


def test_project_refuses_an_ending_before_it_opens_the_table(cli, tmp_path: Path):
    ran = cli("project", tmp_path / "missing.pt", "-o", tmp_path / "map.xlsx")
    assert ran.status != 0
    assert "End it in one of .csv, .parquet" in ran.err


def test_a_spreadsheet_runs_nothing_of_a_safe_export(cli, saved: Path, tmp_path: Path):
    cli("project", saved, "-o", tmp_path / "plain.csv")
    cli("project", saved, "--spreadsheet-safe", "-o", tmp_path / "safe.csv")
    assert ",=1+1," in (tmp_path / "plain.csv").read_text(encoding="utf-8")
    assert ",'=1+1," in (tmp_path / "safe.csv").read_text(encoding="utf-8")


def test_lookup_as_json_keeps_every_digit_of_float64(cli, tmp_path: Path):
    matrix = np.array([[0.1, 1e-60], [1 / 3, 3.0]])
    np.save(tmp_path / "wide.npy", matrix)
    told = json.loads(cli("lookup", tmp_path / "wide.npy", "<row 0>", "--json").out)
    assert told["pieces"][0]["vector"] == matrix[0].tolist()


def test_project_says_that_the_table_changed_meanwhile(
    cli, saved: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    table = tmp_path / "table.safetensors"
    table.write_bytes(saved.read_bytes())
    project = pipeline.project

    def slow(*arguments: Any, **options: Any) -> Projection:
        os.utime(table, ns=(0, 0))
        return project(*arguments, **options)

    monkeypatch.setattr(pipeline, "project", slow)
    ran = cli("project", table, "-o", tmp_path / "map.csv")
    assert ran.status == 0
    assert f"! {table}: The file changed after the table was opened" in ran.err


def test_train_saves_a_table_that_the_other_verbs_open(cli, reviews: Path, tmp_path: Path):
    out = tmp_path / "new.safetensors"
    ran = cli("train", reviews, *FAST, "-o", out)
    assert ran.status == 0
    assert ran.out.startswith(f"{out}: 12 tokens x 4. Of epoch ")
    assert "Embedding" in ran.err
    assert [line[:9] for line in ran.err.splitlines() if line.startswith("epoch")] == [
        "epoch   1",
        "epoch   2",
    ]
    found = json.loads(cli("lookup", out, "Superb night!", "--json").out)["pieces"]
    assert [piece["how"] for piece in found] == ["lower-cased", "exact", "left out"]


def test_train_tells_its_history_as_json(cli, reviews: Path, tmp_path: Path):
    out = tmp_path / "new.safetensors"
    told = json.loads(cli("train", reviews, *FAST, "--json", "-o", out).out)
    assert (told["rows"], told["dim"], told["stopped"]) == (12, 4, False)
    assert [epoch["epoch"] for epoch in told["history"]] == [1, 2]
    assert 0 <= told["history"][0]["validation_accuracy"] <= 1


def test_train_reads_the_columns_that_are_named(cli, tmp_path: Path, reviews: Path):
    renamed = tmp_path / "odd.csv"
    renamed.write_text(
        "said,felt,n\n" + reviews.read_text().split("\n", 1)[1].replace("ive", "ive,1")
    )
    flags = ("--text-column", "said", "--label-column", "felt")
    assert cli("train", renamed, *flags, *FAST, "-o", tmp_path / "new.safetensors").status == 0


def test_train_tells_what_was_noticed_in_the_corpus(cli, tmp_path: Path, reviews: Path):
    lines = reviews.read_text().splitlines()
    lines[1:4] = [line.split(",")[0] + " café," for line in lines[1:4]]
    (tmp_path / "old.csv").write_bytes("\n".join(lines).encode("cp1252"))
    ran = cli("train", tmp_path / "old.csv", *FAST, "-o", tmp_path / "new.safetensors")
    assert ran.status == 0
    assert "! 3 reviews without a label left out.\n" in ran.err
    assert "windows-1252" in ran.err.lower()


@pytest.mark.parametrize("method", ["pca", "tsne"])
def test_the_same_seed_gives_the_same_bytes_in_another_process(
    cli, spawn, saved: Path, tmp_path: Path, method: str
):
    flags = ("--iterations", 60) if method == "tsne" else ()
    for run, name in ((cli, "here"), (spawn, "there")):
        (tmp_path / name).mkdir()
        ran = run("project", saved, "--method", method, *flags, "-o", tmp_path / name / "map.csv")
        assert ran.status == 0
    for name in ("map.csv", "map.csv.manifest.json"):
        assert (tmp_path / "here" / name).read_bytes() == (tmp_path / "there" / name).read_bytes()


def test_the_same_seed_trains_the_same_table(cli, reviews: Path, tmp_path: Path):
    for name in ("first", "second"):
        cli("train", reviews, *FAST, "--seed", 4, "-o", tmp_path / f"{name}.safetensors")
    first, second = ((tmp_path / f"{n}.safetensors").read_bytes() for n in ("first", "second"))
    assert first == second


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("flag", ["--help", "-h"])
def test_every_verb_explains_itself(cli, verb: str, flag: str):
    ran = cli(verb, flag)
    assert ran.status == 0
    assert ran.out.startswith(f"Usage: embedding-explorer {verb}")
    assert ran.err == ""


def test_the_help_names_every_verb_and_examples(cli):
    ran = cli("--help")
    assert all(f"\n  {verb} " in ran.out for verb in VERBS)
    assert "embedding-explorer project glove.txt" in ran.out


def test_the_help_of_project_and_train_names_the_flags_of_methods_and_objectives(cli):
    assert "--perplexity" in cli("project", "--help").out
    assert "--max-norm" in cli("train", "--help").out


def test_the_version_is_told(cli):
    assert cli("--version").out == f"embedding-explorer, version {explorer.__version__}\n"


def test_the_demo_without_a_display_makes_the_whole_tour(
    spawn_with_one_epoch, without_display: dict[str, str], tmp_path: Path
):
    folder = tmp_path / "tour"
    ran = spawn_with_one_epoch("demo", "-o", folder, env=without_display, cwd=tmp_path)
    assert ran.status == 0, ran.err
    assert ran.out.startswith("No display here")
    assert {path.name for path in folder.iterdir()} == {
        "reviews.safetensors",
        "reviews.tokenizer.json",
        "pca.csv",
        "pca.csv.manifest.json",
        "tsne.csv",
        "tsne.csv.manifest.json",
        "map.png",
    }
    for word in ("masterpiece", "boring", "western"):
        assert f"   {word} -> row " in ran.out
        assert f"   {word}: " in ran.out
    assert str(folder.resolve()) in ran.out.splitlines()[-1]
    assert (folder / "map.png").read_bytes().startswith(b"\x89PNG")


def test_axes_speak_of_rows_kept_by_name(cli, saved: Path, tmp_path: Path, monkeypatch):
    monkeypatch.setattr("explorer.selections.config_dir", lambda: tmp_path)
    opened = pipeline.open_table(saved)
    Shelf(key_of(opened), len(opened)).keep("some", np.array([1, 2]))
    out = tmp_path / "map.csv"
    ran = cli("project", saved, "--method", "axes", "--x", "@some", "--y", "#3", "-o", out)
    assert ran.status == 0, ran.err
    made = json.loads(Path(f"{out}.manifest.json").read_text())["projection"]
    assert made["selections"] == {"some": [1, 2]}


def test_an_axis_of_a_token_that_is_not_there_offers_spellings(cli, saved: Path, tmp_path: Path):
    out = tmp_path / "map.csv"
    ran = cli("project", saved, "--method", "axes", "--x", "wrod41", "--y", "#3", "-o", out)
    assert ran.status == 1
    assert "The x axis: The token 'wrod41' is not in the table." in ran.err
    assert "Spelt nearly so: " in ran.err
    assert "“word41”" in ran.err
