"""Tridiagonal form: the numbers of scipy's own call, and a lock that others can have meanwhile."""

from __future__ import annotations

import ctypes
import os
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from scipy.linalg import lapack

from explorer import tridiagonal as module
from explorer.tridiagonal import tridiagonal


def _symmetric(dim: int) -> np.ndarray:
    rows = np.random.default_rng(dim).normal(size=(2 * dim, dim))
    return rows.T @ rows


@pytest.mark.parametrize("dim", [2, 3, 40, 200])
def test_the_form_is_that_of_scipys_own_call(dim: int) -> None:
    matrix = _symmetric(dim)
    kept = matrix.copy()

    found = tridiagonal(matrix)

    np.testing.assert_array_equal(matrix, kept)
    room = int(lapack.dsytrd_lwork(dim, lower=1)[0])
    for ours, scipys in zip(found, lapack.dsytrd(matrix.T, lower=1, lwork=room)[:4], strict=True):
        np.testing.assert_allclose(ours, scipys, atol=1e-9 * np.abs(matrix).max())


def test_a_scipy_that_publishes_nothing_is_called_in_its_own_way(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    matrix = _symmetric(30)
    expected = tridiagonal(matrix)
    monkeypatch.setattr(module, "_routine", lambda: None)

    for ours, scipys in zip(tridiagonal(matrix), expected, strict=True):
        np.testing.assert_allclose(ours, scipys, atol=1e-9 * np.abs(matrix).max())


_WAIT_FOR_ANOTHER = """#!/bin/sh
: > "$0.begun"
for _ in $(seq 3000); do [ -e "$0.go_on" ] && exit; sleep 0.02; done
: > "$0.alone"
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there the C library has no name")
def test_another_thread_goes_on_meanwhile(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The C library's system() stands in for the routine: called as that is, it runs a program of
    the name L, which ends when another thread has done something, or after a minute."""
    program = tmp_path / "L"
    program.write_text(_WAIT_FOR_ANOTHER)
    program.chmod(0o700)
    begun, go_on, alone = (program.with_suffix(f".{name}") for name in ("begun", "go_on", "alone"))
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    system = ctypes.cast(ctypes.CDLL(None).system, ctypes.c_void_p).value
    waiting = type(module._routine())(system)
    monkeypatch.setattr(module, "_routine", lambda: waiting)

    worker = threading.Thread(target=tridiagonal, args=[_symmetric(3)])
    worker.start()
    while worker.is_alive() and not begun.exists():
        worker.join(0.001)
    go_on.touch()
    worker.join()

    assert begun.exists()
    assert not alone.exists()
