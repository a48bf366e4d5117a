"""Blocks of matrix work on all cores: a thread of ours for each, and one BLAS thread in each.

A BLAS product over many threads waits at its end for the slowest of them; where another process
has a core, that took ten times as long for products of a tile's size as one thread did (measured
with OpenBLAS 0.3.31). Blocks that need no one else's result do not wait.
"""

from __future__ import annotations

import os
import sys
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from functools import cache
from threading import Lock, Thread, current_thread, main_thread
from typing import Any, TypeVar

from explorer.progress import Progress, Report

T = TypeVar("T")
R = TypeVar("R")


def over_blocks(
    rows: int,
    size: int,
    work: Callable[[int, int], object],
    report: Report,
    message: str,
    *,
    products: bool = True,
) -> None:
    """Calls `work(first, last + 1)` for every block of `size` rows, on all cores at once.

    `report` hears of each block that is done; when it raises, blocks not begun are dropped, and
    those under way are waited for. What `work` raises is raised here.

    products: whether the work makes any; without them BLAS is left as it is, which saves some
        milliseconds.
    """
    with one_blas_thread() if products else nullcontext(), ThreadPoolExecutor(cores()) as threads:
        starts = range(0, rows, size)
        jobs = [threads.submit(work, start, min(rows, start + size)) for start in starts]
        try:
            for start, job in zip(starts, jobs, strict=True):
                report(Progress(start, rows, message))
                job.result()
        finally:
            for job in jobs:
                job.cancel()


def in_order(blocks: Iterable[T], work: Callable[[T], R]) -> Generator[R]:
    """What `work` makes of each block, in their order, worked out on all cores at once.

    Blocks are taken one by one, and no more than one for each core and one besides are held.
    Close it (contextlib.closing) where not all is taken.
    """
    with one_blas_thread(), ThreadPoolExecutor(cores()) as threads:
        jobs: deque[Future[R]] = deque()
        try:
            for block in blocks:
                jobs.append(threads.submit(work, block))
                if len(jobs) > cores():
                    yield jobs.popleft().result()
            while jobs:
                yield jobs.popleft().result()
        finally:
            for job in jobs:
                job.cancel()


def cores() -> int:
    """Cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def spared_cores() -> int:
    """Cores for long work, at least one: one is left to the window."""
    return max(1, cores() - 1)


@contextmanager
def torch_threads(count: int) -> Iterator[None]:
    """So many threads for torch's work inside, and as many as before afterwards."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(count)
    try:
        yield
    finally:
        torch.set_num_threads(before)


# BLAS has one number of threads for the whole process, so who needs another one is counted for
# the whole process too: the first to come sets it, the last to go sets it back.
_lock = Lock()
_users: list[object] = []


@contextmanager
def one_blas_thread() -> Iterator[None]:
    """Products that NumPy makes meanwhile take one thread each. May be nested and shared."""
    me = object()
    with _lock:
        _set_threads([(library, 1) for library, _ in _blas_libraries()])
        _users.append(me)
    try:
        yield
    finally:
        with _lock:
            _users.remove(me)
            if not _users:
                _set_threads(_blas_libraries())


def _set_threads(wanted: list[tuple[Any, int]]) -> None:
    """Sets the number of threads of each library.

    Once the main thread has set a number, OpenBLAS 0.3.31 keeps to it whatever other threads set,
    and the lanes of a window could set none any more. So this is done in a thread of its own; where
    the main thread has set one already, only itself can set another.
    """

    def setting() -> None:
        for library, threads in wanted:
            library.set_num_threads(threads)

    thread = Thread(target=setting, name="blas-threads")
    thread.start()
    thread.join()
    if current_thread() is main_thread() and any(
        library.num_threads != threads for library, threads in wanted
    ):
        setting()


def _blas_libraries() -> list[tuple[Any, int]]:
    """The BLAS libraries and their threads before any of us changed them: NumPy's, which is there
    from the start, and SciPy's, in which scikit-learn's loops make theirs, once it is loaded."""
    return _found("scipy.linalg._fblas" in sys.modules)


@cache
def _found(with_scipy: bool) -> list[tuple[Any, int]]:
    """Looking for them takes some milliseconds. Those known keep the number they had at first."""
    from threadpoolctl import ThreadpoolController

    known = {library.filepath: usual for library, usual in _found(False)} if with_scipy else {}
    found = ThreadpoolController().select(user_api="blas").lib_controllers
    return [(library, known.get(library.filepath, library.num_threads)) for library in found]
