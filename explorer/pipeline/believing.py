"""How far a map may be believed, and what is in one of two maps only."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from explorer import quality
from explorer.progress import Report, silent
from explorer.projection import Projection
from explorer.projections import methods
from explorer.quality import KS, Agreement, Believed, Quality
from explorer.table import Column


def measure(
    projection: Projection,
    ks: Sequence[int] = KS,
    metric: str = "cosine",
    *,
    seed: int = 0,
    report: Report = silent,
) -> Quality:
    """How well a map keeps the neighbourhoods of its table.

    ks: sizes of the neighbourhoods. metric: of the table's space, "cosine" or "euclidean".
    seed: of the sample that is measured of more than 20,000 rows.
    Raises ParameterError, and Cancelled where `report` does.
    """
    return quality.measure(
        projection.table, projection.coordinates, ks=ks, metric=metric, seed=seed, report=report
    )


def believe(projection: Projection, row: int, k: int = 10, metric: str = "cosine") -> Believed:
    """How far one row's place on the map may be believed; quick enough for a click.

    Raises NotFoundError for a row that is not there, ParameterError for one that is not on the map.
    """
    return quality.believe(projection.table, projection.coordinates, row, k, metric=metric)


def agreement(
    first: Projection, second: Projection, k: int = 10, *, report: Report = silent
) -> Agreement:
    """Which rows have the same `k` nearest rows on both maps.

    Raises ParameterError for maps of different tables or too few rows on both, and Cancelled.
    """
    return quality.agreement(first.coordinates, second.coordinates, k, report)


def kept_column(projection: Projection, measured: Quality, k: int = 10) -> Column:
    """The share of its k neighbours that the map kept of each row, to colour by and to export:
    float64 in [0, 1], NaN for rows that were not measured.

    Raises ParameterError for a k that was not measured.
    """
    of = f"{measured.sampled:,} sampled rows" if measured.sampled else "all rows"
    return Column(
        f"neighbours kept (k={k}, {title_of(projection)})",
        # Counts over k, and not what float32 makes of them, which files would show.
        np.round(measured.kept_rows[measured.at(k)].astype(np.float64) * k) / k,
        f"share of the {k} nearest rows in the table ({measured.metric}, {of}) that are among the "
        f"{k} nearest on the map",
    )


def agreement_column(first: Projection, second: Projection, found: Agreement) -> Column:
    """How far each row has the same neighbours on both maps: float64 in [0, 1], NaN for rows that
    are not on both."""
    return Column(
        f"in both maps (k={found.k})",
        found.jaccard.astype(np.float64),
        f"neighbours on both maps over neighbours on either (Jaccard), the {found.k} nearest on "
        f"{_told(first)} and on {_told(second)}",
    )


def title_of(projection: Projection) -> str:
    """The method's name as people write it, such as "t-SNE"."""
    method = methods().get(projection.method)
    return method.title if method else projection.method


def _told(projection: Projection) -> str:
    return f"{title_of(projection)} (seed {projection.seed})"
