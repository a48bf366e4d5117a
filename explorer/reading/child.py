"""Running a risky parser in a process of its own, so that a hostile file cannot take the window
down: a crafted HDF5 file can crash the library (h5py#1183), a pickle can ask for all the memory.

The child is a plain Python without a window. It gets a limit of memory where the system has one
(POSIX; elsewhere only the limit of time holds), and hands back arrays as .npy files in a temporary
folder, which the parent maps, and plain JSON beside them. How far it is it writes into a file
there, which the parent looks at. Whatever else happens - a crash, a kill, too much memory, no
answer in time, garbage - becomes an InputError.
"""

from __future__ import annotations

import contextlib
import importlib
import inspect
import json
import math
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from explorer import errors
from explorer.errors import ExplorerError, InputError, OutputError
from explorer.progress import Progress, Report, silent
from explorer.reading.memory import allowed, allowing

MEMORY_LIMIT = 4 * 2**30
TIME_LIMIT = 300.0
_ANSWER, _PROGRESS = "answer.json", "progress.json"
_POLL = 0.02
# Importing from where the parent imports, but never from the folder the user works in (-P).
_COMMAND = ("-P", "-c", "from explorer.reading.child import serve; serve()")
# One thread: OpenBLAS and OpenMP reserve memory for each, which counts against the limit.
_ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


@dataclass(frozen=True, eq=False)
class Result:
    """What a parser found. arrays: by name, any shape and dtype without objects; in the parent
    they are read-only maps of files that are already deleted. facts: plain JSON, keys are texts."""

    arrays: Mapping[str, npt.NDArray[Any]] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)


Parser = Callable[..., Result]


def in_child(
    function: Parser,
    path: Path,
    *args: Any,
    report: Report = silent,
    memory_limit: int = MEMORY_LIMIT,
    time_limit: float = TIME_LIMIT,
) -> Result:
    """`function(path, *args)`, run in a child process.

    function: a module-level function of the package, path first, giving a Result; it may raise any
        ExplorerError, which is raised here again. One that has a keyword `report` is given a Report
        whose done and total arrive in the parent's. args: plain JSON.
    report: called about 50 times a second; where it raises Cancelled, the child is killed.
    memory_limit: bytes the child may allocate, libraries included (torch alone takes 0.3 GB).
    time_limit: seconds until it is killed.
    Raises InputError for all that a hostile file can do to a parser, and OutputError where the
    temporary folder has no room for the arrays.
    """
    report(Progress(0, 0, f"Reading {path.name}"))
    with tempfile.TemporaryDirectory(prefix="explorer-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        request = {
            "function": [function.__module__, function.__qualname__],
            "path": str(path),
            "args": args,
            "folder": name,
            "memory_limit": memory_limit,
            "budget": allowed(),
            "time_limit": time_limit,
        }
        with _started(json.dumps(request)) as child:
            ended = _waited(path, folder, child, time_limit, report)
        return _answer(path, folder, ended)


@contextmanager
def _started(request: str) -> Iterator[subprocess.Popen[bytes]]:
    """A child that has its request; it does not outlive the block."""
    environment = {**os.environ, **_ONE_THREAD}
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, sys.path))
    child = subprocess.Popen(
        [sys.executable, *_COMMAND],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=environment,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )
    try:
        if child.stdin is not None:
            with contextlib.suppress(BrokenPipeError), child.stdin as stream:
                stream.write(request.encode())
        yield child
    finally:
        child.kill()
        child.wait()


def _waited(
    path: Path,
    folder: Path,
    child: subprocess.Popen[bytes],
    time_limit: float,
    report: Report,
) -> int:
    """The child's exit status. Raises InputError beyond the limit, and whatever `report` does."""
    started, done, total = time.monotonic(), 0.0, 0.0
    while True:
        try:
            return child.wait(_POLL)
        except subprocess.TimeoutExpired:
            pass
        if time.monotonic() - started > time_limit:
            problem = f"its parser gave no answer in {time_limit:,.0f} seconds and was stopped."
            raise InputError(path, problem, _SUSPECT)
        done, total = _how_far(folder) or (done, total)
        report(Progress(done, total, f"Reading {path.name}"))


def _how_far(folder: Path) -> tuple[float, float] | None:
    """What the child last said of done and total; None for nothing yet, a line that is being
    written, or nonsense."""
    try:
        done, total = json.loads((folder / _PROGRESS).read_bytes())
        sound = 0 <= done <= total < math.inf
        return (float(done), float(total)) if sound else None
    except (OSError, ValueError, TypeError, RecursionError):
        return None


def _answer(path: Path, folder: Path, ended: int) -> Result:
    try:
        answer = json.loads((folder / _ANSWER).read_bytes())
        if "error" not in answer:
            return Result(dict(_arrays(folder, answer["arrays"])), dict(answer["facts"]))
    except (OSError, ValueError, TypeError, KeyError, RecursionError) as error:
        how = f"by signal {-ended}" if ended < 0 else f"with status {ended}"
        problem = f"its parser ended {how} and without an answer."
        raise InputError(path, problem, _SUSPECT) from error
    raise _as_raised(path, answer["error"])


def _arrays(folder: Path, names: list[str]) -> Iterator[tuple[str, npt.NDArray[Any]]]:
    for place, name in enumerate(names):
        yield name, np.load(folder / f"{place}.npy", mmap_mode="r", allow_pickle=False)


def _as_raised(path: Path, error: dict[str, str]) -> ExplorerError:
    """What the child raised, in the parent's own class."""
    raised: ExplorerError
    if error["kind"] == "MemoryError":
        problem = "its parser asked for more memory than it may have, and was stopped."
        return InputError(path, problem, _SUSPECT)
    kind = getattr(errors, error["kind"], None)
    if kind is None:
        return InputError(path, f"cannot be parsed ({error['kind']}).", _SUSPECT)
    if issubclass(kind, InputError | OutputError):
        raised = kind(error["path"], "")
        raised.message, raised.hint = error["message"], error["hint"]
        raised.args = (error["message"],)
        return raised
    raised = kind(error["message"], error["hint"])
    return raised


_SUSPECT = "The file is damaged or made to do harm; fetch it again from where you trust it."


# In the child


def serve() -> None:
    """The child's whole life: one request from standard input, one answer in its folder."""
    request = json.load(sys.stdin)
    _limit(request["memory_limit"], request["time_limit"])
    folder = Path(request["folder"])
    (folder / _ANSWER).write_text(_answered(request, folder))


def _answered(request: dict[str, Any], folder: Path) -> str:
    """The answer or what went wrong, as JSON."""
    try:
        with allowing(request["budget"]):
            return json.dumps(_served(request, folder))
    except ExplorerError as error:
        return json.dumps({"error": _told(error)})
    except MemoryError:
        return json.dumps({"error": {"kind": "MemoryError"}})
    except Exception as error:  # whatever a hostile file provokes in a parser
        return json.dumps({"error": {"kind": type(error).__name__}})


def _served(request: dict[str, Any], folder: Path) -> dict[str, Any]:
    module, name = request["function"]
    function = getattr(importlib.import_module(module), name)
    tells = "report" in inspect.signature(function).parameters
    how_far = {"report": _telling(folder / _PROGRESS)} if tells else {}
    result = function(Path(request["path"]), *request["args"], **how_far)
    for place, array in enumerate(result.arrays.values()):
        _keep(folder / f"{place}.npy", array)
    return {"arrays": list(result.arrays), "facts": dict(result.facts)}


def _keep(file: Path, array: npt.NDArray[Any]) -> None:
    try:
        np.save(file, array, allow_pickle=False)
    except OSError as error:
        file.unlink(missing_ok=True)  # there must be room for the answer
        hint = "Free some there, or name another folder in the environment: TMPDIR."
        raise OutputError(
            file.parent.parent, "there is no room for what was read.", hint
        ) from error


def _telling(file: Path) -> Report:
    """A report that writes done and total into a file, no oftener than they are looked at."""
    told = -math.inf

    def tell(progress: Progress) -> None:
        nonlocal told
        if time.monotonic() - told >= _POLL:
            told = time.monotonic()
            with contextlib.suppress(OSError):  # a full disk is told of the arrays
                file.write_text(json.dumps([progress.done, progress.total]))

    return tell


def _told(error: ExplorerError) -> dict[str, str]:
    path = str(getattr(error, "path", ""))
    return {
        "kind": type(error).__name__, "message": error.message, "hint": error.hint, "path": path,
    }  # fmt: skip


def _limit(memory: int, seconds: float) -> None:
    """Lowers what this process may take. RLIMIT_DATA counts what is allocated, not what is mapped
    from files; a parent that dies leaves no endless child, for the CPU time ends too."""
    try:
        import resource
    except ImportError:
        return
    whole = math.ceil(seconds) + 1
    for limit, value in (("RLIMIT_DATA", memory), ("RLIMIT_CPU", whole), ("RLIMIT_CORE", 0)):
        with contextlib.suppress(AttributeError, ValueError, OSError):
            resource.setrlimit(getattr(resource, limit), (value, value))
