"""The flags that ask for clusters beside a map."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import click

from explorer import pipeline
from explorer.clusters import METHODS, Clusters
from explorer.params import fields_of
from explorer.progress import Report
from explorer.projection import Projection

_NAMES = {field.name: field.flag for params in METHODS.values() for field in fields_of(params)}


def cluster_option(told: str) -> Callable[[Any], Any]:
    """--cluster, explained by `told`; the parameters of each method are among the owners of the
    verb's flags."""
    return click.option(
        "--cluster",
        type=click.Choice(list(METHODS)),
        help=told,
    )


@dataclass(frozen=True)
class Grouping:
    """The clusters that the flags ask for."""

    method: str
    params: dict[str, Any]

    def find(self, made: Projection, seed: int, report: Report) -> Clusters:
        """pipeline.cluster. Raises ParameterError, Cancelled."""
        return pipeline.cluster(
            made.table,
            self.method,
            projection=made,
            seed=seed,
            report=report,
            **self.params,
        )


def lines_of(clusters: Clusters, made: Projection) -> list[str]:
    """What the person is told of the clusters of a map."""
    return [f"{clusters.description}: {clusters.verdict}", *_beyond(clusters, made)]


def _beyond(clusters: Clusters, made: Projection) -> list[str]:
    """That the clusters are of more rows than the map has, where they are."""
    grouped, there = len(clusters.labels), len(made.shown_rows)
    if made.sample is None or clusters.params.space == "map" or there == grouped:
        return []
    return [f"The clusters are of all {grouped:,} rows of the table; the map has {there:,}."]


def refuse_without(cluster: str | None, flags: dict[str, Any]) -> None:
    """Raises click.UsageError where a parameter of clusters is given and --cluster is not."""
    for name, flag in _NAMES.items():
        if cluster is None and flags.get(name) is not None:
            raise click.UsageError(f"{flag} needs --cluster {' or '.join(METHODS)}.")
