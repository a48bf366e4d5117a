"""`similarity`: how alike two tokens are, all pairs of several, or which one does not belong."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import click

from explorer import pipeline
from explorer.cli.opening import kept_selections, open_table, spellings_offered
from explorer.cli.options import (
    file_option,
    json_option,
    labels_option,
    refuse_given,
    spreadsheet_safe_option,
    table_argument,
    tensor_option,
)
from explorer.cli.terminal import progress_bar, put_json, put_rows, say, token_cell
from explorer.cosines import ORDERS, OddOneOut, SimilarityMatrix
from explorer.paths import ensure_apart, ensure_writable, replacing
from explorer.sheets import text_cell
from explorer.table import Table
from explorer.tokens import shown


@click.command("similarity", short_help="How alike tokens are; the odd one out.")
@table_argument
@click.argument("tokens", nargs=-1, required=True, metavar="A B ...")
@click.option("--odd-one-out", "odd", is_flag=True, help="Which token goes least with the others.")
@click.option(
    "--order",
    type=click.Choice(ORDERS),
    default="given",
    show_default=True,
    help="Of a matrix: as given, or alike beside alike.",
)
@file_option(
    "-o",
    "--output",
    metavar="OUT.csv",
    told="Write the matrix into a CSV file, every digit.",
)
@spreadsheet_safe_option
@tensor_option
@labels_option
@json_option
def command(
    table: Path,
    tokens: tuple[str, ...],
    odd: bool,
    order: str,
    output: Path | None,
    spreadsheet_safe: bool,
    tensor: str,
    labels: Path | None,
    as_json: bool,
) -> None:
    """The cosine of A and B; of more tokens, the cosines of all pairs.

    Of two, each may be a token, a row (#12) or an expression; of more, a token or a row, and each
    counts once. --odd-one-out compares each of at least three with the mean of all at unit length.
    """
    _check_usage(tokens, odd, output)
    if output is None:
        refuse_given(["spreadsheet_safe"], "needs -o")
    if output is not None:
        ensure_apart(output, [table, *([labels] if labels else [])])
        ensure_writable(output)
    with progress_bar() as report:
        opened = open_table(table, tensor, labels, report=report)
        with spellings_offered(opened):
            if odd:
                _tell_odd(opened, pipeline.odd_one_out(opened, tokens), as_json)
            elif len(tokens) == 2 and output is None:
                kept = kept_selections(opened, *tokens)
                _tell_pair(*tokens, pipeline.similarity(opened, *tokens, selections=kept), as_json)
            else:
                made = pipeline.similarity_matrix(opened, tokens, order=order, report=report)
                _tell_matrix(opened, made, output, spreadsheet_safe, as_json)


def _check_usage(tokens: tuple[str, ...], odd: bool, output: Path | None) -> None:
    if len(tokens) < 2:
        raise click.UsageError("Name at least two tokens.")
    if odd and output is not None:
        raise click.UsageError("--odd-one-out makes no matrix for -o to write.")
    if odd or (len(tokens) == 2 and output is None):
        refuse_given(["order"], "is of a matrix, which takes three tokens or -o")


def _tell_pair(a: str, b: str, cosine: float, as_json: bool) -> None:
    if as_json:
        put_json({"a": a, "b": b, "cosine": cosine})
    else:
        click.echo(f"{cosine:.6f}")


def _tell_odd(table: Table, found: OddOneOut, as_json: bool) -> None:
    scores: list[dict[str, Any]] = [
        {"row": int(row), "token": table.tokens[row], "score": float(score)}
        for row, score in zip(found.rows, found.scores, strict=True)
    ]
    odd = {"row": found.row, "token": table.tokens[found.row]}
    if as_json:
        put_json({"odd_one_out": odd, "scores": scores})
        return
    rows = [
        [f"{one['score']:.6f}", str(one["row"]), token_cell(one["token"]) + _mark(one, found)]
        for one in scores
    ]
    put_rows(["cosine with the mean", "row", "token"], rows, right="rr")


def _mark(one: dict[str, Any], found: OddOneOut) -> str:
    return "  <- the odd one out" if one["row"] == found.row else ""


def _tell_matrix(
    table: Table, made: SimilarityMatrix, output: Path | None, safe: bool, as_json: bool
) -> None:
    tokens = [table.tokens[row] for row in made.rows]
    for row in made.without_direction.tolist():
        say(f"Row {row:,} ({token_cell(table.tokens[row])}) has no direction: no cosine.")
    if output is not None:
        _write(made, tokens, output, safe)
    if as_json:
        cells = {"rows": made.rows.tolist(), "tokens": tokens, "order": made.order}
        put_json({**cells, "values": made.values.tolist()})
    elif output is not None:
        click.echo(str(output))
    else:
        names = [shown(token, 12) for token in tokens]
        lines = zip(tokens, made.values.tolist(), strict=True)
        rows = [[shown(token, 30), *(_cell(value) for value in line)] for token, line in lines]
        put_rows(["", *names], rows, right="l" + "r" * len(names))


def _cell(value: float) -> str:
    return "-" if value != value else f"{value:.4f}"


def _write(made: SimilarityMatrix, tokens: list[str], path: Path, safe: bool) -> None:
    names = [text_cell(token, safe=safe) for token in tokens]
    with replacing(path) as temporary, temporary.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(["row", "token", *names])
        for row, name, line in zip(made.rows.tolist(), names, made.values.tolist(), strict=True):
            writer.writerow([row, name, *("" if value != value else value for value in line)])
