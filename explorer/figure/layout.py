"""What stands where on the page: title and colour bar above the map, a list of categories beside
it (below it on a narrow page), the caption at the foot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from explorer.figure import ghost, key
from explorer.figure.axes import room_for_axes
from explorer.figure.caption import phrases
from explorer.figure.frame import Frame, View
from explorer.figure.ghost import GhostPoint
from explorer.figure.look import FigureParams, Page, taller
from explorer.figure.paper import Box, Paper
from explorer.palettes import Colouring
from explorer.projection import Projection
from explorer.table import Column

TITLE = 1.8  # size of the title, in text sizes
CAPTION = 0.88
_CAPTION_LINE = 1.45  # of the caption's own size
_TITLE_ROOM = 3.0
_FLEXIBLE_MAP = 0.55  # height of the map on a page that may grow, in widths of the page
_LEAST_MAP = 0.25  # of the page's height: what the map keeps, whatever the caption would like


@dataclass(frozen=True, eq=False)
class Scene:
    """What is to be drawn. Row numbers are those of the projection's table.

    view: the map as it is seen. column: what the colours stand for; None for one colour.
    selection: rows that stand out, int64; None for no selection. only: rows that are drawn; None
    for all. label_rows: rows to be labelled; None for the most important. links: pairs of rows.
    ghost: a point that is no row; None for none.
    """

    projection: Projection
    view: View
    params: FigureParams
    colouring: Colouring
    column: Column | None = None
    selection: npt.NDArray[np.int64] | None = None
    only: npt.NDArray[np.int64] | None = None
    label_rows: Sequence[int] | None = None
    links: Sequence[tuple[int, int]] = ()
    ghost: GhostPoint | None = None
    title: str = ""
    quality: str = ""

    @property
    def has_bar(self) -> bool:
        return self.params.density or (self.column is not None and self.colouring.ramp is not None)

    @property
    def has_list(self) -> bool:
        return self.column is not None and bool(self.colouring.legend)


@dataclass(frozen=True, eq=False)
class Layout:
    """The map's rectangle with the map in it, and what stands around it.

    list_box: of the categories beside the map; None where there is no such list.
    running: the categories below the map. caption: its lines, from `caption_top` downwards.
    ghost_base: of the line on the ghost point, where there is one.
    """

    frame: Frame
    top: float
    caption_top: float
    caption: list[str]
    list_box: Box | None = None
    running: list[key.Placed] = field(default_factory=list)
    ghost_base: float = 0.0


def lay_out(paper: Paper, scene: Scene) -> Layout:
    """A place for everything. How many rows lie beyond the edge stands in the caption, whose
    height changes the edge: the number is that of a map one line higher at most."""
    first = _laid(paper, scene, 0)
    return _laid(paper, scene, first.frame.beyond) if first.frame.beyond else first


def paper_for(page: Page, scene: Scene) -> Paper:
    """Paper of that size, or taller where the page is flexible and little would be left of it for
    the map."""
    paper = Paper(page, scene.params.dark)
    if not page.flexible:
        return paper
    # With room to spare, so that no line of the caption is left out while it is measured.
    spare = Paper(taller(page, page.width), scene.params.dark)
    left = lay_out(spare, scene).frame.box.height - page.width
    wanted = _FLEXIBLE_MAP * page.width
    return paper if left >= wanted else Paper(taller(page, wanted - left), scene.params.dark)


def cramped(paper: Paper, scene: Scene, layout: Layout) -> bool:
    """Whether the list of categories does not fit, or leaves too little to the map."""
    if layout.list_box is not None:
        return len(scene.colouring.legend) > key.most_entries(paper, layout.list_box)
    return layout.frame.box.height < _LEAST_MAP * paper.page.height


def caption_size(paper: Paper) -> float:
    """Points."""
    return CAPTION * paper.page.text


def caption_line(paper: Paper) -> float:
    """Points from one line to the next."""
    return _CAPTION_LINE * caption_size(paper)


def _laid(paper: Paper, scene: Scene, beyond: int) -> Layout:
    page, text = paper.page, paper.page.text
    left, right = page.margin, page.width - page.margin
    top = page.height - page.margin
    caption = _caption(paper, scene, beyond)
    caption_top = page.margin + len(caption) * caption_line(paper)
    foot = caption_top + (0.9 * text if caption else 0.0)
    beside = scene.has_list and key.beside(paper)
    running = _running(paper, scene) if scene.has_list and not beside else []
    foot += key.running_height(paper, running) + (0.5 * text if running else 0.0)
    ghost_base = foot + 0.4 * text
    foot += ghost.LINE * text if scene.ghost else 0.0
    side = (
        key.list_width(paper, scene.column.name, scene.colouring.legend)
        if beside and scene.column
        else 0.0
    )
    axis_left, axis_foot = room_for_axes(paper, scene.projection, scene.view)
    box = Box(left + axis_left, foot + axis_foot, right - side, top - _head(paper, scene))
    listed = Box(box.right + text, box.bottom, right, box.top) if beside else None
    return Layout(Frame(scene.view, box), top, caption_top, caption, listed, running, ghost_base)


def _head(paper: Paper, scene: Scene) -> float:
    """Points between the upper margin and the map."""
    text = paper.page.text
    bar = key.BAR_HEIGHT * text + 0.6 * text if scene.has_bar else 0.0
    return max(bar, _TITLE_ROOM * text if scene.params.heading else 0.0)


def _running(paper: Paper, scene: Scene) -> list[key.Placed]:
    assert scene.column is not None
    width = paper.page.width - 2 * paper.page.margin
    return key.running(paper, scene.column.name, scene.colouring.legend, width)


def _caption(paper: Paper, scene: Scene, beyond: int) -> list[str]:
    """The caption in lines; where the map would have no room, it ends early in an ellipsis."""
    if not scene.params.caption:
        return []
    page = paper.page
    drawn = None if scene.only is None else len(scene.only)
    told = phrases(scene.projection, quality=scene.quality, beyond=beyond, drawn=drawn)
    lines = paper.wrapped(told, page.width - 2 * page.margin, caption_size(paper))
    room = (1 - _LEAST_MAP) * page.height - 2 * page.margin - _head(paper, scene) - 8 * page.text
    most = max(1, int(room / caption_line(paper)))
    return lines if len(lines) <= most else [*lines[: most - 1], f"{lines[most - 1]} …"]
