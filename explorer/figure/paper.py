"""The paper a figure is drawn on: texts, lines and areas at places given in points.

Texts are kept as texts, so that they can be searched and edited in an SVG or PDF. A halo around a
text is therefore a drawing of its own beneath it (matplotlib turns a text with an effect into
outlines).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from explorer.figure.look import POINTS_PER_INCH, Page
from explorer.figure.shapes import marker_of
from explorer.figure.typeface import drawable, families
from explorer.palettes import Rgb, map_colours

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_BEHIND, _TEXT = 4.9, 5.0
# En spaces: an SVG shows several common ones as one.
_BETWEEN = "\u2002·\u2002"


@dataclass(frozen=True)
class Box:
    """A rectangle in points, y upwards from the lower edge of the page."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.top - self.bottom


def unit(colour: Rgb) -> tuple[float, float, float]:
    """A colour as matplotlib has it: three shares in [0, 1]."""
    red, green, blue = colour
    return red / 255, green / 255, blue / 255


def _families(text: str) -> list[str]:
    """Typefaces of a text, and at last any without serifs, for machines that lack these."""
    return [*families(text), "sans-serif"]


def _weight(text: str, bold: bool) -> str:
    """The typefaces behind the base are sure to have one weight only."""
    return "bold" if bold and len(families(text)) == 1 else "normal"


@dataclass(frozen=True, eq=False)
class Paper:
    """An empty figure of a page's size, and how to write on it. No window is involved."""

    page: Page
    dark: bool
    colours: dict[str, Rgb] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "colours", map_colours(self.dark))

    @cached_property
    def figure(self) -> Figure:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure

        inches = (self.page.width / POINTS_PER_INCH, self.page.height / POINTS_PER_INCH)
        figure = Figure(inches, self.page.dpi, facecolor=unit(self.colours["background"]))
        FigureCanvasAgg(figure)
        return figure

    def width_of(self, text: str, size: float = 0.0, *, bold: bool = False) -> float:
        """Points that a text takes, whatever the resolution. size: points; 0 for that of the
        labels."""
        from matplotlib.font_manager import FontProperties
        from matplotlib.textpath import text_to_path

        font = FontProperties(
            family=_families(text),
            size=size or self.page.text,
            weight=_weight(text, bold),
        )
        width, _, _ = text_to_path.get_text_width_height_descent(drawable(text), font, False)
        return float(width)

    def write(
        self,
        x: float,
        y: float,
        text: str,
        colour: str = "text",
        *,
        size: float = 0.0,
        bold: bool = False,
        halo: bool = False,
        **style: Any,
    ) -> None:
        """Plain text, without mathematics in `$`; y is the baseline unless `va` says otherwise.

        colour: a name in palettes.map_colours. size: points; 0 for that of the labels.
        """
        from matplotlib.patheffects import Stroke

        how: dict[str, Any] = {
            "family": _families(text),
            "fontsize": size or self.page.text,
            "weight": _weight(text, bold),
            "color": unit(self.colours[colour]),
            "parse_math": False,
            "va": "baseline",
            "zorder": _TEXT,
            **style,
        }
        place = (x / self.page.width, y / self.page.height, drawable(text))
        if halo:
            edge = unit(self.colours["halo"])
            around = Stroke(linewidth=0.3 * how["fontsize"], foreground=edge, joinstyle="round")
            under = how | {"color": edge, "zorder": _BEHIND}
            self.figure.text(*place, **under).set_path_effects([around])
        self.figure.text(*place, **how)

    def lines(
        self,
        segments: Sequence[Sequence[tuple[float, float]]],
        colour: str,
        width: float,
        **style: Any,
    ) -> None:
        """Lines between points of the page. width: points."""
        from matplotlib.collections import LineCollection

        drawn = LineCollection(
            [[(x / self.page.width, y / self.page.height) for x, y in line] for line in segments],
            colors=[unit(self.colours[colour])],
            linewidths=width,
            transform=self.figure.transFigure,
            **style,
        )
        self.figure.add_artist(drawn)

    def dot(self, x: float, y: float, diameter: float, colour: Rgb, shape: int = 0) -> None:
        """A dot, or another mark of its size. diameter: points. shape: a place in
        palettes.SHAPES."""
        from matplotlib.lines import Line2D

        marker, size = marker_of(shape)
        how = {"marker": marker, "markersize": size * diameter, "markeredgewidth": 0}
        place = ([x / self.page.width], [y / self.page.height])
        transform = self.figure.transFigure
        self.figure.add_artist(Line2D(*place, color=unit(colour), transform=transform, **how))

    def area(self, box: Box) -> Axes:
        """Axes over a rectangle whose coordinates are points of the page."""
        page = self.page
        share = (box.left / page.width, box.bottom / page.height)
        axes = self.figure.add_axes((*share, box.width / page.width, box.height / page.height))
        axes.set_facecolor(unit(self.colours["background"]))
        axes.set_xlim(box.left, box.right)
        axes.set_ylim(box.bottom, box.top)
        axes.set_xticks([])
        axes.set_yticks([])
        axes.spines[:].set_color(unit(self.colours["axis"]))
        axes.spines[:].set_linewidth(0.8)
        return axes

    def wrapped(self, phrases: Sequence[str], width: float, size: float) -> list[str]:
        """Phrases with a dot between them, in lines of at most `width` points; a phrase is broken
        only where it is longer than a line."""
        lines: list[str] = []
        for phrase in phrases:
            joined = f"{lines[-1]}{_BETWEEN}{phrase}" if lines else phrase
            if lines and self.width_of(joined, size) <= width:
                lines[-1] = joined
            else:
                lines.extend(self._broken(phrase, width, size))
        return lines

    def _broken(self, phrase: str, width: float, size: float) -> list[str]:
        lines: list[str] = []
        for word in phrase.split(" "):
            joined = f"{lines[-1]} {word}" if lines else word
            if lines and self.width_of(joined, size) <= width:
                lines[-1] = joined
            else:
                lines.append(word)
        return lines
