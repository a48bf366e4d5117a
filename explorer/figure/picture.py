"""Drawing a scene: every part of the picture in its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from explorer.figure import ghost, key
from explorer.figure.axes import draw_axes, draw_box, draw_compass, meaningful
from explorer.figure.labels import Wanted, draw_labels
from explorer.figure.layout import TITLE, Layout, Scene, caption_line, caption_size
from explorer.figure.marks import Dots, draw_density, draw_dots, draw_links
from explorer.figure.paper import Box, Paper
from explorer.progress import Report
from explorer.tokens import shown

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_TITLE_LENGTH = 120
_LEAST_TITLE = 1.2  # of the text size


def draw_scene(paper: Paper, scene: Scene, layout: Layout, report: Report) -> float:
    """Everything but the labels; returns the usual diameter of a dot, points. report: called when
    the figure is saved."""
    axes = paper.area(layout.frame.box)
    if meaningful(scene.projection):
        draw_axes(paper, axes, layout.frame, scene.projection)
    draw_box(paper, axes, layout.frame)
    diameter, bar = _marks(paper, axes, scene, layout, report)
    taken = _bar(paper, bar, layout) if bar else 0.0
    _heading(paper, scene, layout, taken)
    _list(paper, scene, layout)
    _ghost(paper, scene, layout)
    _caption(paper, layout)
    return diameter


def label_scene(paper: Paper, scene: Scene, layout: Layout, diameter: float) -> list[int]:
    """The labels; returns the rows that have one. diameter: of the dots, points."""
    compass = draw_compass(paper, layout.frame, scene.projection)
    wanted = Wanted(
        scene.params.labels_count,
        scene.label_rows,
        scene.selection,
        _ends(scene, layout),
        marks=not scene.params.readable,
    )
    kept = [compass] if compass else []
    if scene.ghost is not None:
        reach = ghost.radius(paper)
        x, y = layout.frame.place(layout.frame.view.flat_of(scene.ghost.place))
        kept.append(Box(x - reach, y - reach, x + reach, y + reach))
    return draw_labels(paper, scene.projection.table, layout.frame, wanted, diameter, kept)


def _ends(scene: Scene, layout: Layout) -> npt.NDArray[np.int64]:
    """The rows to be named at the ends of the axes; beside a selection none but its own are."""
    if scene.selection is not None:
        return np.empty(0, np.int64)
    return scene.projection.ends(layout.frame.inside)


def _marks(
    paper: Paper, axes: Axes, scene: Scene, layout: Layout, report: Report
) -> tuple[float, key.Bar | None]:
    frame = layout.frame
    if len(scene.links):
        draw_links(paper, axes, frame, scene.links)
    if scene.params.density:
        ramp, most = draw_density(paper, axes, frame)
        return 1.0, key.Bar("rows in each cell, log scale", ramp, "1", key.number(most))
    dots = Dots(scene.colouring, scene.selection, scene.params.dot_size)
    bar = key.bar_of(scene.column.name, scene.colouring) if scene.column else None
    return draw_dots(paper, axes, frame, dots, report), bar


def _bar(paper: Paper, bar: key.Bar, layout: Layout) -> float:
    """Draws the colour bar; returns the points it takes of the title's line."""
    key.draw_bar(paper, bar, layout.frame.box.right, layout.top)
    return key.bar_width(paper, bar) + 2 * paper.page.text


def _heading(paper: Paper, scene: Scene, layout: Layout, taken: float) -> None:
    if not scene.params.heading:
        return
    size, left = TITLE * paper.page.text, paper.page.margin
    name = shown(scene.title or scene.projection.table.name, _TITLE_LENGTH)
    room = paper.page.width - paper.page.margin - taken - left
    # A long title is written smaller before it is shortened.
    needed = paper.width_of(name, size, bold=True)
    size = max(_LEAST_TITLE * paper.page.text, min(size, size * room / needed))
    text = key.fitted(paper, name, room, size, bold=True)
    base = layout.top - 0.8 * size
    paper.write(left, base, text, "title", size=size, bold=True)


def _list(paper: Paper, scene: Scene, layout: Layout) -> None:
    if scene.column is None or not scene.has_list:
        return
    name, box = scene.column.name, layout.frame.box
    if layout.list_box is not None:
        key.draw_list(paper, name, scene.colouring.legend, layout.list_box)
    else:
        top = layout.caption_top + key.running_height(paper, layout.running) + 0.9 * paper.page.text
        key.draw_running(paper, name, layout.running, min(box.left, paper.page.margin), top)


def _ghost(paper: Paper, scene: Scene, layout: Layout) -> None:
    if scene.ghost is None:
        return
    frame = layout.frame
    x, y = frame.place(frame.view.flat_of(scene.ghost.place))
    box, reach = frame.box, ghost.radius(paper)
    across = box.left + reach <= x <= box.right - reach
    seen = bool(across and box.bottom + reach <= y <= box.top - reach)
    if seen:
        ghost.draw_mark(paper, float(x), float(y))
    ghost.draw_line(paper, scene.ghost, layout.ghost_base, seen=seen)


def _caption(paper: Paper, layout: Layout) -> None:
    size = caption_size(paper)
    for place, line in enumerate(layout.caption):
        base = layout.caption_top - place * caption_line(paper) - size
        paper.write(paper.page.margin, base, line, size=size)
