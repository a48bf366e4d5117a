"""`neighbors`: the nearest rows of a token."""

from __future__ import annotations

from pathlib import Path

import click

from explorer import pipeline
from explorer.cli.opening import open_table
from explorer.cli.options import json_option, labels_option, table_argument, tensor_option
from explorer.cli.terminal import progress_bar, put_json, put_rows, say
from explorer.nearest import METRICS, Neighbors
from explorer.table import Table
from explorer.tokens import shown


@click.command("neighbors", short_help="The nearest rows of a token.")
@table_argument
@click.argument("token")
@click.option(
    "-k", type=click.IntRange(min=1), default=10, show_default=True, help="How many neighbours."
)
@click.option("--metric", type=click.Choice(METRICS), default="cosine", show_default=True)
@tensor_option
@labels_option
@json_option
def command(
    table: Path, token: str, k: int, metric: str, tensor: str, labels: Path | None, as_json: bool
) -> None:
    """The K exact nearest rows of TOKEN (or of a row: #12), over all rows, in the raw vectors.

    Nothing is centred or normalised first: the numbers are the table's own. Rows of zeros and rows
    with NaN are left out, and said to be.
    """
    with progress_bar() as report:
        opened = open_table(table, tensor, labels, report=report)
        found = pipeline.neighbors(opened, token, k, metric, report=report)
    if as_json:
        put_json(_document(opened, token, found))
    else:
        _show(opened, found)


def _document(table: Table, token: str, found: Neighbors) -> dict[str, object]:
    return {
        "query": token,
        "row": found.query_row,
        "metric": found.metric,
        "space": found.space,
        "neighbors": [
            {"rank": rank, "row": int(row), "token": table.tokens[row], "score": float(score)}
            for rank, (row, score) in enumerate(zip(found.rows, found.scores, strict=True), 1)
        ],
    }


def _show(table: Table, found: Neighbors) -> None:
    rows = [
        [str(rank), f"{score:.6f}", str(row), shown(table.tokens[row])]
        for rank, (row, score) in enumerate(zip(found.rows, found.scores, strict=True), 1)
    ]
    put_rows(["rank", found.metric, "row", "token"], rows, right="rrr")
    for note in found.left_out:
        say(note.message)
