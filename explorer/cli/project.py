"""`project`: coordinates of every row as CSV, beside a manifest that says how they were made."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from explorer import pipeline
from explorer.cli.opening import open_table
from explorer.cli.options import labels_option, output_option, table_argument, tensor_option
from explorer.cli.projecting import asked, owners, projection_options
from explorer.cli.terminal import progress_bar, say
from explorer.manifest import CHANGED
from explorer.paths import ensure_writable

_OWNERS = owners()


@click.command("project", short_help="Map coordinates of every row, as CSV.")
@table_argument
@projection_options(_OWNERS)
@click.option(
    "--spreadsheet-safe", is_flag=True, help="Put ' before cells that look like formulas."
)
@tensor_option
@labels_option
@output_option("OUT.csv")
def command(
    table: Path,
    spreadsheet_safe: bool,
    tensor: str,
    labels: Path | None,
    output: Path,
    **flags: Any,
) -> None:
    """Project all rows of TABLE and write row,token,x,y[,z] and the table's columns to OUT.csv.

    Beside it, OUT.csv.manifest.json says what is needed to make the same file again.
    """
    wanted, _ = asked(_OWNERS, flags)
    ensure_writable(output)
    with progress_bar() as report:
        opened = open_table(table, tensor, labels, report=report)
        made = wanted.make(opened, report)
        csv_path, manifest_path = pipeline.export(
            made, output, spreadsheet_safe=spreadsheet_safe, report=report
        )
    say(f"{len(opened):,} rows: {made.method}, {made.verdict}")
    if opened.source.changed:
        say(f"! {opened.source.path}: {CHANGED}")
    click.echo(csv_path)
    click.echo(manifest_path)
