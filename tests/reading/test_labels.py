import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer import pipeline
from explorer.errors import InputError
from explorer.reading import labels
from explorer.table import Column, Table, numbered_tokens
from explorer.token_lists import PackedTokens
from explorer.vectors import Vectors


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    np.save(tmp_path / "bare.npy", np.eye(3, dtype=np.float32))
    return tmp_path / "bare.npy"


def write(folder: Path, name: str, text: str) -> Path:
    (folder / name).write_bytes(text.encode())
    return folder / name


def test_one_column_has_no_header(bare, tmp_path):
    table = pipeline.open_table(bare, labels=write(tmp_path, "l.tsv", "word\nb\n\n"))
    assert tuple(table.tokens) == ("word", "b", "")
    assert table.named


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("l.tsv", "word\tcount\na\t1\nb b\t2\n,\t3\n"),
        ("l.csv", 'word,count\r\na,1\r\nb b,2\r\n",",3\r\n'),
    ],
)
def test_a_first_line_of_several_cells_is_a_header_and_names_the_columns(name, text, bare):
    table = pipeline.open_table(bare, labels=write(bare.parent, name, text))
    assert tuple(table.tokens) == ("a", "b b", ",")
    assert table.columns["count"].values.tolist() == [1, 2, 3]
    assert [note.message for note in table.report] == [f"Tokens are from {name}."]


def test_a_quoted_label_of_a_csv_may_hold_a_line_break(bare, tmp_path):
    labels = write(tmp_path, "l.csv", 'a\n"b\nc"\nd\n')
    assert tuple(pipeline.open_table(bare, labels=labels).tokens) == ("a", "b\nc", "d")


@pytest.mark.parametrize("name", ["l.tsv", "l.csv"])
@pytest.mark.parametrize(("count", "said"), [(2, "2 rows"), (99, "99 rows")])
def test_labels_of_another_length_are_refused_with_both_numbers(name, count, said, bare):
    labels = write(bare.parent, name, "a\n" * count)
    with pytest.raises(InputError, match=rf"{said}, and bare\.npy has 3\."):
        pipeline.open_table(bare, labels=labels)


def test_labels_take_the_place_of_tokens_and_of_columns_of_their_name(tmp_path):
    columns = {"count": Column("count", np.zeros(2)), "kept": Column("kept", np.ones(2))}
    table = Table(numbered_tokens(2), Vectors(np.eye(2)), columns, tokenizer="{}", named=False)
    labels = write(tmp_path, "l.tsv", "token\tcount\na\t5\nb\t6\n")
    read = pipeline.attach_labels(table, labels)
    assert tuple(read.tokens) == ("a", "b")
    assert read.columns["count"].values.tolist() == [5, 6]
    assert read.columns["kept"].values.tolist() == [1, 1]
    assert read.tokenizer == ""


@pytest.mark.parametrize(
    ("name", "text", "untrue"),
    [
        ("t.csv", "d0,d1\n1.5,2\n3,4.5\n", "No column of tokens was found"),
        ("t.csv", "token,d0,d1\na,1.5,2\nb,3,4.5\n", "Tokens are from column 'token'"),
        ("tensors.tsv", "1.5\t2\n3\t4.5\n", "No tokens were found"),
    ],
)
def test_labels_take_the_place_of_what_was_said_of_the_names_before(tmp_path, name, text, untrue):
    path = write(tmp_path, name, text)
    assert any(untrue in note.message for note in pipeline.open_table(path).report)
    read = pipeline.open_table(path, labels=write(tmp_path, "l.txt", "x\ny\n"))
    assert [note.message for note in read.report] == ["Tokens are from l.txt."]


def test_a_csv_that_cannot_be_split_is_refused_by_name(bare, tmp_path):
    with pytest.raises(InputError, match=r"l\.csv"):
        pipeline.open_table(bare, labels=write(tmp_path, "l.csv", 'a\n"b"c\n"\n'))


@pytest.mark.parametrize(
    ("name", "counts"), [("metadata_too_long.tsv", "99"), ("metadata_too_short.tsv", "1")]
)
def test_labels_that_do_not_fit_the_two_rows_are_refused(name, counts, shared_data):
    folder = shared_data / "malformed"
    with pytest.raises(InputError, match=rf"names {counts} rows?, .* has 2\."):
        pipeline.open_table(folder / "tensors_2rows.tsv", labels=folder / name)


@given(
    lines=st.lists(
        st.one_of(
            st.text(st.characters(exclude_characters="\n"), max_size=4).map(
                lambda text: text.encode(errors="surrogatepass")
            ),
            st.binary(max_size=4).map(lambda raw: raw.replace(b"\n", b"")),
        ),
        max_size=6,
    ),
    ended=st.booleans(),
    rows=st.integers(0, 7),
)
def test_labels_that_are_not_made_into_texts_at_once_are_the_same(lines, ended, rows):
    raw = b"\n".join(lines) + b"\n" * ended
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "l.txt"
        path.write_bytes(raw)
        with pytest.MonkeyPatch.context() as patch:
            quick = outcome(path, rows)
            patch.setattr(labels, "_packed", lambda raw, rows: None)
            assert outcome(path, rows) == quick


def outcome(path: Path, rows: int) -> object:
    try:
        read = labels.labels_for(path, Path("m.npy"), rows)
    except InputError as error:
        return str(error)
    columns = {name: column.values.tolist() for name, column in read.columns.items()}
    return tuple(read.tokens), columns, read.notes


def test_a_hundred_thousand_labels_stay_as_they_are_in_the_file(tmp_path):
    path = write(tmp_path, "l.txt", "".join(f"w\u00f6rd {row}\n" for row in range(100_000)))
    read = labels.labels_for(path, path, 100_000)
    assert isinstance(read.tokens, PackedTokens)
    assert read.tokens[99_999] == "w\u00f6rd 99999"
