"""What is written is read back, or refused with the row named; never changed in silence."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from explorer import pipeline
from explorer.errors import OutputError, ParameterError
from explorer.formats import formats, sniff
from explorer.progress import Cancelled, Progress, silent
from explorer.table import Column, Table, numbered_tokens
from explorer.vectors import Vectors

ENDINGS = [(name, ending) for name, entry in formats().items() for ending in entry.writes]
IN_A_CHILD = {"parquet"}  # a new process each time: few examples
KEEPS_COLUMNS = [pair for pair in ENDINGS if not pair[0].startswith("word2vec")]
SOME = st.sampled_from(
    ["", " ", "a", "a b", "\t", "\n", "\r", '"', ",", "1", "nan", "\ufeff", "\u0085", "\xa0",
     "\u2028", "é", "\ud800", "\0", "#", "<s>", "Ġthe"]
)  # fmt: skip
TOKENS = SOME | st.text(st.characters(), max_size=6)


@st.composite
def tables(draw: st.DrawFn) -> Table:
    shape = draw(st.tuples(st.integers(1, 6), st.integers(2, 4)))
    numbers = st.floats(width=32, allow_nan=False)
    matrix = draw(hnp.arrays(np.float32, shape, elements=numbers))
    tokens = draw(st.lists(TOKENS, min_size=shape[0], max_size=shape[0]))
    return Table(tuple(tokens), Vectors(matrix))


def check_reads_back(name, ending, table, folder):
    path = folder / f"out{ending}"
    try:
        formats()[name].write(table, path, report=silent)
    except OutputError as error:
        row = re.search(r"row (\d+)", error.message)
        assert row, error  # noqa: PT017
        assert repr(table.tokens[int(row[1])]) in error.message  # noqa: PT017
        return
    assert sniff(path).name == name, path.read_bytes()
    read = sniff(path).read(path, "", report=silent)
    assert tuple(read.tokens) == table.tokens
    expected = table.vectors.to_numpy().view("u4")
    np.testing.assert_array_equal(read.vectors.to_numpy().copy().view("u4"), expected)


_ANY = {"suppress_health_check": [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]}


@pytest.mark.parametrize(("name", "ending"), [p for p in ENDINGS if p[0] not in IN_A_CHILD])
@settings(max_examples=60, **_ANY)
@given(table=tables())
def test_a_table_is_read_back_to_the_last_bit_or_refused_by_its_row(name, ending, table, tmp_path):
    check_reads_back(name, ending, table, tmp_path)


@pytest.mark.parametrize(("name", "ending"), [p for p in ENDINGS if p[0] in IN_A_CHILD])
@settings(max_examples=8, **_ANY)
@given(table=tables())
def test_so_is_one_that_a_process_of_its_own_reads(name, ending, table, tmp_path):
    check_reads_back(name, ending, table, tmp_path)


@pytest.mark.parametrize(("name", "ending"), ENDINGS)
def test_common_tokens_of_models_and_corpora_are_never_refused(name, ending, tmp_path):
    tokens = ("the", "<s>", "Ġthe", "▁a", "##ing", "1", "twice", "twice", "数", "=1+1", '"', ",")
    matrix = np.random.default_rng(0).normal(size=(len(tokens), 3)).astype(np.float32)
    path = tmp_path / f"out{ending}"
    formats()[name].write(Table(tokens, Vectors(matrix)), path, report=silent)
    read = sniff(path).read(path, "", report=silent)
    assert tuple(read.tokens) == tokens
    np.testing.assert_array_equal(read.vectors.to_numpy(), matrix)


@pytest.mark.parametrize(("name", "ending"), KEEPS_COLUMNS)
def test_columns_are_read_back(name, ending, table, tmp_path):
    path = tmp_path / f"out{ending}"
    formats()[name].write(table, path, report=silent)
    read = sniff(path).read(path, "", report=silent)
    assert tuple(read.tokens) == table.tokens
    for column in table.columns.values():
        assert read.columns[column.name].values.tolist() == column.values.tolist()


@pytest.mark.parametrize(("name", "ending"), ENDINGS)
def test_tokens_that_are_numbers_stay_the_tokens(name, ending, tmp_path, matrix):
    kinds = {"kind": Column.from_text("kind", list("ABCDEFG"))}
    table = Table(("1", "22", "007", "1e5", "0.5", "nan", "1"), Vectors(matrix), kinds)
    path = tmp_path / f"out{ending}"
    formats()[name].write(table, path, report=silent)
    assert tuple(sniff(path).read(path, "", report=silent).tokens) == table.tokens


@pytest.mark.parametrize(("name", "ending"), ENDINGS)
def test_half_precision_is_written_without_loss(name, ending, tmp_path):
    bits = np.random.default_rng(0).integers(0x3F00, 0x4100, size=(5, 4)).astype(np.uint16)
    table = Table(tuple("abcde"), Vectors(bits, "bf16"))
    formats()[name].write(table, tmp_path / f"out{ending}", report=silent)
    read = sniff(tmp_path / f"out{ending}").read(tmp_path / f"out{ending}", "", report=silent)
    np.testing.assert_array_equal(read.vectors.to_numpy(), table.vectors.to_numpy())


@pytest.mark.parametrize(("name", "ending"), ENDINGS)
def test_a_stopped_writing_leaves_nothing(name, ending, table, tmp_path):
    def stop(progress: Progress) -> None:
        raise Cancelled

    plain = Table(tuple("abcdefg"), table.vectors)
    with pytest.raises(Cancelled):
        formats()[name].write(plain, tmp_path / f"out{ending}", report=stop)
    assert not list(tmp_path.iterdir())


def test_no_two_formats_ask_for_one_ending():
    endings = [ending for _, ending in ENDINGS]
    assert len(endings) == len(set(endings))


def test_the_ending_chooses_the_format_and_a_name_overrules_it(table, tmp_path):
    plain = Table(tuple("abcdefg"), table.vectors)
    assert pipeline.save_table(plain, tmp_path / "a.NPY").source.format == "npy"
    assert sniff(tmp_path / "a.NPY").name == "npy"
    assert pipeline.save_table(plain, tmp_path / "a.dat", "word2vec").source.format == "word2vec"
    assert sniff(tmp_path / "a.dat").name == "word2vec"
    assert pipeline.save_table(plain, tmp_path / "bare").source.format == "safetensors"


@pytest.mark.parametrize(("name", "to"), [("a.docx", ""), ("a.npy", "torch")])
def test_an_ending_that_names_no_format_is_refused_with_those_that_do(table, name, to, tmp_path):
    with pytest.raises(ParameterError, match="safetensors"):
        pipeline.save_table(table, tmp_path / name, to)
    assert not list(tmp_path.iterdir())


def test_numbered_rows_stay_without_names(tmp_path, matrix):
    table = Table(numbered_tokens(7), Vectors(matrix), named=False)
    for ending in (".npy", ".tsv"):
        read = pipeline.open_table(pipeline.save_table(table, tmp_path / f"a{ending}").source.path)
        assert not read.named


def test_float64_keeps_all_its_digits_or_is_refused(tmp_path):
    wide = np.random.default_rng(0).normal(size=(3, 2))
    table = Table(tuple("abc"), Vectors(wide))
    pipeline.save_table(table, tmp_path / "a.npy")
    np.testing.assert_array_equal(np.load(tmp_path / "a.npy"), wide)
    pipeline.save_table(table, tmp_path / "a.vec")
    lines = (tmp_path / "a.vec").read_text().splitlines()[1:]
    assert [[float(n) for n in line.split()[1:]] for line in lines] == wide.tolist()
    with pytest.raises(OutputError, match="float64"):
        pipeline.save_table(table, tmp_path / "a.bytes")


def test_a_column_named_as_tokens_are_does_not_take_their_place(tmp_path, matrix):
    columns = {"token": Column.from_text("token", list("ABCDEFG"))}
    table = Table(tuple("abcdefg"), Vectors(matrix), columns)
    read = pipeline.open_table(pipeline.save_table(table, tmp_path / "a.npy").source.path)
    assert tuple(read.tokens) == table.tokens
    assert read.columns["token"].values.tolist() == list("ABCDEFG")
    for ending in (".csv", ".parquet"):
        with pytest.raises(OutputError, match="'token'"):
            pipeline.save_table(table, tmp_path / f"a{ending}")
