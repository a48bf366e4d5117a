"""Parquet, Arrow and data set folders: which columns are taken, and what is refused."""

from __future__ import annotations

import json

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from explorer.errors import InputError
from explorer.formats import formats, sniff
from explorer.reading import columnar


@pytest.fixture(autouse=True)
def _in_this_process(monkeypatch):
    """The contract tests go through the child; here it would only take time."""
    monkeypatch.setattr(columnar, "in_child", lambda function, *args, **_: function(*args))


@pytest.fixture
def written(tmp_path, opened):
    """Opens columns as a Parquet file."""

    def write(columns: dict[str, pa.Array | list], tensor: str = ""):
        pq.write_table(pa.table(columns), tmp_path / "a.parquet", row_group_size=2)
        return opened(tmp_path / "a.parquet", tensor)

    return write


@pytest.mark.parametrize("number", [pa.float16(), pa.float32(), pa.float64()])
@pytest.mark.parametrize("kind", [pa.list_, pa.large_list, lambda number: pa.list_(number, 2)])
def test_lists_of_every_kind_and_width_are_read(kind, number, written):
    vectors = pa.array([np.array([1, 2], number.to_pandas_dtype())] * 3, kind(number))
    table = written({"w": ["a", "b", "a"], "v": vectors})
    assert table.vectors.dtype == {16: "f16", 32: "f32", 64: "f64"}[number.bit_width]
    np.testing.assert_array_equal(table.vectors.to_numpy(), [[1, 2]] * 3)
    assert table.tokens == ("a", "b", "a")


@pytest.mark.parametrize("kind", [pa.list_(pa.float32()), pa.list_(pa.float32(), 2)])
def test_a_missing_vector_does_not_shift_the_rows_below(kind, written):
    vectors = pa.array([[1, 2], None, [3, 4], [5, None]], kind)
    table = written({"w": ["a", "b", "c", "d"], "v": vectors})
    nan = np.nan
    np.testing.assert_array_equal(table.vectors.to_numpy(), [[1, 2], [nan, nan], [3, 4], [5, nan]])
    assert [note.rows for note in table.report if note.level == "warning"] == [(1,)]


def test_vectors_of_different_lengths_are_refused_by_their_row(written):
    with pytest.raises(InputError, match="row 2: its vector has 1 numbers"):
        written({"w": ["a", "b", "c"], "v": [[1.0, 2.0], [3.0, 4.0], [5.0]]})


def test_columns_of_numbers_make_one_table(written):
    table = written({"d1": [2.0, 4.0], "w": ["a", "b"], "d0": [1.0, 3.0], "count": [7, 8]})
    np.testing.assert_array_equal(table.vectors.to_numpy(), [[1, 2], [3, 4]])
    assert table.columns["count"].values.tolist() == [7, 8]


def test_the_other_columns_are_kept_or_named_as_left_out(written):
    table = written(
        {
            "kind": pa.array(["k", None, "l"]).dictionary_encode(),
            "word": ["a", "b", "c"],
            "v": [[1.0, 2.0]] * 3,
            "ids": [[1], [2], [3]],
            "share": pa.array([0.5, None, 1.5]),
            "yes": [True, False, True],
        }
    )
    assert table.tokens == ("a", "b", "c")
    assert table.columns["kind"].values.tolist() == ["k", "", "l"]
    assert table.columns["yes"].values.tolist() == [1, 0, 1]
    np.testing.assert_array_equal(table.columns["share"].values, [0.5, np.nan, 1.5])
    assert any("'ids'" in note.message for note in table.report)


def test_two_columns_of_lists_are_two_tables(written, tmp_path):
    columns = {"w": ["a"], "other": [[1.0, 2.0]], "embedding": [[3.0, 4.0, 5.0]]}
    assert written(columns).dim == 3
    assert written(columns, "other").dim == 2
    found = formats()["parquet"].probe(tmp_path / "a.parquet")
    assert [one.name for one in found] == ["embedding", "other"]


def test_a_number_names_the_rows_where_its_column_is_called_a_token(written):
    assert written({"item": [17, 4], "v": [[1.0], [2.0]]}).tokens == ("17", "4")


def test_a_file_without_vectors_says_what_it_holds(written):
    with pytest.raises(InputError, match="'w' string, 'ids' list<element: int64>"):
        written({"w": ["a"], "ids": [[1, 2]]})


def test_long_texts_are_left_out_and_tokens_are_not(written, monkeypatch):
    monkeypatch.setattr(columnar, "_MOST_TEXT", 10)
    table = written({"word": ["a" * 9, "b"], "text": ["x" * 9, "y"], "v": [[1.0], [2.0]]})
    assert table.tokens == ("a" * 9, "b")
    assert not table.columns


def test_a_token_beyond_the_limit_is_refused_by_its_row(written):
    with pytest.raises(InputError, match="row 1: a token of 65,537 characters"):
        written({"w": ["a", "b" * 65_537], "v": [[1.0], [2.0]]})


def test_a_table_without_rows_is_refused(written):
    with pytest.raises(InputError, match="no rows"):
        written({"w": pa.array([], pa.string()), "v": pa.array([], pa.list_(pa.float32(), 2))})


@pytest.mark.parametrize("compression", [None, "lz4", "zstd"])
def test_an_arrow_stream_is_read_like_a_file(compression, tmp_path, opened):
    columns = pa.table({"w": ["a", "b"], "v": [[1.0, 2.0], [3.0, 4.0]]})
    options = pa.ipc.IpcWriteOptions(compression=compression)
    with pa.ipc.new_stream(str(tmp_path / "s"), columns.schema, options=options) as stream:
        stream.write_table(columns)
    assert sniff(tmp_path / "s").name == "arrow"
    assert opened(tmp_path / "s").tokens == ("a", "b")


# Folders of the library `datasets`


def test_parts_are_read_in_the_order_of_the_state(sample, opened):
    folder = sample("datasets")
    state = json.loads((folder / "state.json").read_text())
    state["_data_files"].reverse()
    (folder / "state.json").write_text(json.dumps(state))
    assert opened(folder).columns["rank"].values.tolist() == [4, 5, 6, 0, 1, 2, 3]


def test_a_missing_part_is_named(sample, opened):
    folder = sample("datasets")
    (folder / "data-00001-of-00002.arrow").unlink()
    with pytest.raises(InputError, match="data-00001-of-00002"):
        opened(folder)


@pytest.mark.parametrize("name", ["../x.arrow", "/etc/passwd", "a\\b", "", None, 3])
def test_a_part_outside_the_folder_is_refused(name, sample, opened):
    folder = sample("datasets")
    (folder / "state.json").write_text(json.dumps({"_data_files": [{"filename": name}]}))
    with pytest.raises(InputError, match="outside its folder"):
        opened(folder)


def test_a_link_that_leads_outside_is_refused(sample, opened, tmp_path):
    folder = sample("datasets")
    part = folder / "data-00000-of-00002.arrow"
    part.rename(tmp_path / "elsewhere.arrow")
    part.symlink_to(tmp_path / "elsewhere.arrow")
    with pytest.raises(InputError, match="leads outside the folder"):
        opened(folder)


def test_a_selection_of_rows_is_refused_with_the_way_out(sample, opened):
    folder = sample("datasets")
    (folder / "state.json").write_text('{"_indices_data_files": [{"filename": "i.arrow"}]}')
    with pytest.raises(InputError, match="flatten_indices"):
        opened(folder)


def test_a_folder_of_several_data_sets_names_them(sample, opened, tmp_path):
    sample("datasets").rename(tmp_path / "train")
    (tmp_path / "dataset_dict.json").write_text('{"splits": ["train"]}')
    with pytest.raises(InputError, match="several data sets: 'train'"):
        opened(tmp_path)


@pytest.mark.parametrize("empty", [None, []])
def test_a_column_without_any_vector_is_refused(empty, written):
    with pytest.raises(InputError, match="column 'v' holds no vector in any row"):
        written({"w": ["a", "b"], "v": pa.array([empty, empty], pa.list_(pa.float32()))})
