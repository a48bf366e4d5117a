"""Making maps, and putting them into files and pictures."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from explorer import pipeline
from explorer.errors import NotFoundError, OutputError, ParameterError
from explorer.sheets import membership
from explorer.table import Column, Table
from explorer.vectors import Vectors


def test_axes_choose_the_components_that_are_drawn(table: Table):
    whole = pipeline.project(table)
    turned = pipeline.project(table, axes=[3, 1])
    assert np.array_equal(turned.coordinates, whole.scores[:, [2, 0]])


@pytest.mark.parametrize(
    ("wishes", "message"),
    [
        ({"method": "umapp"}, "There is no method 'umapp'. There are: pca, tsne"),
        ({"dims": 4}, "cannot have 4 dimensions"),
        ({"dims": 3, "axes": [1, 2]}, "2 axes do not make a 3-dimensional map"),
        ({"axes": [0, 1]}, "Choose axes between 1 and"),
        ({"axes": [1, 99]}, "Choose axes between 1 and"),
        ({"perplexity": 30}, "no parameter 'perplexity'"),
        ({"method": "tsne", "perplexity": "30"}, "Perplexity cannot be '30'"),
        ({"method": "tsne", "perplexity": 0.1}, "between 1 and 500"),
        ({"seed": -1}, "The seed cannot be -1"),
        ({"method": "tsne", "seed": 2**32}, "The seed cannot be 4294967296"),
    ],
)
def test_a_map_that_makes_no_sense_is_refused(table: Table, wishes: dict, message: str):
    with pytest.raises(ParameterError, match=message):
        pipeline.project(table, **wishes)


def test_a_table_too_small_for_a_map_is_refused_in_words():
    one = Table(("a",), Vectors(np.ones((1, 3), np.float32)))
    with pytest.raises(ParameterError, match="row"):
        pipeline.project(one, "tsne")


def test_exporting_writes_the_map_and_what_made_it(table: Table, tmp_path: Path):
    csv_path, manifest_path = pipeline.export(pipeline.project(table), str(tmp_path / "m.csv"))
    assert csv_path.read_bytes().startswith(b"row,token,x,y,count,lean,kind\r\n0,,")
    assert json.loads(manifest_path.read_text())["projection"]["method"] == "pca"


def test_exporting_into_a_missing_folder_is_refused(table: Table, tmp_path: Path):
    with pytest.raises(OutputError, match="no such file or directory"):
        pipeline.export(pipeline.project(table), tmp_path / "missing" / "m.csv")


def test_a_picture_is_coloured_by_the_column_that_is_named(table: Table, tmp_path: Path):
    made = pipeline.project(table)
    by_first = pipeline.draw(made, tmp_path / "first.png").read_bytes()
    by_lean = pipeline.draw(made, tmp_path / "lean.png", colour_by="lean").read_bytes()
    by_kind = pipeline.draw(made, tmp_path / "kind.png", colour_by="kind").read_bytes()
    assert by_first == by_lean != by_kind


def test_a_picture_is_coloured_by_a_column_that_was_computed(table: Table, tmp_path: Path):
    made = pipeline.project(table)
    column = Column.from_text(
        "side", ["left" if x < 0 else "right" for x in made.coordinates[:, 0]]
    )
    drawn = pipeline.draw(made, tmp_path / "m.svg", colour_by=column).read_text(encoding="utf-8")
    assert ">side<" in drawn
    assert ">left<" in drawn


def test_the_columns_of_an_export_are_chosen(table: Table, tmp_path: Path):
    chosen = membership("selected", np.array([3, 1, 3]), len(table))
    path, manifest = pipeline.export(
        pipeline.project(table), tmp_path / "m.csv", columns=["kind"], computed=[chosen]
    )
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = list(csv.reader(file))
    assert header == ["row", "token", "x", "y", "kind", "selected"]
    assert [int(row[0]) for row in rows if row[-1] == "1"] == [1, 3]
    told = json.loads(manifest.read_text())["csv"]["computed_columns"]
    assert told == {"selected": "1 for the 2 rows of it, 0 for the others"}


def test_a_picture_by_a_column_that_is_not_there_is_refused(table: Table, tmp_path: Path):
    with pytest.raises(NotFoundError, match=r"'mood'. There are: count, lean, kind"):
        pipeline.draw(pipeline.project(table), tmp_path / "m.png", colour_by="mood")
    assert list(tmp_path.iterdir()) == []
