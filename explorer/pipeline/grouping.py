"""Which rows lie together: clusters of a table, or of a map of it."""

from __future__ import annotations

from typing import Any

from explorer import clusters
from explorer.clusters import Clusters
from explorer.errors import ParameterError
from explorer.params import build
from explorer.pipeline.seeds import check_seed
from explorer.progress import Report, silent
from explorer.projection import Projection
from explorer.table import Table


def cluster(
    table: Table,
    method: str = "k-means",
    *,
    projection: Projection | None = None,
    seed: int = 0,
    report: Report = silent,
    **params: Any,
) -> Clusters:
    """Clusters of the rows, numbered from the largest on and named by their tokens.

    method: a name in explorer.clusters.METHODS; params: its parameters by name. projection: the
    map, for the space "map".
    Raises ParameterError, and Cancelled where `report` does.
    """
    if method not in clusters.METHODS:
        raise ParameterError(
            f"There is no way to cluster named {method!r}.",
            f"There are: {', '.join(clusters.METHODS)}.",
        )
    check_seed(seed)
    return clusters.cluster(
        table,
        build(clusters.METHODS[method], params),
        coordinates=None if projection is None else projection.coordinates,
        seed=seed,
        report=report,
    )
