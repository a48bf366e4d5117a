from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from explorer.errors import InputError, NotFoundError, OutputError
from explorer.formats import formats
from explorer.progress import silent
from explorer.table import Column, Table
from explorer.vectors import Vectors

FORMAT = formats()["safetensors"]
BITS = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "BF16": "<u2", "F8_E4M3": "u1", "F8_E5M2": "u1"}


def write(path: Path, header: dict | str, data: bytes = b"") -> Path:
    text = header if isinstance(header, str) else json.dumps(header)
    path.write_bytes(len(text).to_bytes(8, "little") + text.encode() + data)
    return path


def tensor(dtype: str, shape: list[int], start: int, stop: int) -> dict:
    return {"dtype": dtype, "shape": shape, "data_offsets": [start, stop]}


def read(path: Path, name: str = "") -> Table:
    return FORMAT.read(path, name, report=silent)


def save(table: Table, path: Path) -> Path:
    assert FORMAT.write is not None
    FORMAT.write(table, path, report=silent)
    return path


@pytest.mark.parametrize("dtype", BITS)
def test_every_float_dtype_is_mapped_as_it_is_stored(dtype, tmp_path):
    bits = np.arange(1, 13).astype(BITS[dtype]).reshape(4, 3)
    data = bits.tobytes()
    path = write(tmp_path / "t", {"wte.weight": tensor(dtype, [4, 3], 0, len(data))}, data)
    table = read(path)
    assert table.vectors.mapped
    assert table.vectors.dtype == dtype.lower()
    np.testing.assert_array_equal(table.vectors.stored(0, 4), bits)


def test_the_token_table_is_chosen_before_larger_and_trap_tensors(tmp_path):
    header = {
        "model.layers.0.mlp.weight": tensor("F32", [8, 2], 0, 64),
        "model.embed_positions.weight": tensor("F32", [4, 2], 64, 96),
        "model.embed_tokens.weight": tensor("F32", [4, 2], 96, 128),
    }
    path = write(tmp_path / "t", header, bytes(128))
    best = FORMAT.probe(path)[0]
    assert best.name == "model.embed_tokens.weight"
    assert best.reason == "named like a token table"
    assert read(path, "layers.0.mlp.weight").vectors.shape == (8, 2)


@pytest.mark.parametrize(
    ("header", "data", "problem"),
    [
        ({"w": tensor("F32", [4, 2], 0, 32)}, 31, "claims 32 bytes"),
        ({"w": tensor("F32", [4, 2], 0, 32)}, 33, "accounts for 32 bytes"),
        ({"w": tensor("F32", [4, 2], 0, 16)}, 16, "16 bytes, not 32"),
        ({"w": tensor("F32", [2**40, 2**40], 0, 16)}, 16, "bytes, not"),
        ({"w": tensor("F32", [-4, 2], 0, 16)}, 16, "not a count"),
        ({"w": tensor("F32", [True, 2], 0, 8)}, 8, "not a count"),
        ({"w": tensor("F32", [2], 0, 8), "v": tensor("F32", [2], 4, 12)}, 12, "over another"),
        ({"w": tensor("F32", [2], 4, 12)}, 12, "hole"),
        ({"w": {"dtype": "F32"}}, 0, "does not describe"),
        ({"w": 3}, 0, "does not describe"),
        ("[]", 0, "not a JSON object"),
        ("{", 0, "broken"),
        ('{"w":' + "[" * 100_000 + "}", 0, "deeply nested"),
        ('{"w":{"dtype":"F32","shape":[],"data_offsets":[0,4]},"w":{}}', 4, "twice"),
        ({"w": tensor("I8", [2, 2], 0, 4)}, 4, "scales"),
        ({"w": tensor("F32", [0, 2], 0, 0)}, 0, "no rows"),
        ({"w": tensor("F32", [2], 0, 8)}, 8, "'w' f32 2"),
        ({}, 0, "no tensor at all"),
    ],
)
def test_a_header_that_cannot_be_believed_is_refused(header, data, problem, tmp_path):
    path = write(tmp_path / "t.safetensors", header, bytes(data))
    with pytest.raises(InputError, match=problem):
        read(path)


def test_a_header_longer_than_the_file_is_refused_before_it_is_read(tmp_path):
    path = tmp_path / "t.safetensors"
    path.write_bytes((2**62).to_bytes(8, "little") + b"{}")
    with pytest.raises(InputError, match="header claims"):
        read(path)


def test_a_folder_with_one_file_opens(tmp_path, sample, opened):
    path = sample("safetensors")
    assert opened(path.parent).source.path == path


def test_a_tensor_that_is_not_there_is_refused_with_those_that_are(sample):
    with pytest.raises(NotFoundError, match=r"'embedding\.weight'"):
        read(sample("safetensors"), "wte")


# Our own layout


def test_columns_come_back_with_their_order_kind_and_description(sample, table):
    columns = read(sample("safetensors")).columns
    assert list(columns) == list(table.columns)
    for name, column in table.columns.items():
        assert columns[name].values.tolist() == column.values.tolist()
        assert columns[name].description == column.description
        assert columns[name].numeric == column.numeric


CHARACTERS = st.characters(exclude_categories=())  # lone surrogates too
TEXT = st.text(CHARACTERS, max_size=6) | st.sampled_from(["", "a", "\0", "\ud83d", "\ude00"])
TEXTS = st.lists(TEXT, min_size=1, max_size=8)


@settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(tokens=TEXTS, labels=TEXTS, name=TEXT)
def test_any_text_comes_back_as_it_was(tokens, labels, name, tmp_path):
    cells = np.empty(len(tokens), dtype=object)
    cells[:] = [labels[row % len(labels)] for row in range(len(tokens))]
    vectors = Vectors(np.arange(2 * len(tokens), dtype=np.float32).reshape(-1, 2))
    table = Table(tuple(tokens), vectors, {name: Column(name, cells)})
    again = read(save(table, tmp_path / "t.safetensors"))
    assert again.tokens == table.tokens
    assert list(again.columns) == [name]
    assert again.columns[name].values.tolist() == cells.tolist()
    np.testing.assert_array_equal(again.vectors.to_numpy(), vectors.to_numpy())


@pytest.mark.parametrize("dtype", ["", "bf16"])
def test_the_dtype_is_kept_when_a_table_is_saved(dtype, tmp_path):
    bits = np.arange(12, dtype=np.uint16).reshape(4, 3)
    vectors = Vectors(bits, dtype) if dtype else Vectors(bits.view(">f2"))
    again = read(save(Table(tuple("abcd"), vectors), tmp_path / "t.safetensors"))
    assert again.vectors.dtype == vectors.dtype
    np.testing.assert_array_equal(again.vectors.stored(0, 4), vectors.stored(0, 4))


def test_the_same_table_gives_the_same_bytes(table, tmp_path):
    first = save(table, tmp_path / "a.safetensors").read_bytes()
    assert save(table, tmp_path / "b.safetensors").read_bytes() == first


def test_the_safetensors_library_reads_what_we_write(table, tmp_path, matrix):
    from safetensors.numpy import load_file

    tensors = load_file(save(table, tmp_path / "t.safetensors"))
    np.testing.assert_array_equal(tensors["embedding.weight"], matrix)


def test_a_table_without_tokens_stays_without(tmp_path, matrix):
    unnamed = Table(tuple("abcdefg"), Vectors(matrix), named=False)
    again = read(save(unnamed, tmp_path / "t.safetensors"))
    assert not again.named
    assert again.tokens[6] == "<row 6>"


def test_the_tokenizer_is_written_beside_and_found_again(tmp_path, matrix):
    table = Table(tuple("abcdefg"), Vectors(matrix), tokenizer='{"é": 1}')
    path = save(table, tmp_path / "t.safetensors")
    assert (tmp_path / "t.tokenizer.json").read_text("utf-8") == '{"é": 1}'
    assert read(path).tokenizer == '{"é": 1}'


@pytest.mark.parametrize(("change", "said"), [("other", "not the tokenizer"), (None, "missing")])
def test_a_tokenizer_that_is_another_or_gone_is_not_used_and_said_so(
    change, said, tmp_path, matrix
):
    path = save(
        Table(tuple("abcdefg"), Vectors(matrix), tokenizer="{}"), tmp_path / "t.safetensors"
    )
    beside = tmp_path / "t.tokenizer.json"
    beside.write_text(change) if change else beside.unlink()
    table = read(path)
    assert table.tokens == tuple("abcdefg")
    assert table.tokenizer == ""
    assert [note.level for note in table.report if said in note.message] == ["warning"]


def test_a_failing_write_leaves_both_files_as_they_were(tmp_path, matrix):
    table = Table(tuple("abcdefg"), Vectors(matrix), tokenizer="{}")
    path = save(table, tmp_path / "t.safetensors")
    before = {p.name: p.read_bytes() for p in tmp_path.iterdir()}

    def stop(progress):
        raise KeyboardInterrupt

    changed = Table(tuple("hijklmn"), Vectors(matrix), tokenizer="{ }")
    with pytest.raises(KeyboardInterrupt):
        FORMAT.write(changed, path, report=stop)
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == before


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize("beside", [None, b"no table", "another table"])
def test_the_tokenizer_of_another_table_is_not_replaced(tmp_path, matrix, beside):
    path = tmp_path / "t.safetensors"
    (tmp_path / "t.tokenizer.json").write_text('{"of": "another"}')
    if beside == "another table":
        save(Table(tuple("abcdefg"), Vectors(matrix)), path)
    elif beside:
        path.write_bytes(beside)
    before = contents(tmp_path)
    table = Table(tuple("abcdefg"), Vectors(matrix), tokenizer="{}")
    with pytest.raises(OutputError, match=r"t\.tokenizer\.json: .*another table\. Save under"):
        save(table, path)
    assert contents(tmp_path) == before


def test_a_table_saved_again_replaces_its_own_tokenizer(tmp_path, matrix):
    path = tmp_path / "t.safetensors"
    for tokenizer in ("{}", '{"newer": 1}'):
        save(Table(tuple("abcdefg"), Vectors(matrix), tokenizer=tokenizer), path)
    assert read(path).tokenizer == '{"newer": 1}'


def test_a_tokenizer_that_would_be_written_just_so_is_no_obstacle(tmp_path, matrix):
    (tmp_path / "t.tokenizer.json").write_text("{}")
    table = Table(tuple("abcdefg"), Vectors(matrix), tokenizer="{}")
    assert read(save(table, tmp_path / "t.safetensors")).tokenizer == "{}"


@pytest.mark.parametrize("failing", ["t.safetensors", "t.tokenizer.json"])
@pytest.mark.parametrize("older", [True, False])
def test_where_one_file_cannot_be_renamed_the_other_is_as_it_was(
    tmp_path, matrix, refuse_renaming, failing, older
):
    path = tmp_path / "t.safetensors"
    if older:
        save(Table(tuple("abcdefg"), Vectors(matrix), tokenizer="{}"), path)
    before = contents(tmp_path)
    refuse_renaming(failing)
    with pytest.raises(OutputError, match="permission denied"):
        save(Table(tuple("hijklmn"), Vectors(matrix), tokenizer='{"newer": 1}'), path)
    assert contents(tmp_path) == before


def test_a_folder_that_is_not_there_is_an_output_error(table, tmp_path):
    with pytest.raises(OutputError):
        save(table, tmp_path / "none" / "t.safetensors")


def test_ends_that_do_not_fit_the_text_are_refused(sample):
    path = sample("safetensors")
    raw = path.read_bytes()
    at = raw.index(np.cumsum([len(t.encode()) for t in read(path).tokens]).tobytes())
    path.write_bytes(raw[:at] + (99).to_bytes(8, "little") + raw[at + 8 :])
    with pytest.raises(InputError, match="ends"):
        read(path)


# Tokens from a tokenizer beside


def tokenizer(vocabulary: dict[str, int]) -> str:
    model = {"type": "WordLevel", "vocab": vocabulary, "unk_token": "a"}
    return json.dumps({"version": "1.0", "added_tokens": [], "model": model})


def foreign(folder: Path, rows: int) -> Path:
    header = {"wte.weight": tensor("F32", [rows, 2], 0, rows * 8)}
    return write(folder / "m.safetensors", header, bytes(rows * 8))


@pytest.mark.parametrize("name", ["m.tokenizer.json", "tokenizer.json"])
def test_tokens_come_from_the_tokenizer_beside(name, tmp_path):
    (tmp_path / name).write_text(tokenizer({"a": 0, "b": 1, "c": 3}))
    table = read(foreign(tmp_path, 5))
    assert table.tokens == ("a", "b", "<row 2>", "c", "<row 4>")
    assert table.tokenizer
    assert any("beyond the tokenizer" in note.message for note in table.report)


def test_tokens_beyond_the_table_are_said(tmp_path):
    (tmp_path / "tokenizer.json").write_text(tokenizer({"a": 0, "b": 1, "c": 2}))
    table = read(foreign(tmp_path, 2))
    assert table.tokens == ("a", "b")
    assert any("1 tokens of the tokenizer have no row" in note.message for note in table.report)


def test_a_tokenizer_of_another_model_is_passed_over(tmp_path):
    (tmp_path / "tokenizer.json").write_text(tokenizer({"a": 0}))
    table = read(foreign(tmp_path, 50))
    assert not table.named
    assert any("1 tokens and the table 50 rows" in note.message for note in table.report)


def test_a_raw_matrix_that_begins_like_a_header_is_not_taken_for_one(tmp_path):
    path = tmp_path / "table.bytes"
    path.write_bytes(bytes(8) + b"{ZW[")
    assert not FORMAT.recognises(path, path.read_bytes())
    path.write_bytes(bytes(8) + b'{"a"')
    assert not FORMAT.recognises(path, path.read_bytes())
    path.write_bytes((2).to_bytes(8, "little") + b"{}")
    assert FORMAT.recognises(path, path.read_bytes())
