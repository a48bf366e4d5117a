"""Where each row of a table lies when its rows are shared out among several machines.

The two ways of TensorFlow's `embedding_lookup`. With `rows` rows in `shards` shards:

    "mod"  row i is in shard i mod shards, there at place i div shards
    "div"  rows stay together; the first (rows mod shards) shards have one row more than the rest

Either way shard j has the same number of rows. There may be more shards than rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from explorer import arguments
from explorer.embedding.ids import Ids, as_ids, check_range
from explorer.errors import ParameterError

STRATEGIES = ("mod", "div")
MOST_SHARDS = 1_000_000
MOST_ROWS = 2**32  # 32 GiB of row numbers


def shard_of(ids: Ids, rows: int, shards: int, strategy: str = "mod") -> Ids:
    """The shard (from 0) of each id, int64 of their shape. ids: within 0..rows-1.

    Raises IdsError, ParameterError."""
    ids = _checked_ids(ids, rows, shards, strategy)
    if strategy == "mod":
        return ids % shards
    size, longer = divmod(rows, shards)
    # As TensorFlow has it: past the longer shards, the first quotient falls behind the second.
    return np.maximum(ids // (size + 1), (ids - longer) // max(1, size))


def place_of(ids: Ids, rows: int, shards: int, strategy: str = "mod") -> Ids:
    """The row (from 0) within its shard of each id, int64 of their shape. ids: within 0..rows-1.

    Raises IdsError, ParameterError."""
    ids = _checked_ids(ids, rows, shards, strategy)
    if strategy == "mod":
        return ids // shards
    shard = shard_of(ids, rows, shards, strategy)
    size, longer = divmod(rows, shards)
    return ids - (shard * size + np.minimum(shard, longer))


def split(rows: int, shards: int, strategy: str = "mod") -> tuple[Ids, ...]:
    """The row numbers in each shard, int64, in the order in which they lie there.

    Raises ParameterError."""
    check_sharing(shards, strategy)
    if not 0 <= arguments.whole("number of rows", rows) <= MOST_ROWS:
        raise ParameterError(f"{rows:,} rows cannot be split.", f"Give 0 to {MOST_ROWS:,}.")
    every = np.arange(rows, dtype=np.int64)
    if strategy == "mod":
        return tuple(every[shard::shards] for shard in range(shards))
    return tuple(np.array_split(every, shards))  # the first ones longer, as here


def _checked_ids(ids: Ids, rows: int, shards: int, strategy: str) -> Ids:
    check_sharing(shards, strategy)
    wanted = as_ids(ids)
    check_range(wanted, arguments.whole("number of rows", rows))
    return wanted


def sizes(rows: int, shards: int) -> tuple[int, ...]:
    """How many rows each shard has; the same for both strategies."""
    size, longer = divmod(rows, shards)
    return tuple(size + (shard < longer) for shard in range(shards))


def check_sharing(shards: int, strategy: str) -> None:
    """Raises ParameterError for shards that are not 1 to MOST_SHARDS, or a strategy that there is
    not."""
    if not 1 <= arguments.whole("number of shards", shards) <= MOST_SHARDS:
        raise ParameterError(
            f"There cannot be {shards:,} shards.", f"Choose between 1 and {MOST_SHARDS:,}."
        )
    if arguments.text("partition strategy", strategy) not in STRATEGIES:
        raise ParameterError(
            f"There is no partition strategy {strategy!r}.", f"There are: {', '.join(STRATEGIES)}."
        )


def check_sizes(params: Sequence[npt.NDArray[Any]]) -> None:
    """Raises ParameterError where matrices cannot be the shards of one table."""
    if len({part.shape[1] for part in params}) > 1:
        widths = ", ".join(str(part.shape[1]) for part in params)
        raise ParameterError(f"The shards have rows of different lengths: {widths}.")
    have, rows = tuple(len(part) for part in params), sum(len(part) for part in params)
    if have != (wanted := sizes(rows, len(params))):
        raise ParameterError(
            f"Shards of {_listed(have)} rows are not those of a table of {rows:,}.",
            f"They would have {_listed(wanted)} rows, with either strategy.",
        )


def _listed(numbers: Sequence[int]) -> str:
    shown = [f"{number:,}" for number in numbers[:8]]
    return ", ".join(shown) + (", …" if len(numbers) > 8 else "")
