"""`lookup`: what a typed text looks up, piece by piece."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from explorer import pipeline
from explorer.cli.opening import open_table
from explorer.cli.options import json_option, labels_option, table_argument, tensor_option
from explorer.cli.terminal import progress_bar, put_json, put_rows, say
from explorer.lookups import Lookup
from explorer.table import Table
from explorer.tokens import shown


@click.command("lookup", short_help="What a typed text looks up, piece by piece.")
@table_argument
@click.argument("text")
@tensor_option
@labels_option
@json_option
def command(table: Path, text: str, tensor: str, labels: Path | None, as_json: bool) -> None:
    """Cut TEXT into pieces as the table's tokenizer does, and show each one's row and vector."""
    with progress_bar() as report:
        opened = open_table(table, tensor, labels, report=report)
    found = pipeline.lookup(opened, text)
    if not found.pieces:
        say("Nothing to look up: the text is empty.")
    if as_json:
        put_json({"text": text, "pieces": _pieces(opened, found)})
    else:
        _show(opened, found)


def _pieces(table: Table, found: Lookup) -> list[dict[str, Any]]:
    return [
        {
            "piece": piece.piece,
            "row": piece.row,
            "token": piece.token,
            "how": piece.how,
            "vector": None if piece.row is None else table.vectors.exact(piece.row).tolist(),
        }
        for piece in found.pieces
    ]


def _show(table: Table, found: Lookup) -> None:
    rows = []
    for piece in found.pieces:
        cells = [shown(piece.piece), piece.how, "-", "-", "-", ""]
        if piece.row is not None and piece.token is not None:
            vector = table.vectors.rows(piece.row)
            norm = f"{table.vectors.norms[piece.row]:.4f}"
            start = " ".join(f"{value:.3f}" for value in vector[:6])
            more = " …" if table.dim > 6 else ""
            cells[2:] = [str(piece.row), shown(piece.token), norm, start + more]
        rows.append(cells)
    put_rows(["piece", "how", "row", "token", "norm", "vector"], rows, right="llrlr")
