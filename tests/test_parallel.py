import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from threading import Event
from time import sleep

import numpy as np
import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from explorer import parallel
from explorer.parallel import _found, cores, in_order, one_blas_thread, over_blocks
from explorer.progress import Cancelled, silent


def blas_threads():
    return [pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"]


@pytest.fixture
def two_threads():
    """As on a machine with two cores, whatever this one has."""
    with threadpool_limits(2, user_api="blas"):
        _found.cache_clear()
        yield
    _found.cache_clear()


def test_every_block_is_worked_on_once_and_the_last_is_short():
    seen, told = np.zeros(1003, dtype=int), []

    def work(start, stop):
        seen[start:stop] += 1

    over_blocks(1003, 100, work, told.append, "Counting")
    assert (seen == 1).all()
    assert [progress.done for progress in told] == list(range(0, 1003, 100))
    assert {(progress.total, progress.message) for progress in told} == {(1003, "Counting")}


def test_a_report_that_raises_leaves_blocks_undone_and_blas_as_it_was(two_threads, monkeypatch):
    done, over = [], Event()

    class Threads(ThreadPoolExecutor):
        def shutdown(self, *how, **more):
            over.set()  # only now do blocks under way go on
            super().shutdown(*how, **more)

    def work(start, stop):
        assert start == 0 or over.wait(60)
        done.append(start)

    def stop(progress):
        if progress.done > 0:
            raise Cancelled

    monkeypatch.setattr(parallel, "ThreadPoolExecutor", Threads)
    with pytest.raises(Cancelled):
        over_blocks(1000, 1, work, stop, "")
    assert len(done) <= 1 + cores()
    assert set(blas_threads()) == {2}


def test_what_a_block_raises_reaches_the_caller():
    def work(start, stop):
        if start == 3:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        over_blocks(9, 1, work, silent, "")


def test_blas_has_one_thread_until_the_last_user_is_gone(two_threads):
    with one_blas_thread():
        with one_blas_thread():
            assert set(blas_threads()) == {1}
        assert set(blas_threads()) == {1}
    assert set(blas_threads()) == {2}


def test_there_is_at_least_one_core():
    assert cores() >= 1


def test_a_blas_library_that_comes_later_has_one_thread_too():
    script = (
        "from threadpoolctl import threadpool_info\n"
        "from explorer.parallel import one_blas_thread\n"
        "with one_blas_thread():\n    pass\n"
        "import scipy.linalg\n"
        "def threads(): return {p['num_threads'] for p in threadpool_info()}\n"
        "before = threads()\n"
        "with one_blas_thread():\n    print(threads())\n"
        "print(threads() == before)\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )
    assert run.stdout == "{1}\nTrue\n", run.stderr


def test_a_product_in_the_main_thread_leaves_other_threads_the_say():
    """OpenBLAS 0.3.31 keeps to what the main thread has set, whatever others set afterwards."""
    code = (
        "import threading, numpy\n"
        "from explorer.parallel import one_blas_thread\n"
        "from threadpoolctl import threadpool_info\n"
        "with one_blas_thread(): pass\n"
        "def other():\n"
        "    with one_blas_thread():\n"
        "        print([pool['num_threads'] for pool in threadpool_info()])\n"
        "thread = threading.Thread(target=other); thread.start(); thread.join()\n"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert set(ran.stdout.strip("[]\n").split(", ")) == {"1"}


def test_what_is_made_of_blocks_comes_in_their_order():
    def work(block: int) -> int:
        sleep(0.05 if block == 0 else 0)
        return block * block

    assert list(in_order(iter(range(6)), work)) == [0, 1, 4, 9, 16, 25]


def test_no_more_blocks_are_taken_than_are_worked_on():
    taken: list[int] = []

    def blocks():
        for block in range(50):
            taken.append(block)
            yield block

    with closing(in_order(blocks(), lambda block: block)) as made:
        assert next(made) == 0
        assert len(taken) <= cores() + 1


def test_an_error_in_a_block_is_raised_where_it_is_asked_for():
    def work(block: int) -> int:
        if block == 3:
            raise ValueError("three")
        return block

    with closing(in_order(iter(range(9)), work)) as made:
        assert [next(made) for _ in range(3)] == [0, 1, 2]
        with pytest.raises(ValueError, match="three"):
            next(made)
