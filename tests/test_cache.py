import os

import numpy as np
import pytest

from explorer import cache

ARRAYS = [np.arange(6, dtype=np.int32).reshape(2, 3), np.array([0.5, np.nan], np.float32)]
FACTS = {"of": "abc", "k": 3}


@pytest.fixture(autouse=True)
def nothing_kept():
    cache.clear()
    yield
    cache.clear()


def test_what_is_stored_is_loaded_as_it_was():
    cache.store("one", FACTS, ARRAYS)
    loaded = cache.load("one", FACTS)
    assert [array.dtype for array in loaded] == [np.int32, np.float32]
    for array, original in zip(loaded, ARRAYS, strict=True):
        np.testing.assert_array_equal(array, original)
    assert cache.names() == ["one"]


def test_other_facts_are_another_thing():
    cache.store("one", FACTS, ARRAYS)
    assert cache.load("one", FACTS | {"k": 4}) is None
    assert cache.load("two", FACTS) is None


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n",
        b"[]\n",
        b"null\n",
        b"\xff\xfe\n",
        b"[" * 4000 + b"\n",
        b'{"facts": {"of": "abc", "k": 3}, "arrays": [["<i4", [99999999999]]], "digest": ""}\n',
        b'{"facts": {"of": "abc", "k": 3}, "arrays": [["|O", [1]]], "digest": ""}\n12345678',
        b'{"facts": {"of": "abc", "k": 3}, "arrays": [["<i4", [-1, -1]]], "digest": ""}\n1234',
        b'{"facts": {"of": "abc", "k": 3}, "arrays": 7, "digest": ""}\n',
    ],
)
def test_a_file_that_was_not_stored_is_as_if_it_were_not_there(content):
    cache.folder().mkdir(parents=True, exist_ok=True)
    (cache.folder() / "one.arrays").write_bytes(content)
    assert cache.load("one", FACTS) is None


def test_the_files_used_longest_ago_make_room(monkeypatch):
    monkeypatch.setattr(cache, "LIMIT", 3000)
    big = [np.zeros(200, np.float32)]
    for age, name in enumerate(["first", "second", "third"]):
        cache.store(name, FACTS, big)
        moment = 1_000_000_000 + age
        os.utime(cache.folder() / f"{name}.arrays", (moment, moment))
    assert cache.load("first", FACTS) is not None  # used now
    cache.store("fourth", FACTS, big)
    assert sorted(cache.names()) == ["first", "fourth", "third"]


def test_more_than_there_is_room_for_is_not_kept(monkeypatch):
    cache.store("one", FACTS, ARRAYS)
    monkeypatch.setattr(cache, "LIMIT", 100)
    cache.store("two", FACTS, [np.zeros(200, np.float32)])
    assert cache.names() == ["one"]


def test_a_folder_that_cannot_be_written_is_no_error():
    cache.folder().parent.mkdir(parents=True, exist_ok=True)
    if cache.folder().is_dir():
        cache.folder().rmdir()
    cache.folder().write_text("a file in the way")
    try:
        cache.store("one", FACTS, ARRAYS)
        assert cache.load("one", FACTS) is None
        assert (cache.names(), cache.clear()) == ([], 0)
    finally:
        cache.folder().unlink()


def test_clearing_says_how_much_it_set_free():
    cache.store("one", FACTS, ARRAYS)
    size = (cache.folder() / "one.arrays").stat().st_size
    assert cache.size() == size
    assert cache.clear() == size
    assert cache.names() == []
