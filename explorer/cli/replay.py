"""`replay`: makes an exported map again, and says whether it is the same."""

from __future__ import annotations

from pathlib import Path

import click

from explorer import pipeline
from explorer.cli.opening import memory
from explorer.cli.options import json_option
from explorer.cli.terminal import progress_bar, put_json, say


@click.command("replay", short_help="Make an exported map again; is it the same?")
@click.argument("manifest", type=click.Path(path_type=Path))
@click.option(
    "--table", type=click.Path(path_type=Path), metavar="FILE", help="Where the table is now."
)
@json_option
def command(manifest: Path, table: Path | None, as_json: bool) -> int:
    """Make the map of MANIFEST again, from the table it names, and compare the coordinates.

    MANIFEST is what `project` writes beside the coordinates; naming these will do. The exit status
    is 0 for the same map (rounding aside), and 1 for another.
    """
    with progress_bar() as report:
        found = pipeline.replay(manifest, table, memory=memory(), report=report)
    for remark in found.remarks:
        say(f"! {remark}")
    if as_json:
        told = {"same": found.same, "alike": found.alike, "largest_move": found.largest}
        put_json(told | {"verdict": found.verdict, "remarks": list(found.remarks)})
    else:
        click.echo(found.verdict)
    return 0 if found.alike else 1
