"""`analogy`: a is to b as c is to what?"""

from __future__ import annotations

from pathlib import Path

import click

from explorer import pipeline
from explorer.analogies import METHODS
from explorer.cli.nearness import entries, left_out, put_neighbors
from explorer.cli.opening import kept_selections, open_table, spellings_offered
from explorer.cli.options import (
    WholeNumber,
    json_option,
    labels_option,
    table_argument,
    tensor_option,
)
from explorer.cli.terminal import progress_bar, put_json, say

method_option = click.option(
    "--method",
    type=click.Choice(METHODS),
    default="add",
    show_default=True,
    help="Add the cosines (3CosAdd), or multiply them (3CosMul).",
)


@click.command("analogy", short_help="A is to B as C is to what?")
@table_argument
@click.argument("a")
@click.argument("b")
@click.argument("c")
@click.option(
    "-k", type=WholeNumber(min=1), default=10, show_default=True, help="How many answers."
)
@method_option
@tensor_option
@labels_option
@json_option
def command(
    table: Path,
    a: str,
    b: str,
    c: str,
    k: int,
    method: str,
    tensor: str,
    labels: Path | None,
    as_json: bool,
) -> None:
    """The K best answers to "A is to B as C is to ?", over all rows.

    A, B and C are tokens, rows (#12) or expressions; what they name is never an answer. The vectors
    are taken at unit length; 3CosAdd ranks by the cosine with B - A + C, 3CosMul by
    cos(x, B) cos(x, C) / cos(x, A), each cosine shifted into 0 to 1.
    """
    with progress_bar() as report:
        opened = open_table(table, tensor, labels, report=report)
        kept = kept_selections(opened, a, b, c)
        with spellings_offered(opened):
            found = pipeline.analogy(opened, a, b, c, k, how=method, selections=kept, report=report)
    if as_json:
        asked = {"a": a, "b": b, "c": c, "method": method, "metric": found.metric}
        put_json({**asked, "answers": entries(opened, found), "left_out": left_out(found)})
    else:
        put_neighbors(opened, found)
        if not len(found.rows):
            say("There is no other row to be the answer.")
