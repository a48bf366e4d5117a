"""What `layer` shows of bags: one vector an example, and the gradient of the rows in them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import click

from explorer.cli.layering import MOST_LINES, show_code, start_of, told_rows
from explorer.cli.terminal import decimal, put_rows, say, token_cell
from explorer.embedding.norms import p_norms
from explorer.pipeline import BagRun
from explorer.table import Table

_MOST_TOKENS = 6  # of an example, in its line


@dataclass(frozen=True)
class BagsShown:
    """A lookup of bags."""

    table: Table
    run: BagRun
    code: bool

    def document(self) -> dict[str, Any]:
        """All of it, ready for JSON."""
        run, gradient = self.run, self.run.gradient
        told: dict[str, Any] = {
            "table": {"rows": run.rows, "dim": run.dim},
            "combiner": run.combiner,
            "bags": [ids.tolist() for ids, _ in _examples(run)],
            "shares": [shares.tolist() for _, shares in _examples(run)],
            "shape": list(run.result.shape),
            "result": run.result.tolist(),
            "gradient": {
                "rows": gradient.rows.tolist(),
                "repeats": gradient.repeats.tolist(),
                "norms": gradient.norms.tolist(),
                "values": gradient.values.tolist(),
            },
        }
        return told | ({"code": dict(self._codes())} if self.code else {})

    def show(self) -> None:
        """A line an example, then a line a row that has a gradient."""
        _show_examples(self.table, self.run)
        _show_gradient(self.table, self.run)
        if self.code:
            show_code(self._codes())

    def _codes(self) -> Iterator[tuple[str, str]]:
        yield "pytorch", self.run.pytorch
        yield "tensorflow", self.run.tensorflow


def _show_examples(table: Table, run: BagRun) -> None:
    norms, rows = p_norms(run.result), []
    for number, (ids, _) in enumerate(_examples(run)[:MOST_LINES]):
        tokens = " ".join(token_cell(table.tokens[row]) for row in ids[:_MOST_TOKENS].tolist())
        more = " …" if len(ids) > _MOST_TOKENS else ""
        vector, norm = start_of(run.result[number]), decimal(norms[number], 4)
        rows.append([f"[{number}]", str(len(ids)), tokens + more, norm, vector])
    put_rows(["at", "ids", "tokens", "norm", "vector"], rows, right="lrlr")
    if len(run.bags) > MOST_LINES:
        say(f"- The first {MOST_LINES} of {len(run.bags):,} examples; --json has all of them.")
    bags = "1 bag" if len(run.bags) == 1 else f"{len(run.bags):,} bags"
    click.echo(f"\n{bags}, {run.combiner} -> result {run.result.shape}\n")


def _show_gradient(table: Table, run: BagRun) -> None:
    click.echo("gradient of the sum of all numbers")
    gradient = run.gradient
    rows = [
        [
            str(gradient.rows[at]),
            token_cell(table.tokens[gradient.rows[at]]),
            str(gradient.repeats[at]),
            start_of(gradient.values[at]),
        ]
        for at in range(min(len(gradient.rows), MOST_LINES))
    ]
    put_rows(["row", "token", "times", "gradient"], rows, right="rlr")
    touched = len(gradient.rows)
    click.echo(f"{told_rows(touched)} a gradient, {run.rows - touched:,} have none")


def _examples(run: BagRun) -> list[tuple[Any, Any]]:
    """(ids, shares) of each example."""
    starts = run.bags.starts.tolist()
    return [
        (run.bags.ids[first:last], run.bags.shares[first:last]) for first, last in pairwise(starts)
    ]
