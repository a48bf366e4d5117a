"""Questions to a table: what a text looks up, what lies near."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from explorer import expressions, lookups, nearest
from explorer.errors import ParameterError
from explorer.expressions import Vector
from explorer.lookups import Lookup
from explorer.nearest import Neighbors, Query
from explorer.nearest.measures import Keys
from explorer.progress import Progress, Report, part, silent
from explorer.spaces import Space, fit, parse_space
from explorer.table import Table

F64 = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]
Selections = Mapping[str, Rows]

# A text with none of these is a token, known or not; with one of them it may be an expression.
_MEANT = re.compile(r"""["'#@+*/(),−×÷-]""")
_ROW = re.compile("#[0-9]{1,18}")


@dataclass(frozen=True, eq=False)
class SpaceComparison:
    """The neighbours of one query in some spaces.

    spaces: their names, as parse_space reads them. words: what was done in each, for people.
    found: the neighbours in each.
    rows: int64 (n,), ascending: all rows that are among the k nearest in one of the spaces.
    ranks: int64 (n, spaces): the exact rank of each of them in each space among all rows of the
        table but those that the query speaks of, from 1; 0 where it cannot be compared.
    missing: of the spaces that may be left out, by name, why each was, in words.
    """

    spaces: tuple[str, ...]
    found: tuple[Neighbors, ...]
    ranks: Rows
    rows: Rows
    words: tuple[str, ...] = ()
    missing: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.ranks.flags.writeable = False
        self.rows.flags.writeable = False

    @property
    def left_out(self) -> tuple[str, ...]:
        """A sentence for each space that is missing."""
        told = self.missing.items()
        return tuple(f"The space {space!r} is left out: {reason}" for space, reason in told)

    def shifts(self, space: int, reference: int = 0) -> tuple[str, ...]:
        """How the neighbours in a space stand beside their rank in another (by number): "+3" where
        they have risen by three, "-12" where they have sunk, "=" or "new" where they were not
        among the k nearest there."""
        there = self.ranks[np.searchsorted(self.rows, self.found[space].rows), reference]
        k = len(self.found[reference].rows)
        return tuple(_shift(int(was), here, k) for here, was in enumerate(there, 1))


def _shift(was: int, here: int, k: int) -> str:
    if not 1 <= was <= k:
        return "new"
    return f"{was - here:+d}" if was != here else "="


def lookup(table: Table, text: str) -> Lookup:
    """What a typed text looks up, piece by piece. Raises InputError for a broken tokenizer."""
    return lookups.lookup(table, text)


def neighbors(
    table: Table,
    query: str | int | npt.NDArray[np.floating[Any]],
    k: int = 10,
    metric: str = "cosine",
    *,
    space: str = "raw",
    selections: Selections | None = None,
    report: Report = silent,
) -> Neighbors:
    """The k nearest rows of a query in a space, over all rows of the table.

    query: a row, a vector (dim,) as the table has them, or a text: an exact token (or `#12`) first,
        else an expression, such as `"king" - "man" + "woman"`, which is worked out in the space.
        The rows that the query speaks of are not in the answer.
    metric: "cosine", "dot" or "euclidean". space: as explorer.spaces.parse_space reads it.
    selections: rows by name, for expressions that speak of them.
    Raises NotFoundError for an unknown token or row, ExpressionError for an expression that cannot
    be worked out, ParameterError for a query without a direction, and for a metric or space that
    does not exist.
    """
    nearest.check(k, metric)
    asked, rows = _asked(table, query, metric, parse_space(space), selections, report)
    return nearest.best(asked, asked.keys(report), k, rows)


def query(
    table: Table, text: str, selections: Selections | None = None, *, report: Report = silent
) -> Vector:
    """The vector that a text stands for, an exact token first, else an expression, in the table's
    own numbers, and the rows that it speaks of. Raises NotFoundError, ExpressionError."""
    context = expressions.Context.of(table, selections, report)
    row = _row(table, text)
    return expressions.evaluate(text if row is None else f"#{row}", context)


def row_of(table: Table, found: Vector) -> int | None:
    """The row that an expression comes to, however it is written (`"king"`, `#12`); None where it
    comes to no row of the table."""
    if len(found.rows) != 1:
        return None
    row = int(found.rows[0])
    stored = table.vectors.exact(found.rows)[0].astype(np.float64)
    return row if np.array_equal(stored, found.values) else None


def row_meant(table: Table, text: str) -> int | None:
    """The row that a text means, as a token or as an expression; None for an expression that comes
    to no row. Raises as `query` does."""
    row = _row(table, text)
    return row if row is not None else row_of(table, query(table, text))


def compare_spaces(
    table: Table,
    query: str | int | npt.NDArray[np.floating[Any]],
    k: int = 10,
    metric: str = "cosine",
    *,
    spaces: Sequence[str] = ("raw", "centre", "remove 3"),
    optional: Collection[str] = (),
    selections: Selections | None = None,
    report: Report = silent,
) -> SpaceComparison:
    """The k nearest rows of a query in each of some spaces, and where each stands in the others.

    optional: those of the spaces that are left out, and said to be, where they cannot be fitted or
    leave the query no direction. Where none is left, the first one's error is raised.
    Raises what `neighbors` raises, ParameterError also where a space is named twice or none is.
    """
    nearest.check(k, metric)
    named = _named_once(spaces)
    spared = {parse_space(space) for space in optional}
    seen: list[_Seen] = []
    missing: dict[str, ParameterError] = {}
    for place, space in enumerate(named):
        share = part(report, place / len(named), (place + 1) / len(named))
        try:
            one, rows = _asked(table, query, metric, space, selections, share)
        except ParameterError as error:
            if space not in spared:
                raise
            missing[str(space)] = error
        else:
            seen.append(_Seen(one, one.keys(share), rows))
    if not seen:
        raise missing[str(named[0])]
    return _side_by_side(seen, k, {space: error.message for space, error in missing.items()})


class _Seen(NamedTuple):
    """A query in one space, the keys of all rows there, and the rows that are no answer."""

    query: Query
    keys: Keys
    own: Collection[int]


def _named_once(spaces: Sequence[str]) -> list[Space]:
    named = [parse_space(space) for space in spaces]
    if not named or len(set(named)) < len(named):
        raise ParameterError("Spaces to compare are named once each.", "Such as raw and centre.")
    return named


def _side_by_side(seen: Sequence[_Seen], k: int, missing: Mapping[str, str]) -> SpaceComparison:
    """What is near in each space, and the rank that it has in all of them."""
    found = tuple(nearest.best(one.query, one.keys, k, one.own) for one in seen)
    union = np.unique(np.concatenate([one.rows for one in found]))
    ranks = [nearest.ranks(one.query, one.keys, union, one.own) for one in seen]
    return SpaceComparison(
        tuple(str(one.query.fitted.space) for one in seen),
        found,
        np.stack(ranks, axis=1),
        union,
        tuple(one.query.fitted.words for one in seen),
        missing,
    )


def _asked(
    table: Table,
    query: object,
    metric: str,
    space: Space,
    selections: Selections | None,
    report: Report,
) -> tuple[Query, Collection[int]]:
    """What is compared with every row, and the rows that it speaks of."""
    row = _row(table, query) if isinstance(query, str) else None
    if row is not None or not isinstance(query, str):
        return nearest.asked(table, query if row is None else row, metric, space, report), ()
    # A wrong expression is told before a pass over the table fits the space.
    expressions.evaluate(query, expressions.Context.of(table, selections, report))
    fitted = fit(table.vectors, space, report)

    def inside(rows: Rows) -> F64:
        report(Progress(0, 1, "Reading the vectors"))
        return fitted.through(table.vectors.exact(rows).astype(np.float64))

    found = expressions.evaluate(query, expressions.Context(table, inside, selections or {}))
    name = "The vector of this expression"
    return Query(table, fitted, metric, found.values, None, name), found.rows


def _row(table: Table, text: str) -> int | None:
    """The row that a text names; None for an expression. Raises NotFoundError for a text that is
    no token and cannot be meant as an expression."""
    row = table.find(text)
    if row is None and (_ROW.fullmatch(text) or not _MEANT.search(text)):
        row = table.row_of(text)
    return row
