"""`project`: coordinates of every row as CSV, beside a manifest that says how they were made."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from explorer import pipeline
from explorer.cli.opening import open_table
from explorer.cli.options import (
    given,
    labels_option,
    output_option,
    params_options,
    seed_option,
    table_argument,
    tensor_option,
)
from explorer.cli.terminal import progress_bar, say
from explorer.manifest import CHANGED
from explorer.paths import ensure_writable
from explorer.projections import methods

_OWNERS = {name: method.params for name, method in methods().items()}


@click.command("project", short_help="Map coordinates of every row, as CSV.")
@table_argument
@click.option("--method", type=click.Choice(list(_OWNERS)), default="pca", show_default=True)
@click.option("--dims", type=click.Choice(["2", "3"]), default="2", show_default=True)
@click.option("--axes", metavar="1,2", help="Which components become x, y (and z).")
@seed_option
@params_options(_OWNERS)
@click.option(
    "--spreadsheet-safe", is_flag=True, help="Put ' before cells that look like formulas."
)
@tensor_option
@labels_option
@output_option("OUT.csv")
def command(
    table: Path,
    method: str,
    dims: str,
    axes: str | None,
    seed: int,
    spreadsheet_safe: bool,
    tensor: str,
    labels: Path | None,
    output: Path,
    **flags: Any,
) -> None:
    """Project all rows of TABLE and write row,token,x,y[,z] and the table's columns to OUT.csv.

    Beside it, OUT.csv.manifest.json says what is needed to make the same file again.
    """
    params = given(_OWNERS, [method], flags)[method]
    picked = _axes(axes)
    ensure_writable(output)
    with progress_bar() as report:
        opened = open_table(table, tensor, labels, report=report)
        made = pipeline.project(
            opened, method, dims=int(dims), seed=seed, axes=picked, report=report, **params
        )
        csv_path, manifest_path = pipeline.export(
            made, output, spreadsheet_safe=spreadsheet_safe, report=report
        )
    say(f"{len(opened):,} rows: {method}, {made.verdict}")
    if opened.source.changed:
        say(f"! {opened.source.path}: {CHANGED}")
    click.echo(csv_path)
    click.echo(manifest_path)


def _axes(text: str | None) -> tuple[int, ...] | None:
    if text is None:
        return None
    try:
        return tuple(int(axis) for axis in text.split(","))
    except ValueError:
        raise click.UsageError(f"--axes takes numbers such as 1,2, not {text!r}.") from None
