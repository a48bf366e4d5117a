"""`duplicates`: rows that are nearly the same."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import numpy as np

from explorer import pipeline
from explorer.cli.opening import open_table
from explorer.cli.options import (
    WholeNumber,
    json_option,
    labels_option,
    table_argument,
    tensor_option,
)
from explorer.cli.terminal import progress_bar, put_json, put_rows, say, token_cell
from explorer.progress import part
from explorer.spelling import KINDS, LEAST, Group
from explorer.table import Table


@click.command("duplicates", short_help="Rows that are nearly the same.")
@table_argument
@click.option(
    "--least",
    type=click.FloatRange(-1, 1),
    default=LEAST,
    show_default=True,
    metavar="COSINE",
    help="From which similarity on rows are near.",
)
@click.option(
    "--kind",
    "kinds",
    multiple=True,
    type=click.Choice(KINDS),
    help="In what tokens may differ; may be given several times.  [default: all]",
)
@click.option(
    "--top",
    type=WholeNumber(min=0),
    metavar="N",
    help="The first N groups only, in the order of the table.",
)
@tensor_option
@labels_option
@json_option
def command(
    table: Path,
    least: float,
    kinds: tuple[str, ...],
    top: int | None,
    tensor: str,
    labels: Path | None,
    as_json: bool,
) -> None:
    """Group the rows of TABLE that are spelt nearly alike and lie near.

    Kinds: "case" (film, Film), "space" (film, ␣film, and the marks of words Ġ and ▁),
    "punctuation" (don't, dont), "edit" (one letter dropped, added, changed or two swapped, in words
    of four letters and more), and "equal": the same numbers under different tokens.
    """
    with progress_bar() as report:
        opened = open_table(table, tensor, labels, report=part(report, 0.0, 0.3))
        share = part(report, 0.3, 1.0)
        groups = pipeline.near_duplicates(opened, least, kinds or KINDS, report=share)
    if as_json:
        put_json(_document(opened, groups, least, kinds or KINDS, top))
    else:
        _show(opened, groups, least, top)


def _document(
    table: Table, groups: tuple[Group, ...], least: float, kinds: tuple[str, ...], top: int | None
) -> dict[str, Any]:
    return {
        "least": least,
        "kinds": list(kinds),
        "count": len(groups),
        "left_out": _left_out(table),
        "groups": [
            {
                "kinds": list(one.kinds),
                "score": one.score,
                "rows": [{"row": row, "token": table.tokens[row]} for row in one.rows.tolist()],
            }
            for one in groups[:top]
        ],
    }


def _left_out(table: Table) -> int:
    """How many rows cannot be near to any: zeros, NaN and infinite numbers."""
    norms = table.vectors.norms
    return int((~(np.isfinite(norms) & (norms > 0))).sum())


def _show(table: Table, groups: tuple[Group, ...], least: float, top: int | None) -> None:
    lines = [
        [
            f"{one.score:.3f}",
            ", ".join(one.kinds) or "the same token",
            "  ".join(token_cell(table.tokens[row]) for row in one.rows.tolist()),
        ]
        for one in groups[:top]
    ]
    if lines:
        put_rows(["cosine", "differ in", "tokens"], lines, right="r")
    say(_told(groups, least))
    if not table.named:
        say("The rows have no tokens: only rows with the same numbers can be found.")
    if left := _left_out(table):
        say(f"{left:,} {'row' if left == 1 else 'rows'} without a direction left out.")


def _told(groups: tuple[Group, ...], least: float) -> str:
    if not groups:
        return f"No near duplicates; the least cosine is {least:g}."
    rows = sum(len(one.rows) for one in groups)
    return f"{len(groups):,} {'group' if len(groups) == 1 else 'groups'} of {rows:,} rows in all."
