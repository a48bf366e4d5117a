"""A map as a still picture: what a report or a slide needs, drawn without a window."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from explorer import palettes
from explorer.palettes import Colouring, Rgb
from explorer.paths import replacing
from explorer.progress import Progress, Report, silent
from explorer.projection import Projection
from explorer.table import Column
from explorer.tokens import shown

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.text import Text

Points = npt.NDArray[np.float32]

# Inches and dots an inch: 1600 x 1200 pixels, sharp on a page 10 cm wide and on a slide.
_WIDTH, _HEIGHT, _DPI = 10.0, 7.5, 160
_LEFT, _TOP = 0.045, 0.875
# The one typeface that matplotlib brings along; a picture then looks alike on every machine.
_FONT = "DejaVu Sans"
_NO_GLYPH = "□"
_LABEL_LENGTH = 22
_LABEL_GAP = 3.0
# Labels are drawn from the best of each of these cells in turn, so that they cover the map.
_CELLS = 6


def draw_map(
    projection: Projection,
    path: Path | str,
    *,
    colour_by: Column | None = None,
    dark: bool = False,
    labels: int = 30,
    title: str = "",
    report: Report = silent,
) -> Path:
    """Draws the first two axes of a map as a PNG of 1600 x 1200 pixels; returns its path.

    colour_by: a column whose values become colours, with a legend or a colour bar; None for one
        colour. dark: on a dark background.
    labels: at most so many tokens are written, the most frequent of each part of the map first,
        and none over another. title: by default the table's name.
    Raises OutputError; an older picture is then as it was.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    target, colours = Path(path), palettes.map_colours(dark)
    figure = Figure(figsize=(_WIDTH, _HEIGHT), dpi=_DPI, facecolor=_unit(colours["background"]))
    canvas = FigureCanvasAgg(figure)
    colouring = _colouring(projection, colour_by, dark)
    report(Progress(0, 3, "Drawing the map"))
    axes = _axes(figure, projection, colours, narrow=bool(colouring.legend))
    _dots(axes, projection.coordinates, colouring)
    _words(figure, projection, title, colours)
    _key(figure, colouring, colour_by, colours)
    report(Progress(1, 3, "Writing labels"))
    _labels(axes, canvas, projection, labels, colours)
    report(Progress(2, 3, "Saving the picture"))
    with replacing(target) as temporary:
        # Without the library's name and version in it, the same map gives the same bytes.
        figure.savefig(
            temporary, format="png", facecolor=figure.get_facecolor(), metadata={"Software": None}
        )
    return target


def _unit(colour: Rgb) -> tuple[float, float, float]:
    """A colour as matplotlib has it: three shares in [0, 1]."""
    red, green, blue = colour
    return red / 255, green / 255, blue / 255


def _colouring(projection: Projection, column: Column | None, dark: bool) -> Colouring:
    if column is None:
        return palettes.plain(len(projection.table), dark=dark)
    return palettes.colour_values(column.values, numeric=column.numeric, dark=dark)


# --- text --------------------------------------------------------------------------------------


def _write(place: Figure | Axes, x: float, y: float, text: str, colour: Rgb, **how: Any) -> Text:
    """Plain text: no mathematics in `$`, no glyph that the typeface lacks."""
    style: dict[str, Any] = {"parse_math": False, "family": _FONT, "fontsize": 9, **how}
    written: Text = place.text(x, y, _drawable(text), color=_unit(colour), **style)
    return written


def _drawable(text: str) -> str:
    glyphs = _glyphs()
    return "".join(char if ord(char) in glyphs else _NO_GLYPH for char in text)


@cache
def _glyphs() -> frozenset[int]:
    """The characters that the typeface has."""
    from matplotlib.font_manager import findfont, get_font

    return frozenset(get_font(findfont(_FONT)).get_charmap())


def _words(figure: Figure, projection: Projection, title: str, colours: dict[str, Rgb]) -> None:
    name = shown(title or projection.table.name, 60)
    _write(figure, _LEFT, 0.946, name, colours["title"], fontsize=16, weight="bold")
    _write(figure, _LEFT, 0.912, _caption(projection), colours["text"], fontsize=9.5)


def _caption(projection: Projection) -> str:
    """Method, rows and how much the picture shows, in one line."""
    table, facts = projection.table, [_method_title(projection.method)]
    facts.append(f"{len(table) - len(projection.left_out):,} rows × {table.dim:,}")
    if "perplexity" in projection.params:
        facts.append(f"perplexity {projection.params['perplexity']:g}")
    if projection.explained is not None:
        share = 100 * float(projection.explained[list(projection.axes[:2])].sum())
        facts.append(f"{share:.1f} % of the variance in this plane")
    if projection.kl is not None:
        facts.append(f"KL divergence {projection.kl:.3f}")
    if left_out := len(projection.left_out):
        facts.append(f"{left_out:,} left out")
    if projection.dims > 2:
        facts.append("two of three axes")
    return "  ·  ".join(facts)


def _method_title(name: str) -> str:
    from explorer.projections import methods

    known = methods().get(name)
    return known.title if known else name


# --- the map -----------------------------------------------------------------------------------


def _axes(figure: Figure, projection: Projection, colours: dict[str, Rgb], *, narrow: bool) -> Axes:
    """The frame: numbers and titles only where an axis means something."""
    right = 0.815 if narrow else 1 - _LEFT
    bottom = 0.05 if projection.explained is None else 0.085
    axes = figure.add_axes((_LEFT, bottom, right - _LEFT, _TOP - bottom))
    axes.set_facecolor(figure.get_facecolor())
    axes.set_aspect("equal", adjustable="datalim")
    axes.spines[:].set_color(_unit(colours["axis"]))
    axes.spines[:].set_linewidth(0.8)
    axes.set_xticks([])
    axes.set_yticks([])
    if projection.explained is not None:
        how: dict[str, Any] = {"parse_math": False, "family": _FONT, "fontsize": 9}
        how["color"] = _unit(colours["text"])
        axes.set_xlabel(_drawable(projection.axis_title(0)), labelpad=7, **how)
        axes.set_ylabel(_drawable(projection.axis_title(1)), labelpad=5, **how)
        for line in (axes.axhline, axes.axvline):
            line(0, color=_unit(colours["grid"]), linewidth=1.2, zorder=0)
    return axes


def _dots(axes: Axes, places: Points, colouring: Colouring) -> None:
    """One dot a row, in a shuffled order, so that no category lies over all the others."""
    there = np.flatnonzero(np.isfinite(places[:, :2]).all(axis=1))
    np.random.default_rng(0).shuffle(there)
    size = float(np.clip(40_000 / max(1, len(there)), 1.2, 28))
    axes.scatter(
        places[there, 0],
        places[there, 1],
        s=size,
        c=colouring.rgba[there] / 255,
        alpha=0.9 if len(there) < 2000 else 0.75,
        linewidths=0,
        zorder=2,
    )
    axes.margins(0.03)
    axes.autoscale_view()


# --- the key -----------------------------------------------------------------------------------


def _key(
    figure: Figure, colouring: Colouring, column: Column | None, colours: dict[str, Rgb]
) -> None:
    if column is None:
        return
    if colouring.ramp is not None:
        _ramp(figure, colouring, shown(column.name, 30), colours)
    else:
        _legend(figure, colouring, shown(column.name, 18), colours)


def _ramp(figure: Figure, colouring: Colouring, name: str, colours: dict[str, Rgb]) -> None:
    """A bar at the top right, with the numbers at its ends."""
    left, width, base = 0.735, 0.22, 0.912
    bar = figure.add_axes((left, base, width, 0.013))
    assert colouring.ramp is not None
    bar.imshow(colouring.ramp[None], aspect="auto", extent=(0, 1, 0, 1))
    bar.set_axis_off()
    scale = f"{name}, log scale" if colouring.scale == "log" else name
    _write(figure, left, base + 0.022, scale, colours["label"], weight="bold")
    ends = [(left, "left", colouring.low), (left + width, "right", colouring.high)]
    if colouring.diverging:
        ends.append((left + width / 2, "center", 0.0))
    for x, side, value in ends:
        text = _number(value)
        _write(figure, x, base - 0.019, text, colours["text"], ha=side, fontsize=8)


def _number(value: float) -> str:
    if value == 0 or 0.001 <= abs(value) < 1e6:
        return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}".replace("-", "−")
    return f"{value:.2g}"


def _legend(figure: Figure, colouring: Colouring, name: str, colours: dict[str, Rgb]) -> None:
    """A column at the right: a dot, the category and how many rows it has."""
    left, right, top, step = 0.835, 1 - _LEFT / 2, _TOP - 0.012, 0.031
    _write(figure, left, top, name, colours["label"], weight="bold", va="center")
    for place, entry in enumerate(colouring.legend, start=1):
        y = top - 0.006 - place * step
        dot = (left + 0.007, y)
        figure.text(*dot, "●", color=_unit(entry.rgb), fontsize=9, ha="center", va="center")
        _write(figure, left + 0.02, y, shown(entry.label, 13), colours["label"], va="center")
        count = f"{entry.count:,}"
        _write(figure, right, y, count, colours["text"], ha="right", va="center", fontsize=8)


# --- labels ------------------------------------------------------------------------------------


def _labels(
    axes: Axes,
    canvas: FigureCanvasAgg,
    projection: Projection,
    wanted: int,
    colours: dict[str, Rgb],
) -> None:
    """Tokens beside their dots: the most important first, none over another or over the edge."""
    from matplotlib.patheffects import withStroke

    halo = withStroke(linewidth=2.4, foreground=_unit(colours["halo"]))
    renderer: Any = canvas.get_renderer()  # type: ignore[no-untyped-call]
    taken: list[Any] = []
    room = axes.get_window_extent(renderer)
    for row in _label_order(projection)[: 8 * wanted].tolist():
        if len(taken) >= wanted:
            break
        x, y = projection.coordinates[row, :2]
        word = _label(axes, float(x), float(y), projection.table.tokens[row], colours)
        word.set_path_effects([halo])
        box = word.get_window_extent(renderer).padded(_LABEL_GAP)
        inside = box.x0 > room.x0 and box.x1 < room.x1 and box.y0 > room.y0 and box.y1 < room.y1
        if not inside or any(box.overlaps(other) for other in taken):
            word.remove()
        else:
            taken.append(box)


def _label(axes: Axes, x: float, y: float, token: str, colours: dict[str, Rgb]) -> Text:
    """A token above its dot, or turned inwards where the edge is near."""
    across, up = axes.transAxes.inverted().transform(axes.transData.transform((x, y)))
    word: Text = axes.annotate(
        _drawable(shown(token, _LABEL_LENGTH)),
        (x, y),
        (0, -3.2 if up > 0.95 else 3.2),
        textcoords="offset points",
        ha="left" if across < 0.12 else "right" if across > 0.88 else "center",
        va="top" if up > 0.95 else "bottom",
        fontsize=8.5,
        family=_FONT,
        color=_unit(colours["strong"]),
        parse_math=False,
        zorder=3,
    )
    return word


def _label_order(projection: Projection) -> npt.NDArray[np.int64]:
    """Rows in the order in which they deserve a label: the best of every cell, then the second
    best, and so on; the more frequent is the better, and the earlier where nothing is counted."""
    places = projection.coordinates[:, :2]
    there = np.flatnonzero(np.isfinite(places).all(axis=1))
    importance = projection.table.importance
    ranked = there
    if importance is not None:
        ranked = there[np.argsort(-importance[there], kind="stable")]
    if not len(ranked):
        return ranked
    low, high = places[ranked].min(axis=0), places[ranked].max(axis=0)
    share = (places[ranked] - low) / np.maximum(high - low, np.finfo(np.float32).tiny)
    column, line = np.minimum((share * _CELLS).astype(np.int64), _CELLS - 1).T
    cell = line * _CELLS + column
    by_cell = np.argsort(cell, kind="stable")
    starts = np.flatnonzero(np.diff(cell[by_cell], prepend=-1))
    turn = np.empty(len(ranked), dtype=np.int64)
    turn[by_cell] = np.arange(len(ranked)) - np.repeat(starts, np.diff([*starts, len(ranked)]))
    return ranked[np.argsort(turn, kind="stable")]
