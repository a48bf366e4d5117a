import numpy as np
import pytest

from explorer import pipeline
from explorer.errors import InputError, ParameterError
from explorer.table import Table, numbered_tokens
from explorer.vectors import Vectors


@pytest.fixture
def table():
    matrix = np.arange(20, dtype=np.float32).reshape(5, 4)
    matrix[2, 1] = np.nan
    return Table(numbered_tokens(5), Vectors(matrix))


def test_the_dimensions_asked_for_are_the_map(table):
    made = pipeline.project(table, "as-is", x_dim=4, y_dim=1)
    assert made.coordinates[0].tolist() == [3, 0]
    assert made.axis_title(0) == "dimension 4"


def test_a_row_with_nan_in_the_drawn_dimensions_is_left_out(table):
    assert pipeline.project(table, "as-is").left_out.tolist() == [2]
    assert pipeline.project(table, "as-is", y_dim=3).left_out.tolist() == []


def test_a_dimension_that_is_not_there_is_refused(table):
    with pytest.raises(ParameterError, match="no dimension 9"):
        pipeline.project(table, "as-is", x_dim=9)


def test_exported_coordinates_come_back_as_they_were(tmp_path, table):
    first = pipeline.project(table, "as-is", y_dim=3)
    path, _ = pipeline.export(first, tmp_path / "map.csv")
    again = pipeline.project(table, "as-is", coordinates=str(path))
    assert again.coordinates.tobytes() == first.coordinates.tobytes()


def test_coordinates_from_a_file_are_not_told_to_be_preprocessed(tmp_path, table):
    path, _ = pipeline.export(pipeline.project(table, "as-is"), tmp_path / "map.csv")
    with pytest.raises(ParameterError, match="without preprocessing"):
        pipeline.project(table, "as-is", coordinates=str(path), steps="unit")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "no column x"),
        ("row,x\n0,1\n", "no column y"),
        ("row,x,y\n0,1\n", "line 2: a cell is missing"),
        ("row,x,y\n9,1,2\n", "line 2: row 9 is beyond the table's 5 rows"),
        ("row,x,y\n-1,1,2\n", "'-1' is no row number"),
        ("row,x,y\n1,1,2\n1,1,2\n", "line 3: row 1 is there twice"),
        ("row,x,y\n1,one,2\n", "line 2: 'one' is not a number"),
        ("x,y\n1,2\n", "1 lines of coordinates and the table has 5 rows"),
        ('row,x,y\n1,"1,2\n', "not a CSV file"),
        ('row,token,x,y\n1,"two\nlines",1,2\n2,b,one,2\n', "line 4: 'one' is not a number"),
    ],
)
def test_a_file_that_does_not_fit_is_told_with_its_place(tmp_path, table, text, told):
    path = tmp_path / "places.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=told):
        pipeline.project(table, "as-is", coordinates=str(path))


def test_empty_lines_are_no_rows(tmp_path, table):
    path = tmp_path / "places.csv"
    path.write_text("x,y\n1,2\n\n3,4\n5,6\n\n7,8\n9,10\n\n")
    made = pipeline.project(table, "as-is", coordinates=str(path))
    assert made.coordinates.tolist() == [[1, 2], [3, 4], [5, 6], [7, 8], [9, 10]]


@pytest.mark.parametrize("cell", ["inf", "-inf", "1e39", "1e400", "nan", ""])
def test_a_row_whose_coordinate_is_no_finite_float32_has_no_place(tmp_path, table, cell):
    path = tmp_path / "places.csv"
    path.write_text(f"row,x,y\n0,1,2\n1,3,{cell}\n2,5,6\n3,7,8\n4,9,10\n")
    made = pipeline.project(table, "as-is", coordinates=str(path))
    assert made.left_out.tolist() == [1]
    assert np.isnan(made.coordinates[1]).all()


def test_a_file_that_is_not_there_is_told(tmp_path, table):
    with pytest.raises(InputError, match=r"nowhere\.csv"):
        pipeline.project(table, "as-is", coordinates=str(tmp_path / "nowhere.csv"))
