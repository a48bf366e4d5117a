"""What the window calls the rows: their tokens as a person reads them, or raw."""

from __future__ import annotations

from collections.abc import Sequence
from typing import overload

from explorer.table import Table
from explorer.tokens import readable, shown


class Names(Sequence[str]):
    """One visible text a row, made when it is asked for; never more than one line.

    plain: resolve the marks of the vocabulary (`Ġthe` is shown as `␣the`); False shows the raw
        token, what cannot be seen made visible.
    """

    def __init__(self, table: Table | None, *, plain: bool = True) -> None:
        self._tokens: Sequence[str] = table.tokens if table else ()
        self.scheme = table.scheme if table and plain else ""

    def __len__(self) -> int:
        return len(self._tokens)

    @overload
    def __getitem__(self, row: int) -> str: ...
    @overload
    def __getitem__(self, row: slice) -> list[str]: ...
    def __getitem__(self, row: int | slice) -> str | list[str]:
        if isinstance(row, slice):
            return [self.of(place) for place in range(*row.indices(len(self)))]
        return self.of(row)

    def of(self, row: int, limit: int = 60) -> str:
        """The name of a row in at most `limit` characters, 0 for no limit."""
        return self.text(self._tokens[row], limit)

    def text(self, token: str, limit: int = 60) -> str:
        """A token as its row would be called."""
        return readable(token, self.scheme, limit) if self.scheme else shown(token, limit)
