"""As-is: coordinates that are there already, in the table itself or in a file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from explorer.errors import ParameterError
from explorer.params import Params, param
from explorer.preparation import Prepared
from explorer.progress import Progress, Report, silent
from explorer.projection import Projection
from explorer.projections import Method, mapped
from explorer.reading.coordinates import read_coordinates
from explorer.vectors import F32


@dataclass(frozen=True)
class AsIsParams(Params):
    """Which dimensions of the table, or which file."""

    x_dim: int = param(1, minimum=1, label="X", help="Dimension of the table, from 1.")
    y_dim: int = param(2, minimum=1, label="Y", help="Dimension of the table, from 1.")
    z_dim: int = param(3, minimum=1, label="Z", help="Dimension of the table, for 3-D.")
    coordinates: str = param(
        "",
        label="From a file",
        special_text="coordinates.csv",
        help="CSV or Parquet with columns x, y (and z), a line a row; instead of the dimensions.",
    )


def fit(
    points: Prepared, params: AsIsParams, *, dims: int = 2, seed: int = 0, report: Report = silent
) -> Projection:
    """The points where the numbers put them. `seed` changes nothing.

    Raises ParameterError for a dimension that is not there, and for steps where a file is named;
    InputError for a file that cannot be read or has not one line a row.
    """
    file = params.coordinates.strip()
    if file and points.steps:
        raise ParameterError(
            "Coordinates from a file are drawn as they are, without preprocessing.",
            "Leave the steps out.",
        )
    scores, titles = _of_file(points, Path(file), dims) if file else _of_table(points, params, dims)
    report(Progress(1, 1, "Placing the rows"))
    return mapped(
        points,
        scores,
        "as-is",
        params,
        axes=tuple(range(dims)),
        seed=seed,
        titles=titles,
    )


def _of_file(points: Prepared, path: Path, dims: int) -> tuple[F32, tuple[str, ...]]:
    found = read_coordinates(path, len(points.table), dims)
    scores = found if points.rows is None else found[points.rows]
    return scores, tuple("xyz"[:dims])


def _of_table(points: Prepared, params: AsIsParams, dims: int) -> tuple[F32, tuple[str, ...]]:
    wanted = [params.x_dim, params.y_dim, params.z_dim][:dims]
    for dimension in wanted:
        if dimension > points.dim:
            raise ParameterError(
                f"There is no dimension {dimension:,}: the vectors have {points.dim:,}.",
                "Choose others." if points.dim >= dims else "Use PCA.",
            )
    scores = np.empty((len(points), dims), np.float32)
    for start, block in points.blocks():
        scores[start : start + len(block)] = block[:, [dimension - 1 for dimension in wanted]]
    scores[~np.isfinite(scores).all(axis=1)] = np.nan
    return scores, tuple(f"dimension {dimension}" for dimension in wanted)


def locate(points: Prepared, projection: Projection, vectors: F32) -> F32:
    """The same dimensions of further prepared vectors, float32 (m, dims).

    Raises ParameterError where the map is of coordinates from a file.
    """
    params = AsIsParams(**projection.params)
    if params.coordinates.strip():
        raise ParameterError(
            "A map of coordinates from a file has no place for a vector.", "Make a map of vectors."
        )
    wanted = [params.x_dim, params.y_dim, params.z_dim][: projection.scores.shape[1]]
    return vectors[:, [dimension - 1 for dimension in wanted]]


METHOD = Method(
    name="as-is",
    title="As is",
    summary="Two or three of the table's own dimensions, or coordinates from a file, unchanged.",
    params=AsIsParams,
    fit=fit,
    locate=locate,
    steps="none",
    reason="What is there is shown as it is.",
    order=50,
)
