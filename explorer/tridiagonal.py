"""A symmetric matrix to tridiagonal form, while other threads go on.

scipy's own face of LAPACK holds the interpreter lock for the whole call: 7 s for 1,200 dimensions
on two busy cores, in which a window does not move. The same routine is called by its address here,
which scipy.linalg.cython_lapack publishes; ctypes gives the lock away meanwhile.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

F64 = npt.NDArray[np.float64]

_REAL = b"__pyx_t_5scipy_6linalg_13cython_lapack_d *"
_INTEGER = b"int *"
# What the routine is declared as; a scipy built with other integers says something else.
_ARGUMENTS = (b"char *", _INTEGER, _REAL, _INTEGER, *[_REAL] * 4, _INTEGER, _INTEGER)
_SIGNATURE = b"void (" + b", ".join(_ARGUMENTS) + b")"


def tridiagonal(matrix: F64) -> tuple[F64, F64, F64, F64]:
    """LAPACK's dsytrd, lower triangle: the matrix of reflectors (dim, dim), in the order of
    columns; the diagonal (dim,), what stands beside it (dim - 1,), and the reflectors' factors
    (dim - 1,).

    matrix: float64 (dim, dim), symmetric, finite, dim >= 2; it is left as it is.
    """
    from scipy.linalg import lapack

    dim = len(matrix)
    room = int(lapack.dsytrd_lwork(dim, lower=1)[0])
    # Symmetric: the transpose is the same matrix, in the order of columns that LAPACK wants.
    reduced = np.array(matrix.T, dtype=np.float64, order="F")
    routine = _routine()
    if routine is None:
        found: tuple[F64, F64, F64, F64, int] = lapack.dsytrd(reduced, lower=1, lwork=room)
        return found[:4]
    diagonal, beside, factors = np.empty(dim), np.empty(dim - 1), np.empty(dim - 1)
    reals = (reduced, diagonal, beside, factors, np.empty(room))
    first, *others = (real.ctypes.data_as(ctypes.c_void_p) for real in reals)
    size, space, told = ctypes.c_int(dim), ctypes.c_int(room), ctypes.c_int(0)
    by = ctypes.byref
    routine(b"L", by(size), first, by(size), *others, by(space), by(told))
    return reduced, diagonal, beside, factors


def _routine() -> Callable[..., Any] | None:
    """dsytrd; None where scipy does not publish it as it is known here."""
    from scipy.linalg import cython_lapack

    capsule = getattr(cython_lapack, "__pyx_capi__", {}).get("dsytrd")
    if capsule is None:
        return None
    name_of = ctypes.PYFUNCTYPE(ctypes.c_char_p, ctypes.py_object)(
        ("PyCapsule_GetName", ctypes.pythonapi)
    )
    if name_of(capsule) != _SIGNATURE:
        return None
    address_of = ctypes.PYFUNCTYPE(ctypes.c_void_p, ctypes.py_object, ctypes.c_char_p)(
        ("PyCapsule_GetPointer", ctypes.pythonapi)
    )
    kinds = [ctypes.c_char_p, *[ctypes.c_void_p] * 9]
    return ctypes.CFUNCTYPE(None, *kinds)(address_of(capsule, _SIGNATURE))
