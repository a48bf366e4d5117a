"""`convert`, and the labels that every verb on a table takes."""

import json
from pathlib import Path

import numpy as np
import pytest

from explorer.formats import formats, sniff
from explorer.progress import silent

ENDINGS = {ending: name for name, entry in formats().items() for ending in entry.writes}


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    """A table of three words that every format holds."""
    path = tmp_path / "plain.vec"
    path.write_text("3 2\na 0.5 1\nb -2 0.1\nc 3 4\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("ending", sorted(ENDINGS))
def test_convert_writes_the_format_that_the_ending_names(ending, plain, tmp_path, cli):
    out = tmp_path / f"out{ending}"
    ran = cli("convert", plain, out)
    assert (ran.status, ran.out) == (0, f"{out}: 3 rows x 2, {ENDINGS[ending]}\n")
    read = sniff(out).read(out, "", report=silent)
    assert tuple(read.tokens) == ("a", "b", "c")
    assert read.vectors.rows(1).tolist() == np.float32([-2, 0.1]).tolist()


def test_convert_writes_the_format_that_is_named(cli, plain, tmp_path):
    assert cli("convert", plain, tmp_path / "out.x", "--to", "npy").status == 0
    assert np.load(tmp_path / "out.x").shape == (3, 2)


def test_what_a_format_cannot_hold_is_refused_by_row_and_nothing_is_written(cli, saved, tmp_path):
    ran = cli("convert", saved, tmp_path / "out.vec")
    assert ran.status == 1
    assert "row 1: the token ' the' holds a space" in ran.err
    assert not (tmp_path / "out.vec").exists()


def test_an_ending_that_names_no_format_is_told_before_the_file_is_read(cli, tmp_path):
    ran = cli("convert", tmp_path / "missing.vec", tmp_path / "out.docx")
    assert ran.status == 1
    assert "'out.docx' does not say in which format" in ran.err


def test_columns_that_are_left_behind_are_named(cli, plain, tmp_path):
    labels = tmp_path / "labels.tsv"
    labels.write_text("word\tcount\na\t1\nb\t2\nc\t3\n", encoding="utf-8")
    ran = cli("convert", plain, tmp_path / "out.bin", "--labels", labels)
    assert "! Columns are not kept in this format: count." in ran.err


def test_labels_name_the_rows_for_every_verb(cli, tmp_path):
    np.save(tmp_path / "bare.npy", np.eye(3, dtype=np.float32))
    labels = tmp_path / "words.tsv"
    labels.write_text("one\ntwo\nthree\n", encoding="utf-8")
    bare = tmp_path / "bare.npy"
    told = json.loads(cli("lookup", bare, "two", "--labels", labels, "--json").out)
    assert told["pieces"][0]["row"] == 1
    assert cli("neighbors", bare, "two", "--labels", labels).status == 0
    assert "three" in cli("neighbors", bare, "two", "--labels", labels).out
    out = tmp_path / "map.csv"
    assert cli("project", bare, "--labels", labels, "-o", out).status == 0
    assert "three" in out.read_text(encoding="utf-8")
    made = json.loads(Path(f"{out}.manifest.json").read_text())
    assert made["source"]["labels"]["path"] == str(labels)
    assert "Tokens are from words.tsv." in cli("info", bare, "--labels", labels).out


def test_labels_and_files_of_a_folder_are_not_written_over(cli, tmp_path: Path):
    folder = tmp_path / "folder"
    folder.mkdir()
    np.eye(3, 2, dtype=np.float32).tofile(folder / "tensors.bytes")
    metadata, labels = folder / "metadata.tsv", tmp_path / "labels.tsv"
    for path in (metadata, labels):
        path.write_text("a\nb\nc\n")
    for target, named in ((metadata, ()), (labels, ("--labels", labels))):
        ran = cli("convert", folder, target, *named)
        assert (ran.status, ran.out) == (1, "")
        assert "read." in ran.err
        assert target.read_text() == "a\nb\nc\n"
    for _ in range(2):
        assert cli("convert", folder, folder / "mine.safetensors").status == 0
