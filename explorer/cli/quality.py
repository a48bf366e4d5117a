"""`quality`: how far a map may be believed, for the whole of it and row by row."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from explorer import pipeline
from explorer.cli.believing import compared, kept_columns, neighborhoods_option, worst_rows
from explorer.cli.opening import open_table
from explorer.cli.options import (
    WholeNumber,
    file_option,
    json_option,
    labels_option,
    metric_option,
    seed_option,
    table_argument,
    tensor_option,
)
from explorer.cli.terminal import progress_bar, put_json, put_rows, say
from explorer.errors import InputError
from explorer.metrics import DISTANCES
from explorer.paths import ensure_apart, ensure_writable
from explorer.progress import Report, part
from explorer.projection import Projection
from explorer.quality import KS, Quality, lowered
from explorer.reading.coordinates import has_axes
from explorer.reading.exported import read_exported
from explorer.reading.files import file_size
from explorer.sheets import ensure_suffix
from explorer.table import Table
from explorer.tokens import shown

_USAGE = "quality COORDINATES TABLE"


@click.command("quality", short_help="How far a map may be believed.")
@click.argument("coordinates", metavar="COORDINATES", type=click.Path(path_type=Path))
@table_argument
@neighborhoods_option()
@metric_option(DISTANCES)
@click.option(
    "--rows",
    type=WholeNumber(min=0),
    default=0,
    metavar="N",
    help="List the N rows that kept the fewest neighbours.",
)
@seed_option
@tensor_option
@labels_option
@json_option
@file_option(
    "-o",
    "--output",
    metavar="OUT.csv|parquet",
    told="Write the coordinates with what each row kept (kept_10 and so on), beside a manifest.",
)
def command(
    coordinates: Path,
    table: Path,
    ks: tuple[int, ...],
    metric: str,
    rows: int,
    seed: int,
    tensor: str,
    labels: Path | None,
    as_json: bool,
    output: Path | None,
) -> None:
    """Compare the neighbours that rows have in COORDINATES with those they have in TABLE.

    COORDINATES is what `project` writes; any file with the columns row and x, y (and z) will
    do. Trustworthiness: are neighbours on the map true ones? Continuity: are true neighbours near
    on the map? Both are 1 at best, and about a half for a random map. Neighbours kept: the share
    of the k nearest rows that are the same in both.

    Up to 20,000 rows every row counts; beyond, a sample of them drawn with --seed, against all.
    """
    _refuse_swapped(coordinates, table)
    if output is not None:
        ensure_suffix(output)
        ensure_apart(output, [coordinates, table, *([labels] if labels else [])])
        ensure_writable(output)
    with progress_bar() as report:
        opened = open_table(table, tensor, labels, report=part(report, 0.0, 0.2))
        made = read_exported(coordinates, opened).projection
        for note in lowered(opened, made.coordinates, ks or KS, metric):
            say(note)
        measured = pipeline.measure(
            made, ks or KS, metric, seed=seed, report=part(report, 0.2, 0.9)
        )
        written = _write(made, measured, output, part(report, 0.9, 1.0)) if output else ()
    worst = _worst(opened, measured, rows)
    if as_json:
        put_json(measured.as_dict() | ({"worst_rows": worst} if rows else {}))
    else:
        _show(measured, worst)
    for path in written:
        (say if as_json else click.echo)(str(path))


def _refuse_swapped(coordinates: Path, table: Path) -> None:
    """Raises InputError where the first argument can hold no coordinates, but the second does, and
    where there is no first one."""
    file_size(coordinates)
    problem = ""
    if coordinates.is_dir():
        problem = "it is a folder, and coordinates are in a file."
    elif not has_axes(coordinates) and has_axes(table):
        problem = f"it holds no coordinates, and {table} does."
    if problem:
        raise InputError(coordinates, problem, f"Give the coordinates first: {_USAGE}.")


def _write(made: Projection, measured: Quality, output: Path, report: Report) -> tuple[Path, Path]:
    return pipeline.export(
        made,
        output,
        computed=kept_columns(made, measured),
        facts={"quality": measured.as_dict()},
        report=report,
    )


def _worst(table: Table, measured: Quality, count: int) -> list[dict[str, Any]]:
    return [
        {
            "row": row,
            "token": table.tokens[row],
            "kept": {
                str(k): round(float(share), 6)
                for k, share in zip(measured.ks, measured.kept_rows[:, row], strict=True)
            },
        }
        for row in worst_rows(measured, count).tolist()
    ]


def _show(measured: Quality, worst: list[dict[str, Any]]) -> None:
    at = [
        [
            str(one["k"]),
            f"{one['trustworthiness']:.6f}",
            f"{one['continuity']:.6f}",
            f"{100 * one['kept']:.2f} %",
        ]
        for one in measured.as_dict()["at"]
    ]
    put_rows(["k", "trustworthiness", "continuity", "neighbours kept"], at, right="rrrr")
    say(compared(measured))
    if worst:
        _show_worst(worst)


def _show_worst(worst: list[dict[str, Any]]) -> None:
    shares = list(worst[0]["kept"])
    click.echo()
    put_rows(
        [*(f"kept of {k}" for k in shares), "row", "token"],
        [
            [
                *(f"{100 * share:.0f} %" for share in one["kept"].values()),
                str(one["row"]),
                shown(one["token"]),
            ]
            for one in worst
        ],
        right="r" * (len(shares) + 1),
    )
