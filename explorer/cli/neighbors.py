"""`neighbors`: the nearest rows of a token or an expression, in one space or in several."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from explorer import pipeline
from explorer.cli.nearness import entries, left_out, put_neighbors
from explorer.cli.opening import kept_selections, open_table, spellings_offered
from explorer.cli.options import (
    WholeNumber,
    json_option,
    labels_option,
    metric_option,
    table_argument,
    tensor_option,
)
from explorer.cli.spaces_compared import put_comparison, show_comparison
from explorer.cli.terminal import progress_bar, put_json, say
from explorer.nearest import METRICS, Neighbors
from explorer.pipeline import SpaceComparison
from explorer.progress import Report
from explorer.spaces import parse_space
from explorer.table import Table

_WAYS = {"reverse": pipeline.reverse_neighbors, "mutual": pipeline.mutual_neighbors}


@click.command("neighbors", short_help="The nearest rows of a token or an expression.")
@table_argument
@click.argument("query")
@click.option(
    "-k", type=WholeNumber(min=1), default=10, show_default=True, help="How many neighbours."
)
@metric_option(METRICS)
@click.option(
    "--space",
    default="raw",
    show_default=True,
    metavar="SPACE",
    help="raw, centre, unit, remove K (centred, K top components taken out) or whiten.",
)
@click.option(
    "--compare-spaces",
    "compare",
    is_flag=True,
    help="raw, centre and remove 3 (and --space) side by side, with the shift in rank. Rows of 2 "
    "or 3 numbers have fewer components to remove.",
)
@click.option(
    "--reverse",
    is_flag=True,
    help="The rows that have the token QUERY among their K nearest, instead.",
)
@click.option(
    "--mutual",
    is_flag=True,
    help="Of its K nearest, those that have it among theirs.",
)
@tensor_option
@labels_option
@json_option
def command(
    table: Path,
    query: str,
    k: int,
    metric: str,
    space: str,
    compare: bool,
    reverse: bool,
    mutual: bool,
    tensor: str,
    labels: Path | None,
    as_json: bool,
) -> None:
    """The K exact nearest rows of QUERY, over all rows of the table.

    QUERY is a token, a row (#12) or an expression of them: '"king" - "man" + "woman"',
    'mean("a", "b")', '@animals' for rows kept by that name. Its own rows are not in the answer.
    The vectors are the table's own unless --space says otherwise; an expression is worked out in
    the space. Rows of zeros and rows with NaN are left out, and said to be.

    --reverse needs the neighbours of all rows, which are found once and kept; see `hubs`.
    """
    if reverse and mutual:
        raise click.UsageError("--reverse and --mutual are two lists: leave one out.")
    way = "reverse" if reverse else "mutual" if mutual else None
    named = str(parse_space(space))
    _refuse_spaces(way, named, compare=compare)
    with progress_bar() as report:
        opened = open_table(table, tensor, labels, report=report)
        with spellings_offered(opened):
            if compare:
                told = _side_by_side(opened, query, k, metric, named, report)
            else:
                found = _nearest(opened, query, k, metric, named, way, report)
    if compare:
        (put_comparison if as_json else show_comparison)(opened, query, told)
    elif as_json:
        put_json(_document(opened, query, found) | ({"way": way} if way else {}))
    else:
        put_neighbors(opened, found)
        _tell_more(len(opened), len(found.rows), way, k)


def _side_by_side(
    table: Table, query: str, k: int, metric: str, space: str, report: Report
) -> SpaceComparison:
    """In the usual spaces, and in one that was asked for by name."""
    usual = _usual_spaces(table)
    return pipeline.compare_spaces(
        table,
        query,
        k,
        metric,
        spaces=tuple(dict.fromkeys([*usual, space])),
        optional=set(usual) - {space},
        selections=kept_selections(table, query),
        report=report,
    )


def _nearest(
    table: Table, query: str, k: int, metric: str, space: str, way: str | None, report: Report
) -> Neighbors:
    if way is not None:
        return _WAYS[way](table, query, k, metric, report=report)
    kept = kept_selections(table, query)
    return pipeline.neighbors(table, query, k, metric, space=space, selections=kept, report=report)


def _usual_spaces(table: Table) -> tuple[str, ...]:
    """The spaces side by side; no more components are removed than leave one."""
    removed = min(3, table.dim - 1)
    return ("raw", "centre", *([f"remove {removed}"] if removed > 0 else []))


def _tell_more(rows: int, found: int, way: str | None, k: int) -> None:
    """What a list says too little of. rows: of the table. found: how many are listed."""
    if rows == 1:
        say("The table has one row: there is no other to be its neighbour.")
    elif way:
        say(_told(way, found, k))
    elif not found:
        say("There is no other row to be its neighbour.")


def _told(way: str, found: int, k: int) -> str:
    """What a list of reverse or mutual neighbours holds, which may be nothing."""
    rows = f"{found or 'No'} row has" if found <= 1 else f"{found:,} rows have"
    if way == "reverse":
        return f"{rows} it among their {k} nearest."
    return (
        f"Of its {k} nearest, {found or 'none'} {'has' if found <= 1 else 'have'} it among theirs."
    )


def _refuse_spaces(way: str | None, space: str, *, compare: bool) -> None:
    if way is not None and (compare or space != "raw"):
        raise click.UsageError(f"--{way} is of the raw vectors: leave the spaces out.")


def _document(table: Table, query: str, found: Neighbors) -> dict[str, Any]:
    return {
        "query": query,
        "row": found.query_row,
        "metric": found.metric,
        "space": found.space,
        "neighbors": entries(table, found),
        "left_out": left_out(found),
    }
