"""How rows that were ranked by their nearness are told, as JSON and as lines."""

from __future__ import annotations

from typing import Any

from explorer.cli.terminal import decimals, put_rows, say, token_cell
from explorer.nearest import Neighbors
from explorer.table import Table


def entries(table: Table, found: Neighbors) -> list[dict[str, Any]]:
    """Rank (from 1), row, token and score of each, for JSON."""
    return [
        {"rank": rank, "row": int(row), "token": table.tokens[row], "score": float(score)}
        for rank, (row, score) in enumerate(zip(found.rows, found.scores, strict=True), 1)
    ]


def left_out(found: Neighbors) -> list[str]:
    """Which rows could not be compared, a sentence for each reason."""
    return [note.message for note in found.left_out]


def put_neighbors(table: Table, found: Neighbors) -> None:
    """A line for each on stdout, and on stderr what was left out."""
    # A cosine that is nothing but rounding is a zero.
    scores = found.scores.round(6) + 0.0 if found.metric == "cosine" else found.scores
    rows = [
        [str(one["rank"]), score, str(one["row"]), token_cell(one["token"])]
        for one, score in zip(entries(table, found), decimals(scores, 6), strict=True)
    ]
    if rows:
        put_rows(["rank", found.metric, "row", "token"], rows, right="rrr")
    for message in left_out(found):
        say(message)
