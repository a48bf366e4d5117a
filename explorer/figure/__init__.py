"""A map as a still picture: what a report or a slide needs, drawn without a window."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from explorer import palettes
from explorer.errors import ParameterError
from explorer.figure.frame import rotation_of, view_of
from explorer.figure.ghost import GhostPoint
from explorer.figure.layout import Layout, Scene, cramped, lay_out, paper_for
from explorer.figure.look import FigureParams, Page, page_of
from explorer.figure.marks import MOST_DRAWN_DOTS
from explorer.figure.paper import Paper
from explorer.figure.picture import draw_scene, label_scene
from explorer.figure.saving import house_settings, kind_of, save
from explorer.params import build, fields_of
from explorer.progress import Progress, Report, part, silent
from explorer.projection import Projection
from explorer.table import Column, Table

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = [
    "FigureParams",
    "GhostPoint",
    "dots_are_an_image",
    "draw_map",
    "ensure_drawable",
    "map_image",
]

Rows = npt.NDArray[np.int64]
_LEAST_DPI = 20.0
_LOOK = frozenset(field.name for field in fields_of(FigureParams))


def draw_map(
    projection: Projection,
    path: Path | str,
    *,
    colour_by: Column | None = None,
    span: tuple[float, float] | None = None,
    selection: Sequence[int] | Rows | None = None,
    only: Rows | None = None,
    label_rows: Sequence[int] | None = None,
    links: Sequence[tuple[int, int]] = (),
    ghost: GhostPoint | None = None,
    rotation: npt.NDArray[np.float64] | None = None,
    title: str = "",
    quality: str = "",
    report: Report = silent,
    **look: Any,
) -> Path:
    """Draws a map as PNG, SVG or PDF, by the ending of `path`; returns its path.

    Texts in an SVG or PDF are texts. The same map and choices give the same bytes.

    colour_by: a column whose values become colours, with a legend or a colour bar; None for one
        colour. With `density` the colour tells the number of rows instead. span: numbers at the
        ends of its ramp; None for the usual ones.
    selection: rows that stand out; the rest is grey, and labels go to these rows only.
    only: rows that are drawn, int64; None for all. Colours are those of the whole map.
    label_rows: rows to be labelled, the most important first; by default the most frequent of each
        part of the map. links: pairs of rows with a line between them.
    ghost: a point that is no row, marked on the map and named below it; None for none.
    rotation: float64 (3, 3), how a 3-D map is turned: its rows are screen right, screen up and
        towards the eye; by default by the angles of `look`.
    title: by default the table's name. quality: how far the map may be believed, in words, for
        the caption. look: fields of FigureParams by name.
    Raises ParameterError for an ending or a size that cannot be, NotFoundError for a row that is
    not there, and OutputError; an older picture is then as it was.
    """
    target, params = Path(path), build(FigureParams, look)
    page = page_of(params, vector=kind_of(target) != "png")
    report(Progress(0, 10, "Drawing the map"))
    scene = _scene(
        projection,
        params,
        colour_by=colour_by,
        span=span,
        selection=selection,
        only=only,
        label_rows=label_rows,
        links=links,
        ghost=ghost,
        rotation=rotation,
        title=title,
        quality=quality,
    )
    with house_settings():
        figure = _drawn(page, scene, report)
        report(Progress(2, 10, "Saving the picture"))
        save(figure, target, page.dpi)
    return target


def map_image(
    projection: Projection,
    within: tuple[int, int],
    *,
    report: Report = silent,
    **how: Any,
) -> palettes.U8:
    """The picture that `draw_map` would write, small, to be looked at: uint8 (height, width, 4).

    within: width and height, pixels, of what it has to fit in. how: keywords of `draw_map`.
    Raises ParameterError as `draw_map`.
    """
    params = build(FigureParams, {name: how.pop(name) for name in _LOOK & how.keys()})
    page = page_of(params, vector=False)
    report(Progress(0, 10, "Drawing the map"))
    scene = _scene(projection, params, **how)
    with house_settings():
        figure = _drawn(page, scene, report)
        inches = figure.get_size_inches()
        fitting = min(pixels / side for pixels, side in zip(within, inches, strict=True))
        figure.set_dpi(max(_LEAST_DPI, fitting))
        canvas: Any = figure.canvas
        canvas.draw()
        return np.array(canvas.buffer_rgba())


def _scene(
    projection: Projection,
    params: FigureParams,
    *,
    colour_by: Column | None = None,
    span: tuple[float, float] | None = None,
    selection: Sequence[int] | Rows | None = None,
    rotation: npt.NDArray[np.float64] | None = None,
    only: Rows | None = None,
    **told: Any,
) -> Scene:
    """What is to be drawn. told: fields of Scene."""
    for rows in (selection, only, told.get("label_rows"), told.get("links")):
        _check_rows(projection.table, rows)
    ghost: GhostPoint | None = told.get("ghost")
    if ghost is not None and np.shape(ghost.place) != (projection.dims,):
        raise ParameterError(
            f"The point {ghost.title!r} is no place on this map.",
            f"It needs {projection.dims} coordinates.",
        )
    turned = rotation_of(params) if rotation is None else np.asarray(rotation, np.float64)
    coordinates = projection.coordinates
    if only is not None:
        coordinates = np.full_like(coordinates, np.nan)
        coordinates[only] = projection.coordinates[only]
    column = None if params.density else colour_by
    colouring = _colouring(projection, column, params, params.categories, span)
    return Scene(
        projection,
        view_of(coordinates, turned, whole=params.whole or not projection.one_unit),
        params,
        _counted(colouring, projection, only),
        column=column,
        selection=None if selection is None else np.unique(np.asarray(selection, np.int64)),
        only=only,
        **told,
    )


def _check_rows(table: Table, rows: Any) -> None:
    """Raises NotFoundError where one of these is no row of the table; None for none."""
    if rows is not None and len(rows):
        numbers = np.asarray(rows)
        for row in (numbers.min(), numbers.max()):
            table.check_row(int(row))


def _drawn(page: Page, scene: Scene, report: Report) -> Figure:
    """The figure, not saved yet, under `house_settings`."""
    paper = paper_for(page, scene)
    scene, layout = _with_room(paper, scene)
    diameter = draw_scene(paper, scene, layout, part(report, 0.2, 1.0))
    report(Progress(1, 10, "Writing labels"))
    label_scene(paper, scene, layout, diameter)
    return paper.figure


def ensure_drawable(path: Path | str, **look: Any) -> None:
    """Raises, before long work, what `draw_map` would raise after it for the name and the size
    alone: ParameterError."""
    kind = kind_of(Path(path))
    page_of(build(FigureParams, look), vector=kind != "png")


def dots_are_an_image(projection: Projection, path: Path | str) -> bool:
    """Whether the dots are one image inside the SVG or PDF: so many would make it too slow to
    open. Texts, lines and the legend stay what they are."""
    vector = kind_of(Path(path)) != "png"
    placed = np.isfinite(projection.coordinates).all(axis=1).sum()
    return vector and int(placed) > MOST_DRAWN_DOTS


def _with_room(paper: Paper, scene: Scene) -> tuple[Scene, Layout]:
    """The scene and its layout; where the page has no room to name all categories, with fewer.

    Raises ParameterError where no room at all is left for the map.
    """
    layout = lay_out(paper, scene)
    named = len(scene.colouring.legend)
    while cramped(paper, scene, layout) and scene.has_list and named > 1:
        named = max(1, 4 * named // 5 - 1)
        fewer = _colouring(scene.projection, scene.column, scene.params, named)
        scene = replace(scene, colouring=_counted(fewer, scene.projection, scene.only))
        layout = lay_out(paper, scene)
    if layout.frame.box.width <= 0 or layout.frame.box.height <= 0:
        raise ParameterError(
            "The page has no room for the map beside its words.",
            "Make it larger, or leave out heading, caption or colours.",
        )
    return scene, layout


def _counted(
    colouring: palettes.Colouring, projection: Projection, only: Rows | None
) -> palettes.Colouring:
    """The legend with the rows that are drawn, of a sample or a selection; colours stay."""
    drawn = np.flatnonzero(np.isfinite(projection.coordinates).all(axis=1))
    codes = colouring.codes[drawn if only is None else np.intersect1d(drawn, only)]
    counts = np.bincount(codes, minlength=len(colouring.palette))
    entries = (replace(entry, count=int(counts[entry.code])) for entry in colouring.legend)
    return replace(colouring, legend=tuple(entry for entry in entries if entry.count))


def _colouring(
    projection: Projection,
    column: Column | None,
    params: FigureParams,
    categories: int,
    span: tuple[float, float] | None = None,
) -> palettes.Colouring:
    """categories: how many are named; 0 for the palette's own choice."""
    low, high = span or (None, None)
    if column is None:
        return palettes.plain(len(projection.table), dark=params.dark)
    return palettes.colour_values(
        column.values,
        numeric=column.numeric,
        dark=params.dark,
        limit=categories or None,
        ramp=params.ramp,
        low=low,
        high=high,
        shaped=params.shapes,
    )
