from __future__ import annotations

import numpy as np
import pytest

from explorer.errors import InputError
from explorer.formats import formats, onnx

library = pytest.importorskip("onnx")
helper = pytest.importorskip("onnx.helper")

TABLE = np.arange(12, dtype=np.float32).reshape(4, 3)


@pytest.fixture(autouse=True)
def _in_this_process(monkeypatch):
    """The contract tests go through the child; here it would only take time."""

    def at_once(function, path, *args, **limits):
        return function(path, *args)

    monkeypatch.setattr(onnx, "in_child", at_once)


@pytest.fixture
def model(tmp_path):
    """Writes tensors as a model; rows are looked up in those named."""

    def write(tensors, looked_up=(), nodes=()):
        gathers = [helper.make_node("Gather", [name, "ids"], [f"{name}!"]) for name in looked_up]
        graph = helper.make_graph([*gathers, *nodes], "g", [], [], tensors)
        path = tmp_path / "a.onnx"
        path.write_bytes(helper.make_model(graph).SerializeToString())
        return path

    return write


def from_array(array, name):
    from onnx import numpy_helper

    return numpy_helper.from_array(array, name)


def outside(name, shape=(4, 3), **entries):
    """A float32 tensor that says where another file holds it."""
    tensor = library.TensorProto(name=name, data_type=1, dims=shape, data_location=1)
    for key, value in entries.items():
        tensor.external_data.add(key=key, value=str(value))
    return tensor


def test_a_table_that_rows_are_looked_up_in_comes_first(model):
    larger = from_array(np.ones((9, 3), np.float32), "fc.weight")
    path = model([larger, from_array(TABLE, "onnx::Gather_17")], ["onnx::Gather_17"])
    found = formats()["onnx"].probe(path)
    assert [one.name for one in found] == ["onnx::Gather_17", "fc.weight"]
    assert "Gather" in found[0].reason


def test_positions_that_are_looked_up_too_do_not_win(model):
    tensors = [from_array(TABLE, "position_embeddings.weight"), from_array(TABLE, "words")]
    path = model(tensors, ["position_embeddings.weight", "words"])
    assert formats()["onnx"].probe(path)[0].name == "words"


@pytest.mark.parametrize("kind", [1, 10, 11, 16])
@pytest.mark.parametrize("raw", [True, False])
def test_every_float_is_read_from_either_field(kind, raw, model, opened):
    tensor = helper.make_tensor("e", kind, (4, 3), TABLE.ravel().tolist())
    if raw:
        dtype = helper.tensor_dtype_to_np_dtype(kind)
        tensor = from_array(TABLE.astype(dtype), "e")
    np.testing.assert_array_equal(opened(model([tensor])).vectors.to_numpy(), TABLE)


def test_the_value_of_a_constant_node_is_a_table_too(model, opened):
    node = helper.make_node("Constant", [], ["e"], value=from_array(TABLE, ""))
    np.testing.assert_array_equal(opened(model([], nodes=[node])).vectors.to_numpy(), TABLE)


def test_numbers_in_another_file_are_mapped(model, tmp_path, opened):
    (tmp_path / "w.bin").write_bytes(b"pad!" + TABLE.tobytes())
    table = opened(model([outside("e", location="w.bin", offset=4, length=48)]))
    assert table.vectors.mapped
    np.testing.assert_array_equal(table.vectors.to_numpy(), TABLE)


@pytest.mark.parametrize("location", ["../w.bin", "/etc/hostname", "", ".", "\0"])
def test_a_path_that_leaves_the_folder_is_not_read(location, model, tmp_path, opened):
    (tmp_path.parent / "w.bin").write_bytes(TABLE.tobytes())
    with pytest.raises(InputError, match=r"outside its folder|no path"):
        opened(model([outside("e", location=location)]))


def test_a_link_that_leaves_the_folder_is_not_read(model, tmp_path, opened):
    (tmp_path / "w.bin").symlink_to("/etc/hostname")
    with pytest.raises(InputError, match="outside its folder"):
        opened(model([outside("e", location="w.bin")]))


def test_a_missing_file_is_named(model, opened):
    with pytest.raises(InputError, match="which is missing"):
        opened(model([outside("e", location="w.bin")]))


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        ({"offset": 4}, "ends at byte 52 of w.bin, which has 48"),
        ({"offset": "-1"}, "'-1' where the start"),
        ({"offset": "9" * 30}, "where the start"),
    ],
)
def test_an_extent_beyond_the_file_is_refused(entries, said, model, tmp_path, opened):
    (tmp_path / "w.bin").write_bytes(TABLE.tobytes())
    with pytest.raises(InputError, match=said):
        opened(model([outside("e", location="w.bin", **entries)]))


def test_a_tensor_that_claims_more_than_it_holds_is_refused(model, opened):
    tensor = from_array(TABLE, "e")
    tensor.dims[0] = 2**40
    with pytest.raises(InputError, match="claims 1,099,511,627,776 x 3 numbers and holds 12"):
        opened(model([tensor]))


def test_a_negative_size_is_refused(model, opened):
    tensor = from_array(TABLE, "e")
    tensor.dims[:] = [-4, -3]
    with pytest.raises(InputError, match="no sound shape"):
        opened(model([tensor]))


def test_without_the_library_the_way_to_get_it_is_told(model, opened, monkeypatch):
    path = model([from_array(TABLE, "e")])
    monkeypatch.setattr(onnx, "find_spec", lambda name: None)
    with pytest.raises(InputError, match=r"embedding-explorer\[more\]"):
        opened(path)
