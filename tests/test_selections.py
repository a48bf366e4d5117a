import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer.errors import InputError, OutputError, ParameterError
from explorer.progress import Cancelled
from explorer.selections import Shelf, key_of
from explorer.table import Source, Table, numbered_tokens
from explorer.token_lists import PackedTokens
from explorer.vectors import Vectors


def table_of(tokens, dim=2, **more):
    return Table(tokens, Vectors(np.zeros((len(tokens), dim), np.float32)), **more)


@pytest.fixture
def shelf(tmp_path):
    return Shelf("key", 100, tmp_path)


def kept(shelf):
    found, wrong = shelf.read()
    assert wrong == ()
    return {name: rows.tolist() for name, rows in found.items()}


def only_file(tmp_path):
    (path,) = (tmp_path / "key").iterdir()
    return path


def test_the_key_is_of_the_tokens_and_not_of_their_container_or_numbers():
    tokens = ("a", "", "é\ud800", "a")
    utf8 = "".join(tokens).encode("utf-8", "surrogatepass")
    ends = np.cumsum([len(token.encode("utf-8", "surrogatepass")) for token in tokens])
    packed = PackedTokens(utf8, ends)
    assert key_of(table_of(tokens)) == key_of(table_of(packed, dim=9))


@pytest.mark.parametrize("other", [("ab", "c"), ("a", "cb"), ("bc", "a"), ("a", "bc", "")])
def test_other_tokens_have_another_key(other):
    assert key_of(table_of(("a", "bc"))) != key_of(table_of(other))


def test_numbered_rows_are_told_by_source_rows_and_dimensions():
    def numbered(rows, dim=2, name="a.npy"):
        source = Source(Path(name))
        return key_of(table_of(numbered_tokens(rows), dim, named=False, source=source))

    assert numbered(5) == numbered(5, name="elsewhere/a.npy")
    assert len({numbered(5), numbered(6), numbered(5, 3), numbered(5, name="b.npy")}) == 4


def test_looking_for_the_key_can_be_stopped():
    def stop(progress):
        raise Cancelled

    with pytest.raises(Cancelled):
        key_of(table_of(("a", "b")), stop)


def test_what_was_kept_is_there_again_in_alphabetical_order(shelf, tmp_path):
    shelf.keep("verbs", np.array([9, 3, 9]))
    shelf.keep("Animals <b>", np.array([99]))
    assert kept(Shelf("key", 100, tmp_path)) == {"Animals <b>": [99], "verbs": [3, 9]}
    assert list(kept(shelf)) == ["Animals <b>", "verbs"]
    assert kept(Shelf("other", 100, tmp_path)) == {}


def test_keeping_under_a_name_that_is_there_replaces_it(shelf):
    shelf.keep("verbs", np.array([1]))
    shelf.keep(" verbs ", np.array([2]))
    assert kept(shelf) == {"verbs": [2]}


def test_two_windows_do_not_lose_each_others(tmp_path):
    first, second = (Shelf("key", 100, tmp_path) for _ in range(2))
    first.read(), second.read()
    first.keep("a", np.array([1]))
    second.keep("b", np.array([2]))
    first.delete("b")
    second.keep("c", np.array([3]))
    assert kept(first) == {"a": [1], "c": [3]}


def test_a_renamed_selection_keeps_its_rows_and_takes_no_other_ones_name(shelf):
    rows = shelf.keep("a", np.array([1, 5]))
    shelf.keep("b", np.array([2]))
    shelf.rename("a", "A", rows)
    assert kept(shelf) == {"A": [1, 5], "b": [2]}
    with pytest.raises(ParameterError, match="'b' already"):
        shelf.rename("A", "b", rows)
    assert kept(shelf) == {"A": [1, 5], "b": [2]}


@pytest.mark.parametrize("name", ["", "  ", "x" * 61, "two\nlines", "\u202eabc", "selection"])
def test_a_name_that_cannot_be_is_refused(shelf, name):
    with pytest.raises(ParameterError):
        shelf.keep(name, np.array([1]))
    assert kept(shelf) == {}


def test_no_rows_cannot_be_kept(shelf):
    with pytest.raises(ParameterError, match="no rows"):
        shelf.keep("none", np.array([], np.int64))


@pytest.mark.parametrize(
    "told",
    [
        "",
        "{",
        "[]",
        "[" * 100_000,
        '{"schema": 2, "name": "a", "rows": [1]}',
        '{"schema": 1, "name": 7, "rows": [1]}',
        '{"schema": 1, "name": "selection", "rows": [1]}',
        '{"schema": 1, "name": "a", "rows": [100]}',
        '{"schema": 1, "name": "a", "rows": [-1]}',
        '{"schema": 1, "name": "a", "rows": [true]}',
        '{"schema": 1, "name": "a", "rows": [1.0]}',
        '{"schema": 1, "name": "a", "rows": []}',
        '{"schema": 1, "name": "a", "rows": [99999999999999999999]}',
        '{"schema": 1, "name": "a", "rows": [' + "1," * 10_000 + "1]}",
    ],
)
def test_a_damaged_file_is_told_and_left_and_the_others_are_read(shelf, tmp_path, told):
    shelf.keep("a", np.array([1]))
    damaged = only_file(tmp_path)
    damaged.write_text(told)
    shelf.keep("b", np.array([2]))
    found, wrong = shelf.read()
    assert list(found) == ["b"]
    assert [error.path for error in wrong] == [damaged]
    assert isinstance(wrong[0], InputError)
    assert damaged.read_text() == told


@settings(max_examples=50)
@given(st.recursive(st.none() | st.integers() | st.text(), lambda inner: st.lists(inner)))
def test_whatever_stands_in_the_file_gives_rows_or_an_error_of_ours(tmp_path_factory, rows):
    shelf = Shelf("key", 100, tmp_path_factory.mktemp("kept"))
    path = shelf._path("a")
    path.parent.mkdir()
    path.write_text(json.dumps({"schema": 1, "name": "a", "rows": rows}))
    found, wrong = shelf.read()
    assert len(found) + len(wrong) == 1


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="file"):
        Shelf("key", 100, tmp_path / "file").keep("a", np.array([1]))


def test_deleting_what_another_window_deleted_is_no_error(shelf, tmp_path):
    shelf.keep("a", np.array([1]))
    shelf.delete("a")
    shelf.delete("a")
    assert kept(shelf) == {}


def test_rows_come_back_read_only(shelf):
    shelf.keep("a", np.array([1]))
    with pytest.raises(ValueError, match="read-only"):
        shelf.read()[0]["a"][0] = 5


def test_a_training_that_goes_on_leaves_the_key(shelf):
    table = table_of(("a", "b"))
    again = replace(table, vectors=Vectors(np.ones((2, 2), np.float32)))
    assert key_of(table) == key_of(again)
