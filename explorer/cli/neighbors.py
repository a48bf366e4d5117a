"""`neighbors`: the nearest rows of a token or an expression, in one space or in several."""

from __future__ import annotations

from itertools import zip_longest
from pathlib import Path
from typing import Any

import click

from explorer import pipeline
from explorer.cli.opening import kept_selections, open_table, spellings_offered
from explorer.cli.options import json_option, labels_option, table_argument, tensor_option
from explorer.cli.terminal import progress_bar, put_json, put_rows, say
from explorer.nearest import METRICS, Neighbors
from explorer.pipeline import SpaceComparison
from explorer.spaces import parse_space
from explorer.table import Table
from explorer.tokens import shown

_WIDEST = 24
_WAYS = {"reverse": pipeline.reverse_neighbors, "mutual": pipeline.mutual_neighbors}


@click.command("neighbors", short_help="The nearest rows of a token or an expression.")
@table_argument
@click.argument("query")
@click.option(
    "-k", type=click.IntRange(min=1), default=10, show_default=True, help="How many neighbours."
)
@click.option("--metric", type=click.Choice(METRICS), default="cosine", show_default=True)
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
    "way",
    flag_value="reverse",
    help="The rows that have the token QUERY among their K nearest, instead.",
)
@click.option(
    "--mutual",
    "way",
    flag_value="mutual",
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
    way: str | None,
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
    named = str(parse_space(space))
    _refuse_spaces(way, named, compare=compare)
    with progress_bar() as report:
        opened = open_table(table, tensor, labels, report=report)
        kept = kept_selections(opened, query)
        with spellings_offered(opened):
            if compare:
                usual = _compared(opened)
                told = pipeline.compare_spaces(
                    opened,
                    query,
                    k,
                    metric,
                    spaces=tuple(dict.fromkeys([*usual, named])),
                    optional=set(usual) - {named},
                    selections=kept,
                    report=report,
                )
            elif way is not None:
                found = _WAYS[way](opened, query, k, metric, report=report)
            else:
                found = pipeline.neighbors(
                    opened, query, k, metric, space=named, selections=kept, report=report
                )
    if compare:
        (_put_comparison if as_json else _show_comparison)(opened, query, told)
    elif as_json:
        put_json(_document(opened, query, found) | ({"way": way} if way else {}))
    else:
        _show(opened, found)
        if len(opened) == 1:
            say("The table has one row: there is no other to be its neighbour.")
        elif way:
            say(_told(way, len(found.rows), k))
        elif not len(found.rows):
            say("There is no other row to be its neighbour.")


def _compared(table: Table) -> tuple[str, ...]:
    """The spaces side by side; no more components are removed than leave one."""
    removed = min(3, table.dim - 1)
    return ("raw", "centre", *([f"remove {removed}"] if removed > 0 else []))


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
        "neighbors": _entries(table, found),
        "left_out": _left_out(found),
    }


def _left_out(found: Neighbors) -> list[str]:
    return [note.message for note in found.left_out]


def _entries(table: Table, found: Neighbors) -> list[dict[str, Any]]:
    return [
        {"rank": rank, "row": int(row), "token": table.tokens[row], "score": float(score)}
        for rank, (row, score) in enumerate(zip(found.rows, found.scores, strict=True), 1)
    ]


def _show(table: Table, found: Neighbors) -> None:
    rows = [
        [str(one["rank"]), f"{one['score']:.6f}", str(one["row"]), shown(one["token"])]
        for one in _entries(table, found)
    ]
    if rows:
        put_rows(["rank", found.metric, "row", "token"], rows, right="rrr")
    for note in found.left_out:
        say(note.message)


def _put_comparison(table: Table, query: str, told: SpaceComparison) -> None:
    first = told.found[0]
    spaces = [
        {
            "space": name,
            "words": words,
            "neighbors": _entries(table, found),
            "left_out": _left_out(found),
        }
        for name, words, found in zip(told.spaces, told.words, told.found, strict=True)
    ]
    ranks = [
        {"row": row, "token": table.tokens[row], "ranks": [rank or None for rank in of_row]}
        for row, of_row in zip(told.rows.tolist(), told.ranks.tolist(), strict=True)
    ]
    put_json(
        {
            "query": query,
            "row": first.query_row,
            "metric": first.metric,
            "spaces": spaces,
            "ranks": ranks,
            "spaces_left_out": list(told.left_out),
        }
    )


def _show_comparison(table: Table, query: str, told: SpaceComparison) -> None:
    """A column for each space; beside a token, by how much its rank rose or fell."""
    columns = [_column(table, told, place) for place in range(len(told.spaces))]
    header = ["rank", *(cell for name in told.spaces for cell in (name, "shift"))]
    rows = [
        [str(rank), *(cell for cells in line for cell in cells)]
        for rank, line in enumerate(zip_longest(*columns, fillvalue=("", "")), 1)
    ]
    # The first space has no shifts: the others are compared with it.
    put_rows(header[:2] + header[3:], [row[:2] + row[3:] for row in rows], right="r")
    for words in told.words:
        say(f"{words[0].upper()}{words[1:]}.")
    for reason in told.left_out:
        say(reason)
    for note in dict.fromkeys(note.message for found in told.found for note in found.left_out):
        say(note)


def _column(table: Table, told: SpaceComparison, place: int) -> list[tuple[str, str]]:
    """Tokens of a space and their shifts against the first one."""
    rows = told.found[place].rows.tolist()
    was = told.ranks[told.rows.searchsorted(told.found[place].rows), 0].tolist()
    shifts = told.shifts(place)
    return [
        (
            shown(table.tokens[row], _WIDEST),
            f"new, {there:,}" if shift == "new" and there else shift,
        )
        for row, shift, there in zip(rows, shifts, was, strict=True)
    ]
