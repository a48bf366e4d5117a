from __future__ import annotations

import zipfile

import numpy as np
import pytest

from explorer.errors import InputError
from explorer.formats import formats


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
@pytest.mark.parametrize("dtype", ["<f2", ">f4", "<f8"])
@pytest.mark.parametrize("order", ["C", "F"])
def test_every_float_and_memory_order_is_read(save, dtype, order, tmp_path, opened):
    array = np.asarray(np.arange(12).reshape(4, 3), dtype=dtype, order=order)
    save(tmp_path / "a.npz", table=array)
    np.testing.assert_array_equal(opened(tmp_path / "a.npz").vectors.to_numpy(), array)


def test_bytes_are_tokens_too(tmp_path, opened):
    np.savez(tmp_path / "a.npz", e=np.ones((2, 3)), words=np.array([b"x", "é".encode("cp1252")]))
    table = opened(tmp_path / "a.npz")
    assert table.tokens == ("x", "é")
    assert any("cp1252" in note.message for note in table.report)


def test_other_arrays_of_one_value_a_row_become_columns(tmp_path, opened):
    np.savez(
        tmp_path / "a.npz",
        vectors=np.ones((2, 3)),
        kind=np.array(["k", "l"]),
        word=np.array(["x", "y"]),
        count=np.array([7, 8], dtype=np.uint8),
        another=np.ones(5),
    )
    table = opened(tmp_path / "a.npz")
    assert table.tokens == ("x", "y")
    assert {name: c.values.tolist() for name, c in table.columns.items()} == {
        "kind": ["k", "l"],
        "count": [7, 8],
    }


def test_several_matrices_are_several_tables(tmp_path, opened):
    np.savez(tmp_path / "a.npz", dense=np.ones((9, 2)), embeddings=np.zeros((4, 3)))
    found = formats()["npz"].probe(tmp_path / "a.npz")
    assert [one.name for one in found] == ["embeddings", "dense"]
    assert opened(tmp_path / "a.npz", "dense").vectors.shape == (9, 2)


def test_tokens_come_from_beside_where_the_archive_has_none(tmp_path, opened):
    np.savez(tmp_path / "a.npz", e=np.ones((2, 3)))
    (tmp_path / "a.tokens.txt").write_text("x\ny\n")
    assert opened(tmp_path / "a.npz").tokens == ("x", "y")


def test_tokens_as_objects_are_refused_as_pickles(tmp_path, opened):
    np.savez(tmp_path / "a.npz", e=np.ones((2, 3)), w=np.array(["x", "y"], dtype=object))
    with pytest.raises(InputError, match="array 'w': holds Python objects"):
        opened(tmp_path / "a.npz")


def test_a_member_that_expands_far_beyond_its_size_is_refused(tmp_path, opened):
    np.savez_compressed(tmp_path / "a.npz", e=np.zeros((3000, 300)))
    with pytest.raises(InputError, match="expands far beyond its size on disk"):
        opened(tmp_path / "a.npz")


def test_a_member_that_leaves_the_archive_is_refused(tmp_path, opened):
    with zipfile.ZipFile(tmp_path / "a.npz", "w") as archive:
        archive.writestr("../../evil.npy", b"")
    with pytest.raises(InputError, match="outside the archive"):
        opened(tmp_path / "a.npz")


def test_a_header_that_claims_more_than_its_member_has_is_refused(tmp_path, opened):
    np.save(tmp_path / "a.npy", np.ones((3, 4)))
    raw = (tmp_path / "a.npy").read_bytes()
    lie = raw.replace(b"(3, 4), }" + b" " * 12, b"(3000000000000, 4), }")
    with zipfile.ZipFile(tmp_path / "a.npz", "w") as archive:
        archive.writestr("e.npy", lie)
    with pytest.raises(InputError, match="claims 96,000,000,000,000 bytes"):
        opened(tmp_path / "a.npz")


def test_an_archive_without_a_matrix_says_what_it_holds(tmp_path, opened):
    np.savez(tmp_path / "a.npz", e=np.ones(3), w=np.array(["x"]))
    with pytest.raises(InputError, match="no two-dimensional tensor"):
        opened(tmp_path / "a.npz")
