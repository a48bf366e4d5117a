"""Maps read back from what `project` wrote."""

import json
from dataclasses import replace

import numpy as np
import pytest

from explorer import pipeline
from explorer.errors import InputError
from explorer.reading.exported import read_exported


@pytest.fixture
def exported(table, tmp_path):
    """exported(dims, axes, **options of the export): a map and the CSV it was written to."""

    def make(dims=2, axes=None, **options):
        made = pipeline.project(table, "pca", dims=dims, axes=axes)
        path, _ = pipeline.export(made, tmp_path / "map.csv", **options)
        return made, path

    return make


def manifest_of(path):
    return path.with_name(path.name + ".manifest.json")


@pytest.mark.parametrize(("dims", "axes"), [(2, None), (2, (3, 1)), (3, None)])
def test_a_map_is_the_one_that_was_written(table, exported, dims, axes):
    made, path = exported(dims, axes)
    back = read_exported(path, table)
    assert back.note == ""
    again = back.projection
    assert again.coordinates.tobytes() == made.coordinates.tobytes()
    for name in ("axes", "method", "params", "seed", "preprocessing", "verdict", "titles"):
        assert getattr(again, name) == getattr(made, name)
    assert [again.axis_title(place) for place in range(dims)] == [
        made.axis_title(place) for place in range(dims)
    ]


def test_an_export_for_spreadsheets_is_of_the_same_table(table, exported):
    made, path = exported(spreadsheet_safe=True)
    assert read_exported(path, table).projection.coordinates.tobytes() == made.coordinates.tobytes()


def test_without_a_manifest_nothing_is_said_of_how_it_was_made(table, exported):
    _, path = exported()
    manifest_of(path).unlink()
    back = read_exported(path, table)
    assert back.note == "map.csv.manifest.json is not there"
    assert (back.projection.method, back.projection.verdict) == ("as-is", "")


def test_a_manifest_of_another_file_is_not_believed(table, exported):
    made, path = exported()
    path.write_bytes(path.read_bytes() + b"\r\n")
    back = read_exported(path, table)
    assert "map.csv has changed" in back.note
    assert back.projection.explained is None
    assert back.projection.coordinates.tobytes() == made.coordinates.tobytes()


def test_coordinates_of_another_table_are_refused_by_the_first_token_that_differs(table, exported):
    _, path = exported()
    tokens = list(table.tokens)
    tokens[30] = "other"
    with pytest.raises(InputError, match="row 30 is 'word30' here and 'other' in the table"):
        read_exported(path, replace(table, tokens=tuple(tokens)))


def test_plain_coordinates_need_neither_rows_nor_tokens(table, tmp_path):
    path = tmp_path / "plain.csv"
    path.write_text("x,y\n" + "".join(f"{row},{-row}\n" for row in range(60)))
    places = read_exported(path, table).projection.coordinates
    assert places.tolist() == [[row, -row] for row in range(60)]


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda told: [], "no manifest of a map"),
        (lambda told: {}, "csv"),
        (lambda told: told | {"projection": 3}, "projection"),
        (lambda told: told | {"projection": told["projection"] | {"axes": ["x", "y"]}}, "axes"),
        (lambda told: told | {"projection": told["projection"] | {"axes": [1, 99]}}, "axes"),
        (lambda told: told | {"projection": told["projection"] | {"axes": [0, 1]}}, "axes"),
        (lambda told: told | {"projection": told["projection"] | {"seed": "a"}}, "seed"),
        (lambda told: told | {"projection": told["projection"] | {"params": []}}, "params"),
        (lambda told: told | {"projection": told["projection"] | {"titles": ["a"]}}, "axes"),
        (
            lambda told: told | {"projection": told["projection"] | {"explained_variance": ["7"]}},
            "explained_variance",
        ),
    ],
)
def test_a_manifest_that_is_none_is_named(table, exported, damage, message):
    _, path = exported()
    beside = manifest_of(path)
    beside.write_text(json.dumps(damage(json.loads(beside.read_text()))))
    with pytest.raises(InputError, match=message) as caught:
        read_exported(path, table)
    assert "map.csv.manifest.json" in str(caught.value)


@pytest.mark.parametrize(
    "change",
    [
        {"axes": [10**9, 1], "explained_variance": None},
        {"explained_variance": [0.5, 10**400]},
        {"iterations": 10**400},
    ],
)
def test_numbers_in_a_manifest_that_cannot_be_are_refused(table, exported, change):
    _, path = exported()
    told = json.loads(manifest_of(path).read_text())
    told["projection"] |= change
    manifest_of(path).write_text(json.dumps(told))
    with pytest.raises(InputError, match=r"map\.csv\.manifest\.json"):
        read_exported(path, table)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"{", b"[" * 100_000])
def test_a_manifest_that_is_not_json_is_named(table, exported, content):
    _, path = exported()
    manifest_of(path).write_bytes(content)
    with pytest.raises(InputError, match="not JSON"):
        read_exported(path, table)


def test_rows_that_were_left_out_stay_so(table, tmp_path):
    made = pipeline.project(table, "pca")
    scores = made.scores.copy()
    scores[7] = np.nan
    made = replace(made, scores=scores, left_out=np.array([7]))
    path, _ = pipeline.export(made, tmp_path / "map.csv")
    assert read_exported(path, table).projection.left_out.tolist() == [7]
