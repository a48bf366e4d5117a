"""Making maps, and putting them into files and pictures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from explorer import manifest
from explorer.errors import NotFoundError, ParameterError
from explorer.params import build
from explorer.pipeline.placing import as_compared
from explorer.pipeline.seeds import check_seed
from explorer.preparation import Prepared, Sample, parse_steps, prepare
from explorer.progress import Report, part, silent
from explorer.projection import Projection
from explorer.projections import Cost, Method, methods
from explorer.signatures import checked
from explorer.table import Column, Table

Rows = npt.NDArray[np.int64]


def project(
    table: Table,
    method: str = "pca",
    *,
    dims: int = 2,
    seed: int = 0,
    axes: Sequence[int] | None = None,
    steps: str | Sequence[str] | None = None,
    sample: Sample | None = None,
    start: Projection | None = None,
    resume: bool = False,
    selections: Mapping[str, Rows] | None = None,
    report: Report = silent,
    **params: Any,
) -> Projection:
    """A map of the table: of all its rows, or of a sample of them.

    method: a name in explorer.projections ("pca", "tsne"); params: its parameters by name.
    dims: 2 or 3. axes: 1-based components to draw, where the method has more than `dims`.
    steps: preprocessing in order, such as "centre, unit"; "none"; None for the method's own choice.
    sample: rows to draw by chance; None for all.
    start: a map to begin from, for methods that can (`Method.startable`). resume: go on with that
        map's own run, which was stopped.
    selections: rows by name, which expressions among the parameters may speak of (`@animals`).
    Raises ParameterError, and Cancelled where `report` does.
    """
    chosen = _method(method)
    if dims not in (2, 3):
        raise ParameterError(f"A map cannot have {dims} dimensions.", "Choose 2 or 3.")
    check_seed(seed)
    checked = build(chosen.params, params)
    wanted = parse_steps(chosen.steps if steps is None else steps)
    points = prepare(table, wanted, sample, part(report, 0.0, 0.1 if wanted else 0.0))
    points = replace(points, selections=selections or {})
    begun = {} if start is None else _begun(chosen, points, start, dims, resume)
    projection = chosen.fit(
        points, checked, dims=dims, seed=seed, report=part(report, 0.1, 1.0), **begun
    )
    if axes is None:
        return projection
    if len(axes) != dims:
        raise ParameterError(
            f"{len(axes)} axes do not make a {dims}-dimensional map.",
            "Name as many axes as the map has dimensions.",
        )
    return projection.with_axes(tuple(axis - 1 for axis in axes))


def _begun(
    method: Method, points: Prepared, start: Projection, dims: int, resume: bool
) -> dict[str, Any]:
    """What tells `Method.fit` where to begin."""
    if not method.startable:
        raise ParameterError(f"{method.title} does not begin from a map.", "Leave the start out.")
    if len(start.scores) != len(points.table) or start.dims != dims:
        raise ParameterError(
            f"The map to begin from has {len(start.scores):,} rows in {start.dims} dimensions.",
            f"This one has {len(points.table):,} in {dims}.",
        )
    if resume and (start.method != method.name or start.iterations is None):
        raise ParameterError("This map has no run to go on with.", "Make a new one.")
    coordinates = start.coordinates
    places = coordinates if points.rows is None else coordinates[points.rows]
    return {"start": places, "resume": start.iterations if resume else None}


def estimate(
    table: Table, method: str, *, dims: int = 2, sample: Sample | None = None, **params: Any
) -> Cost | None:
    """About how long a map will take here and how much memory; None where it is no matter."""
    chosen = _method(method)
    if chosen.estimate is None:
        return None
    rows = len(table) if sample is None else min(sample.size, len(table))
    return chosen.estimate(rows, table.dim, build(chosen.params, params), dims=dims)


def place_others(projection: Projection, *, seed: int = 0, report: Report = silent) -> Projection:
    """The map of a sample with all other rows placed into it; those that were there stay put.

    Raises ParameterError where the method cannot place rows, or none are missing.
    """
    method, table = _method(projection.method), projection.table
    if method.place is None or projection.sample is None:
        raise ParameterError(
            "There are no rows to be placed into this map.",
            "Make a map of a sample with a method that can place others, such as t-SNE.",
        )
    points = prepare(table, parse_steps(projection.steps), projection.sample, part(report, 0, 0.1))
    there = projection.shown_rows
    others = np.setdiff1d(np.arange(len(table)), there)
    new = as_compared(projection, points.of_table(others))
    usable = np.isfinite(new).all(axis=1)
    others, new = others[usable], new[usable]
    scores = projection.scores.copy()
    axes = np.asarray(projection.axes)
    scores[others[:, None], axes] = method.place(
        as_compared(projection, points.of_table(there)),
        projection.coordinates[there],
        new,
        seed=seed,
        report=part(report, 0.1, 1.0),
    )
    words = f"{len(others):,} rows outside the sample were placed into the map afterwards"
    return replace(
        projection,
        scores=scores,
        sample=None,
        preprocessing=(*projection.preprocessing, words),
        start=projection.start or f"a map of {projection.sample}",
        placed=len(others),
    )


def check_params(method: str, params: Mapping[str, Any]) -> None:
    """Raises the ParameterError that `project` would for these parameters of a method."""
    build(_method(method).params, dict(params))


def _method(name: str) -> Method:
    known = methods()
    if name not in known:
        raise ParameterError(f"There is no method {name!r}.", f"There are: {', '.join(known)}.")
    return known[name]


def export(
    projection: Projection,
    path: Path | str,
    *,
    spreadsheet_safe: bool = False,
    columns: Sequence[str] | None = None,
    computed: Sequence[Column] = (),
    rows: Rows | None = None,
    facts: Mapping[str, Any] | None = None,
    report: Report = silent,
) -> tuple[Path, Path]:
    """Writes the coordinates as CSV, or Parquet by the ending, and, beside it, the manifest;
    returns both paths.

    spreadsheet_safe: put `'` before cells that a spreadsheet would run as a formula.
    columns: names of the table's columns to write, None for all. computed: further columns.
    rows: those to write, None for all. facts: further entries of the manifest.
    Raises OutputError, older files being then untouched, NotFoundError for a column or row that is
    not there, and ParameterError for another ending.
    """
    return manifest.export_projection(
        projection,
        Path(path),
        spreadsheet_safe=spreadsheet_safe,
        columns=columns,
        computed=computed,
        rows=rows,
        facts=facts,
        report=report,
    )


def draw(
    projection: Projection,
    path: Path | str,
    *,
    colour_by: str | Column | None = "",
    report: Report = silent,
    **how: Any,
) -> Path:
    """Draws a map as PNG, SVG or PDF, by the ending of `path`; returns its path.

    colour_by: a column of the table by its name, or one that was computed; "" for the table's
        first that tells more than a count, None for one colour.
    how: of explorer.figure.draw_map: `dark`, `width`, `title`, `selection`, `quality` and so on.
    Raises OutputError, NotFoundError, ParameterError.
    """
    from explorer import figure

    if isinstance(colour_by, str):
        colour_by = colour_column(projection.table, colour_by)
    draw_map = checked(figure.draw_map)
    return draw_map(projection, path, colour_by=colour_by, report=report, **how)


def colour_column(table: Table, name: str = "") -> Column | None:
    """The column of this name to colour a map by; "" for the table's first that tells more than a
    count, None where there is none. Raises NotFoundError."""
    if name and name not in table.columns:
        there = ", ".join(table.columns) or "none"
        raise NotFoundError(f"There is no column {name!r}.", f"There are: {there}.")
    return table.columns.get(name or next(iter(table.colour_columns), ""))
