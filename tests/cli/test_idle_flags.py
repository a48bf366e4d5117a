"""No flag is passed over in silence: one that would change nothing beside the others is refused."""

from pathlib import Path

import pytest


def refused(ran, message: str) -> None:
    assert (ran.status, ran.out) == (2, "")
    assert message in " ".join(ran.err.split())


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (("--azimuth", 20), "--azimuth turns a map of three axes, and this one has two"),
        (("--elevation", 20, "--dims", 2), "--elevation turns a map of three axes"),
        (("--density", "--colour", "kind"), "--colour is about dots, and --density has none"),
        (("--density", "--cluster", "k-means"), "--cluster is about dots"),
        (("--density", "--select", "word20"), "--select is about dots"),
        (("--density", "--dot-size", 2), "--dot-size is about dots"),
        (("--density", "--shapes"), "--shapes is about dots"),
        (("--density", "--categories", 3), "--categories is about dots"),
        (("--density", "--ramp", "viridis"), "--ramp is about dots"),
        (
            ("--shapes", "--colour", "count"),
            "--shapes is about categories, and count holds",
        ),
        (("--categories", 3, "--colour", "count"), "--categories is about categories"),
        (("--ramp", "viridis", "--colour", "kind"), "--ramp is about numbers, and kind holds"),
        (("--ramp", "viridis", "--cluster", "k-means"), "--ramp is about numbers, and clusters"),
        (("--shapes", "--colour", "none"), "--shapes needs --colour: the map has one colour"),
        (("--title", "Mine", "--no-heading"), "--title stands in the heading"),
        (("--label", "word20", "--labels-count", 3), "--labels-count chooses among all rows"),
        (("--unit", "px"), "--unit needs --width or --height"),
        (("--sample-by", "uniform"), "--sample-by needs --sample"),
        (("--only", "word1", "--sample", 9), "--only and --sample both say which rows"),
        (("--method", "axes", "--x", "word20", "--y", "word21", "--z", "#3"), "--z needs --dims 3"),
        (("--method", "as-is", "--z-dim", 3), "--z-dim needs --dims 3"),
        (("--method", "as-is", "--coordinates", "a.csv", "--x-dim", 2), "--x-dim is of the table"),
        (("--from", "a.csv", "--perplexity", 9), "--perplexity does not belong to pca"),
        (("--from", "a.csv", "--dims", 3), "With --from the map is there already"),
        (("--from", "a.csv", "--seed", 3), "--seed needs --cluster where --from brings the map"),
    ],
)
def test_what_a_picture_would_not_show_is_refused(
    cli, saved: Path, tmp_path: Path, flags, message: str
):
    out = tmp_path / "figure.png"
    refused(cli("map", saved, *flags, "-o", out), message)
    assert not out.exists()


@pytest.mark.parametrize(
    "flags",
    [
        ("--density", "--no-shapes"),
        ("--no-density", "--colour", "kind", "--shapes"),
        ("--unit", "px", "--height", 300),
        ("--dims", 3, "--azimuth", 20),
    ],
)
def test_what_a_picture_shows_is_not_refused(cli, saved: Path, tmp_path: Path, flags):
    assert cli("map", saved, *flags, "-o", tmp_path / "figure.png").status == 0


def test_the_clusters_of_coordinates_from_a_file_have_a_seed(cli, saved: Path, tmp_path: Path):
    csv = tmp_path / "map.csv"
    csv.write_text("x,y\n" + "1,2\n3,4\n" * 30)
    out = tmp_path / "figure.png"
    assert cli("map", saved, "--from", csv, "--cluster", "k-means", "--seed", 3, "-o", out).out
    refused(cli("map", saved, "--from", csv, "--azimuth", 9, "-o", out), "--azimuth turns a map")


def test_the_quality_is_told_where_there_is_no_caption_to_hold_it(cli, saved, tmp_path: Path):
    ran = cli("map", saved, "--quality", "--no-caption", "-o", tmp_path / "figure.png")
    assert "trustworthiness" in ran.err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("neighbors", "word20", "--reverse", "--mutual"), "--reverse and --mutual are two lists"),
        (("similarity", "word20", "word21", "--order", "clustered"), "--order is of a matrix"),
        (
            ("similarity", "word20", "word21", "#3", "--odd-one-out", "--order", "given"),
            "--order is of a matrix",
        ),
        (("similarity", "word20", "word21", "--spreadsheet-safe"), "--spreadsheet-safe needs -o"),
        (("evaluate", "pairs.txt", "--spreadsheet-safe"), "--spreadsheet-safe needs --misses"),
        (("layer", "--ids", "3", "--strategy", "div"), "--strategy needs --shards, 2 or more"),
        (
            ("layer", "--ids", "[[3]]", "--combiner", "sum", "--norm-type", 1),
            "--norm-type needs --max-norm beside --combiner",
        ),
        (("project", "-k", 5, "-o", "map.csv"), "--k needs --quality"),
    ],
)
def test_flags_of_what_was_not_asked_for_are_refused(cli, saved: Path, arguments, message: str):
    verb, *rest = arguments
    refused(cli(verb, saved, *rest), message)


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (("--norm-type", 1), "--norm-type needs --max-norm"),
        (("--patience", 3, "--validation", 0), "--patience needs reviews to validate on"),
    ],
)
def test_flags_of_a_training_that_would_change_nothing_are_refused(
    cli, reviews: Path, tmp_path: Path, flags, message: str
):
    out = tmp_path / "table.safetensors"
    refused(cli("train", reviews, *flags, "-o", out), message)


def test_a_folder_of_reviews_has_no_columns_to_name(cli, tmp_path: Path):
    out = tmp_path / "table.safetensors"
    refused(cli("train", tmp_path, "--text-column", "review", "-o", out), "CORPUS is a folder")


def test_the_method_of_analogies_is_said_to_change_nothing_where_there_are_none(
    cli, saved: Path, tmp_path: Path
):
    pairs = tmp_path / "pairs.txt"
    pairs.write_text("word20 word21 3\nword22 word23 2\nword24 word25 1\n")
    said = "--method changed nothing"
    assert said in cli("evaluate", saved, pairs, "--method", "mul").err
    assert said not in cli("evaluate", saved, pairs).err


def test_the_demo_leaves_no_folder_where_the_window_opens(cli, monkeypatch, tmp_path: Path):
    from explorer.cli import demo

    class Seen:
        returncode = 0

    monkeypatch.setattr(demo.subprocess, "run", lambda *words, **options: Seen())
    refused(cli("demo", "-o", tmp_path), "--output is for the tour")
    assert cli("demo").status == 0
