from __future__ import annotations

import importlib
import os
import sys
import textwrap
from pathlib import Path

import numpy as np
import pytest

from explorer.errors import InputError, NotFoundError
from explorer.progress import Cancelled, Progress
from explorer.reading.child import in_child
from explorer.reading.memory import allowing

PARSERS = """
    import ctypes, os, sys, time
    import numpy as np
    from explorer.errors import InputError, NotFoundError
    from explorer.progress import Progress
    from explorer.reading.child import Result
    from explorer.reading.memory import allowed

    def whole(path, factor):
        numbers = np.arange(6, dtype=np.float32).reshape(2, 3) * factor
        return Result({"vectors": numbers, "a/../b": np.zeros(0, np.uint16)},
                      {"tokens": [path.name, "a\\ud800"], "qt": "PySide6" in sys.modules})

    def telling(path, *, report):
        for done, total in ((1, 4), (3, 4), (9, 4), (float("nan"), 4)):
            report(Progress(done, total))
            path.with_suffix(f".{done}").write_text("")
            while not path.with_suffix(".seen").exists():
                time.sleep(0.001)
            path.with_suffix(".seen").unlink()
            time.sleep(0.03)
        return Result({})

    def allowing(path): return Result(facts={"allowed": allowed()})
    def setting(path): return Result(facts={"x": {1, 2}})
    def crashing(path): ctypes.string_at(0)
    def leaving(path): os._exit(3)
    def endless(path):
        path.with_suffix(".started").write_text(str(os.getpid()))
        time.sleep(60)
    def greedy(path): return Result({"x": np.ones(2**31, np.uint8)})
    def failing(path): return Result({}, {}["nothing"])
    def refusing(path): raise InputError(path, "is odd.", "Mend it.", place="line 2")
    def missing(path): raise NotFoundError("There is no 'x'.", "There is 'y'.")
    def garbling(path):
        folder = sys._getframe(1).f_locals["folder"]
        (folder / "answer.json").write_text('{"arrays": ["x"], "facts": {}}')
        (folder / "0.npy").write_text("no array")
        os._exit(0)
    def pickling(path): return Result({"x": np.array([print])})
"""


@pytest.fixture
def parsers(tmp_path, monkeypatch):
    (tmp_path / "sample_parsers.py").write_text(textwrap.dedent(PARSERS))
    monkeypatch.syspath_prepend(tmp_path)
    yield importlib.import_module("sample_parsers")
    del sys.modules["sample_parsers"]


@pytest.fixture
def path(tmp_path) -> Path:
    return tmp_path / "table.bin"


def test_arrays_and_facts_come_back_as_they_were(parsers, path):
    result = in_child(parsers.whole, path, 2)
    np.testing.assert_array_equal(result.arrays["vectors"], [[0, 2, 4], [6, 8, 10]])
    assert isinstance(result.arrays["vectors"], np.memmap)
    assert result.arrays["a/../b"].dtype == np.uint16
    assert result.facts == {"tokens": ["table.bin", "a\ud800"], "qt": False}


def test_nothing_is_left_in_the_temporary_folder(parsers, path, tmp_path, monkeypatch):
    left = tmp_path / "temporary"
    left.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(left))
    result = in_child(parsers.whole, path, 1)
    assert not list(left.iterdir())
    assert result.arrays["vectors"][1, 2] == 5


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("crashing", "ended by signal"),
        ("leaving", "ended with status 3"),
        ("garbling", "without an answer"),
        ("greedy", "more memory than it may have"),
        ("failing", "cannot be parsed"),
        ("pickling", "cannot be parsed"),
        ("setting", "cannot be parsed"),
    ],
)
def test_whatever_befalls_the_child_is_a_sentence(name, said, parsers, path):
    with pytest.raises(InputError, match=said) as caught:
        in_child(getattr(parsers, name), path, memory_limit=2**30)
    assert str(path) in str(caught.value)


def test_how_far_the_child_is_arrives_and_nonsense_does_not(parsers, path):
    heard: list[float | None] = []

    def hear(progress: Progress) -> None:
        """The child goes on once we have looked at what it told after it had told it."""
        heard.append(progress.fraction)
        for one in told:
            if one in there:
                there.remove(one)
                one.unlink()
                path.with_suffix(".seen").write_text("")
            elif one.exists():
                there.add(one)

    told = [path.with_suffix(f".{done}") for done in (1, 3, 9, "nan")]
    there: set[Path] = set()
    in_child(parsers.telling, path, report=hear, time_limit=120)
    assert list(dict.fromkeys(heard)) == [None, 0.25, 0.75]


def test_the_budget_of_the_caller_holds_in_the_child(parsers, path):
    with allowing(1234):
        assert in_child(parsers.allowing, path).facts == {"allowed": 1234}


def test_a_refusal_is_raised_again_as_it_was(parsers, path):
    with pytest.raises(InputError) as caught:
        in_child(parsers.refusing, path)
    assert str(caught.value) == f"{path}, line 2: is odd. Mend it."
    with pytest.raises(NotFoundError, match=r"There is no 'x'\. There is 'y'\."):
        in_child(parsers.missing, path)


def test_an_endless_child_is_stopped(parsers, path):
    with pytest.raises(InputError, match="gave no answer in 1 seconds"):
        in_child(parsers.endless, path, time_limit=1)


def test_cancelling_stops_the_child_at_once(parsers, path):
    def stop(progress: Progress) -> None:
        if started.exists() and started.read_text():
            raise Cancelled

    started = path.with_suffix(".started")
    with pytest.raises(Cancelled):
        in_child(parsers.endless, path, report=stop)
    with pytest.raises(ProcessLookupError):
        os.kill(int(started.read_text()), 0)


def test_modules_in_the_working_folder_are_not_imported(parsers, path, tmp_path, monkeypatch):
    elsewhere = tmp_path / "downloads"
    elsewhere.mkdir()
    (elsewhere / "numpy.py").write_text("raise SystemExit(9)")
    monkeypatch.chdir(elsewhere)
    assert in_child(parsers.whole, path, 1).arrays["vectors"].shape == (2, 3)
