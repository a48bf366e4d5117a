from __future__ import annotations

import gc
import subprocess
import sys
from collections.abc import Iterator

import pytest

from explorer.gui.tasks.loading import LinkedAhead, Settling, load_gently

_LINK_THEN_IMPORT = """
import importlib.util, sys, threading
from pathlib import Path
from explorer.gui.tasks.loading import LinkedAhead

module, library, result = sys.argv[1:]
package = module.partition(".")[0]

def work():
    found = importlib.util.find_spec(package)
    folders = found.submodule_search_locations if "." in module else None
    assert library not in Path("/proc/self/maps").read_text()
    assert LinkedAhead().find_spec(module, folders) is None
    assert library in Path("/proc/self/maps").read_text()
    assert package not in sys.modules
    names = {package: importlib.import_module(package)}
    told.append(eval(result, names))

told = []
thread = threading.Thread(target=work)
thread.start()
thread.join()
print(told)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere nothing is linked ahead")
@pytest.mark.parametrize(
    ("module", "library", "result"),
    [
        ("torch", "libtorch_cpu", "float(torch.ones(3).sum()) == 3"),
        ("tokenizers.tokenizers", "tokenizers.abi3", "tokenizers.AddedToken('a').content == 'a'"),
    ],
)
def test_a_library_is_in_memory_before_it_is_imported_in_a_thread(
    module: str, library: str, result: str
) -> None:
    command = [sys.executable, "-c", _LINK_THEN_IMPORT, module, library, result]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.stdout == "[True]\n", run.stderr


_IMPORT_WITHOUT_A_SEARCH = """
import gc, sys
from explorer.gui.tasks.loading import Unsearched

searches = []
gc.callbacks.append(lambda phase, info: searches.append(phase))
sys.meta_path.insert(0, Unsearched())
import matplotlib
print(searches.count("start") <= 1, gc.isenabled(), matplotlib.__file__ is not None)
"""


def test_garbage_is_searched_for_once_a_heavy_library_is_imported_not_meanwhile() -> None:
    run = subprocess.run(
        [sys.executable, "-c", _IMPORT_WITHOUT_A_SEARCH],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.stdout == "True True True\n", run.stderr


@pytest.fixture
def as_before() -> Iterator[None]:
    finders, callbacks, turn = list(sys.meta_path), list(gc.callbacks), sys.getswitchinterval()
    yield
    sys.meta_path[:], gc.callbacks[:] = finders, callbacks
    sys.setswitchinterval(turn)


@pytest.mark.usefixtures("as_before")
def test_whoever_waits_for_python_s_lock_has_it_within_a_millisecond() -> None:
    sys.setswitchinterval(0.005)
    sys.meta_path[:] = [one for one in sys.meta_path if not isinstance(one, LinkedAhead)]
    load_gently()
    assert sys.getswitchinterval() < 0.001


@pytest.mark.usefixtures("as_before")
def test_asking_again_changes_nothing() -> None:
    load_gently()
    finders, callbacks = list(sys.meta_path), list(gc.callbacks)
    load_gently()
    assert (sys.meta_path, gc.callbacks) == (finders, callbacks)
    assert sum(isinstance(finder, LinkedAhead) for finder in finders) == 1


@pytest.mark.parametrize(
    ("seconds", "generation", "frozen"), [(0.05, 2, 1), (0.01, 2, 0), (0.05, 1, 0)]
)
def test_only_a_long_search_through_everything_is_spared_the_next_time(
    seconds: float, generation: int, frozen: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[None] = []
    monkeypatch.setattr(gc, "freeze", lambda: calls.append(None))
    times = iter([1.0, 1.0 + seconds, 2.0, 2.0 + seconds])
    settling = Settling(lambda: next(times))
    for _ in range(2):  # no module has come since the first: what lives now may die yet
        settling("start", {"generation": generation})
        settling("stop", {"generation": generation})
    assert len(calls) == frozen
