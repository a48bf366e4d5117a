"""Coordinates in Parquet are read as those in CSV are."""

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer import pipeline
from explorer.errors import InputError
from explorer.reading.coordinates import column_names, has_axes, read_column, read_coordinates
from explorer.reading.exported import read_exported


@pytest.fixture
def parquet(tmp_path):
    """Writes columns, and gives the file's path."""

    def write(**columns):
        path = tmp_path / "map.parquet"
        pq.write_table(pa.table(columns), path)
        return path

    return write


def test_numbers_are_bit_for_bit_those_that_were_written(parquet):
    places = np.random.default_rng(0).normal(size=(500, 3)).astype(np.float32)
    path = parquet(x=places[:, 0], y=places[:, 1], z=places[:, 2])
    assert read_coordinates(path, 500).tobytes() == places.tobytes()


def test_rows_that_are_not_there_or_null_or_beyond_float32_have_no_place(parquet):
    path = parquet(row=[3, 0, 1], x=[1.0, None, 1e300], y=[2.0, 1.0, 1.0])
    found = read_coordinates(path, 4)
    assert found[3].tolist() == [1, 2]
    assert np.isnan(found[:3]).any(axis=1).all()


@pytest.mark.parametrize(
    ("columns", "told"),
    [
        ({"row": [0, 0], "x": [1.0, 2], "y": [1.0, 2]}, "row 2: row 0 is there twice"),
        ({"row": [0, 9], "x": [1.0, 2], "y": [1.0, 2]}, "row 2: row 9 is beyond the table's 2"),
        ({"row": [-1, 0], "x": [1.0, 2], "y": [1.0, 2]}, "row 1: '-1' is no row number"),
        ({"x": [1.0, 2]}, "there is no column y"),
        ({"x": ["a", "b"], "y": [1.0, 2]}, "row 1: 'a' is not a number"),
        ({"x": [[1.0], [2.0]], "y": [1.0, 2]}, "there is no column x"),
        ({"x": [1.0], "y": [2.0]}, "1 lines of coordinates and the table has 2 rows"),
    ],
)
def test_what_is_wrong_is_told_with_its_row(parquet, columns, told):
    path = parquet(**columns)
    with pytest.raises(InputError) as caught:
        read_coordinates(path, 2)
    assert told in str(caught.value)
    assert str(path) in str(caught.value)


def test_columns_beside_the_coordinates_keep_their_texts(parquet):
    kinds = ["a,b", 'say "so"', "two\nlines", "", None, "é"]
    six = list(range(6))
    path = parquet(row=six, x=[0.0] * 6, y=[0.0] * 6, Kind=kinds, share=[0.5] * 6, some=[[1]] * 6)
    assert column_names(path) == ["Kind", "share"]
    assert has_axes(path)
    assert read_column(path, "Kind", 6).values.tolist() == [kind or "" for kind in kinds]
    assert read_column(path, "share", 6).values.tolist() == [0.5] * 6


def test_a_map_written_as_parquet_is_the_one_that_is_read(table, tmp_path):
    made = pipeline.project(table, "pca", axes=(3, 1))
    path, manifest = pipeline.export(made, tmp_path / "map.parquet")
    back = read_exported(path, table)
    assert back.note == ""
    assert back.projection.coordinates.tobytes() == made.coordinates.tobytes()
    assert (back.projection.axes, back.projection.method) == (made.axes, "pca")
    manifest.unlink()
    assert "is not there" in read_exported(path, table).note


def test_coordinates_of_other_tokens_are_refused(table, parquet):
    rows = len(table)
    path = parquet(row=range(rows), token=["other"] * rows, x=[0.0] * rows, y=[0.0] * rows)
    with pytest.raises(InputError, match="coordinates of another table"):
        read_exported(path, table)


def test_a_broken_file_is_refused_with_its_name(tmp_path):
    path = tmp_path / "map.parquet"
    path.write_bytes(b"PAR1" + b"\0" * 100)
    with pytest.raises(InputError, match=r"map\.parquet"):
        read_coordinates(path, 2)
    assert not has_axes(path)


_CELLS = st.one_of(st.none(), st.floats(width=32), st.integers(-5, 5))


@settings(max_examples=25)
@given(
    rows=st.lists(st.tuples(_CELLS, _CELLS, st.text(max_size=4)), min_size=1, max_size=5),
    count=st.integers(0, 6),
)
def test_no_parquet_file_raises_anything_but_our_errors(tmp_path_factory, rows, count):
    path = tmp_path_factory.mktemp("maps") / "map.parquet"
    xs, ys, tokens = zip(*rows, strict=True)
    to_float = [[None if one is None else float(one) for one in axis] for axis in (xs, ys)]
    pq.write_table(pa.table({"x": to_float[0], "y": to_float[1], "token": tokens}), path)
    try:
        found = read_coordinates(path, count)
    except InputError:
        assert count != len(rows)
    else:
        expected = np.array(to_float, float).T
        expected[~np.isfinite(expected)] = np.nan
        np.testing.assert_array_equal(found, expected.astype(np.float32))
