"""How a figure is to look: its size, its words, what stands for a row."""

from __future__ import annotations

from dataclasses import dataclass, replace

from explorer.errors import ParameterError
from explorer.palettes import RAMPS
from explorer.params import Params, param

POINTS_PER_INCH = 72.0
_UNITS = {"cm": 2.54, "in": 1.0}  # of one inch
_WIDTH = 10.0  # inches
_SHAPE = 0.75  # height / width
_LEAST_TEXT = 6.5  # points: what can be read in print
_TEXTS = 82.0  # text sizes in the width of a page
_DPI, _DPI_OF_DOTS = 160, 300
_LEAST, _MOST = 1.5, 200.0  # inches
_MOST_PIXELS = 250_000_000  # 1 GB in memory while it is drawn


@dataclass(frozen=True)
class FigureParams(Params):
    """The choices that change a picture and not the map."""

    width: float = param(
        0.0,
        minimum=0.1,
        maximum=100_000,
        special=0,
        special_text="25.4 cm",
        help="Width of the picture.",
    )
    height: float = param(
        0.0,
        minimum=0.1,
        maximum=100_000,
        special=0,
        special_text="3/4 of the width",
        help="Height of the picture; unless it is said, a long caption may add to it.",
    )
    unit: str = param("cm", choices=("cm", "in", "px"), help="Of width and height.")
    dpi: int = param(
        0,
        minimum=20,
        maximum=2400,
        special=0,
        special_text=f"{_DPI}; {_DPI_OF_DOTS} in SVG and PDF",
        label="Resolution",
        advanced=True,
        unit="dots per inch",
        help="Of a PNG, and of dots that are an image inside an SVG or PDF.",
    )
    dark: bool = param(False, label="Dark background", help="Draw on a dark background.")
    labels_count: int = param(
        30,
        minimum=0,
        maximum=2000,
        label="Labels",
        help="Tokens written beside their dots, at most; none is written over another.",
    )
    text_size: float = param(
        0.0,
        minimum=3,
        maximum=200,
        special=0,
        special_text="by the size of the page",
        advanced=True,
        unit="pt",
        help="Size of the labels; other texts follow.",
    )
    dot_size: float = param(
        1.0, minimum=0.1, maximum=20, help="Diameter of the dots, as a multiple of the usual one."
    )
    categories: int = param(
        0,
        minimum=1,
        maximum=64,
        special=0,
        special_text="all up to 12, else 8",
        help="Categories with a colour of their own; the rest is Other, as is what the page has "
        "no room to name.",
    )
    shapes: bool = param(
        False, help="Tell categories apart by six shapes too, not by their colours alone."
    )
    ramp: str = param(
        "automatic", choices=RAMPS, advanced=True, help="Colours of a column of numbers."
    )
    whole: bool = param(
        False,
        advanced=True,
        label="Far rows too",
        help="Show the few rows too that lie far from all others and squeeze them together.",
    )
    density: bool = param(
        False, help="Colour tells how many rows lie in a place, instead of one dot a row."
    )
    readable: bool = param(
        True, advanced=True, help="Resolve the marks of a vocabulary: Ġthe is written ␣the."
    )
    heading: bool = param(True, help="Write the title above the map.")
    caption: bool = param(True, help="Write below the map how it was made.")
    azimuth: float = param(
        34.0,
        minimum=-360,
        maximum=360,
        unit="degrees",
        help="How far a 3-D map is turned about its second axis.",
    )
    elevation: float = param(
        -20.0,
        minimum=-90,
        maximum=90,
        unit="degrees",
        help="How far above its first and third axis a 3-D map is seen from.",
    )


@dataclass(frozen=True)
class Page:
    """The picture's size. width, height: in points (1/72 inch). dpi: pixels per inch.

    text: size of the labels, points. flexible: whether nobody asked for a height, so that it may
    grow with what stands around the map.
    """

    width: float
    height: float
    dpi: int
    text: float
    flexible: bool = False

    @property
    def margin(self) -> float:
        """Points at each edge that stay empty."""
        return max(6.0, 2.2 * self.text)


def page_of(params: FigureParams, *, vector: bool) -> Page:
    """The size in points and pixels; vector: for an SVG or PDF.

    Raises ParameterError for a picture that is too small to hold a map, or too large to be drawn.
    """
    dpi = params.dpi or (_DPI_OF_DOTS if vector else _DPI)
    # Where a size is given in pixels, the resolution must not change with the kind of file.
    per_inch = _UNITS.get(params.unit, float(params.dpi or _DPI))
    width = params.width / per_inch or (params.height / per_inch / _SHAPE) or _WIDTH
    height = params.height / per_inch or width * _SHAPE
    _check(width, height, dpi, params.unit, per_inch)
    points, height = width * POINTS_PER_INCH, height * POINTS_PER_INCH
    text = params.text_size or max(_LEAST_TEXT, min(points, height / _SHAPE) / _TEXTS)
    return Page(points, height, dpi, text, flexible=not params.height)


def taller(page: Page, points: float) -> Page:
    """The same page with so much more height. Raises ParameterError as `page_of`."""
    _check(page.width / POINTS_PER_INCH, (page.height + points) / POINTS_PER_INCH, page.dpi)
    return replace(page, height=page.height + points, flexible=False)


def _check(width: float, height: float, dpi: int, unit: str = "in", per_inch: float = 1.0) -> None:
    """width, height: in inches, told in the unit that was asked for."""
    for name, inches in (("width", width), ("height", height)):
        if not _LEAST <= inches <= _MOST:
            raise ParameterError(
                f"The {name} of the picture cannot be {inches * per_inch:,.5g} {unit}.",
                f"It must be between {_LEAST * per_inch:,.5g} and {_MOST * per_inch:,.5g} {unit}.",
            )
    if width * height * dpi**2 > _MOST_PIXELS:
        raise ParameterError(
            f"The picture cannot have {width * dpi:,.0f} x {height * dpi:,.0f} pixels.",
            f"Lower the resolution or the size: at most {_MOST_PIXELS:,} pixels can be drawn.",
        )
