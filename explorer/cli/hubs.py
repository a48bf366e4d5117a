"""`hubs`: the rows that are near to very many others, and those near to none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import numpy as np

from explorer import cache, pipeline
from explorer.cli.opening import open_table
from explorer.cli.options import (
    WholeNumber,
    json_option,
    labels_option,
    metric_option,
    table_argument,
    tensor_option,
)
from explorer.cli.terminal import progress_bar, put_json, put_rows, say, token_cell
from explorer.metrics import METRICS
from explorer.neighborhoods import Hubs
from explorer.progress import part
from explorer.table import Table


def _clear(context: click.Context, option: click.Parameter, wish: bool) -> None:
    if wish and not context.resilient_parsing:
        say(f"{cache.clear() / 2**20:.1f} MiB set free.")
        context.exit()


@click.command("hubs", short_help="The rows that are near to very many others.")
@table_argument
@click.option(
    "-k", type=WholeNumber(min=1), default=15, show_default=True, help="Neighbours of each row."
)
@metric_option(METRICS)
@click.option(
    "--top",
    type=WholeNumber(min=0),
    default=20,
    show_default=True,
    metavar="N",
    help="List the N greatest hubs.",
)
@click.option("--never", is_flag=True, help="List the rows that are nobody's neighbour, too.")
@click.option(
    "--clear-cache",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_clear,
    help="Forget the neighbours that were found before, of every table, and do nothing else.",
)
@tensor_option
@labels_option
@json_option
def command(
    table: Path,
    k: int,
    metric: str,
    top: int,
    never: bool,
    tensor: str,
    labels: Path | None,
    as_json: bool,
) -> None:
    """Count how often each row of TABLE is among the K nearest rows of another one.

    In many dimensions some rows are near to very many others (hubs), and some to none; the skewness
    of the counts says how uneven the table is in this (Radovanovic et al. 2010).

    The exact neighbours of all rows are found for it, in the raw vectors, and kept for the next
    time: the same numbers, in whatever file, are not compared again.
    """
    with progress_bar() as report:
        opened = open_table(table, tensor, labels, report=part(report, 0.0, 0.1))
        found = pipeline.hubs(opened, k, metric, report=part(report, 0.1, 1.0))
    if as_json:
        put_json(_document(opened, found, top, never))
    else:
        _show(opened, found, top, never)


def _document(table: Table, found: Hubs, top: int, never: bool) -> dict[str, Any]:
    told = {
        "k": found.k,
        "metric": found.metric,
        "space": "raw",
        "rows": int(found.compared.sum()),
        "left_out": int((~found.compared).sum()),
        "skewness": found.skewness,
        "greatest": int(found.counts.max()),
        "median": float(np.median(found.counts[found.compared])),
        "never": found.never,
        "hubs": _entries(table, found, top),
    }
    if never:
        told["never_rows"] = [
            {"row": row, "token": table.tokens[row]} for row in found.antihubs.tolist()
        ]
    return told


def _entries(table: Table, found: Hubs, top: int) -> list[dict[str, Any]]:
    shares = found.shares()
    return [
        {
            "row": row,
            "token": table.tokens[row],
            "times": int(found.counts[row]),
            "share": round(float(shares[row]), 6),
        }
        for row in found.order[:top].tolist()
    ]


def _show(table: Table, found: Hubs, top: int, never: bool) -> None:
    rows = [
        [
            str(one["times"]),
            f"{100 * one['share']:.2f} %",
            str(one["row"]),
            token_cell(one["token"]),
        ]
        for one in _entries(table, found, top)
    ]
    if rows:
        put_rows(["times", "of rows", "row", "token"], rows, right="rrr")
    if never:
        for row in found.antihubs.tolist():
            click.echo(f"never  {row}  {token_cell(table.tokens[row])}")
    count = int(found.compared.sum())
    say(
        f"{found.never:,} of {count:,} rows are nobody's neighbour "
        f"(k = {found.k}, {found.metric}). Skewness {found.skewness:.2f}."
    )
    say(found.verdict())
    if left := len(found.compared) - count:
        have = "row has" if left == 1 else "rows have"
        say(f"{left:,} {have} no neighbours: zeros, or numbers not finite or too large.")
