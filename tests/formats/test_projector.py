from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from explorer.errors import InputError
from explorer.formats import sniff

NUMBERS = np.arange(12, dtype=np.float32).reshape(4, 3)
LABELS = "word\tcount\na\t1\n\t2\n007\t3\nd\t4\n"


def raw(folder: Path, name: str = "x_tensors.bytes") -> Path:
    NUMBERS.tofile(folder / name)
    return folder / name


def text(folder: Path, rows: str = "0\t1\n2\t3\n") -> Path:
    (folder / "tensors.tsv").write_text(rows)
    return folder / "tensors.tsv"


def config(folder: Path, *entries: dict) -> Path:
    (folder / "projector_config.json").write_text(json.dumps({"embeddings": list(entries)}))
    return folder / "projector_config.json"


@pytest.mark.parametrize("ending", ["", "\n", "\n\n\n"])
def test_the_shape_of_raw_numbers_comes_from_the_number_of_labels(ending, tmp_path, opened):
    path = raw(tmp_path)
    (tmp_path / "x_labels.tsv").write_text(LABELS + ending)
    table = opened(path)
    assert table.tokens == ("a", "", "007", "d")
    assert table.columns["count"].values.tolist() == [1, 2, 3, 4]
    assert table.vectors.mapped
    np.testing.assert_array_equal(table.vectors.to_numpy(), NUMBERS)


def test_a_folder_a_matrix_and_a_config_lead_to_the_same_table(tmp_path, opened):
    path = raw(tmp_path, "odd.bytes")
    (tmp_path / "names.tsv").write_text("a\nb\nc\nd\n")
    entry = {"tensorPath": "odd.bytes", "metadataPath": "names.tsv", "tensorShape": [4, 3]}
    for way in (config(tmp_path, entry), path, tmp_path):
        assert opened(way).tokens == ("a", "b", "c", "d")


def test_a_config_in_protobuf_text_is_read(tmp_path, opened):
    raw(tmp_path, "m.bytes")
    (tmp_path / "projector_config.pbtxt").write_text(
        '# made by hand\nmodel_checkpoint_path: "x"\nembeddings {\n tensor_name: "m"\n'
        ' tensor_path: "m.bytes"\n tensor_shape: 4\n tensor_shape: 3\n'
        ' sprite { image_path: "s.png" single_image_dim: 28 }\n}\n'
    )
    assert opened(tmp_path / "projector_config.pbtxt").vectors.shape == (4, 3)


def test_several_tables_in_a_config_are_several_candidates(tmp_path):
    raw(tmp_path, "one.bytes")
    raw(tmp_path, "two.bytes")
    path = config(
        tmp_path,
        {"tensorName": "one", "tensorPath": "one.bytes", "tensorShape": [4, 3]},
        {"tensorName": "gone", "tensorPath": "gone.bytes", "tensorShape": [4, 3]},
        {"tensorName": "two", "tensorPath": "sub/two.bytes", "tensorShape": [2, 6]},
    )
    found = sniff(path)
    assert [(c.name, c.rows) for c in found.probe(path)] == [("one", 4), ("two", 2)]
    assert found.read(path, "two", report=lambda _: None).vectors.shape == (2, 6)


@pytest.mark.parametrize("written", ["../secret.bytes", "/etc/hostname", "a/../../secret.bytes"])
@pytest.mark.parametrize("field", ["tensorPath", "metadataPath"])
def test_a_path_that_leaves_the_folder_is_refused(written, field, tmp_path, opened):
    inside = tmp_path / "in"
    inside.mkdir()
    raw(tmp_path, "secret.bytes")
    raw(inside, "m.bytes")
    entry = {"tensorPath": "m.bytes", "tensorShape": [4, 3]} | {field: written}
    with pytest.raises(InputError, match="outside its folder"):
        opened(config(inside, entry))


def test_a_link_that_leaves_the_folder_is_refused(tmp_path, opened):
    inside = tmp_path / "in"
    inside.mkdir()
    (inside / "m.bytes").symlink_to(raw(tmp_path))
    with pytest.raises(InputError, match="outside its folder"):
        opened(config(inside, {"tensorPath": "m.bytes", "tensorShape": [4, 3]}))


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ({"tensorPath": "m.bytes", "tensorShape": [5, 3]}, "48 bytes, and 5 x 3 float32 are 60"),
        ({"tensorPath": "m.bytes", "tensorShape": [2**62, 2**62]}, "48 bytes"),
        ({"tensorPath": "m.bytes", "tensorShape": [4]}, "not rows and columns"),
        ({"tensorPath": "m.bytes", "tensorShape": [4, -3]}, "not two whole numbers"),
        ({"tensorPath": "gone.bytes", "tensorShape": [4, 3]}, "gone.bytes"),
        ({"tensorPath": "m.bytes"}, "need their shape"),
        ({}, "no table"),
    ],
)
def test_a_config_that_does_not_fit_is_refused_with_the_numbers(entry, said, tmp_path, opened):
    raw(tmp_path, "m.bytes")
    with pytest.raises(InputError, match=said):
        opened(config(tmp_path, entry))


def test_labels_of_another_number_are_refused_with_both_numbers(tmp_path, opened):
    path = text(tmp_path)
    (tmp_path / "metadata.tsv").write_text("a\nb\nc\n")
    with pytest.raises(InputError, match=r"names 3 rows, and tensors\.tsv has 2"):
        opened(path)


def test_raw_numbers_that_cannot_be_shared_among_the_labels_are_refused(tmp_path, opened):
    path = raw(tmp_path)
    (tmp_path / "labels.tsv").write_text("a\nb\nc\nd\ne\n")
    with pytest.raises(InputError, match="48 bytes, which cannot be 5 rows"):
        opened(path)


def test_a_matrix_without_labels_has_numbered_rows(tmp_path, opened):
    table = opened(text(tmp_path))
    assert table.tokens == ("<row 0>", "<row 1>")
    assert not table.named


def test_a_row_of_another_width_stops_the_reading_for_labels_would_shift(tmp_path, opened):
    path = text(tmp_path, "0\t1\n" * 2000 + "2\n3\t4\n")
    with pytest.raises(InputError, match="line 2,001"):
        opened(path)


def test_a_label_file_is_no_matrix(tmp_path):
    (tmp_path / "labels.tsv").write_text(LABELS)
    with pytest.raises(InputError, match="not an embedding table"):
        sniff(tmp_path / "labels.tsv")
