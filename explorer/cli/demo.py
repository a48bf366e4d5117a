"""`demo`: the window on the sample table; without a display, the same job as a tour."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import click

from explorer.cli.options import refuse_given
from explorer.cli.tour import command as tour
from explorer.cli.tour import folder_option


@click.command("demo", short_help="The window on the sample table, or the tour without a display.")
@folder_option
@click.pass_context
def command(context: click.Context, output: Path) -> int:
    """Open the window on the sample table; without a display, say so and run the tour."""
    check = subprocess.run(
        [sys.executable, "-m", "explorer.gui.display"], capture_output=True, text=True, check=False
    )
    if check.returncode == 0:
        refuse_given(["output"], "is for the tour, which runs where there is no display")
        return subprocess.run([sys.executable, "-m", "explorer"], check=False).returncode
    click.echo("No display here, so the same job runs without a window (embedding-explorer tour).")
    context.invoke(tour, output=output)
    return 0
