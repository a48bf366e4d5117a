import json
import shutil

import numpy as np
import pytest

from explorer import pipeline
from explorer.errors import ExplorerError, InputError
from explorer.preparation import Sample


@pytest.fixture
def saved(tmp_path):
    """A table in a file, as open_table gives it."""
    matrix = np.random.default_rng(0).normal(size=(120, 8)).astype(np.float32)
    np.save(tmp_path / "table.npy", matrix)
    return pipeline.open_table(tmp_path / "table.npy")


def exported(table, tmp_path, *args, name="map.csv", **how):
    made = pipeline.project(table, *args, **how)
    return pipeline.export(made, tmp_path / name)


def edited(path, change):
    told = json.loads(path.read_text())
    change(told)
    path.write_text(json.dumps(told))


@pytest.mark.parametrize(
    "how",
    [
        {"method": "pca", "axes": (3, 1)},
        {"method": "pca", "steps": "unit, centre, remove 1", "dims": 3},
        {"method": "pca", "sample": Sample(50, seed=4)},
        {"method": "pca", "sample": Sample.of([70, 3, *range(20, 60)])},
        {"method": "tsne", "iterations": 30, "seed": 7, "threads": 1},
        {"method": "axes", "x": "#1 - #2", "y": "#3", "measure": "projection"},
        {"method": "axes", "x": "@few - #2", "y": "#3", "selections": {"few": np.array([4, 9])}},
    ],
)
def test_a_map_made_again_is_the_same_to_the_bit(saved, tmp_path, how):
    path, manifest = exported(saved, tmp_path, **how)
    found = pipeline.replay(manifest)
    assert found.same
    assert found.largest == 0
    assert found.remarks == ()
    assert pipeline.replay(path).same


def test_parquet_is_compared_with_as_csv_is(saved, tmp_path):
    path, manifest = exported(saved, tmp_path, name="map.parquet")
    found = pipeline.replay(path)
    assert (found.same, found.largest, found.remarks) == (True, 0, ())
    path.write_bytes(path.read_bytes() + b"more")
    assert "map.parquet has been changed since" in pipeline.replay(manifest).remarks[0]


def test_an_export_of_a_selection_is_compared_by_its_rows(saved, tmp_path):
    made = pipeline.project(saved, "pca")
    path, manifest = pipeline.export(made, tmp_path / "few.csv", rows=np.array([7, 3, 100]))
    assert [line.split(",")[0] for line in path.read_text().splitlines()] == [
        *("row", "3", "7", "100")
    ]
    assert pipeline.replay(path).largest == 0
    edited(manifest, lambda told: told["projection"].update(axes=[2, 1]))
    assert not pipeline.replay(manifest).alike


def test_a_selection_with_a_row_beyond_the_table_is_told(saved, tmp_path):
    rows = {"few": np.array([4, 9])}
    _, manifest = exported(saved, tmp_path, "axes", x="@few", y="#3", selections=rows)
    edited(manifest, lambda told: told["projection"]["selections"].update(few=[4, 120]))
    with pytest.raises(InputError, match="'few'"):
        pipeline.replay(manifest)


def test_another_seed_than_was_told_is_another_map(saved, tmp_path):
    _, manifest = exported(saved, tmp_path, "tsne", iterations=30, seed=7)
    edited(manifest, lambda told: told["projection"].update(seed=8))
    found = pipeline.replay(manifest)
    assert not found.alike
    assert found.verdict.startswith("Another map")


def test_a_rounded_difference_is_said_to_be_one(saved, tmp_path):
    _, manifest = exported(saved, tmp_path)
    found = pipeline.replay(manifest)
    moved = found.projection.coordinates * np.float32(1 + 1e-6)
    from explorer.pipeline.replaying import Replay, _moved

    near = Replay(found.projection, False, _moved(moved, found.projection.coordinates))
    assert near.alike
    assert "but for rounding" in near.verdict


def test_the_largest_move_is_a_share_of_the_longer_side_of_the_map(tmp_path):
    along = np.linspace(0, 1000, 30, dtype=np.float32)
    np.save(tmp_path / "table.npy", np.stack([along, along + 100], axis=1))
    _, manifest = exported(pipeline.open_table(tmp_path / "table.npy"), tmp_path, "as-is")
    edited(manifest, lambda told: told["projection"]["params"].update(x_dim=2, y_dim=1))
    found = pipeline.replay(manifest)
    assert found.largest == pytest.approx(np.hypot(100, 100) / 1000)
    assert found.verdict == "Another map: dots moved by up to 14 % of it."


def test_a_table_that_moved_is_asked_for_and_one_that_changed_is_told(saved, tmp_path):
    _, manifest = exported(saved, tmp_path)
    shutil.move(tmp_path / "table.npy", tmp_path / "elsewhere.npy")
    with pytest.raises(InputError, match="--table FILE"):
        pipeline.replay(manifest)
    assert pipeline.replay(manifest, tmp_path / "elsewhere.npy").same

    matrix = np.load(tmp_path / "elsewhere.npy")
    matrix[0] += 1
    np.save(tmp_path / "elsewhere.npy", matrix)
    found = pipeline.replay(manifest, tmp_path / "elsewhere.npy")
    assert not found.same
    assert any("not the file" in remark for remark in found.remarks)


def test_files_that_were_moved_together_are_found_beside_the_manifest(saved, tmp_path):
    labels = tmp_path / "labels.txt"
    labels.write_text("".join(f"w{row}\n" for row in range(120)))
    _, manifest = exported(pipeline.attach_labels(saved, labels), tmp_path)
    moved = tmp_path / "moved"
    moved.mkdir()
    for path in (*tmp_path.glob("*.npy"), labels, *tmp_path.glob("map.csv*")):
        shutil.move(path, moved)
    found = pipeline.replay(moved / manifest.name)
    assert found.same
    assert found.remarks == ()
    assert found.projection.table.tokens[7] == "w7"


def test_a_table_in_another_format_is_the_same_table_under_another_name(saved, tmp_path):
    pipeline.save_table(saved, tmp_path / "table.safetensors")
    named = pipeline.open_table(tmp_path / "table.safetensors")
    assert named.source.tensor
    _, manifest = exported(named, tmp_path)
    found = pipeline.replay(manifest, tmp_path / "table.npy")
    assert found.same
    assert found.remarks == (
        f"{tmp_path / 'table.npy'} is not the file that the map was made from.",
    )


def test_coordinates_that_were_edited_or_lost_are_told(saved, tmp_path):
    path, manifest = exported(saved, tmp_path)
    path.write_text(path.read_text() + "\n")
    found = pipeline.replay(manifest)
    assert any("changed since" in remark and "manifest" in remark for remark in found.remarks)
    assert found.verdict.startswith("The same map as the manifest tells of")
    path.unlink()
    found = pipeline.replay(manifest)
    assert found.same
    assert any("not there" in remark for remark in found.remarks)


def test_other_versions_are_told(saved, tmp_path):
    _, manifest = exported(saved, tmp_path)
    edited(manifest, lambda told: told["versions"].update(numpy="1.0"))
    assert any(remark.startswith("numpy was 1.0") for remark in pipeline.replay(manifest).remarks)


def test_a_map_into_which_rows_were_placed_afterwards_cannot_be_made_again(saved, tmp_path):
    made = pipeline.project(saved, "tsne", sample=Sample(60), iterations=20, perplexity=5.0)
    whole = pipeline.place_others(made)
    assert (len(whole.shown_rows), whole.placed) == (len(saved), len(saved) - 60)
    path, _ = pipeline.export(whole, tmp_path / "map.csv")
    with pytest.raises(InputError, match="began from a map of 60 rows"):
        pipeline.replay(path)


def test_labels_that_changed_are_told(saved, tmp_path):
    labels = tmp_path / "labels.txt"
    labels.write_text("".join(f"w{row}\n" for row in range(120)))
    _, manifest = exported(pipeline.attach_labels(saved, labels), tmp_path)
    labels.write_text("".join(f"v{row}\n" for row in range(120)))
    found = pipeline.replay(manifest)
    assert found.same
    assert found.remarks == (f"{labels} is not the file that the map was made from.",)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("params", {"method": "pca"}),
        ("params", {"report": 1}),
        ("params", {"components": 10**400}),
        ("sample", {"size": 5, "by": "uniform", "seed": -1}),
        ("sample", {"size": 10**30, "by": "uniform", "seed": 0}),
        ("sample", {"size": 2, "by": "chosen", "seed": 0, "chosen": [5, 10**30]}),
        ("sample", {"size": 2, "by": "chosen", "seed": 0, "chosen": [-1, 5]}),
        ("sample", {"size": 2, "by": "chosen", "seed": 0, "chosen": [5, 5]}),
        ("sample", {"size": 2, "by": "chosen", "seed": 0, "chosen": ["5", 6]}),
        ("sample", {"size": 2, "by": "chosen", "seed": 0}),
        ("sample", {"size": 2, "by": "uniform", "seed": 0, "chosen": [5, 6]}),
        ("seed", 10**40),
        ("dims", 10**9),
        ("axes", [10**30, 1]),
    ],
)
def test_a_manifest_that_was_tampered_with_is_refused_in_words(saved, tmp_path, field, value):
    _, manifest = exported(saved, tmp_path)
    edited(manifest, lambda told: told["projection"].update({field: value}))
    with pytest.raises(ExplorerError):
        pipeline.replay(manifest)


def test_a_path_too_long_for_the_system_is_a_table_that_is_not_there(saved, tmp_path):
    _, manifest = exported(saved, tmp_path)
    edited(manifest, lambda told: told["source"].update(path="x" * 5000))
    with pytest.raises(InputError, match="--table FILE"):
        pipeline.replay(manifest)


def test_a_stopped_run_cannot_be_made_again(saved, tmp_path):
    _, manifest = exported(saved, tmp_path)
    edited(manifest, lambda told: told["projection"].update(complete=False))
    with pytest.raises(InputError, match="stopped"):
        pipeline.replay(manifest)


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", "nonsense", '{"schema": 1}', '{"schema": 1, "source": {}, "projection": 3}'],
)
def test_what_is_no_manifest_is_refused_by_name(tmp_path, text):
    path = tmp_path / "map.csv.manifest.json"
    path.write_text(text)
    with pytest.raises(InputError, match="manifest"):
        pipeline.replay(path)


def test_the_verb_says_it_in_one_line_and_by_its_status(saved, tmp_path, capsys):
    from explorer.cli.main import run

    path, manifest = exported(saved, tmp_path, "tsne", iterations=30)
    assert run(["replay", str(path)]) == 0
    assert "bit by bit" in capsys.readouterr().out
    edited(manifest, lambda told: told["projection"].update(seed=8))
    assert run(["replay", str(path), "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["same"] is False


def test_a_map_that_began_from_another_cannot_be_made_again(saved, tmp_path):
    how = {"iterations": 20, "perplexity": 5.0}
    begun = pipeline.project(saved, "tsne", start=pipeline.project(saved, "pca"), **how)
    path, _ = pipeline.export(begun, tmp_path / "map.csv")
    with pytest.raises(InputError, match="began from another map"):
        pipeline.replay(path)
