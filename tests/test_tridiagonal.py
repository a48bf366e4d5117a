"""Tridiagonal form: the numbers of scipy's own call, and a lock that others can have meanwhile."""

from __future__ import annotations

import threading

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


def test_another_thread_goes_on_meanwhile() -> None:
    matrix, over, turns = _symmetric(700), threading.Event(), 0
    tridiagonal(matrix)  # scipy is loaded
    worker = threading.Thread(target=lambda: (tridiagonal(matrix), over.set()))

    worker.start()
    while not over.wait(0.001):
        turns += 1
    worker.join()

    assert turns > 5  # a call that keeps the lock lets nobody turn more than once or twice
