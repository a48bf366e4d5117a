"""What a position on the map means: numbers and titles where there are any, a box in 3-D."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from explorer.figure.frame import Frame, View
from explorer.figure.key import fitted, number
from explorer.figure.paper import Box, Paper, unit
from explorer.projection import Projection

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_SMALL = 0.86  # of the text size
_TICKS = 5
_COMPASS_NEEDS = 20.0  # height of the map, in text sizes
_COMPASS = 3.4  # length of an axis of the compass, in text sizes


def meaningful(projection: Projection) -> bool:
    """Whether there are axes to be named on a flat map."""
    return projection.dims == 2 and projection.meaningful_axes


def room_for_axes(paper: Paper, projection: Projection, view: View) -> tuple[float, float]:
    """Points left of the map and below it."""
    if not meaningful(projection):
        return 0.0, 0.0
    text = paper.page.text
    return _numbers_width(paper, view) + 2.2 * text, 3.4 * text


def _numbers_width(paper: Paper, view: View) -> float:
    """Points that the numbers along the upright edge take."""
    reach = float(max(abs(view.low[1]), abs(view.high[1])))
    words = [number(value) for value in _ticks(-2 * reach, 2 * reach)]
    return max(paper.width_of(word, _SMALL * paper.page.text) for word in words)


def draw_axes(paper: Paper, axes: Axes, frame: Frame, projection: Projection) -> None:
    """Numbers along two edges, lines through zero, and the titles."""
    colour = unit(paper.colours["grid"])
    zero = frame.place(np.zeros((1, 2)))[0]
    axes.axvline(float(zero[0]), color=colour, linewidth=1.2, zorder=0)
    axes.axhline(float(zero[1]), color=colour, linewidth=1.2, zorder=0)
    box, text = frame.box, paper.page.text
    titles = [
        _title(paper, projection, axis, room) for axis, room in ((0, box.width), (1, box.height))
    ]
    for axis in (0, 1):
        _numbers(paper, frame, axis)
    paper.write(box.left + box.width / 2, box.bottom - 2.9 * text, titles[0], "label", ha="center")
    middle = box.bottom + box.height / 2
    left = box.left - _numbers_width(paper, frame.view) - 1.6 * text
    paper.write(left, middle, titles[1], "label", ha="center", va="center", rotation=90)


def _title(paper: Paper, projection: Projection, axis: int, room: float) -> str:
    return fitted(paper, projection.axis_title(axis), room, paper.page.text)


def _ticks(low: float, high: float) -> list[float]:
    """Round numbers from low to high."""
    from matplotlib.ticker import MaxNLocator

    found = MaxNLocator(_TICKS, steps=[1, 2, 2.5, 5, 10]).tick_values(low, high)
    digits = 12 - math.floor(math.log10(max(-low, high) or 1.0))  # whatever the unit of the map
    return [round(float(value), digits) for value in found]


def _numbers(paper: Paper, frame: Frame, axis: int) -> None:
    low, high = frame.span(axis)
    box, text = frame.box, paper.page.text
    for value in _ticks(low, high):
        if not low <= value <= high:
            continue
        at = frame.place(np.array([[value, value]]))[0]
        if axis == 0:
            side, x, y = "center", float(at[0]), box.bottom - 1.25 * text
        else:
            side, x, y = "right", box.left - 0.5 * text, float(at[1]) - 0.32 * text
        paper.write(x, y, number(value), size=_SMALL * text, ha=side)


def draw_box(paper: Paper, axes: Axes, frame: Frame) -> None:
    """The twelve edges of the box around a 3-D map."""
    from matplotlib.collections import LineCollection

    if frame.view.box is None:
        return
    corners = frame.place(frame.view.box)
    edges = [(a, a | bit) for bit in (1, 2, 4) for a in range(8) if not a & bit]
    lines = [corners[[start, stop]] for start, stop in edges]
    colour = unit(paper.colours["axis"])
    axes.add_collection(
        LineCollection(lines, colors=[colour], linewidths=0.6, zorder=0.5), autolim=False
    )


def draw_compass(paper: Paper, frame: Frame, projection: Projection) -> Box | None:
    """Where the axes of a 3-D map point, in its lower left corner; returns what it covers, None
    for a flat map, or one so small that the compass would be in its way."""
    text, directions = paper.page.text, frame.view.directions
    if directions is None or frame.box.height < _COMPASS_NEEDS * text:
        return None
    reach = _COMPASS * text
    x, y = frame.box.left + reach + 3.2 * text, frame.box.bottom + reach + 1.6 * text
    names = [projection.axis_title(axis).split(" (")[0] for axis in range(3)]
    for (right, up, _), name in zip(directions, names, strict=True):
        tip = (x + right * reach, y + up * reach)
        paper.lines([[(x, y), tip]], "text", 0.9)
        place = (x + 1.28 * right * reach, y + 1.28 * up * reach - 0.35 * text)
        paper.write(
            *place, fitted(paper, name, 8 * text, text), "label", size=_SMALL * text, ha="center"
        )
    side = reach + 3 * text
    return Box(frame.box.left, frame.box.bottom, x + side, y + reach + text)
