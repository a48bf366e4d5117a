import hashlib
from dataclasses import FrozenInstanceError
from pathlib import Path

import numpy as np
import pytest

from explorer.errors import InputError, NotFoundError
from explorer.progress import Progress
from explorer.table import Column, Source, Table, numbered_tokens
from explorer.vectors import Vectors


def made(tokens: list[str], matrix: list[list[float]] | None = None, **parts: object) -> Table:
    numbers = np.array(matrix or [[1.0, 2.0]] * len(tokens), dtype=np.float32)
    return Table(tuple(tokens), Vectors(numbers), **parts)  # type: ignore[arg-type]


def test_a_token_names_its_first_row(table: Table):
    assert table.row_of("twice") == table.find("twice") == 8
    assert table.tokens[9] == "twice"


def test_every_token_names_a_row_that_is_spelt_so(table: Table):
    assert all(table.tokens[table.row_of(token)] == token for token in table.tokens)


def test_a_number_sign_names_a_row():
    assert made(["a", "b"]).row_of("#1") == 1


def test_a_token_spelt_like_a_row_number_comes_first():
    assert made(["a", "b", "#1"]).row_of("#1") == 2


@pytest.mark.parametrize("token", ["#2", "#99999999999"])
def test_a_row_beyond_the_table_is_not_there(token: str):
    with pytest.raises(NotFoundError, match="rows are 0 to 1"):
        made(["a", "b"]).row_of(token)


@pytest.mark.parametrize("token", ["#", "#-1", "#x", "#1.0", "#²", "#" + "9" * 5000, "\udcff", ""])
def test_an_unknown_token_is_not_there(token: str):
    with pytest.raises(NotFoundError, match="is not in the table"):
        made(["a", "b"]).row_of(token)


@pytest.mark.parametrize(
    ("token", "hint"),
    [
        ("Film", "Did you mean 'film'?"),
        (" film", "Did you mean 'film'?"),
        (" FILM ", "Did you mean 'film'?"),
        ("york", "Did you mean 'York'?"),
        ("plot", "case-sensitive"),
    ],
)
def test_a_near_spelling_is_offered(token: str, hint: str):
    with pytest.raises(NotFoundError) as caught:
        made(["film", "York"]).row_of(token)
    assert hint in caught.value.hint


@pytest.mark.parametrize("mark", ["Ġ", "▁"])
def test_a_token_with_the_mark_of_a_word_is_offered_for_one_after_a_blank(mark: str):
    with pytest.raises(NotFoundError, match=f"Did you mean '{mark}the'"):
        made(["the", mark + "the", "cat"]).row_of(" the")
    with pytest.raises(NotFoundError, match=f"Did you mean '{mark}the'"):
        made([mark + "the"]).row_of("the")


def test_tokens_and_rows_of_two_lengths_are_refused_with_both():
    with pytest.raises(InputError, match=r"w\.vec: the token list has 2 rows .* matrix has 3\."):
        made(["a", "b"], [[1.0]] * 3, source=Source(Path("w.vec")))


def test_a_column_of_another_length_is_refused_by_name():
    with pytest.raises(InputError, match="column 'count' has 1 rows and the matrix has 2"):
        made(["a", "b"], columns={"count": Column("count", np.array([1]))})


def test_a_table_cannot_be_changed(table: Table):
    with pytest.raises(FrozenInstanceError):
        table.tokens = ()  # type: ignore[misc]
    with pytest.raises(TypeError):
        table.columns["new"] = table.columns["count"]  # type: ignore[index]
    with pytest.raises(ValueError, match="read-only"):
        table.columns["count"].values[0] = 9


def test_a_table_is_named_after_its_file_then_its_tensor():
    assert made(["a"], source=Source(Path("x/w.vec"), tensor="t")).name == "w.vec"
    assert made(["a"], source=Source(tensor="wte.weight")).name == "wte.weight"
    assert made(["a"]).name == "table"


def test_numbered_rows_have_names_of_their_own():
    assert numbered_tokens(2) == ("<row 0>", "<row 1>")


def test_columns_that_tell_more_than_a_count_are_offered_first(table: Table):
    assert table.colour_columns == ["lean", "kind", "count"]


def test_health_names_broken_zero_repeated_and_empty_rows():
    matrix = [[1.0, 0], [0, 0], [np.nan, 1], [0, np.inf], [2, 2], [3, 3]]
    notes = made(["a", "b", "a", "c", "", "d"], matrix).health
    assert [note.rows for note in notes] == [(2, 3), (1,), (0, 2), (4,)]
    assert [note.level for note in notes] == ["warning", "info", "warning", "info"]
    assert [note.message.split(":")[0].split("(")[0].strip() for note in notes] == [
        "2 rows hold NaN or infinite numbers",
        "1 zero row",
        "1 token stands more than once",
        "1 token is empty.",
    ]


def test_a_sound_table_has_nothing_to_say():
    assert made(["a", "b"], [[1.0, 2], [2, 1]]).health == ()


def test_a_float64_table_says_what_float32_loses_of_it():
    matrix = np.array([[1e200, 0.0], [1e-60, 0.0], [1.0, 0.0]])
    table = Table(("a", "b", "c"), Vectors(matrix))
    assert not len(table.zero_rows)
    assert not len(table.broken_rows)
    assert table.too_large_rows.tolist() == [0]
    notes = table.health
    assert "Stored as float64" in notes[0].message
    assert [(note.level, note.rows) for note in notes[1:]] == [("warning", (0,)), ("warning", (1,))]
    assert "too large for float32" in notes[1].message
    assert "too small for float32" in notes[2].message


def test_float64_rows_that_differ_in_the_last_digits_are_not_identical():
    near = Table(("a", "b"), Vectors(np.array([[1.0, 1.0], [1.0, 1.0 + 1e-13]])))
    same = Table(("a", "b"), Vectors(np.ones((2, 2))))
    assert "identical" not in " ".join(note.message for note in near.health)
    assert "identical" in same.health[0].message


@pytest.mark.parametrize("name", ["count", "frequency", "freq"])
def test_importance_is_how_frequent_each_token_is(name):
    column = Column(name, np.array([3.0, np.nan]))
    assert made(["a", "b"], columns={name: column}).importance.tolist() == [3.0, 0.0]


def test_importance_is_none_where_no_column_tells_of_it():
    words = Column("count", np.array(["many", "few"], dtype=object))
    assert made(["a", "b"], columns={"count": words}).importance is None


def test_health_counts_all_rows_and_names_twenty():
    notes = made([str(row) for row in range(30)], [[0.0, 0.0]] * 30).health
    assert notes[0].message.startswith("30 zero rows")
    assert notes[0].level == "warning"
    assert len(notes[0].rows) == 20


def test_a_source_is_hashed_block_by_block(tmp_path: Path):
    content = b"x" * 5_000_000
    (tmp_path / "w.vec").write_bytes(content)
    told: list[Progress] = []
    assert Source(tmp_path / "w.vec").sha256(told.append) == hashlib.sha256(content).hexdigest()
    assert [progress.done for progress in told] == [2**22, 5_000_000]


def test_a_table_without_a_file_and_a_folder_have_no_hash(tmp_path: Path):
    assert Source().sha256() == Source(tmp_path).sha256() == ""


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        (["1", "-2", "30"], [1, -2, 30]),
        (["0", "123456789012345678"], [0, 123456789012345678]),
    ],
)
def test_whole_numbers_become_int64(cells: list[str], values: list[int]):
    column = Column.from_text("n", cells)
    assert column.values.dtype == np.int64
    assert column.values.tolist() == values


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        (["0.5", "-2"], [0.5, -2]),
        (["1", "", "3"], [1, np.nan, 3]),
        (["1.5e-05", "2e+16"], [1.5e-05, 2e16]),
        (["1.", "-0.0"], [1.0, -0.0]),
    ],
)
def test_decimal_numbers_and_gaps_become_float64(cells: list[str], values: list[float]):
    column = Column.from_text("n", cells)
    assert column.numeric
    assert np.array_equal(column.values, np.array(values), equal_nan=True)


@pytest.mark.parametrize(
    "cells",
    [
        ["007", "8"],
        ["1e5", "2"],
        ["00", "1"],
        ["1_0"],
        ["nan", "1"],
        ["inf"],
        ["-"],
        ["+1"],
        ["1,5"],
        [" 1"],
        ["1\n"],
        ["0x10"],
        ["١٢"],
        ["１２"],
        ["1²"],
        ["1234567890123456789"],
        ["12345678901234567", ""],
        ["12345678901234567", "0.5"],
        ["9" * 5000],
        [""],
        ["", ""],
        [],
    ],
)
def test_what_might_be_a_name_stays_the_text_it_is(cells: list[str]):
    column = Column.from_text("label", cells)
    assert not column.numeric
    assert column.values.tolist() == cells


def test_a_table_of_numbered_rows_finds_their_names_and_reports_no_repeats():
    table = Table(numbered_tokens(3), Vectors(np.eye(3, dtype=np.float32)), named=False)
    assert table.row_of("<row 2>") == 2
    assert table.row_of("#1") == 1
    assert table.find("<row 3>") is None
    assert table.health == ()


def test_health_tells_rows_that_are_all_the_same_and_tokens_that_cannot_be_seen():
    notes = made(["a", "b\n", "\u202ec"], [[1.0, 2]] * 3).health
    assert [note.rows for note in notes] == [(), (1, 2)]
    assert "identical" in notes[0].message
    assert "direction" in notes[1].message


def test_a_table_knows_how_its_tokens_mark_spaces_unless_its_rows_are_only_numbered():
    vectors = Vectors(np.eye(3, dtype=np.float32))
    tokens = ("Ġthe", "Ġa", "ing")
    assert Table(tokens, vectors).scheme == "byte-level"
    assert Table(tokens, vectors, named=False).scheme == ""


def texts(*values):
    made = np.empty(len(values), dtype=object)
    made[:] = values
    return Column("texts", made)


@pytest.mark.parametrize(
    ("column", "telling"),
    [
        (texts(*["noun", "verb", ""] * 1000), True),
        (texts("one", "two", "three"), True),
        (texts(*["same"] * 50), False),
        (texts(*[""] * 50), False),
        (texts(*[f"title {row}" for row in range(5000)]), False),
        (texts(*[f"topic {row % 500}" for row in range(5000)]), True),
        (Column("numbers", np.arange(5000)), True),
        (Column("numbers", np.ones(50)), False),
        (Column("numbers", np.full(50, np.nan)), False),
        (Column("numbers", np.r_[np.zeros(5000), 1, np.nan]), True),
    ],
)
def test_a_column_tells_rows_apart_unless_all_or_none_are_alike(column, telling):
    assert column.telling is telling


def test_a_table_without_a_telling_column_is_in_one_colour_unless_asked_otherwise():
    titles = texts(*[f"title {row}" for row in range(100)])
    table = Table(
        tuple(map(str, range(100))), Vectors(np.ones((100, 2), np.float32)), {"t": titles}
    )
    assert table.colour_columns == []
