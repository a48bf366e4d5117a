"""`lookup`: what a typed text looks up, piece by piece."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from explorer import pipeline
from explorer.cli.opening import open_table
from explorer.cli.options import json_option, labels_option, table_argument, tensor_option
from explorer.cli.terminal import (
    decimal,
    decimals,
    progress_bar,
    put_json,
    put_rows,
    say,
    token_cell,
)
from explorer.lookups import Lookup, Piece
from explorer.table import Table

_LONGEST = 200  # characters of an expression on the screen; --json has all of it


@click.command("lookup", short_help="What a typed text looks up, piece by piece.")
@table_argument
@click.argument("text")
@tensor_option
@labels_option
@json_option
def command(table: Path, text: str, tensor: str, labels: Path | None, as_json: bool) -> None:
    """Cut TEXT into pieces as the table's tokenizer does, and show each one's row and vector.

    With the row come the norm of its vector, its count and its rank by that, where a column tells.
    A piece without a row is offered the nearest spellings; they are never looked up in its place.
    Several rows make one query by their mean, for `neighbors`.
    """
    with progress_bar() as report:
        opened = open_table(table, tensor, labels, report=report)
    found = pipeline.lookup(opened, text)
    if not found.pieces:
        say("Nothing to look up: the text is empty.")
    if as_json:
        put_json(_document(opened, found))
    elif found.pieces:
        _show(opened, found)


def _document(table: Table, found: Lookup) -> dict[str, Any]:
    pieces = [_piece(table, piece) for piece in found.pieces]
    return {"text": found.text, "pieces": pieces, "mean": pipeline.mean_text(table, found) or None}


def _piece(table: Table, piece: Piece) -> dict[str, Any]:
    near = [table.tokens[row] for row in pipeline.offers(table, piece)]
    told = {"piece": piece.piece, "row": piece.row, "token": piece.token, "how": piece.how}
    if piece.row is None:
        return told | {"norm": None, "count": None, "rank": None, "near": near, "vector": None}
    return (
        told
        | asdict(pipeline.standing(table, piece.row))
        | {"near": near, "vector": table.vectors.exact(piece.row).tolist()}
    )


def _show(table: Table, found: Lookup) -> None:
    counted = table.importance is not None
    header = ["piece", "how", "row", "token", "norm", *(("count", "rank") * counted), "vector"]
    rows = [_cells(table, piece, counted=counted) for piece in found.pieces]
    put_rows(header, rows, right="llrlr" + "rr" * counted)
    for piece in found.pieces:
        near = [f"“{token_cell(table.tokens[row])}”" for row in pipeline.offers(table, piece)]
        if near:
            say(f"{token_cell(piece.piece)}: spelt nearly as {', '.join(near)}; not looked up.")
    if mean := pipeline.mean_text(table, found):
        named = f": {mean}" if len(mean) <= _LONGEST else ""
        say(f"As one query, the mean of the {len(found.rows):,} rows{named}")


def _cells(table: Table, piece: Piece, *, counted: bool) -> list[str]:
    cells = [token_cell(piece.piece), piece.how]
    if piece.row is None or piece.token is None:
        return [*cells, "-", "-", "-", *(("-", "-") * counted), ""]
    stands = pipeline.standing(table, piece.row)
    cells += [str(piece.row), token_cell(piece.token), decimal(stands.norm, 4)]
    if stands.count is not None:
        cells += [f"{stands.count:,.10g}", f"{stands.rank:,}"]
    start = " ".join(decimals(table.vectors.rows(piece.row)[:6], 3))
    return [*cells, start + (" …" if table.dim > 6 else "")]
