"""`convert`: a table in another format."""

from __future__ import annotations

from pathlib import Path

import click

from explorer import pipeline
from explorer.cli.opening import open_table
from explorer.cli.options import labels_option, output_argument, table_argument, tensor_option
from explorer.cli.terminal import progress_bar, say
from explorer.formats import formats
from explorer.paths import ensure_writable
from explorer.progress import part

_WRITTEN = [name for name, entry in formats().items() if entry.write]


@click.command("convert", short_help="A table in another format.")
@table_argument
@output_argument
@click.option(
    "--to", "target", type=click.Choice(_WRITTEN), help="The format; by default OUT's ending says."
)
@tensor_option
@labels_option
def command(
    table: Path, output: Path, target: str | None, tensor: str, labels: Path | None
) -> None:
    """Write the table in the file TABLE to OUT, every number and token as it is.

    What a format cannot hold is refused, and the row named. safetensors holds everything.
    """
    pipeline.writer_for(output, target or "")
    read = [table] if table.is_dir() else []  # a file may be ours: save_table looks into it
    pipeline.ensure_spared(output, [*read, *([labels] if labels else [])])
    ensure_writable(output)
    with progress_bar() as report:
        opened = open_table(table, tensor, labels, report=part(report, 0.0, 0.5))
        saved = pipeline.save_table(opened, output, target or "", report=part(report, 0.5, 1.0))
    for note in opened.report:
        say(f"{'!' if note.level == 'warning' else '-'} {note.message}")
    if opened.columns and saved.source.format in {"word2vec", "word2vec_binary"}:
        say(f"! Columns are not kept in this format: {', '.join(opened.columns)}.")
    click.echo(f"{output}: {len(saved):,} rows x {saved.dim}, {saved.source.format}")
