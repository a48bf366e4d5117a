"""The ghost point of a query: its mark on the map, and the line that says what it is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from explorer.figure.key import fitted
from explorer.figure.paper import Paper
from explorer.tokens import shown

_RADIUS = 0.62  # in text sizes
_CROSS = 0.45  # of the radius
_CORNERS = 48  # of the line that is drawn as a ring
_LENGTH = 120  # characters
_OVER = 4  # is drawn over dots and lines
LINE = 2.3  # height of the line, in text sizes


@dataclass(frozen=True, eq=False)
class GhostPoint:
    """A vector that is in no row, such as what an expression comes to, on a map.

    title: what it is. place: float32 (2 or 3,), map coordinates. detail: how its place was found.
    """

    title: str
    place: npt.NDArray[np.float32]
    detail: str = ""


def radius(paper: Paper) -> float:
    """Of the mark, points."""
    return _RADIUS * paper.page.text


def draw_mark(paper: Paper, x: float, y: float) -> None:
    """A broken ring with a cross in it, as in the window, about a point of the page."""
    ring, cross = radius(paper), _CROSS * radius(paper)
    turns = np.linspace(0, 2 * np.pi, _CORNERS + 1)
    circle = [(x + ring * np.cos(turn), y + ring * np.sin(turn)) for turn in turns]
    lines = [[(x - cross, y), (x + cross, y)], [(x, y - cross), (x, y + cross)]]
    thin = 0.14 * paper.page.text
    paper.lines([circle, *lines], "halo", 2.6 * thin, zorder=_OVER)
    paper.lines(lines, "selected", thin, zorder=_OVER)
    paper.lines([circle], "selected", thin, zorder=_OVER, linestyles=[(0, (2.6, 1.8))])


def draw_line(paper: Paper, ghost: GhostPoint, base: float, *, seen: bool) -> None:
    """The mark and what it stands for, on this baseline. seen: whether it lies within the map."""
    text, left = paper.page.text, paper.page.margin
    ring = radius(paper)
    draw_mark(paper, left + ring, base + 0.36 * text)
    room = paper.page.width - 2 * left - 2 * ring - 0.5 * text
    title = fitted(paper, shown(ghost.title, _LENGTH), room, text)
    start = left + 2 * ring + 0.5 * text
    paper.write(start, base, title, "label")
    told = ", ".join(filter(None, (ghost.detail, "" if seen else "beyond the edge of the map")))
    start += paper.width_of(title) + text
    if told:
        rest = fitted(paper, told, paper.page.width - left - start, 0.92 * text)
        paper.write(start, base, rest, size=0.92 * text)
