"""`map`: a picture of a map for a report, drawn without a display."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from explorer import figure, pipeline
from explorer.cli.believing import told
from explorer.cli.clustering import Grouping, cluster_option, lines_of, refuse_without
from explorer.cli.drawing import refuse_idle, refuse_idle_angles, refuse_idle_colours
from explorer.cli.opening import open_table
from explorer.cli.options import (
    labels_option,
    output_option,
    refuse_given,
    table_argument,
    tensor_option,
)
from explorer.cli.projecting import Asked, asked, owners, projection_options
from explorer.cli.sections import SectionedCommand
from explorer.cli.terminal import progress_bar, say
from explorer.clusters import METHODS
from explorer.errors import NotFoundError
from explorer.figure import FigureParams
from explorer.paths import ensure_writable
from explorer.progress import Report, part
from explorer.projection import Projection
from explorer.reading.coordinates import column_names, read_column, read_coordinates
from explorer.table import Column, Table
from explorer.tokens import shown

_OWNERS = owners(figure=FigureParams, **METHODS)
_HEADINGS = {"figure": "The picture"} | dict.fromkeys(METHODS, "Clusters (--cluster)")
_ONE_COLOUR = "none"
_NAMED = 10  # of the tokens that are not on the map


@click.command("map", cls=SectionedCommand, short_help="A picture of a map: PNG, SVG or PDF.")
@table_argument
@output_option("OUT.png|svg|pdf")
@click.option(
    "--from",
    "drawn_from",
    type=click.Path(path_type=Path),
    metavar="COORDINATES",
    help="Draw coordinates that `project` wrote, instead of making a map.",
)
@click.option(
    "--colour",
    default="",
    metavar="COLUMN",
    help="Column of the table, or of COORDINATES, whose values become colours; none for one "
    "colour.  "
    "[default: the first that tells more than a count]",
)
@cluster_option("Colour the dots by which rows lie together.")
@click.option(
    "--select",
    multiple=True,
    metavar="TOKEN",
    help="A token (or #ROW) that stands out from a grey rest; may be given several times.",
)
@click.option(
    "--label",
    multiple=True,
    metavar="TOKEN",
    help="A token (or #ROW) to be labelled, instead of the frequent ones; several times.",
)
@click.option(
    "--query",
    default="",
    metavar="QUERY",
    help="Mark where a token or an expression belongs on the map, and name it below.",
)
@click.option(
    "--quality",
    is_flag=True,
    help="Measure how many neighbours the map keeps: told, and in the caption.",
)
@click.option("--title", default="", metavar="TEXT", help="[default: the name of the table]")
@tensor_option
@labels_option
@projection_options(_OWNERS, _HEADINGS)
def command(
    table: Path,
    drawn_from: Path | None,
    colour: str,
    cluster: str | None,
    select: tuple[str, ...],
    label: tuple[str, ...],
    query: str,
    quality: bool,
    title: str,
    tensor: str,
    labels: Path | None,
    output: Path,
    **flags: Any,
) -> None:
    """Draw a map of TABLE as a picture; the ending of its name says which kind.

    The words in an SVG or PDF are text, and below the map stands how it was made. No display is
    needed.
    """
    refuse_without(cluster, flags)
    if cluster and colour:
        raise click.UsageError("--colour and --cluster are two colours: leave one out.")
    wanted, others = asked(_OWNERS, flags, "figure", *([cluster] if cluster else []))
    look = others["figure"]
    grouping = Grouping(cluster, others[cluster]) if cluster else None
    refuse_idle(look, clustered=grouping is not None, labelled=bool(label))
    _refuse_beside_coordinates(wanted, drawn_from, grouping)
    figure.ensure_drawable(output, **look)
    ensure_writable(output)
    with progress_bar() as report:
        opened = open_table(table, tensor, labels, report=report)
        column = _column(opened, colour, drawn_from)
        chosen = [opened.row_of(token) for token in select]
        named = [opened.row_of(token) for token in label]
        if grouping is None:
            refuse_idle_colours(column)
        made = _made(opened, wanted, drawn_from, part(report, 0.0, 0.6))
        refuse_idle_angles(made.dims)
        if grouping is not None:
            column = _grouped(made, grouping, wanted.seed, part(report, 0.6, 0.7))
        ghost = pipeline.ghost_of(made, query, report=part(report, 0.7, 0.7)) if query else None
        believed = _verdict(made, part(report, 0.7, 0.9)) if quality else ""
        drawn = pipeline.draw(
            made,
            output,
            colour_by=column,
            selection=chosen or None,
            label_rows=named or None,
            ghost=ghost,
            title=title,
            quality=believed,
            report=part(report, 0.9, 1.0),
            **look,
        )
    _tell(made, drawn, dense=bool(look.get("density")))
    if believed:
        say(believed)
    _tell_absent(made, chosen, named)
    click.echo(drawn)


def _refuse_beside_coordinates(
    wanted: Asked, coordinates: Path | None, grouping: Grouping | None
) -> None:
    """Raises click.UsageError for flags of a map that is there already, and for the angles of a
    flat one."""
    if coordinates is None:
        refuse_idle_angles(wanted.dims)
    elif wanted.given:
        raise click.UsageError("With --from the map is there already: leave --method and such out.")
    elif grouping is None:
        refuse_given(["seed"], "needs --cluster where --from brings the map")


def _column(table: Table, name: str, coordinates: Path | None) -> Column | None:
    """The column to colour by, refused before the work; None for one colour."""
    if not name or name in table.columns:
        return pipeline.colour_column(table, name)
    beside = [] if coordinates is None else column_names(coordinates)
    if coordinates is not None and name in beside:
        read_coordinates(coordinates, len(table))  # refuses what is not of this table
        return read_column(coordinates, name, len(table))
    if name == _ONE_COLOUR:
        return None
    there = ", ".join(dict.fromkeys([*table.columns, *beside])) or "none"
    raise NotFoundError(f"There is no column {name!r}.", f"The columns: {there}.")


def _made(table: Table, wanted: Asked, coordinates: Path | None, report: Report) -> Projection:
    if coordinates is None:
        return wanted.make(table, report)
    from explorer.reading.exported import read_exported

    exported = read_exported(coordinates, table)
    if exported.note:
        say(f"! {exported.note}: the caption cannot say how this map was made.")
    return exported.projection


def _grouped(made: Projection, grouping: Grouping, seed: int, report: Report) -> Column:
    """The clusters to colour by, told as they are found."""
    found = grouping.find(made, seed, report)
    for line in lines_of(found, made):
        say(line)
    return found.column()


def _verdict(made: Projection, report: Report) -> str:
    """How far the map may be believed, in words."""
    return pipeline.measure(made, report=report).verdict()


def _tell(made: Projection, drawn: Path, *, dense: bool) -> None:
    say(f"{made.coverage}: {told(made)}")
    if figure.dots_are_an_image(made, drawn) and not dense:
        say("The dots are one image inside the file, for there are many; --dpi says how fine.")


def _tell_absent(made: Projection, selected: list[int], labelled: list[int]) -> None:
    """Which of the tokens that were asked for have no place on this map."""
    there = set(made.shown_rows.tolist())
    absent = [row for row in dict.fromkeys([*selected, *labelled]) if row not in there]
    if absent:
        names = ", ".join(shown(made.table.tokens[row]) for row in absent[:_NAMED])
        more = f" and {len(absent) - _NAMED:,} more" if len(absent) > _NAMED else ""
        say(f"Not on this map: {names}{more}.")
