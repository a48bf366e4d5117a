"""Who is whose neighbour in a table: what both faces call."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import numpy.typing as npt

from explorer import all_pairs, neighborhoods, spelling
from explorer.all_pairs import AllNearest
from explorer.errors import ParameterError
from explorer.lexemes import short
from explorer.nearest import Neighbors
from explorer.neighborhoods import MOST_NODES, Graph, Hubs
from explorer.pipeline.queries import row_meant
from explorer.progress import Report, silent
from explorer.spelling import KINDS, Group
from explorer.table import Column, Table

Rows = npt.NDArray[np.int64]


def all_nearest(
    table: Table, k: int = 15, metric: str = "cosine", *, report: Report = silent
) -> AllNearest:
    """The k nearest other rows of every row; kept in the cache folder for the next time.

    metric: "cosine", "euclidean" or "dot", in the table's own numbers.
    Raises ParameterError for another metric, k < 1, fewer than two rows that can be compared.
    """
    return all_pairs.all_nearest(table, k, metric, report=report)


def hubs(table: Table, k: int = 15, metric: str = "cosine", *, report: Report = silent) -> Hubs:
    """How often each row is among the k nearest of another, and how unevenly. Raises as
    all_nearest."""
    return neighborhoods.hubs(all_nearest(table, k, metric, report=report))


def known_hubs(
    table: Table, k: int = 15, metric: str = "cosine", *, report: Report = silent
) -> Hubs | None:
    """What `hubs` counts, where the neighbours of all rows were found before; else None. Raises as
    all_nearest."""
    found = all_pairs.recalled(table, k, metric, report=report)
    return None if found is None else neighborhoods.hubs(found)


def hub_column(found: Hubs) -> Column:
    """The counts as a column, to colour by and to export: int64."""
    return Column(
        f"hub count (k={found.k}, {found.metric})",
        found.counts.copy(),
        f"how many rows have this one among their {found.k} nearest ({found.metric}, raw vectors)",
    )


def reverse_neighbors(
    table: Table,
    row: int | str,
    k: int = 15,
    metric: str = "cosine",
    *,
    report: Report = silent,
) -> Neighbors:
    """The rows that have a row, or a token, among their k nearest, those nearest to it first.

    Raises NotFoundError for one that is not there, ParameterError for one without a direction and
    for an expression that comes to no row, ExpressionError for one that cannot be read.
    """
    return neighborhoods.reverse_neighbors(table, _row(table, row), k, metric, report=report)


def mutual_neighbors(
    table: Table,
    row: int | str,
    k: int = 15,
    metric: str = "cosine",
    *,
    report: Report = silent,
) -> Neighbors:
    """The rows among the k nearest of a row, or a token, that have it among theirs too.

    Raises NotFoundError for one that is not there, ParameterError for one without a direction and
    for an expression that comes to no row, ExpressionError for one that cannot be read.
    """
    return neighborhoods.mutual_neighbors(table, _row(table, row), k, metric, report=report)


def _row(table: Table, asked: int | str) -> int:
    if not isinstance(asked, str):
        return asked
    row = row_meant(table, asked)
    if row is None:
        raise ParameterError(
            f"{short(asked)} is no row of the table, and only rows are neighbours of others.",
            "Name a token or a row, or ask for its nearest rows.",
        )
    return row


def neighbor_graph(
    table: Table,
    rows: Rows,
    k: int = 10,
    steps: int = 2,
    metric: str = "cosine",
    *,
    most: int = MOST_NODES,
    report: Report = silent,
) -> Graph:
    """The k nearest of some rows, and the k nearest of these, `most` rows at most.

    Raises NotFoundError for a row that is not there, ParameterError for no rows or too many.
    """
    return neighborhoods.neighbor_graph(table, rows, k, steps, metric, most=most, report=report)


def near_duplicates(
    table: Table,
    least: float = spelling.LEAST,
    kinds: Collection[str] = KINDS,
    *,
    report: Report = silent,
) -> tuple[Group, ...]:
    """Groups of rows that are spelt nearly alike and lie near, and of rows with equal vectors.

    least: cosine similarity from which rows lie near. kinds: some of spelling.KINDS.
    Raises ParameterError for another kind, or a similarity outside -1 to 1.
    """
    return spelling.near_duplicates(table, least, kinds, report=report)
