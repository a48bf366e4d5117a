"""`search`: the tokens of a table that match a text."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from explorer import pipeline
from explorer.cli.opening import open_table
from explorer.cli.options import (
    WholeNumber,
    json_option,
    labels_option,
    table_argument,
    tensor_option,
)
from explorer.cli.terminal import (
    LONGEST_TOKEN,
    progress_bar,
    put_json,
    put_rows,
    say,
    token_cell,
)
from explorer.pipeline import Found
from explorer.searching import MODES
from explorer.table import Table
from explorer.tokens import readable, scheme_of


@click.command("search", short_help="The tokens that match a text.")
@table_argument
@click.argument("text")
@click.option(
    "--mode",
    type=click.Choice(MODES),
    default="substring",
    show_default=True,
    help="Regular expressions are RE2's; fuzzy finds what is spelt nearly so.",
)
@click.option("--case", is_flag=True, help="Capitals count.")
@click.option(
    "--limit", type=WholeNumber(min=1), default=50, show_default=True, help="Most rows to list."
)
@tensor_option
@labels_option
@json_option
def command(
    table: Path,
    text: str,
    mode: str,
    case: bool,
    limit: int,
    tensor: str,
    labels: Path | None,
    as_json: bool,
) -> None:
    """The tokens that TEXT finds: equal ones first, then those that begin with it, then the rest.

    A token that bears the marks of its vocabulary is found by what it is read as too: "Ġthe" by
    "the" and by " the". A TEXT that begins with a dash comes after two: -- "-ing".
    """
    with progress_bar() as report:
        opened = open_table(table, tensor, labels, report=report)
        found = pipeline.search(opened, text, mode, case=case, limit=limit, report=report)
    scheme = scheme_of(opened.tokens) if opened.named else ""
    if as_json:
        put_json(_document(opened, found, scheme))
    else:
        _show(opened, found, scheme)


def _document(table: Table, found: Found, scheme: str) -> dict[str, Any]:
    asked = found.search
    tokens = []
    for row in found.rows.tolist():
        token = table.tokens[row]
        one = {"row": row, "token": token, "spans": asked.spans(token)}
        if scheme:
            read = readable(token, scheme)
            one |= {"read": read, "read_spans": asked.spans(read.replace("␣", " "))}
        tokens.append(one)
    return {
        "text": asked.text,
        "mode": asked.mode,
        "case": asked.case,
        "total": found.total,
        "tokens": tokens,
    }


def _show(table: Table, found: Found, scheme: str) -> None:
    if not found.total:
        say(found.search.nothing + _hint(table, found))
        return
    rows = [
        [
            str(row),
            token_cell(table.tokens[row]),
            *([readable(table.tokens[row], scheme, LONGEST_TOKEN)] * bool(scheme)),
        ]
        for row in found.rows.tolist()
    ]
    put_rows(["row", "token", *(["read as"] * bool(scheme))], rows, right="r")
    listed = f"; the first {len(found.rows):,} are listed" if len(found.rows) < found.total else ""
    say(f"{found.total:,} of {len(table):,} tokens{listed}.")


def _hint(table: Table, found: Found) -> str:
    if found.search.mode == "regex":
        return ""
    near = pipeline.nearest_spelling(table, found.search.text)
    named = ", ".join(f"“{token_cell(table.tokens[row])}”" for row in near)
    return f" Nearest spelling: {named}." if named else ""
