"""Numbers that sort pairs by a float32 and then by a row number, in one pass over one array."""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from explorer.vectors import F32

Rows = npt.NDArray[np.int64]
Keys = npt.NDArray[np.uint64]
N = TypeVar("N", bound=np.generic)

_SIGN = np.uint32(2**31)
_ROW = np.uint64(2**32 - 1)


def keys_of(numbers: F32) -> Keys:
    """Keys in the order of the numbers, uint64 (n,), of row 0: another row is added with `|`.

    numbers: float32 (n,), none of them NaN. The bits of those that are not negative are in their
    order, of the others in the reverse (IEEE 754).
    """
    bits = numbers.view(np.uint32)
    bits = np.where(bits & _SIGN, ~bits, bits | _SIGN)
    return bits.astype(np.uint64) << np.uint64(32)


def sorted_by(keys: Keys) -> F32:
    """The numbers that keys were made from, float32."""
    bits = (keys >> np.uint64(32)).astype(np.uint32)
    return np.where(bits & _SIGN, bits ^ _SIGN, ~bits).view(np.float32)


def rows_of(keys: Keys) -> Rows:
    """The row numbers that were added to keys, int64."""
    return (keys & _ROW).astype(np.int64)


def in_table(
    numbers: npt.NDArray[N],
    query: npt.NDArray[np.integer[Any]],
    queries: int,
    least: int,
    rest: Any,
) -> npt.NDArray[N]:
    """The numbers (keys, or others) of every query in a row of a table: (queries, as many as the
    most have, or `least`).

    numbers: those of one query together, the queries in their order. query: which one a number
    belongs to, in any order. rest: what stands where a query has no more.
    """
    counts = np.bincount(query, minlength=queries)
    width = max(least, int(counts.max(initial=0)))
    table = np.full((queries, width), rest, dtype=numbers.dtype)
    table[np.arange(width) < counts[:, None]] = numbers
    return table
