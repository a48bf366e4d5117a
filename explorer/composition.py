"""What a selection is made of: how its values are spread in each column, beside all rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from explorer.table import Column

Rows = npt.NDArray[np.int64]

MOST_VALUES = 6


@dataclass(frozen=True)
class Share:
    """One value of a categorical column. here, overall: how many rows have it, of `rows` selected
    and of `total`."""

    value: str
    here: int
    overall: int
    rows: int
    total: int

    @property
    def lift(self) -> float:
        """How many times more often the value stands in the selection than among all rows."""
        return (self.here / self.rows) / (self.overall / self.total)


@dataclass(frozen=True)
class Spread:
    """A numeric column: means of its finite values, NaN where there is none."""

    here: float
    overall: float


class Categories:
    """A categorical column counted once, so that any selection is counted in one pass over it."""

    def __init__(self, column: Column) -> None:
        counts = Counter(column.values.tolist())
        self._names = list(counts)
        code = {name: place for place, name in enumerate(self._names)}
        values = column.values.tolist()
        self._codes = np.fromiter((code[value] for value in values), np.int32, len(values))
        self._overall = np.fromiter(counts.values(), np.int64, len(counts))

    def most(self, rows: Rows, limit: int = MOST_VALUES) -> list[Share]:
        """The `limit` most frequent values in these rows; equally frequent ones, the rarer
        among all rows first."""
        here = np.bincount(self._codes[rows], minlength=len(self._names))
        order = np.lexsort((self._overall, -here))[:limit]
        return [
            Share(
                str(self._names[place]),
                int(here[place]),
                int(self._overall[place]),
                len(rows),
                len(self._codes),
            )
            for place in order.tolist()
            if here[place]
        ]

    @property
    def telling(self) -> bool:
        """Whether values are shared at all: a column of one name a row has nothing in common."""
        return len(self._names) <= max(1, len(self._codes) // 2)


class Composition:
    """The columns of a table, ready to say what a selection is made of."""

    def __init__(self, columns: Iterable[Column]) -> None:
        self._columns = tuple(columns)
        self._categories: dict[str, Categories] = {}

    def of(self, rows: Rows) -> Iterator[tuple[Column, list[Share] | Spread]]:
        """Each column with its most frequent values, or its means where it is numeric; columns
        that tell nothing are left out. rows: int64, at least one."""
        for column in self._columns:
            if column.numeric:
                yield column, Spread(_mean(column.values[rows]), _mean(column.values))
                continue
            if column.name not in self._categories:
                self._categories[column.name] = Categories(column)
            categories = self._categories[column.name]
            if categories.telling:
                yield column, categories.most(rows)


def _mean(values: npt.NDArray[np.generic]) -> float:
    finite = values[np.isfinite(values)].astype(np.float64)
    return float(finite.mean()) if len(finite) else float("nan")
