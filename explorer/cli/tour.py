"""`tour`: the main job from end to end without a window."""

from __future__ import annotations

from pathlib import Path

import click

from explorer import pipeline
from explorer.cli.terminal import progress_bar, say
from explorer.cli.train import train_until_stopped
from explorer.errors import OutputError
from explorer.progress import Cancelled
from explorer.projection import Projection
from explorer.table import Table
from explorer.tokens import shown

WORDS = ("masterpiece", "boring", "western")

folder_option = click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("tour"),
    show_default=True,
    metavar="FOLDER",
    help="Where the table, the CSVs and the picture of the tour go.",
)


@click.command("tour", short_help="The main job on the sample reviews, without a window.")
@folder_option
def command(output: Path) -> None:
    """Train on the sample reviews, look words up, find neighbours, project, export, draw.

    Leaves in FOLDER: reviews.safetensors with its tokenizer, pca.csv and tsne.csv with their
    manifests, and map.png.
    """
    _make_folder(output)
    try:
        _tour(output)
    except (Cancelled, KeyboardInterrupt):
        say(f"What was finished before is in {output}.")
        raise


def _tour(output: Path) -> None:
    pipeline.ensure_savable(output / "reviews.safetensors")
    click.echo("1. Training an embedding table on the sample reviews")
    trained = train_until_stopped(None, "skipgram", seed=0, corpus_params={}, params={})
    table = pipeline.save_table(trained.table, output / "reviews.safetensors")
    click.echo(f"   {len(table):,} tokens x {table.dim} -> {table.source.path}")
    _look_up(table)
    written = [_project(table, method, output) for method in ("pca", "tsne")]
    click.echo("5. Drawing the t-SNE map")
    picture = pipeline.draw(written[-1], output / "map.png")
    click.echo(f"   {picture}")
    click.echo(f"Done: everything is in {output.resolve()}.")


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise OutputError(folder, f"cannot be made: {reason}.", "Choose another folder.") from error


def _look_up(table: Table) -> None:
    click.echo(f"2. Looking up: {' '.join(WORDS)}")
    found = pipeline.lookup(table, " ".join(WORDS))
    for piece in found.pieces:
        click.echo(f"   {piece.piece} -> row {piece.row}, {shown(piece.token or '')} ({piece.how})")
    click.echo("3. Nearest by cosine, raw vectors")
    for row in found.rows:
        near = pipeline.neighbors(table, row, 5)
        names = ", ".join(
            f"{shown(table.tokens[other])} {score:.3f}"
            for other, score in zip(near.rows, near.scores, strict=True)
        )
        click.echo(f"   {shown(table.tokens[row])}: {names}")


def _project(table: Table, method: str, folder: Path) -> Projection:
    click.echo(f"4. Projecting with {method}")
    with progress_bar() as report:
        projection = pipeline.project(table, method, report=report)
    csv_path, manifest_path = pipeline.export(projection, folder / f"{method}.csv")
    say(f"   {method}: {projection.verdict}")
    click.echo(f"   {csv_path}\n   {manifest_path}")
    return projection
