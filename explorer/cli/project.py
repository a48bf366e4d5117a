"""`project`: coordinates of every row in a file, and beside it a manifest: how they were made."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from explorer import pipeline
from explorer.cli.believing import compared, kept_columns, neighborhoods_option, told
from explorer.cli.clustering import Grouping, cluster_option, lines_of, refuse_without
from explorer.cli.opening import open_table
from explorer.cli.options import (
    labels_option,
    output_option,
    spreadsheet_safe_option,
    table_argument,
    tensor_option,
)
from explorer.cli.projecting import asked, owners, projection_options
from explorer.cli.sections import SectionedCommand
from explorer.cli.terminal import progress_bar, say
from explorer.clusters import METHODS, Clusters
from explorer.errors import ExplorerError, NotFoundError, ParameterError
from explorer.manifest import CHANGED
from explorer.paths import ensure_apart, ensure_writable
from explorer.progress import Report, part
from explorer.projection import Projection
from explorer.quality import KS, Quality
from explorer.sheets import ensure_suffix
from explorer.table import Column, Table

_OWNERS = owners(**METHODS)
_NONE = "none"


@click.command(
    "project",
    cls=SectionedCommand,
    short_help="Map coordinates of every row, as CSV or Parquet.",
)
@table_argument
@output_option("OUT.csv|parquet")
@cluster_option("Add a column `cluster`: which rows lie together.")
@click.option(
    "--quality",
    is_flag=True,
    help="Measure how many neighbours the map keeps: told, in the manifest, and of each row in "
    "the columns kept_10, kept_30 and kept_100.",
)
@neighborhoods_option(" for --quality")
@spreadsheet_safe_option
@click.option(
    "--columns",
    metavar="A,B",
    help="Columns of the table to write, or none.  [default: all]",
)
@tensor_option
@labels_option
@projection_options(_OWNERS, dict.fromkeys(METHODS, "Clusters (--cluster)"))
def command(
    table: Path,
    cluster: str | None,
    quality: bool,
    ks: tuple[int, ...],
    spreadsheet_safe: bool,
    columns: str | None,
    tensor: str,
    labels: Path | None,
    output: Path,
    **flags: Any,
) -> None:
    """Project all rows of TABLE and write row,token,x,y[,z] and the table's columns to OUT.

    Beside it, OUT.csv.manifest.json says what is needed to make the same file again. A name that
    ends in .parquet is written as Parquet.
    """
    refuse_without(cluster, flags)
    if ks and not quality:
        raise click.UsageError("--k needs --quality.")
    wanted, params = asked(_OWNERS, flags, *([cluster] if cluster else []))
    grouping = Grouping(cluster, params[cluster]) if cluster else None
    ensure_suffix(output)
    read = (table, labels, flags["coordinates"])
    ensure_apart(output, [Path(one) for one in read if one])
    ensure_writable(output)
    with progress_bar() as report:
        opened = open_table(table, tensor, labels, report=report)
        chosen = _columns(opened, columns)
        made = wanted.make(opened, report)
        beside = _beside(made, grouping, (ks or KS) if quality else (), wanted.seed, report)
        written = pipeline.export(
            made,
            output,
            spreadsheet_safe=spreadsheet_safe,
            columns=chosen,
            computed=beside.columns,
            facts=beside.facts,
            report=report,
        )
    say(f"{made.coverage}: {told(made)}")
    for line in beside.lines:
        say(line)
    if opened.source.changed:
        say(f"! {opened.source.path}: {CHANGED}")
    for path in written:
        click.echo(path)
    beside.refuse_missing(output)


def _columns(table: Table, text: str | None) -> list[str] | None:
    """The table's columns that are wanted, refused before the work; None for all."""
    if text is None:
        return None
    if text == _NONE and _NONE not in table.columns:
        return []
    # A name with a comma stands in quotes, as it does in the file.
    try:
        names = next(csv.reader([text], skipinitialspace=True), [])
    except csv.Error as error:
        raise click.UsageError(
            "--columns cannot be read: give names on one line, with commas between them."
        ) from error
    for name in names:
        if name not in table.columns:
            there = ", ".join(table.columns) or "none"
            raise NotFoundError(f"There is no column {name!r}.", f"The table's columns: {there}.")
    return names


@dataclass(frozen=True)
class _Beside:
    """What was found of a map: its clusters and how far it may be believed, where asked for.

    problems: why one of them was not found, which is no reason to lose the map.
    """

    made: Projection
    clusters: Clusters | None
    measured: Quality | None
    columns: list[Column]
    problems: list[ExplorerError]

    @property
    def facts(self) -> dict[str, Any]:
        """Entries of the manifest."""
        found = {"clusters": self.clusters, "quality": self.measured}
        return {name: one.as_dict() for name, one in found.items() if one is not None}

    @property
    def lines(self) -> list[str]:
        """What the person is told."""
        lines = []
        if self.clusters is not None:
            lines += lines_of(self.clusters, self.made)
        if self.measured is not None:
            lines += [self.measured.verdict(), compared(self.measured), *self.measured.notes]
        return lines

    def refuse_missing(self, output: Path) -> None:
        """Raises ParameterError where something asked for is not in the file that was written."""
        if self.problems:
            said = " ".join(problem.message for problem in self.problems)
            raise ParameterError(
                f"{output} is written, but not all of it: {said}", self.problems[0].hint
            )


def _beside(
    made: Projection, grouping: Grouping | None, ks: Sequence[int], seed: int, report: Report
) -> _Beside:
    """ks: the neighbourhoods to measure; none for no measuring."""
    problems: list[ExplorerError] = []
    clusters, measured = None, None
    with _noting(problems):
        clusters = grouping.find(made, seed, part(report, 0.0, 0.5)) if grouping else None
    with _noting(problems):
        measured = pipeline.measure(made, ks, report=part(report, 0.5, 1.0)) if ks else None
    columns = [clusters.column()] if clusters else []
    columns += kept_columns(made, measured) if measured else []
    return _Beside(made, clusters, measured, columns, problems)


@contextmanager
def _noting(problems: list[ExplorerError]) -> Iterator[None]:
    try:
        yield
    except ExplorerError as error:
        problems.append(error)
