from __future__ import annotations

import numpy as np
import pytest

from explorer.errors import InputError


@pytest.mark.parametrize("dtype", ["<f2", ">f2", "<f4", ">f4", "<f8", ">f8"])
@pytest.mark.parametrize("order", ["C", "F"])
def test_every_float_byte_order_and_memory_order_is_mapped(dtype, order, tmp_path, opened):
    array = np.asarray(np.arange(12).reshape(4, 3), dtype=dtype, order=order)
    np.save(tmp_path / "a.npy", array)
    vectors = opened(tmp_path / "a.npy").vectors
    assert vectors.mapped
    np.testing.assert_array_equal(vectors.to_numpy(), np.arange(12).reshape(4, 3))


def test_bfloat16_as_ml_dtypes_saves_it_is_read(tmp_path, opened):
    bits = (np.arange(6, dtype=np.float32).view(np.uint32) >> 16).astype(np.uint16)
    np.save(tmp_path / "a.npy", bits.reshape(3, 2).view("V2"))
    vectors = opened(tmp_path / "a.npy").vectors
    assert vectors.dtype == "bf16"
    np.testing.assert_array_equal(vectors.to_numpy(), np.arange(6).reshape(3, 2))


@pytest.mark.parametrize("version", [(1, 0), (2, 0), (3, 0)])
def test_every_version_of_the_header_is_read(version, tmp_path, opened):
    with (tmp_path / "a.npy").open("wb") as file:
        np.lib.format.write_array(file, np.ones((2, 3)), version=version)
    assert opened(tmp_path / "a.npy").vectors.shape == (2, 3)


@pytest.mark.parametrize(
    ("array", "said"),
    [
        (np.array([[{}]], dtype=object), "Python objects"),
        (np.ones(3), "3 of float64"),
        (np.ones((2, 2, 2)), "2 x 2 x 2"),
        (np.array(1.0), "a single value"),
        (np.ones((2, 2), dtype=np.int64), "int64"),
        (np.ones((2, 2), dtype=complex), "complex128"),
        (np.ones((0, 2)), "no rows"),
        (np.ones((2, 0)), "no columns"),
    ],
)
def test_what_is_no_float_matrix_is_refused_by_name(array, said, tmp_path, opened):
    np.save(tmp_path / "a.npy", array, allow_pickle=True)
    with pytest.raises(InputError, match=said):
        opened(tmp_path / "a.npy")


def test_a_header_that_claims_more_than_the_file_has_is_refused(tmp_path, opened):
    np.save(tmp_path / "a.npy", np.ones((3, 4)))
    raw = (tmp_path / "a.npy").read_bytes()
    lie = raw.replace(b"(3, 4), }" + b" " * 12, b"(3000000000000, 4), }")
    assert len(lie) == len(raw)
    assert lie != raw
    (tmp_path / "a.npy").write_bytes(lie)
    with pytest.raises(InputError, match="96,000,000,000,000 bytes"):
        opened(tmp_path / "a.npy")


@pytest.mark.parametrize("shape", [b"(-3,4), }", b"(3, -4), }", b"(-1,-4), }"])
def test_a_negative_size_is_refused(shape, tmp_path, opened):
    np.save(tmp_path / "a.npy", np.ones((3, 4)))
    raw = (tmp_path / "a.npy").read_bytes()
    (tmp_path / "a.npy").write_bytes(raw.replace(b"(3, 4), }".ljust(len(shape)), shape))
    with pytest.raises(InputError, match="header is broken"):
        opened(tmp_path / "a.npy")


# What lies beside


@pytest.mark.parametrize(
    "name", ["a.tokens.txt", "a.txt", "a.tsv", "a_labels.tsv", "labels.tsv", "metadata.tsv"]
)
def test_tokens_come_from_a_label_file_beside_and_the_report_names_it(name, tmp_path, opened):
    np.save(tmp_path / "a.npy", np.ones((3, 2)))
    (tmp_path / name).write_text("x\n\nz\n")
    table = opened(tmp_path / "a.npy")
    assert table.tokens == ("x", "", "z")
    assert any(name in note.message for note in table.report)


def test_other_columns_of_a_label_file_become_columns(tmp_path, opened):
    np.save(tmp_path / "a.npy", np.ones((2, 2)))
    (tmp_path / "metadata.tsv").write_text("count\tword\tcount\t\n007\ta\t3\t\n2\tb\t5\n")
    table = opened(tmp_path / "a.npy")
    assert table.tokens == ("a", "b")
    assert list(table.columns) == ["count", "count (2)", "column 4"]
    assert table.columns["count"].values.tolist() == ["007", "2"]
    assert table.columns["count (2)"].values.tolist() == [3, 5]


def test_its_own_labels_that_do_not_fit_are_passed_over_with_a_warning(tmp_path, opened):
    np.save(tmp_path / "a.npy", np.ones((3, 2)))
    (tmp_path / "a.txt").write_text("x\ny\n")
    table = opened(tmp_path / "a.npy")
    assert not table.named
    assert table.tokens[0] == "<row 0>"
    assert [n.level for n in table.report if "2 rows, and a.npy has 3" in n.message] == ["warning"]


def test_tokens_that_are_not_utf8_are_decoded_and_counted(tmp_path, opened):
    np.save(tmp_path / "a.npy", np.ones((3, 2)))
    (tmp_path / "a.txt").write_bytes("é\u2028\n".encode() + b"caf\xe9\n\x81\xff\n")
    table = opened(tmp_path / "a.npy")
    assert table.tokens == ("é\u2028", "café", "\\x81\\xff")
    assert [note.rows for note in table.report if note.level == "warning"] == [(1,), (2,)]
