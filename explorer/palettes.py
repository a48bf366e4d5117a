"""Which colour, and if wished which shape, a row has: values become colours, a legend or a ramp.

Categories take eight colours after Okabe and Ito (https://jfly.uni-koeln.de/color/, 2008), told
apart with any common colour vision, then further ones found the way of Glasbey et al. (2007,
doi:10.1002/col.20327); numbers take viridis (or cividis), whose lightness rises evenly; numbers on
both sides of zero take an orange - grey - blue ramp centred on zero.
"""

from __future__ import annotations

import heapq
import json
from collections import Counter
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from explorer.collation import natural
from explorer.errors import ParameterError
from explorer.paths import resource

Rgb = tuple[int, int, int]
U8 = npt.NDArray[np.uint8]
F64 = npt.NDArray[np.float64]

OTHER = "Other"
MISSING = "No value"
RAMPS = ("automatic", "viridis", "cividis", "diverging")
# Marks that stay apart at a few pixels; the place in this list is the code of the shape.
SHAPES = ("dot", "square", "triangle", "diamond", "cross", "ring")
# So many colours differ by 10 and more to any common sight; the first few by more than that.
_TOLD_APART, _FEW = 12, 8
_MANY = 10_000  # categories, from where their names are no longer told from one another
# A column is drawn on a log scale where its upper half stretches this many times further than its
# lower half: word counts do (Zipf), norms and scores do not.
_SKEWED = 20.0
# Numbers beyond this are coloured as if they were this: differences of it are still float64.
_FARTHEST = 1e300


@dataclass(frozen=True, slots=True)
class LegendEntry:
    """One colour of a legend.

    count: how many rows have it. code: its number in Colouring.codes. shape: place in SHAPES.
    """

    label: str
    rgb: Rgb
    count: int
    code: int = 0
    shape: int = 0


@dataclass(frozen=True, eq=False)
class Colouring:
    """Colours of the rows.

    palette: uint8 (colours, 4), RGBA. codes: uint16 (rows,), the colour of each row.
    legend: one entry a category, most frequent first; for numbers, the rows that have none, if
        any; empty for one colour.
    ramp: uint8 (256, 3) from `low` to `high` for numbers; None otherwise, and where no row has a
        number. `low` and `high` are in the column's unit: values beyond take the end colours.
    scale: "linear" or "log". diverging: whether the ramp changes its hue at zero.
    least, greatest: of the finite numbers, in the column's unit.
    shapes: uint8 (rows,), places in SHAPES; None where every row is a dot.
    folded: how many categories "Other" stands for.
    """

    palette: U8
    codes: npt.NDArray[np.uint16]
    legend: tuple[LegendEntry, ...] = ()
    low: float = 0.0
    high: float = 0.0
    ramp: U8 | None = field(default=None, repr=False)
    scale: str = "linear"
    diverging: bool = False
    least: float = 0.0
    greatest: float = 0.0
    shapes: U8 | None = field(default=None, repr=False)
    folded: int = 0

    @cached_property
    def rgba(self) -> U8:
        """uint8 (rows, 4)."""
        return self.palette[self.codes]

    @property
    def zero(self) -> float | None:
        """Where on a diverging ramp zero lies, in [0, 1]; None where the ramp does not show it."""
        if not (self.diverging and self.low <= 0 <= self.high and self.low < self.high):
            return None
        return -self.low / (self.high - self.low)


def plain(rows: int, *, dark: bool) -> Colouring:
    """One colour for every row."""
    return Colouring(_opaque([map_colours(dark)["point"]]), np.zeros(rows, np.uint16))


def colour_values(
    values: npt.NDArray[Any],
    *,
    numeric: bool,
    dark: bool,
    limit: int | None = None,
    ramp: str = "automatic",
    low: float | None = None,
    high: float | None = None,
    shaped: bool = False,
) -> Colouring:
    """Colours for one value a row.

    values: (rows,) numbers, NaN allowed, or texts. numeric: whether they are to be read as numbers.
    dark: whether they are drawn on a dark background.
    limit: categories with a colour of their own, the most frequent first (ties in their natural
        order: 2 before 10), from 1 to `most_categories()`; the rest is "Other", in grey. None for
        all of them where they are no more than 12, which anyone can tell apart, and for 8 of more.
        The first keep their colours whatever the limit.
    ramp: one of RAMPS; "automatic" is diverging for numbers on both sides of zero, else viridis.
    low, high: the numbers at the ends of the ramp; None for the 1st and 99th percentile, so that
        one outlier does not flatten the rest. A diverging ramp has the same colour at equal
        distances from zero, wherever its ends are. The scale is logarithmic where all numbers are
        positive and very skewed.
    shaped: whether categories take a shape as well, the same six in turn.
    Raises ParameterError for an unknown ramp, or for low above high.
    """
    if ramp not in RAMPS:
        raise ParameterError(f"There is no ramp {ramp!r}.", f"Choose one of: {', '.join(RAMPS)}.")
    if numeric:
        return _numbers(np.asarray(values, dtype=np.float64), dark, ramp, low, high)
    return _categories(values, dark, limit, shaped)


def most_categories() -> int:
    """How many categories can have a colour of their own."""
    return min(len(colours) for colours in _resource()["categories"].values())


def dimmed(colouring: Colouring, chosen: npt.NDArray[np.bool_], *, dark: bool) -> Colouring:
    """The same colours for the chosen rows, bool (rows,), and a grey of the background for the
    others. Legend and ramp stay as they are."""
    grey = _opaque([_rgb(_resource()["context"][_theme(dark)])])
    codes = np.where(chosen, colouring.codes, np.uint16(len(colouring.palette)))
    return replace(colouring, palette=np.concatenate([colouring.palette, grey]), codes=codes)


def map_colours(dark: bool) -> dict[str, Rgb]:
    """Colours of the map itself: background, axis, text, point, selected and so on."""
    return {name: _rgb(code) for name, code in _resource()["map"][_theme(dark)].items()}


def ramp_colours(name: str, *, dark: bool) -> U8:
    """A ramp of 256 colours, uint8 (256, 3): "viridis", "cividis", "diverging" or "density".

    The ends that would vanish into the background are left out. "density" goes from what can just
    be told from the background to what stands out most, its lightness in even steps.
    """
    ramps = _resource()["ramps"]
    if name in ("diverging", "density"):
        return _table(ramps[f"{name} {_theme(dark)}"])
    return _stretch(_table(ramps[name]), *_resource()["shown"][_theme(dark)])


def _stretch(ramp: U8, start: float, stop: float) -> U8:
    """The part of a ramp between two shares, in [0, 1], as 256 colours."""
    places = np.linspace(255 * start, 255 * stop, 256)
    whole = ramp.astype(np.float64)
    mixed = [np.interp(places, np.arange(256), whole[:, channel]) for channel in range(3)]
    return np.stack(mixed, axis=1).round().astype(np.uint8)


# --- numbers -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Span:
    """What a ramp stretches over."""

    low: float
    high: float
    scale: str
    diverging: bool

    def share(self, values: F64) -> F64:
        """Places on the ramp, in [0, 1]; anything for NaN."""
        if self.scale == "linear":
            return _share(values, self.low, self.high)
        logs = np.log(np.where(values > 0, values, np.nan))
        return _share(logs, np.log(self.low), np.log(self.high))

    def colours(self, ramp: str, *, dark: bool) -> U8:
        """uint8 (256, 3) from low to high."""
        if not self.diverging:
            return ramp_colours(ramp, dark=dark)
        whole, reach = ramp_colours("diverging", dark=dark), max(-self.low, self.high)
        if not reach > 0:
            return whole
        return _stretch(whole, 0.5 + self.low / reach / 2, 0.5 + self.high / reach / 2)


def _numbers(
    values: F64, dark: bool, ramp: str, low: float | None, high: float | None
) -> Colouring:
    finite = np.isfinite(values)
    values = np.clip(values, -_FARTHEST, _FARTHEST)
    known = values[finite]
    span = _narrowed(_usual_span(known, ramp), low, high, known)
    codes = np.where(finite, (span.share(values) * 255).round(), 256).astype(np.uint16)
    colours = span.colours("viridis" if ramp == "automatic" else ramp, dark=dark)
    missing = _rgb(_resource()["missing"][_theme(dark)])
    palette = _opaque([*map(tuple, colours.tolist()), missing])
    without = len(values) - len(known)
    legend = (LegendEntry(MISSING, missing, without, len(colours)),) if without else ()
    if not len(known):
        return Colouring(palette, codes, legend)
    return Colouring(
        palette,
        codes,
        legend,
        low=span.low,
        high=span.high,
        ramp=colours,
        scale=span.scale,
        diverging=span.diverging,
        least=float(known.min()),
        greatest=float(known.max()),
    )


def _usual_span(known: F64, ramp: str) -> _Span:
    """From the 1st to the 99th percentile of finite numbers, as far on either side of zero where
    the ramp diverges."""
    low, middle, high = _at_shares(known, (0.01, 0.5, 0.99)) if len(known) else (0.0, 0.0, 0.0)
    if low < 0 < high and ramp in ("automatic", "diverging"):
        reach = max(-low, high)
        return _Span(-reach, reach, "linear", True)
    if ramp == "diverging":
        return _Span(low, high, "linear", True)
    skewed = high - middle > _SKEWED * (middle - low) or high > 100 * middle
    positive = bool(len(known)) and float(known.min()) > 0
    return _Span(low, high, "log" if positive and skewed else "linear", False)


def _at_shares(values: F64, shares: tuple[float, ...]) -> list[float]:
    """What numpy.percentile gives; that takes 20 ms the first time, to import numpy.ma."""
    places = np.array(shares) * (len(values) - 1)
    below = np.floor(places).astype(np.int64)
    above = np.minimum(below + 1, len(values) - 1)
    parted = np.partition(values, np.concatenate([below, above]))
    found: list[float] = (
        parted[below] + (places - below) * (parted[above] - parted[below])
    ).tolist()
    return found


def _narrowed(span: _Span, low: float | None, high: float | None, known: F64) -> _Span:
    """The span between the ends that were asked for; a log scale cannot begin at zero."""
    low, high = span.low if low is None else low, span.high if high is None else high
    if not low <= high:
        raise ParameterError(
            f"Colours cannot go from {low:g} up to {high:g}.", "Put the lower end first."
        )
    if span.scale == "log" and low <= 0:
        low = min(float(known.min()), high) if high > 0 else span.low
        high = max(low, high)
    low, high = max(low, -_FARTHEST), min(high, _FARTHEST)
    return replace(span, low=low, high=high)


def _share(values: F64, low: float, high: float) -> F64:
    """Place between low and high, in [0, 1]; 0.5 where the two are equal, 0 for NaN."""
    if not high > low:
        return np.full(len(values), 0.5)
    share: F64 = np.clip((values - low) / (high - low), 0, 1)
    return np.nan_to_num(share)


# --- categories --------------------------------------------------------------------------------


def _categories(values: npt.NDArray[Any], dark: bool, limit: int | None, shaped: bool) -> Colouring:
    texts = _texts(values)
    counts = _counted(texts)
    if limit is None:
        limit = _TOLD_APART if len(counts) <= _TOLD_APART else _FEW
    named = _ranked(counts, min(max(limit, 1), most_categories()))
    other, missing = len(named), len(named) + 1
    code_of = {**dict.fromkeys(counts, other), "": missing}
    code_of |= {text: code for code, text in enumerate(named)}
    codes = np.fromiter(map(code_of.__getitem__, texts), np.uint16, len(texts))
    theme = _resource()
    colours = [_rgb(code) for code in theme["categories"][_theme(dark)][: len(named)]]
    colours += [_rgb(theme[what][_theme(dark)]) for what in ("other", "missing")]
    shapes = np.arange(len(named) + 2, dtype=np.uint8) % len(SHAPES) if shaped else None
    if shapes is not None:
        shapes[other:] = 0
    legend = _legend([*named, OTHER, MISSING], colours, codes, shapes)
    of_rows = None if shapes is None else shapes[codes]
    folded = len(counts) - len(named)
    return Colouring(_opaque(colours), codes, legend, shapes=of_rows, folded=folded)


def _legend(
    labels: list[str], colours: list[Rgb], codes: npt.NDArray[np.uint16], shapes: U8 | None
) -> tuple[LegendEntry, ...]:
    """The categories that any row has, in the order of their codes."""
    counts = np.bincount(codes, minlength=len(labels)).tolist()
    return tuple(
        LegendEntry(
            label, colours[code], counts[code], code, 0 if shapes is None else int(shapes[code])
        )
        for code, label in enumerate(labels)
        if counts[code]
    )


def _texts(values: npt.NDArray[Any]) -> list[str]:
    return list(map(str, values.tolist()))


def _counted(texts: list[str]) -> Counter[str]:
    """How many rows each category has, but for ""."""
    counts = Counter(texts)
    del counts[""]
    return counts


def _ranked(counts: Counter[str], most: int) -> list[str]:
    """The most frequent categories, ties in their natural order; a column of a million different
    texts, which is none of categories, is not sorted for them."""
    if len(counts) > _MANY:
        return heapq.nsmallest(most, counts, key=lambda text: (-counts[text], text))
    return heapq.nsmallest(most, counts, key=lambda text: (-counts[text], natural(text)))


def _opaque(colours: list[Any]) -> U8:
    return np.array([(*colour, 255) for colour in colours], dtype=np.uint8)


def _theme(dark: bool) -> str:
    return "dark" if dark else "light"


def _rgb(code: str) -> Rgb:
    red, green, blue = bytes.fromhex(code)
    return red, green, blue


def _table(digits: str) -> U8:
    return np.frombuffer(bytes.fromhex(digits), dtype=np.uint8).reshape(-1, 3)


@cache
def _resource() -> dict[str, Any]:
    content: dict[str, Any] = json.loads(resource("palettes.json").read_text(encoding="utf-8"))
    return content
