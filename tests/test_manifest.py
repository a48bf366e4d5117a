import csv
import hashlib
import json
import os
from pathlib import Path

import numpy as np
import pytest

from explorer.errors import NotFoundError, OutputError, ParameterError
from explorer.manifest import CHANGED, export_projection, made
from explorer.preparation import Sample
from explorer.progress import Cancelled
from explorer.projection import Projection
from explorer.projections import methods
from explorer.table import Column, Source, Table
from explorer.vectors import Vectors

STRANGE = [
    "a,b",
    'say "x"',
    "two\nlines",
    "lone\rreturn",
    "\x00",
    "🙂",
    "=1+1",
    "\u202eabc",
    "",
    " pad ",
]


def projected(tokens, columns=(), *, dims=2, scores=None, source=None, **made):
    rows = len(tokens)
    vectors = np.random.default_rng(0).normal(size=(rows, 3)).astype(np.float32)
    table = Table(
        tuple(tokens),
        Vectors(vectors),
        {column.name: column for column in columns},
        source or Source(),
    )
    scores = vectors.copy() if scores is None else np.asarray(scores, dtype=np.float32)
    made = {"method": "pca", "params": {"components": 3}, "seed": 0} | made
    return Projection(table, scores, tuple(range(dims)), **made)


def read(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def read_manifest(path):
    return json.loads(path.read_text(encoding="utf-8"))


def test_tokens_come_back_exactly_as_they_are(tmp_path):
    path, _ = export_projection(projected(STRANGE), tmp_path / "out.csv")
    header, *rows = read(path)
    assert header == ["row", "token", "x", "y"]
    assert [row[1] for row in rows] == STRANGE
    assert [int(row[0]) for row in rows] == list(range(len(STRANGE)))


def test_lines_end_with_crlf_and_only_cells_that_need_it_are_quoted(tmp_path):
    made = projected(["plain", "a,b"], scores=[[0.5, 1], [2, -3]])
    path, _ = export_projection(made, tmp_path / "out.csv")
    assert path.read_bytes() == b'row,token,x,y\r\n0,plain,0.5,1.0\r\n1,"a,b",2.0,-3.0\r\n'


def test_coordinates_read_back_as_the_same_float32(tmp_path):
    values = np.random.default_rng(1).normal(size=(200, 3)) * np.logspace(-30, 30, 200)[:, None]
    made = projected([str(row) for row in range(200)], scores=values, dims=3)
    path, _ = export_projection(made, tmp_path / "out.csv")
    header, *rows = read(path)
    assert header[2:] == ["x", "y", "z"]
    back = np.array([row[2:] for row in rows], dtype=np.float32)
    assert back.tobytes() == made.coordinates.tobytes()


def test_rows_left_out_have_empty_coordinates(tmp_path):
    left_out = np.array([1])
    made = projected("abc", scores=[[1, 2], [np.nan, np.nan], [3, 4]], left_out=left_out)
    path, beside = export_projection(made, tmp_path / "out.csv")
    assert read(path)[2] == ["1", "b", "", ""]
    assert read_manifest(beside)["projection"]["left_out"] == {"count": 1, "first_rows": [1]}


def test_columns_follow_the_coordinates_in_their_own_types(tmp_path):
    columns = [
        Column("count", np.array([7, 9])),
        Column("lean", np.array([0.1, np.nan])),
        Column.from_text("kind", ["007", "1e5"]),
    ]
    path, _ = export_projection(projected("ab", columns), tmp_path / "out.csv")
    assert [row[4:] for row in read(path)] == [
        ["count", "lean", "kind"],
        ["7", "0.1", "007"],
        ["9", "", "1e5"],
    ]


def test_a_column_named_like_a_coordinate_is_renamed_and_told(tmp_path):
    columns = [Column("x", np.array([1])), Column("column_x", np.array([2]))]
    path, beside = export_projection(projected("a", columns), tmp_path / "out.csv")
    assert read(path)[0][4:] == ["column_x", "column_column_x"]
    renamed = read_manifest(beside)["csv"]["renamed_columns"]
    assert renamed == {"column_x": "x", "column_column_x": "column_x"}


def test_a_column_named_like_a_coordinate_in_capitals_is_not_read_as_one(tmp_path):
    columns = [Column("Z", np.array([1])), Column(" Row", np.array([2]))]
    path, _ = export_projection(projected("a", columns), tmp_path / "out.csv")
    assert read(path)[0][4:] == ["column_Z", "column_ Row"]


def test_only_the_columns_asked_for_are_written(tmp_path):
    columns = [Column("count", np.array([1])), Column("norm", np.array([2.0]))]
    made = projected("a", columns)
    path, _ = export_projection(made, tmp_path / "out.csv", columns=["norm"])
    assert read(path)[0][4:] == ["norm"]
    with pytest.raises(NotFoundError, match="count, norm"):
        export_projection(made, tmp_path / "out.csv", columns=["Norm"])


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_a_formula_is_marked_only_where_the_file_is_for_spreadsheets(tmp_path, first):
    made = projected([f"{first}1+1"], [Column.from_text("note", [f"{first}x"])], scores=[[-1, -2]])
    faithful, beside = export_projection(made, tmp_path / "faithful.csv")
    assert read(faithful)[1] == ["0", f"{first}1+1", "-1.0", "-2.0", f"{first}x"]
    assert read_manifest(beside)["csv"]["spreadsheet_safe"] is False
    safe, beside = export_projection(made, tmp_path / "safe.csv", spreadsheet_safe=True)
    assert read(safe)[1] == ["0", f"'{first}1+1", "-1.0", "-2.0", f"'{first}x"]
    assert read_manifest(beside)["csv"]["spreadsheet_safe"] is True


def test_tokens_that_utf8_cannot_hold_are_escaped_and_named(tmp_path):
    tokens = ["a\\b", "c\\\udc80", "é"]
    path, beside = export_projection(projected(tokens), tmp_path / "out.csv")
    written = [row[1] for row in read(path)[1:]]
    assert written == ["a\\b", "c\\\\\\udc80", "é"]
    assert read_manifest(beside)["csv"]["escaped_tokens"]["rows"] == [1]


def test_parquet_holds_the_same_numbers_in_their_own_types(tmp_path):
    import pyarrow.parquet as pq

    count = Column("count", np.array([3, 2, 1]))
    made = projected(["a", "\ud800", "=1"], [count], scores=[[1.5, 2], [np.nan, np.nan], [3, 4]])
    path, beside = export_projection(made, tmp_path / "out.parquet", computed=[text_column()])
    found = pq.read_table(path)
    assert found.column_names == ["row", "token", "x", "y", "count", "cluster"]
    assert found["x"].to_pylist() == [1.5, None, 3.0]
    assert str(found["x"].type) == "float"
    assert found["token"].to_pylist() == ["a", "\\ud800", "=1"]
    assert found["count"].to_pylist() == [3, 2, 1]
    told = read_manifest(beside)["parquet"]
    assert told["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert told["computed_columns"] == {"cluster": "k-means"}


@pytest.mark.parametrize("name", ["few.csv", "few.parquet"])
def test_only_the_rows_asked_for_are_written_in_the_order_of_the_table(tmp_path, name):
    made = projected(["a", "b", "c", "d"], [Column("count", np.arange(4))])
    path, beside = export_projection(made, tmp_path / name, rows=np.array([3, 1, 3]))
    if name.endswith("csv"):
        rows = [(int(line[0]), line[1], int(line[4])) for line in read(path)[1:]]
    else:
        import pyarrow.parquet as pq

        found = pq.read_table(path).to_pydict()
        rows = list(zip(found["row"], found["token"], found["count"], strict=True))
    assert rows == [(1, "b", 1), (3, "d", 3)]
    assert read_manifest(beside)[name.split(".")[1]]["rows"] == 2


def test_a_row_that_is_not_there_cannot_be_written(tmp_path):
    with pytest.raises(NotFoundError, match="no row 4"):
        export_projection(projected("abcd"), tmp_path / "few.csv", rows=np.array([0, 4]))


def test_parquet_of_many_rows_is_written_a_part_at_a_time(tmp_path, monkeypatch):
    import pyarrow.parquet as pq

    monkeypatch.setattr("explorer.sheets._ROWS_AT_ONCE", 2)
    path, _ = export_projection(projected("abcde"), tmp_path / "out.parquet")
    assert pq.read_table(path)["token"].to_pylist() == list("abcde")


def text_column():
    return Column("cluster", np.array(["u", "v", "u"], dtype=object), "k-means")


def test_an_ending_that_is_no_sheet_is_refused(tmp_path):
    with pytest.raises(ParameterError, match=r"\.csv, \.parquet"):
        export_projection(projected("abc"), tmp_path / "out.xlsx")


def test_computed_columns_and_facts_are_written_and_told(tmp_path):
    path, beside = export_projection(
        projected("abc"),
        tmp_path / "out.csv",
        computed=[text_column()],
        facts={"quality": {"k": 3}},
    )
    assert [line[-1] for line in read(path)] == ["cluster", "u", "v", "u"]
    assert read_manifest(beside)["quality"] == {"k": 3}


def test_the_manifest_tells_how_the_map_was_made(tmp_path):
    data = tmp_path / "table.npy"
    data.write_bytes(b"the numbers")
    made = projected(
        "abc",
        source=Source(data, "npy", "weights"),
        preprocessing=("centred",),
        explained=np.array([0.7, 0.2, 0.1]),
        seed=5,
    ).with_axes((0, 2))
    path, beside = export_projection(made, tmp_path / "out.csv")
    told = read_manifest(beside)
    assert beside.name == "out.csv.manifest.json"
    assert told["schema"] == 1
    assert told["source"] == {
        "path": str(data),
        "sha256": hashlib.sha256(b"the numbers").hexdigest(),
        "format": "npy",
        "tensor": "weights",
        "rows": 3,
        "dim": 3,
        "dtype": "f32",
    }
    assert told["projection"] == {
        "method": "pca",
        "params": {"components": 3},
        "dims": 2,
        "axes": [1, 3],
        "seed": 5,
        "steps": [],
        "preprocessing": ["centred"],
        "selections": {},
        "sample": None,
        "start": "",
        "titles": [],
        "coordinates_sha256": hashlib.sha256(made.coordinates.tobytes()).hexdigest(),
        "explained_variance": [0.7, 0.2, 0.1],
        "kl_divergence": None,
        "iterations": None,
        "complete": True,
        "left_out": {"count": 0, "first_rows": []},
    }
    assert told["csv"]["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()


def test_the_manifest_names_the_versions_of_what_made_the_map(tmp_path):
    _, beside = export_projection(projected("ab"), tmp_path / "pca.csv")
    assert set(read_manifest(beside)["versions"]) == {"embedding-explorer", "python", "numpy"}
    made = projected("ab", method="tsne", kl=0.5, iterations=10)
    _, beside = export_projection(made, tmp_path / "tsne.csv")
    told = read_manifest(beside)
    assert {"openTSNE", *methods()["tsne"].libraries} < set(told["versions"])
    assert told["projection"]["kl_divergence"] == 0.5


def test_the_same_map_exported_twice_gives_the_same_bytes(tmp_path):
    pairs = []
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        paths = export_projection(projected(STRANGE), tmp_path / folder / "out.csv")
        pairs.append([path.read_bytes() for path in paths])
    assert pairs[0] == pairs[1]


def older_pair(tmp_path):
    path, beside = tmp_path / "out.csv", tmp_path / "out.csv.manifest.json"
    path.write_bytes(b"old coordinates")
    beside.write_bytes(b"old manifest")
    return path


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def stop(progress):
    raise Cancelled


def test_a_stopped_export_leaves_an_older_pair_as_it_was(tmp_path):
    path = older_pair(tmp_path)
    before = contents(tmp_path)
    with pytest.raises(Cancelled):
        export_projection(projected("abc"), path, report=stop)
    assert contents(tmp_path) == before


@pytest.mark.parametrize("failing", ["out.csv", "out.csv.manifest.json"])
@pytest.mark.parametrize("older", [True, False])
def test_where_one_file_cannot_be_renamed_the_other_is_not_either(
    tmp_path, refuse_renaming, failing, older
):
    path = older_pair(tmp_path) if older else tmp_path / "out.csv"
    before = contents(tmp_path)
    refuse_renaming(failing)
    with pytest.raises(OutputError, match="permission denied"):
        export_projection(projected("abc"), path)
    assert contents(tmp_path) == before


def test_a_folder_that_is_not_there_is_named(tmp_path):
    with pytest.raises(OutputError, match="absent"):
        export_projection(projected("abc"), tmp_path / "absent" / "out.csv")


def test_the_hash_is_that_of_the_file_that_was_opened(tmp_path):
    data = tmp_path / "table.npy"
    data.write_bytes(b"numbers")
    _, beside = export_projection(projected("abc", source=Source(data)), tmp_path / "out.csv")
    source = read_manifest(beside)["source"]
    assert source["sha256"] == hashlib.sha256(b"numbers").hexdigest()
    assert "note" not in source


def touch_later(path):
    os.utime(path, ns=(0, path.stat().st_mtime_ns + 1))


def replace_with_equal_size(path):
    stat = path.stat()
    other = path.with_name("other")
    other.write_bytes(b"NUMBERS")
    os.utime(other, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    other.replace(path)


@pytest.mark.parametrize("change", [touch_later, replace_with_equal_size, Path.unlink])
def test_a_file_changed_after_it_was_opened_has_no_hash_and_a_note(tmp_path, change):
    data = tmp_path / "table.npy"
    data.write_bytes(b"numbers")
    made = projected("abc", source=Source(data))
    change(data)
    _, beside = export_projection(made, tmp_path / "out.csv")
    source = read_manifest(beside)["source"]
    assert source["sha256"] is None
    assert source["note"] == CHANGED
    assert made.table.source.changed


def test_a_file_changed_while_it_is_hashed_has_no_hash(tmp_path):
    data = tmp_path / "table.npy"
    data.write_bytes(b"numbers")
    made = projected("abc", source=Source(data))

    def change(progress):
        if progress.message == "Hashing the source file":
            touch_later(data)

    _, beside = export_projection(made, tmp_path / "out.csv", report=change)
    assert read_manifest(beside)["source"]["sha256"] is None


def test_the_table_itself_is_never_written_over(tmp_path):
    data = tmp_path / "table.csv"
    data.write_bytes(b"numbers")
    made = projected("abc", source=Source(data))
    with pytest.raises(OutputError, match="the table itself"):
        export_projection(made, data)
    assert data.read_bytes() == b"numbers"


def test_the_labels_of_a_table_are_never_written_over(tmp_path):
    labels = tmp_path / "words.csv"
    labels.write_text("token,n\na,1\nb,2\nc,3\n")
    made = projected("abc", source=Source(labels=Source(labels)))
    with pytest.raises(OutputError, match="its labels"):
        export_projection(made, labels)
    assert labels.read_text().startswith("token,n")


def test_labels_attached_by_the_user_are_named_with_their_hash(tmp_path):
    labels = tmp_path / "words.tsv"
    labels.write_text("a\nb\nc\n")
    made = projected("abc", source=Source(labels=Source(labels)))
    _, beside = export_projection(made, tmp_path / "out.csv")
    told = read_manifest(beside)["source"]["labels"]
    assert told == {
        "path": str(labels), "sha256": hashlib.sha256(b"a\nb\nc\n").hexdigest()
    }  # fmt: skip
    labels.write_text("x\ny\nz\n\n")
    _, beside = export_projection(made, tmp_path / "out.csv")
    told = read_manifest(beside)["source"]["labels"]
    assert told == {"path": str(labels), "sha256": None, "note": CHANGED}
    _, beside = export_projection(projected("abc"), tmp_path / "out.csv")
    assert "labels" not in read_manifest(beside)["source"]


def test_rows_are_told_one_by_one_only_where_they_were_chosen_so():
    chosen = projected("abcdef", sample=Sample.of([4, 1]))
    assert made(chosen)["sample"] == {"size": 2, "by": "chosen", "seed": 0, "chosen": [1, 4]}
    drawn = projected("abcdef", sample=Sample(4))
    assert made(drawn)["sample"] == {"size": 4, "by": "uniform", "seed": 0}
