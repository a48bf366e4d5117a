from __future__ import annotations

import json
import zipfile

import h5py
import numpy as np
import pytest

from explorer.errors import InputError
from explorer.formats import formats, keras

TABLE = np.arange(12, dtype=np.float32).reshape(4, 3)


@pytest.fixture(autouse=True)
def _in_this_process(monkeypatch):
    """The contract tests go through the child; here it would only take time."""

    def at_once(function, path, *args, **limits):
        return function(path, *args)

    monkeypatch.setattr(keras, "in_child", at_once)


@pytest.fixture
def weights(tmp_path):
    """Writes arrays into an HDF5 file."""

    def write(arrays, name="a.weights.h5"):
        with h5py.File(tmp_path / name, "w") as file:
            for where, array in arrays.items():
                file[where] = array
        return tmp_path / name

    return write


def names(path):
    return [one.name for one in formats()["keras"].probe(path)]


def test_layers_are_called_as_the_config_calls_them(weights, tmp_path, opened):
    inner = weights(
        {
            "layers/embedding/vars/0": np.ones((5, 2)),
            "layers/embedding_1/vars/0": TABLE,
            "layers/functional/layers/embedding/vars/0": np.ones((3, 3)),
            "optimizer/vars/1": np.ones((5, 2)),
        }
    )

    def layer(kind, name, **more):
        return {"class_name": kind, "config": {"name": name, **more}}

    tower = layer("Functional", "tower", layers=[layer("Embedding", "third")])
    layers = [layer("Embedding", "user_pos"), layer("Embedding", "second"), tower]
    with zipfile.ZipFile(tmp_path / "a.keras", "w") as archive:
        archive.writestr("config.json", json.dumps({"config": {"layers": layers}}))
        archive.write(inner, "model.weights.h5")
    assert names(tmp_path / "a.keras") == [
        "second.embeddings",
        "third.embeddings",
        "user_pos.embeddings",
        "optimizer.1",
    ]
    np.testing.assert_array_equal(opened(tmp_path / "a.keras").vectors.to_numpy(), TABLE)


def test_weights_alone_are_named_by_their_class(weights):
    assert names(weights({"layers/embedding/vars/0": TABLE})) == ["embedding.embeddings"]


def test_the_old_form_is_named_by_its_layer(weights, opened):
    path = weights({"model_weights/word_vectors/net/word_vectors/embeddings": TABLE}, "a.h5")
    assert names(path) == ["word_vectors.embeddings"]
    np.testing.assert_array_equal(
        opened(path, "word_vectors.embeddings").vectors.slice(0, 4), TABLE
    )


def test_names_that_would_be_one_stay_whole(weights):
    path = weights({"a/vars/0": TABLE, "layers/a/vars/0": TABLE[:2]})
    assert names(path) == ["a/vars/0", "layers/a/vars/0"]


def test_half_precision_stays_so(weights, opened):
    assert opened(weights({"e": TABLE.astype(np.float16)})).vectors.dtype == "f16"


@pytest.mark.parametrize(
    "link", [h5py.SoftLink("/e"), h5py.ExternalLink("other.h5", "/e")], ids=["soft", "external"]
)
def test_a_link_is_refused(link, weights, opened):
    with pytest.raises(InputError, match="'layers/x' is a link"):
        opened(weights({"e": TABLE, "layers/x": link}))


def test_storage_in_another_file_is_refused(tmp_path, opened):
    (tmp_path / "secret").write_bytes(b"x" * 48)
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file.create_dataset("e", (4, 3), "f4", external=[(tmp_path / "secret", 0, 48)])
    with pytest.raises(InputError, match="'e' keeps its numbers in another file"):
        opened(tmp_path / "a.h5")


def test_a_virtual_array_is_refused(weights, tmp_path, opened):
    layout = h5py.VirtualLayout((4, 3), "f4")
    layout[:] = h5py.VirtualSource(weights({"e": TABLE}, "other.h5"), "e", (4, 3))
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file.create_virtual_dataset("e", layout)
    with pytest.raises(InputError, match="'e' keeps its numbers in another file"):
        opened(tmp_path / "a.h5")


def test_an_array_that_declares_more_than_it_stores_is_refused(tmp_path, opened):
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file.create_dataset("e", (10_000_000, 1024), "f4", chunks=(1, 1024))
    with pytest.raises(InputError, match="declares 40,960,000,000 bytes and stores 0"):
        opened(tmp_path / "a.h5")


def test_a_group_that_holds_itself_ends(weights, opened):
    path = weights({"layers/e": TABLE})
    with h5py.File(path, "a") as file:
        file["layers/again"] = file["layers"]
    assert opened(path).vectors.shape == (4, 3)


def test_a_file_without_a_matrix_says_what_it_holds(weights, opened):
    with pytest.raises(InputError, match=r"'bias' f32 4"):
        opened(weights({"bias": TABLE[:, 0]}))
