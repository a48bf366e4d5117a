"""`quality`, and what `project` says of the map it made: neighbours kept, clusters."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from explorer import pipeline
from explorer.table import Table


@pytest.fixture
def exported(cli, saved: Path, tmp_path: Path) -> Path:
    out = tmp_path / "map.csv"
    assert cli("project", saved, "-o", out).status == 0
    return out


def sheet(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def manifest(path: Path) -> dict:
    return json.loads(path.with_name(path.name + ".manifest.json").read_text())


def test_the_numbers_are_those_of_the_measure(cli, exported: Path, saved: Path, table: Table):
    ran = cli("quality", exported, saved, "--k", 5, "--k", 9, "--metric", "euclidean", "--json")
    measured = pipeline.measure(pipeline.project(table), [5, 9], "euclidean")
    assert ran.status == 0
    assert json.loads(ran.out) == measured.as_dict()


def test_a_line_is_printed_for_each_size_and_rows_that_were_compared_are_told(
    cli, exported: Path, saved: Path
):
    ran = cli("quality", exported, saved, "--k", 5, "--k", 9)
    lines = ran.out.splitlines()
    assert [line.split()[0] for line in lines] == ["k", "5", "9"]
    assert lines[1].endswith(" %")
    assert "all 60 rows compared, cosine" in ran.err


def test_a_size_too_large_for_the_table_is_lowered_and_told(cli, exported: Path, saved: Path):
    ran = cli("quality", exported, saved)
    assert [line.split()[0] for line in ran.out.splitlines()] == ["k", "10", "29"]
    assert "k = 30, 100 lowered to 29" in ran.err


def test_the_worst_rows_come_first(cli, exported: Path, saved: Path, table: Table):
    ran = cli("quality", exported, saved, "--k", 5, "--rows", 60, "--json")
    kept = [row["kept"]["5"] for row in json.loads(ran.out)["worst_rows"]]
    assert kept == sorted(kept)
    assert kept[0] < kept[-1]
    rows = {row["row"] for row in json.loads(ran.out)["worst_rows"]}
    assert rows == set(range(60))


def test_as_many_worst_rows_are_named_as_asked_for(cli, exported: Path, saved: Path):
    ran = cli("quality", exported, saved, "--k", 5, "--rows", 3)
    _, named = ran.out.split("\n\n")
    assert len(named.splitlines()) == 4
    assert named.startswith("kept of 5  row  token")


def test_what_each_row_kept_is_written_beside_its_coordinates(
    cli, exported: Path, saved: Path, tmp_path: Path
):
    out = tmp_path / "kept.csv"
    ran = cli("quality", exported, saved, "--k", 5, "-o", out)
    assert str(out) in ran.out.splitlines()
    before, after = sheet(exported), sheet(out)
    assert [line["x"] for line in after] == [line["x"] for line in before]
    shares = [float(line["kept_5"]) for line in after]
    assert np.mean(shares) == pytest.approx(manifest(out)["quality"]["at"][0]["kept"], abs=1e-6)
    assert manifest(out)["projection"]["method"] == "pca"


def test_standard_output_is_json_alone_where_asked_for(
    cli, exported: Path, saved: Path, tmp_path: Path
):
    ran = cli("quality", exported, saved, "--json", "-o", tmp_path / "kept.csv")
    assert json.loads(ran.out)["rows"] == 60


def test_coordinates_that_are_not_there_are_told_in_one_line(cli, saved: Path, tmp_path: Path):
    ran = cli("quality", tmp_path / "none.csv", saved)
    assert ran.status == 1
    assert len(ran.err.splitlines()) == 1
    assert "none.csv" in ran.err


def test_arguments_the_wrong_way_round_are_told_apart(
    cli, exported: Path, saved: Path, tmp_path: Path
):
    ran = cli("quality", saved, exported)
    assert ran.status == 1
    assert "Give the coordinates first: quality COORDINATES TABLE" in ran.err
    ran = cli("quality", tmp_path, saved)
    assert ran.status == 1
    assert "it is a folder" in ran.err
    assert "Give the coordinates first" in ran.err


def test_a_lowered_size_is_told_before_the_work(cli, exported: Path, saved: Path, monkeypatch):
    def stopped(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(pipeline, "measure", stopped)
    assert "k = 500 lowered to 29" in cli("quality", exported, saved, "--k", 500).err


def test_shares_are_written_without_the_noise_of_float32(
    cli, exported: Path, saved: Path, tmp_path: Path
):
    out = tmp_path / "kept.csv"
    cli("quality", exported, saved, "--k", 10, "--k", 25, "-o", out)
    for line in sheet(out):
        assert line["kept_10"] == str(round(float(line["kept_10"]), 1))
        assert line["kept_25"] == str(round(float(line["kept_25"]), 2))


def test_coordinates_of_another_table_are_refused(cli, exported: Path, saved: Path):
    text = exported.read_text(encoding="utf-8")
    exported.write_text(text.replace("word50", "other"), encoding="utf-8")
    ran = cli("quality", exported, saved)
    assert (ran.status, ran.out) == (1, "")
    assert "'other'" in ran.err


def test_project_tells_and_keeps_how_far_its_map_may_be_believed(cli, saved: Path, tmp_path: Path):
    out = tmp_path / "map.csv"
    ran = cli("project", saved, "--quality", "-o", out)
    told = manifest(out)["quality"]["at"]
    assert [one["k"] for one in told] == [10, 29]
    assert f"neighbours kept {100 * told[0]['kept']:.0f} %" in ran.err
    assert np.mean([float(line["kept_10"]) for line in sheet(out)]) == pytest.approx(
        told[0]["kept"], abs=1e-6
    )


def test_project_keeps_a_map_of_which_something_else_asked_for_cannot_be_found(cli, tmp_path: Path):
    table, out = tmp_path / "two.npy", tmp_path / "map.csv"
    np.save(table, np.array([[1, 2, 3], [3, 2, 1]], dtype=np.float32))
    ran = cli("project", table, "--quality", "-o", out)
    assert (ran.status, len(sheet(out))) == (1, 2)
    assert f"{out} is written, but not all of it: Only 2 rows" in ran.err
    assert "quality" not in manifest(out)


def test_project_measures_the_sizes_asked_for(cli, saved: Path, tmp_path: Path):
    out = tmp_path / "map.csv"
    assert cli("project", saved, "--quality", "--k", 5, "--k", 9, "-o", out).status == 0
    assert [one["k"] for one in manifest(out)["quality"]["at"]] == [5, 9]
    assert {"kept_5", "kept_9"} < set(sheet(out)[0])
    ran = cli("project", saved, "--k", 5, "-o", tmp_path / "other.csv")
    assert ran.status == 2
    assert "--k needs --quality" in ran.err


def test_project_writes_the_cluster_of_each_row(cli, saved: Path, tmp_path: Path, table: Table):
    out = tmp_path / "map.csv"
    flags = ("--cluster", "k-means", "--clusters", 4, "--seed", 3)
    ran = cli("project", saved, *flags, "-o", out)
    assert "4 clusters" in ran.err
    found = pipeline.cluster(table, "k-means", clusters=4, seed=3)
    assert [line["cluster"] for line in sheet(out)] == found.column().values.tolist()
    assert manifest(out)["clusters"] == found.as_dict()
    assert manifest(out)["projection"]["seed"] == 3


@pytest.mark.parametrize(("space", "told"), [("unit", True), ("map", False)])
def test_clusters_of_more_rows_than_the_map_has_are_said_to_be(
    cli, saved: Path, tmp_path: Path, space, told
):
    flags = ("--cluster", "k-means", "--clusters", 3, "--sample", 40, "--space", space)
    ran = cli("project", saved, *flags, "-o", tmp_path / "map.csv")
    assert ("The clusters are of all 60 rows of the table; the map has 40." in ran.err) == told


def test_clusters_may_be_those_of_the_dots(cli, saved: Path, tmp_path: Path):
    out = tmp_path / "map.csv"
    cli("project", saved, "--cluster", "k-means", "--clusters", 3, "--space", "map", "-o", out)
    assert manifest(out)["clusters"]["preprocessing"] == ["coordinates of the map"]


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (("--clusters", 4), "--clusters needs --cluster"),
        (("--cluster", "k-means", "--min-samples", 4), "--min-samples does not belong to"),
        (("--cluster", "k-means", "--clusters", 1), "--clusters"),
    ],
)
def test_flags_of_clusters_that_do_not_go_together_are_wrong_usage(
    cli, saved: Path, tmp_path: Path, flags, message
):
    ran = cli("project", saved, *flags, "-o", tmp_path / "map.csv")
    assert ran.status == 2
    assert message in ran.err
    assert not list(tmp_path.iterdir())


def test_a_map_with_its_quality_in_the_manifest_can_be_made_again(cli, saved: Path, tmp_path: Path):
    out = tmp_path / "map.csv"
    cli("project", saved, "--quality", "--cluster", "hdbscan", "-o", out)
    assert cli("replay", out).status == 0


def test_an_ending_that_is_no_kind_of_sheet_is_refused(cli, saved: Path, tmp_path: Path):
    csv, out = tmp_path / "map.csv", tmp_path / "kept.xlsx"
    csv.write_text("x,y\n" + "1,2\n3,4\n" * 30)
    ran = cli("quality", csv, saved, "-o", out)
    assert (ran.status, ran.out) == (1, "")
    assert "End it in one of .csv, .parquet" in ran.err
    assert not out.exists()
