"""`map`: pictures without a display."""

from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from explorer import pipeline
from explorer.selections import Shelf, key_of
from explorer.table import Table

SVG = "{http://www.w3.org/2000/svg}"


def texts(path: Path) -> list[str]:
    return [element.text or "" for element in ElementTree.parse(path).iter(f"{SVG}text")]


@pytest.mark.parametrize("ending", ["png", "svg", "pdf"])
def test_a_picture_is_drawn_of_the_kind_its_name_asks_for(cli, saved: Path, tmp_path, ending):
    out = tmp_path / f"figure.{ending}"
    ran = cli("map", saved, "-o", out)
    assert (ran.status, ran.out) == (0, f"{out}\n")
    assert "60 rows: PCA, " in ran.err
    start = {"png": b"\x89PNG", "svg": b"<?xml", "pdf": b"%PDF"}[ending]
    assert out.read_bytes().startswith(start)


def test_no_display_is_needed(spawn, saved: Path, without_display, tmp_path: Path):
    ran = spawn("map", saved, "-o", "figure.svg", env=without_display, cwd=tmp_path)
    assert ran.status == 0, ran.err
    assert "words.safetensors" in texts(tmp_path / "figure.svg")


def test_flags_reach_the_method_and_the_picture(cli, saved: Path, tmp_path: Path):
    out = tmp_path / "figure.svg"
    method = ("--method", "tsne", "--perplexity", 7, "--iterations", 30, "--seed", 5)
    look = ("--width", 12, "--height", 9, "--dark", "--title", "My map", "--labels-count", 0)
    assert cli("map", saved, *method, *look, "--colour", "kind", "-o", out).status == 0
    root = ElementTree.parse(out).getroot()
    assert float(root.get("width", "").removesuffix("pt")) == pytest.approx(12 / 2.54 * 72)
    told = " ".join(texts(out))
    assert {"My map", "kind", "noun", "verb", "007"} < set(texts(out))
    assert "perplexity 7" in told
    assert "seed 5" in told


def test_one_colour_is_asked_for_by_name(cli, saved: Path, tmp_path: Path):
    out = tmp_path / "figure.svg"
    assert cli("map", saved, "--colour", "none", "-o", out).status == 0
    assert not {"lean", "kind", "count"} & set(texts(out))


def test_a_map_of_three_axes_is_turned_by_its_flags(cli, saved: Path, tmp_path: Path):
    pictures = set()
    for angle in (10, 80):
        flags = ("--dims", 3, "--azimuth", angle, "--labels-count", 0)
        cli("map", saved, *flags, "-o", tmp_path / "figure.png")
        pictures.add((tmp_path / "figure.png").read_bytes())
    assert len(pictures) == 2


def test_tokens_are_selected_and_labelled_by_name_or_row(cli, saved: Path, tmp_path: Path):
    out = tmp_path / "figure.svg"
    flags = ("--select", "word20", "--select", "#30", "--colour", "none")
    assert cli("map", saved, *flags, "-o", out).status == 0
    assert {text for text in texts(out) if text.startswith("word") and "." not in text} == {
        "word20",
        "word30",
    }
    assert cli("map", saved, "--label", "word40", "-o", out).status == 0
    assert "word40" in texts(out)


def test_a_sample_and_steps_are_told_below_the_map(cli, saved: Path, tmp_path: Path):
    out = tmp_path / "figure.svg"
    flags = ("--sample", 20, "--steps", "unit, centre", "--seed", 3)
    ran = cli("map", saved, *flags, "-o", out)
    assert ran.status == 0
    told = " ".join(texts(out))
    assert "a sample of 60: 20 rows, at random" in told
    assert told.index("unit length") < told.index("centred")


def test_the_quality_of_the_map_is_measured_for_the_caption(cli, saved: Path, tmp_path: Path):
    out = tmp_path / "figure.svg"
    assert cli("map", saved, "--quality", "-o", out).status == 0
    assert "neighbours kept" in " ".join(texts(out))


def test_coordinates_that_project_wrote_give_the_same_picture(cli, saved: Path, tmp_path: Path):
    flags = ("--method", "tsne", "--iterations", 40)
    csv = tmp_path / "map.csv"
    assert cli("map", saved, *flags, "-o", tmp_path / "direct.svg").status == 0
    assert cli("project", saved, *flags, "-o", csv).status == 0
    ran = cli("map", saved, "--from", csv, "-o", tmp_path / "read.svg")
    assert ran.status == 0
    assert "!" not in ran.err
    assert (tmp_path / "read.svg").read_bytes() == (tmp_path / "direct.svg").read_bytes()


def test_coordinates_of_unknown_making_are_drawn_and_said_to_be(cli, saved: Path, tmp_path: Path):
    csv = tmp_path / "plain.csv"
    csv.write_text("x,y\n" + "1,2\n3,4\n" * 30)
    ran = cli("map", saved, "--from", csv, "-o", tmp_path / "figure.svg")
    assert ran.status == 0
    assert "! plain.csv.manifest.json is not there" in ran.err
    told = " ".join(texts(tmp_path / "figure.svg"))
    assert "Coordinates from plain.csv: 60 rows" in told
    assert "began from" not in told
    csv.write_text("row,x,y\n1,2,3\n2,3,5\n")
    assert cli("map", saved, "--from", csv, "-o", tmp_path / "figure.svg").status == 0
    assert "plain.csv: 2 of 60 rows" in " ".join(texts(tmp_path / "figure.svg"))


def test_many_dots_are_said_to_be_an_image(cli, saved: Path, tmp_path: Path, monkeypatch):
    monkeypatch.setattr("explorer.figure.MOST_DRAWN_DOTS", 50)
    assert "one image" in cli("map", saved, "-o", tmp_path / "figure.svg").err
    assert "one image" not in cli("map", saved, "-o", tmp_path / "figure.png").err
    assert "one image" not in cli("map", saved, "--density", "-o", tmp_path / "figure.svg").err


@pytest.mark.parametrize(
    ("flags", "status", "message"),
    [
        (("-o", "figure.jpg"), 1, ".png, .svg or .pdf"),
        (("-o", "figure"), 0, ""),
        (("--width", 1, "-o", "m.png"), 1, "width of the picture"),
        (("--dpi", 5, "-o", "m.png"), 2, "--dpi"),
        (("--colour", "mood", "-o", "m.png"), 1, "no column 'mood'"),
        (("--select", "absent", "-o", "m.png"), 1, "'absent' is not in the table"),
        (("--perplexity", 5, "-o", "m.png"), 2, "--perplexity does not belong to pca"),
        (("--sample-by", "frequency", "-o", "m.png"), 2, "--sample-by needs --sample"),
        (("--from", "a.csv", "--method", "tsne", "-o", "m.png"), 2, "--method"),
        (("--from", "a.csv", "--seed", 0, "-o", "m.png"), 2, "--from"),
        (("--from", "a.csv", "-o", "m.png"), 1, "a.csv"),
        (("-o", "absent/m.png"), 1, "absent"),
        (("--axes", "1;2", "-o", "m.png"), 2, "--axes takes numbers"),
        (("--steps", "flatten", "-o", "m.png"), 1, "no preprocessing step 'flatten'"),
    ],
)
def test_what_cannot_be_drawn_is_told_in_one_line_and_leaves_nothing(
    cli, saved: Path, tmp_path: Path, monkeypatch, flags, status, message
):
    monkeypatch.chdir(tmp_path)
    ran = cli("map", saved, *flags)
    assert ran.status == status
    assert message in ran.err
    assert status == 0 or not list(tmp_path.iterdir())


def test_a_table_of_rows_without_names_is_drawn(cli, tmp_path: Path, table: Table):
    np.save(tmp_path / "bare.npy", table.vectors.rows(np.arange(60)))
    assert cli("map", tmp_path / "bare.npy", "-o", tmp_path / "figure.pdf").status == 0


def test_columns_that_stand_beside_the_coordinates_give_colours(cli, saved: Path, tmp_path: Path):
    csv, out = tmp_path / "map.csv", tmp_path / "figure.svg"
    flags = ("--cluster", "k-means", "--clusters", 3, "--sample", 40)
    assert cli("project", saved, *flags, "-o", csv).status == 0
    ran = cli("map", saved, "--from", csv, "--colour", "cluster", "-o", out)
    assert (ran.status, "cluster" in texts(out)) == (0, True)
    ran = cli("map", saved, "--from", csv, "--colour", "mood", "-o", out)
    assert ran.status == 1
    assert "no column 'mood'" in ran.err
    assert "cluster" in ran.err


def test_a_query_is_marked_and_named(cli, saved, tmp_path):
    out = tmp_path / "map.svg"
    assert cli("map", saved, "--query", "#1 - #2", "-o", out).status == 0
    assert "#1 - #2" in texts(out)
    ran = cli("map", saved, "--query", "#1 -", "-o", tmp_path / "none.svg")
    assert (ran.status, (tmp_path / "none.svg").exists()) == (1, False)


def test_coordinates_in_parquet_are_drawn_and_coloured_as_those_in_csv(cli, saved, tmp_path):
    drawn = []
    for ending in ("csv", "parquet"):
        sheet, out = tmp_path / f"map.{ending}", tmp_path / f"{ending}.svg"
        made = cli("project", saved, "--cluster", "k-means", "-o", sheet)
        assert made.status == 0
        ran = cli("map", saved, "--from", sheet, "--colour", "cluster", "-o", out)
        assert ran.status == 0
        drawn.append(texts(out))
    assert drawn[0] == drawn[1]


def test_the_quality_of_coordinates_in_parquet_is_that_of_those_in_csv(cli, saved, tmp_path):
    told = []
    for ending in ("csv", "parquet"):
        sheet = tmp_path / f"map.{ending}"
        assert cli("project", saved, "-o", sheet).status == 0
        told.append(cli("quality", sheet, saved, "--json"))
    assert told[0].status == told[1].status == 0
    assert told[0].out == told[1].out


def test_tokens_outside_the_sample_are_said_not_to_be_on_the_map(cli, saved, tmp_path: Path):
    flags = ("--sample", 20, "--sample-by", "most-frequent", "--colour", "none")
    named = [word for row in range(60) for word in ("--select", f"#{row}")]
    ran = cli("map", saved, *flags, *named, "-o", tmp_path / "figure.png")
    line = next(line for line in ran.err.splitlines() if line.startswith("Not on this map: "))
    assert line.endswith(" and 30 more.")
    assert "Not on" not in cli("map", saved, "--label", "#20", "-o", tmp_path / "all.png").err


def test_a_sample_of_more_rows_than_there_are_takes_all_and_says_so(cli, saved, tmp_path: Path):
    ran = cli("map", saved, "--sample", 500, "-o", tmp_path / "figure.png")
    assert "All 60 rows were taken: the sample was to have 500." in ran.err


def test_an_axis_that_is_only_named_x_is_not_told(cli, saved: Path, tmp_path: Path):
    csv = tmp_path / "plain.csv"
    csv.write_text("x,y\n" + "1,2\n3,4\n" * 30)
    flags = ("--method", "as-is", "--coordinates", csv)
    ran = cli("map", saved, *flags, "-o", tmp_path / "figure.png")
    assert "60 rows: As is\n" in ran.err


def test_a_map_is_coloured_by_the_clusters_that_are_asked_for(cli, saved: Path, tmp_path: Path):
    out = tmp_path / "figure.svg"
    ran = cli("map", saved, "--cluster", "k-means", "--clusters", 3, "-o", out)
    assert (ran.status, "cluster" in texts(out)) == (0, True)
    assert "3 clusters" in ran.err


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (("--clusters", 3), "--clusters needs --cluster"),
        (("--cluster", "k-means", "--colour", "kind"), "leave one out"),
    ],
)
def test_flags_of_clusters_without_a_meaning_are_wrong_usage(
    cli, saved: Path, tmp_path: Path, flags, message
):
    ran = cli("map", saved, *flags, "-o", tmp_path / "figure.png")
    assert ran.status == 2
    assert message in ran.err


def test_a_map_of_rows_named_one_by_one_is_of_these_alone(cli, saved: Path, tmp_path: Path):
    flags = ("--only", "word20", "--only", "#7", "--only", "word30")
    ran = cli("map", saved, *flags, "--colour", "none", "-o", tmp_path / "map.svg")
    assert ran.status == 0
    assert "3 of 60 rows (chosen by hand)" in ran.err
    assert "chosen by hand among 60" in " ".join(texts(tmp_path / "map.svg"))


def test_rows_kept_by_name_can_be_the_map_s_own(cli, saved: Path, tmp_path: Path, monkeypatch):
    monkeypatch.setattr("explorer.selections.config_dir", lambda: tmp_path)
    opened = pipeline.open_table(saved)
    Shelf(key_of(opened), len(opened)).keep("my own", np.array([20, 21, 40]))
    ran = cli("project", saved, "--only", "@my own", "--only", "word20", "-o", tmp_path / "m.csv")
    assert "3 of 60 rows (chosen by hand)" in ran.err
    again = cli("replay", tmp_path / "m.csv.manifest.json")
    assert "every coordinate is the same" in again.out


@pytest.mark.parametrize(
    ("only", "words"),
    [("nobody", "'nobody'"), ("#60", "There is no row 60"), ("@nobody", "kept as 'nobody'")],
)
def test_rows_that_are_not_there_cannot_be_the_map_s_own(cli, saved, tmp_path: Path, only, words):
    ran = cli("project", saved, "--only", only, "-o", tmp_path / "m.csv")
    assert (ran.status, list(tmp_path.glob("m.csv*"))) == (1, [])
    assert words in ran.err
