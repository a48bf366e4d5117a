import subprocess
import sys
from time import sleep

import numpy as np
import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from explorer.parallel import _found, cores, one_blas_thread, over_blocks
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


def test_a_report_that_raises_leaves_blocks_undone_and_blas_as_it_was(two_threads):
    done = []

    def stop(progress):
        if progress.done > 0:
            raise Cancelled

    with pytest.raises(Cancelled):
        over_blocks(1000, 1, lambda start, stop: done.append(sleep(0.01)), stop, "")
    assert len(done) < 1000
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
