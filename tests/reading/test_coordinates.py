"""What stands beside the coordinates of a CSV."""

from explorer.reading.coordinates import column_names, read_column

HEADER = "Row,token,x,y,kept_10,cluster\n"


def test_columns_beside_the_coordinates_are_those_without_a_meaning_of_their_own(tmp_path):
    path = tmp_path / "map.csv"
    path.write_text(HEADER)
    assert column_names(path) == ["kept_10", "cluster"]


def test_cells_go_to_the_rows_their_lines_name(tmp_path):
    path = tmp_path / "map.csv"
    path.write_text(HEADER + "3,d,0,0,0.5,red\n\n1,b,0,0,0.25,blue\n")
    kept = read_column(path, "kept_10", 4).values
    assert kept[[1, 3]].tolist() == [0.25, 0.5]
    assert (kept[[0, 2]] != kept[[0, 2]]).all()
    assert read_column(path, "cluster", 4).values.tolist() == ["", "blue", "", "red"]


def test_lines_without_row_numbers_are_the_rows_in_order(tmp_path):
    path = tmp_path / "map.csv"
    path.write_text("x,y,kind\n1,2,a\n3,4,b\n")
    assert read_column(path, "kind", 2).values.tolist() == ["a", "b"]
