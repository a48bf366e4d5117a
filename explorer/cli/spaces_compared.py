"""How the neighbours of a query in several spaces are told side by side."""

from __future__ import annotations

from itertools import zip_longest

from explorer.cli.nearness import entries, left_out
from explorer.cli.terminal import put_json, put_rows, say
from explorer.pipeline import SpaceComparison
from explorer.table import Table
from explorer.tokens import shown

_WIDEST = 24


def put_comparison(table: Table, query: str, told: SpaceComparison) -> None:
    """All spaces as one JSON document: the neighbours in each, and the ranks of every row."""
    first = told.found[0]
    spaces = [
        {
            "space": name,
            "words": words,
            "neighbors": entries(table, found),
            "left_out": left_out(found),
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


def show_comparison(table: Table, query: str, told: SpaceComparison) -> None:
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
